"""A row of the past that can mean several workplaces of its company: the steward picks one of them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from companies.models import RegisterImport
from contacts.models import Interaction
from jobcenter_crm.backstage import jobs
from jobcenter_crm.staff.roles import STEWARD
from tests.contacts.past.conftest import CVR, P_NUMBER
from tests.factories import WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

WITH_P = f"CVR-nummer;P-nummer;Dato;Kanal;Note\n{CVR};;05-01-2026;besøg;Vil gerne være med\n"
WITHOUT_P = f"CVR-nummer;Dato;Kanal;Note\n{CVR};05-01-2026;besøg;Vil gerne være med\n"
LATER = f"{CVR};06-01-2026;besøg;Stadig\n"
QUESTION = "Which workplace does the row mean?"


@pytest.fixture
def other(place):
    return WorkplaceFactory(company=place.company, p_number="1002664357", street="Vej 2", postcode="2670", town="Greve")


@pytest.fixture
def steward(client_for, person_in):
    return client_for(person_in(STEWARD))


def upload(client, text):
    url = f"{reverse('companies:imports')}?kind=history"
    client.post(url, {"file": SimpleUploadedFile("past.csv", text.encode())})
    return RegisterImport.objects.order_by("pk").last()


def save(client, row, **more):
    cells = {f"cell_{at}": cell for at, cell in enumerate(row.raw)}
    return client.post(reverse("companies:import_row", args=[row.pk]), cells | more)


def bring_again(client, shown):
    client.post(reverse("companies:import_again", args=[shown.pk]))
    again = shown.corrections.get()
    client.post(reverse("companies:import_apply", args=[again.pk]))
    again.refresh_from_db()
    jobs.run(again.job_id)
    again.refresh_from_db()
    return again


@pytest.mark.parametrize("text", [WITH_P, WITHOUT_P])
def test_the_workplaces_are_there_to_choose_from_and_the_cvr_number_is_not_called_wrong(steward, place, other, text):
    row = upload(steward, text).remarks.rows().get()

    page = steward.get(reverse("companies:import_row", args=[row.pk]))

    wrong = [bound.name for bound in page.context["parts"]["wrong"]]
    assert wrong == ["place"]
    assert page.context["reasons"] == []
    assert QUESTION in page.text
    assert [value for value, _words in page.context["form"].fields["place"].choices] == [P_NUMBER, other.p_number]
    assert "Vej 2, 2670 Greve" in page.text


@pytest.mark.parametrize("text", [WITH_P, WITHOUT_P])
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_one_that_was_chosen_gets_the_row(steward, place, other, text, language):
    shown = upload(steward, text)
    row = shown.remarks.rows().get()

    with translation.override(language):
        answer = save(steward, row, place=other.p_number)
        page = steward.get(reverse("companies:import_row", args=[row.pk]))
        again = bring_again(steward, shown)

    assert answer.status_code == 302
    assert not page.context["form"].errors
    assert other.p_number in page.text
    assert (again.rows_read, again.rows_new) == (1, 1)
    assert Interaction.objects.get().workplace == other


def test_each_row_has_its_own_choice(steward, place, other):
    shown = upload(steward, WITHOUT_P + LATER)
    first, second = shown.remarks.rows().order_by("line")
    save(steward, first, place=other.p_number)
    save(steward, second, place=P_NUMBER)

    again = bring_again(steward, shown)

    assert again.rows_new == 2
    assert set(Interaction.objects.values_list("workplace__p_number", "note")) == {
        (other.p_number, "Vil gerne være med"),
        (P_NUMBER, "Stadig"),
    }


def test_without_a_choice_it_is_asked_for(steward, place, other):
    row = upload(steward, WITH_P).remarks.rows().get()

    answer = save(steward, row)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"place": ["Choose the workplace, or write its P-number."]}


def test_a_p_number_that_is_written_needs_no_choice(steward, place, other):
    shown = upload(steward, WITH_P)
    row = shown.remarks.rows().get()

    answer = save(steward, row, cell_1=other.p_number)

    assert answer.status_code == 302
    assert bring_again(steward, shown).rows_new == 1
    assert Interaction.objects.get().workplace == other


def test_only_the_workplaces_of_that_company_can_be_chosen(steward, place, other):
    row = upload(steward, WITHOUT_P).remarks.rows().get()

    answer = save(steward, row, place=WorkplaceFactory().p_number)

    assert answer.status_code == 422
    assert "place" in answer.context["form"].errors


def test_of_many_workplaces_one_is_picked_from_a_list(steward, place):
    WorkplaceFactory.create_batch(12, company=place.company)
    row = upload(steward, WITHOUT_P).remarks.rows().get()

    page = steward.get(reverse("companies:import_row", args=[row.pk]))

    assert 'name="place"' in page.text
    assert '<select name="place"' in page.text


def test_a_file_without_headings_gets_one_more_column_for_the_choice(steward, place, other):
    text = f"{CVR};05-01-2026;besøg;Vil gerne være med\n{CVR};06-01-2026;besøg;Stadig\n"
    shown = upload(steward, text)
    columns = {"column_0": "cvr", "column_1": "on", "column_2": "channel", "column_3": "note", "no_headings": "on"}
    steward.post(reverse("companies:import_columns", args=[shown.pk]), columns)
    for row in shown.remarks.rows():
        save(steward, row, place=other.p_number)

    again = bring_again(steward, shown)

    assert (again.headings, again.rows_new) == (["#1", "#2", "#3", "#4", "#5"], 2)
