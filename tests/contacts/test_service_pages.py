"""The pages of the catalogue: its list, a declaration, the sheets for print, the admin, and what the card and the log say of it."""

import re
from datetime import date

import pytest
from django.urls import reverse

from contacts.models import Interaction, Service, ServiceUse
from jobcenter_crm.staff.roles import CASE_WORKER, MANAGER, STEWARD
from tests.factories import InteractionFactory, ServiceFactory, ServiceUseFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def called(code):
    return Service.objects.get(code=code)


@pytest.fixture
def client(client_for, owner):
    return client_for(owner)


def told(workplace, *codes, **facts):
    contact = InteractionFactory(workplace=workplace, **facts)
    contact.services.set(map(called, codes))
    return contact


def said(answer):
    return [str(message) for message in answer.context["messages"]]


# --- The catalogue ---------------------------------------------------------------------------


def test_the_catalogue_tells_what_is_offered_and_apart_from_it_what_is_not(client):
    ServiceFactory(code="soon", name_da="Kommer snart", valid_from=date(2027, 1, 1))

    context = client.get(reverse("contacts:services")).context

    offered = [line.service.code for line in context["offered"]]
    assert offered[0] == "recruitment"
    assert not {"job-rotation", "soon"} & set(offered)
    assert [line.service.code for line in context["ended"]] == ["job-rotation"]
    assert [line.service.code for line in context["to_come"]] == ["soon"]


def test_a_figure_leads_to_just_those_workplaces(client, owner):
    workplace = WorkplaceFactory(name="Bødker")
    WorkplaceFactory(name="Væver")
    told(workplace, "mentor", created_by=owner)

    page = client.get(reverse("contacts:services")).text
    url = re.search(r'href="(/companies/\?told_of=mentor&amp;told_months=12)">1<', page)[1]
    listed = client.get(url.replace("&amp;", "&")).text

    assert "Bødker" in listed
    assert "Væver" not in listed
    assert "Was told of: Mentor grant, 12 months" in listed


@pytest.mark.parametrize("rows", [1, 30])
def test_the_catalogue_asks_the_same_questions_however_long_it_is(client, owner, rows, django_assert_max_num_queries):
    for _number in range(rows):
        service = ServiceFactory()
        told(WorkplaceFactory(), service.code, created_by=owner)
        ServiceUseFactory(service=service)

    with django_assert_max_num_queries(9):
        client.get(reverse("contacts:services"))


def test_a_declaration_tells_all_that_is_written_and_where_it_comes_from(client):
    page = client.get(called("placement").get_absolute_url()).text

    for words in ("Work placement", "What the job centre does", "Economy", "Sickness", "Insurance", "Liability"):
        assert words in page
    assert "LAB kapitel 11" in page
    assert "/services/print/?service=placement" in page


def test_one_that_has_ended_says_so_and_is_not_printed(client):
    page = client.get(called("job-rotation").get_absolute_url()).text

    assert "Offered until 30 June 2026" in page
    assert "/services/print/" not in page
    assert "never_told_of" not in page


def test_a_service_that_there_is_not_is_not_found(client):
    assert client.get(reverse("contacts:service", args=[999999])).status_code == 404


# --- On paper --------------------------------------------------------------------------------


def sheets(answer):
    return [service.code for service in answer.context["services"]]


def test_all_that_is_offered_is_printed_or_what_was_ticked_and_never_what_has_ended(client):
    everything = client.get(reverse("contacts:print_services"))
    chosen = client.get(reverse("contacts:print_services") + "?service=mentor&service=job-rotation&service=%00")
    nothing = client.get(reverse("contacts:print_services") + "?service=job-rotation")

    assert len(sheets(everything)) == Service.objects.count() - 1
    assert "job-rotation" not in sheets(everything)
    assert sheets(chosen) == ["mentor"]
    assert sheets(nothing) == []
    assert "nothing to print" in nothing.text


def test_the_sheets_are_in_the_language_of_the_employer_who_reads_them(client):
    danish = client.get(reverse("contacts:print_services") + "?service=mentor&language=da").text
    english = client.get(reverse("contacts:print_services") + "?service=mentor&language=en").text
    nonsense = client.get(reverse("contacts:print_services") + "?service=mentor&language=xx").text

    assert "Tilskud til mentor" in danish
    assert 'lang="da"' in danish
    assert "Mentor grant" in english
    assert "Mentor grant" in nonsense
    # What stands around the sheets stays in the language of whoever prints them.
    assert "Back to the catalogue" in danish


