"""What a log of a contact asks, and what it does not."""

from datetime import date

import pytest

from contacts.forms import LogForm, PlanForm, day_from, needs_basis
from contacts.models import Interaction
from contacts.people_forms import PersonForm
from jobcenter_crm.staff.models import Organisation
from tests.factories import FollowUpFactory, InteractionFactory, PersonFactory, WorkplaceFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


def log_form(workplace, user, **answers):
    asked = {"channel": "phone", "outcome": "interested", "next_when": "none", "on": "2026-11-24", "staff": [user.pk]}
    form = LogForm(asked | answers, workplace=workplace, user=user, today=TODAY)
    form.is_valid()
    return form


def plan_form(workplace, user, **answers):
    asked = {"channel": "visit", "purpose": "Agree two places", "on": "2026-11-26", "staff": [user.pk]}
    form = PlanForm(asked | answers, workplace=workplace, user=user, today=TODAY)
    form.is_valid()
    return form


def test_four_answers_are_enough(owner):
    form = LogForm({}, workplace=WorkplaceFactory(), user=owner, today=TODAY)

    asked_for = {name for name, field in form.fields.items() if field.required}

    assert asked_for - {"on", "staff"} == {"channel", "outcome", "next_when"}
    assert not log_form(WorkplaceFactory(), owner).errors


@pytest.mark.parametrize(
    ("today", "when", "day"),
    [
        (date(2026, 11, 24), "tomorrow", date(2026, 11, 25)),
        (date(2026, 11, 27), "tomorrow", date(2026, 11, 30)),
        (date(2026, 11, 24), "week", date(2026, 12, 1)),
        (date(2026, 1, 31), "month", date(2026, 3, 2)),
        (date(2026, 11, 29), "week", date(2026, 12, 7)),
    ],
)
def test_a_quick_date_is_a_working_day(today, when, day):
    assert day_from(today, when) == day


