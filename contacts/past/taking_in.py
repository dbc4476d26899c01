"""Taking our own past in: what each row comes to as the CRM is now, and writing it, a company never divided.

What is empty is filled, what is not there is added, and what people have decided since is left. First come the
facts of the workplaces and then what hangs on them, so that the order of the rows decides nothing that a second
run would see otherwise.
"""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import TierChange, Workplace
from companies.register import importer
from companies.register.changes import CHANGED, NEW, UNCHANGED
from companies.register.importer import BATCH
from companies.register.rows import Remark
from contacts.actions import refresh_contact_dates
from contacts.models import FollowUp, Interaction, Person
from contacts.past.people import People, same_phone_key
from jobcenter_crm.frame.danish import search_key

LOOKED_UP = 200
OWN_FACTS = ["owner", "tier", "tier_since", "tier_by_hand", "do_not_contact", "do_not_contact_why", "labour_conflict"]
PERSON_FACTS = ["role", "phone", "email", "search_text"]
_CONTACTS = uuid.UUID("5f0b0d0a-3c1e-4b7e-9a55-7f2f1f0f6b11")


def compare(reading, progress=None):
    """What taking the file in would do: `(Counts, Sample)`. Writes nothing."""
    return importer.compare(reading, progress)


def take_in(reading, register_import, progress=None):
    """Write what the file tells, from where `register_import` has come to; returns the `Counts`.

    The sample is forgotten: it names people, and what is taken in stands on the cards.
    """
    if register_import.reached:
        _catch_up(reading, register_import, progress)
    counts = importer.take_in(reading, register_import, progress)
    register_import.sample = {name: kept for name, kept in register_import.sample.items() if name == "mapping"}
    return counts


def _catch_up(reading, register_import, progress):
    """Take in what the run that died has passed by without seeing it, and count it.

    Rows come in the order of their companies, and one whose workplace has come to another company since, by a merge or
    by the register, may now stand before `reached`. Of what was taken in nothing is written twice.
    """
    walk, reached = CatchingUp(reading), register_import.reached
    for batch in importer.batches(reading):
        passed = [(company, rows) for company, rows in batch if int(company) <= int(reached)]
        if not passed:
            break
        walk.remark(importer.take_in_batch(walk, passed, register_import, progress or importer.Quietly(), reached))


@dataclass
class Outcome:
    """What one row comes to. `told` is what it adds, for the sample; `warned` what is left: (column, code, details)."""

    row: object
    workplace: Workplace | None
    kind: str = UNCHANGED
    told: dict = field(default_factory=dict)
    warned: list = field(default_factory=list)

    def adds(self, kind, **told):
        if self.kind != NEW:
            self.kind = kind
        self.told |= told

    def warns(self, column, reason, **details):
        self.warned.append((column, reason, details))


@dataclass
class Contact:
    """A contact to be written, with whom and by whom of ours."""

    row: Interaction
    persons: list
    staff: tuple


