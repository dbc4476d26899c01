"""Taking over workplaces that nobody is responsible for, and letting go of one's own."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from companies import actions
from tests.factories import WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TAKE, RELEASE = "/due/take/", "/due/release/"


@pytest.fixture
def client(client_for, owner):
    return client_for(owner)


def owners(*places):
    for place in places:
        place.refresh_from_db()
    return [place.owner for place in places]


def undo_of(answer):
    (message,) = answer.context["messages"]
    return message.extra_tags.removeprefix("undo:").split(" ")[0]


def test_those_that_are_free_become_mine_and_who_was_quicker_is_said(client, owner, colleague):
    free, theirs, mine = WorkplaceFactory(), WorkplaceFactory(owner=colleague), WorkplaceFactory(owner=owner)

    answer = client.post(TAKE, {"at": [free.pk, theirs.pk, mine.pk]}, follow=True)

    assert owners(free, theirs, mine) == [owner, colleague, owner]
    assert f"You are now responsible for {free.name}." in answer.text
    assert f"Carl Colleague is responsible for {theirs.name} already." in answer.text
    assert free.history.first().history_user == owner


def test_when_a_colleague_was_quicker_nothing_happens(client, colleague):
    theirs = WorkplaceFactory(owner=colleague)

    answer = client.post(TAKE, {"at": theirs.pk, "next": "/due/?whose=nobody"}, follow=True)

    assert owners(theirs) == [colleague]
    assert f"Carl Colleague is responsible for {theirs.name} already." in answer.text
    assert "Undo" not in answer.text
    assert answer.redirect_chain[-1][0] == "/due/?whose=nobody"


def test_what_was_merged_meanwhile_is_taken_with_what_was_kept(owner):
    kept = WorkplaceFactory()
    merged = WorkplaceFactory(merged_into=kept)

    actions.take(workplaces=[merged], by=owner)

    assert owners(kept, merged) == [owner, None]


def test_several_are_shown_before_they_are_taken(client, colleague):
    free, theirs = WorkplaceFactory(name="Free"), WorkplaceFactory(owner=colleague)

    text = client.get(f"{TAKE}?at={free.pk}&at={theirs.pk}").text

    assert "1 workplace that nobody is responsible for:" in text
    assert "Carl Colleague is responsible: stays as it is." in text


def test_one_lets_go_of_ones_own_and_why_stands_in_the_history(client, owner, colleague):
    mine, theirs = WorkplaceFactory(owner=owner), WorkplaceFactory(owner=colleague)

    answer = client.post(RELEASE, {"at": [mine.pk, theirs.pk], "why": "Too far to drive"}, follow=True)

    assert owners(mine, theirs) == [None, colleague]
    assert mine.history.first().history_change_reason == "Too far to drive"
    assert f"Nobody is responsible for {mine.name} now." in answer.text


@pytest.mark.parametrize(("why", "words"), [("", "Fill this in."), ("010190-1234", "The text holds a CPR number.")])
def test_without_a_reason_it_stays_mine(client, owner, why, words):
    mine = WorkplaceFactory(owner=owner)

    answer = client.post(RELEASE, {"at": mine.pk, "why": why})

    assert answer.status_code == 422
    assert words in answer.text
    assert f'name="at" value="{mine.pk}"' in answer.text
    assert owners(mine) == [owner]


def test_both_can_be_undone(client, owner):
    one, other = WorkplaceFactory(), WorkplaceFactory(owner=owner)
    taken = undo_of(client.post(TAKE, {"at": one.pk}, follow=True))
    released = undo_of(client.post(RELEASE, {"at": other.pk, "why": "Far"}, follow=True))

    client.post(taken)
    answer = client.post(released, follow=True)

    assert owners(one, other) == [None, owner]
    assert "Undone for 1 workplace." in answer.text


def test_an_undo_leaves_what_a_colleague_has_done_since(client, owner, colleague):
    mine = WorkplaceFactory(owner=owner)
    undo = undo_of(client.post(RELEASE, {"at": mine.pk, "why": "Far"}, follow=True))
    actions.take(workplaces=[mine], by=colleague)

    answer = client.post(undo, follow=True)

    assert owners(mine) == [colleague]
    assert "It can only be undone within ten minutes" in answer.text


def test_an_undo_is_for_ten_minutes_and_for_its_own_act(client, owner, today):
    place = WorkplaceFactory()
    undo = undo_of(client.post(TAKE, {"at": place.pk}, follow=True))

    client.post(undo.replace("/due/undo/", reverse("contacts:plan_several_undo")))
    today.shift(timedelta(minutes=11))
    client.post(undo)

    assert owners(place) == [owner]


def test_nothing_ticked_is_said(client):
    for page in (TAKE, RELEASE, "/due/plan/"):
        assert "No workplace is ticked. Go back, and tick those you mean." in client.get(page).text


def test_a_workplace_that_has_ceased_is_not_taken(client):
    ceased = WorkplaceFactory(ceased_on=date(2026, 11, 1))

    client.post(TAKE, {"at": ceased.pk})

    assert owners(ceased) == [None]
