"""What every template may use: icons, dates and figures in words, forms, links that keep the rest of the URL."""

import re
from functools import lru_cache

from django import template
from django.conf import settings
from django.forms import CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from jobcenter_crm.frame.pages import COUNTED_TO

register = template.Library()


@register.simple_tag
def icon(name, label=""):
    """A Bootstrap icon as inline SVG. Without `label` it is decoration and stands beside a word.

    Raises `FileNotFoundError` for an icon that the library does not have.
    """
    return _drawn(name, str(label))


# Labels may hold a name, so there is no end to them. By type: a text that is HTML already is another label.
@lru_cache(1000, typed=True)
def _drawn(name, label):
    drawing = (settings.ICONS_DIR / f"{name}.svg").read_text()
    shape = mark_safe(re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)[1].strip())
    if label:
        return format_html('<svg class="icon" viewBox="0 0 16 16" role="img" aria-label="{}">{}</svg>', label, shape)
    return format_html('<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>', shape)


def day_in_words(day, today):
    """A day near `today` in words, one further off as a date, with the year where it is not this one."""
    distance = (day - today).days
    if distance == 0:
        return _("today")
    if distance == 1:
        return _("tomorrow")
    if distance == -1:
        return _("yesterday")
    if -7 < distance < 0:
        return ngettext("%(n)s day ago", "%(n)s days ago", -distance) % {"n": -distance}
    return short_day(day, today)


def short_day(day, today):
    """ "17 Nov.", with the year where it is not this one."""
    dot = "." if get_language() == "da" else ""
    return date_format(day, f"j{dot} N" if day.year == today.year else f"j{dot} N Y")


@register.filter
def long_day(day, today=None):
    """ "17 November", with the year where it is not this one."""
    today = today or timezone.localdate()
    return date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT")


@register.filter
def short_month(day):
    """ "Nov", and "nov" in Danish."""
    return date_format(day, "b" if get_language() == "da" else "M")


@register.simple_tag
def day(value, words="all"):
    """A day as people say it, with the whole date behind it.

    `words`: "all" also says "6 days ago", "near" no more than yesterday, today and tomorrow, "none" only the date.
    """
    return _day_drawn(value, words, timezone.localdate(), get_language())


# A list names the same few days over and over.
@lru_cache(1000)
def _day_drawn(value, words, today, language):
    reach = {"all": 7, "near": 1, "none": -1}[words]
    words = day_in_words(value, today) if abs((value - today).days) <= reach else short_day(value, today)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        f"{date_format(value, 'l')} {date_format(value, 'DATE_FORMAT')}",
        words,
    )


@register.filter
def date_of(moment):
    """The day here in Denmark on which an instant falls."""
    return timezone.localdate(moment)


@register.simple_tag
def clock(value):
    """A time of day: "kl. 9.30"."""
    time = date_format(value, "TIME_FORMAT")
    return _("at %(time)s") % {"time": time[1:] if time.startswith("0") else time}


