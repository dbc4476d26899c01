"""Planned contacts and follow-ups as iCalendar objects (RFC 5545): for a mail, for a file, and for a feed.

They carry time, workplace, address and a link to the log-in, and nothing else: neither whom one meets nor what about.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress

from contacts.models import Channel, FollowUp, Interaction, Invitation

# How far a feed reaches back and ahead.
BACK, AHEAD = timedelta(days=30), timedelta(days=365)
# The employer's part of it; the plan of a group counts the way there and the writing as well.
_LASTS = {Channel.PHONE: timedelta(minutes=20)}
_USUALLY = timedelta(minutes=60)


@dataclass(frozen=True)
class Entry:
    """One line of a calendar; without a time it is the day's, and does not make anybody busy."""

    uid: str
    summary: str
    url: str
    on: date
    at: time | None = None
    lasts: timedelta = _USUALLY
    where: str = ""
    sequence: int = 0
    is_cancelled: bool = False


def uid_of(one):
    """What a contact or a follow-up is called in every calendar, for good."""
    return f"{one._meta.model_name}-{one.pk}@{urlsplit(settings.SITE_URL).hostname}"


def contact_entry(facts, organisation, *, uid, sequence=0, is_cancelled=False, goes_on=False):
    """The entry of a contact, from its own `facts` or from those of an `Invitation`.

    One that is cancelled for whom it is of, and `goes_on` for others, says that.
    """
    words = {"what": facts.get_channel_display(), "name": facts.workplace.name}
    # Not every calendar shows that an entry is cancelled: the words do.
    summary = _("%(what)s, %(name)s")
    if is_cancelled:
        summary = _("You no longer go: %(what)s, %(name)s") if goes_on else _("Cancelled: %(what)s, %(name)s")
    where = {Channel.VISIT: facts.workplace.address, Channel.MEETING: organisation.address}
    return Entry(
        uid=uid,
        summary=summary % words,
        url=settings.SITE_URL + facts.get_absolute_url(),
        on=facts.on,
        at=facts.at,
        lasts=_LASTS.get(facts.channel, _USUALLY),
        where=where.get(facts.channel, ""),
        sequence=sequence,
        is_cancelled=is_cancelled,
    )


def follow_up_entry(follow_up):
    """The entry of a follow-up: that there is one, not what it says."""
    return Entry(
        uid=uid_of(follow_up),
        summary=_("Follow-up, %(name)s") % {"name": follow_up.workplace.name},
        url=settings.SITE_URL + follow_up.get_absolute_url(),
        on=follow_up.due_on,
    )


def document(entries, organisation, *, method, name="", attendee=""):
    """The entries as one iCalendar object; `method` says what is asked of the calendar (RFC 5546).

    `attendee` is the address of whom an invitation is to; `name` what a calendar that is subscribed to is called.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Jobcenter CRM//Jobcenter CRM//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", _plain(name))
        calendar.add("x-published-ttl", "PT1H")
    now = timezone.now()
    for entry in entries:
        calendar.add_component(_event(entry, organisation, now, attendee))
    if not entries:
        # An object without any component is none (RFC 5545, section 3.6).
        zone = {"first_date": date(2026, 1, 1), "last_date": date(2027, 1, 1)}
        calendar.add_component(Timezone.from_tzid("Europe/Copenhagen", **zone))
    return calendar.to_ical().decode()


def _event(entry, organisation, now, attendee):
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", now)
    event.add("sequence", entry.sequence)
    if entry.at is None:
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(days=1))
    else:
        start = timezone.make_aware(datetime.combine(entry.on, entry.at)).astimezone(UTC)
        event.add("dtstart", start)
        event.add("dtend", start + entry.lasts)
    is_free = entry.at is None or entry.is_cancelled
    event.add("transp", "TRANSPARENT" if is_free else "OPAQUE")
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("summary", _plain(entry.summary))
    if entry.where:
        event.add("location", _plain(entry.where))
    event.add("url", entry.url)
    # Outlook shows no URL of its own.
    event.add("description", entry.url)
    event.add("organizer", _address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], CN=_plain(organisation.name)))
    if attendee:
        event.add("attendee", _address(attendee, RSVP="FALSE"))
    return event


def _address(address, **parameters):
    found = vCalAddress(f"mailto:{address}")
    found.params.update(parameters)
    return found


def _plain(text):
    """The text on one line: a name from a file may hold signs that no calendar takes."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def feed_of(user, organisation, today):
    """All that the feed of `user` tells, as one iCalendar object, in a fixed number of statements.

    Planned contacts and open follow-ups, and what of the same days has been cancelled: who only left it out would
    send people to meetings that do not take place.
    """
    days = (today - BACK, today + AHEAD)
    told = Invitation.objects.of(user).filter(on__range=days).select_related("workplace", "contact")
    by_contact = {one.contact_id or one.uid: one for one in told}
    entries = []
    contacts = Interaction.objects.planned_or_cancelled().with_staff(user).filter(on__range=days)
    for contact in contacts.select_related("workplace").soonest_first():
        is_cancelled = contact.state == Interaction.State.CANCELLED
        one = by_contact.pop(contact.pk, None)
        entries.append(
            contact_entry(
                contact,
                organisation,
                uid=one.uid if one else uid_of(contact),
                sequence=one.sequence if one else int(is_cancelled),
                is_cancelled=is_cancelled,
            )
        )
    for one in by_contact.values():
        if one.is_cancelled:
            goes_on = one.contact is not None and one.contact.state == Interaction.State.PLANNED
            entries.append(invitation_entry(one, organisation, goes_on=goes_on))
    promised = FollowUp.objects.open().of(user).filter(due_on__range=days).select_related("workplace")
    entries += [follow_up_entry(one) for one in promised]
    return document(entries, organisation, method="PUBLISH", name=organisation.name)


def invitation_entry(invitation, organisation, *, goes_on=False):
    """The entry of what a calendar has been told last; `goes_on`: others go there all the same."""
    return contact_entry(
        invitation,
        organisation,
        uid=invitation.uid,
        sequence=invitation.sequence,
        is_cancelled=invitation.is_cancelled,
        goes_on=goes_on,
    )
