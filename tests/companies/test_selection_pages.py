"""Saved searches on their pages: kept, found among the tabs, shared, changed, mended, deleted."""

from datetime import date

import pytest
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.http import QueryDict
from django.urls import reverse

from companies import selections
from companies.models import SegmentationRule, Selection, TierPlan
from jobcenter_crm.staff.roles import CASE_WORKER, MANAGER
from tests.factories import ContactPlanFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
ADD = reverse("companies:selection_add")


def saved(query, by, **facts):
    facts = {"name": "Ours", "is_shared": False} | facts
    return selections.save(data=QueryDict(query), by=by, today=TODAY, **facts)


def tabs(client, **query):
    return client.get(reverse("companies:register"), query).context["tabs"]


# --- Saving ----------------------------------------------------------------------------------


def test_what_the_register_shows_is_saved_under_a_name(client_for, owner):
    wanted = WorkplaceFactory(tier=1)
    client = client_for(owner)

    page = client.get("/companies/?tier=1&sort=name&filter=1&page=2")
    assert f"{ADD}?search=tier%3D1" in page.text
    form = client.get(f"{ADD}?search=tier%3D1")
    assert "Group: Group 1" in form.text
    answer = client.post(ADD, {"name": "The first", "search": "tier=1"}, follow=True)

    kept = Selection.objects.get()
    assert (kept.query, kept.is_shared, kept.created_by) == ("tier=1", False, owner)
    assert kept.history.get().history_user == owner
    assert answer.redirect_chain == [(kept.get_absolute_url(), 302)]
    assert list(answer.context["workplaces"]) == [wanted]
    assert answer.context["tabs"].current == kept


def test_nothing_is_offered_to_be_saved_where_nothing_is_filtered(client_for, owner):
    assert ADD not in client_for(owner).get("/companies/?sort=-last&filter=1").text
    assert ADD not in client_for(owner).get("/companies/?tier=9").text


def test_a_name_that_is_taken_is_an_error_beside_it_and_what_was_typed_is_kept(client_for, owner, colleague):
    saved("tier=1", colleague, name="Ours", is_shared=True)
    client = client_for(owner)

    answer = client.post(ADD, {"name": "Ours", "is_shared": "on", "search": "tier=2"})

    assert answer.status_code == 422
    assert "shared selection of this name" in str(answer.context["form"].errors["name"])
    assert answer.context["form"]["search"].value() == "tier=2"
    assert "Group: Group 2" in answer.text
    assert client.post(ADD, {"name": "Ours", "search": "tier=2"}).status_code == 302


@pytest.mark.parametrize("search", ["teir=1", "tier=9", "\0", "a" * 5000])
def test_what_cannot_be_read_is_not_saved(client_for, owner, search):
    answer = client_for(owner).post(ADD, {"name": "Ours", "search": search})

    assert answer.status_code == 422
    assert not Selection.objects.exists()


def test_only_those_who_may_share_are_asked_whether_to(client_for, person_in):
    client = client_for(person_in(CASE_WORKER))

    assert "is_shared" not in client.get(f"{ADD}?search=tier%3D1").context["form"].fields
    client.post(ADD, {"name": "Mine", "is_shared": "on", "search": "tier=1"})

    assert not Selection.objects.get().is_shared


# --- Tabs ------------------------------------------------------------------------------------


def test_own_and_shared_ones_are_tabs_and_the_rest_is_behind_a_link(client_for, owner, colleague):
    mine = saved("tier=1", owner, name="Zebra")
    shared = [saved("tier=2", colleague, name=f"Shared {n}", is_shared=True) for n in range(5)]
    private = saved("tier=3", colleague, name="Private")
    client = client_for(owner)

    shown = tabs(client)
    assert (shown.shown, shown.are_more, shown.current) == ([mine, *shared[:4]], True, None)
    assert tabs(client, selection=shared[4].pk).current == shared[4]
    assert private not in tabs(client, selection=private.pk).shown


@pytest.mark.parametrize("named", ["private", "987654321", "9" * 40, "x", "²", ""])
def test_one_that_is_gone_or_private_shows_the_rows_of_the_address_without_a_tab(client_for, owner, colleague, named):
    wanted = WorkplaceFactory(tier=1)
    WorkplaceFactory()
    private = saved("tier=1", colleague)

    answer = client_for(owner).get(
        "/companies/", {"tier": "1", "selection": private.pk if named == "private" else named}
    )

    assert list(answer.context["workplaces"]) == [wanted]
    assert answer.context["tabs"].current is None
    assert "Ours" not in answer.text


def test_the_page_asks_the_same_however_many_there_are(client_for, owner, colleague, django_assert_num_queries):
    WorkplaceFactory(tier=1)
    for n in range(12):
        saved("tier=1", colleague if n % 2 else owner, name=f"No. {n}", is_shared=bool(n % 2))
    opened = Selection.objects.first()
    client = client_for(owner)
    client.get("/companies/")

    with django_assert_num_queries(11):
        client.get("/companies/")
    with django_assert_num_queries(11):
        client.get(opened.get_absolute_url())


# --- Changing --------------------------------------------------------------------------------


