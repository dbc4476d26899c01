"""The pages of merging: side by side, the search for the other one, the merges so far, and the pairs that are two."""

from datetime import date

import pytest
from django.urls import reverse

from companies.models import KnownDifferent, Merge, Workplace
from contacts.models import Invitation, Person
from jobcenter_crm.staff.roles import STEWARD
from tests.factories import (
    CompanyFactory,
    FollowUpFactory,
    InteractionFactory,
    PersonFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PAGE = reverse("companies:merge")


@pytest.fixture
def client(client_for, person_in):
    return client_for(person_in(STEWARD))


@pytest.fixture
def two(owner):
    """A workplace that the register knows, and the same without P-number, with what was written there."""
    kept = WorkplaceFactory(name="Smedjen", tier=3)
    merged = WorkplaceFactory(company=kept.company, p_number=None, name="Smedjen i Nord", owner=owner)
    InteractionFactory.create_batch(2, workplace=merged)
    FollowUpFactory(workplace=merged)
    return kept, merged


def address(kept, merged=None, kind="workplace"):
    return f"{PAGE}?kind={kind}&a={kept.pk}" + (f"&b={merged.pk}" if merged else "")


def test_what_moves_without_a_word_is_no_hindrance(client, two, owner):
    """An invitation in a colleague's calendar goes along with its contact, which is told of; so does who signed."""
    kept, merged = two
    contact = InteractionFactory(workplace=merged, state="planned")
    Invitation.objects.create(
        contact=contact, user=owner, uid="one", workplace=merged, channel=contact.channel, on=contact.on
    )
    signer = active_agreement(workplace=kept).signed_by_them
    twin = PersonFactory(workplace=kept)

    page = client.get(address(kept, merged))

    assert page.status_code == client.get(address(twin, signer, kind="person")).status_code == 200
    assert "3 contacts" in page.text


def test_the_page_shows_where_they_differ_what_is_proposed_and_what_moves(client, two):
    page = client.get(address(*two))

    chosen = {line.fact.name: line.chosen for line in page.context["differing"]}
    assert chosen == {"tier": "kept", "owner": "merged", "name": "", "address": ""}
    assert "Olga Owner" in page.text
    assert "2 contacts, 1 follow-up." in page.text
    assert {line.fact.name for line in page.context["equal"]} == {"sector"}


def test_the_side_that_the_register_knows_is_kept_whichever_comes_first(client, two):
    page = client.get(address(*reversed(two)))

    assert page.context["kept"] == two[0]
    assert "since the register knows it by its P-number" in page.text
    assert not page.context["swap_url"]


def test_merging_leads_to_the_kept_card_with_the_way_back(client, two, owner):
    kept, merged = two

    done = client.post(address(*two), {"keeps": kept.pk, "fact-tier": "kept", "fact-owner": "merged"}, follow=True)

    kept.refresh_from_db()
    merge = Merge.objects.get()
    assert done.request["PATH_INFO"] == kept.get_absolute_url()
    assert reverse("companies:merge_undo", args=[merge.pk]) in done.text
    assert (kept.tier, kept.owner) == (3, owner)
    assert client.get(reverse("desk:card", args=[merged.pk])).url == kept.get_absolute_url()

    undone = client.post(reverse("companies:merge_undo", args=[merge.pk]), {"next": "//evil.example/"}, follow=True)

    assert undone.request["PATH_INFO"] == reverse("companies:merges")
    assert set(Workplace.objects.all()) == {kept, merged}


def test_a_page_whose_sides_have_turned_meanwhile_merges_nothing(client, two):
    _kept, merged = two

    answer = client.post(address(*two), {"keeps": merged.pk, "fact-tier": "merged"})

    assert answer.status_code == 422
    assert "Look at them again" in answer.text
    assert not Merge.objects.exists()


def test_the_second_of_two_who_merge_the_same_pair_is_told(client, two):
    kept = two[0]
    client.post(address(*two), {"keeps": kept.pk})

    late = client.post(address(*two), {"keeps": kept.pk}, follow=True)

    assert late.request["PATH_INFO"] == kept.get_absolute_url()
    assert "were merged a moment ago" in late.text
    assert Merge.objects.count() == 1


def test_the_address_of_a_finished_merge_says_so_and_leads_to_the_one_that_stands(client, two):
    kept, merged = two
    client.post(address(*two), {"keeps": kept.pk})

    for one, other in (two, (merged, kept)):
        page = client.get(address(one, other))

        assert page.status_code == 200
        assert "The two are merged" in page.text
        assert "»Smedjen i Nord« is merged into »Smedjen«." in page.text
        assert f'href="{kept.get_absolute_url()}"' in page.text
        assert "Which is the other one?" not in page.text


@pytest.mark.parametrize(
    "path", ["/companies/{}/", "/companies/{}/warnings/", "/people/{}/", "/companies/{}/people/add/"]
)
def test_a_number_that_nothing_has_is_not_found(client, path):
    for number in ("0", "9" * 18, "9" * 30):
        assert client.get(path.format(number)).status_code == 404


def test_what_stands_in_the_way_is_told_with_the_way_out(client):
    one, other = (WorkplaceFactory(p_number=None, street="Torvet 1") for _ in range(2))

    page = client.get(address(one.company, other.company, "company"))
    refused = client.post(address(one.company, other.company, "company"), {"keeps": one.company.pk})

    for answer in (page, refused):
        assert f"a={one.pk}&amp;b={other.pk}" in answer.text
        assert "Merge 2 into 1" not in answer.text
    assert refused.status_code == 422
    assert not Merge.objects.exists()


def test_the_other_one_is_searched_for(client):
    first = WorkplaceFactory(name="Smedjen")
    sister = WorkplaceFactory(company=first.company, name="Lageret")
    far = WorkplaceFactory(name="Bageren")

    near = client.get(address(first))
    found = client.get(address(first) + "&q=bageren")

    assert [row for row, _line, _url in near.context["hits"]] == [sister]
    assert [row for row, _line, _url in found.context["hits"]] == [far]
    assert client.get(address(first) + "&q=%00").status_code == 200


@pytest.mark.parametrize("kind", ["workplace", "company", "person"])
def test_each_kind_is_searched_compared_and_merged(client, kind):
    make = {"workplace": WorkplaceFactory, "company": CompanyFactory, "person": PersonFactory}[kind]
    one = make(name="Anna Ravn")
    other = make(name="Anna Ravn", **({"workplace": one.workplace} if kind == "person" else {}))
    WorkplaceFactory(company=other if kind == "company" else CompanyFactory())

    found = client.get(address(one, kind=kind) + "&q=ravn").context["hits"]
    done = client.post(address(one, other, kind), {"keeps": one.pk})

    assert [row for row, _line, _url in found] == [other]
    assert done.status_code == 302
    assert list(type(one).objects.filter(name="Anna Ravn")) == [one]
    assert "Anna Ravn" in client.get(reverse("companies:merges")).text


def alike(kind):
    """Two of one name, and what tells each of them from the other."""
    if kind == "company":
        return [(company, f"CVR {company.cvr_number}") for company in CompanyFactory.create_batch(2, name="Ravn ApS")]
    if kind == "person":
        first = PersonFactory(name="Anna Ravn", role=Person.Role.HR, phone="20304050")
        second = PersonFactory(name="Anna Ravn", role=Person.Role.MENTOR, workplace=first.workplace, phone="20304051")
        return [(person, person.get_role_display()) for person in (first, second)]
    first = WorkplaceFactory(name="Ravn", street="Torvet 1", town="Køge")
    return [
        (first, "Torvet 1, Køge"),
        (WorkplaceFactory(name="ravn", street="Torvet 2", town="Køge"), "Torvet 2, Køge"),
    ]


@pytest.mark.parametrize("kind", ["workplace", "company", "person"])
def test_two_of_one_name_are_told_apart_wherever_they_are_named(client, kind):
    (kept, one), (merged, other) = alike(kind)

    page = client.get(address(kept, merged, kind)).text
    two = {"kind": kind, "a": kept.pk, "b": merged.pk}
    said = client.post(reverse("companies:duplicates_two"), two, follow=True).text
    listed = client.get(f"{reverse('companies:duplicates')}?kind={kind}&said=two").text
    client.post(address(kept, merged, kind), {"keeps": kept.pk})
    merges = client.get(reverse("companies:merges")).text

    assert f"<h1>Merge »{merged} ({other})« into »{kept} ({one})«</h1>" in page
    assert f"“{kept} ({one})” and “{merged} ({other})” are two" in said
    assert f"“{merged} ({other})” is merged into “{kept} ({one})”." in merges
    for text in (listed, merges):
        table = text[text.index("<tbody>") : text.index("</tbody>")]
        assert one in table
        assert other in table


def test_two_of_different_names_are_called_by_these_and_the_numbers_of_people_stay_out_of_headings(client, two):
    anna, other = PersonFactory(name="Anna", phone="20304050"), PersonFactory(name="Anna", phone="20304051")
    other.workplace, other.role = anna.workplace, anna.role
    other.save()

    assert "Merge »Smedjen i Nord« into »Smedjen«</h1>" in client.get(address(*two)).text
    assert "Merge »Anna« into »Anna«</h1>" in client.get(address(anna, other, "person")).text


@pytest.mark.parametrize(
    "query",
    [
        "kind=x&a=1",
        "kind=workplace&a=",
        "kind=workplace&a=x",
        "kind=workplace&a=99999999999999999999",
        "a=-1",
        "a=%00",
        "a=0",
    ],
)
def test_what_there_is_not_is_not_found(client, query):
    assert client.get(f"{PAGE}?{query}").status_code == 404


def test_a_merged_person_leads_to_the_one_that_was_kept_and_a_late_change_is_told(client):
    kept = PersonFactory(name="Anna Riis")
    merged = PersonFactory(workplace=kept.workplace)
    client.post(address(kept, merged, "person"), {"keeps": kept.pk})
    old = reverse("contacts:person", args=[merged.pk])

    assert client.get(old).url == kept.get_absolute_url()
    assert "was merged meanwhile" in client.post(old, {"name": "New", "role": "hr"}, follow=True).text
    assert not Person.everything.filter(name="New").exists()


def test_a_form_that_was_open_while_its_workplace_was_merged_is_saved_with_the_kept_one(client_for, client, two, owner):
    kept, merged = two
    client.post(address(*two), {"keeps": kept.pk})
    facts = {"workplace": merged.pk, "channel": "phone", "outcome": "no", "on": "2026-11-24", "next_when": "none"}

    answer = client_for(owner).post(reverse("contacts:log"), facts | {"note": "They are closed", "staff": [owner.pk]})

    assert answer.status_code == 302
    assert kept.interactions.filter(note="They are closed", on=date(2026, 11, 24)).exists()


def test_two_that_are_two_are_remembered_and_taken_back(client, two):
    kept, merged = two
    merged.name = "Smedjen"
    merged.save()
    page = reverse("companies:duplicates")
    assert len(client.get(page).context["pairs"]) == 1

    said = client.post(reverse("companies:duplicates_two"), {"kind": "workplace", "a": kept.pk, "b": merged.pk})
    told = client.get(page)
    listed = client.get(f"{page}?kind=workplace&said=two")
    client.post(reverse("companies:duplicates_again", args=[KnownDifferent.objects.get().pk]))

    assert said.url == page
    assert told.context["pairs"] == []
    assert "are two, and are not shown again" in told.text
    assert "Smedjen" in listed.text
    assert len(client.get(page).context["pairs"]) == 1


@pytest.mark.parametrize("facts", [{}, {"a": "1", "b": "x"}, {"a": "1", "b": "1"}, {"a": "9" * 30, "b": "\0"}])
def test_a_pair_that_makes_no_sense_is_told_and_not_remembered(client, facts):
    answer = client.post(reverse("companies:duplicates_two"), {"kind": "workplace"} | facts, follow=True)

    assert "no longer here" in answer.text
    assert not KnownDifferent.objects.exists()


def test_merging_begins_with_the_list_where_nothing_was_named(client):
    assert client.get(PAGE).url == reverse("companies:duplicates")


def test_the_ways_in_are_shown_to_those_who_may(client, client_for, owner, two):
    kept, person = two[0], PersonFactory(workplace=two[0])

    for who, shown in ((client, True), (client_for(owner), False)):
        card = who.get(kept.get_absolute_url()).text
        form = who.get(reverse("contacts:person", args=[person.pk])).text
        assert ("Merge with another" in card) is shown
        assert ("Merge with another" in form) is shown


@pytest.mark.parametrize("rows", [1, 15])
@pytest.mark.parametrize(
    ("path", "statements"),
    [
        ("merges", 14),
        ("duplicates?kind=workplace", 12),
        ("duplicates?kind=company", 10),
        ("duplicates?kind=person", 12),
    ],
)
def test_the_pages_ask_the_same_questions_however_long_they_are(
    client, rows, path, statements, django_assert_max_num_queries
):
    for at in range(rows):
        one = WorkplaceFactory(name=f"Shop {at}")
        WorkplaceFactory(name=f"Shop {at}", p_number=None)
        anna, again = PersonFactory.create_batch(2, name="Anna", workplace=one)
        other = WorkplaceFactory(company=one.company)
        PersonFactory(name="Anna", workplace=one)
        for kind, kept, merged in (("workplace", one, other), ("person", anna, again)):
            client.post(address(kept, merged, kind), {"keeps": kept.pk})
    name, _mark, query = path.partition("?")
    client.get(reverse("companies:merges"))  # tells of what was done

    with django_assert_max_num_queries(statements):
        answer = client.get(f"{reverse(f'companies:{name}')}?{query}")
    assert answer.status_code == 200


@pytest.mark.parametrize("rows", [1, 15])
def test_comparing_asks_the_same_questions_however_much_moves(client, two, rows, django_assert_max_num_queries):
    kept, merged = two
    InteractionFactory.create_batch(rows, workplace=merged)

    with django_assert_max_num_queries(11):
        client.get(address(kept, merged))
