"""The page of the groups: every number is that of the list behind it, and what is shown is what is done."""

import re
from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict
from django.urls import reverse

from companies import rules, selections
from companies.models import SegmentationRule, Selection, TierChange, Workplace
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import Job
from jobcenter_crm.desk import segments
from jobcenter_crm.staff.roles import CONSULTANT
from tests.factories import UserFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
PAGE = "desk:segments"


@pytest.fixture
def rule(manager):
    def make(query, tier, name=""):
        return rules.add(selection=shared(manager, query, name), tier=tier, by=manager)

    return make


def shared(by, query, name=""):
    return selections.save(name=name or query, data=QueryDict(query), is_shared=True, by=by, today=TODAY)


def sized(employees, **facts):
    return WorkplaceFactory(employees_min=employees, employees_max=employees, **facts)


def moved(workplace, old, new, day, **facts):
    at = datetime.combine(day, datetime.min.time(), UTC).replace(hour=12)
    return TierChange.objects.create(workplace=workplace, from_tier=old, to_tier=new, at=at, **facts)


def links(page, pattern):
    """Links whose address fits, as `(address, number that they show)`."""
    found = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>(?:<strong>)?([\d.,]+)', page.text)
    return [(url.replace("&amp;", "&"), int(re.sub(r"\D", "", n))) for url, n in found if re.search(pattern, url)]


def a_register(owner):
    """Workplaces of every group in every state that the page counts, and some that it may not count."""
    for tier in (1, 2, 3, 4, None):
        for last in (None, date(2026, 11, 20), date(2026, 6, 20), date(2024, 1, 5)):
            for responsible in (None, owner):
                place = WorkplaceFactory(tier=tier, last_contact_on=last, owner=responsible)
        moved(place, 3 if tier != 3 else None, tier, date(2026, 3, 1))
        WorkplaceFactory(tier=tier, ceased_on=date(2026, 11, 1))


def test_every_number_of_the_groups_is_that_of_the_list_behind_it(looker, owner):
    a_register(owner)

    page = looker.get(reverse(PAGE))

    numbers = links(page, r"^/companies/\?|^/segments/movement/rows/")
    assert len(numbers) == 4 * 4 + 4 + 1 + 1  # counts; into each; out of the third; in none
    for url, number in numbers:
        assert looker.get(url).context["paginator"].count == number, url


def test_contacts_count_within_the_cadence_of_the_plan_and_a_year_where_it_has_none(looker):
    for tier in (1, 4):
        for last in (date(2026, 8, 26), date(2026, 8, 25), date(2025, 11, 24), date(2025, 11, 23)):
            WorkplaceFactory(tier=tier, last_contact_on=last)

    told = {group.tier: group for group in looker.get(reverse(PAGE)).context["groups"]}

    assert (told[1].plan.cadence_days, told[1].contacted, told[1].coverage) == (90, 1, "25 %")
    assert (told[4].plan.cadence_days, told[4].contacted, told[4].coverage) == (None, 3, "75 %")
    assert (told[2].contacted, told[2].count) == (0, 0)


def test_every_number_of_the_preview_opens_its_rows(looker, rule):
    for size, tier in ((200, 4), (200, 3), (20, None), (20, 3), (20, 2), (2, 4), (2, None)):
        sized(size, tier=tier)
    sized(200, tier=3, tier_by_hand=True)
    rule("employees_from=100", 1)
    rule("employees_from=10", 2)

    page = looker.get(reverse(PAGE))

    numbers = links(page, r"^/segments/moves/|selection=|tier_set=hand")
    assert sorted(number for _url, number in numbers) == [1, 1, 1, 1, 1, 2, 2, 3, 6]
    for url, number in numbers:
        assert looker.get(url).context["paginator"].count == number, url
    assert page.context["preview"].total == 4


def test_each_rule_tells_how_many_it_finds_takes_and_would_move(looker, rule):
    for size, tier in ((200, None), (20, None), (20, 2)):
        sized(size, tier=tier)
    rule("employees_from=100", 1)
    rule("employees_from=10", 2)

    rules = looker.get(reverse(PAGE)).context["rules"]

    assert [(one.fits, one.takes, one.moves) for one in rules] == [(1, 1, 1), (3, 2, 1)]


def test_a_list_of_moves_tells_the_rule_of_each(looker, rule):
    place = sized(20, tier=3, name="Bistro")
    rule("employees_from=100", 1, "Large")
    rule("employees_from=10", 2, "Middle")

    page = looker.get(reverse("desk:segment_moves"), {"was": 3, "became": 2})

    assert [(row, row.rule.number, row.became) for row in page.context["workplaces"]] == [(place, 2, 2)]
    assert "2. Middle" in page.text
    assert "from group 3, to group 2" in page.text


def apply(looker, page):
    preview = page.context["preview"]
    mark, at = (re.search(rf'name="{name}" value="([^"]*)"', page.text)[1] for name in ("mark", "at"))
    assert mark == preview.mark
    return looker.post(reverse("desk:segments_apply"), {"mark": mark, "at": at.replace("&#x2B;", "+")})