def test_a_next_step_without_words_is_still_a_next_step(owner):
    form = log_form(WorkplaceFactory(), owner, next_when="week")

    assert form.cleaned_data["next_on"] == date(2026, 12, 1)
    assert form.cleaned_data["next_step"]


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"next_when": "none", "next_step": "Call them"}, "next_when"),
        ({"next_when": "pick"}, "next_on"),
        ({"next_when": "pick", "next_on": "2026-11-23"}, "next_on"),
        ({"next_when": "pick", "next_on": "9999-12-31"}, "next_on"),
        ({"on": "2026-11-25"}, "on"),
        ({"on": "1026-11-25"}, "on"),
        ({"on": "tomorrow"}, "on"),
        ({"outcome": "interested", "barrier": "no_time"}, "barrier"),
        ({"outcome": "perfect"}, "outcome"),
        ({"note": "Ask for 010190-1234"}, "note"),
        ({"next_step": "Ring 010190-1234", "next_when": "week"}, "next_step"),
        ({"purpose": "010190-1234"}, "purpose"),
        ({"new_person": "Bo 010190-1234"}, "new_person"),
        ({"note": "a\0b"}, "note"),
        ({"note": "x" * 4001}, "note"),
        ({"staff": []}, "staff"),
        ({"persons": ["999999"]}, "persons"),
        ({"token": "no token"}, "token"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_beside_its_field(owner, answers, field):
    form = log_form(WorkplaceFactory(), owner, **answers)

    assert field in form.errors
    assert "0101" not in str(form.errors)


def test_ten_plain_digits_are_warned_of_once(owner):
    first = log_form(WorkplaceFactory(), owner, note="Order 0101901234")
    second = log_form(WorkplaceFactory(), owner, note="Order 0101901234", not_cpr="on")

    assert first.warns_of_cpr
    assert "note" in first.errors
    assert not second.errors


def test_a_meeting_is_asked_about_only_when_they_called_and_nobody_met_them_for_a_year(owner):
    unmet = WorkplaceFactory()
    met = WorkplaceFactory()
    InteractionFactory(workplace=met, channel="visit", on=date(2026, 2, 1), created_by=owner)

    assert log_form(unmet, owner, inbound="on", meeting_offered="yes").cleaned_data["meeting_offered"] is True
    assert log_form(unmet, owner, meeting_offered="yes").cleaned_data["meeting_offered"] is None
    assert log_form(met, owner, inbound="on", meeting_offered="yes").cleaned_data["meeting_offered"] is None
    assert not log_form(met, owner).asks_meeting


def test_only_people_and_promises_of_this_workplace_can_be_chosen(owner):
    workplace = WorkplaceFactory()
    here, elsewhere = PersonFactory(workplace=workplace), PersonFactory()
    promised, other = FollowUpFactory(workplace=workplace, owner=owner), FollowUpFactory(owner=owner)

    assert not log_form(workplace, owner, persons=[here.pk], finished=[promised.pk]).errors
    assert "persons" in log_form(workplace, owner, persons=[elsewhere.pk]).errors
    assert "finished" in log_form(workplace, owner, finished=[other.pk]).errors


def test_a_new_name_becomes_a_person_of_the_workplace(owner):
    workplace = WorkplaceFactory()

    people = log_form(workplace, owner, new_person="Anna Riis", new_role="foreman").person_list()

    assert [(person.name, person.role, person.workplace) for person in people] == [("Anna Riis", "foreman", workplace)]


def test_a_first_contact_to_an_advertising_protected_workplace_asks_for_its_basis(owner):
    workplace = WorkplaceFactory(advertising_protected=True)

    assert "basis" in log_form(workplace, owner).errors
    assert "basis" in plan_form(workplace, owner).errors
    assert not log_form(workplace, owner, basis="consent").errors
    assert log_form(workplace, owner, inbound="on").cleaned_data["basis"] == "inbound"


def test_the_basis_is_not_asked_for_once_known_or_once_the_organisation_has_decided(owner):
    contacted = WorkplaceFactory(advertising_protected=True, last_contact_on=date(2026, 1, 5))
    untouched = WorkplaceFactory(advertising_protected=True)
    before = needs_basis(untouched)

    Organisation(
        name="Business entrance",
        advertising_position="Lawful",
        advertising_position_by=owner,
        advertising_position_on=TODAY,
    ).save()

    assert before
    assert not needs_basis(contacted)
    assert not needs_basis(untouched)


def test_planning_near_a_colleagues_plan_takes_one_more_answer(owner, colleague):
    workplace = WorkplaceFactory()
    sister = WorkplaceFactory(company=workplace.company)
    InteractionFactory(workplace=sister, state="planned", on=date(2026, 12, 10), created_by=colleague)

    assert "coordination" in plan_form(workplace, owner).errors
    assert not plan_form(workplace, owner, coordination="agreed").errors


@pytest.mark.parametrize(
    "facts", [{"on": date(2026, 12, 11)}, {"state": "held", "on": date(2026, 11, 25)}, {"mine": True}]
)
def test_plans_far_off_held_or_my_own_ask_nothing(owner, colleague, facts):
    by = owner if facts.pop("mine", False) else colleague
    workplace = WorkplaceFactory()
    InteractionFactory(
        **{"workplace": workplace, "state": "planned", "on": date(2026, 11, 26), "created_by": by} | facts
    )

    assert not plan_form(workplace, owner).errors


def test_a_plan_needs_its_purpose_and_a_day_to_come(owner):
    assert "purpose" in plan_form(WorkplaceFactory(), owner, purpose=" ").errors
    assert "on" in plan_form(WorkplaceFactory(), owner, on="2026-11-23").errors


def test_logging_what_has_happened_never_asks_about_a_colleagues_plan(owner, colleague):
    workplace = WorkplaceFactory()
    InteractionFactory(workplace=workplace, state="planned", on=date(2026, 11, 25), created_by=colleague)

    assert not log_form(workplace, owner).errors


def test_a_person_form_refuses_a_cpr_number():
    form = PersonForm({"name": "Bo", "role": "other", "remark": "010190-1234"})

    assert "remark" in form.errors


def test_no_outcome_is_without_a_channel():
    from contacts.forms import OUTCOMES

    shown = {outcome for outcomes in OUTCOMES.values() for outcome in outcomes}

    assert set(Interaction.Outcome) - shown == set()
