"""Placements at some of the employers: those that run, one that nobody has ended, and what came of the earlier ones."""

from datetime import time, timedelta

from companies.models import Workplace
from jobcenter_crm.desk.demo.calendar import moment, working_day
from placements import follow_ups
from placements.models import Effect, Placement, Slot

# Measure, tasks, places, and by how many weeks each placement began before today and was to last.
PUBLIC = (
    ("work_placement", "Køkken og servering i kantinen", 3, ((2, 4), (1, 13), (30, 13), (24, 8), (17, 8))),
    ("wage_subsidy_public", "Pedelhjælp og småreparationer", 2, ((6, 17), (32, 17))),
    ("work_placement", "Aktiviteter og praktisk hjælp", 2, ((5, 4), (20, 8), (16, 4))),
)
PRIVATE = (
    ("work_placement", "Lager og pakning", 2, ((3, 13), (26, 13), (11, 4))),
    ("flex_job", "Vask og rengøring af biler", 1, ((40, 260),)),
)
# What came of those that have ended, one after the other; the last few are still to be told.
CAME = (("job", None, True), ("hours", 12, False), ("none", None, False), ("education", None, None),
        ("hours", 8, False), ("unknown", None, None))  # fmt: skip


def make(people, today):
    """A slot at each of a few workplaces, public ones first, with those who are and were there."""
    told = iter(CAME)
    number = 0
    for sector, slots in (("public", PUBLIC), ("private", PRIVATE)):
        places = Workplace.objects.active().filter(sector=sector, tier__in=[1, 2], labour_conflict=False)
        for workplace, (measure, tasks, size, some) in zip(places.order_by("sort_name", "pk"), slots, strict=False):
            slot = _slot(workplace, people["ali"], today, measure_id=measure, tasks=tasks, places=size)
            for ago, weeks in some:
                number += 1
                placement = _placement(slot, today, number, ago, weeks)
                if placement.is_over and placement.ended_on <= today - timedelta(weeks=5):
                    _effect(placement, *next(told, (None, None, None)))


def _slot(workplace, ali, today, **facts):
    starts_on = working_day(today - timedelta(weeks=52))
    slot = Slot.objects.create(
        workplace=workplace, owner=ali, created_by=ali, starts_on=starts_on,
        confirmed_on=working_day(today - timedelta(days=20), -1), **facts,
    )  # fmt: skip
    made_at = moment(starts_on, time(10, 20))
    Slot.objects.filter(pk=slot.pk).update(created_at=made_at)
    slot.history.update(created_at=made_at, history_date=made_at, history_user=ali)
    return slot


def _placement(slot, today, number, ago, weeks):
    starts_on = working_day(today - timedelta(weeks=ago))
    planned_end = starts_on + timedelta(weeks=weeks)
    is_over = planned_end < today - timedelta(weeks=2)
    placement = Placement.objects.create(
        slot=slot, case_reference=f"{starts_on.year % 100}-{417 + number * 53:05}", consultant=slot.owner,
        starts_on=starts_on, planned_end=planned_end, created_by=slot.owner, ended_on=planned_end if is_over else None,
        end_reason=Placement.Reason.AS_PLANNED if is_over else "",
    )  # fmt: skip
    if not is_over:
        follow_ups.write(placement, today=today)
    return placement


def _effect(placement, outcome, hours, self_supporting):
    if outcome:
        Effect.objects.create(
            placement=placement, outcome=outcome, hours=hours, self_supporting=self_supporting,
            recorded_on=working_day(placement.ended_on + timedelta(weeks=4)), recorded_by=placement.consultant,
        )  # fmt: skip