def test_a_changed_filter_is_saved_in_its_place_or_as_a_new_one(client_for, owner):
    selection = saved("tier=1", owner)
    client, keep = client_for(owner), reverse("companies:selection_keep", args=[selection.pk])

    as_saved = client.get(selection.get_absolute_url()).text
    changed = client.get(f"/companies/?tier=2&selection={selection.pk}").text
    answer = client.post(keep, {"search": "tier=2"}, follow=True)

    assert keep not in as_saved
    assert keep in changed
    assert f"{ADD}?search=tier%3D2" in changed
    selection.refresh_from_db()
    assert selection.query == "tier=2"
    assert answer.redirect_chain == [(selection.get_absolute_url(), 302)]


def test_the_panel_keeps_the_selection_that_is_open(client_for, owner):
    selection = saved("tier=1", owner)

    page = client_for(owner).get(f"{selection.get_absolute_url()}&filter=1").text

    assert f'<input type="hidden" name="selection" value="{selection.pk}">' in page


def test_what_cannot_be_read_does_not_take_its_place(client_for, owner):
    selection = saved("tier=1", owner)

    client_for(owner).post(reverse("companies:selection_keep", args=[selection.pk]), {"search": "tier=9"})

    selection.refresh_from_db()
    assert selection.query == "tier=1"


def test_it_is_renamed_and_shared_and_taken_back(client_for, owner):
    selection = saved("tier=1", owner)
    client, page = client_for(owner), reverse("companies:selection", args=[selection.pk])

    client.post(page, {"name": "For all", "is_shared": "on"})
    selection.refresh_from_db()
    assert (selection.name, selection.is_shared, selection.query) == ("For all", True, "tier=1")
    answer = client.post(page, {"name": "For me", "next": "/companies/?tier=1"})

    selection.refresh_from_db()
    assert (selection.name, selection.is_shared) == ("For me", False)
    assert answer.url == "/companies/?tier=1"


@pytest.mark.parametrize("name", ["selection", "selection_keep", "selection_delete"])
def test_another_ones_is_left_alone_and_a_manager_changes_shared_ones(client_for, owner, colleague, person_in, name):
    shared, private = saved("tier=1", owner, name="All", is_shared=True), saved("tier=1", owner)
    urls = [reverse(f"companies:{name}", args=[one.pk]) for one in (shared, private)]

    statuses = [client_for(colleague).post(url, {"search": "tier=2"}).status_code for url in urls]
    manager = client_for(person_in(MANAGER))
    by_manager = [manager.post(url, {"name": "X", "search": "tier=2"}).status_code for url in urls]

    assert statuses == [403, 404]
    assert by_manager == [302, 404]
    assert Selection.objects.filter(pk=private.pk, query="tier=1").exists()


# --- Broken ----------------------------------------------------------------------------------


@pytest.fixture
def broken(owner, colleague):
    """One that names a colleague who has left since."""
    WorkplaceFactory(owner=colleague)
    selection = saved(f"owner={colleague.pk}", owner, name="Carl's", is_shared=True)
    colleague.is_active = False
    colleague.save()
    return selection


def test_a_broken_one_opens_with_its_problem_and_without_rows_and_can_be_mended(client_for, owner, broken):
    client = client_for(owner)

    answer = client.get(broken.get_absolute_url())
    assert list(answer.context["workplaces"]) == []
    assert "can't be read as it was saved" in answer.text
    assert 'class="filter-panel"' in answer.text
    client.post(reverse("companies:selection_keep", args=[broken.pk]), {"search": "owner=none"})

    broken.refresh_from_db()
    assert broken.query == "owner=none"


def test_a_broken_one_can_still_be_renamed_and_deleted(client_for, owner, broken):
    client = client_for(owner)

    assert client.post(reverse("companies:selection", args=[broken.pk]), {"name": "Old"}).status_code == 302
    assert client.post(reverse("companies:selection_delete", args=[broken.pk])).status_code == 302
    assert not Selection.objects.exists()


def test_one_of_another_vocabulary_shows_no_rows_until_it_is_saved_again(client_for, owner):
    WorkplaceFactory(tier=1)
    selection = saved("tier=1", owner)
    Selection.objects.update(version=99)
    client, keep = client_for(owner), reverse("companies:selection_keep", args=[selection.pk])

    answer = client.get(selection.get_absolute_url())
    assert list(answer.context["workplaces"]) == []
    assert keep in answer.text
    client.post(keep, {"search": "tier=1"})

    assert len(client.get(selection.get_absolute_url()).context["workplaces"]) == 1


# --- The list --------------------------------------------------------------------------------


def test_the_list_tells_each_in_words_with_its_count_or_why_it_is_broken(client_for, owner, colleague, broken):
    WorkplaceFactory(tier=2)
    saved("tier=2", owner, name="Second")
    saved("tier=3", colleague, name="Not for her")

    told = client_for(owner).get(reverse("companies:selections")).context["told"]

    assert [(one.selection.name, one.words, one.count, bool(one.problems)) for one in told] == [
        ("Carl's", "", None, True),
        ("Second", "Group: Group 2", 1, False),
    ]


# --- What is built on one --------------------------------------------------------------------


