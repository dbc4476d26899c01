"""The pages of a company centre and of a service agreement, and what the card shows of them."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from companies.models import TargetGroup
from jobcenter_crm.staff.roles import CASE_WORKER, MANAGER
from partnerships import steps
from partnerships.models import AbsenceFigure, CentreMember, CompanyCentre, Mentor, Punch, PunchCard, ServiceTerms
from tests.factories import (
    AbsenceFigureFactory,
    AgreementFactory,
    CentreMemberFactory,
    CompanyCentreFactory,
    MentorFactory,
    PersonFactory,
    PunchCardFactory,
    PunchFactory,
    SlotFactory,
    UserFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
CPR = "Ask 010190-1234"
MAYBE = "Ask 0101901234"


def url(name, row):
    return reverse(f"partnerships:{name}", args=[row.pk])


def field_errors(answer):
    return {name: list(told) for name, told in answer.context["form"].errors.items()}


@pytest.fixture
def centre(owner):
    return CompanyCentreFactory(agreement__owner=owner)


@pytest.fixture
def service(owner):
    return active_agreement(kind="service", owner=owner)


# --- A company centre ----------------------------------------------------------------------------


def test_the_facts_of_a_centre_are_written_on_one_sheet(client_for, owner):
    agreement = AgreementFactory(kind="centre", owner=owner)
    group = TargetGroup.objects.get(code="lab-06-03")

    answer = client_for(owner).post(
        url("centre", agreement),
        {"form": "side", "places": "4", "side_production": "Bird boxes", "agency": "No", "target_groups": [group.pk]},
    )

    centre = CompanyCentre.objects.get()
    assert answer.url == agreement.get_absolute_url()
    assert (centre.form, centre.places, centre.side_production, centre.agency) == ("side", 4, "Bird boxes", "")
    assert list(centre.target_groups.all()) == [group]


def test_all_fields_of_every_form_can_be_read_without_a_script(client_for, owner, centre):
    page = client_for(owner).get(url("centre", centre.agreement)).text

    assert 'data-when-chosen="form=side"' in page
    assert 'name="side_production"' in page
    assert 'name="agency"' in page
    assert "hidden>" not in page.partition("<form method")[2].partition("</form>")[0]


def test_target_groups_of_today_are_offered_and_an_ended_one_stays_where_it_was_chosen(client_for, owner, centre):
    ended, unused = TargetGroup.objects.order_by("code")[:2]
    TargetGroup.objects.filter(pk__in=[ended.pk, unused.pk]).update(valid_to=date(2026, 6, 30))
    centre.target_groups.add(ended)
    client = client_for(owner)

    form = client.get(url("centre", centre.agreement)).context["form"]
    labels = [label for _value, label in form.fields["target_groups"].choices]
    card = client.get(centre.agreement.get_absolute_url()).text

    assert f"{ended.name} (ended on 30 June 2026)" in labels
    assert not any(unused.name in label for label in labels)
    assert re.search(rf"{ended.name} <span class=\"label\">ended", card)


@pytest.mark.parametrize("places", ["0", "1000", "-1", "many", ""])
def test_a_number_of_places_that_makes_no_sense_is_told_beside_its_field(client_for, owner, centre, places):
    answer = client_for(owner).post(
        url("centre", centre.agreement), {"form": "network", "places": places, "tasks": "X"}
    )

    assert answer.status_code == 422
    assert field_errors(answer) == {"places": ["Write a number from 1 to 999." if places else "Fill this in."]}
    assert answer.context["form"]["tasks"].value() == "X"


def test_of_one_that_holds_the_form_asks_what_has_changed(client_for, owner):
    agreement = active_agreement(kind="centre", owner=owner)
    client = client_for(owner)

    refused = client.post(url("centre", agreement), {"form": "virtual", "places": "4"})
    saved = client.post(url("centre", agreement), {"form": "virtual", "places": "4", "note": "The centre is described"})

    assert list(field_errors(refused)) == ["note"]
    assert saved.status_code == 302


@pytest.mark.parametrize("name", ["tasks", "support", "reception", "absence", "follow_up", "exit", "payment"])
def test_no_cpr_number_gets_into_the_facts_of_a_centre(client_for, owner, centre, name):
    client = client_for(owner)

    surely = client.post(url("centre", centre.agreement), {"form": "network", "places": "6", name: CPR})
    maybe = client.post(url("centre", centre.agreement), {"form": "network", "places": "6", name: MAYBE})
    said = {"form": "network", "places": "6", name: MAYBE, "not_cpr": "on"}

    assert "CPR" in field_errors(surely)[name][0]
    assert 'name="not_cpr"' not in surely.text
    assert 'name="not_cpr"' in maybe.text
    assert client.post(url("centre", centre.agreement), said).status_code == 302


def test_a_workplace_is_looked_for_and_then_takes_part(client_for, owner, centre):
    workplace = WorkplaceFactory(name="Havnens Køkken")
    client = client_for(owner)

    found = client.get(url("add_member", centre.agreement), {"q": "havnens"}).text
    link = re.search(r'href="(/agreements/\d+/members/\?workplace=\d+)"', found)[1]
    form = client.get(link)
    answer = client.post(
        url("add_member", centre.agreement), {"workplace": workplace.pk, "places": "2", "since": "2026-11-24"}
    )

    assert "Takes part: Havnens Køkken" in form.text
    assert answer.url == centre.agreement.get_absolute_url()
    assert CentreMember.objects.get().workplace == workplace


def test_too_many_places_are_told_beside_the_field_and_what_was_typed_stays(client_for, owner, centre):
    answer = client_for(owner).post(
        url("add_member", centre.agreement),
        {"workplace": WorkplaceFactory().pk, "places": "7", "since": "2026-11-01"},
    )

    assert answer.status_code == 422
    assert "6 of them are left" in field_errors(answer)["places"][0]
    assert answer.context["form"]["since"].value() == "2026-11-01"


@pytest.mark.parametrize(
    ("until", "told"),
    [("2026-11-25", "today or an earlier day"), ("2026-02-28", "can't end before")],
)
def test_a_last_day_must_have_come(client_for, owner, centre, until, told):
    member = CentreMemberFactory(centre=centre)

    answer = client_for(owner).post(url("member", member), {"since": "2026-03-01", "until": until})

    assert told in field_errors(answer)["until"][0]


def test_a_member_that_ends_takes_its_mentors_along_and_it_is_said(client_for, owner, centre):
    member = CentreMemberFactory(centre=centre)
    mentor = MentorFactory(centre=centre, person__workplace=member.workplace, person__name="Ida Lund")

    answer = client_for(owner).post(url("member", member), {"since": "2026-03-01", "until": "2026-11-24"}, follow=True)

    mentor.refresh_from_db()
    assert mentor.until == TODAY
    assert "Ida Lund is no longer a mentor." in answer.text


def test_a_mentor_is_chosen_among_those_at_the_employer_with_hours_as_danes_write_them(client_for, owner, centre):
    person = PersonFactory(workplace=centre.agreement.workplace)
    stranger = PersonFactory()
    client = client_for(owner)
    facts = {"hours_a_week": "2,5", "since": "2026-11-24"}

    refused = client.post(url("add_mentor", centre.agreement), facts | {"person": stranger.pk})
    saved = client.post(url("add_mentor", centre.agreement), facts | {"person": person.pk})

    assert list(field_errors(refused)) == ["person"]
    assert saved.status_code == 302
    assert Mentor.objects.get().hours_a_week == Decimal("2.5")


def test_the_card_of_a_centre_shows_its_members_with_their_cards_and_mentors_with_their_numbers(
    client_for, owner, centre
):
    member = CentreMemberFactory(centre=centre, places=2)
    MentorFactory(centre=centre, person__phone="10 11 12 13")
    MentorFactory(centre=centre, person__phone="")

    page = client_for(owner).get(centre.agreement.get_absolute_url()).text

    assert f'href="{member.workplace.get_absolute_url()}"' in page
    assert "2 of the 6 places are with those who take part." in page
    assert 'id="mentors"' in page
    assert 'href="tel:10111213"' in page
    assert "No telephone number" in page
    assert "Together 5 hours a week." in page
    assert "2 have not finished mentor training." in page


def test_the_first_project_is_told_of_on_centres_only(client_for, owner, centre, service):
    client = client_for(owner)

    assert "got to 14.4 %" in client.get(centre.agreement.get_absolute_url()).text
    assert "14.4 %" not in client.get(service.get_absolute_url()).text


def test_whoever_only_reads_is_offered_nothing_to_change(client_for, person_in, centre):
    MentorFactory(centre=centre)
    CentreMemberFactory(centre=centre)

    page = client_for(person_in(CASE_WORKER)).get(centre.agreement.get_absolute_url()).text

    for name in ("centre", "add_member", "add_mentor"):
        assert f'href="{url(name, centre.agreement)}"' not in page


def test_of_an_agreement_that_is_over_the_sheets_lead_back_to_the_card(client_for, owner, centre):
    member = CentreMemberFactory(centre=centre)
    steps.decline(agreement=centre.agreement, by=owner, on=TODAY, why="No")
    client = client_for(owner)

    for name, row in (("centre", centre.agreement), ("add_member", centre.agreement), ("member", member)):
        answer = client.get(url(name, row), follow=True)
        assert answer.redirect_chain[-1][0] == centre.agreement.get_absolute_url()
        assert "This agreement is over" in answer.text


@pytest.mark.parametrize("name", ["centre", "add_member", "add_mentor"])
def test_only_a_centre_has_these_pages(client_for, owner, service, name):
    assert client_for(owner).get(url(name, service)).status_code == 404


@pytest.mark.parametrize("rows", [1, 8])
def test_the_card_of_a_centre_asks_the_same_however_much_is_on_it(
    client_for, owner, centre, rows, django_assert_num_queries
):
    CentreMemberFactory.create_batch(rows, centre=centre)
    MentorFactory.create_batch(rows, centre=centre)
    centre.target_groups.set(TargetGroup.objects.order_by("code")[:rows])
    SlotFactory.create_batch(rows, agreement=centre.agreement)
    client = client_for(owner)

    # Of which three for what the places of the centre tell: its result, its slots and who takes them.
    with django_assert_num_queries(27):
        client.get(centre.agreement.get_absolute_url())


# --- The terms of a service agreement --------------------------------------------------------------


def test_the_terms_are_written_on_one_sheet(client_for, owner, service, colleague):
    answer = client_for(owner).post(
        url("terms", service),
        {"hotline_by": colleague.pk, "hotline_hours": "8-15", "readiness": "The foreman calls", "note": "Terms"},
    )

    terms = ServiceTerms.objects.get()
    assert answer.status_code == 302
    assert (terms.hotline_by, terms.hotline, terms.readiness) == (colleague, colleague.phone, "The foreman calls")
    assert terms.history.get().history_user == owner


def test_the_card_shows_whom_to_call_and_says_when_they_have_left(client_for, owner, service, colleague):
    ServiceTerms.objects.create(agreement=service, hotline_by=colleague, posted_by=owner, posted_days="Tuesdays")
    client = client_for(owner)

    before = client.get(service.get_absolute_url()).text
    type(colleague).objects.filter(pk=colleague.pk).update(is_active=False)
    after = client.get(service.get_absolute_url()).text

    assert 'href="tel:10203040"' in before
    assert "Tuesdays" in before
    assert "no longer works here" not in before
    assert "no longer works here" in after


@pytest.mark.parametrize(("text", "warns"), [(CPR, False), (MAYBE, True)])
def test_no_cpr_number_gets_into_the_terms(client_for, owner, service, text, warns):
    answer = client_for(owner).post(url("terms", service), {"readiness": text, "note": "Terms"})

    assert list(field_errors(answer)) == ["readiness"]
    assert ('name="not_cpr"' in answer.text) is warns


# --- Punch cards -----------------------------------------------------------------------------------


def test_a_punch_card_is_made_and_a_clip_of_it_used_and_taken_back(client_for, owner, service):
    client = client_for(owner)
    client.post(
        url("add_punch_card", service),
        {"clips": "3", "experts": ["job", "therapist"], "issued_on": "2026-11-01", "expires_on": "2027-10-31"},
    )
    card = PunchCard.objects.get()

    said = client.post(
        url("punch", card), {"expert": "job", "used_for": "Lifting", "on": "2026-11-24", "helper": "Nanna"}, follow=True
    ).text
    undo = re.search(r'action="(/agreements/punches/\d+/take-back/)', said)[1]
    card.refresh_from_db()
    left = card.left
    client.post(undo)
    card.refresh_from_db()

    assert "One clip used. 2 of 3 are left." in said
    assert (left, card.left) == (2, 3)
    assert "taken back by Olga Owner" in client.get(service.get_absolute_url()).text


@pytest.mark.parametrize(
    ("facts", "field", "told"),
    [
        ({"used": 10}, "__all__", "No clip is left on this card: all 10 are used."),
        ({"expires_on": date(2026, 11, 23)}, "on", "The card expired on 23 November 2026."),
    ],
)
def test_a_card_that_has_nothing_more_says_so_and_what_was_typed_stays(client_for, owner, service, facts, field, told):
    card = PunchCardFactory(agreement=service)
    PunchCard.objects.filter(pk=card.pk).update(**facts)

    answer = client_for(owner).post(
        url("punch", card), {"expert": "job", "used_for": "Lifting in the laundry", "on": "2026-11-24"}
    )

    assert answer.status_code == 422
    assert told in field_errors(answer)[field][0]
    assert 'value="Lifting in the laundry"' in answer.text
    assert not Punch.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"expert": "social"}, "expert"),
        ({"on": "2026-11-25"}, "on"),
        ({"used_for": CPR}, "used_for"),
        ({"used_for": MAYBE}, "used_for"),
        ({"helper": CPR}, "helper"),
        ({"used_for": ""}, "used_for"),
    ],
)
def test_a_clip_that_can_not_be_used_so_is_told_beside_the_field(client_for, owner, service, facts, field):
    card = PunchCardFactory(agreement=service)

    answer = client_for(owner).post(url("punch", card), {"expert": "job", "used_for": "X", "on": "2026-11-24"} | facts)

    assert list(field_errors(answer)) == [field]


def test_only_the_kinds_of_expert_that_the_card_names_are_offered(client_for, owner, service):
    card = PunchCardFactory(agreement=service, experts=["environment"])

    form = client_for(owner).get(url("punch", card)).context["form"]

    assert form.fields["expert"].choices == [("environment", "Working-environment consultant")]
    assert form["expert"].value() == "environment"


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"used": 10}, "The card is used up."),
        ({"expires_on": date(2026, 12, 20)}, "The card expires on 20 December 2026, and 10 clips are left."),
        ({"expires_on": date(2026, 11, 1)}, "The card has expired"),
        ({}, None),
    ],
)
def test_the_card_of_the_agreement_says_what_is_to_be_done_about_a_punch_card(client_for, owner, service, facts, told):
    PunchCardFactory(agreement=service)
    PunchCard.objects.update(**facts)

    page = client_for(owner).get(service.get_absolute_url()).text

    assert (told in page) if told else 'class="warning"' not in page


def test_the_card_says_who_used_a_clip_for_what(client_for, owner, service):
    person = PersonFactory(workplace=service.workplace, name="Ida Lund")
    PunchFactory(card=PunchCardFactory(agreement=service), used_by=person, helper="Nanna Kvist", by=owner)

    page = client_for(owner).get(service.get_absolute_url()).text

    for words in (
        "9 of 10 clips are left",
        "Lifting in the laundry",
        "Occupational therapist",
        "Nanna Kvist",
        "Ida Lund",
    ):
        assert words in page


# --- Sickness absence ------------------------------------------------------------------------------


def test_the_responsible_consultant_writes_a_quarter_as_danes_write_figures(client_for, owner, service):
    client = client_for(owner)

    answer = client.post(
        url("add_absence", service),
        {"workplace": service.workplace_id, "quarter": "2026-3", "percent": "5,4", "employees": "118", "source": "HR"},
    )

    figure = AbsenceFigure.objects.get()
    assert answer.status_code == 302
    assert (figure.year, figure.quarter, figure.percent) == (2026, 3, Decimal("5.4"))
    assert (figure.employees, figure.by) == (118, owner)
    assert "5.4 %" in client.get(service.get_absolute_url()).text


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"employees": "19"}, "employees"),
        ({"employees": "-5"}, "employees"),
        ({"employees": "99999999999"}, "employees"),
        ({"percent": "101"}, "percent"),
        ({"percent": "5,44"}, "percent"),
        ({"percent": "-1"}, "percent"),
        ({"quarter": "2026-4"}, "quarter"),
        ({"quarter": "x"}, "quarter"),
        ({"source": CPR}, "source"),
        ({"workplace": "0"}, "workplace"),
    ],
)
def test_a_figure_that_may_not_be_kept_is_told_beside_its_field(client_for, owner, service, facts, field):
    right = {
        "workplace": service.workplace_id, "quarter": "2026-3", "percent": "5,4", "employees": "118", "source": "HR",
    }  # fmt: skip

    answer = client_for(owner).post(url("add_absence", service), right | facts)

    assert answer.status_code == 422
    assert list(field_errors(answer)) == [field]


def test_a_figure_is_put_right_and_what_it_was_is_told(client_for, owner, service):
    figure = AbsenceFigureFactory(agreement=service, by=owner)
    client = client_for(owner)

    client.post(url("absence", figure), {"percent": "5.9", "employees": "120", "source": "Corrected by HR"})
    page = client.get(url("absence", figure)).text

    figure.refresh_from_db()
    assert figure.percent == Decimal("5.9")
    assert "What it was before" in page
    assert "5.4 %" in page


@pytest.mark.parametrize("role", ["colleague", CASE_WORKER, "Data steward", "Job consultant"])
def test_nobody_else_sees_that_there_is_a_figure(client_for, person_in, colleague, service, role):
    figure = AbsenceFigureFactory(agreement=service, percent=Decimal("7.3"), source="Their own count")
    client = client_for(colleague if role == "colleague" else person_in(role))

    card = client.get(service.get_absolute_url()).text

    for words in ("7.3 %", "Their own count", 'id="absence"', "/absence/"):
        assert words not in card
    for name, row in (("add_absence", service), ("absence", figure)):
        assert client.get(url(name, row)).status_code == 403
        assert client.post(url(name, row), {"percent": "1"}).status_code == 403
    figure.refresh_from_db()
    assert figure.percent == Decimal("7.3")


def test_a_manager_sees_and_writes_them(client_for, person_in, service):
    figure = AbsenceFigureFactory(agreement=service)
    AbsenceFigureFactory(agreement=service, quarter=1, percent=Decimal("6.1"))
    client = client_for(person_in(MANAGER))

    card = client.get(service.get_absolute_url()).text

    assert "Only the responsible consultant of this agreement and managers see this." in card
    assert card.count("2nd quarter of 2026") > 1
    assert "<polyline" in card
    assert 'role="img"' in card
    assert client.get(url("absence", figure)).status_code == 200


def test_one_who_is_responsible_no_longer_sees_them_no_longer(client_for, owner, colleague, service):
    AbsenceFigureFactory(agreement=service)
    type(service).objects.filter(pk=service.pk).update(owner=colleague)

    assert 'id="absence"' not in client_for(owner).get(service.get_absolute_url()).text
    assert 'id="absence"' in client_for(colleague).get(service.get_absolute_url()).text


@pytest.mark.parametrize("rows", [1, 8])
def test_the_card_of_a_service_agreement_asks_the_same_however_much_is_on_it(
    client_for, owner, service, rows, django_assert_num_queries
):
    ServiceTerms.objects.create(agreement=service, hotline_by=owner, posted_by=UserFactory())
    for _one in range(rows):
        PunchFactory.create_batch(rows, card=PunchCardFactory(agreement=service, clips=20), by=UserFactory())
    for at in range(rows):
        AbsenceFigureFactory(agreement=service, year=2024 + at // 4, quarter=at % 4 + 1)
    client = client_for(owner)

    with django_assert_num_queries(20):
        client.get(service.get_absolute_url())