def test_printing_costs_the_same_for_one_as_for_all(client, django_assert_max_num_queries):
    for query in ("?service=mentor", ""):
        with django_assert_max_num_queries(7):
            client.get(reverse("contacts:print_services") + query)


# --- In the admin ----------------------------------------------------------------------------


def facts(**changed):
    return {
        "name_da": "Seniorordning", "code": "senior", "position": "200", "valid_from": "2026-11-01", "source": "Os",
        "what_da": "Hjælp til at holde på seniorer.",
    } | changed  # fmt: skip


@pytest.mark.parametrize("role", [STEWARD, MANAGER])
def test_stewards_and_managers_write_the_catalogue_and_its_history_says_who(client_for, person_in, role):
    person = person_in(role)
    person.is_staff = True
    person.save()
    client = client_for(person)

    client.post(reverse("admin:contacts_service_add"), facts())
    made = called("senior")
    client.post(reverse("admin:contacts_service_change", args=[made.pk]), facts(code="other", valid_to="2026-12-31"))
    made.refresh_from_db()

    assert (made.code, made.valid_to) == ("senior", date(2026, 12, 31))
    assert made.history.first().history_user == person
    assert client.get(reverse("contacts:services")).text.count(reverse("admin:contacts_service_changelist"))


def test_the_admin_refuses_cpr_numbers_a_reserved_code_and_an_end_before_the_beginning(client_for, person_in):
    person = person_in(STEWARD)
    person.is_staff = True
    person.save()

    answer = client_for(person).post(
        reverse("admin:contacts_service_add"),
        facts(code="any", what_da="Ring om 010190-1234", valid_to="2026-01-01"),
    )

    errors = answer.context["adminform"].form.errors
    assert {"code", "what_da"} <= set(errors)
    assert not Service.objects.filter(source="Os").exists()


def test_who_has_no_key_to_the_admin_sees_no_way_there(client):
    assert "/admin/" not in client.get(reverse("contacts:services")).text


# --- Where a contact is logged ---------------------------------------------------------------


def test_the_sheet_offers_the_services_folded_away_and_saves_what_is_ticked(client, owner):
    workplace = WorkplaceFactory()
    page = client.get(reverse("contacts:log"), {"workplace": workplace.pk}).text
    fold = re.search(r"<details[^>]*data-services[^>]*>", page)[0]

    client.post(
        reverse("contacts:log"),
        {
            "workplace": workplace.pk, "channel": "phone", "outcome": "interested", "next_when": "none",
            "on": "2026-11-24", "staff": [owner.pk], "services": [called("mentor").pk],
        },
    )  # fmt: skip

    assert " open" not in fold
    assert "Job rotation" not in page
    assert list(Interaction.objects.get().services.all()) == [called("mentor")]
    assert "Presented: Mentor grant" in client.get(workplace.get_absolute_url()).text


def test_an_address_may_tick_services_beforehand_and_the_fold_is_open(client):
    address = {"workplace": WorkplaceFactory().pk, "service": [called("mentor").pk, "x"]}

    for name in ("contacts:log", "contacts:plan"):
        page = client.get(reverse(name), address).text
        assert re.search(r"<details[^>]*data-services open>", page)
        assert page.count("checked") >= 2


def test_what_was_taken_back_is_ticked_again(client, owner):
    contact = told(WorkplaceFactory(), "mentor", "network", created_by=owner)
    Interaction.objects.filter(pk=contact.pk).update(logged_at="2026-11-24T08:29Z")

    answer = client.post(reverse("contacts:take_back", args=[contact.pk]))
    form = client.get(answer.url).context["form"]

    assert set(form["services"].value()) == {str(called("mentor").pk), str(called("network").pk)}


def test_the_author_puts_services_right_as_long_as_the_note_is_open(client, owner):
    contact = told(WorkplaceFactory(), "job-rotation", on=date(2026, 11, 20), created_by=owner)
    Interaction.objects.filter(pk=contact.pk).update(logged_at="2026-11-24T08:00Z")
    address = reverse("contacts:note", args=[contact.pk])

    page = client.get(address)
    client.post(address, {"note": "", "services": [called("job-rotation").pk, called("mentor").pk]})

    assert page.context["form"]["services"].value() == [str(called("job-rotation").pk)]
    assert {service.code for service in contact.services.all()} == {"job-rotation", "mentor"}


