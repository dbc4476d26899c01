"""Taking the case system's list in: what each row comes to as things are now, and writing it.

A placement that is not known gets its own slot of the list, one for each workplace and measure, closed, so that nobody
takes it for an open place; it has as many places as were taken at the same time. One that is known already, wherever it
was written, is the same placement: a later end extends it, and an end that has passed ends it. One that has ended or came
to nothing here is left so, with a word where the list says otherwise. Where that has been forgotten here, a row that may be
about it is taken in, with a word.
"""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from companies.models import Workplace
from companies.register.changes import CHANGED, NEW, UNCHANGED
from companies.register.rows import Remark
from contacts.actions import NotNow, hold
from jobcenter_crm.staff.models import User
from placements import occupancy, steps
from placements.models import Measure, Placement, Slot

LOOKED_UP = 200
# Of one that ended longer ago nobody can be asked what came of it: it is kept without its case reference.
FORGOTTEN_AFTER = timedelta(weeks=26)
_SLOTS = uuid.UUID("7b0b2c9e-5b5c-4f6f-9d0f-0b8a52a0c6d1")


@dataclass
class Outcome:
    """What one row comes to; `known` is the placement that it is about, `why` a code of a remark on it.

    `day` is the one that the remark tells of where it is none of the known placement's.
    """

    row: object
    kind: str
    known: Placement | None = None
    why: str = ""
    day: date | None = None

    @property
    def starts_on(self):
        return date.fromisoformat(self.row.told.starts_on)

    @property
    def ends_on(self):
        return date.fromisoformat(self.row.told.ends_on)


def slot_token(workplace, measure):
    """What the list's own slot of a workplace and a measure is known by."""
    return uuid.uuid5(_SLOTS, f"{workplace}/{measure}")


def is_the_lists(slot):
    """Whether a list has made the slot: by where it was made, since it moves along when its workplace is merged."""
    if slot.token is None:
        return False
    made = slot.history.filter(history_type="+").values_list("workplace_id", "measure_id").first()
    return made is not None and slot.token == slot_token(*made)


