"""Barriers: how often each was met, the rows behind each number, and the answers."""

from datetime import date

import pytest
from django.http import QueryDict
from django.urls import reverse

from companies.filters import WorkplaceFilter
from companies.models import Workplace
from contacts import barriers
from contacts.answers import ANSWERS, load_answers
from contacts.models import BarrierAnswer, Interaction
from jobcenter_crm.staff.roles import MANAGER
from tests.factories import InteractionFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


def meet(barrier, workplace=None, on=date(2026, 11, 17), **facts):
    workplace = workplace or WorkplaceFactory(**facts)
    InteractionFactory(workplace=workplace, outcome="not_now", barrier=barrier, on=on)
    return workplace


@pytest.fixture
def told():
    """Something of each kind that could be counted wrongly."""
    twice = meet("no_time", tier=1)
    meet("no_time", twice, on=date(2026, 10, 1))
    meet("rules", twice)
    meet("no_time", tier=3)
    meet("no_time", tier=None)
    meet("rules", tier=2, on=date(2026, 2, 1))
    meet("rules", tier=2, on=date(2025, 11, 23))
    meet("other", tier=4, ceased_on=date(2026, 11, 20))
    InteractionFactory(workplace=WorkplaceFactory(tier=1), outcome="interested")
    merged = meet("bad_experience", tier=1)
    Workplace.everything.filter(pk=merged.pk).update(merged_into=twice.pk)


def met(months=12):
    return barriers.told(barriers.count(TODAY, months), months)


def counted(months=12):
    rows, every = met(months)
    return {
        row.barrier: ([cell.count for cell in row.cells], row.total.count) for row in [*rows, *filter(None, [every])]
    }


@pytest.mark.usefixtures("told")
def test_workplaces_are_counted_once_for_each_barrier_and_once_in_all():
    assert counted() == {
        "no_time": ([1, 0, 1, 0, 1], 3),
        "rules": ([1, 1, 0, 0, 0], 2),
        "any": ([1, 1, 1, 0, 1], 4),
    }
    assert counted(3) == {
        "no_time": ([1, 0, 1, 0, 1], 3),
        "rules": ([1, 0, 0, 0, 0], 1),
        "any": ([1, 0, 1, 0, 1], 3),
    }


def test_where_nothing_was_met_there_is_nothing_to_count():
    assert met() == ([], None)


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("months", barriers.SPANS)
def test_each_number_opens_exactly_its_rows(client_for, owner, months):
    rows, every = met(months)
    client = client_for(owner)
    numbers = [cell for row in [*rows, every] for cell in [*row.cells, row.total]]

    opened = [(cell.url, client.get(cell.url).context) for cell in numbers]

    assert [context["problems"] for _url, context in opened] == [[]] * len(numbers)
    assert [len(context["workplaces"]) for _url, context in opened] == [cell.count for cell in numbers]


@pytest.mark.parametrize("rows", [1, 20])
def test_counting_is_one_statement(rows, django_assert_num_queries):
    for number in range(rows):
        meet(Interaction.Barrier.values[number % 8], tier=number % 4 + 1)

    with django_assert_num_queries(1):
        met()


@pytest.mark.usefixtures("told")
def test_the_filter_says_what_it_asks():
    from django.http import QueryDict

    asked = WorkplaceFilter(
        QueryDict("barrier=no_time&barrier_months=3"), Workplace.objects.all(), today=TODAY, user=None
    )
    usual = WorkplaceFilter(QueryDict("barrier=any"), Workplace.objects.all(), today=TODAY, user=None)
    lost = WorkplaceFilter(QueryDict("barrier_months=3"), Workplace.objects.all(), today=TODAY, user=None)
    unknown = WorkplaceFilter(QueryDict("barrier=rain"), Workplace.objects.all(), today=TODAY, user=None)

    assert [chip["text"] for chip in asked.chips()] == ["Barrier met: No time, 3 months"]
    assert [chip["text"] for chip in usual.chips()] == ["Barrier met: Any barrier, 12 months"]
    assert usual.rows().count() == 4
    assert asked.rule_problems() == []
    assert lost.problems() == [
        "“Barrier met within, months” says nothing without “Barrier met”. Fill in both, or neither."
    ]
    assert len(unknown.problems()) == 1


# --- The answers -------------------------------------------------------------------------------


def test_each_barrier_has_an_answer_in_both_languages():
    answers = BarrierAnswer.objects.in_bulk()

    assert set(answers) == set(Interaction.Barrier.values) == set(ANSWERS)
    assert all(answer.answer_da and answer.answer_en for answer in answers.values())


def test_loading_again_leaves_what_managers_wrote():
    BarrierAnswer.objects.filter(barrier="rules").update(answer_da="Vores eget")
    BarrierAnswer.objects.filter(barrier="no_time").delete()

    load_answers()

    assert BarrierAnswer.objects.get(barrier="rules").answer_da == "Vores eget"
    assert BarrierAnswer.objects.count() == 8


def test_a_manager_changes_an_answer_and_colleagues_see_it(client_for, person_in, owner):
    manager = person_in(MANAGER)
    address = reverse("contacts:barrier", args=["rules"])

    answer = client_for(manager).post(address, {"answer_da": "Vi skriver det hele.", "answer_en": "We write it all."})
    log = client_for(owner).get(reverse("contacts:log"), {"workplace": WorkplaceFactory().pk})

    assert answer.url == reverse("desk:barriers")
    assert BarrierAnswer.objects.get(barrier="rules").history.latest("history_id").history_user == manager
    assert "We write it all." in log.text
    assert client_for(owner).get(address).status_code == 403


@pytest.mark.parametrize("typed", ["", " ", "Ring til 010190-1234", "x" * 1001])
def test_an_answer_that_will_not_do_is_refused_and_the_rest_kept(client_for, person_in, typed):
    address = reverse("contacts:barrier", args=["rules"])

    answer = client_for(person_in(MANAGER)).post(address, {"answer_da": typed, "answer_en": "We write it all."})

    assert answer.status_code == 422
    assert answer.context["form"].errors["answer_da"]
    assert "We write it all.</textarea>" in answer.text
    assert BarrierAnswer.objects.get(barrier="rules").answer_en != "We write it all."


def test_the_register_finds_those_that_met_a_barrier_on_the_days_that_are_named(owner):
    inside = meet("no_time", on=date(2026, 3, 31))
    meet("no_time", on=date(2026, 4, 1))
    meet("no_time", on=date(2025, 12, 31))
    meet("rules", on=date(2026, 2, 1))

    asked = WorkplaceFilter(
        QueryDict("barrier=no_time&barrier_from=2026-01-01&barrier_until=2026-03-31"),
        Workplace.objects.all(), today=TODAY, user=owner,
    )  # fmt: skip

    assert set(asked.rows()) == {inside}
    assert [str(chip["text"]) for chip in asked.chips()] == ["Barrier met: No time, 01/01/2026 – 31/03/2026"]


def test_days_without_a_barrier_are_half_a_question(owner):
    asked = WorkplaceFilter(QueryDict("barrier_from=2026-01-01"), Workplace.objects.all(), today=TODAY, user=owner)

    assert "says nothing without" in asked.problems()[0]
