"""Reserving a place and taking it further, on the pages."""

import re
import uuid
from datetime import date

import pytest

from jobcenter_crm.staff.roles import CASE_WORKER, STEWARD
from placements.models import Reservation
from tests.conftest import member
from tests.factories import PlacementFactory, ReservationFactory, SlotFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def case_worker(person_in):
    return person_in(CASE_WORKER)


@pytest.fixture
def client(client_for, case_worker):
    return client_for(case_worker)


def typed(**facts):
    return {"case_reference": "26/00412", "starts_on": "2026-12-01", "planned_end": "2026-12-20"} | facts


def test_a_case_worker_reserves_a_place(client, case_worker):
    slot = SlotFactory()

    form = client.get(f"/slots/{slot.pk}/reserve/")
    answer = client.post(f"/slots/{slot.pk}/reserve/", typed(token=uuid.uuid4()), follow=True)

    assert "2 of 2 are free on 24 November 2026" in form.text
    held = Reservation.objects.get()
    assert (held.slot, held.consultant, held.case_reference, held.created_by) == (
        slot, case_worker, "26/00412", case_worker,
    )  # fmt: skip
    assert held.held_until == date(2026, 12, 1)
    assert "Reserved from 1 December 2026 to 20 December 2026. It is held until 1 December 2026." in answer.text
    assert "26/00412" in answer.text
    assert answer.redirect_chain == [(f"/slots/{slot.pk}/#reservations", 302)]


def test_without_an_end_it_is_the_measures_usual_length(client):
    slot = SlotFactory()

    client.post(f"/slots/{slot.pk}/reserve/", typed(planned_end=""))

    # Work placement: four weeks.
    assert Reservation.objects.get().planned_end == date(2026, 12, 28)


def test_the_usual_length_ends_with_the_slot(client):
    slot = SlotFactory(ends_on=date(2026, 12, 15))

    client.post(f"/slots/{slot.pk}/reserve/", typed(planned_end=""))

    assert Reservation.objects.get().planned_end == date(2026, 12, 15)


def test_a_measure_without_usual_length_asks_for_the_end(client):
    slot = SlotFactory(measure_id="paid_hours")

    answer = client.post(f"/slots/{slot.pk}/reserve/", typed(planned_end=""))

    assert answer.status_code == 422
    assert "This measure has no usual length. Choose the last day." in answer.text


def test_the_loser_of_the_last_place_is_told_and_keeps_what_was_typed(client):
    slot = SlotFactory(places=1)
    PlacementFactory(slot=slot, starts_on=date(2026, 10, 1), planned_end=date(2026, 12, 10))

    answer = client.post(f"/slots/{slot.pk}/reserve/", typed())

    assert answer.status_code == 422
    assert "The place is taken on 1 December 2026. From 11 December 2026 there is one." in answer.text
    assert 'value="26/00412"' in answer.text
    assert 'value="2026-12-01"' in answer.text
    assert not Reservation.objects.exists()


def test_sent_twice_it_is_reserved_once(client):
    slot, token = SlotFactory(), uuid.uuid4()

    for _time in range(2):
        assert client.post(f"/slots/{slot.pk}/reserve/", typed(token=token)).status_code == 302

    assert Reservation.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"case_reference": "010190-1234"}, "This may be a CPR number"),
        ({"case_reference": "Hans Jensen"}, "This is not how a case reference is written"),
        ({"case_reference": ""}, "Fill this in."),
        ({"starts_on": "2026-11-23"}, "Choose a day from today on, within a year."),
        ({"starts_on": "2028-11-23"}, "Choose a day from today on, within a year."),
        ({"starts_on": "9999-12-31"}, "Choose a day from today on, within a year."),
        ({"planned_end": "2026-11-30"}, "Choose a day from the start on, within five years."),
        ({"planned_end": "9999-12-31"}, "Choose a day from the start on, within five years."),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(client, facts, words):
    slot = SlotFactory()

    answer = client.post(f"/slots/{slot.pk}/reserve/", typed(**facts))

    assert answer.status_code == 422
    assert words in answer.text
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("start", ["2026-12-07", "yesterday", "0001-01-01", "9999-12-31"])
def test_the_day_it_begins_with_comes_from_the_finder(client, start):
    slot = SlotFactory()

    answer = client.get(f"/slots/{slot.pk}/reserve/?start={start}")

    assert answer.status_code == 200
    assert ('value="2026-12-07"' in answer.text) == (start == "2026-12-07")