class PlacementWalk:
    """Goes over the workplaces of a list, a batch at a time; what `importer.Walk` is for the register."""

    outcomes = (NEW, CHANGED, UNCHANGED)

    def __init__(self, reading):
        self.reading = reading
        self._consultant = User.objects.filter(pk=reading.answers.get("consultant") or None).first()

    def plans(self, batch):
        """A list of `Outcome`s for each workplace."""
        rows = [row for _pk, some in batch for row in some]
        by_case = {}
        for first in range(0, len(rows), LOOKED_UP):
            references = {row.told.reference for row in rows[first : first + LOOKED_UP]}
            found = Placement.objects.filter(case_reference__in=references)
            found = found.select_related("slot__workplace", "slot__agreement", "slot__measure", "consultant")
            # One that came to nothing may have been written again since: that one is meant then.
            for placement in found.order_by(F("withdrawn_on").asc(nulls_last=True), "pk"):
                by_case[placement.case_reference, placement.starts_on.isoformat()] = placement
        erased, withdrawn = self._erased(batch)
        return [[self._outcome(row, by_case, erased, withdrawn) for row in some] for _pk, some in batch]

    def _erased(self, batch):
        """The placements without a case reference: how many stand, {(workplace, measure, start): number}, and the day on
        which the last of those came to nothing that did, {(workplace, measure, start): day}.

        Not by their last day: here one may have ended on another day than in the list.
        """
        counted, withdrawn = defaultdict(int), {}
        keys = sorted({int(pk) for pk, _rows in batch})
        for first in range(0, len(keys), LOOKED_UP):
            found = Placement.objects.filter(
                slot__workplace__in=keys[first : first + LOOKED_UP], reference_erased_at__isnull=False
            )
            rows = found.order_by(F("withdrawn_on").asc(nulls_first=True), "pk")
            for workplace, measure, starts_on, day in rows.values_list(
                "slot__workplace", "slot__measure", "starts_on", "withdrawn_on"
            ):
                key = workplace, measure, starts_on.isoformat()
                if day is None:
                    counted[key] += 1
                else:
                    withdrawn[key] = day
        return counted, withdrawn

    def _outcome(self, row, by_case, erased, withdrawn):
        known = by_case.get((row.told.reference, row.told.starts_on))
        if known is None:
            nameless = (row.workplace, row.told.measure, row.told.starts_on)
            if erased[nameless]:
                # Whose it was has been forgotten here; that it took place has not.
                erased[nameless] -= 1
                return Outcome(row, UNCHANGED)
            if nameless in withdrawn:
                # The same person's, or another's: nobody can tell any more. It is taken in, since one too many is seen
                # and can be ended, while somebody who was left out would be followed up by nobody.
                return Outcome(row, NEW, why="nothing_here", day=withdrawn[nameless])
            return Outcome(row, NEW)
        outcome = Outcome(row, UNCHANGED, known)
        if known.is_withdrawn:
            outcome.why = "withdrawn_here"
        elif known.has_ended and outcome.ends_on > known.ended_on:
            outcome.why = "ended_here"
        elif not known.is_over and (outcome.ends_on > known.planned_end or outcome.ends_on < self.reading.today):
            outcome.kind = CHANGED
        elif not known.is_over and outcome.ends_on < known.planned_end:
            outcome.why = "ends_sooner"
        return outcome

    def count(self, plans, tally):
        for outcomes in plans:
            for outcome in outcomes:
                tally[outcome.kind] += 1

    def remark(self, plans):
        for outcomes in plans:
            for outcome in outcomes:
                if outcome.why:
                    self.reading.staging.remark(self._remark(outcome))

    def _remark(self, outcome):
        """What is to be known of a row that is left, beside the last day that the list gives."""
        reader, known = self.reading.reader, outcome.known
        heading = reader.headings[reader.columns["ends_on"]]
        day = outcome.day or (known and (known.withdrawn_on or known.last_day))
        details = {"iso_date": day.isoformat()} if day else {}
        said = outcome.ends_on.strftime("%d-%m-%Y")
        return Remark(outcome.row.line, "warning", heading, said, outcome.why, details, [])

    def sample(self, plans, sample):
        changing = [outcome for outcomes in plans for outcome in outcomes if outcome.kind != UNCHANGED]
        named = Workplace.objects.in_bulk({outcome.row.workplace for outcome in changing})
        for outcome in changing:
            sample.add(outcome.kind, lambda outcome=outcome: _entry(outcome, named.get(outcome.row.workplace)))

    def write(self, plans, register_import):
        for outcomes in plans:
            if outcomes:
                self._write(outcomes, register_import.by)

    def _write(self, outcomes, by):
        """What the rows of one workplace come to."""
        new = defaultdict(list)
        for outcome in outcomes:
            if outcome.kind == NEW:
                new[outcome.row.told.measure].append(outcome)
            elif outcome.kind == CHANGED and outcome.ends_on > outcome.known.planned_end:
                self._try(outcome, self._extend, by)
            elif outcome.kind == CHANGED:
                self._try(outcome, self._end, by)
        if new:
            workplace = Workplace.objects.select_related("owner").get(pk=outcomes[0].row.workplace)
            for measure, some in new.items():
                self._take_in(workplace, Measure.objects.get(pk=measure), some, by)

    def _try(self, outcome, act, by):
        try:
            act(outcome, by or outcome.known.consultant)
        except NotNow:
            outcome.kind, outcome.why = UNCHANGED, "no_place"

    def _extend(self, outcome, by):
        placement = outcome.known
        hold([placement.slot.workplace_id])
        if is_the_lists(placement.slot):
            occupancy.make_room(
                slot=placement.slot, by=by, wanted=[(placement.starts_on, outcome.ends_on)], but=[placement]
            )
        placement = steps.extend(placement=placement, by=by, planned_end=outcome.ends_on, granted_in="case")
        if outcome.ends_on < self.reading.today:
            steps.end(placement=placement, by=by, on=outcome.ends_on, reason=Placement.Reason.AS_PLANNED)

    def _end(self, outcome, by):
        steps.end(placement=outcome.known, by=by, on=outcome.ends_on, reason=Placement.Reason.AS_PLANNED)

    def _take_in(self, workplace, measure, outcomes, by):
        consultant = workplace.owner if workplace.owner and workplace.owner.is_active else self._consultant
        slot = self._slot(workplace, measure, consultant, outcomes, by or consultant)
        rows = [self._placement(outcome, consultant, by) for outcome in outcomes]
        try:
            steps.take_in(slot=slot, placements=rows, by=by or consultant)
        except NotNow:
            for outcome in outcomes:
                outcome.kind, outcome.why = UNCHANGED, "too_many"

    def _slot(self, workplace, measure, owner, outcomes, by):
        first = min(outcome.starts_on for outcome in outcomes)
        with translation.override(settings.LANGUAGE_CODE):
            facts = {
                "workplace": workplace, "measure": measure, "places": 1, "tasks": _("From the case system's list"),
                "state": Slot.State.CLOSED, "state_why": _("Only for what the case system's list brings"),
                "starts_on": first, "confirmed_on": self.reading.today, "owner": owner, "created_by": by,
            }  # fmt: skip
        slot, _made = Slot.objects.get_or_create(token=slot_token(workplace.pk, measure.pk), defaults=facts)
        return slot

    def _placement(self, outcome, consultant, by):
        today, last = self.reading.today, outcome.ends_on
        is_over = last < today
        is_forgotten = last < today - FORGOTTEN_AFTER
        return Placement(
            case_reference="" if is_forgotten else outcome.row.told.reference,
            reference_erased_at=timezone.now() if is_forgotten else None,
            consultant=consultant,
            starts_on=outcome.starts_on,
            planned_end=last,
            ended_on=last if is_over else None,
            end_reason=Placement.Reason.AS_PLANNED if is_over else "",
            created_by=by,
        )


def _entry(outcome, place):
    told = outcome.row.told
    before = [told.measure, told.starts_on, outcome.known.last_day.isoformat()] if outcome.known else None
    return {
        "line": outcome.row.line,
        "workplace": place and place.pk,
        "tier": place and place.tier,
        "name": place.name if place else "",
        "p_number": place and place.p_number,
        "before": {"placement": before} if before else {},
        "after": {"placement": [told.measure, told.starts_on, told.ends_on]},
    }