def used(selection):
    """A rule and a contact plan that are built on it."""
    rule = SegmentationRule.objects.create(position=1, tier=2, selection=selection)
    return rule, ContactPlanFactory(name="Spring", selection=selection)


def test_what_is_built_on_it_is_said_before_a_change_is_saved(client_for, owner):
    selection = saved("tier=1", owner, is_shared=True)
    _rule, plan = used(selection)
    WorkplaceFactory(tier=2)
    client, keep = client_for(owner), reverse("companies:selection_keep", args=[selection.pk])

    asked = client.post(keep, {"search": "tier=2"})

    assert Selection.objects.get().query == "tier=1"
    assert f'Contact plan: <a href="{plan.get_absolute_url()}">Spring</a>' in asked.text
    assert f'Rule for the groups: <a href="{reverse("desk:segments")}">1. Ours</a>' in asked.text
    assert asked.context["words"] == "Group: Group 2"
    assert asked.context["count"] == 1

    client.post(keep, {"search": "tier=2", "sure": "1"})

    assert Selection.objects.get().query == "tier=2"


@pytest.mark.parametrize(("search", "is_said"), [("employees_from=10", False), ("owner=me", True)])
def test_it_is_said_that_a_rule_could_not_be_followed_afterwards(client_for, owner, search, is_said):
    selection = saved("employees_from=5", owner, is_shared=True)
    used(selection)

    asked = client_for(owner).post(reverse("companies:selection_keep", args=[selection.pk]), {"search": search})

    assert ("The rule can't be used afterwards." in asked.text) is is_said


def test_what_can_not_be_read_is_refused_before_anybody_is_asked(client_for, owner):
    selection = saved("tier=1", owner, is_shared=True)
    used(selection)

    answer = client_for(owner).post(
        reverse("companies:selection_keep", args=[selection.pk]), {"search": "tier=9"}, follow=True
    )

    assert "This is built on" not in answer.text
    assert Selection.objects.get().query == "tier=1"


def test_the_form_of_one_says_what_is_built_on_it(client_for, owner):
    selection = saved("tier=1", owner, is_shared=True)
    client, page = client_for(owner), reverse("companies:selection", args=[selection.pk])
    assert "Built on it" not in client.get(page).text

    _rule, plan = used(selection)

    assert f'<a href="{plan.get_absolute_url()}">Spring</a>' in client.get(page).text


@pytest.mark.parametrize("many", [0, 4])
def test_the_list_counts_what_is_built_on_each_with_three_statements(
    client_for, owner, many, django_assert_num_queries
):
    shown = [saved("tier=1", owner, name=f"Ours {number}", is_shared=True) for number in range(4)]
    for number, selection in enumerate(shown[:many], start=1):
        SegmentationRule.objects.create(position=number, tier=2, selection=selection)
        ContactPlanFactory.create_batch(number, selection=selection)
    client = client_for(owner)

    # The frame's 5, selections and how many, rules, plans, targets, and what all four find.
    with django_assert_num_queries(11):
        page = client.get(reverse("companies:selections"))

    assert [told.uses for told in page.context["told"]] == [number + 1 if many else 0 for number in range(1, 5)]
    assert ("Used in 5 places" in page.text) is bool(many)


# --- Deleting --------------------------------------------------------------------------------


def test_it_is_deleted_by_name_and_its_history_stays(client_for, owner):
    selection = saved("tier=1", owner)
    client, page = client_for(owner), reverse("companies:selection_delete", args=[selection.pk])

    assert "“Ours” is seen by you only." in client.get(page).text
    answer = client.post(page, follow=True)

    assert "“Ours” is deleted." in answer.text
    assert Selection.history.filter(history_type="-").get().history_user == owner


def test_one_that_something_is_built_on_stays_and_it_is_said_what(client_for, owner, monkeypatch):
    selection = saved("tier=1", owner)
    rule = TierPlan(tier=1, aim_da="Noget")

    def protected(self, rows, *args, **kwargs):
        raise ProtectedError("A rule uses it.", {rule})

    client, page = client_for(owner), reverse("companies:selection_delete", args=[selection.pk])
    monkeypatch.setattr(Collector, "collect", protected)

    asked, refused = client.get(page), client.post(page)

    assert (asked.status_code, refused.status_code) == (200, 422)
    for answer in (asked, refused):
        assert "Plan of a group: Group 1" in answer.text
        assert "<button" not in answer.text.split('class="sheet-foot"')[1].split("</footer>")[0]
    assert Selection.objects.filter(pk=selection.pk).exists()


# --- The field of branches -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value", "label"),
    [
        ("restaurant", "DB25:561", "561"),
        ("47, restaurant", "47, DB25:561", "47, restaurant – 561"),
        ("56, 47 ;restaurant", "56, 47 ; DB25:561", "56, 47 ;restaurant – 561"),
    ],
)
def test_the_last_branch_of_a_list_is_suggested_and_the_others_are_kept(client_for, owner, typed, value, label):
    page = client_for(owner).get(reverse("companies:branches"), {"branch": typed}).text

    assert f'<option value="{value}' in page
    assert f">{label}" in page
