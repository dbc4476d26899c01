"""Punch cards: a clip is used once, never one too many, and what is taken back is there again."""

import threading
import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from contacts.actions import NotNow
from jobcenter_crm.staff.roles import MANAGER
from partnerships import punch_cards, steps
from partnerships.models import Punch, PunchCard
from partnerships.refusals import Refused
from tests.factories import AgreementFactory, PunchCardFactory, PunchFactory, UserFactory, active_agreement

TODAY = date(2026, 11, 24)


@pytest.fixture
def card(db, today):
    return PunchCardFactory()


def punch(card, **facts):
    facts = {"expert": "therapist", "on": TODAY, "used_for": "Lifting", "by": card.created_by} | facts
    return punch_cards.punch(card=card, **facts)


def used(card):
    card.refresh_from_db()
    return card.used


def test_a_clip_is_used_for_something_by_somebody_with_somebodys_help(card, owner):
    clip = punch(card, helper="Nanna", by=owner)

    assert (clip.get_expert_display(), clip.on, clip.used_for, clip.helper, clip.by) == (
        "Occupational therapist",
        TODAY,
        "Lifting",
        "Nanna",
        owner,
    )
    assert used(card) == 1
    assert card.left == 9


def test_the_same_form_sent_twice_uses_one_clip(card):
    token = uuid.uuid4()

    first, second = punch(card, token=token), punch(card, token=token)

    assert first == second
    assert used(card) == 1


def test_the_form_that_used_the_last_clip_can_be_sent_again(card):
    PunchCard.objects.update(clips=1)
    token = uuid.uuid4()

    assert punch(card, token=token) == punch(card, token=token)


def test_a_card_that_is_used_up_says_so_and_takes_nothing(card):
    PunchCard.objects.update(used=10)

    with pytest.raises(Refused, match="all 10 are used"):
        punch(card)

    assert used(card) == 10
    assert not Punch.objects.exists()


REFUSED = [
    ({"expert": "social"}, "expert", "does not hold help"),
    ({"on": date(2026, 2, 28)}, "on", "begins on 1 March 2026"),
    ({"on": date(2027, 3, 1)}, "on", "expired on 28 February 2027"),
]


@pytest.mark.parametrize(("facts", "field", "words"), REFUSED)
def test_what_the_card_does_not_hold_is_refused_and_the_clip_stays(card, facts, field, words):
    with pytest.raises(Refused, match=words) as refused:
        punch(card, **facts)

    assert refused.value.field == field
    assert used(card) == 0


def test_on_its_last_day_a_card_holds(card):
    assert punch(card, on=date(2027, 2, 28)).card == card


def test_a_clip_is_only_used_while_the_agreement_is_active(card):
    steps.end(agreement=card.agreement, by=card.created_by, on=TODAY, why="They move")

    with pytest.raises(Refused, match="while the agreement is active"):
        punch(card)

    assert used(card) == 0


def test_the_database_lets_no_card_pass_its_clips(card):
    with pytest.raises(IntegrityError), transaction.atomic():
        PunchCard.objects.update(used=11)


# --- Taken back ----------------------------------------------------------------------------------


def test_its_author_takes_a_clip_back_within_ten_minutes(card, owner, today):
    clip = punch(card, by=owner)
    today.shift(timedelta(minutes=9))

    punch_cards.take_back(punch=clip, by=owner)

    clip.refresh_from_db()
    assert (clip.is_standing, clip.taken_back_by, used(card)) == (False, owner, 0)


def test_later_or_for_somebody_else_only_a_manager_does(card, owner, colleague, person_in, today):
    manager, clip = person_in(MANAGER), punch(card, by=owner)
    with pytest.raises(NotNow):
        punch_cards.take_back(punch=clip, by=colleague)
    today.shift(timedelta(minutes=11))
    with pytest.raises(NotNow):
        punch_cards.take_back(punch=clip, by=owner)
    assert used(card) == 1

    punch_cards.take_back(punch=clip, by=manager)

    assert used(card) == 0


def test_a_clip_is_taken_back_once(card, person_in):
    manager, clip = person_in(MANAGER), punch(card)
    punch(card)
    stale = Punch.objects.get(pk=clip.pk)
    punch_cards.take_back(punch=clip, by=manager)

    with pytest.raises(NotNow, match="already"):
        punch_cards.take_back(punch=stale, by=manager)

    assert used(card) == 1


# --- Made and put right --------------------------------------------------------------------------


def make(agreement, **facts):
    facts = {
        "clips": 10, "experts": ["job", "therapist"], "issued_on": TODAY, "expires_on": punch_cards.usual_end(TODAY),
        "by": agreement.owner,
    } | facts  # fmt: skip
    return punch_cards.make(agreement=agreement, **facts)


def test_a_card_is_made_once_however_often_its_form_is_sent(db, today):
    agreement, token = active_agreement(kind="service"), uuid.uuid4()

    card = make(agreement, token=token)

    assert make(agreement, token=token) == card
    assert (card.clips, card.used, card.experts) == (10, 0, ["therapist", "job"])
    assert card.history.get().history_user == agreement.owner


@pytest.mark.parametrize("facts", [{"kind": "partnership"}, {"kind": "service", "state": "declined"}])
def test_only_a_service_agreement_that_is_not_over_gets_a_card(db, today, facts):
    with pytest.raises(Refused):
        make(AgreementFactory(**facts))