def test_the_button_names_the_count_and_does_exactly_that(looker, rule, manager):
    places = [sized(20, tier=3), sized(20)]
    rule("employees_from=10", 2)

    page = looker.get(reverse(PAGE))
    answer = apply(looker, page)
    job = Job.objects.get()
    jobs.run(job.pk)

    assert "Move 2 workplaces" in page.text
    assert answer.url == job.get_absolute_url()
    assert (job.created_by, Workplace.objects.filter(tier=2).count()) == (manager, len(places))
    done = looker.get(job.get_absolute_url())
    assert "Undo this job" in done.text
    assert "Last used" in looker.get(reverse(PAGE)).text


def test_what_has_been_moved_can_be_undone_from_the_page_and_is_not_moved_again_meanwhile(looker, rule, manager):
    rule("employees_from=50", 1)
    sized(60)
    apply(looker, looker.get(reverse(PAGE)))
    job = Job.objects.get()
    jobs.run(job.pk)
    assert "None is proposed to be moved." in looker.get(reverse(PAGE)).text
    assert f'<a href="{job.get_absolute_url()}">Undo the move</a>' in looker.get(reverse(PAGE)).text
    job.refresh_from_db()
    undone = jobs.undo(job, by=manager)
    sized(70)

    meanwhile = looker.get(reverse(PAGE)).text
    jobs.run(undone.pk)
    afterwards = looker.get(reverse(PAGE)).text

    assert "is being moved back" in meanwhile
    assert reverse("desk:segments_apply") not in meanwhile
    assert reverse("desk:segments_apply") in afterwards
    assert "Undo the move" not in afterwards


def test_a_stale_preview_says_so_and_has_no_button(looker, rule):
    sized(20, tier=3)
    rule("employees_from=10", 2)
    page = looker.get(reverse(PAGE))
    sized(30, tier=3)

    answer = apply(looker, page)

    assert answer.status_code == 422
    assert "The register has changed since 9:30. Calculate again." in answer.text
    assert "Nothing has moved." in answer.text
    assert '<form method="post" action="/segments/apply/"' not in answer.text
    assert looker.get(reverse("desk:segments_apply")).url == reverse(PAGE)
    assert not Job.objects.exists()


@pytest.mark.parametrize("at", ["", "nonsense", "2026-13-45T99:00", "2026-11-24T08:00:00", "\0" * 50])
def test_a_mark_that_nobody_gave_moves_nobody(looker, rule, at):
    sized(20, tier=3)
    rule("employees_from=10", 2)

    answer = looker.post(reverse("desk:segments_apply"), {"mark": "made up", "at": at})

    assert answer.status_code == 422
    assert not Job.objects.exists()


def test_a_rule_that_can_not_be_followed_is_marked_and_there_is_nothing_to_press(looker, rule):
    sized(20, tier=3)
    rule("employees_from=10", 2)
    broken = rule("employees_from=5", 3, "Broken")
    Selection.objects.filter(pk=broken.selection_id).update(is_shared=False)

    page = looker.get(reverse(PAGE))

    assert "The selection is not shared with all any more." in page.text
    assert "none is." in page.text
    assert reverse("desk:segments_apply") not in page.text
    assert looker.get(reverse("desk:segment_moves")).url == reverse(PAGE)
    assert looker.post(reverse("desk:segments_apply"), {"mark": "x"}).status_code == 422


def test_a_selection_that_was_taken_back_is_not_named_and_its_rule_can_not_be_used(looker, rule, owner):
    taken = rule("employees_from=5", 3, "Secret")
    Selection.objects.filter(pk=taken.selection_id).update(is_shared=False, created_by=owner)
    form = reverse("desk:rule", args=[taken.pk])

    pages = looker.get(reverse(PAGE)).text, looker.get(form).text
    removed = looker.post(reverse("desk:rule_remove", args=[taken.pk]), follow=True).text

    for page in pages:
        assert f"A selection that {owner} no longer shares" in page
        assert "The selection is not shared with all any more." in page
    assert "The rule can't be used." in pages[1]
    assert f"selection={taken.selection_id}" not in pages[0]
    assert "Secret" not in "".join([*pages, removed])


def test_a_large_register_is_calculated_when_it_is_asked_for(looker, rule, monkeypatch):
    monkeypatch.setattr(segments, "AT_ONCE", 0)
    sized(20, tier=3)
    rule("employees_from=10", 2)

    quiet, asked = looker.get(reverse(PAGE)), looker.get(reverse(PAGE), {"preview": 1})

    assert quiet.context["preview"] is None
    assert f"{reverse(PAGE)}?preview=1#preview" in quiet.text
    assert asked.context["preview"].total == 1


