"""Handing over: offered, answered, moved as a whole, and taken back."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from companies import actions as companies_actions
from companies import merging
from contacts import goes_along, handovers, waiting
from contacts.actions import NotNow
from contacts.models import ColleagueRole, Handover, HandoverItem
from contacts.tasks import escalate_handovers
from jobcenter_crm.staff.models import User
from jobcenter_crm.staff.roles import MANAGER
from tests.factories import (
    ContactPlanFactory,
    ContactPlanTargetFactory,
    FollowUpFactory,
    InteractionFactory,
    UserFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
State, Item = Handover.State, HandoverItem.State


def planned(workplace, *staff, **facts):
    return InteractionFactory(
        state="planned", workplace=workplace, on=date(2026, 11, 26), created_by=staff[0], staff=list(staff), **facts
    )


@pytest.fixture
def place(owner):
    return WorkplaceFactory(owner=owner, name="Bageren")


@pytest.fixture
def offer(owner, colleague):
    def make(*places, **more):
        facts = {"giver": owner, "to": colleague, "by": owner} | more
        return handovers.offer(workplaces=[place.pk for place in places], **facts)

    return make


def fresh(row):
    row.refresh_from_db()
    return row


def states(handover):
    return sorted(handover.items.values_list("state", flat=True))


def test_what_is_offered_stays_with_the_giver_until_it_is_accepted(place, offer, owner, colleague):
    promised = FollowUpFactory(workplace=place, owner=owner)
    handover = offer(place)

    assert fresh(place).owner == owner
    (outcome,) = handovers.accept(handovers=[handover], by=colleague)

    assert fresh(place).owner == colleague
    assert fresh(promised).owner == colleague
    assert fresh(handover).state == State.ACCEPTED
    assert handover.answered_by == colleague
    assert outcome.moved == 1
    assert outcome.along == {name: int(name == "follow_ups") for name in outcome.along}
    assert place.history.first().history_user == colleague
    assert place.history.first().owner == colleague
    assert promised.history.first().history_user == colleague


def test_what_goes_along_is_the_givers_and_open_and_at_the_place(place, offer, owner, colleague):
    stranger = UserFactory()
    theirs = FollowUpFactory(workplace=place, owner=stranger)
    done = FollowUpFactory(workplace=place, owner=owner, done_at="2026-11-20T08:00:00+00:00", done_by=owner)
    elsewhere = FollowUpFactory(workplace=WorkplaceFactory(owner=owner), owner=owner)
    visit, both, held = (
        planned(place, owner),
        planned(place, owner, colleague),
        InteractionFactory(workplace=place, created_by=owner),
    )
    target = ContactPlanTargetFactory(workplace=place, consultant=owner, plan__participants=[owner])
    ended = ContactPlanTargetFactory(
        workplace=place, consultant=owner, plan=ContactPlanFactory(state="ended", ends_on=date(2026, 11, 20))
    )

    handovers.accept(handovers=[offer(place)], by=colleague)

    assert [fresh(one).owner for one in (theirs, done, elsewhere)] == [stranger, owner, owner]
    assert [set(one.staff.all()) for one in (visit, both, held)] == [{colleague}, {colleague}, {owner}]
    assert fresh(target).consultant == colleague
    assert colleague in target.plan.participants.all()
    assert fresh(ended).consultant == owner


def test_a_follow_up_that_is_offered_by_itself_does_not_go_along(place, offer, owner, colleague):
    matter = FollowUpFactory(workplace=place, owner=owner, kind="matter")
    other = UserFactory()
    handovers.offer(giver=owner, to=other, by=owner, follow_ups=[matter.pk])

    handovers.accept(handovers=[offer(place)], by=colleague)

    assert fresh(matter).owner == owner


def test_single_follow_ups_and_visits_are_handed_over_without_their_place(place, owner, colleague):
    matter, visit = FollowUpFactory(workplace=place, owner=owner, kind="matter"), planned(place, owner)
    handover = handovers.offer(giver=owner, to=colleague, by=owner, follow_ups=[matter.pk], visits=[visit.pk])

    (outcome,) = handovers.accept(handovers=[handover], by=colleague)

    assert outcome.moved == 2
    assert fresh(place).owner == owner
    assert fresh(matter).owner == colleague
    assert list(visit.staff.all()) == [colleague]
    assert matter.history.first().history_user == colleague


def test_what_is_no_longer_the_givers_is_left_and_told(place, offer, owner, colleague):
    gone = WorkplaceFactory(owner=owner)
    handover = offer(place, gone)
    other = UserFactory()
    companies_actions.set_owner(workplace=gone, owner=other, by=other)

    (outcome,) = handovers.accept(handovers=[handover], by=colleague)

    assert (outcome.moved, outcome.left) == (1, 1)
    assert fresh(gone).owner == other
    assert states(handover) == [Item.LEFT, Item.MOVED]


def test_only_exactly_what_was_asked_for_is_offered_or_nothing(place, offer, colleague):
    theirs = WorkplaceFactory(owner=colleague)

    with pytest.raises(NotNow, match="somebody has been faster"):
        offer(place, theirs)
    with pytest.raises(NotNow, match="nothing to hand over"):
        offer()

    assert not Handover.objects.exists()


def test_a_thing_is_in_one_open_offer_at_a_time(place, offer, colleague):
    first = offer(place)

    with pytest.raises(NotNow, match="has been offered to a colleague already"):
        offer(place, to=UserFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        HandoverItem.objects.create(handover=first, workplace=place)
    handovers.decline(handover=first, by=colleague, why="Too far")
    offer(place, to=UserFactory())

    assert states(first) == [Item.CLOSED]


def test_one_can_not_hand_over_to_oneself_or_to_somebody_who_has_left(place, offer, owner):
    for to in (owner, UserFactory(is_active=False)):
        with pytest.raises(NotNow, match="Choose another colleague"):
            offer(place, to=to)


def test_only_the_one_it_was_offered_to_accepts_it_and_only_once(place, offer, owner, colleague):
    handover = offer(place)

    assert handovers.accept(handovers=[handover], by=owner) == []
    assert len(handovers.accept(handovers=[handover], by=colleague)) == 1
    assert handovers.accept(handovers=[handover], by=colleague) == []
    for act in (handovers.withdraw, handovers.settle):
        with pytest.raises(NotNow, match="answered already"):
            act(handover=handover, by=owner)


def test_an_offer_is_declined_with_a_word_or_withdrawn(offer, owner, colleague):
    one, other = offer(WorkplaceFactory(owner=owner)), offer(WorkplaceFactory(owner=owner))

    handovers.decline(handover=one, by=colleague, why="I am full")
    handovers.withdraw(handover=other, by=owner)

    assert (fresh(one).state, one.why, one.answered_by) == (State.DECLINED, "I am full", colleague)
    assert (fresh(other).state, other.answered_by) == (State.WITHDRAWN, owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(pk=one.pk).update(why="")


def test_a_manager_assigns_without_asking(place, owner, colleague, person_in):
    manager = person_in(MANAGER)

    outcome = handovers.assign(giver=owner, to=colleague, by=manager, workplaces=[place.pk])

    assert fresh(place).owner == colleague
    assert outcome.handover.was_assigned


def test_what_nobody_has_any_more_is_assigned_with_what_goes_along(owner, colleague):
    nobodys, left = WorkplaceFactory(), WorkplaceFactory(owner=UserFactory(is_active=False))
    promised, visit = FollowUpFactory(workplace=left, owner=left.owner), planned(left, left.owner)
    mine = FollowUpFactory(workplace=nobodys, owner=owner)

    outcome = handovers.assign(giver=None, to=colleague, by=colleague, workplaces=[nobodys.pk, left.pk])

    assert outcome.moved == 2
    assert {fresh(one).owner for one in (nobodys, left, promised)} == {colleague}
    assert list(visit.staff.all()) == [colleague]
    assert fresh(mine).owner == owner
    with pytest.raises(NotNow):
        handovers.assign(giver=None, to=owner, by=owner, workplaces=[left.pk])


def test_an_acceptance_is_undone_within_ten_minutes_and_is_offered_again(place, offer, owner, colleague, today):
    promised, visit = FollowUpFactory(workplace=place, owner=owner), planned(place, owner, colleague)
    target = ContactPlanTargetFactory(workplace=place, consultant=owner)
    handover = offer(place)
    handovers.accept(handovers=[handover], by=colleague)

    assert handovers.undo(handover=handover, by=colleague) == 0

    assert {fresh(place).owner, fresh(promised).owner, fresh(target).consultant} == {owner}
    assert set(visit.staff.all()) == {owner, colleague}
    assert fresh(handover).is_open
    assert states(handover) == [Item.OPEN]
    assert place.history.first().owner == owner
    handovers.accept(handovers=[handover], by=colleague)
    today.shift(timedelta(minutes=11))
    with pytest.raises(NotNow, match="only within ten minutes"):
        handovers.undo(handover=handover, by=colleague)


def test_an_undo_leaves_what_has_changed_since(place, offer, owner, colleague):
    other_place, third = WorkplaceFactory(owner=owner), UserFactory()
    promised = FollowUpFactory(workplace=place, owner=owner)
    handover = offer(place, other_place)
    handovers.accept(handovers=[handover], by=colleague)
    companies_actions.set_owner(workplace=place, owner=third, by=third)
    promised.refresh_from_db()
    promised.finish(by=colleague)

    assert handovers.undo(handover=handover, by=colleague) == 2

    assert [fresh(one).owner for one in (place, other_place)] == [third, owner]
    assert states(handover) == [Item.MOVED, Item.OPEN]


def test_what_was_taken_over_and_is_undone_is_as_if_it_had_never_been(colleague):
    left = WorkplaceFactory(owner=UserFactory(is_active=False))
    nobodys = WorkplaceFactory()
    outcome = handovers.assign(giver=None, to=colleague, by=colleague, workplaces=[left.pk, nobodys.pk])

    handovers.undo(handover=outcome.handover, by=colleague)

    assert [fresh(left).owner.is_active, fresh(nobodys).owner] == [False, None]
    assert fresh(outcome.handover).state == State.WITHDRAWN


def test_nobody_else_undoes_it(place, offer, owner, colleague):
    handover = offer(place)
    handovers.accept(handovers=[handover], by=colleague)

    with pytest.raises(NotNow):
        handovers.undo(handover=handover, by=owner)


@pytest.mark.parametrize("rows", [2, 60])
def test_accepting_takes_as_many_statements_however_many_there_are(
    offer, owner, colleague, rows, django_assert_num_queries
):
    places = WorkplaceFactory.create_batch(rows, owner=owner)
    for place in places:
        FollowUpFactory(workplace=place, owner=owner)
        planned(place, owner)
    handover = offer(*places)

    with django_assert_num_queries(ACCEPTING):
        handovers.accept(handovers=[handover], by=colleague)


# The offers and their people; for workplaces a lock, items, owners, history; for each part its rows and what is given;
# what calendars were told, and are.
ACCEPTING = 40


def offered_at(handover, day, hour=9):
    at = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Europe/Copenhagen"))
    Handover.objects.filter(pk=handover.pk).update(offered_at=at)


def parts(user):
    return {part.name: found for part, found in waiting.waiting([user.pk], TODAY).get(user.pk, [])}


@pytest.mark.parametrize(
    ("offered_on", "hour", "goes_up"),
    [
        (date(2026, 11, 20), 23, True),  # Friday, and Monday and Tuesday have passed by the next morning
        (date(2026, 11, 21), 9, True),
        (date(2026, 11, 23), 0, False),
    ],
)
def test_what_nobody_answers_for_two_working_days_goes_to_the_manager(place, offer, owner, offered_on, hour, goes_up):
    handover = offer(place)
    offered_at(handover, offered_on, hour)

    day = date(2026, 11, 24) if offered_on.weekday() == 4 or not goes_up else date(2026, 11, 25)

    assert escalate_handovers(day) == {"escalated": int(goes_up)}
    assert escalate_handovers(day) == {"escalated": 0}
    assert (fresh(handover).escalated_at is not None) is goes_up


def test_it_waits_for_whoever_leads_the_giver_or_else_for_the_managers(offer, owner, colleague, person_in):
    manager, leader = person_in(MANAGER), UserFactory()
    led = UserFactory(manager=leader)
    offers = [offer(WorkplaceFactory(owner=owner)), offer(WorkplaceFactory(owner=led), giver=led, by=led)]
    Handover.objects.filter(pk__in=[one.pk for one in offers]).update(escalated_at="2026-11-24T05:00:00+00:00")

    assert [line.url for line in parts(manager)["handovers_unanswered"].lines] == [offers[0].get_absolute_url()]
    assert [line.url for line in parts(leader)["handovers_unanswered"].lines] == [offers[1].get_absolute_url()]
    assert "handovers_unanswered" not in parts(owner)


def test_what_is_offered_to_somebody_who_has_left_waits_for_the_manager_at_once(place, offer, colleague, person_in):
    manager = person_in(MANAGER)
    handover = offer(place)
    User.objects.filter(pk=colleague.pk).update(is_active=False)

    assert parts(manager)["handovers_unanswered"].count == 1
    with pytest.raises(NotNow, match="no longer works here"):
        handovers.settle(handover=handover, by=manager)


def test_what_is_offered_waits_for_the_colleague(place, offer, colleague, owner):
    offer(place, note="Ask for Karl")

    (line,) = parts(colleague)["handovers"].lines
    assert (line.what, line.where) == ("1 thing", "From Olga Owner")
    assert "handovers" not in parts(owner)


def test_the_parts_take_as_many_statements_for_a_hundred_as_for_one(
    offer, owner, colleague, person_in, django_assert_num_queries
):
    person_in(MANAGER)
    for number in range(3):
        offer(WorkplaceFactory(owner=owner), to=colleague if number else UserFactory())
    Handover.objects.update(escalated_at="2026-11-24T05:00:00+00:00")
    asked = waiting.Asked(User.objects.values_list("pk", flat=True), TODAY)
    assert asked.managers

    for name, number in (("handovers", 1), ("handovers_unanswered", 2), ("without_responsible", 1)):
        (part,) = [one for one in waiting.all_parts() if one.name == name]
        with django_assert_num_queries(number):
            part.find(asked, 10)


def test_the_giver_stays_the_one_who_opened_the_door_where_they_have_met(place, offer, owner, colleague):
    never_met, noted = WorkplaceFactory(owner=owner), WorkplaceFactory(owner=owner)
    for met in (place, noted):
        InteractionFactory(workplace=met, channel="visit", created_by=owner)
    ColleagueRole.objects.create(workplace=noted, colleague=colleague, role="opened")

    handover = offer(place, never_met, noted, giver_opened_the_door=True, daily_contact=owner)
    handovers.accept(handovers=[handover], by=colleague)

    opened = ColleagueRole.objects.current().opened_the_door()
    assert {(one.workplace_id, one.colleague_id) for one in opened} == {(place.pk, owner.pk), (noted.pk, colleague.pk)}
    assert ColleagueRole.objects.current().daily_contacts().filter(colleague=owner).count() == 3
    assert opened.get(workplace=place).history.count() == 1
    handovers.undo(handover=handover, by=colleague)
    assert ColleagueRole.objects.current().count() == 1


def test_the_daily_contact_that_was_ends_and_comes_back_with_the_undo(place, offer, owner, colleague):
    before = ColleagueRole.objects.create(workplace=place, colleague=owner, role="daily")
    handover = offer(place, daily_contact=colleague)

    handovers.accept(handovers=[handover], by=colleague)
    assert fresh(before).ended_on == TODAY
    handovers.undo(handover=handover, by=colleague)

    assert fresh(before).ended_on is None
    assert list(ColleagueRole.objects.all()) == [before]


def test_a_later_app_lets_its_own_go_along(place, offer, colleague, monkeypatch):
    seen = []
    monkeypatch.setattr(goes_along, "_parts", dict(goes_along._parts))
    part = goes_along.GoesAlong(
        "chairs", "%(n)s chairs", goes_along.FOLLOW_UPS.of,
        lambda rows, giver, to, by: seen.append((giver, to)) or [[1, 2]], lambda done, to, by: len(done),
    )  # fmt: skip
    goes_along.register(part)
    handover = offer(place)

    (outcome,) = handovers.accept(handovers=[handover], by=colleague)

    assert seen == [(handover.giver, colleague)]
    assert "1 chairs" in outcome.along_in_words
    assert handovers.undo(handover=outcome.handover, by=colleague) == 1
    with pytest.raises(ValueError, match="two things called chairs"):
        goes_along.register(goes_along.GoesAlong("chairs", "", None, None, None))


def test_a_workplace_that_is_merged_while_it_is_offered_takes_its_offer_along(place, offer, owner, colleague):
    kept = WorkplaceFactory(company=place.company, owner=owner)
    handover = offer(place)
    merging.merge(kept=kept, merged=place, choices=set(), by=owner)

    handovers.accept(handovers=[handover], by=colleague)

    assert fresh(kept).owner == colleague


def test_what_was_left_by_an_undo_is_not_taken_from_whoever_has_it_by_then(place, offer, owner, colleague):
    other_place, third = WorkplaceFactory(owner=owner), UserFactory()
    handover = offer(place, other_place)
    handovers.accept(handovers=[handover], by=colleague)
    companies_actions.set_owner(workplace=place, owner=third, by=third)
    handovers.undo(handover=handover, by=colleague)

    handovers.accept(handovers=[handover], by=colleague)

    assert [fresh(one).owner for one in (place, other_place)] == [third, colleague]
    assert states(handover) == [Item.LEFT, Item.MOVED]


def test_an_offer_that_the_same_manager_settles_and_undoes_stands_as_before(place, owner, colleague, person_in):
    manager = person_in(MANAGER)
    handover = handovers.offer(giver=owner, to=colleague, by=manager, workplaces=[place.pk])
    handovers.settle(handover=handover, by=manager)

    handovers.undo(handover=handover, by=manager)

    assert fresh(handover).is_open
    assert states(handover) == [Item.OPEN]


def test_the_daily_contact_that_an_undo_gives_back_has_it_in_the_history(place, offer, owner, colleague):
    role = ColleagueRole.objects.create(workplace=place, colleague=owner, role="daily", created_by=owner)
    handover = offer(place, daily_contact=colleague)
    handovers.accept(handovers=[handover], by=colleague)

    handovers.undo(handover=handover, by=colleague)

    assert fresh(role).ended_on is None
    written = role.history.first()
    assert (written.ended_on, written.history_user) == (None, colleague)
