"""Whom of us to call about what, on the card of a workplace."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from companies import merging
from contacts import whom_to_call
from contacts.actions import NotNow
from contacts.models import ColleagueRole
from jobcenter_crm.staff.models import User
from jobcenter_crm.staff.roles import CASE_WORKER
from tests.factories import InteractionFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

Role = ColleagueRole.Role


@pytest.fixture
def place(owner):
    return WorkplaceFactory(owner=owner)


@pytest.fixture
def client(client_for, owner):
    return client_for(owner)


def add(place):
    return reverse("contacts:add_colleague", args=[place.pk])


def test_the_card_says_whom_to_call_about_what_and_who_stands_in(client, place, owner, colleague):
    User.objects.filter(pk=colleague.pk).update(absent_until=date(2026, 11, 30), deputy=owner, phone="10 60 11 22")
    for role, about in ((Role.ABOUT, "Wage subsidies"), (Role.DAILY, "")):
        whom_to_call.give(workplace=place, colleague=colleague, role=role, about=about, by=owner)

    text = client.get(place.get_absolute_url()).text

    assert "<strong>Carl Colleague</strong>, daily contact" in text
    assert "<strong>Carl Colleague</strong>, Wage subsidies" in text
    assert "10 60 11 22" in text
    assert "away until 30 November: Olga Owner" in text


def test_who_held_the_first_meeting_is_proposed_and_noted_by_a_press(client, place, colleague):
    InteractionFactory(workplace=place, channel="phone", on=date(2026, 1, 1))
    InteractionFactory(workplace=place, channel="visit", on=date(2026, 3, 2), created_by=colleague)
    InteractionFactory(workplace=place, channel="visit", on=date(2026, 4, 2))
    card = client.get(place.get_absolute_url())

    assert "Carl Colleague held the first meeting, on 2 March 2026." in card.text
    assert not ColleagueRole.objects.exists()
    client.post(add(place), {"role": "opened", "colleague": colleague.pk, "since": "2026-03-02"})

    role = ColleagueRole.objects.get()
    assert (role.colleague, role.role, role.since) == (colleague, Role.OPENED, date(2026, 3, 2))
    assert "held the first meeting" not in client.get(place.get_absolute_url()).text


def test_nobody_is_proposed_who_has_left(client, place, colleague):
    InteractionFactory(workplace=place, channel="visit", created_by=colleague)
    User.objects.filter(pk=colleague.pk).update(is_active=False)

    assert "held the first meeting" not in client.get(place.get_absolute_url()).text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"role": "about"}, "Write what the colleague is to be called about."),
        ({"role": "about", "about": "010190-1234"}, "The text holds a CPR number."),
        ({"role": "daily", "colleague": ""}, "Choose the colleague."),
        ({"role": "daily", "since": "2026-12-01"}, "That day has not come yet."),
    ],
)
def test_errors_stand_beside_the_field_in_words(client, place, colleague, data, words):
    answer = client.post(add(place), {"colleague": colleague.pk} | data)

    assert answer.status_code == 422
    assert words in answer.text


def test_there_is_one_daily_contact_at_a_time(place, owner, colleague):
    first = whom_to_call.give(workplace=place, colleague=owner, role=Role.DAILY, by=owner)
    second = whom_to_call.give(workplace=place, colleague=colleague, role=Role.DAILY, by=owner)

    assert whom_to_call.give(workplace=place, colleague=colleague, role=Role.DAILY, by=owner) == second
    first.refresh_from_db()
    assert first.ended_on == date(2026, 11, 24)
    with pytest.raises(NotNow):
        whom_to_call.reopen(role=first, by=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        ColleagueRole.objects.create(workplace=place, colleague=owner, role=Role.DAILY)


def test_it_is_ended_in_place_and_the_end_taken_back(client, client_for, person_in, place, owner):
    role = whom_to_call.give(workplace=place, colleague=owner, role=Role.DAILY, by=owner)
    end, again = (reverse(f"contacts:{name}", args=[role.pk]) for name in ("end_colleague", "colleague_again"))

    assert client_for(person_in(CASE_WORKER)).post(end).status_code == 403
    assert "No longer: Daily contact: Olga Owner." in client.post(end, follow=True).text
    assert not ColleagueRole.objects.current().exists()
    client.post(again)

    assert ColleagueRole.objects.current().get() == role
    assert [line.history_user for line in role.history.all()] == [owner, owner, owner]


def test_a_merge_keeps_one_of_each(owner, colleague):
    kept = WorkplaceFactory()
    merged = WorkplaceFactory(company=kept.company)
    for place, who in ((kept, owner), (merged, colleague)):
        whom_to_call.give(workplace=place, colleague=who, role=Role.DAILY, by=owner)
    whom_to_call.give(workplace=merged, colleague=colleague, role=Role.ABOUT, about="Wage subsidies", by=owner)

    merging.merge(kept=kept, merged=merged, choices=set(), by=owner)

    assert {(role.role, role.colleague) for role in kept.colleague_roles.all()} == {
        (Role.DAILY, owner), (Role.ABOUT, colleague),
    }  # fmt: skip