def test_a_card_is_put_right_but_not_so_that_a_used_clip_was_never_there(card):
    PunchFactory.create_batch(2, card=card, expert="job", on=date(2026, 11, 20))
    right = {"clips": 10, "experts": ["job"], "issued_on": date(2026, 3, 1), "expires_on": date(2027, 2, 28)}
    wrong = [
        ("clips", 1),
        ("experts", ["therapist"]),
        ("issued_on", date(2026, 11, 21)),
        ("expires_on", date(2026, 11, 19)),
    ]

    for field, value in wrong:
        with pytest.raises(Refused) as refused:
            punch_cards.change(card=card, by=card.created_by, **right | {field: value})
        assert refused.value.field == field
    changed = punch_cards.change(card=card, by=card.created_by, **right | {"clips": 2})

    assert (changed.left, changed.experts, changed.history.count()) == (0, ["job"], 2)


def test_a_card_says_when_it_is_over_and_when_it_soon_will_be(card):
    card.expires_on = TODAY + timedelta(days=30)
    assert card.expires_soon(TODAY)
    assert not card.is_over(TODAY)
    assert not card.expires_soon(TODAY - timedelta(days=1))
    assert card.is_over(TODAY + timedelta(days=31))
    card.used = 10
    assert card.is_over(TODAY)
    assert not card.expires_soon(TODAY)


# --- Whatever is done, in whatever order -----------------------------------------------------------


class TestPunches(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(
        clips=st.integers(1, 4),
        acts=st.lists(
            st.tuples(st.sampled_from(["punch", "again", "take back", "grow"]), st.integers(0, 6)), max_size=14
        ),
    )
    def test_what_is_used_is_what_stands_and_never_above_the_clips(self, clips, acts):
        cache.clear()
        with time_machine.travel("2026-11-24 09:30+01:00", tick=False), translation.override("en"):
            card, done, tokens = PunchCardFactory(clips=clips), [], []
            for act, which in acts:
                try:
                    if act == "punch":
                        tokens.append(uuid.uuid4())
                        done.append(punch(card, token=tokens[-1], expert=["therapist", "job", "social"][which % 3]))
                    elif act == "again" and tokens:
                        punch(card, token=tokens[which % len(tokens)])
                    elif act == "take back" and done:
                        clip = Punch.objects.get(pk=done[which % len(done)].pk)
                        punch_cards.take_back(punch=clip, by=clip.by)
                    elif act == "grow":
                        card.refresh_from_db()
                        punch_cards.change(
                            card=card, clips=max(1, which), experts=["therapist", "job"], issued_on=card.issued_on,
                            expires_on=card.expires_on, by=card.created_by,
                        )  # fmt: skip
                except NotNow:
                    pass
                card.refresh_from_db()
                assert card.used == Punch.objects.filter(card=card, taken_back_at=None).count() <= card.clips


# --- Two at once ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_the_last_clip_at_once_one_does_and_the_other_is_told():
    """Two hundred times, each with a connection of its own."""
    by = UserFactory()
    active = active_agreement(kind="service", owner=by)
    cards = [
        PunchCard.objects.create(
            agreement=active, clips=2, used=1, experts=["job"], issued_on=TODAY, expires_on=TODAY, created_by=by
        )
        for _one in range(200)
    ]
    start, outcomes = threading.Barrier(2), []

    def use_them(name):
        try:
            with translation.override("en"):
                for card in cards:
                    start.wait(30)
                    try:
                        punch(card, expert="job", used_for=name, by=by)
                        outcomes.append((card.pk, "used"))
                    except NotNow as told:
                        outcomes.append((card.pk, str(told)))
        finally:
            connection.close()

    threads = [threading.Thread(target=use_them, args=[name]) for name in ("one", "the other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    told = "No clip is left on this card: all 2 are used. Nothing was written."
    assert sorted(outcomes) == sorted((card.pk, said) for card in cards for said in ("used", told))
    assert Punch.objects.count() == 200
    assert set(PunchCard.objects.values_list("used", flat=True)) == {2}


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_once_uses_one_clip():
    by = UserFactory()
    active = active_agreement(kind="service", owner=by)
    card = PunchCardFactory(agreement=active, clips=50)
    start, outcomes = threading.Barrier(2), []

    def send(tokens):
        try:
            for token in tokens:
                start.wait(30)
                outcomes.append(punch(card, token=token, by=by).pk)
        finally:
            connection.close()

    tokens = [uuid.uuid4() for _one in range(50)]
    threads = [threading.Thread(target=send, args=[tokens]) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outcomes) == 100
    assert len(set(outcomes)) == 50
    assert used(card) == 50


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_one_clip_back_at_once_one_does():
    manager = UserFactory(is_superuser=True)
    card = PunchCardFactory(clips=60, agreement=active_agreement(kind="service", owner=manager))
    clips = PunchFactory.create_batch(50, card=card)
    start, outcomes = threading.Barrier(2), []

    def take_back():
        try:
            for clip in clips:
                start.wait(30)
                try:
                    punch_cards.take_back(punch=Punch.objects.get(pk=clip.pk), by=manager)
                    outcomes.append(True)
                except NotNow:
                    outcomes.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=take_back) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (outcomes.count(True), outcomes.count(False)) == (50, 50)
    assert used(card) == 0
