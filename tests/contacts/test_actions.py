"""Logging, planning, undoing; the contact dates of a workplace always equal its log."""

import uuid
from datetime import UTC, date, datetime

import pytest

from companies.models import Workplace
from contacts import actions
from contacts.models import FollowUp, Interaction
from tests.factories import (
    FollowUpFactory,
    InteractionFactory,
    PersonFactory,
    RegisterChangeFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


def dates(workplace):
    return Workplace.objects.values_list("last_contact_on", "next_contact_on").get(pk=workplace.pk)


def log(workplace, by, **facts):
    return actions.log(
        **{"workplace": workplace, "by": by, "channel": "phone", "on": TODAY, "outcome": "interested"} | facts
    )


def test_the_contact_dates_are_the_latest_held_and_the_earliest_to_come(owner):
    workplace = WorkplaceFactory()
    InteractionFactory(workplace=workplace, on=date(2026, 11, 3), created_by=owner)
    InteractionFactory(workplace=workplace, on=date(2026, 11, 17), created_by=owner)
    InteractionFactory(workplace=workplace, state="planned", on=date(2026, 12, 9), created_by=owner)
    FollowUpFactory(workplace=workplace, due_on=date(2026, 12, 1), owner=owner)

    actions.refresh_contact_dates(Workplace.objects.all())

    assert dates(workplace) == (date(2026, 11, 17), date(2026, 12, 1))


def test_a_workplace_without_log_has_no_contact_dates(owner):
    workplace = WorkplaceFactory(last_contact_on=TODAY, next_contact_on=TODAY)

    actions.refresh_contact_dates(Workplace.objects.all())

    assert dates(workplace) == (None, None)


@pytest.mark.parametrize("promised", [True, False])
def test_one_sided_plans_give_the_next_day(owner, promised):
    workplace = WorkplaceFactory()
    if promised:
        FollowUpFactory(workplace=workplace, due_on=TODAY, owner=owner)
    else:
        InteractionFactory(workplace=workplace, state="planned", on=TODAY, created_by=owner)

    actions.refresh_contact_dates(Workplace.objects.all())

    assert dates(workplace) == (None, TODAY)


def test_logging_makes_the_next_step_a_follow_up_of_the_one_who_logs(owner):
    workplace, anna = WorkplaceFactory(), None
    anna = PersonFactory(workplace=workplace, name="Anna Riis")

    contact, follow_up = log(
        workplace, owner, persons=[anna], next_step="Send the declaration", next_on=date(2026, 12, 1)
    )

    assert follow_up.owner == owner
    assert follow_up.person == anna
    assert follow_up.cause == contact
    assert dates(workplace) == (TODAY, date(2026, 12, 1))


def test_the_same_form_sent_twice_logs_one_contact(owner):
    workplace, token = WorkplaceFactory(), uuid.uuid4()

    first, promised = log(workplace, owner, token=token, next_step="Call", next_on=date(2026, 12, 1))
    second, again = log(workplace, owner, token=token, next_step="Call", next_on=date(2026, 12, 1))

    assert first == second
    assert promised == again
    assert Interaction.objects.count() == FollowUp.objects.count() == 1


def test_logging_a_planned_contact_holds_it_and_finishes_what_was_promised(owner):
    workplace = WorkplaceFactory()
    planned = InteractionFactory(workplace=workplace, state="planned", on=TODAY, created_by=owner)
    promised = FollowUpFactory(workplace=workplace, owner=owner)

    contact, _ = log(workplace, owner, planned=planned, finished=[promised])

    promised.refresh_from_db()
    assert contact.pk == planned.pk
    assert contact.state == "held"
    assert promised.done_by == owner
    assert promised.done_with == contact
    assert dates(workplace) == (TODAY, None)


def test_a_contact_that_a_colleague_has_just_logged_is_not_logged_again(owner):
    planned = InteractionFactory(state="planned", on=TODAY, created_by=owner)
    log(planned.workplace, owner, planned=planned)

    with pytest.raises(actions.NotNow):
        log(planned.workplace, owner, planned=planned)


def test_taking_back_a_new_contact_leaves_the_workplace_as_it_was(owner):
    workplace = WorkplaceFactory()
    promised = FollowUpFactory(workplace=workplace, owner=owner, due_on=date(2026, 11, 30))
    contact, _ = log(
        workplace, owner, note="Too early", next_step="Call", next_on=date(2026, 12, 1), finished=[promised]
    )

    written, _stays = actions.take_back(contact=contact, by=owner)

    promised.refresh_from_db()
    assert written.note == "Too early"
    assert not Interaction.objects.exists()
    assert promised.done_at is None
    assert dates(workplace) == (None, date(2026, 11, 30))


def test_taking_back_a_planned_contact_that_was_held_plans_it_again(owner):
    planned = InteractionFactory(state="planned", on=date(2026, 11, 20), purpose="Agree two places", created_by=owner)
    log(planned.workplace, owner, planned=planned, purpose="Something else")

    actions.take_back(contact=planned, by=owner)

    planned.refresh_from_db()
    assert (planned.state, planned.on, planned.purpose) == ("planned", date(2026, 11, 20), "Agree two places")
    assert dates(planned.workplace) == (None, date(2026, 11, 20))


def test_only_the_author_takes_back_and_only_at_once(owner, colleague, today):
    contact, _ = log(WorkplaceFactory(), owner)

    with pytest.raises(actions.NotNow):
        actions.take_back(contact=contact, by=colleague)
    today.shift(601)
    with pytest.raises(actions.NotNow):
        actions.take_back(contact=contact, by=owner)


def test_the_author_may_change_the_note_for_a_day_and_add_to_it_afterwards(owner, today):
    contact, _ = log(WorkplaceFactory(), owner, note="First")

    actions.change_note(contact=contact, by=owner, note="Second")
    today.shift(24 * 3600)
    actions.change_note(contact=contact, by=owner, note="Third")

    contact.refresh_from_db()
    assert contact.note == "Second"
    assert [amendment.text for amendment in contact.amendments.all()] == ["Third"]


def test_a_colleague_adds_to_a_note_and_never_changes_it(owner, colleague):
    contact, _ = log(WorkplaceFactory(), owner, note="First")

    actions.change_note(contact=contact, by=colleague, note="I heard otherwise")

    contact.refresh_from_db()
    assert contact.note == "First"
    assert contact.amendments.get().by == colleague


def test_moving_cancelling_postponing_and_ticking_off_move_the_next_day(owner):
    workplace = WorkplaceFactory()
    planned = actions.plan(workplace=workplace, by=owner, channel="visit", on=date(2026, 12, 2), purpose="Meet")
    promised = FollowUpFactory(workplace=workplace, owner=owner, due_on=date(2026, 12, 7))

    actions.move(contact=planned, by=owner, on=date(2026, 12, 10))
    assert dates(workplace)[1] == date(2026, 12, 7)
    actions.postpone(follow_up=promised, to=date(2026, 12, 14))
    assert dates(workplace)[1] == date(2026, 12, 10)
    actions.cancel(contact=planned, by=owner)
    assert dates(workplace)[1] == date(2026, 12, 14)
    actions.finish(follow_up=promised, by=owner)
    assert dates(workplace)[1] is None
    actions.reopen(follow_up=promised)
    assert dates(workplace)[1] == date(2026, 12, 14)


def test_what_is_over_is_neither_moved_cancelled_nor_postponed(owner):
    contact, _ = log(WorkplaceFactory(), owner)
    done = actions.finish(follow_up=FollowUpFactory(owner=owner), by=owner)

    with pytest.raises(actions.NotNow):
        actions.move(contact=contact, by=owner, on=date(2026, 12, 1))
    with pytest.raises(actions.NotNow):
        actions.cancel(contact=contact, by=owner)
    with pytest.raises(actions.NotNow):
        actions.postpone(follow_up=done, to=date(2026, 12, 1))


def test_going_together_adds_me_to_the_colleagues_visit(owner, colleague):
    planned = InteractionFactory(state="planned", on=date(2026, 11, 26), created_by=colleague)

    actions.join(contact=planned, by=owner)

    assert set(planned.staff.all()) == {owner, colleague}


# --- A workplace that has ceased -------------------------------------------------------------


@pytest.fixture
def ceased(owner, colleague):
    """A place that has closed, with a visit of the owner's and two promises left."""
    workplace = WorkplaceFactory(owner=owner, ceased_on=date(2026, 11, 1))
    visit = actions.plan(workplace=workplace, by=owner, channel="visit", on=date(2026, 12, 2), purpose="Meet")
    mine = FollowUpFactory(workplace=workplace, owner=owner, due_on=date(2026, 12, 7))
    theirs = FollowUpFactory(workplace=workplace, owner=colleague, due_on=date(2026, 12, 8))
    change = RegisterChangeFactory(workplace=workplace, ended=True)
    actions.refresh(workplace)
    return workplace, visit, mine, theirs, change


def states(*rows):
    for row in rows:
        row.refresh_from_db()
    return [getattr(row, "state", None) or ("done" if row.done_at else "open") for row in rows]


def test_closing_ticks_off_and_cancels_what_is_named_and_leaves_the_rest(owner, ceased):
    workplace, visit, mine, theirs, change = ceased

    at = actions.close(workplace=workplace, follow_ups=[mine], contacts=[visit], by=owner)

    assert states(visit, mine, theirs) == ["cancelled", "done", "open"]
    assert (visit.cancelled_at, visit.cancelled_by, mine.done_at, mine.done_by) == (at, owner, at, owner)
    assert dates(workplace)[1] == date(2026, 12, 8)
    change.refresh_from_db()
    assert (change.seen_at, change.seen_by) == (at, owner)
    assert visit.history.first().state == "cancelled"


def test_closing_leaves_other_workplaces_and_what_is_over_alone(owner, ceased):
    workplace, visit, mine, theirs, _change = ceased
    elsewhere = FollowUpFactory(owner=owner)
    actions.finish(follow_up=theirs, by=theirs.owner)
    actions.cancel(contact=visit, by=theirs.owner)

    actions.close(workplace=workplace, follow_ups=[mine, theirs, elsewhere], contacts=[visit], by=owner)

    assert states(mine, elsewhere) == ["done", "open"]
    theirs.refresh_from_db()
    visit.refresh_from_db()
    assert theirs.done_by == theirs.owner
    assert visit.cancelled_by == theirs.owner


def test_closing_can_be_undone_for_ten_minutes_by_the_one_who_did_it(owner, colleague, ceased, today):
    workplace, visit, mine, theirs, change = ceased
    at = actions.close(workplace=workplace, follow_ups=[mine, theirs], contacts=[visit], by=owner)

    with pytest.raises(actions.NotNow):
        actions.undo_close(workplace=workplace, at=at, by=colleague)
    today.shift(599)
    actions.undo_close(workplace=workplace, at=at, by=owner)

    assert states(visit, mine, theirs) == ["planned", "open", "open"]
    assert dates(workplace)[1] == date(2026, 12, 2)
    change.refresh_from_db()
    assert change.seen_at is None
    again = actions.close(workplace=workplace, follow_ups=[mine], contacts=[], by=owner)
    today.shift(601)
    with pytest.raises(actions.NotNow):
        actions.undo_close(workplace=workplace, at=again, by=owner)


def test_undoing_a_closing_leaves_what_was_closed_before_it(owner, ceased, today):
    workplace, visit, mine, theirs, _change = ceased
    actions.finish(follow_up=theirs, by=owner)
    today.shift(1)
    at = actions.close(workplace=workplace, follow_ups=[mine], contacts=[visit], by=owner)

    actions.undo_close(workplace=workplace, at=at, by=owner)

    assert states(visit, mine, theirs) == ["planned", "open", "done"]


def test_the_moment_of_a_closing_fits_in_an_address_to_the_microsecond():
    moment = datetime(2026, 11, 24, 8, 30, 15, 123456, tzinfo=UTC)

    assert actions.from_number(actions.as_number(moment)) == moment
    assert actions.from_number(None) == actions.from_number(10**18) == datetime(1970, 1, 1, tzinfo=UTC)
