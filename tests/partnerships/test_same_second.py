"""Two who act in the same second, each over a connection of their own."""

import threading

import pytest
from django.db import connection
from django.utils import translation

from contacts.actions import NotNow
from partnerships import drafting, steps
from partnerships.models import Agreement, AgreementStep
from tests.factories import AgreementFactory, WorkplaceFactory, active_agreement

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Do each act in a thread of its own, all begun together; what each came to: "done", or the words of the refusal."""
    start, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def do(at, act):
        try:
            start.wait()
            with translation.override("en"):
                act()
            outcomes[at] = "done"
        except NotNow as refused:
            outcomes[at] = str(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.parametrize("attempt", range(10))
def test_of_two_proposals_at_one_workplace_in_the_same_second_one_stands(owner, attempt):
    here = WorkplaceFactory()
    sister = WorkplaceFactory(company=here.company)
    first = AgreementFactory(workplace=here, owner=owner)
    second = AgreementFactory(workplace=sister, covers_all=True, owner=owner)
    on = first.created_at.date()

    outcomes = at_once(
        lambda: steps.propose(agreement=first, by=owner, on=on),
        lambda: steps.propose(agreement=second, by=owner, on=on),
    )

    assert sorted(outcome == "done" for outcome in outcomes) == [False, True]
    assert any("There already is one of this kind" in outcome for outcome in outcomes)
    assert Agreement.objects.proposed().count() == 1


def test_of_two_who_end_it_in_the_same_second_one_does(owner):
    agreement = active_agreement(owner=owner)

    def end():
        steps.end(agreement=agreement, by=owner, on=agreement.starts_on, why="Over")

    outcomes = at_once(end, end)

    assert sorted(outcome == "done" for outcome in outcomes) == [False, True]
    assert AgreementStep.objects.filter(agreement=agreement, state="ended").count() == 1


def test_two_who_change_it_in_the_same_second_make_two_versions(owner):
    agreement = active_agreement(owner=owner)

    outcomes = at_once(
        lambda: drafting.change(agreement=agreement, by=owner, they_give="One", note="One"),
        lambda: drafting.change(agreement=agreement, by=owner, we_give="Two", note="Two"),
    )

    assert outcomes == ["done", "done"]
    agreement.refresh_from_db()
    assert (agreement.they_give, agreement.we_give) == ("One", "Two")
    assert sorted(agreement.versions.values_list("number", flat=True)) == [1, 2, 3]
