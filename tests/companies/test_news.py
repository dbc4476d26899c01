"""The pages of what changed: the steward's after an import, and everybody's own."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from companies.models import RegisterChange, RegisterImport
from jobcenter_crm.staff.roles import CASE_WORKER, STEWARD
from tests.factories import RegisterChangeFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

MOVED = {"before": {"street": "Torvet 2", "postcode": "4600", "town": "Køge"},
         "after": {"street": "Strandvej 4", "postcode": "4600", "town": "Køge"}}  # fmt: skip


@pytest.fixture
def steward(person_in):
    return person_in(STEWARD)


@pytest.fixture
def taken_in():
    return RegisterImport.objects.create(
        name="november.csv", sha256="0" * 64, state="applied", applied_at=datetime(2026, 11, 23, 5, tzinfo=UTC)
    )


@pytest.fixture
def changed(taken_in, owner):
    """One import that closed a workplace, moved one and let two grow."""
    mine = WorkplaceFactory(name="Bødker", owner=owner, tier=1)
    return [
        RegisterChangeFactory(register_import=taken_in, workplace=mine, ended=True),
        RegisterChangeFactory(register_import=taken_in, workplace__name="Væver", **MOVED),
        *RegisterChangeFactory.create_batch(2, register_import=taken_in),
        RegisterChangeFactory(register_import=taken_in, before={"phone": None}, after={"phone": "10203040"}),
    ]


def page(client, taken_in, query=""):
    return client.get(reverse("companies:import_changes", args=[taken_in.pk]) + query)


def names(answer):
    return [change.workplace.name for change in answer.context["changes"]]


# --- The steward -----------------------------------------------------------------------------


def test_the_steward_sees_what_an_import_changed_and_a_tab_for_each_kind_there_is(
    client_for, steward, taken_in, changed
):
    answer = page(client_for(steward), taken_in)

    assert len(answer.context["changes"]) == 4
    assert [(kind, number) for kind, _label, number in answer.context["tabs"]] == [
        ("closed", 1),
        ("moved", 1),
        ("grown", 2),
    ]
    for words in ("Closed on 1 November", "Moved to Strandvej 4", "From Torvet 2, 4600 Køge to Strandvej 4, 4600 Køge",
                  "From 12 to 40 employees", "Olga Owner", changed[0].workplace.get_absolute_url()):  # fmt: skip
        assert words in answer.text


def test_one_kind_alone_and_only_with_or_without_somebody_responsible(client_for, steward, taken_in, changed):
    client = client_for(steward)

    assert names(page(client, taken_in, "?news=moved")) == ["Væver"]
    assert names(page(client, taken_in, "?owner=with")) == ["Bødker"]
    assert len(names(page(client, taken_in, "?owner=without"))) == 3
    assert names(page(client, taken_in, "?owner=without&news=closed")) == []


def test_an_import_that_told_nothing_says_so(client_for, steward, taken_in):
    waiting = RegisterImport.objects.create(name="december.csv", sha256="0" * 64, state="previewed")
    client = client_for(steward)

    assert "No workplace has closed" in page(client, taken_in).text
    assert "has not been taken in" in page(client, waiting).text


def test_the_pages_of_an_import_lead_there_once_it_is_taken_in(client_for, steward, taken_in):
    waiting = RegisterImport.objects.create(name="december.csv", sha256="0" * 64, state="previewed", rows_read=0)
    RegisterChangeFactory(register_import=taken_in, ended=True)
    client, url = client_for(steward), reverse("companies:import_changes", args=[taken_in.pk])
    RegisterImport.objects.filter(pk=taken_in.pk).update(rows_read=1, rows_changed=1)

    assert url in client.get(taken_in.get_absolute_url()).text
    assert url in client.get(reverse("companies:imports")).text
    assert reverse("companies:import_changes", args=[waiting.pk]) not in client.get(reverse("companies:imports")).text


def test_an_import_that_told_no_news_does_not_lead_to_an_empty_page(client_for, steward, taken_in):
    client, url = client_for(steward), reverse("companies:import_changes", args=[taken_in.pk])
    RegisterImport.objects.filter(pk=taken_in.pk).update(rows_read=2, rows_new=1, rows_changed=1)
    RegisterChangeFactory(register_import=taken_in, kind="new", before={}, after={"name": "New"})
    RegisterChangeFactory(register_import=taken_in, before={"phone": None}, after={"phone": "10203040"})

    assert url not in client.get(taken_in.get_absolute_url()).text
    assert url not in client.get(reverse("companies:imports")).text


@pytest.mark.parametrize("rows", [1, 60])
def test_the_list_asks_the_same_questions_however_long_it_is(
    client_for, steward, taken_in, owner, rows, django_assert_num_queries
):
    for change in RegisterChangeFactory.create_batch(rows, register_import=taken_in, workplace__owner=owner):
        change.see(by=owner)
    client = client_for(steward)
    page(client, taken_in)

    with django_assert_num_queries(9):
        page(client, taken_in)


# --- Everybody's own -------------------------------------------------------------------------


def mine(client, query=""):
    return client.get(reverse("companies:changes") + query)


def test_my_own_unseen_news_by_default_and_the_rest_by_choice(client_for, owner, colleague):
    new = RegisterChangeFactory(workplace__owner=owner, workplace__name="New")
    old = RegisterChangeFactory(workplace__owner=owner, workplace__name="Old", at=datetime(2025, 1, 5, tzinfo=UTC))
    seen = RegisterChangeFactory(workplace__owner=owner, workplace__name="Seen before")
    seen.see(by=colleague)
    RegisterChangeFactory(workplace__owner=colleague, workplace__name="Theirs")
    client = client_for(owner)

    assert names(mine(client)) == [new.workplace.name, old.workplace.name]
    assert set(names(mine(client, "?seen=too"))) == {"New", "Old", "Seen before"}
    assert set(names(mine(client, "?whose=all"))) == {"New", "Old", "Theirs"}
    assert "Carl Colleague" in mine(client, "?seen=too").text


@pytest.mark.parametrize("query", ["?news=nothing&page=x", "?news=%00&page=99999999999999999999", "?whose=1&seen=1"])
def test_whatever_the_url_says_the_list_opens(client_for, owner, query):
    RegisterChangeFactory(workplace__owner=owner)

    assert len(names(mine(client_for(owner), query))) == 1


def test_an_empty_list_says_so(client_for, owner):
    assert "nothing that nobody has seen" in mine(client_for(owner)).text


def test_a_case_worker_reads_and_has_no_button(client_for, person_in):
    change = RegisterChangeFactory()

    answer = mine(client_for(person_in(CASE_WORKER)), "?whose=all")

    assert names(answer) == [change.workplace.name]
    assert reverse("companies:change_seen", args=[change.pk]) not in answer.text


@pytest.mark.parametrize("rows", [1, 60])
def test_my_list_asks_the_same_questions_however_long_it_is(client_for, owner, rows, django_assert_num_queries):
    RegisterChangeFactory.create_batch(rows, workplace__owner=owner)
    client = client_for(owner)
    mine(client)

    with django_assert_num_queries(8):
        mine(client)


# --- Seen ------------------------------------------------------------------------------------


def test_seen_is_remembered_with_who_and_when_and_can_be_undone(client_for, owner):
    change = RegisterChangeFactory(workplace__owner=owner, workplace__name="Bødker")
    client = client_for(owner)

    answer = client.post(reverse("companies:change_seen", args=[change.pk]), {"next": "/?x=1"})

    assert answer.url == "/?x=1"
    change.refresh_from_db()
    assert (change.seen_by, change.seen_at) == (owner, datetime(2026, 11, 24, 8, 30, tzinfo=UTC))
    after = client.get("/")
    assert "Seen: Bødker" in after.text
    undo = reverse("companies:change_unseen", args=[change.pk])
    assert f'action="{undo}"' in after.text

    client.post(undo)

    change.refresh_from_db()
    assert change.seen_by is None
    assert RegisterChange.objects.unseen().count() == 1


def test_seen_goes_back_to_pages_of_ours_only(client_for, owner):
    change = RegisterChangeFactory()

    answer = client_for(owner).post(
        reverse("companies:change_seen", args=[change.pk]), {"next": "https://elsewhere.example/"}
    )

    assert answer.url == change.workplace.get_absolute_url()


def test_where_something_is_open_at_a_closed_place_the_list_asks_for_a_decision(client_for, owner):
    workplace = WorkplaceFactory(owner=owner, ceased_on=date(2026, 11, 1), next_contact_on=date(2026, 11, 30))
    change = RegisterChangeFactory(workplace=workplace, ended=True)

    answer = mine(client_for(owner))

    assert "Decide" in answer.text
    assert reverse("companies:change_seen", args=[change.pk]) not in answer.text
