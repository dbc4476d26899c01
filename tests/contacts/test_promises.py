"""Follow-ups that come again, given on, many at once, and undone."""

from datetime import date

import pytest

from contacts import actions, follow_up_kinds, handovers, promises
from contacts.models import FollowUp
from tests.factories import FollowUpFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


def recurring(owner, **facts):
    return FollowUpFactory(**{"owner": owner, "due_on": TODAY, "repeat_every": 2, "repeat_unit": "week"} | facts)


def following(follow_up):
    return FollowUp.objects.filter(continues=follow_up).first()


@pytest.fixture
def kept(monkeypatch):
    """A kind that only its app ends."""
    monkeypatch.setattr(follow_up_kinds, "_kinds", dict(follow_up_kinds._kinds))
    follow_up_kinds.register(follow_up_kinds.FollowUpKind("kept", "Kept", lambda one: "/kept/", is_kept=True))
    return "kept"


# --- Those that come again ---------------------------------------------------------------------


def test_ticking_off_one_that_comes_again_makes_the_next_once(owner, colleague):
    first = recurring(owner, title="Call about the places")

    actions.finish(follow_up=first, by=colleague)
    actions.finish(follow_up=first, by=colleague)
    first.come_again(today=TODAY)

    after = FollowUp.objects.get(continues=first)
    assert (after.title, after.due_on, after.owner) == ("Call about the places", date(2026, 12, 8), owner)
    assert (after.repeat_every, after.repeat_unit, after.done_at) == (2, "week", None)
    first.workplace.refresh_from_db()
    assert first.workplace.next_contact_on == date(2026, 12, 8)


@pytest.mark.parametrize(
    ("due_on", "every", "unit", "day"),
    [
        (date(2026, 11, 24), 1, "month", date(2026, 12, 24)),  # a working day by law
        (date(2026, 9, 1), 1, "week", date(2026, 12, 1)),  # long late: not again in the past
        (date(2026, 12, 15), 6, "month", date(2027, 6, 15)),  # ticked off early
        (date(2026, 11, 25), 1, "month", date(2026, 12, 28)),  # Christmas Day, its second day, a weekend
    ],
)
def test_the_next_one_falls_on_a_working_day_to_come(owner, due_on, every, unit, day):
    first = recurring(owner, due_on=due_on, repeat_every=every, repeat_unit=unit)

    actions.finish(follow_up=first, by=owner)

    assert following(first).due_on == day


def test_a_logged_contact_makes_the_next_too_and_taking_it_back_lets_go_of_it(owner):
    first = recurring(owner)
    contact, _promised = actions.log(
        workplace=first.workplace, by=owner, channel="phone", on=TODAY, outcome="interested", finished=[first]
    )
    made = following(first)

    actions.take_back(contact=contact, by=owner)

    first.refresh_from_db()
    assert made is not None
    assert first.done_at is None
    assert following(first) is None


def test_reopening_lets_go_of_the_next_unless_somebody_has_touched_it(owner):
    untouched, touched = recurring(owner), recurring(owner)
    for one in (untouched, touched):
        actions.finish(follow_up=one, by=owner)
    actions.postpone(follow_up=following(touched), to=date(2026, 12, 10))

    assert actions.reopen(follow_up=untouched) is None
    stays = actions.reopen(follow_up=touched)

    assert following(untouched) is None
    assert stays == following(touched)
    assert stays.due_on == date(2026, 12, 10)


def test_nothing_comes_again_at_a_place_that_has_ceased(owner):
    ceased = recurring(owner, workplace=WorkplaceFactory(ceased_on=date(2026, 11, 1)))

    actions.finish(follow_up=ceased, by=owner)

    assert following(ceased) is None


# --- By hand -----------------------------------------------------------------------------------


def test_one_written_for_a_colleague_says_who_gave_it(owner, colleague):
    facts = {"title": "Call", "due_on": date(2026, 12, 1)}
    workplace = WorkplaceFactory()

    mine = promises.add(workplace=workplace, by=owner, owner=owner, **facts)
    theirs = promises.add(workplace=workplace, by=owner, owner=colleague, **facts)

    workplace.refresh_from_db()
    assert workplace.next_contact_on == date(2026, 12, 1)
    assert (mine.kind, mine.given_by) == ("by_hand", None)
    assert (theirs.owner, theirs.given_by) == (colleague, owner)


def test_changing_one_keeps_the_next_day_of_the_workplace_true(owner):
    follow_up = recurring(owner)
    facts = {"title": "Write", "due_on": date(2026, 12, 3), "person": None, "channel": "email"}

    promises.change(follow_up=follow_up, by=owner, repeat_every=None, repeat_unit="", **facts)
    actions.finish(follow_up=follow_up, by=owner)

    follow_up.refresh_from_db()
    assert (follow_up.title, follow_up.channel) == ("Write", "email")
    assert following(follow_up) is None
    with pytest.raises(actions.NotNow):
        promises.change(follow_up=follow_up, by=owner, repeat_every=None, repeat_unit="", **facts)


# --- Several at once, and undone ---------------------------------------------------------------


