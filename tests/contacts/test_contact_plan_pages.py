"""The pages of contact plans over HTTP, and where else a plan shows itself."""

from datetime import date

import pytest
from django.urls import reverse

from contacts.models import ContactPlan, Interaction
from jobcenter_crm.staff.roles import JOB_CONSULTANT, MANAGER
from tests.factories import (
    ContactPlanFactory,
    ContactPlanTargetFactory,
    InteractionFactory,
    SelectionFactory,
    UserFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def page(name, *args):
    return reverse(f"contacts:{name}", args=args)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def answers(selection, *people, **changed):
    asked = {
        "name": "Kitchens", "purpose": "Paid hours", "channel": "visit", "selection": selection.pk,
        "target_group": "lab-06-03", "starts_on": "2026-12-01", "ends_on": "2026-12-31",
        "participants": [person.pk for person in people],
    }  # fmt: skip
    return asked | changed


def test_a_consultant_makes_a_plan(client_for, owner):
    client = client_for(owner)

    answer = client.post(page("add_contact_plan"), answers(SelectionFactory(), owner))

    plan = ContactPlan.objects.get()
    assert answer.url == plan.get_absolute_url()
    assert (plan.state, plan.created_by, plan.target_group_id) == ("draft", owner, "lab-06-03")
    assert "Activity-ready on cash benefit" in client.get(answer.url).text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ends_on": "2026-11-30"}, "The plan must end on the day it begins, or later."),
        ({"ends_on": "2026-11-01"}, "The day has passed. Choose one from today on."),
        ({"purpose": "Ask for 010190-1234"}, "The text holds a CPR number"),
        ({"participants": []}, "Choose one."),
        ({"target_group": "nonsense"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client_for, owner, changed, words):
    answer = client_for(owner).post(page("add_contact_plan"), answers(SelectionFactory(), owner, **changed))

    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Kitchens"' in answer.text
    assert not ContactPlan.objects.exists()


def test_a_selection_of_ones_own_can_not_be_chosen(client_for, owner):
    own = SelectionFactory(is_shared=False, created_by=owner)

    answer = client_for(owner).post(page("add_contact_plan"), answers(own, owner))

    assert answer.status_code == 422


def test_once_it_runs_its_selection_stays(client_for, owner):
    plan = ContactPlanFactory(participants=[owner])

    client_for(owner).post(page("change_contact_plan", plan.pk), answers(SelectionFactory(), owner, name="Canteens"))

    before = plan.selection
    plan.refresh_from_db()
    assert (plan.name, plan.selection, plan.starts_on) == ("Canteens", before, date(2026, 11, 2))
    assert plan.history.first().history_user == owner


def test_only_those_who_contact_employers_can_take_part(client_for, owner, person_in):
    person_in(JOB_CONSULTANT), person_in("Case worker"), person_in("Data steward")
    UserFactory(is_superuser=True)

    form = client_for(owner).get(page("add_contact_plan")).context["form"]

    assert [person.username for person in form.fields["participants"].queryset] == ["job-consultant", "owner"]


def test_starting_shows_what_comes_in_and_then_takes_exactly_that(client_for, owner):
    plan, places = ContactPlanFactory(state="draft"), WorkplaceFactory.create_batch(2)
    WorkplaceFactory(advertising_protected=True)
    client = client_for(owner)

    shown = client.get(page("fill_contact_plan", plan.pk))
    later = WorkplaceFactory()
    refused = client.post(page("fill_contact_plan", plan.pk), {"rows": shown.context["mark"]})

    assert "Start with 2 workplaces" in shown.text
    assert "1 is advertising-protected" in shown.text
    assert "A manager can say on what basis" in shown.text
    assert refused.status_code == 422
    assert "has changed since you saw it" in refused.text
    assert not plan.targets.exists()
    started = client.post(page("fill_contact_plan", plan.pk), {"rows": refused.context["mark"]})
    assert started.url == page("share_contact_plan", plan.pk)
    assert {target.workplace for target in plan.targets.all()} == {*places, later}


def test_a_basis_is_a_managers_to_state(client_for, owner, person_in):
    plan, protected = ContactPlanFactory(state="draft"), WorkplaceFactory(advertising_protected=True)
    consultants, managers = client_for(owner), client_for(person_in(MANAGER))
    mark = managers.get(page("fill_contact_plan", plan.pk)).context["mark"]
    asked = {"rows": mark, "basis": "They asked us to come"}

    assert 'name="basis"' not in consultants.get(page("fill_contact_plan", plan.pk)).text
    assert consultants.post(page("fill_contact_plan", plan.pk), asked).status_code == 403
    managers.post(page("fill_contact_plan", plan.pk), asked)

    assert plan.targets.get().workplace == protected
    shown = consultants.get(plan.get_absolute_url())
    assert "They asked us to come" in shown.text
    assert 'aria-label="Workplaces"' in shown.text


def test_a_broken_selection_is_told_and_starts_nothing(client_for, owner):
    plan = ContactPlanFactory(state="draft", selection=SelectionFactory(query="owner=99999"))
    client = client_for(owner)

    answer = client.post(page("fill_contact_plan", plan.pk), {"rows": "x"})

    assert answer.status_code == 422
    assert "can't be read" in answer.text
    assert "can't be read" in client.get(plan.get_absolute_url()).text
    plan.refresh_from_db()
    assert plan.is_draft


def test_what_fits_later_is_offered(client_for, owner):
    plan = ContactPlanFactory()
    WorkplaceFactory()
    client = client_for(owner)

    assert "1 more workplace fits now." in client.get(plan.get_absolute_url()).text
    assert not plan.targets.exists()


def test_sharing_out_saves_what_was_shown(client_for, owner, colleague):
    plan = ContactPlanFactory(participants=[owner, colleague])
    targets = ContactPlanTargetFactory.create_batch(4, plan=plan)
    client = client_for(owner)

    shown = client.get(page("share_contact_plan", plan.pk), {"how": "area", "which": "new"})
    targets[0].leave_out("They move", by=owner)
    asked = {"how": "area", "which": "new", "outcome": shown.context["outcome"].mark}
    refused = client.post(page("share_contact_plan", plan.pk), asked)

    assert "Share out 4 workplaces" in shown.text
    assert refused.status_code == 422
    assert not plan.targets.exclude(consultant=None).exists()
    saved = client.post(page("share_contact_plan", plan.pk), asked | {"outcome": refused.context["outcome"].mark})
    assert saved.url == plan.get_absolute_url()
    assert plan.targets.filter(consultant=None).count() == 1


def test_ticked_rows_go_to_a_colleague(client_for, owner, colleague):
    plan = ContactPlanFactory(participants=[owner, colleague])
    ticked, other = ContactPlanTargetFactory.create_batch(2, plan=plan)
    client = client_for(owner)
    asked = {"how": "hand", "target": [ticked.pk], "to": colleague.pk}

    shown = client.get(page("share_contact_plan", plan.pk), asked)
    client.post(page("share_contact_plan", plan.pk), asked | {"outcome": shown.context["outcome"].mark})

    ticked.refresh_from_db()
    other.refresh_from_db()
    assert (ticked.consultant, other.consultant) == (colleague, None)


@pytest.mark.parametrize("asked", [{"how": "hand"}, {"how": "hand", "target": ["x", "0"], "to": "0"}, {"how": "x"}])
def test_what_can_not_be_shared_out_is_said(client_for, owner, asked):
    plan = ContactPlanFactory(participants=[owner])

    assert client_for(owner).get(page("share_contact_plan", plan.pk), asked).status_code == 422


def test_a_colleague_who_no_longer_takes_part_is_shown(client_for, owner, colleague):
    plan = ContactPlanFactory(participants=[owner])
    ContactPlanTargetFactory(plan=plan, consultant=colleague)

    shown = client_for(owner).get(plan.get_absolute_url())

    assert "Carl Colleague no longer takes part: 1 workplace is to be shared out again." in shown.text


def test_the_list_of_a_plan_is_narrowed(client_for, owner, colleague):
    plan = ContactPlanFactory(participants=[owner, colleague])
    mine = ContactPlanTargetFactory(plan=plan, consultant=owner)
    his = ContactPlanTargetFactory(plan=plan, consultant=colleague)
    out = ContactPlanTargetFactory(plan=plan, workplace__do_not_contact=True)
    reached = ContactPlanTargetFactory(plan=plan, consultant=owner, contact=InteractionFactory())
    client = client_for(owner)

    def shown(**asked):
        return set(client.get(plan.get_absolute_url(), asked).context["page_obj"].object_list)

    assert shown() == shown(show="mine") == shown(show="junk") == {mine}
    assert shown(show="waiting") == {mine, his}
    assert shown(show="contacted") == {reached}
    assert shown(show="left_out") == {out}
    assert shown(show="all") == {mine, his, out, reached}


def test_ending_offers_the_next_in_order(client_for, owner):
    plan, after = ContactPlanFactory(position=1), ContactPlanFactory(position=2, state="draft", name="Warehouses")
    client = client_for(owner)

    asked = client.get(page("end_contact_plan", plan.pk))
    client.post(page("end_contact_plan", plan.pk))
    shown = client.get(plan.get_absolute_url())

    assert "Next in order: Warehouses" in asked.text
    assert page("fill_contact_plan", after.pk) in shown.text
    for name in ("change_contact_plan", "fill_contact_plan", "share_contact_plan", "end_contact_plan"):
        assert client.get(page(name, plan.pk)).url == plan.get_absolute_url()


def test_a_draft_that_is_given_up_says_so_and_counts_nothing(client_for, owner):
    plan = ContactPlanFactory(state="draft", name="Warehouses")
    target = ContactPlanTargetFactory(plan=plan)
    client = client_for(owner)

    client.post(page("end_contact_plan", plan.pk))
    shown, listed = client.get(plan.get_absolute_url()), client.get(page("contact_plans"))

    assert "Warehouses is given up." in shown.text
    assert target.workplace.name in shown.text
    assert "Given up" in listed.text
    assert "1 was given up" in listed.text
    for answer in (shown, listed):
        assert "contacted" not in said(answer)
    for name in ("change_contact_plan", "fill_contact_plan", "share_contact_plan", "end_contact_plan"):
        assert client.get(page(name, plan.pk)).url == plan.get_absolute_url()
    assert client.get(page("leave_out", target.pk)).status_code == 404


def test_one_is_left_out_with_a_reason_by_whoever_contacts(client_for, person_in):
    job_consultant = person_in(JOB_CONSULTANT)
    target = ContactPlanTargetFactory(consultant=job_consultant)
    client = client_for(job_consultant)

    client.post(page("leave_out", target.pk), {"why": "They move"})

    target.refresh_from_db()
    assert (target.left_out_why, target.left_out_by) == ("They move", job_consultant)
    assert client.post(page("leave_out", target.pk), {"why": "010190-1234"}).status_code == 422


# --- Where else a plan shows itself ----------------------------------------------------------


@pytest.mark.parametrize("form", ["log", "plan"])
def test_its_purpose_and_channel_are_filled_in(client_for, owner, colleague, form):
    plan = ContactPlanFactory(name="Kitchens", purpose="Paid hours", channel="meeting")
    target = ContactPlanTargetFactory(plan=plan, consultant=colleague)
    client = client_for(owner)

    shown = client.get(page(form), {"workplace": target.workplace_id})

    assert shown.context["form"].initial["purpose"] == "Paid hours"
    assert shown.context["form"].initial["channel"] == "meeting"
    assert "Kitchens</a>." in shown.text
    assert "The purpose comes from there." in shown.text
    assert "Carl Colleague contacts them there." in shown.text


def test_ones_own_plan_comes_before_a_colleagues_and_a_contact_already_planned_before_both(client_for, owner):
    place = WorkplaceFactory()
    ContactPlanTargetFactory(workplace=place, plan__position=1, plan__purpose="First in order")
    ContactPlanTargetFactory(workplace=place, plan__position=2, plan__purpose="Their own", consultant=owner)
    client = client_for(owner)

    form = client.get(page("log"), {"workplace": place.pk}).context["form"]
    assert form.initial["purpose"] == "Their own"
    planned = InteractionFactory(workplace=place, state="planned", purpose="Agreed", created_by=owner)
    shown = client.get(page("log"), {"planned": planned.pk})
    assert shown.context["form"].initial["purpose"] == "Agreed"
    assert "The purpose comes from there." not in shown.text


def test_logging_ticks_it_off(client_for, owner):
    target = ContactPlanTargetFactory(plan__participants=[owner], consultant=owner)
    client = client_for(owner)
    asked = {"workplace": target.workplace_id, "channel": "phone", "outcome": "interested", "on": "2026-11-24",
             "next_when": "none", "staff": [owner.pk], "next": target.plan.get_absolute_url()}  # fmt: skip

    client.post(page("log"), asked)

    target.refresh_from_db()
    assert target.contact == Interaction.objects.get()
    assert "1 of 1 contacted" in client.get(target.plan.get_absolute_url()).text


def test_my_day_says_how_many_wait(client_for, owner, colleague, django_assert_num_queries):
    plan = ContactPlanFactory(name="Kitchens", participants=[owner, colleague])
    ContactPlanTargetFactory.create_batch(2, plan=plan, consultant=owner)
    ContactPlanTargetFactory(plan=plan, consultant=colleague)
    ContactPlanTargetFactory(plan=plan, consultant=owner, left_out_why="They move", left_out_by=owner,
                             left_out_at="2026-11-24T08:00Z")  # fmt: skip
    ContactPlanTargetFactory(plan__state="ended", consultant=owner)

    assert "2 workplaces wait in Kitchens" in client_for(owner).get("/").text
    assert "1 workplace waits in Kitchens" in client_for(colleague).get("/").text
    with django_assert_num_queries(1):
        assert [one.waiting for one in ContactPlan.objects.waiting_for(owner)] == [2]


def test_the_card_says_in_which_plan_and_whose_it_is(client_for, owner, colleague, person_in):
    target = ContactPlanTargetFactory(plan__name="Kitchens", consultant=colleague)
    card = target.workplace.get_absolute_url()

    assert "Carl Colleague contacts them." in client_for(owner).get(card).text
    assert "You contact them." in client_for(colleague).get(card).text
    assert "Kitchens" not in client_for(person_in("Case worker")).get(card).text
    ContactPlan.objects.update(state="ended")
    assert "Kitchens" not in client_for(owner).get(card).text


# --- The same questions however much there is ------------------------------------------------


@pytest.mark.parametrize("rows", [1, 50])
def test_a_plan_asks_the_same_questions_however_long_it_is(
    client_for, owner, colleague, rows, django_assert_num_queries
):
    plan = ContactPlanFactory(participants=[owner, colleague])
    ContactPlanTargetFactory.create_batch(rows, plan=plan, consultant=owner, workplace__owner=colleague)
    ContactPlanTargetFactory(plan=plan, contact=InteractionFactory())
    client = client_for(owner)

    with django_assert_num_queries(12):
        client.get(plan.get_absolute_url(), {"show": "all"})


@pytest.mark.parametrize("rows", [1, 9])
def test_the_list_asks_the_same_questions_however_many_plans_there_are(
    client_for, owner, rows, django_assert_num_queries
):
    for state in ("draft", "running", "ended"):
        for plan in ContactPlanFactory.create_batch(rows, state=state, participants=[owner]):
            ContactPlanTargetFactory(plan=plan)
    client = client_for(owner)

    with django_assert_num_queries(7):
        client.get(page("contact_plans"))


@pytest.mark.parametrize("is_its_makers", [True, False])
def test_a_selection_that_was_taken_back_is_named_to_its_maker_only(client_for, owner, colleague, is_its_makers):
    selection = SelectionFactory(name="Secret", created_by=owner if is_its_makers else colleague, is_shared=False)
    plan = ContactPlanFactory(selection=selection, participants=[owner])
    client = client_for(owner)

    for url in ("contacts:contact_plan", "contacts:change_contact_plan", "contacts:fill_contact_plan"):
        page = client.get(reverse(url, args=[plan.pk]))
        assert ("Secret" in page.text) is (is_its_makers and url != "contacts:fill_contact_plan")
        assert (f"selection={selection.pk}" in page.text) is (is_its_makers and url == "contacts:contact_plan")
    page = client.get(plan.get_absolute_url())
    assert ("A selection that Carl Colleague no longer shares" in page.text) is not is_its_makers
    assert "The selection is no longer shared with all." in page.text


def test_a_plan_whose_selection_was_taken_back_can_still_be_changed(client_for, owner, colleague):
    selection = SelectionFactory(name="Secret", created_by=colleague, is_shared=False)
    plan = ContactPlanFactory(selection=selection, participants=[owner], state="draft", starts_on=date(2026, 11, 24))
    url = reverse("contacts:change_contact_plan", args=[plan.pk])
    client = client_for(owner)

    facts = client.get(url).context["form"].initial | {"name": "Renamed", "participants": [owner.pk]}
    client.post(url, {name: value for name, value in facts.items() if value is not None})

    plan.refresh_from_db()
    assert (plan.name, plan.selection) == ("Renamed", selection)