def test_others_and_later_add_to_the_note_and_leave_the_services(client_for, colleague, owner):
    contact = told(WorkplaceFactory(), "mentor", created_by=owner)
    address = reverse("contacts:note", args=[contact.pk])

    assert "services" not in client_for(colleague).get(address).context["form"].fields
    client_for(owner).post(address, {"note": "They called back."})

    assert [service.code for service in contact.services.all()] == ["mentor"]
    assert contact.amendments.get().text == "They called back."


# --- On the card -----------------------------------------------------------------------------


def test_the_card_says_what_is_in_use_and_what_was_presented_last_and_by_whom(client, owner):
    workplace = WorkplaceFactory()
    told(workplace, "mentor", on=date(2026, 9, 8), created_by=owner)
    told(workplace, "flex-job", state="planned", on=date(2026, 12, 1), created_by=owner)
    ServiceUseFactory(workplace=workplace, service=called("network"))

    page = client.get(workplace.get_absolute_url()).text
    section = page[page.index('id="services-head"') :]

    assert "To present: Flex job" in page
    assert re.search(r"Employer network.*?since.*?1 Sep.*?No longer in use", section, re.DOTALL)
    assert re.search(r"Mentor grant.*?8 Sep.*?Olga Owner.*?Now in use", section, re.DOTALL)


def test_now_in_use_is_one_tap_and_its_undo_another(client, owner):
    workplace = WorkplaceFactory()
    told(workplace, "mentor", created_by=owner)

    client.post(
        reverse("contacts:use_service", args=[workplace.pk]),
        {"service": called("mentor").pk, "since": "2026-11-24"},
    )
    page = client.get(workplace.get_absolute_url())

    use = ServiceUse.objects.get()
    assert (use.service.code, use.since, use.created_by) == ("mentor", date(2026, 11, 24), owner)
    assert said(page) == ["In use: Mentor grant."]
    undo = re.search(r'action="(/service-uses/\d+/take-back/)"', page.text)[1]

    client.post(undo)

    assert not ServiceUse.objects.exists()


def test_no_longer_in_use_can_be_taken_back(client):
    use = ServiceUseFactory()

    client.post(reverse("contacts:end_service_use", args=[use.pk]))
    page = client.get(use.get_absolute_url())
    use.refresh_from_db()

    assert use.until == date(2026, 11, 24)
    undo = re.search(r'action="(/service-uses/\d+/again/)"', page.text)[1]

    client.post(undo)
    use.refresh_from_db()

    assert use.until is None


def test_an_ended_service_in_use_stays_on_the_card_and_can_not_be_taken_up_anew(client, owner):
    workplace = WorkplaceFactory()
    told(workplace, "job-rotation", on=date(2026, 5, 5), created_by=owner)
    address = reverse("contacts:use_service", args=[workplace.pk])

    page = client.get(workplace.get_absolute_url()).text
    answer = client.post(address, {"service": called("job-rotation").pk, "since": "2026-05-05"})

    assert "no longer offered" in page
    assert "Now in use" not in page
    assert answer.status_code == 422
    assert not ServiceUse.objects.exists()


@pytest.mark.parametrize("since", ["2026-11-25", "1900-01-01", "x", ""])
def test_a_use_that_has_not_begun_or_began_before_anybody_was_born_is_refused(client, since):
    answer = client.post(
        reverse("contacts:use_service", args=[WorkplaceFactory().pk]), {"service": called("mentor").pk, "since": since}
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["since"]


def test_the_same_again_says_that_it_is_noted_already(client):
    use = ServiceUseFactory()

    client.post(
        reverse("contacts:use_service", args=[use.workplace.pk]), {"service": use.service.pk, "since": "2026-11-24"}
    )

    assert said(client.get("/")) == ["It is noted as in use already: Mentor grant."]
    assert ServiceUse.objects.count() == 1


def test_a_case_worker_reads_and_changes_nothing(client_for, person_in, owner):
    workplace = WorkplaceFactory()
    told(workplace, "mentor", created_by=owner)
    ServiceUseFactory(workplace=workplace, service=called("network"))

    page = client_for(person_in(CASE_WORKER)).get(workplace.get_absolute_url()).text

    assert "Mentor grant" in page
    assert "Now in use" not in page
    assert "No longer in use" not in page