def test_several_are_given_and_given_back_with_what_was_known_before(owner, colleague, person_in):
    manager = person_in("Manager")
    mine = [FollowUpFactory(owner=owner) for _ in range(2)]
    promises.give_several(follow_ups=mine[:1], to=owner, by=owner)
    before = promises.give_several(follow_ups=[mine[1]], to=manager, by=owner, word="Ask about May")

    done = promises.give_several(follow_ups=mine, to=colleague, by=manager, word="Olga is ill")

    assert len(before.acted) == 1
    given = FollowUp.objects.filter(owner=colleague, given_by=manager, given_word="Olga is ill")
    assert set(given) == set(mine)
    assert all(one.is_given for one in given)
    undone = promises.undo(marks=done.marks)
    assert len(undone.acted) == 2
    second = FollowUp.objects.get(pk=mine[1].pk)
    assert (second.owner, second.given_by, second.given_word) == (manager, owner, "Ask about May")
    assert FollowUp.objects.get(pk=mine[0].pk).given_by is None


def test_an_employer_who_waits_is_not_passed_on_blindly(owner, colleague):
    matter = FollowUpFactory(owner=owner, kind="matter")

    done = promises.give_several(follow_ups=[matter], to=colleague, by=owner)

    matter.refresh_from_db()
    assert done.left == [matter]
    assert matter.owner == owner


def test_what_its_app_ends_is_not_ticked_off_by_hand(owner, kept):
    review, other = FollowUpFactory(owner=owner, kind=kept), FollowUpFactory(owner=owner)

    done = promises.finish_several(follow_ups=[review, other], by=owner)

    assert (done.acted, done.left) == ([other], [review])
    with pytest.raises(actions.NotNow):
        actions.finish(follow_up=review, by=owner)


def test_several_are_ticked_off_and_opened_again_as_a_whole(owner, colleague):
    plain, again, touched = FollowUpFactory(owner=owner), recurring(owner), FollowUpFactory(owner=owner)
    done = promises.finish_several(follow_ups=[plain, again, touched], by=owner)
    made = following(again)
    actions.reopen(follow_up=touched)
    actions.postpone(follow_up=touched, to=date(2026, 12, 24))

    undone = promises.undo(marks=done.marks)

    assert made is not None
    assert (set(undone.acted), undone.left) == ({plain, again}, [touched])
    assert not FollowUp.objects.filter(done_at__isnull=False).exists()
    assert following(again) is None
    touched.refresh_from_db()
    assert touched.due_on == date(2026, 12, 24)
    plain.workplace.refresh_from_db()
    assert plain.workplace.next_contact_on == plain.due_on


def test_undoing_twice_changes_nothing(owner):
    promised = FollowUpFactory(owner=owner, due_on=TODAY)
    done = promises.postpone_several(follow_ups=[promised], to=lambda one: date(2026, 12, 1))

    promises.undo(marks=done.marks)
    again = promises.undo(marks=done.marks)

    promised.refresh_from_db()
    assert promised.due_on == TODAY
    assert again.acted == []


def test_undoing_a_tick_says_that_the_next_one_stays_when_somebody_has_changed_it(owner):
    again = recurring(owner)
    done = promises.finish_several(follow_ups=[again], by=owner)
    actions.postpone(follow_up=following(again), to=date(2026, 12, 10))

    assert promises.undo(marks=done.marks).stays == [following(again)]


@pytest.mark.parametrize("rows", [1, 8])
def test_several_take_two_statements_for_each_and_no_more(owner, rows, django_assert_max_num_queries):
    promised = [FollowUpFactory(owner=owner) for _ in range(rows)]

    with django_assert_max_num_queries(9 + 2 * rows):
        promises.postpone_several(follow_ups=promised, to=lambda one: date(2026, 12, 1))


def test_a_matter_is_undone_with_its_call(owner):
    workplace = WorkplaceFactory()
    step = {"kind": "matter", "occurrence": "matter", "title": "May they?", "due_on": date(2026, 11, 25)}
    contact, _promised = actions.log(
        workplace=workplace, by=owner, channel="phone", on=TODAY, outcome="answered", direction="in",
        more_steps=[step | {"owner": owner}],
    )  # fmt: skip
    made = FollowUp.objects.caused_by(contact).get()

    actions.take_back(contact=contact, by=owner)

    assert (made.kind, made.owner, made.title) == ("matter", owner, "May they?")
    assert not FollowUp.objects.exists()


# --- Sent twice --------------------------------------------------------------------------------


def test_the_same_written_again_at_once_is_the_same(owner, today):
    facts = {
        "workplace": WorkplaceFactory(), "by": owner, "owner": owner, "title": "Call", "due_on": TODAY, "person": None,
        "channel": "", "repeat_every": None, "repeat_unit": "",
    }  # fmt: skip
    first = promises.add(**facts)

    assert promises.add(**facts) == first
    assert promises.add(**facts | {"title": "Write"}) != first
    today.shift(660)
    assert promises.add(**facts) not in (None, first)


def test_the_next_one_that_has_been_offered_stays_when_the_tick_is_taken_back(owner, colleague):
    first = recurring(owner, kind="matter")
    actions.finish(follow_up=first, by=owner)
    handovers.offer(giver=owner, to=colleague, by=owner, follow_ups=[following(first).pk])

    assert actions.reopen(follow_up=first) == following(first)