def test_the_reference_stands_in_no_log_line_and_no_address(client, caplog):
    slot = SlotFactory(places=1)
    PlacementFactory(slot=slot)

    with caplog.at_level("DEBUG"):
        refused = client.post(f"/slots/{slot.pk}/reserve/", typed())
        reserved = client.post(f"/slots/{slot.pk}/reserve/", typed(starts_on="2027-01-04", planned_end="2027-01-29"))
        card = client.get(reserved.url)

    assert (refused.status_code, reserved.status_code) == (422, 302)
    assert "26/00412" in card.text
    assert not [line for line in caplog.records if "00412" in line.getMessage() and line.name != "django.db.backends"]
    assert not re.findall(r'(?:href|action)="[^"]*00412', card.text)


def test_a_paused_slot_is_not_reserved_and_offers_no_button(client):
    slot = SlotFactory(state="paused")

    answer = client.post(f"/slots/{slot.pk}/reserve/", typed())

    assert answer.status_code == 422
    assert "The slot is paused. Open it first." in answer.text
    assert f"/slots/{slot.pk}/reserve/" not in client.get(slot.get_absolute_url()).text


def test_an_employer_consultant_who_may_start_it_may_renew_it_and_nothing_more(client_for, owner):
    held = ReservationFactory()
    client = client_for(owner)

    card = client.get(held.slot.get_absolute_url()).text
    assert f"/reservations/{held.pk}/renew/" in card
    assert f"/reservations/{held.pk}/give-back/" not in card
    assert "Renewed." in client.post(f"/reservations/{held.pk}/renew/", follow=True).text
    assert client.post(f"/reservations/{held.pk}/give-back/", {"why": "No"}).status_code == 403
    assert client_for(member(STEWARD, "steward")).post(f"/reservations/{held.pk}/renew/").status_code == 403


def test_it_is_taken_further_on_the_card(client, settings):
    settings.CASE_URL = "https://cases.example/{reference}"
    held = ReservationFactory(case_reference="26/00412")
    card = held.slot.get_absolute_url()

    assert 'href="https://cases.example/26%2F00412"' in client.get(card).text
    met = client.post(f"/reservations/{held.pk}/meeting-held/", {"on": "2026-11-24"}, follow=True)
    renewed = client.post(f"/reservations/{held.pk}/renew/", follow=True)
    again = client.post(f"/reservations/{held.pk}/renew/", follow=True)
    back = client.post(f"/reservations/{held.pk}/give-back/", {"why": "Another place was nearer"}, follow=True)
    late = client.post(f"/reservations/{held.pk}/give-back/", {"why": "Twice"}, follow=True)

    assert "The meeting is noted." in met.text
    assert "Renewed. It is held until 8 December 2026." in renewed.text
    assert "It has been renewed once already." in again.text
    assert "Given back. The place is free for others." in back.text
    assert "26/00412" not in back.text
    assert "Another place was nearer" in back.text
    assert "This reservation is settled already: given back." in late.text


@pytest.mark.parametrize(
    ("act", "facts", "words"),
    [
        ("meeting-held", {"on": "2026-11-25"}, "Choose a day until today, at most 60 days ago."),
        ("give-back", {"why": ""}, "Fill this in."),
        ("give-back", {"why": "It was 010190-1234"}, "The text holds a CPR number"),
    ],
)
def test_an_act_says_what_is_wrong_and_changes_nothing(client, act, facts, words):
    held = ReservationFactory()

    answer = client.post(f"/reservations/{held.pk}/{act}/", facts)

    assert answer.status_code == 422
    assert words in answer.text
    held.refresh_from_db()
    assert held.state == "reserved"


def test_a_consultant_sees_reservations_and_makes_none(client_for, owner):
    held = ReservationFactory()

    text = client_for(owner).get(held.slot.get_absolute_url()).text

    assert held.case_reference in text
    assert "/reserve/" not in text
    assert "give-back" not in text


@pytest.mark.parametrize("rows", [1, 20])
def test_the_card_asks_the_same_questions_however_many_there_are(client, rows, django_assert_num_queries):
    slot = SlotFactory(places=50)
    ReservationFactory.create_batch(rows, slot=slot)
    client.get(slot.get_absolute_url())

    with django_assert_num_queries(CARD):
        client.get(slot.get_absolute_url())


# The session, the person, their permissions, the organisation, the slot; the reservations, and those that are settled.
CARD = 15
