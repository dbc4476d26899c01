"""The dashboard: figures checked by hand, and every number is that of the list behind it."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from companies.models import Selection, Workplace
from jobcenter_crm.desk.dashboard.asked import Asked
from jobcenter_crm.desk.dashboard.parts import PARTS
from jobcenter_crm.desk.dashboard.reckoned import reckon
from jobcenter_crm.staff.actions import switch_staff_figures_on
from jobcenter_crm.staff.roles import CASE_WORKER, CONSULTANT
from placements.models import Effect
from tests.conftest import member
from tests.desk.dashboard import TODAY, numbers, rows_behind
from tests.factories import (
    EffectFactory,
    FollowUpFactory,
    InteractionFactory,
    PlacementFactory,
    ReservationFactory,
    SlotFactory,
    TargetFactory,
    TeamFactory,
    UserFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PAGE = "desk:dashboard"


WHERE = ["", "team", "among"]
# A hundred lists each; of these one database has to tell.
MORE_WHERE = ["branch=56", "since=2026-02-01&until=2026-10-31", "team&since=2025-01-01"]


@pytest.mark.parametrize("where", [*WHERE, *(pytest.param(where, marks=pytest.mark.slow) for where in MORE_WHERE)])
def test_every_number_on_the_page_is_that_of_the_list_behind_it(looker, manager, owner, town, where):
    query = where.replace("team", f"team={owner.team_id}")
    if where == "among":
        query = f"among={Selection.objects.create(name='In groups', query='tier=1&tier=2', created_by=manager).pk}"

    page = looker.get(f"{reverse(PAGE)}?{query}")
    found = numbers(page)

    assert len(found) > (60 if "team" in where or not where else 20)
    for url, number in found:
        assert rows_behind(looker, url) == number, url


@pytest.mark.parametrize("part", ["trend", "flow", "barriers", "centres"])
@pytest.mark.parametrize("where", ["", "team"])
def test_every_number_of_the_parts_is_that_of_the_list_behind_it(looker, owner, town, part, where):
    query = where.replace("team", f"team={owner.team_id}")

    found = numbers(looker.get(f"{reverse('desk:dashboard_part', args=[part])}?{query}"))

    assert len(found) >= 5
    for url, number in found:
        assert rows_behind(looker, url) == number, url


@pytest.mark.parametrize(
    "period",
    ["since=2025-11-25&until=2026-11-24", "since=2025-01-01&until=2025-12-31", "since=2024-02-10&until=2026-11-24",
     "since=2025-02-28&until=2025-02-28", "since=2026-11-20&until=2027-02-01"],
)  # fmt: skip
def test_a_month_that_lies_in_the_period_in_part_has_the_rows_of_its_days(looker, period):
    place = WorkplaceFactory(tier=1)
    for day in ("2026-11-24", "2026-02-11", "2025-11-28", "2025-11-24", "2025-11-03", "2025-02-28", "2024-11-25", "2024-11-03",
                "2024-02-29", "2024-02-09", "2023-11-30", "2023-02-15"):  # fmt: skip
        InteractionFactory(workplace=place, on=date.fromisoformat(day))

    found = numbers(looker.get(f"{reverse('desk:dashboard_part', args=['trend'])}?{period}"))

    assert found
    for url, number in found:
        assert rows_behind(looker, url) == number, url


# By hand.

# Figure -> group 1, group 2, no group, all. The rows of `a_small_town` are counted on paper.
BY_HAND = """
places          2   1   1   4
in_time         1   0   0   1
in_year         1   1   0   2
never           0   0   1   1
without_owner   1   0   1   2
active          1   0   0   1
reviews_due     1   0   0   1
reviews_late    0   0   0   0
open_places     3   0   0   3
filled          2   0   0   2
free_places     1   0   0   1
owed            0   0   0   0
running         1   0   0   1
contacts        2   1   0   3
contacts_before 1   0   0   1
started         6   0   0   6
started_before  1   0   0   1
ended           6   0   0   6
known           5   0   0   5
job             2   0   0   2
hours           1   0   0   1
education       1   0   0   1
none            1   0   0   1
supporting      3   0   0   3
said            4   0   0   4
"""


@pytest.fixture
def a_small_town(owner):
    """Four workplaces, and at the first of them one of everything."""
    first = WorkplaceFactory(tier=1, owner=owner, last_contact_on=date(2026, 9, 1))
    WorkplaceFactory(tier=1, owner=None, last_contact_on=date(2025, 11, 23))
    # 120 days before the day lies 27 July; a year before it 24 November 2025.
    second = WorkplaceFactory(tier=2, owner=owner, last_contact_on=date(2026, 7, 26))
    WorkplaceFactory(tier=None, owner=None, last_contact_on=None)
    agreement = active_agreement(workplace=first, owner=owner)
    type(agreement).objects.filter(pk=agreement.pk).update(next_review_on=date(2027, 1, 23))
    InteractionFactory(workplace=first, on=date(2026, 1, 1), outcome="interested")
    InteractionFactory(workplace=first, on=date(2026, 11, 24), outcome="interested")
    InteractionFactory(workplace=first, on=date(2025, 11, 24), outcome="interested")
    InteractionFactory(workplace=first, on=date(2025, 11, 25), outcome="interested")
    InteractionFactory(workplace=second, on=date(2026, 7, 26), outcome="interested")
    slot = SlotFactory(workplace=first, places=3)
    ReservationFactory(slot=slot, planned_end=date(2027, 2, 28))
    PlacementFactory(slot=slot, starts_on=date(2025, 10, 1))
    for outcome, supports in [("job", True), ("job", True), ("hours", True), ("education", None), ("none", False), ("unknown", None)]:  # fmt: skip
        EffectFactory(
            outcome=outcome, self_supporting=supports, hours=20 if outcome == "hours" else None,
            placement__slot=SlotFactory(workplace=first, state="closed"),
        )  # fmt: skip
    # An act on a workplace reads its last contact out of the log.
    Workplace.objects.filter(pk=first.pk).update(last_contact_on=date(2026, 9, 1))


@pytest.mark.usefixtures("a_small_town")
def test_the_figures_are_those_that_were_counted_by_hand(looker):
    told = looker.get(reverse(PAGE)).context["told"]

    counted = [
        [name, *(told.number(name, tier) for tier in (1, 2, 0)), told.number(name)]
        for name in (line.split()[0] for line in BY_HAND.strip().splitlines())
    ]

    assert counted == [[line.split()[0], *map(int, line.split()[1:])] for line in BY_HAND.strip().splitlines()]


@pytest.mark.usefixtures("a_small_town")
def test_what_came_of_fewer_than_five_is_not_told(looker):
    page = looker.get(reverse(PAGE))

    lines = {line.figure.name: [cell.text for cell in line.cells] for line in page.context["tables"][1]["lines"]}
    assert lines["job"] == ["2", "", "", "", "", "2"]


def test_a_group_from_which_a_small_one_could_be_reckoned_is_not_told_either(looker):
    for tier, number in ((1, 6), (2, 7), (3, 3)):
        slot = SlotFactory(workplace__tier=tier, state="closed")
        for _n in range(number):
            EffectFactory(placement__slot=slot)

    page = looker.get(reverse(PAGE))

    lines = {line.figure.name: [cell.text for cell in line.cells] for line in page.context["tables"][1]["lines"]}
    # Thirteen of sixteen would tell of the three.
    assert lines["job"] == ["", "7", "", "", "16"]


@pytest.mark.usefixtures("a_small_town")
def test_no_figure_is_a_dash_and_not_nought_per_cent(looker):
    Effect.objects.all().delete()

    page = looker.get(reverse(PAGE))

    assert "no figures yet" in page.text
    assert "0 %" not in page.text.split("Self-supporting four weeks")[1][:300]


# The address.


@pytest.mark.parametrize(
    "query",
    ["since=x", "since=2026-12-01&until=2026-01-01", "since=1800-01-01", "since=2020-01-01", "until=9999-12-31", "team=0",
     "among=77", "branch=nobody+knows", "municipality=1", "oddity=1", "since=2026-01-01&since=2026-02-01"],
)  # fmt: skip
def test_what_can_not_be_read_is_said_and_nothing_is_counted(looker, query):
    page = looker.get(f"{reverse(PAGE)}?{query}")
    part = looker.get(f"{reverse('desk:dashboard_part', args=['trend'])}?{query}")

    assert page.status_code == part.status_code == 200
    assert "The filter can't be read." in page.text
    assert "tables" not in page.context
    assert "charts" not in part.context


def test_a_part_that_there_is_not_is_not_found(looker):
    assert looker.get(reverse("desk:dashboard_part", args=["nothing"])).status_code == 404


# Who.


@pytest.mark.parametrize("role", [CONSULTANT, CASE_WORKER])
def test_the_overview_of_the_house_is_for_managers(client_for, role):
    client = client_for(member(role, "somebody"))

    assert client.get(reverse(PAGE)).status_code == 403
    assert client.get(reverse("desk:dashboard_part", args=["trend"])).status_code == 403
    assert f'"{reverse(PAGE)}"' not in client.get("/").text


def test_each_source_is_told_to_those_who_may_see_its_list(client_for, stranger, town):
    stranger.user_permissions.set(Permission.objects.filter(codename__in=["view_dashboard", "view_slot"]))

    page = client_for(stranger).get(reverse(PAGE))

    assert [line.figure.name for line in page.context["tables"][0]["lines"]] == [
        "open_places",
        "filled",
        "free_places",
        "owed",
    ]
    assert page.context["tables"][1]["lines"] == []
    assert page.context["teams"] == []
    assert "Overdue" not in page.text


OUTCOMES = {"known", "said", "supporting", "said_before", "supporting_before", "job", "hours", "education", "none"}


def test_what_came_of_placements_is_told_to_those_who_may_read_it_of_each(client_for, stranger, town):
    names = ["view_dashboard", "view_placement", "view_target", "add_target"]
    stranger.user_permissions.set(Permission.objects.filter(codename__in=names))
    TargetFactory(measure="supporting", starts_on=date(2026, 1, 1))
    client = client_for(stranger)
    asked = Asked(None, date(2026, 1, 1), TODAY, TODAY, {})

    page = client.get(reverse(PAGE))
    told = [reckon(asked, stranger.has_perm), reckon(asked).seen_by(stranger.has_perm)]

    for figures in [one.figures for one in told]:
        assert {"started", "ended"} <= figures.keys()
        assert not OUTCOMES & figures.keys()
    assert "Self-supporting" not in page.text
    assert client.get(reverse("desk:targets")).context["open"] == []
    measures = dict(client.get(reverse("desk:target_add")).context["form"].fields["measure"].choices)
    assert "started" in measures
    assert not {"supporting", "job"} & measures.keys()
    answer = client.get(reverse("desk:committee_pdf"))
    assert answer.status_code == 200
    answer.close()


@pytest.mark.parametrize(
    ("lacks", "status"), [("", 200), ("view_slot", 403), ("view_agreement", 403), ("view_effect", 403)]
)
def test_company_centres_are_told_to_those_who_may_see_all_that_they_are_made_of(client_for, stranger, lacks, status):
    names = {"view_dashboard", "view_effect", "view_slot", "view_agreement"} - {lacks}
    stranger.user_permissions.set(Permission.objects.filter(codename__in=names))

    assert client_for(stranger).get(reverse("desk:dashboard_part", args=["centres"])).status_code == status


def by_team(page):
    return {line.name: [cell.text for cell in line.cells] for line in page.context["teams"]}


def team_of(number, name):
    """The first of so many people of a new team."""
    return UserFactory.create_batch(number, team=TeamFactory(name=name))[0]


def test_a_team_is_told_of_in_numbers_that_were_counted_by_hand(looker):
    first, others = team_of(5, "Harbour"), team_of(6, "Town")
    for last in (date(2026, 11, 1), date(2025, 1, 1)):
        WorkplaceFactory(tier=1, owner=first, last_contact_on=last)
    WorkplaceFactory(tier=1, owner=None)
    WorkplaceFactory(tier=1, owner=others, ceased_on=date(2026, 11, 1))
    of_both = InteractionFactory(on=date(2026, 11, 1), created_by=first)
    of_both.staff.set([first, others, UserFactory(team=first.team)])
    InteractionFactory(on=date(2025, 11, 1), created_by=first)
    for days in (1, 14, 15):
        FollowUpFactory(owner=first, due_on=TODAY - timedelta(days=days))

    page = looker.get(reverse(PAGE))

    assert [figure.name for figure in page.context["team_heads"]] == [
        "places",
        "in_time",
        "contacts",
        "late",
        "late_long",
    ]
    assert by_team(page) == {"Harbour": ["2", "1", "1", "3", "1"], "Town": ["0", "0", "1", "0", "0"]}
    for url, number in numbers(page):
        assert rows_behind(looker, url) == number, url


def test_small_teams_are_told_together(looker):
    for name, people in (("Three", 3), ("Two", 2), ("Five", 5)):
        FollowUpFactory(owner=team_of(people, name), due_on=date(2026, 11, 23))

    page = looker.get(reverse(PAGE))

    assert by_team(page) == {"Five": ["1", "0"], "Small teams, and those in no team": ["2", "0"]}
    assert "Three" not in page.text
    assert page.context["teams"][1].cells[0].url == ""


def test_a_contact_that_several_small_teams_held_together_is_one(looker):
    two, three, five = team_of(2, "Two"), team_of(3, "Three"), team_of(5, "Five")
    for staff in ([two, three, UserFactory(team=None)], [two, five], [two], [two, two.team.members.last()]):
        InteractionFactory(on=date(2026, 11, 1), created_by=two).staff.set(staff)

    page = looker.get(reverse(PAGE))

    contacts = [figure.name for figure in page.context["team_heads"]].index("contacts")
    told = {name: cells[contacts] for name, cells in by_team(page).items()}
    assert told == {"Five": "1", "Small teams, and those in no team": "4"}


def test_what_is_left_of_the_whole_does_not_tell_of_one_colleague(looker, manager):
    FollowUpFactory(owner=UserFactory(team=None), due_on=date(2026, 11, 23))
    for name, people in (("Five", 5), ("Six", 6)):
        FollowUpFactory(owner=team_of(people, name), due_on=date(2026, 11, 23))

    page = looker.get(reverse(PAGE))

    assert by_team(page) == {"Six": ["1", "0"], "Small teams, and those in no team": ["2", "0"]}


def test_of_fewer_than_five_in_all_nothing_is_told(looker):
    FollowUpFactory(owner=UserFactory(team=None), due_on=date(2026, 11, 23))

    page = looker.get(reverse(PAGE))

    assert page.context["teams"] == []
    assert "There is no team of five or more people" in page.text


@pytest.mark.parametrize(
    ("of_whom", "is_told"),
    [("owner=colleague", False), ("team=small", False), ("team=large", True), ("owner=me", True), ("owner=none", True)],
)
def test_the_overview_is_not_narrowed_to_a_selection_of_few(looker, manager, owner, of_whom, is_told):
    keys = {"small": team_of(4, "Small").team_id, "large": team_of(5, "Large").team_id, "colleague": owner.pk}
    name, _equals, whom = of_whom.partition("=")
    selection = Selection.objects.create(name="Some", query=f"{name}={keys.get(whom, whom)}", created_by=manager)

    page = looker.get(f"{reverse(PAGE)}?among={selection.pk}")

    assert page.context["is_readable"] is is_told


def test_a_selection_of_one_colleague_is_told_where_that_is_switched_on(looker, manager, owner):
    selection = Selection.objects.create(name="Some", query=f"owner={owner.pk}", created_by=manager)
    switch_staff_figures_on(since=TODAY, reference="Works committee", by=manager)

    assert looker.get(f"{reverse(PAGE)}?among={selection.pk}").context["is_readable"]


@pytest.mark.parametrize(("people", "is_told"), [(4, False), (5, True)])
def test_the_overview_is_narrowed_to_a_team_of_five(looker, people, is_told):
    team = team_of(people, "Harbour").team_id

    assert looker.get(f"{reverse(PAGE)}?team={team}").context["is_readable"] is is_told


# Statements.


# Who is asking and whose house it is: five. Then what was kept, the plans, the branches, the teams, who is in none, and one
# for each list; contacts twice more, by team and by those of several.
COUNTED = 18


def test_the_page_asks_one_question_of_each_list_however_much_there_is(looker, town, django_assert_num_queries):
    looker.get(reverse(PAGE))

    with django_assert_num_queries(COUNTED):
        looker.get(reverse(PAGE))


@pytest.mark.parametrize("part", list(PARTS))
def test_a_part_asks_at_most_seven(looker, town, part, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        looker.get(reverse("desk:dashboard_part", args=[part]), headers={"HX-Request": "true"})


def test_company_centres_are_told_of_with_what_they_are_compared_with(looker, owner):
    centre = active_agreement(owner=owner, kind="centre", title="Kitchen", workplace__name="Canteen")
    slot = SlotFactory(workplace=centre.workplace, agreement=centre, places=8)
    for supports in (True, False, False, False, False, None):
        EffectFactory(placement__slot=slot, self_supporting=supports, outcome="none")
    PlacementFactory(slot=slot)
    address = reverse("desk:dashboard_part", args=["centres"])

    (chart,) = looker.get(address).context["charts"]
    before = looker.get(f"{address}?since=2025-01-01&until=2025-12-31").context["charts"][0]

    assert [(row.label, [cell.value for cell in row.cells]) for row in chart.rows] == [("Canteen, Kitchen", [1, 7])]
    assert "Of the 5 people at centres" in chart.note
    assert "20 % supported themselves four weeks later" in chart.note
    assert "got to 14.4 %" in chart.note
    assert "is told when it is known of at least 5" in before.note
    rows = looker.get(chart.rows[0].cells[1].url)
    assert list(rows.context["page_obj"]) == [slot]
    assert "Company centre, Kitchen, Canteen" in rows.text


def test_places_that_nobody_has_and_nobody_can_have_now_are_told_in_words(looker, owner):
    """In a labour conflict nothing is free; that does not make it taken."""
    strike = active_agreement(owner=owner, kind="centre", workplace__name="Dairy", workplace__labour_conflict=True)
    gone = active_agreement(owner=owner, kind="centre", workplace__name="Mill", workplace__ceased_on=TODAY)
    fine = active_agreement(owner=owner, kind="centre", workplace__name="Canteen")
    PlacementFactory(slot=SlotFactory(workplace=strike.workplace, agreement=strike, places=8))
    SlotFactory(workplace=gone.workplace, agreement=gone, places=1)
    SlotFactory(workplace=fine.workplace, agreement=fine, places=2)
    address = reverse("desk:dashboard_part", args=["centres"])

    (chart,) = looker.get(address).context["charts"]

    assert [(row.label, [cell.value for cell in row.cells]) for row in chart.rows] == [
        ("Canteen", [0, 2]), ("Dairy", [1, 0]), ("Mill", [0, 0]),
    ]  # fmt: skip
    assert (
        "Not drawn are 8 places that nobody has and nobody can have now,"
        " because of a labour conflict or because the workplace has ceased: Dairy (7), Mill (1)."
    ) in chart.note

    SlotFactory._meta.model.objects.exclude(workplace=fine.workplace).update(places=1)
    (chart,) = looker.get(address).context["charts"]
    assert "Not drawn is 1 place" in chart.note
    assert "Mill (1)" in chart.note
    assert "Dairy" not in chart.note
    type(gone.workplace).objects.filter(pk=gone.workplace_id).update(ceased_on=None)
    assert "Not drawn" not in looker.get(address).context["charts"][0].note
