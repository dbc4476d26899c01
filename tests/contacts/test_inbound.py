"""Somebody calls: found by number, name or CVR, and what was not solved in the call."""

from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from companies.models import Workplace
from contacts import actions, handovers, inbound
from contacts.models import FollowUp, Handover, Interaction, Person
from tests.factories import CompanyFactory, FollowUpFactory, InteractionFactory, PersonFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


def call(client_for, by, workplace, **answers):
    """Log a call of theirs."""
    asked = {
        "workplace": workplace.pk, "channel": "phone", "outcome": "answered", "on": "2026-11-24", "inbound": "on",
        "next_when": "none", "staff": [by.pk], "next": "/",
    }  # fmt: skip
    return client_for(by).post(reverse("contacts:log"), asked | answers, follow=True)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def found(text):
    return [(caller.workplace, caller.persons) for caller in inbound.find(text)]


@pytest.fixture
def baker():
    """Karl, at a place with a switchboard."""
    workplace = WorkplaceFactory(name="Bødker & Væver ApS", phone="+45 56 65 12 34")
    return PersonFactory(workplace=workplace, name="Karl Bødker", phone="25380569")


# --- Who it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "25380569", "25 38 05 69", "+4525380569", "+45 25 38 05 69", "45 25 38 05 69", "004525380569", "0045 2538 0569", "25-38-05-69",
        "2538.0569", "(25) 38 05 69", "Ring til Karl på 25 38 05 69 inden kl. 12", "Tlf.: +45 25380569.",
    ],
)  # fmt: skip
def test_a_number_is_known_however_it_is_written(baker, text):
    PersonFactory(phone="25380568")

    assert found(text) == [(baker.workplace, [baker])]


@pytest.mark.parametrize("text", ["5665 1234", "Bødker & V", "væver", "karl bød"])
def test_the_place_is_known_by_its_number_or_its_name_and_a_person_by_theirs(baker, text):
    assert [caller.workplace for caller in inbound.find(text)] == [baker.workplace]


def test_a_cvr_number_finds_the_workplaces_of_the_company(baker):
    assert found(baker.company.cvr_number) == [(baker.workplace, [])]


def test_somebody_of_a_whole_company_stands_at_its_workplaces():
    company = CompanyFactory()
    places = [WorkplaceFactory(company=company, name=f"Sted {n}") for n in range(4)]
    boss = PersonFactory(company=company, workplace=None, phone="30405060")

    assert found("30405060") == [(place, [boss]) for place in places[:3]]


@pytest.mark.parametrize("text", ["", "2", "   ", "99887766", "\0", "12345678901234", "' OR 1=1", "%", "a" * 300])
def test_nobody_is_nobody(client_for, owner, baker, text):
    answer = client_for(owner).get(reverse("contacts:inbound"), {"q": text})

    assert answer.status_code == 200
    assert answer.context["callers"] == []


def test_one_who_has_left_is_not_found(baker):
    baker.left_on = date(2026, 10, 1)
    baker.save()

    assert found("25380569") == []


def test_each_hit_says_who_answers_and_what_is_open(client_for, owner, colleague, baker):
    workplace = baker.workplace
    workplace.owner, workplace.tier, workplace.tier_since = colleague, 1, date(2026, 1, 5)
    workplace.save()
    colleague.absent_until, colleague.deputy = date(2026, 11, 27), owner
    colleague.save()
    InteractionFactory(workplace=workplace, on=date(2026, 10, 1), created_by=owner)
    InteractionFactory(workplace=workplace, on=date(2026, 11, 10), purpose="The kitchen", created_by=owner)
    FollowUpFactory(workplace=workplace, title="Send the paper", due_on=date(2026, 11, 20), owner=colleague)
    FollowUpFactory(workplace=workplace, title="Is there a grant?", due_on=TODAY, kind="matter", owner=owner)

    answer = client_for(owner).get(reverse("contacts:inbound"), {"q": "25380569"})

    caller = answer.context["callers"][0]
    assert [one.title for one in caller.open] == ["Is there a grant?", "Send the paper"]
    for words in (str(colleague), "10 20 30 40", "away until 27 November", str(owner), "The kitchen", "Karl Bødker"):
        assert words in answer.text
    assert f"?workplace={workplace.pk}&amp;inbound=1&amp;person={baker.pk}" in answer.text


@pytest.mark.parametrize("rows", [1, 7])
def test_many_hits_cost_no_more_than_one(client_for, owner, rows, django_assert_num_queries):
    for _ in range(rows):
        workplace = WorkplaceFactory(phone="11223344", owner=owner)
        InteractionFactory(workplace=workplace, created_by=owner)
        InteractionFactory(workplace=workplace, created_by=owner, state="planned", on=TODAY)
        FollowUpFactory(workplace=workplace, owner=owner)
    client = client_for(owner)

    with django_assert_num_queries(15):
        assert len(client.get(reverse("contacts:inbound"), {"q": "11223344"}).context["callers"]) == rows


@pytest.mark.parametrize("model", [Workplace, Person])
def test_looking_a_number_up_uses_its_index(model):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # So few rows would be read through.
            cursor.execute("SET LOCAL enable_seqscan = off")

    plan = model.objects.called_up_on("25380569").order_by().explain()

    assert f"{model._meta.model_name}_same_phone" in plan