class Known:
    """What the CRM knows already of what some rows tell, asked in a few questions for all of them."""

    def __init__(self, rows, users):
        self.users = users
        ids = sorted({row.workplace for row in rows})
        places = Workplace.objects.order_by("pk")
        if connection.in_atomic_block:  # what is looked at is about to be written
            places = places.select_for_update()
        self.workplaces = {place.pk: place for place in _looked_up(places, "pk", ids)}
        companies = sorted({place.company_id for place in self.workplaces.values()})
        persons = {}
        for person in _looked_up(Person.objects.order_by("pk"), "company_id", companies):
            persons.setdefault(person.company_id, []).append(person)
        merged = {}
        gone = Person.everything.exclude(merged_into=None).select_related("merged_into").order_by("pk")
        for person in _looked_up(gone, "company_id", companies):
            merged.setdefault(person.company_id, []).append(person)
        self.people = {company: People(persons.get(company, ()), merged.get(company, ())) for company in companies}
        contacts = Interaction.objects.order_by().values_list("token", "pk")
        tokens = self._tokens(rows, ids)
        self.contacts = {
            tokens[token]: Contact(Interaction(pk=pk), [], ())
            for token, pk in _looked_up(contacts, "token", list(tokens))
        }
        promised = (
            FollowUp.objects.order_by().exclude(occurrence="").values_list("workplace_id", "cause_id", "occurrence")
        )
        self.promised = set(_looked_up(promised, "workplace_id", ids))

    def _tokens(self, rows, ids):
        """`{token to look for: the row's own}`: a contact that moved along with a merge has the merged workplace's."""
        merged = {}
        gone = Workplace.everything.order_by().values_list("pk", "merged_into_id")
        for pk, kept in _looked_up(gone, "merged_into_id", ids):
            merged.setdefault(kept, []).append(pk)
        tokens = {}
        for row in rows:
            if row.facts.on:
                own = token_of(row)
                for pk in (row.workplace, *merged.get(row.workplace, ())):
                    tokens[token_of(row._replace(workplace=pk))] = own
        return tokens

    def colleague(self, pk):
        return self.users[pk] if pk in self.users and self.users[pk].is_active else None


