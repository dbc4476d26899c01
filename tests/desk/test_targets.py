"""Targets: what is counted of them, how they stand, and what must always be true of them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from companies import selections
from companies.models import Selection
from contacts.actions import NotNow
from jobcenter_crm.desk.dashboard import checks, targets
from jobcenter_crm.desk.dashboard.counting import Ask, count
from jobcenter_crm.desk.dashboard.figures import SOURCES
from jobcenter_crm.desk.dashboard.measures import MEASURES
from jobcenter_crm.desk.dashboard.realism import Verdict
from jobcenter_crm.desk.dashboard.reckoned import reckon
from jobcenter_crm.desk.models import Target
from jobcenter_crm.staff.actions import switch_staff_figures_on
from jobcenter_crm.staff.roles import MANAGER
from tests.conftest import member
from tests.desk.dashboard import TODAY, asked, rows_behind
from tests.desk.targets import NEXT_YEAR, checked, unset
from tests.factories import (
    EffectFactory,
    InteractionFactory,
    PlacementFactory,
    SlotFactory,
    TargetFactory,
    UserFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

# Counting


def test_many_figures_in_one_statement_are_those_that_the_dashboard_counts(
    town, manager, owner, django_assert_num_queries
):
    here = [asked("", manager), asked(f"team={owner.team_id}&since=2025-02-01", manager), asked("branch=56", manager)]
    figures = [(source, figure) for source in SOURCES for figure in source.figures]
    told = [reckon(one) for one in here]
    asks = [Ask(source, figure.count, one) for one in here for source, figure in figures]
    in_groups = [Ask(source, figure.count, here[0], (1, 3)) for source, figure in figures]

    with django_assert_num_queries(1):
        counted = count([*asks, *in_groups])

    expected = [one.number(figure.name) for one in told for _source, figure in figures]
    expected += [told[0].number(figure.name, 1) + told[0].number(figure.name, 3) for _source, figure in figures]
    assert counted == expected


def test_nothing_asked_is_nothing_counted(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert count([]) == []


@pytest.mark.parametrize("where", ["", "tier=1", "team", "branch=56", "among"])
def test_now_is_the_number_of_the_rows_behind_it(looker, manager, town, owner, where):
    among = None
    if where == "among":
        where, among = (
            "",
            Selection.objects.create(name="Ours", query="tier=1&tier=2", is_shared=True, created_by=owner),
        )
    if where == "team":
        UserFactory.create_batch(4, team=owner.team)
        where = f"team={owner.team_id}"
    dates = {"starts_on": date(2026, 1, 1), "deadline": NEXT_YEAR}
    set_ = [TargetFactory(measure=one, where=where, among=among, baseline=None, **dates) for one in MEASURES]

    told = targets.progress(set_, TODAY)

    assert [one.target.measure for one in told] == list(MEASURES)
    for one in told:
        if one.numbers.now == 0:
            assert one.url == "", one.target.measure
        else:
            assert rows_behind(looker, one.url) == one.numbers.now, one.target.measure
    assert any(one.numbers.now for one in told)


@pytest.mark.parametrize("measure", ["started", "hosts", "contacts"])
def test_the_baseline_is_the_number_of_the_rows_behind_it(looker, town, manager, measure):
    target = unset(measure, manager, starts_on=date(2026, 11, 1), deadline=date(2028, 10, 31), goal=Decimal(0))
    checks.save(target=target, found=checked(target), by=manager, today=TODAY)

    (told,) = targets.progress([target], TODAY)

    assert target.baseline > 0
    assert rows_behind(looker, told.baseline_url) == target.baseline


def test_a_placement_that_came_to_nothing_gives_no_host_and_neither_does_its_row(looker):
    PlacementFactory()
    PlacementFactory(starts_on=TODAY, withdrawn_on=TODAY, end_reason="declined")
    target = TargetFactory(measure="hosts", starts_on=date(2026, 1, 1), deadline=NEXT_YEAR, goal=50)

    (told,) = targets.progress([target], TODAY)

    assert (told.numbers.now, rows_behind(looker, told.url)) == (1, 1)


def test_hosts_of_a_period_that_is_to_come_are_none_yet():
    PlacementFactory(starts_on=date(2027, 1, 1), planned_end=date(2027, 3, 1))
    target = TargetFactory(measure="hosts", starts_on=date(2027, 1, 1), deadline=NEXT_YEAR, goal=50)

    (told,) = targets.progress([target], TODAY)

    assert (told.numbers.now, told.url) == (0, "")


def test_several_groups_are_one_list_of_workplaces(looker, town):
    target = TargetFactory(measure="in_year", where="tier=1&tier=2&tier=3", baseline=None)

    (told,) = targets.progress([target], TODAY)

    assert told.scope.in_words == "groups 1–3"
    assert rows_behind(looker, told.url) == told.numbers.now


def test_a_dashboard_counts_its_targets_in_two_statements(town, manager, owner):
    for number, measure in enumerate(MEASURES):
        TargetFactory(measure=measure, deadline=NEXT_YEAR + timedelta(days=number))
    TargetFactory(where=f"team={owner.team_id}")
    TargetFactory(ended_on=TODAY, ended_by=owner, ended_why="Done")
    here = asked("", manager)
    reckon(here, manager.has_perm)

    with CaptureQueriesContext(connection) as asked_for:
        told = targets.for_dashboard(here, manager)
        assert [(one.now, one.verdict) for one in told.progress]

    assert len(asked_for) == 2
    assert (len(told.progress), told.elsewhere) == (len(MEASURES), 1)


def test_a_dashboard_of_a_team_shows_the_targets_of_the_team(manager, owner):
    UserFactory.create_batch(4, team=owner.team)
    ours = TargetFactory(where=f"team={owner.team_id}&tier=1")
    TargetFactory()

    told = targets.for_dashboard(asked(f"team={owner.team_id}", manager), manager)

    assert [one.target for one in told.progress] == [ours]
    assert told.elsewhere == 1


def test_nobody_without_the_permission_is_shown_targets(owner, manager):
    TargetFactory()

    assert targets.for_dashboard(asked("", owner), owner) is None


# Progress


@pytest.mark.parametrize(
    ("measure", "baseline", "goal", "now", "percent", "is_reached"),
    [
        ("started", 100, 240, 60, 25, False),
        ("active", 100, 240, 170, 50, False),
        ("active", 100, 240, 240, 100, True),
        ("active", 100, 240, 80, 0, False),
        ("never", 100, 40, 70, 50, False),
        ("never", 100, 40, 30, 100, True),
        ("active", 100, 100, 90, None, False),
        ("active", None, 100, 90, None, False),
    ],
)
def test_how_much_of_the_way_has_been_gone(measure, baseline, goal, now, percent, is_reached):
    target = TargetFactory(measure=measure, baseline=baseline, goal=goal)
    told = targets.Progress(target, targets.Scope({}, (), None), targets.Numbers(now, None, now), TODAY)

    assert (told.percent_of_way, told.is_reached) == (percent, is_reached)


@pytest.mark.parametrize(
    ("today", "percent"), [(date(2026, 10, 1), 0), (date(2027, 11, 1), 50), (date(2030, 1, 1), 100)]
)
def test_how_much_of_the_time_has_gone(today, percent):
    told = targets.Progress(TargetFactory(), targets.Scope({}, (), None), None, today)

    assert told.percent_of_time == percent


def test_a_share_of_fewer_than_five_placements_is_not_told(manager):
    EffectFactory.create_batch(4, self_supporting=True)
    target = unset("supporting", manager, starts_on=date(2026, 1, 1), goal=Decimal(20))

    found = checked(target)
    checks.save(target=target, found=found, by=manager, today=TODAY)
    (told,) = targets.progress([target], TODAY)

    assert (told.value, told.now, told.url) == (None, "", "")
    assert found.verdict == Verdict.UNKNOWN
    assert (found.realism.way.now, found.realism.way.of) == (0, 0)


def test_a_team_that_is_gone_is_said_and_nothing_is_counted():
    target = TargetFactory(where="team=999")

    (told,) = targets.progress([target], TODAY)

    assert told.scope.problems
    assert told.numbers is None
    assert (told.now, told.url, told.realism, told.scope.in_words) == ("", "", None, "")


@pytest.mark.parametrize("people", [1, 4])
def test_a_team_that_has_become_small_is_told_of_no_more(owner, people):
    UserFactory.create_batch(people - 1, team=owner.team)
    InteractionFactory(workplace=WorkplaceFactory(owner=owner), on=date(2026, 11, 20))
    open_one = TargetFactory(measure="contacts", where=f"team={owner.team_id}", baseline=17)
    ended = TargetFactory(where=f"team={owner.team_id}", ended_on=TODAY, ended_by=owner, ended_why="Done", ended_with=9)

    for told in targets.progress([open_one, ended], TODAY):
        assert "Figures are told of five people and more." in told.scope.problems[0]
        assert (told.start, told.now, told.url, told.promised, told.is_reached) == ("", "", "", None, None)


def test_a_selection_of_one_colleague_is_told_of_by_no_target_however_it_is_switched(owner, manager):
    switch_staff_figures_on(since=TODAY, reference="Works committee", by=manager)
    selection = Selection.objects.create(name="Hers", query=f"owner={owner.pk}", is_shared=True, created_by=manager)

    (told,) = targets.progress([TargetFactory(measure="contacts", among=selection, baseline=17)], TODAY)

    assert told.scope.is_hidden
    assert (told.start, told.now) == ("", "")


def test_after_the_deadline_what_came_later_does_not_count():
    slot = SlotFactory()
    for day in (date(2026, 11, 2), date(2026, 11, 10), date(2026, 11, 20)):
        PlacementFactory(slot=slot, starts_on=day)
    target = TargetFactory(deadline=date(2026, 11, 12), goal=3)

    (told,) = targets.progress([target], TODAY)

    assert (told.value, told.is_over, told.is_reached, told.realism) == (2, True, False, None)


# What must be true


def test_ending_keeps_what_it_had_come_to(manager):
    WorkplaceFactory()
    target = TargetFactory(measure="never", goal=1)

    ended = targets.end(target=target, why="Enough", by=manager, today=TODAY)
    WorkplaceFactory()
    (told,) = targets.progress([ended], TODAY)

    assert (ended.ended_with, ended.is_reached, ended.ended_by, told.now) == (1, True, manager, "1")
    with pytest.raises(NotNow):
        targets.end(target=target, why="Again", by=manager, today=TODAY)
    with pytest.raises(NotNow):
        checks.save(target=target, found=checked(target), by=manager, today=TODAY)


@pytest.mark.parametrize(
    "facts",
    [
        {"deadline": date(2026, 11, 1)},
        {"goal": -1},
        {"baseline": -1},
        {"baseline_since": date(2026, 1, 1)},
        {"baseline_since": date(2026, 2, 1), "baseline_until": date(2026, 1, 1)},
        {"comparison": 5},
        {"comparison": 5, "comparison_on": date(2026, 1, 1)},
        {"comparison_source": "A book"},
        {"verdict": "incoherent"},
        {"ended_on": date(2026, 11, 2)},
        {"ended_why": "For fun"},
    ],
)
def test_the_database_refuses_what_can_not_be(facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetFactory(**facts)


def test_the_same_is_not_promised_twice(owner):
    selection = Selection.objects.create(name="Ours", query="tier=1", is_shared=True, created_by=owner)
    TargetFactory(ended_on=TODAY, ended_by=owner, ended_why="Anew")
    TargetFactory()
    TargetFactory(among=selection)

    for among in (None, selection):
        with pytest.raises(IntegrityError), transaction.atomic():
            TargetFactory(among=among)


def test_a_selection_that_a_target_is_about_stays(owner):
    selection = Selection.objects.create(name="Ours", query="tier=1", is_shared=True, created_by=owner)
    target = TargetFactory(among=selection)

    with pytest.raises(selections.InUse) as refused:
        selections.delete(selection, by=owner)

    assert refused.value.uses == [target]
    assert str(target) == "Placements begun: 240 by 31 October 2028"


def test_every_measure_is_a_figure_with_a_list(manager):
    assert all(measure.source.url_name and measure.words and measure.figure.meaning for measure in MEASURES.values())
    assert all(len(name) <= Target._meta.get_field("measure").max_length for name in MEASURES)
    assert member(MANAGER, "another").has_perm(targets.VIEW)


# How it is told


@pytest.mark.parametrize(
    ("facts", "now", "key", "label", "behind"),
    [
        ({}, 0, "unknown", "Can't be said", "In the last twelve months there was none, so there is nothing to compare with."),
        ({"goal": 3}, 3, "reached", "Reached", ""),
        ({"deadline": date(2026, 11, 23)}, 3, "missed", "Not reached", "the deadline has passed: end it, or give it another"),
        ({"deadline": date(2026, 11, 23), "goal": 3}, 3, "reached", "Reached", ""),
        ({"ended_with": 3}, 3, "missed", "Not reached", "ended on 24 November 2026: Enough"),
        ({"ended_with": 300}, 3, "reached", "Reached", "ended on 24 November 2026: Enough"),
        ({"ended_with": None}, 3, "unknown", "Not counted", "ended on 24 November 2026: Enough"),
    ],
)  # fmt: skip
def test_how_a_target_stands_is_icon_word_and_the_sum_behind_it(owner, facts, now, key, label, behind):
    if "ended_with" in facts:
        facts = facts | {"ended_on": TODAY, "ended_by": owner, "ended_why": "Enough"}
    grounds = {"way": None, "grounds": {"gained": 0, "hours": 22, "minutes": 60}}
    target = TargetFactory(grounds=grounds, **facts)

    told = targets.Progress(target, targets.Scope({}, (), None), targets.Numbers(now, None, now), TODAY)

    assert told.state == targets.State(key, label, behind)


def test_what_is_reached_but_will_lapse_says_so(owner):
    grounds = {"way": None, "grounds": {"gained": 80, "best_month": 9, "hours": 22, "minutes": 60, "within": 365}}
    target = TargetFactory(measure="in_year", goal=50, deadline=NEXT_YEAR, grounds=grounds)

    told = targets.Progress(target, targets.Scope({}, (), None), targets.Numbers(60, 100, 0), TODAY)

    assert told.state == targets.State(
        "reached", "Reached", "but by the deadline: needs 50 in 52 weeks; the last year gave 80 in as many"
    )
