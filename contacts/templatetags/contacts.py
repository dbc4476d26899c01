"""How a contact is written on a page."""

from datetime import timedelta

from django import template
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.follow_up_kinds import giving_url, kind_of, page_of
from contacts.models import Channel, FollowUp
from jobcenter_crm.frame.templatetags.frame import clock, icon, short_day
from jobcenter_crm.frame.working_days import next_working_day

register = template.Library()

_ICONS = {
    Channel.VISIT: "geo-alt",
    Channel.PHONE: "telephone",
    Channel.EMAIL: "envelope",
    Channel.MEETING: "people",
    Channel.LETTER: "envelope-paper",
    Channel.EVENT: "calendar-event",
}
_VERBS = {
    Channel.VISIT: _("Log visit"),
    Channel.PHONE: _("Log call"),
    Channel.EMAIL: _("Log e-mail"),
    Channel.MEETING: _("Log meeting"),
    Channel.LETTER: _("Log letter"),
    Channel.EVENT: _("Log event"),
}


@register.simple_tag
def channel_icons():
    """Channel -> name of its icon, for the buttons of a form."""
    return _ICONS


@register.simple_tag
def channel_icon(channel):
    return icon(_ICONS.get(channel, "check2-square"))


@register.simple_tag
def channel(channel):
    """Icon and word; what has no channel is a task."""
    label = Channel(channel).label if channel else _("Task")
    return format_html("{} <span>{}</span>", channel_icon(channel), label)


@register.simple_tag
def log_verb(channel):
    """The button that logs this kind of contact."""
    return _VERBS.get(channel, _("Log"))


@register.simple_tag
def follow_up_kind(follow_up):
    """The registered kind of a follow-up."""
    return kind_of(follow_up)


@register.simple_tag
def kind_url(follow_up):
    """The page where a follow-up that is not ticked off by hand is done."""
    return page_of(follow_up)


@register.simple_tag
def give_url(follow_up):
    """Where it is given to a colleague; empty where it can't be."""
    return giving_url(follow_up)


@register.simple_tag
def postpone_to_next(today):
    """The button that puts a follow-up off to the next working day, which it names."""
    day = next_working_day(today)
    if day == today + timedelta(days=1):
        return gettext("Postpone to tomorrow")
    return gettext("Postpone to %(day)s") % {"day": date_format(day, "l")}


@register.simple_tag
def is_unanswered(follow_up, today):
    """Whether an employer should have had the answer before today."""
    return follow_up.kind == FollowUp.Kind.MATTER and follow_up.done_at is None and follow_up.due_on < today


@register.simple_tag
def is_matter(follow_up):
    """Whether an employer waits for an answer."""
    return follow_up.kind == FollowUp.Kind.MATTER


@register.simple_tag
def km(distance):
    """A distance as the crow flies, as exact as it is of use: "0.8 km", "12 km"."""
    digits = 1 if distance < 10 else 0
    return gettext("%(km)s km") % {"km": number_format(distance, digits)}


@register.filter
def of(found, key):
    """What a dictionary has for a key; nothing where it has none, or where there is none."""
    return found.get(key, ()) if found else ()


@register.simple_tag
def line_when(line, today):
    """The day and the time of a line of what waits, as far as they say more than "today"."""
    told = [] if line.day in (None, today) else [short_day(line.day, today)]
    told += [] if line.at is None else [clock(line.at)]
    return " ".join(told)
