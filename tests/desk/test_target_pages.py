"""The pages of targets: reckoned and shown first, then set; changed, ended, listed."""

from datetime import date
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from zeal import zeal_ignore

from companies.models import Selection
from jobcenter_crm.desk.dashboard import targets
from jobcenter_crm.desk.dashboard.realism import Way
from jobcenter_crm.desk.models import Target
from jobcenter_crm.staff.actions import switch_staff_figures_on
from jobcenter_crm.staff.roles import MANAGER
from tests.conftest import member
from tests.desk.dashboard import TODAY, asked
from tests.factories import (
    InteractionFactory,
    PlacementFactory,
    SlotFactory,
    TargetFactory,
    UserFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

ADD = "desk:target_add"


def typed(manager, **facts):
    return {
        "measure": "started", "goal": "8", "starts_on": "2026-11-24", "deadline": "2027-11-23",
        "responsible": manager.pk, "step": "reckon",
    } | facts  # fmt: skip


@pytest.fixture
def begun(house):
    """8 placements begun of 40 contacts in the last twelve months."""
    place = WorkplaceFactory(tier=1, owner=house[0])
    slot = SlotFactory(workplace=place, places=20)
    for month in (1, 2, 2, 3, 4, 5, 6, 7):
        PlacementFactory(slot=slot, starts_on=date(2026, month, 3))
    for day in range(1, 21):
        InteractionFactory.create_batch(2, workplace=place, on=date(2026, 3, day))


def test_what_is_typed_is_reckoned_and_shown_before_anything_is_set(looker, manager, begun):
    page = looker.post(reverse(ADD), typed(manager))

    assert page.status_code == 200
    assert Target.objects.count() == 0
    for words in (
        "Placements begun: 8 by 23 November 2027",
        "<strong>8</strong>",
        "Realistic",
        "8 / 44 = 0.2",
        "Set the target",
    ):
        assert words in page.text
    assert "Nothing is saved yet" in page.text


def test_then_it_is_set_with_its_baseline_and_its_grounds(looker, manager, begun):
    page = looker.post(reverse(ADD), typed(manager, step="save"))

    target = Target.objects.get()
    assert page.status_code == 302
    assert page.url == target.get_absolute_url()
    assert (target.baseline, target.baseline_since, target.baseline_until) == (
        8,
        date(2025, 11, 24),
        date(2026, 11, 23),
    )
    assert (target.verdict, target.set_by, target.set_on) == ("realistic", manager, TODAY)
    assert target.grounds["grounds"]["tries"] == 40


def test_going_back_keeps_what_was_typed(looker, manager):
    page = looker.post(reverse(ADD), typed(manager, step="change", goal="1234"))

    assert page.status_code == 200
    assert 'value="1234"' in page.text
    assert Target.objects.count() == 0


def test_what_does_not_hang_together_is_set_only_with_a_sentence_why(looker, manager, begun):
    shown = looker.post(reverse(ADD), typed(manager, goal="100"))
    refused = looker.post(reverse(ADD), typed(manager, goal="100", step="save"))
    kept = Target.objects.count()
    looker.post(reverse(ADD), typed(manager, goal="100", step="save", why="The council asks for it"))

    assert "Does not hang together" in shown.text
    assert "Set it all the same" in shown.text
    assert (refused.status_code, kept) == (422, 0)
    assert "Write in a sentence why" in refused.text
    assert Target.objects.get().why == "The council asks for it"


def test_why_is_not_kept_of_what_can_be_reached(looker, manager, begun):
    looker.post(reverse(ADD), typed(manager, step="save", why="Just so"))

    assert Target.objects.get().why == ""


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"measure": ""}, "measure", "Choose one."),
        ({"measure": "weather"}, "measure", "weather"),
        ({"goal": ""}, "goal", "Fill this in."),
        ({"goal": "many"}, "goal", "Write a number, with one decimal at most."),
        ({"goal": "-1"}, "goal", "Write a number"),
        ({"goal": "1.5"}, "goal", "write a whole number"),
        ({"goal": "99999999999"}, "goal", "Write a number"),
        ({"measure": "in_year", "goal": "101"}, "goal", "at most 100 per cent"),
        ({"deadline": "2026-11-24"}, "deadline", "The deadline must lie ahead"),
        ({"deadline": "2033-01-01"}, "deadline", "at most five years ahead"),
        ({"starts_on": "2020-01-01"}, "starts_on", "at most a year back or ahead"),
        ({"starts_on": "2028-01-01"}, "starts_on", "at most a year back or ahead"),
        ({"starts_on": "0001-01-01"}, "starts_on", "at most a year back or ahead"),
        ({"starts_on": "2027-10-01", "deadline": "2027-01-01"}, "deadline", "The deadline must lie ahead"),
        ({"responsible": "0"}, "responsible", "Select a valid choice"),
        ({"comparison": "14.4"}, "comparison_source", "Fill in all three, or none."),
        ({"comparison_source": "A book", "comparison_on": "2011-12-31"}, "comparison", "Fill in all three, or none."),
        (
            {"comparison": "4", "comparison_source": "A book", "comparison_on": "2031-12-31"},
            "comparison_on", "Write a day that has been.",
        ),
        ({"tier": ["1", "2"]}, "tier", "Choose one group, or none."),
        ({"tier": ["7"]}, "tier", "7"),
        ({"team": "999"}, "team", "999"),
        ({"branch": "gibberish"}, "branch", "No branch has this code"),
        ({"why": "He is 0101701234"}, "why", "CPR"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_said_beside_its_field(looker, manager, facts, field, words):
    page = looker.post(reverse(ADD), typed(manager, step="save", **facts))

    assert page.status_code == 422
    assert words in " ".join(page.context["form"].errors[field])
    assert Target.objects.count() == 0


def test_a_selection_of_ones_own_is_not_offered(looker, manager):
    own = Selection.objects.create(name="Mine", query="tier=1", created_by=manager)

    page = looker.post(reverse(ADD), typed(manager, among=own.pk))

    assert "among" in page.context["form"].errors


def test_a_selection_about_its_reader_is_no_place_for_a_target(looker, manager):
    mine = Selection.objects.create(name="Mine", query="owner=me", is_shared=True, created_by=manager)

    page = looker.post(reverse(ADD), typed(manager, among=mine.pk))

    assert "somebody else for each reader" in str(page.context["form"].errors["among"])


def test_nobody_sets_a_target_of_a_colleague_or_of_a_small_team(looker, manager, owner):
    hers = Selection.objects.create(name="Hers", query=f"owner={owner.pk}", is_shared=True, created_by=manager)
    theirs = Selection.objects.create(name="Theirs", query=f"team={owner.team_id}", is_shared=True, created_by=manager)

    pages = [looker.post(reverse(ADD), typed(manager, step="save", among=one.pk)) for one in (hers, theirs)]
    team = looker.post(reverse(ADD), typed(manager, step="save", team=owner.team_id))

    for page in pages:
        assert "Figures are told of five people and more." in str(page.context["form"].errors["among"])
    assert "team" in team.context["form"].errors
    assert not Target.objects.exists()


def test_a_target_of_a_team_that_has_become_small_can_be_ended_and_not_changed(looker, manager, owner):
    grounds = {"way": Way("contacts", 1, 8, 1, 365).__dict__, "grounds": {"gained": 4321, "tries": 8}}
    target = TargetFactory(where=f"team={owner.team_id}", baseline=1234, grounds=grounds)

    page = looker.get(target.get_absolute_url())
    change = reverse("desk:target_change", args=[target.pk])
    changed = looker.post(change, typed(manager, step="save", goal="9"))
    looker.post(reverse("desk:target_end", args=[target.pk]), {"why": "Too few"})

    assert "Figures are told of five people and more." in page.text
    for number in ("1,234", "4,321"):
        assert number not in page.text
    assert "Figures are told of five people and more." in str(changed.context["form"].errors)
    target.refresh_from_db()
    assert (target.goal, target.ended_why, target.ended_with) == (240, "Too few", None)


def test_the_same_is_set_once(looker, manager):
    TargetFactory(deadline=date(2027, 11, 23))

    page = looker.post(reverse(ADD), typed(manager, step="save"))

    assert "There is a target for the same by the same day already." in page.context["form"].errors["deadline"][0]


def test_where_it_holds_is_kept_as_the_dashboard_says_it(looker, manager, house):
    shared = Selection.objects.create(name="Ours", query="employees_from=5", is_shared=True, created_by=manager)
    WorkplaceFactory(tier=1, owner=house[0], employees_min=9)
    UserFactory.create_batch(3, team=house[0].team)
    facts = {"measure": "in_year", "goal": "0,5", "tier": ["3", "1"], "team": house[0].team_id, "among": shared.pk}

    looker.post(reverse(ADD), typed(manager, step="save", why="So it is", **facts))

    target = Target.objects.get()
    assert (target.where, target.among, target.goal) == (
        f"team={house[0].team_id}&tier=1&tier=3",
        shared,
        Decimal("0.5"),
    )
    assert targets.where_of(target) == ({"team": str(house[0].team_id), "among": str(shared.pk)}, (1, 3))


def test_changing_is_reckoned_anew_and_keeps_what_it_is_about(looker, manager, begun):
    target = TargetFactory(deadline=date(2027, 11, 23), starts_on=TODAY, set_on=TODAY)
    address = reverse("desk:target_change", args=[target.pk])
    facts = {"goal": "9", "deadline": "2027-11-23", "responsible": manager.pk, "measure": "never"}

    shown = looker.post(address, facts)
    target.refresh_from_db()
    untouched = target.goal
    looker.post(address, facts | {"step": "save"})

    target.refresh_from_db()
    assert "Nothing is saved yet" in shown.text
    assert untouched == 240
    assert (target.goal, target.measure, target.verdict, target.responsible) == (9, "started", "stretch", manager)
    assert target.history.count() == 2


def test_one_that_has_ended_is_neither_changed_nor_ended_again(looker, manager):
    target = TargetFactory(ended_on=TODAY, ended_by=manager, ended_why="Done", ended_with=3)

    for name in ("desk:target_change", "desk:target_end"):
        assert looker.get(reverse(name, args=[target.pk])).status_code == 404


def test_ending_asks_why_and_keeps_what_it_had_come_to(looker, manager):
    WorkplaceFactory()
    target = TargetFactory(measure="never", goal=0, baseline=3)
    address = reverse("desk:target_end", args=[target.pk])

    asked = looker.get(address)
    refused = looker.post(address, {"why": ""})
    looker.post(address, {"why": "Other things matter more"})

    target.refresh_from_db()
    assert "It stands at 1." in asked.text
    assert refused.status_code == 422
    assert (target.ended_with, target.ended_why, target.ended_on) == (1, "Other things matter more", TODAY)
    page = looker.get(target.get_absolute_url())
    assert "Not reached" in page.text
    assert "Other things matter more" in page.text


def test_the_list_tells_how_far_each_has_come(looker, manager, begun):
    looker.post(reverse(ADD), typed(manager, step="save", starts_on="2026-06-01"))
    TargetFactory(where="team=999", deadline=date(2027, 6, 1))
    TargetFactory(starts_on=date(2027, 1, 1), deadline=date(2027, 12, 31))
    TargetFactory(ended_on=TODAY, ended_by=manager, ended_why="Enough of it", ended_with=240)

    page = looker.get(reverse("desk:targets"))

    first = page.context["open"][1]
    assert (first.now, first.percent_of_way, first.url) == (
        "2", 25, "/placements/?state=all&started_from=2026-06-01&started_until=2026-11-24",
    )  # fmt: skip
    for words in ("Can&#x27;t be counted", "begins on 1 January 2027", "Enough of it", "Reached", "3 open targets."):
        assert words in page.text


def test_the_list_asks_the_same_however_many_there_are(looker, manager, django_assert_max_num_queries):
    people = UserFactory.create_batch(3)
    for number in range(12):
        TargetFactory(
            measure=["started", "active", "never", "in_time"][number % 4], responsible=people[number % 3],
            deadline=date(2027, 1, 1 + number), where="tier=1" if number % 2 else "",
        )  # fmt: skip

    # Who is logged in, what they may, the bell; then the ended and the open ones, the plans, and one count of all.
    with django_assert_max_num_queries(12):
        page = looker.get(reverse("desk:targets"))

    assert len(page.context["open"]) == 12


def test_many_places_are_read_one_after_the_other(looker, manager, house):
    for number in range(4):
        TargetFactory(where=f"team={house[0].team_id}&branch={56 + number}", deadline=date(2027, 1, 1 + number))

    # Each is a search of its own, read as strictly as the register's.
    with zeal_ignore():
        page = looker.get(reverse("desk:targets"))

    assert len(page.context["open"]) == 4


def test_only_the_latest_that_have_ended_are_shown_first(looker, manager):
    for number in range(22):
        TargetFactory(deadline=date(2027, 1, 1 + number), ended_on=TODAY, ended_by=manager, ended_why="Done")

    assert len(looker.get(reverse("desk:targets")).context["ended"]) == 20
    assert len(looker.get(reverse("desk:targets"), {"all": "1"}).context["ended"]) == 22


def test_a_target_on_its_own_page_shows_the_sums(looker, manager, begun):
    looker.post(
        reverse(ADD),
        typed(manager, step="save", comparison="147", comparison_source="The guide", comparison_on="2012-01-01"),
    )

    page = looker.get(Target.objects.get().get_absolute_url())

    for words in (
        "What was promised, and on what grounds",
        "8 / 44 = 0.2",
        "The guide, 1 January 2012",
        '<a href="/placements/?',
    ):
        assert words in page.text


def test_a_target_asks_the_same_however_often_it_was_changed(looker, manager, django_assert_num_queries):
    target = TargetFactory()
    for number in range(6):
        target.goal, target._history_user = number, UserFactory()
        target.save()

    # Who is logged in, what they may, the bell (5); the target, its count, and how it was changed.
    with django_assert_num_queries(8):
        looker.get(target.get_absolute_url())


def test_the_dashboard_fragment_shows_them(looker, manager, rf):
    TargetFactory(where="tier=1")
    TargetFactory(where="branch=56")
    request = rf.get("/")
    request.user = manager

    shown = render_to_string(
        "desk/_targets.html", {"targets": targets.for_dashboard(asked("", manager), manager)}, request
    )

    assert "group 1, by 31 October 2028" in shown
    assert "(1 for another part of the register)" in shown


def test_the_dashboard_takes_in_the_targets_that_hold_where_it_looks(looker, owner):
    TargetFactory(goal=321)
    here, htmx = reverse("desk:targets_here"), {"HX-Request": "true"}

    assert f'hx-get="{here}?' in looker.get(reverse("desk:dashboard")).text
    assert "321" in looker.get(here, headers=htmx).text
    narrowed = looker.get(f"{here}?branch=56", headers=htmx)
    assert "321" not in narrowed.text
    assert "1 for another part of the register" in narrowed.text
    # Without htmx, and for an address that can't be read, there is the page of all of them.
    assert looker.get(here).url == reverse("desk:targets")
    assert looker.get(f"{here}?oddity=1", headers=htmx).headers["HX-Redirect"] == reverse("desk:targets")


def test_who_answers_for_a_target_may_see_it(looker, manager, owner):
    other = member(MANAGER, "another")
    target = TargetFactory(responsible=owner)

    offered = looker.get("/dashboard/targets/add/").context["form"].fields["responsible"].queryset
    changed = looker.get(f"/dashboard/targets/{target.pk}/change/").context["form"].fields["responsible"].queryset

    assert set(offered) == {manager, other}
    # Whoever answers for it already stays.
    assert set(changed) == {manager, other, owner}


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"goal": "7"}, "The target asks for less than as long a time before gave: 8."),
        ({"goal": "8"}, ""),
        ({"measure": "never", "goal": "9"}, "The target is worse than where it stands today: "),
        ({"measure": "in_year", "goal": "40"}, "The target is worse than where it stands today: "),
    ],
)
def test_a_target_that_is_worse_than_today_is_warned_of(looker, manager, begun, facts, words):
    WorkplaceFactory()
    WorkplaceFactory.create_batch(3, last_contact_on=date(2026, 11, 1))

    page = looker.post(reverse(ADD), typed(manager, **facts))

    assert words in page.text
    assert ("is worse than" in page.text or "asks for less" in page.text) == bool(words)


def test_a_target_of_a_selection_of_one_colleague_is_not_told_on_the_overview_either(looker, manager, owner):
    theirs = Selection.objects.create(name="Theirs", query=f"owner={owner.pk}", created_by=manager, is_shared=True)
    TargetFactory(among=theirs, goal=321)
    switch_staff_figures_on(since=TODAY, reference="Works committee", by=manager)

    told = targets.for_dashboard(asked(f"among={theirs.pk}", manager), manager)

    (one,) = told.progress
    assert (one.numbers, one.start, one.state.label) == (None, "", "Can't be counted")


def test_what_is_counted_over_a_period_says_since_when_and_what_it_begins_with(looker, manager):
    TargetFactory(baseline=14)

    assert "counted from 1 November 2026; as long a time before gave 14" in looker.get(reverse("desk:targets")).text
