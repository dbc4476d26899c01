"""What the search of the house finds of places: slots by words, and by its whole reference where a case is or was referred.

A part of a reference finds nothing, nor does a whole one for those who do not work with cases. What was found by one is a
read of personal data and stands in the log, by keys.
"""

import re
from dataclasses import dataclass
from datetime import date

import structlog
from django.conf import settings
from django.db.models import Case, CharField, F, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from companies.querysets import numbers_joined, search_words
from jobcenter_crm.frame.languages import column_in_language
from placements.case_reference import may_be_cpr
from placements.models import Measure, Placement, Referral, Reservation, Slot
from placements.placement_list import may_see_references

log = structlog.get_logger(__name__)

# In the order in which they are told.
PLACEMENT, RESERVATION, REFERRAL, SLOT = range(4)
CAME_TO_NOTHING = "came to nothing"


@dataclass(frozen=True)
class Hit:
    """A slot that fits, or whose reference was typed: the measure and tasks, where, and its days; `last` may be open.

    Of a placement that came to nothing `last` is the day on which that was said.
    Of a referral, `of` is the key of its job order, which has a title for tasks and may be without a measure; of all
    others that of the slot.
    """

    kind: int
    pk: int
    of: int
    measure: str
    tasks: str
    workplace: str
    first: date
    last: date | None
    state: str

    @property
    def is_slot(self):
        return self.kind == SLOT

    @property
    def url(self):
        if self.kind == PLACEMENT:
            return reverse("placements:placement", args=[self.pk])
        if self.kind == REFERRAL:
            return f"{reverse('placements:job_order', args=[self.of])}#referrals"
        url = reverse("placements:slot", args=[self.of])
        return f"{url}#reservations" if self.kind == RESERVATION else url

    @property
    def words(self):
        """What it is, as the heading of a line."""
        return f"{self.measure or _('Ordinary vacancy')}, {self.tasks}"

    @property
    def more(self):
        """In which state it is, and its days."""
        if self.is_slot:
            return str(Slot.State(self.state).label)
        if self.state == CAME_TO_NOTHING:
            return _("Placement came to nothing on %(day)s") % {"day": date_format(self.last, "DATE_FORMAT")}
        if self.kind == REFERRAL:
            return f"{Referral.State(self.state).label}, {date_format(self.first, 'DATE_FORMAT')}"
        state = _("Reservation") if self.kind == RESERVATION else _("Placement")
        days = {"first": date_format(self.first, "DATE_FORMAT"), "last": date_format(self.last, "DATE_FORMAT")}
        return f"{state}, {_('from %(first)s to %(last)s') % days}"


def find(text, user, today, most):
    """The first `most` `Hit`s that `user` may see, cases first, in two statements at most."""
    parts = [*_cases(text, user), *_slots(text, user, today)]
    if not parts:
        return []
    rows = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    hits = [Hit(*row) for row in rows.order_by("kind", "place", "key")[:most]]
    if cases := [hit for hit in hits if not hit.is_slot]:
        log.info(
            "case_looked_up",
            by=user.pk,
            placements=[hit.pk for hit in cases if hit.kind == PLACEMENT],
            reservations=[hit.pk for hit in cases if hit.kind == RESERVATION],
            referrals=[hit.pk for hit in cases if hit.kind == REFERRAL],
        )
    return hits


def matching(text, *, measures=None):
    """The condition that each word of `text` stands in a slot's tasks, its measure or what its workplace is searched by.

    A number of the workplace may be written with blanks.
    `measures` are those of `_measures`, where they are known.
    """
    found = Q()
    for word in numbers_joined(text).split():
        found &= _in_slot(word, measures) | _at_workplace(word)
    return found


def _measures():
    """`{code: its names}`: a dozen of them, asked for first so that an index finds the slots of those that fit."""
    rows = Measure.objects.values_list("code", "name_da", "name_en")
    return {code: f"{danish}\n{english}".lower() for code, danish, english in rows}


def _in_slot(word, measures=None):
    if measures is None:
        return Q(tasks__icontains=word) | Q(measure__name_da__icontains=word) | Q(measure__name_en__icontains=word)
    codes = [code for code, names in measures.items() if word.lower() in names]
    return Q(tasks__icontains=word) | Q(measure__in=codes)


def _at_workplace(word):
    # One word as it is typed may be several as they are searched.
    folded = search_words(word)
    return Q(*(("workplace__search_text__contains", one) for one in folded)) if folded else Q(pk__in=[])


def _slots(text, user, today):
    """Those that have not run out and of which some word says what is done there: a name alone finds the workplace."""
    words = numbers_joined(text).split()
    if not words or not user.has_perm("placements.view_slot"):
        return []
    some, measures = Q(), _measures()
    for word in words:
        some |= _in_slot(word, measures)
    rows = Slot.objects.not_over(today).filter(matching(text, measures=measures), some)
    return [_rows(SLOT, rows, "pk", "", F("starts_on"), F("ends_on"), state=F("state"))]


def _cases(text, user):
    """Placements, reservations that are open, and referrals to job orders, of exactly this case."""
    if not re.fullmatch(settings.CASE_REFERENCE_PATTERN, text) or may_be_cpr(text) or not may_see_references(user):
        return []
    parts = []
    if user.has_perm("placements.view_placement"):
        rows = Placement.objects.filter(case_reference=text)
        last = Coalesce("ended_on", "withdrawn_on", "planned_end")
        state = Case(When(withdrawn_on__isnull=False, then=Value(CAME_TO_NOTHING)))
        parts.append(_rows(PLACEMENT, rows, "slot", "slot__", F("starts_on"), last, state=state))
    if user.has_perm("placements.view_reservation"):
        rows = Reservation.objects.open().filter(case_reference=text)
        parts.append(_rows(RESERVATION, rows, "slot", "slot__", F("starts_on"), F("planned_end")))
    if user.has_perm("placements.view_joborder"):
        rows = Referral.objects.filter(case_reference=text)
        facts = {"tasks": "title", "state": F("state")}
        parts.append(_rows(REFERRAL, rows, "job_order", "job_order__", F("on"), F("on"), **facts))
    return parts


def _rows(kind, rows, of, to_it, first, last, *, tasks="tasks", state=None):
    """The columns of a `Hit`; `to_it` leads from the row to those of the slot, or of the job order."""
    return (
        rows.order_by()
        .annotate(
            kind=Value(kind, IntegerField()),
            key=F("pk"),
            part_of=F(of),
            called=column_in_language(f"{to_it}measure__name"),
            done=F(f"{to_it}{tasks}"),
            place=F(f"{to_it}workplace__name"),
            first=first,
            last=last,
            now=Coalesce(state or Value(""), Value(""), output_field=CharField()),
        )
        .values_list("kind", "key", "part_of", "called", "done", "place", "first", "last", "now")
    )