# --- The call is logged ------------------------------------------------------------------------


def test_one_tap_opens_the_log_with_the_call_and_the_person(client_for, owner, baker):
    answer = client_for(owner).get(
        reverse("contacts:log"), {"workplace": baker.workplace_id, "inbound": "1", "person": baker.pk}
    )

    form = answer.context["form"]
    assert (form["inbound"].value(), form["channel"].value(), form["persons"].value()) == (True, "phone", [baker.pk])


def test_what_was_not_solved_in_the_call_is_to_be_answered_by_the_next_working_day(client_for, owner, baker):
    answer = call(client_for, owner, baker.workplace, matter="Is there a grant?")

    matter = FollowUp.objects.get()
    assert (matter.kind, matter.title, matter.owner) == ("matter", "Is there a grant?", owner)
    assert (matter.due_on, matter.occurrence, matter.cause) == (date(2026, 11, 25), "matter", Interaction.objects.get())
    assert "You answer by 25 November." in said(answer)[0]


@pytest.mark.parametrize("answers", [{"matter": ""}, {"inbound": "", "matter": "Is there a grant?"}])
def test_a_call_that_was_solved_or_was_ours_leaves_no_matter(client_for, owner, baker, answers):
    call(client_for, owner, baker.workplace, **answers)

    assert Interaction.objects.exists()
    assert not FollowUp.objects.exists()


def test_a_day_that_is_over_is_no_answer(client_for, owner, baker):
    answer = call(client_for, owner, baker.workplace, matter="A grant?", matter_on="2026-11-01")

    assert answer.status_code == 422
    assert "matter_on" in answer.context["form"].errors
    assert not Interaction.objects.exists()


@pytest.fixture
def offers(monkeypatch):
    """What colleagues were asked, instead of asking them."""
    asked = []
    monkeypatch.setattr(handovers, "offer", lambda **what: asked.append(what))
    return asked


def test_a_colleague_who_is_to_answer_is_asked_and_until_then_it_stays(client_for, owner, colleague, baker, offers):
    baker.workplace.owner = colleague
    baker.workplace.save()
    asked = {"workplace": baker.workplace_id}
    form = client_for(owner).get(reverse("contacts:log"), asked).context["form"]

    answer = call(client_for, owner, baker.workplace, matter="A grant?", matter_owner=colleague.pk)

    matter = FollowUp.objects.get(kind="matter")
    assert form["matter_owner"].value() == colleague.pk
    assert matter.owner == owner
    assert offers == [{"giver": owner, "to": colleague, "by": owner, "follow_ups": [matter.pk]}]
    assert f"{colleague} is asked to take it over." in said(answer)[0]


def test_nothing_is_logged_when_the_colleague_can_not_be_asked(client_for, owner, colleague, baker, monkeypatch):
    def refuse(**_what):
        raise actions.NotNow("Not to them.")

    monkeypatch.setattr(handovers, "offer", refuse)

    answer = call(client_for, owner, baker.workplace, matter="A grant?", matter_owner=colleague.pk)

    assert answer.status_code == 422
    assert not Interaction.objects.exists()


def test_the_colleague_finds_it_among_the_hand_overs_and_has_it_when_they_accept(client_for, owner, colleague, baker):
    call(client_for, owner, baker.workplace, matter="A grant?", matter_owner=colleague.pk)
    offered = Handover.objects.offered_to(colleague).get()

    handovers.accept(handovers=[offered], by=colleague)

    assert FollowUp.objects.get(kind="matter").owner == colleague


TOKEN = "5f0f6f0e-7a0d-4c7c-9a52-9df7a0a3a001"


def test_a_form_that_is_sent_twice_asks_the_colleague_once(client_for, owner, colleague, baker):
    for _time in range(2):
        answer = call(client_for, owner, baker.workplace, matter="A grant?", matter_owner=colleague.pk, token=TOKEN)

    assert answer.status_code == 200
    assert Handover.objects.count() == FollowUp.objects.count() == 1


def test_a_matter_that_a_form_sent_again_adds_is_not_lost(client_for, owner, colleague, baker):
    call(client_for, owner, baker.workplace, token=TOKEN)

    answer = call(client_for, owner, baker.workplace, matter="A grant?", matter_owner=colleague.pk, token=TOKEN)

    assert answer.status_code == 200
    assert Interaction.objects.count() == 1
    assert FollowUp.objects.get().title == "A grant?"
    assert Handover.objects.offered_to(colleague).exists()


@pytest.mark.parametrize("is_accepted", [False, True])
def test_a_call_is_not_taken_back_while_a_colleague_has_or_is_asked_for_its_matter(
    client_for, owner, colleague, baker, is_accepted
):
    call(client_for, owner, baker.workplace, matter="A grant?", matter_owner=colleague.pk)
    if is_accepted:
        handovers.accept(handovers=list(Handover.objects.all()), by=colleague)

    with pytest.raises(actions.NotNow, match="colleague has been asked"):
        actions.take_back(contact=Interaction.objects.get(), by=owner)

    assert FollowUp.objects.get().owner == (colleague if is_accepted else owner)
