"""How a workplace's group, address and register changes are written on a page."""

from urllib.parse import urlencode

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from companies import capacity, listings
from companies.figures.words import with_unit
from companies.models import TIERS, RegisterChange
from companies.register import news, words
from jobcenter_crm.frame.templatetags.frame import icon, span_late

register = template.Library()
_NAMES = dict(TIERS)


@register.simple_tag
def tier(number):
    """The mark of a group: its figure on its own shade; a ring for none."""
    if not number:
        return format_html(
            '<span class="tier tier-none" title="{0}"><span class="visually-hidden">{0}</span></span>', _("No group")
        )
    return format_html(
        '<span class="tier tier-{0}"><span aria-hidden="true">{0}</span><span class="visually-hidden">{1}</span></span>',
        number,
        _NAMES[number],
    )


@register.simple_tag
def responsible(workplace):
    """Who is responsible for a workplace; of one whose consultant has left, that nobody is, and who has left."""
    if workplace.responsible:
        return workplace.responsible
    left = _("%(who)s has left") % {"who": workplace.owner} if workplace.owner else ""
    return format_html(
        '<span class="quiet">{}</span>{}', _("nobody"), format_html("<small>{}</small>", left) if left else ""
    )


@register.simple_tag
def warnings(workplace):
    """What somebody has to know before they call, behind an address: that one should not, or may not without a basis."""
    said = []
    if workplace.do_not_contact:
        said.append(_("Do not contact"))
    elif workplace.advertising_protected or workplace.company.advertising_protected:
        said.append(_("Advertising-protected"))
    if workplace.ceased_on:
        said.append(_("Ceased"))
    return format_html_join("", " · <strong>{}</strong>", ((words,) for words in said))


@register.simple_tag
def figure(number, decimals=1):
    """A sum of the plans: "1.234,5" with one decimal at most, or to the whole number."""
    return capacity.written(number, decimals)


@register.simple_tag
def due_for(workplace, cadences, today):
    """How long a workplace has waited over its group's cadence, in words; empty when it has not."""
    days = cadences.get(workplace.tier)
    since = workplace.last_contact_on or workplace.tier_since
    if not days or not since or workplace.next_contact_on or workplace.do_not_contact or workplace.ceased_on:
        return ""
    over = (today - since).days - days
    return span_late(over) if over > 0 else ""


@register.simple_tag
def figure_value(count):
    """What was counted, with its unit."""
    return with_unit(count.figure, count.value)


@register.filter
def kind_in_words(row):
    """What kind of thing a row of the database is."""
    return row._meta.verbose_name


@register.filter
def list_label(name):
    """What a list of workplaces is called that drafts and exports know by `name`."""
    return listings.label_of(name)


@register.filter
def seen_by(selection, user):
    """Whether somebody can open a selection."""
    return selection.is_seen_by(user)


@register.filter
def name_for(selection, user):
    """The name of a selection, or that it is not theirs to read any more."""
    return selection.name_for(user)


@register.filter
def map_url(workplace):
    """The way there: an address that opens the map of a telephone, and a web page elsewhere."""
    query = {"api": "1", "destination": f"{workplace.address}, Danmark"}
    return f"https://www.google.com/maps/dir/?{urlencode(query)}"


@register.filter
def told(change):
    """The lines of a `RegisterChange`: fact by fact, what it was and what it is; none for a place that is new."""
    if change.kind == change.Kind.NEW:
        return []
    return [
        _("%(field)s: from %(old)s to %(new)s") % {"field": field, "old": old, "new": new}
        for field, old, new in words.lines(change.before, change.after)
    ]


@register.filter
def news_in_words(change):
    """What of a `RegisterChange` is news, in one line: "closed on 1 November", "moved to Køge; from 12 to 40 employees"."""
    return "; ".join(news.sentences(change))


@register.filter
def both_addresses(change):
    """Where a workplace that has moved was, and where it is; empty for one that has not."""
    if not change.moved:
        return ""
    old, new = words.in_words("address", change.before), words.in_words("address", change.after)
    return _("from %(old)s to %(new)s") % {"old": old, "new": new}


_NEWS_ICONS = {
    "closed": "x-circle",
    "reopened": "arrow-counterclockwise",
    "moved": "signpost-2",
    "renamed": "pencil",
    "grown": "graph-up-arrow",
    "shrunk": "graph-down-arrow",
}


@register.simple_tag
def news_kind(change):
    """The gravest kind of news in a change, with its icon."""
    kind = next(kind for kind in RegisterChange.NEWS if getattr(change, kind))
    return format_html("{} <span>{}</span>", icon(_NEWS_ICONS[kind]), news.KINDS[kind])


@register.filter
def waits_for_a_decision(change):
    """Whether the place has closed and something is still planned or promised there."""
    workplace = change.workplace
    return bool(change.closed and workplace.ceased_on and workplace.next_contact_on)
