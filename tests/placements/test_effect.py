"""What came of placements: asked, written, taken back, told in shares, and whose it was forgotten."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from companies.models import TargetGroup
from contacts.actions import NotNow
from contacts.models import FollowUp
from placements import effect
from placements.models import Effect, Placement
from tests.factories import EffectFactory, PlacementFactory, SlotFactory, UserFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TODAY = date(2026, 11, 24)


def ended(on=date(2026, 10, 27), **facts):
    return PlacementFactory(starts_on=date(2026, 9, 1), planned_end=on, ended_on=on, end_reason="as_planned", **facts)


def asked(placement):
    return FollowUp.objects.caused_by(placement).filter(kind="effect")


def test_four_weeks_after_the_end_the_consultant_is_asked_once(owner):
    due = ended(slot__owner=owner)
    early = ended(on=date(2026, 10, 28))
    erased = ended(case_reference="", reference_erased_at=timezone.now())
    EffectFactory()

    assert effect.ask(TODAY) == 1
    assert effect.ask(TODAY) == 0

    told = asked(due).get()
    assert (told.owner, told.due_on) == (owner, TODAY)
    assert due.case_reference not in told.title
    assert not asked(early).exists()
    assert not asked(erased).exists()


def test_asking_takes_as_many_statements_for_many_as_for_one(django_assert_max_num_queries, owner):
    slot = SlotFactory(owner=owner)
    for _ in range(20):
        ended(slot=slot)

    with django_assert_max_num_queries(16):
        assert effect.ask(TODAY) == 20


def test_writing_it_closes_the_question_and_undo_asks_again(owner):
    placement = ended(slot__owner=owner)
    effect.ask(TODAY)

    told = effect.record(placement=placement, by=owner, outcome="hours", hours=12, self_supporting=False)

    assert (told.outcome, told.hours, told.self_supporting, told.recorded_on) == ("hours", 12, False, TODAY)
    assert asked(placement).get().done_by == owner
    effect.undo(placement=placement, by=owner)
    assert not Effect.objects.exists()
    assert asked(placement).get().done_at is None


def test_unknown_is_an_answer_and_says_no_more(owner):
    told = effect.record(placement=ended(), by=owner, outcome="unknown", hours=5, self_supporting=True)

    assert (told.hours, told.self_supporting) == (None, None)


def test_what_is_known_later_replaces_it_and_keeps_the_history(owner):
    placement = ended()
    effect.record(placement=placement, by=owner, outcome="unknown")

    effect.record(placement=placement, by=owner, outcome="job")

    assert placement.effect.outcome == "job"
    assert list(Effect.history.order_by("history_id").values_list("outcome", flat=True)) == ["unknown", "job"]


def correct(placement, by, today, outcome, **more):
    today.shift(timedelta(minutes=1))
    return effect.record(placement=placement, by=by, outcome=outcome, **more)


def test_taking_a_correction_back_brings_back_what_was_told_before(owner, colleague, today):
    placement = ended()
    first = correct(placement, colleague, today, "hours", hours=12, self_supporting=False)
    today.shift(timedelta(days=3))
    correct(placement, owner, today, "unknown")

    former = effect.undo(placement=placement, by=owner)

    told = Effect.objects.get()
    assert former == told
    assert (told.outcome, told.hours, told.self_supporting) == ("hours", 12, False)
    assert (told.recorded_on, told.recorded_at, told.recorded_by) == (TODAY, first.recorded_at, colleague)
    with pytest.raises(NotNow):
        effect.undo(placement=placement, by=owner)


def test_several_corrections_are_taken_back_one_after_the_other(owner, today):
    placement = ended(slot__owner=owner)
    effect.ask(TODAY)
    for outcome in ("job", "education", "none"):
        correct(placement, owner, today, outcome)

    assert effect.undo(placement=placement, by=owner).outcome == "education"
    correct(placement, owner, today, "unknown")
    assert effect.undo(placement=placement, by=owner).outcome == "education"
    assert effect.undo(placement=placement, by=owner).outcome == "job"
    assert asked(placement).get().done_by == owner
    assert effect.undo(placement=placement, by=owner) is None
    assert asked(placement).get().done_at is None
    # What was taken back to the end does not come back with what is told afterwards.
    correct(placement, owner, today, "hours", hours=5)
    assert effect.undo(placement=placement, by=owner) is None
    assert not Effect.objects.exists()


@pytest.mark.parametrize("facts", [{"ended_on": None, "end_reason": ""}, {"ended_on": date(2026, 10, 28)}])
def test_it_can_not_be_written_too_early(owner, facts):
    placement = ended()
    Placement.objects.filter(pk=placement.pk).update(**facts)

    with pytest.raises(NotNow):
        effect.record(placement=placement, by=owner, outcome="job")


def test_it_is_taken_back_by_its_author_and_for_ten_minutes(owner, today):
    placement = ended()
    effect.record(placement=placement, by=owner, outcome="job")

    with pytest.raises(NotNow):
        effect.undo(placement=placement, by=UserFactory())
    today.shift(timedelta(minutes=11))
    with pytest.raises(NotNow):
        effect.undo(placement=placement, by=owner)
    assert Effect.objects.exists()


def test_ninety_days_after_the_effect_the_reference_is_gone_and_the_row_stays():
    written = EffectFactory()
    Effect.objects.update(recorded_at=datetime(2026, 8, 1, tzinfo=UTC))
    fresh = EffectFactory()
    without = ended()

    assert effect.erase_references(timezone.now()) == 1
    assert effect.erase_references(timezone.now()) == 0

    placement = Placement.objects.get(pk=written.placement_id)
    assert (placement.case_reference, placement.token) == ("", None)
    assert placement.reference_erased_at
    assert placement.effect
    assert Placement.objects.get(pk=fresh.placement_id).case_reference
    assert Placement.objects.get(pk=without.pk).case_reference


def test_the_reference_of_one_that_came_to_nothing_is_erased_ninety_days_later(today):
    placement = PlacementFactory(starts_on=TODAY, withdrawn_on=TODAY, end_reason="declined")
    PlacementFactory(starts_on=TODAY)

    today.shift(timedelta(days=89))
    assert effect.erase_references(timezone.now()) == 0
    today.shift(timedelta(days=1))
    assert effect.erase_references(timezone.now()) == 1
    placement.refresh_from_db()
    assert placement.case_reference == ""


def test_the_history_has_never_had_the_reference():
    assert "case_reference" not in {field.name for field in Placement.history.model._meta.get_fields()}


def outcomes(slot, *which):
    for outcome in which:
        EffectFactory(
            placement=ended(on=date(2026, 9, 30), slot=slot), outcome=outcome, hours=10 if outcome == "hours" else None
        )


def test_shares_are_told_by_employer_group_branch_measure_and_target_group_but_not_of_few():
    group = TargetGroup.objects.first()
    big, small = SlotFactory(workplace=WorkplaceFactory(tier=1)), SlotFactory(workplace=WorkplaceFactory(tier=2))
    big.target_groups.add(group)
    outcomes(big, "job", "job", "hours", "none", "education", "unknown")
    outcomes(small, "job", "job", "job", "job", "unknown", "unknown")

    shares = effect.shares(Placement.objects.all())

    assert (shares.whole.number, shares.whole.known, shares.whole.unknown) == (12, 9, 3)
    assert [(str(heading), [(one.label, one.known) for one in some]) for heading, some in shares.groups] == [
        ("By employer", [(str(big.workplace.company), 5)]),
        ("By group", [("Group 1", 5)]),
        ("By branch", []),
        ("By measure", [("Work placement", 9)]),
        ("By the target groups of the place", [(group.name, 5)]),
    ]
    assert [(number, percent) for _words, number, percent in shares.groups[0][1][0].parts] == [
        (2, 40), (1, 20), (1, 20), (1, 20),
    ]  # fmt: skip


def test_of_fewer_than_five_nothing_is_told():
    outcomes(SlotFactory(), "job", "job", "job", "job", "unknown", "unknown")

    assert effect.shares(Placement.objects.all()).whole is None


def test_self_supporting_is_told_of_five_who_were_asked():
    slot = SlotFactory()
    outcomes(slot, *["job"] * 6)
    pks = list(Effect.objects.values_list("pk", flat=True))
    Effect.objects.filter(pk__in=pks[:4]).update(self_supporting=True)
    assert effect.shares(Placement.objects.all()).whole.self_supporting_percent is None

    Effect.objects.filter(pk=pks[4]).update(self_supporting=False)
    assert effect.shares(Placement.objects.all()).whole.self_supporting_percent == 80


def test_shares_take_as_many_statements_for_many_employers_as_for_one(django_assert_num_queries):
    for _ in range(3):
        outcomes(SlotFactory(workplace=WorkplaceFactory(tier=1)), *["job"] * 5)

    # One for the whole, five for the groups, and the names of employers and measures; nothing else has any here.
    with django_assert_num_queries(8):
        effect.shares(Placement.objects.all())
