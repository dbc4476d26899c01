"""The register's page: the URL says all, and what it can't say stops it."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from companies.models import Branch, Municipality, Selection, Workplace
from tests.factories import WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def shown(client, **query):
    return [workplace.name for workplace in client.get(reverse("companies:register"), query).context["workplaces"]]


def test_each_filter_narrows_the_list(client_for, owner, colleague):
    branch, _ = Branch.objects.get_or_create(
        scheme="DB25", code="56", defaults={"title": "Mad", "level": 1, "section": "I"}
    )
    town, _ = Municipality.objects.get_or_create(code="0259", defaults={"name": "Køge", "region": "Sjælland"})
    WorkplaceFactory(
        name="Wanted", tier=1, owner=owner, branch=branch, employees_min=5, employees_max=9, municipality=town,
        sector="public", last_contact_on=date(2026, 1, 5), phone="10332041",
    )  # fmt: skip
    WorkplaceFactory(
        name="Other", tier=2, owner=colleague, employees_min=50, employees_max=50, last_contact_on=date(2026, 11, 20)
    )
    client = client_for(owner)

    for query in (
        {"q": "wanted"}, {"q": "10 33 20 41"}, {"tier": "1"}, {"owner": "me"}, {"owner": str(owner.pk)}, {"branch": "56"},
        {"branch": "DB25:56"}, {"employees_to": "10"}, {"municipality": "0259"}, {"sector": "public"},
        {"quiet_since": "2026-06-01"}, {"quiet_since": "01.06.2026"}, {"contact": "due"},
    ):  # fmt: skip
        assert shown(client, **query) == ["Wanted"], query


def test_nobody_never_and_no_group_can_be_asked_for(client_for, owner):
    WorkplaceFactory(name="Untouched")
    WorkplaceFactory(name="Known", tier=2, owner=owner, last_contact_on=date(2026, 11, 1))
    client = client_for(owner)

    assert shown(client, tier="none") == shown(client, owner="none") == shown(client, contact="never") == ["Untouched"]
    assert shown(client, tier=["none", "2"]) == ["Known", "Untouched"]


def test_ceased_places_are_left_out_until_asked_for(client_for, owner):
    WorkplaceFactory(name="Alive")
    WorkplaceFactory(name="Gone", ceased_on=date(2026, 11, 1))
    client = client_for(owner)

    assert shown(client) == ["Alive"]
    assert shown(client, ceased="only") == ["Gone"]
    assert shown(client, ceased="too") == ["Alive", "Gone"]


@pytest.mark.parametrize(
    "query",
    [
        {"tier": "9"}, {"owner": "0"}, {"owner": "x"}, {"branch": "no such trade"}, {"branch": "\0"}, {"employees_from": "many"},
        {"employees_from": "-1"}, {"employees_to": "9" * 30}, {"municipality": "9999"}, {"sector": "x"}, {"quiet_since": "soon"},
        {"quiet_since": "9999999-01-01"}, {"contact": "x"}, {"ceased": "x"}, {"teir": "1"}, {"q": "x" * 101}, {"q": "\0"},
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_shows_no_rows_and_says_why(client_for, owner, query):
    WorkplaceFactory()

    answer = client_for(owner).get(reverse("companies:register"), query)

    assert answer.status_code == 200
    assert list(answer.context["workplaces"]) == []
    assert answer.context["problems"]


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("name", "Abe"),
        ("-employees", "Zebra"),
        ("employees", "Abe"),
        ("tier", "Zebra"),
        ("-last", "Zebra"),
        ("last", "Abe"),
        ("junk", "Abe"),
    ],
)
def test_the_list_is_sorted_as_the_url_says(client_for, owner, sort, first):
    WorkplaceFactory(name="Zebra", tier=1, employees_min=9, employees_max=9, last_contact_on=date(2026, 11, 1))
    WorkplaceFactory(name="Abe", tier=2, employees_min=2, employees_max=2)

    assert shown(client_for(owner), sort=sort)[0] == first


def test_danish_letters_come_last(client_for, owner):
    for name in ("Åse", "Ærø", "Zoo", "Øl", "Aage"):
        WorkplaceFactory(name=name)

    assert shown(client_for(owner)) == ["Zoo", "Ærø", "Øl", "Aage", "Åse"]


def test_a_page_out_of_range_is_the_nearest(client_for, owner):
    WorkplaceFactory(name="Only")

    for page in ("0", "99", "x", "-1"):
        assert shown(client_for(owner), page=page) == ["Only"]


def test_a_chip_can_be_taken_out_and_the_rest_stays(client_for, owner):
    answer = client_for(owner).get(reverse("companies:register"), {"tier": ["1", "2"], "owner": "me", "page": "3"})

    assert "?tier=2&amp;owner=me" in answer.text
    assert '?tier=1&amp;tier=2"' in answer.text


def test_a_long_register_is_paged_and_keeps_its_filter(client_for, owner):
    WorkplaceFactory.create_batch(51, tier=1)

    answer = client_for(owner).get(reverse("companies:register"), {"tier": "1"})

    assert len(answer.context["workplaces"]) == 50
    assert "?tier=1&amp;page=2" in answer.text


def test_an_empty_register_points_to_the_import_for_those_who_may(client_for, owner):
    assert "There are no companies yet" in client_for(owner).get(reverse("companies:register")).text


@pytest.mark.parametrize("rows", [1, 50])
def test_the_register_asks_the_same_questions_however_long_it_is(
    client_for, owner, rows, django_assert_max_num_queries
):
    branch = Branch.objects.get_or_create(
        scheme="DB25", code="56", defaults={"title": "Mad", "level": 1, "section": "I"}
    )[0]
    WorkplaceFactory.create_batch(rows, owner=owner, branch=branch, tier=1)
    client = client_for(owner)

    with django_assert_max_num_queries(11):
        client.get(reverse("companies:register"))


def test_what_a_colleague_has_done_is_refused_on_the_page_and_as_a_selection(client_for, owner, colleague):
    WorkplaceFactory(owner=colleague, tier=1, last_contact_on=date(2026, 11, 20))
    client, asked = client_for(owner), {"owner": colleague.pk, "contact": "in_time"}

    page = client.get(reverse("companies:register"), asked)
    saved = client.post(reverse("companies:selection_add"), {"name": "Theirs", "search": urlencode(asked)})

    for answer in (page, saved):
        assert "What has been done is not told by colleague" in answer.text
    assert not page.context["workplaces"]
    assert not Selection.objects.exists()


def test_branches_are_suggested_by_code_and_by_title(client_for, owner):
    Branch.objects.get_or_create(
        scheme="DB25", code="561110", defaults={"title": "Restauranter", "level": 4, "section": "I"}
    )
    client = client_for(owner)

    assert "561110" in client.get(reverse("companies:branches"), {"branch": "561110"}).text
    assert "DB25:561" in client.get(reverse("companies:branches"), {"branch": "restaurant"}).text
    assert client.get(reverse("companies:branches"), {"branch": "\0"}).status_code == 200


def test_group_and_responsible_are_set_from_the_card(client_for, owner, colleague):
    workplace = WorkplaceFactory()
    client = client_for(owner)

    client.post(reverse("companies:tier", args=[workplace.pk]), {"tier": "2", "why": "Wants a centre"})
    client.post(reverse("companies:owner", args=[workplace.pk]), {"owner": colleague.pk})

    workplace.refresh_from_db()
    assert (workplace.tier, workplace.owner) == (2, colleague)


@pytest.mark.parametrize(
    ("page", "answers", "field"),
    [
        ("tier", {"tier": "7"}, "tier"),
        ("tier", {"tier": "1", "why": "010190-1234"}, "why"),
        ("owner", {"owner": "999999"}, "owner"),
        ("flags", {"do_not_contact": "on"}, "do_not_contact_why"),
        ("flags", {"do_not_contact": "on", "do_not_contact_why": "010190-1234"}, "do_not_contact_why"),
    ],
)
def test_a_wrong_answer_changes_nothing_and_is_told_beside_its_field(client_for, owner, page, answers, field):
    workplace = WorkplaceFactory()
    before = Workplace.objects.values().get()

    answer = client_for(owner).post(reverse(f"companies:{page}", args=[workplace.pk]), answers)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Workplace.objects.values().get() == before


def test_a_central_agreement_needs_somebody_to_ask(client_for, person_in):
    manager, workplace = person_in("Manager"), WorkplaceFactory()
    client, page = client_for(manager), reverse("companies:central", args=[workplace.pk])

    refused = client.post(page, {"agreed_centrally": "on"})
    client.post(page, {"agreed_centrally": "on", "central_owner": manager.pk, "central_person": "Birgit Lauge"})

    workplace.company.refresh_from_db()
    assert refused.status_code == 422
    assert workplace.company.central_person == "Birgit Lauge"
