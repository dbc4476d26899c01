"""After a held first meeting in group 1 or 2: the proposal that follows, and that the managers meet."""

from datetime import date

import pytest
from django.urls import reverse

from companies.models import TierPlan
from contacts.models import FollowUp, Interaction
from jobcenter_crm.staff.roles import MANAGER
from tests.factories import InteractionFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PROPOSAL = "Send proposal for a cooperation agreement"


@pytest.fixture
def manager(person_in, owner):
    """The owner's manager."""
    manager = person_in(MANAGER)
    owner.manager = manager
    owner.save()
    return manager


@pytest.fixture
def workplace():
    return WorkplaceFactory(tier=1)


def offered(client, workplace):
    form = client.get(reverse("contacts:log"), {"workplace": workplace.pk}).context["form"]
    return [str(words) for _value, words in form.fields["after_first"].choices]


def log(client, workplace, owner, **answers):
    asked = {"workplace": workplace.pk, "channel": "visit", "outcome": "interested", "on": "2026-11-24"}
    return client.post(reverse("contacts:log"), asked | {"staff": [owner.pk]} | answers)


def promised():
    return [(one.title, one.due_on, one.owner) for one in FollowUp.objects.order_by("pk")]


@pytest.mark.parametrize(
    ("tier", "words"),
    [(1, ["Send proposal for a cooperation agreement"]), (2, ["Send proposal for a company-centre contract"]), (3, []), (4, []), (None, [])],
)  # fmt: skip
def test_the_groups_of_high_priority_are_offered_the_proposal_of_their_plan(client_for, owner, tier, words):
    assert offered(client_for(owner), WorkplaceFactory(tier=tier)) == words


def test_a_plan_without_a_proposal_offers_none(client_for, owner, workplace):
    TierPlan.objects.filter(tier=1).update(proposal_da="", proposal_en="")

    assert offered(client_for(owner), workplace) == []


@pytest.mark.parametrize(
    ("held", "is_offered"),
    [
        ({"channel": "visit"}, False),
        ({"channel": "meeting"}, False),
        ({"channel": "phone"}, True),
        ({"channel": "visit", "state": "planned"}, True),
    ],
)
def test_it_is_offered_until_somebody_has_met_them(client_for, owner, colleague, workplace, held, is_offered):
    InteractionFactory(workplace=workplace, created_by=colleague, **held)

    assert bool(offered(client_for(owner), workplace)) == is_offered


def test_the_manager_is_ones_own_or_else_the_leader_of_the_team(client_for, owner, colleague, manager, workplace):
    manager.first_name, manager.last_name = "Karen", "Dahl"
    manager.save()
    client = client_for(owner)
    assert offered(client, workplace) == [PROPOSAL, "Karen Dahl meets their manager"]

    owner.manager = None
    owner.save()
    owner.team.leader = colleague
    owner.team.save()
    assert offered(client, workplace) == [PROPOSAL, "Carl Colleague meets their manager"]

    owner.team.leader = owner
    owner.team.save()
    assert offered(client, workplace) == [PROPOSAL]

    colleague.is_active = False
    colleague.save()
    owner.team.leader = colleague
    owner.team.save()
    assert offered(client, workplace) == [PROPOSAL]


def test_one_tap_makes_the_proposal_the_next_step_in_a_week(client_for, owner, workplace):
    answer = log(client_for(owner), workplace, owner, after_first=["proposal"])

    assert answer.status_code == 302
    assert promised() == [(PROPOSAL, date(2026, 12, 1), owner)]


@pytest.mark.parametrize(
    ("when", "day"), [({"next_when": "tomorrow"}, date(2026, 11, 25)), ({"next_when": "pick", "next_on": "2026-12-15"}, date(2026, 12, 15)), ({"next_when": "none"}, date(2026, 12, 1))]
)  # fmt: skip
def test_the_proposal_is_due_on_the_day_that_was_picked(client_for, owner, workplace, when, day):
    log(client_for(owner), workplace, owner, after_first=["proposal"], **when)

    assert promised() == [(PROPOSAL, day, owner)]