def test_a_consultant_sees_the_page_and_has_nothing_to_press(client_for, person_in, rule):
    sized(20, tier=3)
    rule("employees_from=10", 2)

    page = client_for(person_in(CONSULTANT)).get(reverse(PAGE))

    assert page.status_code == 200
    assert "/segments/apply/" not in page.text
    assert "/segments/rules/" not in page.text


def test_rules_are_added_changed_moved_and_removed(looker, manager):
    large, middle = shared(manager, "employees_from=100", "Large"), shared(manager, "employees_from=10", "Middle")

    looker.post(reverse("desk:rule_add"), {"selection": middle.pk, "tier": 3})
    looker.post(reverse("desk:rule_add"), {"selection": large.pk, "tier": 1})
    second = SegmentationRule.objects.get(selection=large)
    looker.post(reverse("desk:rule", args=[second.pk]), {"selection": large.pk, "tier": 2})
    looker.post(reverse("desk:rule_move", args=[second.pk]), {"to": "up"})
    assert list(SegmentationRule.objects.values_list("position", "selection__name", "tier")) == [
        (1, "Large", 2),
        (2, "Middle", 3),
    ]

    looker.post(reverse("desk:rule_remove", args=[second.pk]))
    assert list(SegmentationRule.objects.values_list("position", "selection__name")) == [(1, "Middle")]
    assert Selection.objects.filter(pk=large.pk).exists()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("tier=1", "Group"),
        ("contact=due", "Being due follows from the group"),
        ("owner=me", "somebody else for each reader"),
    ],
)
def test_a_selection_that_a_rule_may_not_ask_is_refused_beside_its_field(looker, manager, query, said):
    selection = shared(manager, query)

    answer = looker.post(reverse("desk:rule_add"), {"selection": selection.pk, "tier": 2})

    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors["selection"])
    assert answer.context["form"]["tier"].value() == "2"


def test_a_private_selection_or_one_with_a_rule_can_not_be_chosen(looker, manager, rule):
    private = selections.save(name="Mine", data=QueryDict("q=a"), is_shared=False, by=manager, today=TODAY)
    taken = rule("employees_from=10", 2).selection

    for selection in (private, taken):
        answer = looker.post(reverse("desk:rule_add"), {"selection": selection.pk, "tier": 2})
        assert answer.status_code == 422
        assert answer.context["form"].errors["selection"]


def test_movement_opens_the_rows_behind_each_number(looker, owner):
    for was, became, by_rule in ((4, 3, True), (4, 3, False), (None, 2, True), (1, None, False), (3, 2, False)):
        moved(WorkplaceFactory(tier=became), was, became, date(2026, 6, 1), by_rule=by_rule)
    WorkplaceFactory(tier=1)

    page = looker.get(reverse("desk:movement"), {"from": "2026-05-01", "until": "2026-07-01"})

    numbers = links(page, r"^/segments/movement/rows/")
    assert sum(number for url, number in numbers if "was=" in url and "became=" in url) == 5
    assert len(numbers) == 4 + 6 + 7  # cells; into two groups; out of three
    for url, number in numbers:
        assert looker.get(url).context["paginator"].count == number, url


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"from": "2026-07-01", "until": "2026-05-01"}, "Swap them"),
        ({"from": "yesterday"}, "Enter a valid date"),
        ({"from": "0001-01-01"}, "after 1900"),
        ({"until": "9999-12-31"}, "before 2200"),
    ],
)
def test_a_period_that_can_not_be_read_is_said_beside_its_field(looker, query, said):
    page = looker.get(reverse("desk:movement"), query)

    assert page.status_code == 200
    assert said in page.text
    assert looker.get(reverse("desk:movement_rows"), query).status_code == 404


def test_where_there_are_no_rules_nobody_is_looked_for(looker, django_assert_num_queries):
    sized(20, tier=3)
    looker.get(reverse("desk:segment_moves"))

    # Who is asking and whose house it is: five. Then the rules.
    with django_assert_num_queries(6):
        page = looker.get(reverse("desk:segment_moves"))

    assert "The rules move nobody here." in page.text


@pytest.mark.parametrize("query", [{"was": 9}, {"became": "x"}, {"rule": 99}, {"rule": "0"}, {"how": "magic"}])
def test_a_list_of_moves_that_nobody_links_to_is_not_there(looker, rule, query):
    rule("employees_from=10", 2)

    assert looker.get(reverse("desk:segment_moves"), query).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(
    ("name", "queries"), [(PAGE, 18), ("desk:segment_moves", 9), ("desk:movement", 8), ("desk:movement_rows", 8)]
)
def test_each_page_asks_as_much_about_many_as_about_few(looker, rule, rows, name, queries, django_assert_num_queries):
    rule("employees_from=100", 1)
    rule("employees_from=10", 2)
    for _each in range(rows):
        place = sized(20, tier=3, owner=UserFactory())
        moved(place, 4, 3, date(2026, 6, 1))
    looker.get(reverse(name))

    with django_assert_num_queries(queries):
        looker.get(reverse(name))