@register.simple_tag
def greeting(now, name):
    """Good morning, Mette; by the hour."""
    if now.hour < 10:
        return _("Good morning, %(name)s") % {"name": name}
    if now.hour < 18:
        return _("Hello, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def span_late(days):
    """So many days over, in the unit a person would use."""
    if days < 60:
        return ngettext("%(n)s day over", "%(n)s days over", days) % {"n": days}
    months = days // 30
    return ngettext("%(n)s month over", "%(n)s months over", months) % {"n": months}


@register.simple_tag
def late_by(due, today):
    """How long over a day it is."""
    return span_late(max((today - due).days, 0))


@register.filter
def lowerfirst(text):
    """The text as it stands inside a sentence; abbreviations keep their capitals."""
    text = str(text)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@register.filter
def quoted(text):
    """What somebody has written, in the quotation marks of the language."""
    return _("“%(text)s”") % {"text": text}


@register.filter
def phone(number):
    """A Danish number in pairs, 25 38 05 69; another as it was written."""
    digits = "".join(sign for sign in number if sign.isdigit())
    national = digits.removeprefix("0045").removeprefix("45") if len(digits) > 8 else digits
    if len(national) != 8:
        return number
    return " ".join(national[at : at + 2] for at in range(0, 8, 2))


@register.filter
def tel(number):
    """The link that makes a telephone call the number."""
    return "tel:" + "".join(sign for sign in number if sign.isdigit() or sign == "+")


@register.simple_tag
def telephone(number):
    """A number to read and to press."""
    return format_html('<a class="tel" href="{}">{}</a>', tel(number), phone(number))


@register.simple_tag
def counted(number):
    """A capped count in words: "1.234", or "over 1.000"."""
    if number > COUNTED_TO:
        return _("over %(n)s") % {"n": number_format(COUNTED_TO, force_grouping=True)}
    return number_format(number, force_grouping=True)


@register.simple_tag
def undo_url(message):
    """Where the message's act can be undone, if it can: the view wrote it among the message's tags."""
    found = re.search(r"undo:(\S+)", message.extra_tags or "")
    return found[1] if found else ""


@register.simple_tag(takes_context=True)
def without(context, name, value=None, companions=""):
    """The page's URL with one part of the filter taken out, from the first page on.

    `companions` are parameters, with a comma between, that say nothing without it and go with it.
    """
    query = context["request"].GET.copy()
    kept = [other for other in query.getlist(name) if value is not None and other != value]
    query.setlist(name, kept)
    for companion in filter(None, companions.split(",")):
        query.pop(companion, None)
    query.pop("page", None)
    query.pop("filter", None)
    return f"?{query.urlencode()}"


@register.inclusion_tag("frame/_sort_link.html", takes_context=True)
def sort_link(context, order, label, css=""):
    """A column head that sorts by `order`, and the other way when it already does and that order exists."""
    query = context["request"].GET.copy()
    now = query.get("sort", "name")
    direction = {order: "ascending", f"-{order}": "descending"}.get(now, "")
    turned = f"-{order}" if now == order and order in TURNED else order
    query["sort"] = turned
    query.pop("page", None)
    return {"label": label, "css": css, "direction": direction, "url": f"?{query.urlencode()}"}


# Columns that can be read both ways.
TURNED = {"employees", "last"}


@register.inclusion_tag("frame/_field.html")
def field(bound, as_buttons=False, icons=None):
    """A field with its label, help and errors; choices as a list, or drawn as buttons.

    `icons`: value -> name of the icon that stands on its button.
    """
    widget = bound.field.widget
    is_group = _is_group(bound)
    described = [f"{bound.auto_id}-help"] if bound.help_text else []
    described += [f"{bound.auto_id}-error"] if bound.errors else []
    css = {CheckboxInput: "form-check-input"}.get(type(widget), "form-control")
    if not is_group and hasattr(widget, "choices"):
        css = "form-select"
    attrs = {
        "class": css,
        "aria-describedby": " ".join(described) or None,
        "aria-invalid": (bound.errors and "true") or None,
    }
    return {
        "bound": bound,
        "is_group": is_group,
        "is_tick": isinstance(widget, CheckboxInput),
        "as_buttons": as_buttons,
        "choices": _choices(bound, icons or {}) if is_group else "",
        "described": " ".join(described),
        "control": "" if is_group else bound.as_widget(attrs={name: value for name, value in attrs.items() if value}),
    }


def _is_group(bound):
    return isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple)


def _choices(bound, icons):
    """Each choice of a group with its label; written here, since there may be a choice for each of 200 colleagues."""
    return format_html_join(
        "",
        '<div class="choice">{}<label for="{}">{}{}</label></div>',
        (
            (
                choice.tag(),
                choice.id_for_label,
                icon(icons[value]) if (value := choice.data["value"]) in icons else "",
                choice.choice_label,
            )
            for choice in bound
        ),
    )


@register.inclusion_tag("frame/_errors.html")
def form_errors(form):
    """What is wrong, above the form: each sentence a link to its field.

    The link leads to the control itself, or to the group of radios, of which some may be hidden.
    """
    faulty = [bound for bound in form if bound.errors] if form.errors else []
    anchors = [f"{bound.auto_id}-field" if _is_group(bound) else bound.auto_id for bound in faulty]
    return {"form": form, "faulty": zip(faulty, anchors, strict=True)}
