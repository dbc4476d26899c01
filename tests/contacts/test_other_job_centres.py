"""Other job centres in touch with the same employer: noted, shown before a contact, ended, never lost."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from contacts.models import OtherJobCentre
from jobcenter_crm.staff.models import Organisation
from tests.factories import CompanyFactory, MunicipalityFactory, OtherJobCentreFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TYPED = {
    "name": "Anna Riis",
    "phone": "10 12 34 56",
    "email": "anna@koege.example",
    "remark": "",
    "since": "",
    "ended_on": "",
}


@pytest.fixture
def workplace(owner):
    return WorkplaceFactory(owner=owner)


@pytest.fixture
def koege(db):
    return MunicipalityFactory()


def add(client, workplace, **typed):
    return client.post(
        reverse("contacts:add_job_centre", args=[workplace.pk]), TYPED | {"municipality": "0259"} | typed
    )


def test_one_that_is_noted_stands_on_the_card_and_before_a_contact(client_for, owner, colleague, workplace, koege):
    answer = add(client_for(owner), workplace, remark="has a trainee there", since="2026-03-02")

    other = OtherJobCentre.objects.get()
    assert answer.url == workplace.get_absolute_url()
    assert (other.company, other.workplace, other.created_by) == (workplace.company, workplace, owner)
    assert other.history.get().history_user == owner
    client = client_for(colleague)
    card = client.get(reverse("desk:about", args=[workplace.pk])).text
    assert all(words in card for words in ("Other job centres", "Køge", "Anna Riis", "has a trainee there"))
    for page in ("contacts:log", "contacts:plan"):
        shown = client.get(reverse(page), {"workplace": workplace.pk}).text
        assert "Køge also talks with them: Anna Riis" in shown
        assert 'href="tel:10123456"' in shown


def test_a_form_that_is_sent_twice_notes_one(client_for, owner, workplace, koege):
    for _press in range(2):
        add(client_for(owner), workplace, for_company="on")

    assert OtherJobCentre.objects.count() == 1


def test_one_for_the_whole_company_stands_at_each_of_its_workplaces(client_for, owner, workplace, koege):
    sister, stranger = WorkplaceFactory(company=workplace.company), WorkplaceFactory()

    add(client_for(owner), workplace, for_company="on")

    assert [set(OtherJobCentre.objects.at(place)) for place in (workplace, sister, stranger)] == [
        set(OtherJobCentre.objects.all()), set(OtherJobCentre.objects.all()), set()
    ]  # fmt: skip


def test_one_that_has_ended_is_shown_no_more_and_stays(client_for, owner, workplace):
    other = OtherJobCentreFactory(workplace=workplace)
    client = client_for(owner)

    answer = client.post(other.get_absolute_url(), TYPED | {"municipality": "0259", "ended_on": "2026-11-01"})

    other.refresh_from_db()
    assert answer.status_code == 302
    assert other.ended_on == date(2026, 11, 1)
    assert other.history.count() == 2
    client.get(workplace.get_absolute_url())  # which says that it is saved
    assert "Anna Riis" not in client.get(workplace.get_absolute_url()).text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"municipality": ""}, "municipality"), ({"municipality": "\0"}, "municipality"),
        ({"municipality": "0999"}, "municipality"), ({"municipality": "9" * 30}, "municipality"),
        ({"phone": "ask the desk"}, "phone"), ({"email": "anna"}, "email"), ({"name": "Anna 010190-1234"}, "name"),
        ({"remark": "for 010190-1234"}, "remark"), ({"name": "\0"}, "name"), ({"remark": "x" * 200}, "remark"),
        ({"since": "yesterday"}, "since"), ({"since": "2026-11-02", "ended_on": "2026-11-01"}, "__all__"),
    ],
)  # fmt: skip
def test_an_error_is_explained_and_nothing_is_saved(client_for, owner, workplace, koege, typed, field):
    MunicipalityFactory(code="0999", name="Lindevig")
    Organisation(name="Indgangen", municipality_code="0999").save()

    answer = add(client_for(owner), workplace, **typed)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert "010190" not in str(answer.context["form"].errors)
    assert not OtherJobCentre.objects.exists()


def test_it_never_ends_before_it_begins(workplace):
    with pytest.raises(IntegrityError), transaction.atomic():
        OtherJobCentreFactory(workplace=workplace, since=date(2026, 11, 2), ended_on=date(2026, 11, 1))


def test_those_who_only_read_see_it_and_no_more(client_for, person_in, workplace):
    OtherJobCentreFactory(workplace=workplace)

    card = client_for(person_in("Case worker")).get(reverse("desk:about", args=[workplace.pk])).text

    assert "Anna Riis" in card
    assert reverse("contacts:add_job_centre", args=[workplace.pk]) not in card


def test_in_the_admin_it_is_never_given_to_another_company_than_its_workplaces(client_for, person_in, workplace, koege):
    steward = person_in("Data steward")
    steward.is_staff = True
    steward.save()

    answer = client_for(steward).post(
        reverse("admin:contacts_otherjobcentre_add"),
        {"company": CompanyFactory().pk, "workplace": workplace.pk, "municipality": "0259", "name": "Anna 010190-1234"},
    )

    assert {"workplace", "name"} <= set(answer.context["adminform"].form.errors)
    assert not OtherJobCentre.objects.exists()


@pytest.mark.parametrize("rows", [1, 12])
def test_many_cost_no_more_than_one(client_for, owner, workplace, rows, django_assert_max_num_queries):
    for at in range(rows):
        OtherJobCentreFactory(
            workplace=workplace, municipality=MunicipalityFactory(code=f"02{at + 10}", name=f"By {at}")
        )
    client = client_for(owner)

    with django_assert_max_num_queries(15):
        assert client.get(reverse("desk:about", args=[workplace.pk])).text.count("Anna Riis") >= rows
