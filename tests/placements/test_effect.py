"""What came of placements: asked, written, taken back, told in shares, and whose it was forgotten."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from companies.models import TargetGroup
from contacts.actions import NotNow
from contacts.models import FollowUp
from placements import effect
from placements.models import Effect, Placement
from tests.factories import (
    CompanyCentreFactory,
    EffectFactory,
    PlacementFactory,
    SlotFactory,
    UserFactory,
    WorkplaceFactory,
)

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


def labels(shares):
    return {str(heading): [(one.label, one.known) for one in some] for heading, some in shares.groups}


def test_shares_are_told_by_employer_group_branch_measure_and_target_group():
    """
    slot   employer  group  target group  known  unknown
    big    Big       1      first              5        1
    small  Small     2      none               5        0
    few    Few       none   none               2        2
    fewer  Fewer     none   none               3        0
    """
    group = TargetGroup.objects.first()
    big, small = SlotFactory(workplace=WorkplaceFactory(tier=1)), SlotFactory(workplace=WorkplaceFactory(tier=2))
    few, fewer = SlotFactory(), SlotFactory()
    big.target_groups.add(group)
    outcomes(big, "job", "job", "hours", "none", "education", "unknown")
    outcomes(small, *["job"] * 5)
    outcomes(few, "job", "none", "unknown", "unknown")
    outcomes(fewer, *["none"] * 3)

    shares = effect.shares(Placement.objects.all())

    assert (shares.whole.number, shares.whole.known, shares.whole.unknown) == (18, 15, 3)
    assert labels(shares) == {
        "By employer": [(str(big.workplace.company), 5), (str(small.workplace.company), 5), ("Others", 5)],
        "By group": [("Group 1", 5), ("Group 2", 5), ("Others", 5)],
        "By branch": [],
        "By measure": [("Work placement", 15)],
        "By the target groups of the place": [(group.name, 5)],
    }
    told = shares.groups[0][1]
    assert [(number, percent) for _words, number, percent in told[0].parts] == [(2, 40), (1, 20), (1, 20), (1, 20)]
    assert [(number, percent) for _words, number, percent in told[2].parts] == [(1, 20), (0, 0), (0, 0), (4, 80)]


def test_a_group_is_hidden_where_the_whole_less_it_would_tell_of_few():
    """Of the whole of 9 the employer with 5 would leave the 4 of the other one."""
    outcomes(SlotFactory(workplace=WorkplaceFactory(tier=1)), *["job"] * 5)
    outcomes(SlotFactory(workplace=WorkplaceFactory(tier=2)), "job", "job", "job", "none", "unknown")

    told = labels(effect.shares(Placement.objects.all()))

    assert (told["By employer"], told["By group"], told["By measure"]) == ([], [], [("Work placement", 9)])


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

    # What came of them by slot, the target groups of those, and the names of employers and measures; nothing else has any.
    with django_assert_num_queries(4):
        effect.shares(Placement.objects.all())


class TestOfACentre:
    """The centre's own result, beside the one of the first project."""

    @pytest.fixture
    def centre(self):
        return CompanyCentreFactory().agreement

    def told(self, agreement, *self_supporting):
        slot = SlotFactory(agreement=agreement)
        for one in self_supporting:
            EffectFactory(placement=ended(on=date(2026, 9, 30), slot=slot), self_supporting=one)

    def test_of_five_and_more_it_is_told_beside_the_reference(self, centre, client_for, owner):
        self.told(centre, True, False, False, None)
        self.told(centre, False, False, True, None)
        self.told(None, True, True)

        text = client_for(owner).get(centre.get_absolute_url()).text

        # Two of the six of whom it was said.
        assert "<strong>33 %</strong> here: of the 6 of whom it is known" in text
        assert "14.4 %" in text

    def test_of_fewer_it_is_not_told(self, centre, client_for, owner):
        self.told(centre, True, True, True, True, None)

        text = client_for(owner).get(centre.get_absolute_url()).text

        assert "is told when it is known of at least 5" in text
        assert "100 %" not in text

    def test_who_may_not_see_what_came_of_placements_is_told_nothing(self, centre, client_for, person_in):
        self.told(centre, *[True] * 5)

        text = client_for(person_in("Data steward")).get(centre.get_absolute_url()).text

        assert "reference-own" not in text
