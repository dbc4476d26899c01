"""Sickness absence by quarter: what is kept, who may see it, the figure of a goal, and the chart."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from contacts.actions import NotNow
from jobcenter_crm.staff.roles import CASE_WORKER, CONSULTANT, JOB_CONSULTANT, MANAGER, STEWARD
from partnerships import absence, goals, steps
from partnerships.models import AbsenceFigure, AgreementGoal, last_day_of
from partnerships.refusals import Refused
from tests.conftest import member
from tests.factories import AbsenceFigureFactory, AgreementFactory, WorkplaceFactory, active_agreement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


@pytest.fixture
def agreement(owner):
    return active_agreement(kind="service", owner=owner)


def write(agreement, **facts):
    facts = {
        "workplace": agreement.workplace, "year": 2026, "quarter": 2, "percent": Decimal("5.4"), "employees": 118,
        "source": "Their own", "by": agreement.owner, "today": TODAY,
    } | facts  # fmt: skip
    return absence.write(agreement=agreement, **facts)


# --- What is kept --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"employees": 19}, "employees"),
        ({"quarter": 4}, "quarter"),
        ({"year": 2027, "quarter": 1}, "quarter"),
    ],
)
def test_a_figure_that_may_not_be_kept_is_refused(agreement, facts, field):
    with pytest.raises(Refused) as refused:
        write(agreement, **facts)

    assert refused.value.field == field
    assert not AbsenceFigure.objects.exists()


def test_the_quarter_that_has_just_ended_and_twenty_employees_are_kept(agreement):
    assert write(agreement, quarter=3, employees=20).last_day == date(2026, 9, 30)


def test_only_of_a_workplace_at_which_the_agreement_holds(agreement):
    with pytest.raises(Refused) as refused:
        write(agreement, workplace=WorkplaceFactory())

    assert refused.value.field == "workplace"


def test_only_a_service_agreement_has_figures():
    with pytest.raises(Refused):
        write(AgreementFactory(kind="partnership"))


def test_a_second_figure_of_a_quarter_is_refused_and_the_first_is_told(agreement):
    write(agreement)

    with pytest.raises(Refused, match=r"2nd quarter of 2026 already: 5\.4 %"):
        write(agreement, percent=Decimal(6))


def test_what_a_figure_was_before_is_kept_with_who_wrote_it(agreement, colleague):
    figure = write(agreement)

    absence.change(figure=figure, percent=Decimal("5.9"), employees=120, source="Corrected", by=colleague)

    assert [(one.percent, one.employees, one.history_user) for one in figure.history.all()] == [
        (Decimal("5.9"), 120, colleague),
        (Decimal("5.4"), 118, agreement.owner),
    ]
    with pytest.raises(Refused):
        absence.change(figure=figure, percent=Decimal(5), employees=19, source="Corrected", by=colleague)


def test_nothing_of_one_that_is_over_changes(agreement):
    figure = write(agreement)
    steps.end(agreement=agreement, by=agreement.owner, on=TODAY, why="They move")

    with pytest.raises(NotNow):
        absence.change(figure=figure, percent=Decimal(5), employees=118, source="x", by=agreement.owner)
    with pytest.raises(NotNow):
        write(agreement, quarter=1)


@pytest.mark.parametrize("wrong", [{"employees": 19}, {"percent": Decimal("100.1")}, {"quarter": 5}])
def test_the_database_keeps_no_figure_that_may_not_be(wrong):
    figure = AbsenceFigureFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        AbsenceFigure.objects.filter(pk=figure.pk).update(**wrong)


def test_quarters_that_are_over_are_offered_the_latest_first():
    assert absence.quarters(date(2026, 1, 1))[:5] == [(2025, 4), (2025, 3), (2025, 2), (2025, 1), (2024, 4)]
    assert absence.quarters(date(2026, 12, 31))[0] == (2026, 3)
    assert all(last_day_of(*quarter) < TODAY for quarter in absence.quarters(TODAY))


# --- Who may see it ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "sees"),
    [(CONSULTANT, False), (JOB_CONSULTANT, False), (CASE_WORKER, False), (MANAGER, True), (STEWARD, False)],
)
def test_of_the_others_only_managers_see_it(agreement, person_in, role, sees):
    assert absence.may_see(person_in(role), agreement) is sees


def test_the_responsible_consultant_sees_it(agreement, colleague):
    assert absence.may_see(agreement.owner, agreement)
    assert not absence.may_see(colleague, agreement)


def test_one_who_is_responsible_without_being_a_consultant_does_not():
    steward = member(STEWARD, "somebody")

    assert not absence.may_see(steward, AgreementFactory(kind="service", owner=steward))


# --- The figure of a goal ------------------------------------------------------------------------


def goal(agreement, **facts):
    facts = {"target": 4, "baseline": Decimal("6.0"), "counted_from": date(2026, 3, 1)} | facts
    return AgreementGoal.objects.create(
        agreement=agreement, measure="absence", deadline=date(2027, 3, 1), created_by=agreement.owner, **facts
    )


def actual(agreement, user=None):
    return goals.of_agreement(agreement, TODAY, user)[0]


def test_it_is_the_latest_quarter_with_each_employee_counting_alike(agreement):
    other = WorkplaceFactory(company=agreement.company)
    goal(agreement)
    AbsenceFigureFactory(agreement=agreement, quarter=1, percent=Decimal(9))
    AbsenceFigureFactory(agreement=agreement, quarter=2, percent=Decimal(6), employees=100)
    AbsenceFigureFactory(agreement=agreement, quarter=2, percent=Decimal(3), employees=50, workplace=other)

    progress = actual(agreement)

    assert (progress.actual, progress.percent) == (Decimal("5.0"), 50)
    assert progress.measure.less_is_better


def test_a_quarter_before_the_goal_is_counted_says_nothing(agreement):
    goal(agreement, counted_from=date(2026, 7, 1))
    AbsenceFigureFactory(agreement=agreement, quarter=2)

    assert actual(agreement).actual is None


def test_it_is_hidden_from_those_who_may_not_see_it(agreement, colleague, person_in):
    goal(agreement)
    AbsenceFigureFactory(agreement=agreement)

    assert actual(agreement, agreement.owner).shown == "5.4"
    assert actual(agreement, person_in(MANAGER)).shown == "5.4"
    hidden = actual(agreement, colleague)
    assert (hidden.is_hidden, hidden.actual, hidden.percent) == (True, None, 0)


def test_it_takes_one_statement_however_many_goals(agreement, django_assert_num_queries):
    goal(agreement)
    other = active_agreement(kind="service", owner=agreement.owner)
    goal(other)
    AbsenceFigureFactory(agreement=other)
    rows = list(AgreementGoal.objects.select_related("agreement"))

    with django_assert_num_queries(1):
        goals.progress(rows, TODAY)


def test_it_is_offered_for_service_agreements_only():
    assert "absence" in [measure.name for measure in goals.measures_for("service")]
    assert "absence" not in [measure.name for measure in goals.measures_for("centre")]


# --- The chart -----------------------------------------------------------------------------------


def figures(agreement, *rows, **facts):
    return [
        AbsenceFigureFactory(agreement=agreement, year=year, quarter=quarter, percent=Decimal(percent), **facts)
        for year, quarter, percent in rows
    ]


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_line_runs_from_quarter_to_quarter_and_stops_where_one_is_missing(agreement, language):
    rows = figures(agreement, (2025, 1, "6"), (2025, 2, "5"), (2025, 4, "4.5"), (2026, 1, "4"))

    with translation.override(language):
        chart = absence.draw(rows)

    [line] = chart.lines
    assert len(line.points) == 4
    assert [len(run.split()) for run in line.runs] == [2, 2]
    assert all("," in pair and pair.count(".") == 2 for run in line.runs for pair in run.split())


def test_every_point_lies_within_the_drawing_also_with_a_goal_above(agreement):
    rows = figures(agreement, (2021, 1, "0"), (2026, 2, "37.5"))

    chart = absence.draw(rows, Decimal(40))

    points = [point for line in chart.lines for point in line.points]
    assert all(chart.left <= float(point["x"]) <= chart.right for point in points)
    assert all(0 <= float(point["y"]) <= chart.bottom for point in points)
    assert 0 <= float(chart.goal["y"]) <= chart.bottom
    assert [label["label"] for label in chart.across if label["label"]] == [
        "2021",
        "2022",
        "2023",
        "2024",
        "2025",
        "2026",
    ]


def test_each_workplace_has_a_line_of_its_own_and_the_chart_says_where_it_goes(agreement):
    other = WorkplaceFactory(company=agreement.company, name="Zebra")
    rows = figures(agreement, (2026, 1, "6"), (2026, 2, "5"))
    rows += figures(agreement, (2026, 1, "8"), (2026, 2, "7.5"), workplace=other)

    chart = absence.draw(rows)

    assert [line.number for line in chart.lines] == [1, 2]
    assert "Zebra: 8.0 % in the 1st quarter of 2026, 7.5 % in the 2nd quarter of 2026." in chart.words


def test_six_years_are_drawn_and_a_goal_that_is_no_share_is_not(agreement):
    rows = figures(agreement, (2005, 1, "9"), (2026, 1, "5"), (2026, 2, "4"))

    chart = absence.draw(rows, Decimal(500_000))

    assert [len(line.points) for line in chart.lines] == [2]
    assert (chart.goal, len(chart.down)) == (None, 6)


def test_one_quarter_alone_is_no_line(agreement):
    AbsenceFigureFactory(agreement=agreement)

    assert absence.for_card(agreement, agreement.owner).chart is None


def test_absence_of_nought_is_drawn_on_the_ground(agreement):
    chart = absence.draw(figures(agreement, (2026, 1, "0"), (2026, 2, "0")))

    assert {point["y"] for point in chart.lines[0].points} == {f"{chart.bottom:.1f}"}
