"""The parts of the register's filter: what each finds, how it is told back, and what a rule may not ask."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from companies.filter_parts import Part, TextPart
from companies.filters import BrokenSelection, WorkplaceFilter
from companies.models import Branch, Municipality, Postcode, Selection, Workplace
from jobcenter_crm.staff.actions import switch_staff_figures_on
from jobcenter_crm.staff.models import Organisation
from tests.factories import TeamFactory, UserFactory, WorkplaceFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


def asked(query, user=None):
    return WorkplaceFilter(QueryDict(query), Workplace.objects.all(), today=TODAY, user=user)


def found(query, user=None):
    return set(asked(query, user).rows())


def test_months_are_counted_from_today():
    lately = WorkplaceFactory(last_contact_on=date(2026, 8, 24))
    before = WorkplaceFactory(last_contact_on=date(2026, 8, 23))
    never = WorkplaceFactory()

    assert found("contacted_months=3") == {lately}
    assert found("quiet_months=3") == {before, never}


def test_a_group_set_by_hand_and_one_set_by_a_rule_are_told_apart():
    by_hand = WorkplaceFactory(tier=1, tier_since=TODAY, tier_by_hand=True)
    by_rule = WorkplaceFactory(tier=1, tier_since=TODAY, tier_by_hand=False)
    WorkplaceFactory()

    assert found("tier_set=hand") == {by_hand}
    assert found("tier_set=rule") == {by_rule}


def test_the_team_is_that_of_the_responsible_consultant(owner, colleague):
    colleague.team = TeamFactory(name="Team South")
    colleague.save()
    ours = WorkplaceFactory(owner=owner)
    WorkplaceFactory(owner=colleague)
    WorkplaceFactory()

    assert found(f"team={owner.team.pk}") == {ours}


def test_several_branches_are_one_search():
    restaurant, shop = _branch("561110"), _branch("471100")
    wanted = {WorkplaceFactory(branch=restaurant), WorkplaceFactory(branch=shop)}
    WorkplaceFactory(branch=_branch("011100"))

    assert found("branch=56,+47") == wanted
    assert found("branch=DB25:56;DB25:47") == wanted
    assert found(f"branch={restaurant.title},471100") == wanted


def test_a_title_with_a_comma_in_it_is_one_branch():
    title = Branch.objects.filter(title__contains=", ", level=4).first().title

    assert {branch.title for branch in asked(urlencode({"branch": title})).chosen["branch"]} == {title}


def test_one_unknown_branch_in_a_list_breaks_the_whole_search():
    with pytest.raises(BrokenSelection) as broken:
        asked("branch=56,no such trade").rows()

    assert "no such trade" in broken.value.problems[0]


def _branch(code):
    return Branch.objects.filter(code=code, scheme="DB25").first() or Branch.objects.create(
        scheme="DB25", code=code, title=f"Trade {code}", level=4, section="X"
    )


def test_around_a_town_finds_by_position_and_else_by_postcode():
    here = WorkplaceFactory(postcode="4600")
    near = WorkplaceFactory(postcode="4600", latitude=55.49, longitude=12.18)
    WorkplaceFactory(postcode="4600", latitude=55.67, longitude=12.57)
    WorkplaceFactory(postcode="5000")
    WorkplaceFactory(postcode="")

    for place in ("Køge", "køge", "4600", "4600 Køge"):
        assert found(f"near={place}&within=5") == {here, near}, place
        assert found(f"near={place}") == {here, near}, place


def test_distances_are_right_to_a_hundredth():
    koege = Postcode.objects.point_called("Køge")
    city_hall = (55.6759, 12.5691)

    # 34.7 km by the haversine formula.
    assert koege.km_to(*city_hall) == pytest.approx(34.4, rel=0.02)


def test_the_distance_of_a_workplace_is_that_of_its_position_or_its_postcode():
    koege = Postcode.objects.point_called("4600")
    there = WorkplaceFactory(postcode="4600")
    off = WorkplaceFactory(latitude=koege.latitude + 0.1, longitude=koege.longitude)
    nowhere = WorkplaceFactory(postcode="")

    km = dict(Workplace.objects.annotate_km_from(koege).values_list("pk", "km_away"))

    assert km[there.pk] == pytest.approx(0, abs=0.01)
    assert km[off.pk] == pytest.approx(11.12, abs=0.05)
    assert km[nowhere.pk] is None


def test_a_town_with_several_postcodes_lies_amid_them():
    point = Postcode.objects.point_called("København K")

    assert point.name == "København K"
    assert (point.latitude, point.longitude) == pytest.approx((55.68, 12.58), abs=0.03)


@pytest.mark.parametrize(
    "query",
    [
        "within=10", "near=Nowhere", "near=%00", "near=4600&within=0", "near=4600&within=x", "near=0555", "quiet_months=0",
        "quiet_months=999", "contacted_months=x", "tier_set=x", "team=0", "team=x", "owner=me", "owner=none&owner=none",
        "branch=,", "branch=DB25:", "q=***", "q=--",
    ],
)  # fmt: skip
def test_what_cannot_be_read_breaks_the_search(query):
    with pytest.raises(BrokenSelection):
        asked(query).rows()


def test_every_part_that_is_set_is_told(owner):
    query = (
        f"tier=1&tier_set=hand&owner=me&team={owner.team.pk}&near=Køge&within=5&quiet_months=6&contacted_months=1"
        "&employees_from=5&quiet_since=2026-01-31&branch=56,47,81"
    )

    told = {chip["name"]: str(chip["text"]) for chip in asked(query, owner).chips()}

    assert set(told) == set(QueryDict(query)) - {"within"}
    assert told["near"].endswith("Køge, at most 5 km")
    assert told["quiet_months"].endswith("6 months")


def test_the_place_takes_its_distance_with_it_when_it_is_removed(client_for, owner):
    page = client_for(owner).get("/companies/?near=4600&within=5&tier=1").content.decode()

    assert 'href="?tier=1"' in page


@pytest.mark.parametrize(
    "query", ["largest=100&largest_by=employees", "largest=100", "largest=5&largest_by=sickness_absence"]
)
def test_the_largest_are_told_in_one_chip(query):
    (chip,) = asked(query).chips()

    assert chip["name"] == "largest"
    assert asked(query).in_words() == chip["text"]


def test_a_part_that_takes_a_permission_is_not_there_for_those_without(owner):
    class Secret(TextPart):
        def filter(self, workplaces, value):
            return workplaces

    WorkplaceFilter.register(secret=Secret(label="Secret", permission="companies.merge_records"))
    try:
        assert "secret" not in [field.name for _heading, fields in asked("", owner).blocks() for field in fields]
        with pytest.raises(BrokenSelection):
            asked("secret=1", owner).rows()
        assert asked("secret=1").problems() == []
    finally:
        WorkplaceFilter.unregister("secret")


@pytest.mark.parametrize("query", ["tier=1", "tier_set=hand", "contact=due", "owner=me"])
def test_a_rule_cannot_ask_what_it_changes_or_who_reads_it(query):
    assert asked(query).rule_problems()


@pytest.mark.parametrize(
    "query", ["", "branch=56", "contact=never", "owner=none", "near=4600", "quiet_months=6", "q=a"]
)
def test_a_rule_can_ask_the_rest(query):
    assert asked(query).rule_problems() == []


def test_an_app_above_adds_its_own_part():
    class Vowels(TextPart):
        def filter(self, workplaces, value):
            return workplaces.filter(name__startswith=value) if value else workplaces

    WorkplaceFilter.register(begins=Vowels(label="Begins with"))
    try:
        wanted = WorkplaceFactory(name="Abe")
        WorkplaceFactory(name="Bo")
        assert found("begins=A") == {wanted}
        assert [chip["text"] for chip in asked("begins=A").chips()] == ["Begins with: A"]
        with pytest.raises(ValueError, match="begins"):
            WorkplaceFilter.register(begins=Vowels())
    finally:
        WorkplaceFilter.unregister("begins")
    with pytest.raises(BrokenSelection):
        asked("begins=A").rows()


def test_every_part_stands_in_a_block_of_the_panel():
    assert all(isinstance(part, Part) for part in asked("").filters.values())
    assert sorted(field.name for _heading, fields in asked("").blocks() for field in fields) == sorted(
        asked("").filters
    )


def test_outreach_in_bulk_leaves_the_protected_alone():
    open_one = WorkplaceFactory()
    WorkplaceFactory(advertising_protected=True)
    WorkplaceFactory(company__advertising_protected=True)
    WorkplaceFactory(do_not_contact=True)
    WorkplaceFactory(ceased_on=date(2026, 1, 1))

    assert list(Workplace.objects.open_to_outreach()) == [open_one]


@pytest.mark.parametrize(("area", "where"), [("inside", {"0999"}), ("outside", {"0998"}), ("unknown", {None})])
def test_our_municipality_is_inside_another_one_outside_and_the_unknown_in_neither(area, where):
    Organisation.objects.update_or_create(pk=1, defaults={"name": "Us", "municipality_code": "0999"})
    for code in ("0999", "0998", None):
        if code:
            Municipality.objects.create(code=code, name=code, region="Sjælland")
        WorkplaceFactory(municipality_id=code)

    assert {one.municipality_id for one in found(f"area={area}")} == where


@pytest.mark.parametrize(("area", "is_read"), [("inside", False), ("outside", False), ("unknown", True)])
def test_where_nobody_has_said_which_is_ours_it_can_not_be_asked(area, is_read):
    Organisation.objects.update(municipality_code="")

    assert bool(asked(f"area={area}").problems()) is not is_read


@pytest.mark.parametrize(
    "work",
    [
        "contact=in_time",
        "contacted_months=12",
        "contacted_since=2026-11-01",
        "placed_from=2026-01-01",
        "placement=year",
    ],
)
def test_what_has_been_done_is_not_asked_of_a_colleague_or_a_small_team(owner, colleague, person_in, work):
    manager = person_in("Manager")
    theirs = Selection.objects.create(name="Theirs", query=f"owner={colleague.pk}", created_by=manager, is_shared=True)
    few = [f"owner={colleague.pk}", f"team={colleague.team_id}", f"among={theirs.pk}"]

    for one in few:
        assert "not told by colleague" in " ".join(map(str, asked(f"{one}&{work}", manager).problems()))
        assert asked(f"{one}&contact=waiting", manager).problems() == []
    for open_ in (f"owner=me&{work}", f"owner=none&{work}", work):
        assert asked(open_, manager).problems() == []
    assert asked(f"owner={colleague.pk}&contact=never").problems() == []

    switch_staff_figures_on(since=date(2026, 11, 1), reference="Works committee", by=manager)
    for one in few:
        assert asked(f"{one}&{work}", manager).problems() == []
        assert asked(f"{one}&{work}", owner).problems() != []


def test_nor_where_a_selection_says_what_was_done_and_the_search_whose(owner, colleague, person_in):
    manager = person_in("Manager")
    done = Selection.objects.create(name="Done", query="contact=in_time", created_by=manager, is_shared=True)
    few = [f"owner={colleague.pk}&among={done.pk}", f"team={colleague.team_id}&among={done.pk}"]

    for one in few:
        assert "not told by colleague" in " ".join(map(str, asked(one, manager).problems()))
    assert asked(f"among={done.pk}", manager).problems() == []
    assert asked(f"owner=me&among={done.pk}", manager).problems() == []

    switch_staff_figures_on(since=date(2026, 11, 1), reference="Works committee", by=manager)
    for one in few:
        assert asked(one, manager).problems() == []


def test_of_whom_it_tells_is_known(owner, colleague, stranger, person_in):
    manager, two = person_in("Manager"), {owner.pk, colleague.pk}
    manager.team = None
    manager.save()
    theirs = Selection.objects.create(name="Theirs", query=f"owner={colleague.pk}", created_by=manager)

    for query, of_whom in [
        (f"owner={colleague.pk}&contact=in_time", {colleague.pk}),
        (f"team={colleague.team_id}&contact=in_time", two),
        (f"among={theirs.pk}&contact=in_time", {colleague.pk}),
        (f"owner={owner.pk}&among={theirs.pk}&contact=in_time", two),
        (f"owner={colleague.pk}&contact=waiting", set()),
        ("owner=me&contact=in_time", set()),
        (f"owner={colleague.pk}&contact=nothing", set()),
    ]:
        assert asked(query, manager).of_whom == of_whom
    assert asked(f"owner={colleague.pk}&contact=in_time").of_whom == set()


def test_what_has_been_done_is_told_of_a_team_of_five(owner):
    UserFactory.create_batch(4, team=owner.team)

    assert asked(f"team={owner.team_id}&contact=in_time", owner).problems() == []
