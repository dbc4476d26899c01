"""What is done with a reservation: the meeting, one renewal, giving back, and the clock that lets go."""

from datetime import date, timedelta

import pytest

from contacts import waiting
from contacts.actions import NotNow
from jobcenter_crm.backstage.models import Message
from placements import occupancy, reservations
from placements.models import Reservation
from tests.factories import ReservationFactory, SlotFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


@pytest.fixture
def held():
    slot = SlotFactory(places=1, owner=UserFactory(first_name="Mette"))
    case_worker = UserFactory(email="peter@example.dk", language="en")
    return occupancy.occupy(
        slot=slot, by=case_worker, consultant=case_worker, case_reference="26/00412", starts_on=date(2026, 12, 1),
        planned_end=date(2026, 12, 28), as_placement=False,
    )  # fmt: skip


def test_it_is_held_for_seven_days_and_seven_more_once(held):
    assert held.held_until == date(2026, 12, 1)

    renewed = reservations.renew(reservation=held, by=held.consultant)

    assert (renewed.held_until, renewed.is_renewed) == (date(2026, 12, 8), True)
    with pytest.raises(NotNow):
        reservations.renew(reservation=held, by=held.consultant)


def test_the_meeting_is_noted_and_it_still_takes_the_place(held):
    reservations.meet(reservation=held, by=held.consultant, on=date(2026, 11, 23))

    held.refresh_from_db()
    assert (held.state, held.met_on, held.is_open) == ("met", date(2026, 11, 23), True)
    assert len(occupancy.taken(held.slot)) == 1


def test_given_back_the_place_is_free_and_the_reference_erased(held):
    reservations.give_back(reservation=held, by=held.consultant, why="Another place was nearer")

    held.refresh_from_db()
    assert (held.state, held.why, held.case_reference) == ("given_back", "Another place was nearer", "")
    assert held.settled_by == held.consultant
    assert occupancy.taken(held.slot) == []


@pytest.mark.parametrize(
    "act",
    [
        lambda held, by: reservations.meet(reservation=held, by=by, on=TODAY),
        lambda held, by: reservations.renew(reservation=held, by=by),
        lambda held, by: reservations.give_back(reservation=held, by=by, why="Twice"),
    ],
)
def test_nothing_is_done_with_one_that_is_settled(held, act):
    reservations.give_back(reservation=held, by=held.consultant, why="Once")

    with pytest.raises(NotNow):
        act(held, held.consultant)

    held.refresh_from_db()
    assert held.why == "Once"


def test_the_clock_lets_go_when_the_last_day_is_over_and_tells_without_the_reference(held):
    assert reservations.let_go(held.held_until) == {"let_go": 0}
    assert reservations.let_go(held.held_until + DAY) == {"let_go": 1}
    assert reservations.let_go(held.held_until + DAY) == {"let_go": 0}

    held.refresh_from_db()
    assert (held.state, held.case_reference, held.settled_by) == ("let_go", "", None)
    mail = Message.objects.get()
    assert mail.to == "peter@example.dk"
    assert mail.subject == f"Reservation let go: {held.slot.workplace.name}"
    assert "held until 1 December 2026 and is now free for others" in mail.text
    assert f"/slots/{held.slot.pk}/" in mail.text
    assert "26/00412" not in mail.subject + mail.text + mail.key


def test_the_mail_is_in_the_language_of_the_one_who_reserved(held):
    held.consultant.language = "da"
    held.consultant.save()

    reservations.let_go(held.held_until + DAY)

    assert Message.objects.get().language == "da"


def test_a_colleague_who_has_left_gets_no_mail(held):
    held.consultant.is_active = False
    held.consultant.save()

    assert reservations.let_go(held.held_until + DAY) == {"let_go": 1}
    assert not Message.objects.exists()


def test_a_renewed_one_is_let_go_seven_days_later(held):
    reservations.renew(reservation=held, by=held.consultant)

    assert reservations.let_go(date(2026, 12, 2)) == {"let_go": 0}
    assert reservations.let_go(date(2026, 12, 9)) == {"let_go": 1}


def test_the_reference_is_in_no_history(held):
    reservations.give_back(reservation=held, by=held.consultant, why="Later")

    assert "26/00412" not in str(list(Reservation.history.values()))


def test_those_that_run_out_wait_for_whoever_reserved(held, django_assert_num_queries):
    other = ReservationFactory(slot=SlotFactory(), held_until=TODAY + 5 * DAY)
    (part,) = [one for one in waiting.all_parts() if one.name == "reservations"]
    users = [held.consultant_id, other.consultant_id]

    assert part.find(waiting.Asked(users, TODAY), 10) == {}
    with django_assert_num_queries(1):
        found = part.find(waiting.Asked(users, held.held_until - 2 * DAY), 10)

    assert set(found) == {held.consultant_id, other.consultant_id}
    assert found[held.consultant_id].count == 1
    (line,) = found[held.consultant_id].lines
    assert (line.day, line.where) == (held.held_until, held.slot.workplace.name)
    assert line.url == f"/slots/{held.slot.pk}/#reservations"
    assert "26/00412" not in line.what
