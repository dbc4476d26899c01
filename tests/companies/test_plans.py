"""The plans of the groups and the hours for them, over HTTP."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from companies import plans
from companies.models import TierPlan
from jobcenter_crm.staff.models import Team
from jobcenter_crm.staff.roles import CASE_WORKER, CONSULTANT, JOB_CONSULTANT, MANAGER
from tests.conftest import member
from tests.factories import TeamFactory, UserFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def manager(person_in):
    return person_in(MANAGER)


def address(tier=1):
    return reverse("segments:plan", args=[tier])


def answers(plan=None, **changed):
    """The form as it came, with what was changed in it."""
    plan = plan or TierPlan.objects.get(tier=1)
    names = ["channel", "cadence_days", "minutes"]
    names += [f"{name}_{language}" for name in ("aim", "whom", "proposal", "guideline") for language in ("da", "en")]
    facts = {name: getattr(plan, name) for name in names} | {"based_on": plan.history.latest("history_id").pk}
    return {name: "" if value is None else value for name, value in (facts | changed).items()}


def set_hours(hours):
    Team.objects.update_or_create(name="Team North", defaults={"outreach_hours": hours})


# --- The plan ----------------------------------------------------------------------------------


def test_words_are_saved_at_once_in_both_languages(client_for, manager):
    answer = client_for(manager).post(address(), answers(aim_da="Varigt samarbejde", aim_en="Lasting cooperation"))

    plan = TierPlan.objects.get(tier=1)
    assert (plan.aim_da, plan.aim_en) == ("Varigt samarbejde", "Lasting cooperation")
    assert answer.url == reverse("segments:hours")
    assert plan.history.latest("history_id").history_user == manager


def test_it_returns_to_where_it_was_opened_from(client_for, manager):
    answer = client_for(manager).post(address(), answers(aim_en="Cooperation", next="/segments/"))

    assert answer.url == "/segments/"


@pytest.mark.parametrize("change", [{"cadence_days": 45}, {"cadence_days": ""}, {"channel": "phone"}, {"minutes": 60}])
def test_what_takes_time_is_shown_as_hours_before_it_is_saved(client_for, manager, change):
    client = client_for(manager)

    first = client.post(address(), answers(**change))
    unsaved = TierPlan.objects.get(tier=1)
    client.post(address(), answers(**change, step="save"))

    assert first.status_code == 200
    assert "Nothing is saved yet." in first.text
    assert (unsaved.cadence_days, unsaved.channel, unsaved.minutes) == (90, "visit", None)
    name, value = next(iter(change.items()))
    assert getattr(TierPlan.objects.get(tier=1), name) == (value or None)


def test_the_hours_are_shown_as_they_were_and_as_they_become(client_for, manager, owner):
    WorkplaceFactory.create_batch(11, tier=1)
    set_hours(1)

    text = client_for(manager).post(address(), answers(cadence_days=45)).text

    # 11 x 365 / 90 = 45 contacts a year, twice as many after; 2 hours each in 44 weeks.
    assert "It takes 4.1 hours a week; the teams have 1. It does not fit: 3.1 hours a week are missing." in text
    assert "before 45" in text
    assert "before 2" in text
    assert "With 183 days between contacts in group 1 it would fit." in text
    assert "Save all the same" in text


def test_going_back_keeps_what_was_typed_and_saves_nothing(client_for, manager):
    client = client_for(manager)
    typed = answers(cadence_days=45, guideline_da="Ring først.\nKom så.", minutes=75)

    shown = client.post(address(), typed)
    carried = {name: shown.context["form"][name].value() for name in typed}
    back = client.post(address(), carried | {"step": "change"})

    assert 'value="45"' in back.text
    assert 'value="75"' in back.text
    assert "Ring først.\nKom så.</textarea>" in back.text
    assert TierPlan.objects.get(tier=1).cadence_days == 90


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("cadence_days", "0", "Write a number of days between 1 and 1825, or leave it empty."),
        ("cadence_days", "x", "Write a number of days between 1 and 1825, or leave it empty."),
        ("cadence_days", "9" * 30, "Write a number of days between 1 and 1825, or leave it empty."),
        ("escalate_after_days", "0", "Write a number of working days between 1 and 60, or leave it empty."),
        ("minutes", "601", "Write a number of minutes between 1 and 600, or leave it empty."),
        ("aim_da", "", "Write it in Danish; English may be left empty."),
        ("guideline_da", "Ring til 010190-1234", "The text holds a CPR number"),
        ("channel", "pigeon", "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_the_rest_kept(client_for, manager, name, value, said):
    answer = client_for(manager).post(address(), answers(whom_en="The boss") | {name: value})

    assert answer.status_code == 422
    assert any(said in error for error in answer.context["form"].errors[name])
    assert 'value="The boss"' in answer.text


def test_another_managers_words_are_not_written_over_unseen(client_for, manager):
    colleague = member(MANAGER, "another", first_name="Anna", last_name="Riis")
    opened = answers(aim_en="Mine")
    client_for(colleague).post(address(), answers(aim_en="Hers"))
    client = client_for(manager)

    refused = client.post(address(), opened)
    kept = TierPlan.objects.get(tier=1).aim_en
    client.post(address(), opened | {"based_on": refused.context["form"]["based_on"].value()})

    assert refused.status_code == 422
    assert "Anna Riis changed the plan while you had it open." in refused.text
    assert 'value="Mine"' in refused.text
    assert kept == "Hers"
    assert TierPlan.objects.get(tier=1).aim_en == "Mine"


def test_a_group_that_there_is_not_is_not_found(client_for, manager):
    assert client_for(manager).get(address(5)).status_code == 404


# --- The sums ----------------------------------------------------------------------------------


def test_only_places_that_the_plan_is_about_are_counted():
    WorkplaceFactory(tier=2)
    WorkplaceFactory(tier=2, do_not_contact=True)
    WorkplaceFactory(tier=2, ceased_on=date(2026, 11, 1))
    WorkplaceFactory(tier=None)

    assert [load.places for load in plans.reckon().loads] == [0, 1, 0, 0]


def test_the_minutes_follow_the_channel_until_a_manager_says_otherwise():
    TierPlan.objects.filter(tier=2).update(channel="phone")
    TierPlan.objects.filter(tier=3).update(minutes=35)

    assert [load.minutes for load in plans.reckon().loads] == [120, 20, 35, 10]


def test_the_contacts_fall_to_consultants_of_teams_with_hours():
    north, south = TeamFactory(name="North", outreach_hours=30), TeamFactory(name="South")
    for number, (role, team) in enumerate(
        [(CONSULTANT, north), (JOB_CONSULTANT, north), (MANAGER, north), (CASE_WORKER, north), (CONSULTANT, south)]
    ):
        user = member(role, f"someone{number}")
        user.team = team
        user.save()
    gone = member(CONSULTANT, "gone")
    gone.team, gone.is_active = north, False
    gone.save()

    assert (plans.reckon().consultants, plans.reckon().hours) == (2, 30)


def test_nobody_has_said_is_not_the_same_as_none():
    TeamFactory(name="North")
    assert plans.reckon().hours is None

    Team.objects.update(outreach_hours=0)
    assert plans.reckon().hours == 0
    assert plans.reckon(teams=Team.objects.all()).hours == 0


@pytest.mark.parametrize("rows", [1, 30])
def test_reckoning_asks_the_same_questions_however_many_places_there_are(rows, django_assert_num_queries):
    WorkplaceFactory.create_batch(rows, tier=1)

    with django_assert_num_queries(4):
        plans.reckon()


# --- The hours ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "typed", "hours"), [("da", "37,5", "37.5"), ("en", "37.5", "37.5"), ("da", "37.5", "37.5"), ("da", "0", "0")]
)  # fmt: skip
def test_a_manager_enters_the_hours_of_a_team_as_they_are_written_here(client_for, manager, language, typed, hours):
    team = manager.team
    client = client_for(manager)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language

    answer = client.post(reverse("segments:hours"), {f"team_{team.pk}": typed}, headers={"accept-language": language})

    team.refresh_from_db()
    assert answer.status_code == 302
    assert team.outreach_hours == Decimal(hours)
    assert team.history.latest("history_id").history_user == manager


def test_hours_are_taken_away_again(client_for, manager):
    set_hours(20)

    client_for(manager).post(reverse("segments:hours"), {f"team_{manager.team_id}": ""})

    assert Team.objects.get().outreach_hours is None


@pytest.mark.parametrize("typed", ["-1", "5001", "many", "1.25", "NaN", "9" * 40])
def test_what_is_no_number_of_hours_is_refused_and_kept(client_for, manager, typed):
    set_hours(20)

    answer = client_for(manager).post(reverse("segments:hours"), {f"team_{manager.team_id}": typed})

    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert "Write a number of hours between 0 and 5000, for instance 37.5, or leave it empty." in answer.text
    assert Team.objects.get().outreach_hours == 20


def test_saving_again_writes_no_history(client_for, manager):
    set_hours(20)
    before = Team.history.count()

    client_for(manager).post(reverse("segments:hours"), {f"team_{manager.team_id}": "20.0"})

    assert Team.history.count() == before


@pytest.mark.parametrize("rows", [1, 12])
def test_the_page_asks_the_same_questions_however_many_teams_there_are(
    client_for, manager, rows, django_assert_max_num_queries
):
    for number in range(rows):
        UserFactory(team=TeamFactory(name=f"Team {number}", outreach_hours=10))
    client = client_for(manager)

    with django_assert_max_num_queries(10):
        client.get(reverse("segments:hours"))