class CompanyPlan:
    """What the rows of one company come to, in `outcomes`, and what is to be written for them."""

    def __init__(self, rows, known, today):
        self._known, self._today = known, today
        self.outcomes = [Outcome(row, known.workplaces.get(row.workplace)) for row in rows]
        self.workplaces, self.moves, self.new_people, self.people, self.contacts, self.follow_ups = (
            {},
            [],
            [],
            {},
            [],
            [],
        )
        for outcome in self.outcomes:
            if outcome.workplace is None:
                outcome.warns("", "place_gone")
            else:
                self._decided(outcome)
        for outcome in self.outcomes:
            if outcome.workplace is not None:
                person = self._person(outcome)
                contact = self._contact(outcome, person)
                self._next_step(outcome, person, contact)

    def _decided(self, outcome):
        """Responsible consultant, group and warnings: filled where nothing is said, else left."""
        facts, place = outcome.row.facts, outcome.workplace
        given = {}
        if facts.owner and place.owner_id is None:
            given["owner_id"] = facts.owner
            outcome.adds(CHANGED, owner=str(self._known.users[facts.owner]))
        elif facts.owner and place.owner_id != facts.owner:
            outcome.warns("owner", "owner_other", who=str(self._known.users.get(place.owner_id, "")))
        if facts.tier and place.tier is None:
            given |= {"tier": facts.tier, "tier_since": self._today, "tier_by_hand": True}
            self.moves.append(TierChange(workplace=place, from_tier=None, to_tier=facts.tier))
            outcome.adds(CHANGED, tier=facts.tier)
        elif facts.tier and place.tier != facts.tier:
            outcome.warns("tier", "tier_other", tier=place.tier)
        if facts.do_not_contact and not place.do_not_contact:
            given |= {"do_not_contact": True, "do_not_contact_why": facts.why}
            outcome.adds(CHANGED, do_not_contact=facts.why or True)
        elif facts.do_not_contact is False and place.do_not_contact:
            outcome.warns("do_not_contact", "mark_other")
        if facts.labour_conflict and not place.labour_conflict:
            given["labour_conflict"] = True
            outcome.adds(CHANGED, labour_conflict=True)
        elif facts.labour_conflict is False and place.labour_conflict:
            outcome.warns("labour_conflict", "conflict_other")
        if given:
            for column, value in given.items():
                setattr(place, column, value)
            self.workplaces[place.pk] = place

    def _person(self, outcome):
        facts = outcome.row.facts
        if not (facts.person or facts.role or facts.phone or facts.email):
            return None
        people = self._known.people[outcome.workplace.company_id]
        person, is_named_so = people.find(facts, outcome.workplace)
        if person is None and not facts.person:
            outcome.warns("person", "person_no_name")
        elif person is None:
            person = people.add(facts, outcome.workplace)
            self.new_people.append(person)
            outcome.adds(NEW, person=person.name)
        elif is_named_so:
            self._fill_in(outcome, person)
        return person

    def _fill_in(self, outcome, person):
        """What is missing about somebody known; what is there stays."""
        facts, given = outcome.row.facts, {}
        if facts.role and person.role == Person.Role.OTHER != facts.role:
            given["role"] = facts.role
        elif facts.role and facts.role not in (person.role, Person.Role.OTHER):
            outcome.warns("role", "role_other")
        for column, reason, same in (("phone", "phone_other", same_phone_key), ("email", "email_other", str.casefold)):
            told, kept = getattr(facts, column), getattr(person, column)
            if told and not kept:
                given[column] = told
            elif told and same(told) != same(kept):
                outcome.warns(column, reason)
        if given:
            for column, value in given.items():
                setattr(person, column, value)
            person.derive()
            if person.pk:
                self.people[person.pk] = person
            outcome.adds(CHANGED, person=person.name)

    def _contact(self, outcome, person):
        facts = outcome.row.facts
        if not facts.on:
            return None
        token = token_of(outcome.row)
        if token in self._known.contacts:
            return self._known.contacts[token]
        day = date.fromisoformat(facts.on)
        row = Interaction(
            workplace=outcome.workplace,
            state=Interaction.State.HELD,
            channel=facts.channel,
            on=day,
            purpose=facts.purpose,
            outcome=facts.outcome,
            note=facts.note,
            token=token,
            # At the beginning of its day: so long after, a note is added to and no longer changed.
            logged_at=timezone.make_aware(datetime.combine(day, time.min)),
        )
        contact = self._known.contacts[token] = Contact(row, [person] if person else [], facts.staff)
        self.contacts.append(contact)
        outcome.adds(NEW, contact=[facts.on, facts.channel, facts.purpose])
        return contact

    def _next_step(self, outcome, person, contact):
        facts, place = outcome.row.facts, outcome.workplace
        if not facts.next_step:
            return
        occurrence = hashlib.sha256(f"{facts.next_on} {facts.next_step}".encode()).hexdigest()[:20]
        # A contact that is not written yet has no number: its token stands for it until then.
        key = place.pk, (contact.row.pk or contact.row.token) if contact else None, occurrence
        if key in self._known.promised:
            return
        owner = next(filter(None, map(self._known.colleague, (facts.owner, place.owner_id, *facts.staff))), None)
        if owner is None:
            outcome.warns("next_step", "next_nobody")
            return
        self._known.promised.add(key)
        row = FollowUp(
            kind=FollowUp.Kind.NEXT_STEP if contact else FollowUp.Kind.BY_HAND,
            occurrence=occurrence,
            workplace=place,
            person=person,
            title=facts.next_step,
            due_on=date.fromisoformat(facts.next_on),
            owner=owner,
        )
        self.follow_ups.append((row, contact))
        outcome.adds(NEW, next_step=[facts.next_step, facts.next_on, str(owner)])


