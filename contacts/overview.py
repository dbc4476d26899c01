"""The morning overview: one mail for each colleague with what waits, at the time of day they have chosen.

Who is due follows from the wall clock in Copenhagen and from who has no `Digest` for the day yet, so a machine that
was off at six writes at nine, and what was not written on its day is not written on the next.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from contacts.models import Digest
from contacts.waiting import sections, waiting
from jobcenter_crm.backstage.models import Message, new_message_id, render_mail
from jobcenter_crm.frame.working_days import is_working_day
from jobcenter_crm.staff.absence import Readers
from jobcenter_crm.staff.models import Organisation, User

# Overviews that are written in one transaction.
BATCH = 200
# Two clocks at once get in each other's way once; more often it is something else.
ATTEMPTS = 3


@dataclass
class Overview:
    """What one `reader` is told: of themselves, and of those they stand in for."""

    reader: User
    people: list

    def key(self, date):
        """Names the mail. One written later in the day, of somebody who has fallen ill, names these too."""
        own = any(person.pk == self.reader.pk for person in self.people)
        return f"contacts.overview:{date}:{self.reader.pk}" + ("" if own else f":{self.people[0].pk}")


def write_due(now):
    """Write what is due at the instant `now`; returns counts."""
    local = timezone.localtime(now)
    return write(local.date(), now, until=local.time())


def write(date, now, until=None):
    """Write the overviews of `date` for those who want theirs by the time of day `until`, or at any; returns counts.

    Harmless twice and twice at once: an overview and its mail are written together, and once a day.
    """
    counts = {"mails": 0, "nothing": 0}
    due = _due(date, until)
    for first in range(0, len(due), BATCH):
        _write_batch(due[first : first + BATCH], date, now, until, counts)
    return counts if any(counts.values()) else {}


def _due(date, until):
    """The `Overview`s of `date` that are not written yet, in two statements."""
    readers = Readers(date)
    told = set(Digest.objects.filter(date=date).values_list("user", flat=True))
    is_day_off = not is_working_day(date)
    due = {}
    for person in readers.people.values():
        reader = None if person.pk in told else readers.reader_of(person)
        # Whoever wants none of their own still gets what they stand in for.
        is_wanted = reader is not None and (reader.digest_wanted or reader.pk != person.pk)
        if not is_wanted or not reader.email:
            continue
        if (is_day_off and not reader.digest_on_days_off) or (until is not None and reader.digest_at > until):
            continue
        # Their own part stands first.
        people = due.setdefault(reader.pk, Overview(reader, [])).people
        people.insert(0 if person.pk == reader.pk else len(people), person)
    return list(due.values())


def _write_batch(due, date, now, until, counts):
    for attempt in range(1, ATTEMPTS + 1):
        digests, messages = _compose(due, date, now)
        try:
            with transaction.atomic():
                Digest.objects.bulk_create(digests)
                Message.objects.bulk_create(messages)
        except IntegrityError:
            # Another clock has written some of these in the meantime.
            if attempt == ATTEMPTS:
                raise
            ours = {overview.reader.pk for overview in due}
            due = [overview for overview in _due(date, until) if overview.reader.pk in ours]
        else:
            counts["mails"] += len(messages)
            counts["nothing"] += len(due) - len(messages)
            return


def _compose(due, date, now):
    """The rows of these overviews, unsaved: what waits is asked once for all who read the same language."""
    in_language, organisation = {}, Organisation.get()
    for overview in due:
        in_language.setdefault(overview.reader.language or settings.LANGUAGE_CODE, []).append(overview)
    digests, messages = [], []
    for language, theirs in in_language.items():
        with translation.override(language):
            told = waiting([person.pk for overview in theirs for person in overview.people], date)
            for overview in theirs:
                message = _message(overview, told, date, now, language, organisation)
                messages += [message] if message else []
                digests += [
                    Digest(
                        user=person,
                        date=date,
                        reader=overview.reader,
                        message_key=message.key if message else "",
                        counts={part.name: found.count for part, found in told.get(person.pk, [])},
                    )
                    for person in overview.people
                ]
    return digests, messages


def _message(overview, told, date, now, language, organisation):
    """The mail, unsaved; None where nothing urgent waits."""
    found = sections(overview.reader, overview.people, told)
    if not any(section.is_urgent for section in found):
        return None
    context = {
        "reader": overview.reader,
        "date": date,
        "sections": found,
        "count": sum(what.count for section in found for part, what in section.parts if part.urgent),
        "site": settings.SITE_URL,
        "organisation": organisation,
    }
    subject, text, html = render_mail("contacts/mail/overview", context)
    return Message(
        key=overview.key(date),
        to=overview.reader.email,
        language=language,
        subject=" ".join(subject.split())[:200],
        text=text,
        html=html,
        message_id=new_message_id(),
        next_try_at=now,
    )