def test_left_alone_it_forces_nothing(client_for, owner, manager, workplace):
    log(client_for(owner), workplace, owner, next_step="Call Anna", next_when="tomorrow")

    assert promised() == [("Call Anna", date(2026, 11, 25), owner)]


def test_another_next_step_that_was_written_stays_and_the_proposal_is_one_more(client_for, owner, workplace):
    log(
        client_for(owner), workplace, owner, after_first=["proposal"], next_step="Call Anna", next_when="tomorrow"
    )  # fmt: skip

    assert promised() == [("Call Anna", date(2026, 11, 25), owner), (PROPOSAL, date(2026, 12, 1), owner)]


def test_without_the_tap_a_day_is_still_asked_for(client_for, owner, manager, workplace):
    answer = log(client_for(owner), workplace, owner, after_first=["managers"])

    assert answer.status_code == 422
    assert "next_when" in answer.context["form"].errors
    assert 'value="managers" id="id_after_first_1" checked' in answer.text
    assert not Interaction.objects.exists()


def test_the_manager_gets_a_follow_up_and_the_consultant_is_told(client_for, owner, manager, workplace):
    client = client_for(owner)

    log(client, workplace, owner, after_first=["proposal", "managers"])

    assert promised()[1] == ("Meet their manager, after Olga Owner's first meeting", date(2026, 12, 1), manager)
    said = [str(message) for message in client.get("/").context["messages"]]
    assert said == [f"Logged. Follow-up on 1 December. {manager} gets a follow-up on 1 December."]


@pytest.mark.parametrize("changed", [{"channel": "phone"}, {"outcome": "no"}, {"outcome": "not_now"}])
def test_what_was_no_welcome_first_meeting_after_all_takes_nothing_of_it(
    client_for, owner, manager, workplace, changed
):
    answers = {"after_first": ["proposal", "managers"], "next_when": "none"} | changed

    answer = log(client_for(owner), workplace, owner, **answers)

    assert answer.status_code == 302
    assert promised() == []


def test_taking_the_contact_back_takes_all_of_it_back(client_for, owner, manager, workplace):
    client = client_for(owner)
    log(client, workplace, owner, after_first=["proposal", "managers"])

    client.post(reverse("contacts:take_back", args=[Interaction.objects.get().pk]))

    assert promised() == []


def test_the_same_form_twice_promises_once(client_for, owner, manager, workplace):
    client = client_for(owner)
    token = "8a51b3c2-5d1f-4f0e-9d3d-0c1b2a394857"

    log(client, workplace, owner, after_first=["proposal", "managers"], token=token)
    log(client, workplace, owner, after_first=["proposal", "managers"], token=token)

    assert len(promised()) == 2


# --- The plan beside the form ------------------------------------------------------------------


@pytest.mark.parametrize("page", ["contacts:log", "contacts:plan"])
def test_the_plan_of_the_group_stands_where_a_contact_is_planned_or_logged(client_for, owner, page, workplace):
    text = client_for(owner).get(reverse(page), {"workplace": workplace.pk}).text

    assert "Personal meeting, every 90 days" in text
    assert "The director or head of personnel; our manager meets theirs" in text
    assert "Proposal for a cooperation agreement" in text
    assert "What to say at a first contact" in text


@pytest.mark.parametrize("page", ["contacts:log", "contacts:plan"])
def test_a_place_without_a_group_has_no_plan(client_for, owner, page):
    text = client_for(owner).get(reverse(page), {"workplace": WorkplaceFactory().pk}).text

    assert "plan-line" not in text


@pytest.mark.parametrize("page", ["contacts:log", "contacts:plan"])
def test_the_guideline_is_for_a_first_contact(client_for, owner, page, workplace):
    InteractionFactory(workplace=workplace)

    text = client_for(owner).get(reverse(page), {"workplace": workplace.pk}).text

    assert "Personal meeting, every 90 days" in text
    assert "What to say at a first contact" not in text


def test_the_offer_costs_no_more_than_three_questions(client_for, owner, manager, django_assert_max_num_queries):
    workplace = WorkplaceFactory(tier=1)
    client = client_for(owner)

    with django_assert_max_num_queries(20):
        client.get(reverse("contacts:log"), {"workplace": workplace.pk})