class PastWalk:
    """Goes over the companies of a file, a batch at a time; what `importer.Walk` is for the register."""

    outcomes = (NEW, CHANGED, UNCHANGED)

    def __init__(self, reading):
        self.reading = reading

    def plans(self, batch):
        known = Known([row for _company, rows in batch for row in rows], self.reading.users)
        return [CompanyPlan(rows, known, self.reading.today) for _company, rows in batch]

    def count(self, plans, tally):
        for one in plans:
            for outcome in one.outcomes:
                tally[outcome.kind] += 1

    def remark(self, plans):
        heading = self.reading.rules_for(self.reading.reader.columns).heading
        for one in plans:
            for outcome in one.outcomes:
                for column, reason, details in outcome.warned:
                    remark = Remark(outcome.row.line, "warning", heading(column), "", reason, details, [])
                    self.reading.staging.remark(remark)

    def sample(self, plans, sample):
        for one in plans:
            for outcome in one.outcomes:
                if outcome.kind != UNCHANGED:
                    fields = outcome.told if outcome.kind == CHANGED else ()
                    sample.add(outcome.kind, lambda outcome=outcome: _entry(outcome), fields)

    def write(self, plans, register_import):
        by, now = register_import.by, timezone.now()
        why = _("From the file %(name)s") % {"name": register_import.name}
        history = {"batch_size": BATCH, "default_user": by, "default_change_reason": why[:100]}

        workplaces = [place for one in plans for place in one.workplaces.values()]
        Workplace.objects.bulk_update(workplaces, OWN_FACTS)
        Workplace.history.bulk_history_create(workplaces, update=True, **history)
        moves = [move for one in plans for move in one.moves]
        for move in moves:
            move.why, move.by, move.at = why[:255], by, now
        TierChange.objects.bulk_create(moves, BATCH)

        people = [person for one in plans for person in one.new_people]
        for person in people:
            person.created_by = by
        _make(Person, people, history)
        changed = [person for one in plans for person in one.people.values()]
        Person.objects.bulk_update(changed, PERSON_FACTS)
        Person.history.bulk_history_create(changed, update=True, **history)

        self._write_contacts([contact for one in plans for contact in one.contacts], by, history)
        promised = [each for one in plans for each in one.follow_ups]
        cause_type = ContentType.objects.get_for_model(Interaction)
        for row, contact in promised:
            row.created_by = by
            if contact:
                row.cause_type, row.cause_id = cause_type, contact.row.pk
        _make(FollowUp, [row for row, _contact in promised], history)
        touched = {contact.row.workplace_id for one in plans for contact in one.contacts}
        touched |= {row.workplace_id for row, _contact in promised}
        if touched:
            refresh_contact_dates(Workplace.objects.filter(pk__in=touched))

    def _write_contacts(self, contacts, by, history):
        """Written by whoever held them, or else by who brings the file; on the command line that is nobody."""
        for contact in contacts:
            contact.row.created_by = self.reading.users[contact.staff[0]] if contact.staff else by
        _make(Interaction, [contact.row for contact in contacts], history)
        with_whom, by_whom = Interaction.persons.through, Interaction.staff.through
        with_whom.objects.bulk_create(
            [with_whom(interaction=contact.row, person=person) for contact in contacts for person in contact.persons],
            BATCH,
        )
        by_whom.objects.bulk_create(
            [by_whom(interaction=contact.row, user_id=pk) for contact in contacts for pk in contact.staff], BATCH
        )


class CatchingUp(PastWalk):
    """Goes once more over rows that were counted when they were taken in: only what was missed then is counted."""

    def count(self, plans, tally):
        for one in plans:
            for outcome in one.outcomes:
                if outcome.kind != UNCHANGED:
                    tally[outcome.kind] += 1


def token_of(row):
    """What a contact is known by: two rows that say the same of the same workplace are one contact."""
    facts = row.facts
    with_whom = search_key(facts.person) or facts.email.casefold() or same_phone_key(facts.phone)
    said = (str(row.workplace), facts.on, facts.channel, facts.purpose, facts.note, with_whom)
    return uuid.uuid5(_CONTACTS, "\x1f".join(said))


def _make(model, rows, history):
    model.objects.bulk_create(rows, BATCH)
    model.history.bulk_history_create(rows, **history)


def _looked_up(rows, column, values):
    """The rows with one of these values, asked for in pieces."""
    for first in range(0, len(values), LOOKED_UP):
        yield from rows.filter(**{f"{column}__in": values[first : first + LOOKED_UP]})


def _entry(outcome):
    place = outcome.workplace
    return {
        "line": outcome.row.line,
        "workplace": place.pk,
        "tier": place.tier,
        "name": place.name,
        "p_number": place.p_number,
        "before": {},
        "after": outcome.told,
    }
