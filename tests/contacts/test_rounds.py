"""Several contacts planned at once: the order of the way, the list before it is saved, and its undo."""

import uuid
from datetime import date, time, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.urls import reverse

from companies.models import Postcode, TierPlan
from companies.places import Point
from contacts import actions, rounds
from contacts.models import Interaction
from jobcenter_crm.staff.models import Organisation
from tests.factories import (
    ContactPlanFactory,
    ContactPlanTargetFactory,
    InteractionFactory,
    PersonFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
TOMORROW = date(2026, 11, 25)


def place(east=None, **facts):
    """A workplace in group 1, so many hundredths of a degree east of Køge."""
    at = {} if east is None else {"latitude": 55.45, "longitude": 12.18 + east / 100}
    return WorkplaceFactory(**{"tier": 1, "last_contact_on": date(2025, 1, 1)} | at | facts)


def url(*places, **asked):
    query = "&".join([*(f"at={one.pk}" for one in places), *(f"{name}={value}" for name, value in asked.items())])
    return f"/due/plan/?{query}"


def shared(**facts):
    return {
        "token": str(uuid.uuid4()), "on": TOMORROW.isoformat(), "first": "09:00", "minutes": "45", "channel": "visit",
        "purpose": "",
    } | facts  # fmt: skip


def row(workplace, **facts):
    told = {"included": "on", "at": "09:00", "purpose": "agree on two places", "filled": ""} | facts
    return {f"{workplace.pk}-{name}": value for name, value in told.items() if value is not None}


@pytest.fixture
def client(client_for, owner):
    return client_for(owner)


# --- The way ----------------------------------------------------------------------------------


def with_positions(*places):
    return rounds.called([str(one.pk) for one in places])


def test_the_way_goes_from_the_start_to_the_nearest_and_on_to_the_nearest_of_that():
    far, near, lost, middle = place(9), place(1), place(postcode=""), place(4)

    ordered = rounds.route(with_positions(far, near, lost, middle), Point("Køge", 55.45, 12.18))

    assert ordered == [near, middle, far, lost]
    assert [one.km_on and round(one.km_on, 1) for one in ordered] == [0.6, 1.9, 3.2, None]


def test_without_a_start_the_way_begins_at_the_first():
    west, east, middle = place(0), place(9), place(4)

    assert rounds.route(with_positions(east, west, middle)) == [east, middle, west]


def test_what_was_merged_is_called_as_what_was_kept_and_each_is_called_once():
    kept = place()
    merged = place(merged_into=kept)

    assert rounds.called([str(merged.pk), str(kept.pk), "x", "9" * 30, "99999"]) == [kept]


# --- The list before it is saved ----------------------------------------------------------------


def test_first_one_says_day_and_times_and_sees_the_way(client):
    near, far = place(1), place(5)
    Postcode.objects.update_or_create(code="4600", defaults={"town": "Køge", "latitude": 55.45, "longitude": 12.18})

    answer = client.get(url(far, near, near="4600"))

    assert [stop.workplace for stop in answer.context["round"].stops] == [near, far]
    assert "from 4600 Køge to the nearest, and from there to the nearest again." in answer.text
    assert f'value="{TOMORROW.isoformat()}"' in answer.text
    assert "Save the plans" not in answer.text


@pytest.mark.parametrize(("day", "following"), [("2026-11-27", "2026-11-30"), ("2026-11-28", "2026-11-30")])
def test_the_day_it_offers_is_a_working_day(client_for, owner, day, following):
    with time_machine.travel(f"{day}T09:00:00+01:00", tick=False):
        answer = client_for(owner).get(url(place()))

    assert f'value="{following}"' in answer.text


def test_times_follow_each_other_and_purposes_come_from_the_plan_of_each_group(client):
    TierPlan.objects.filter(tier=1).update(aim_en="Agree on a partnership")
    TierPlan.objects.filter(tier=3).update(aim_en="Be known")
    first, third = place(1), place(2, tier=3)

    answer = client.post(url(first, third), shared(list="1"))

    rows = [stop.form.initial for stop in answer.context["round"].stops]
    assert [one["at"] for one in rows] == [time(9), time(9, 45)]
    assert [one["purpose"] for one in rows] == ["Agree on a partnership", "Be known"]
    assert not Interaction.objects.exists()


def test_each_stop_tells_the_plan_of_its_group_and_what_to_say_at_a_first_contact(client):
    plan = {"whom_en": "The director", "proposal_en": "An agreement", "guideline_en": "Ask what they lack."}
    TierPlan.objects.filter(tier=1).update(**plan)
    known, fresh, loose = place(1), place(2, last_contact_on=None), place(3, tier=None)

    answer = client.post(url(known, fresh, loose), shared(list="1"))

    by_place = [part.split("</li>")[0] for part in answer.text.split('<li class="stop"')[1:]]
    assert ["The director" in part for part in by_place] == [True, True, False]
    assert ["An agreement" in part for part in by_place] == [True, True, False]
    assert ["Ask what they lack." in part for part in by_place] == [False, True, False]


def test_filled_in_again_the_times_are_new_and_what_was_changed_by_hand_stays(client):
    one, other, third = place(1), place(2), place(3)
    sent = shared(list="1", first="10:00", minutes="30", purpose="Hear about spring")
    sent |= row(one, purpose="My own words", filled="Old") | row(other, purpose="Old", filled="Old", included=None)
    sent |= row(third, purpose="Old", filled="Old")

    answer = client.post(url(one, other, third), sent)

    rows = [stop.form.initial for stop in answer.context["round"].stops]
    assert [row["purpose"] for row in rows] == ["My own words", "Hear about spring", "Hear about spring"]
    assert [row["at"] for row in rows] == [time(10), None, time(10, 30)]
    assert [row["included"] for row in rows] == [True, False, True]


def test_without_a_first_time_there_are_no_times(client):
    answer = client.post(url(place()), shared(list="1", first=""))

    assert answer.context["round"].stops[0].form.initial["at"] is None


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"on": "2026-11-23"}, "Choose a day from today on."),
        ({"on": ""}, "Fill this in."),
        ({"first": "23:30"}, "The last one would be after midnight."),
        ({"minutes": ""}, "Write how many minutes there are between two of them."),
        ({"minutes": "99999999999999999999"}, "480"),
        ({"purpose": "Call about 010190-1234"}, "The text holds a CPR number."),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field_and_kept(client, facts, words):
    answer = client.post(url(place(), place()), shared(list="1", **facts))

    assert answer.status_code == 422
    assert words in answer.text


# --- Saving -----------------------------------------------------------------------------------


def test_all_are_planned_at_once_and_my_day_says_so(client, owner):
    one, other, unticked = place(1), place(2), place(3)
    anna = PersonFactory(workplace=one, name="Anna")
    sent = shared(save="1") | row(one, at="09:00") | row(other, at="", purpose="hear how it goes")
    sent |= row(unticked, included=None, purpose="", at="nonsense") | {f"{one.pk}-persons": [anna.pk]}

    answer = client.post(url(one, other, unticked), sent, follow=True)

    first, second = Interaction.objects.order_by("workplace_id")
    assert (first.workplace, first.on, first.at, first.purpose) == (one, TOMORROW, time(9), "agree on two places")
    assert (second.workplace, second.at, second.purpose) == (other, None, "hear how it goes")
    assert {first.channel, second.channel} == {"visit"}
    assert {first.state, second.state} == {"planned"}
    assert list(first.persons.all()) == [anna]
    assert list(first.staff.all()) == [owner]
    one.refresh_from_db()
    assert one.next_contact_on == TOMORROW
    assert answer.redirect_chain[-1][0] == reverse("desk:home")
    assert "2 visits planned on 25 November." in answer.text


def test_the_same_form_twice_plans_once(client):
    one, other = place(1), place(2)
    sent = shared(save="1") | row(one) | row(other)

    client.post(url(one, other), sent)
    client.post(url(one, other), sent)

    assert Interaction.objects.count() == 2


def test_a_purpose_is_required_and_nothing_is_planned_when_one_is_missing(client):
    one, other = place(1), place(2)

    answer = client.post(url(one, other), shared(save="1") | row(one, purpose="Kept words") | row(other, purpose=""))

    assert answer.status_code == 422
    assert "Write what the contact is for." in answer.text
    assert f"Put right what is marked below: {other.name}" in answer.text
    assert 'value="Kept words"' in answer.text
    assert not Interaction.objects.exists()


def test_ten_digits_are_asked_about_and_taken_when_they_are_no_cpr_number(client):
    one = place()
    sent = shared(save="1") | row(one, purpose="Order 0101901234")

    asked = client.post(url(one), sent)
    client.post(url(one), sent | {"not_cpr": "on"})

    assert asked.status_code == 422
    assert "It is not a CPR number" in asked.text
    assert Interaction.objects.get().purpose == "Order 0101901234"


def test_none_ticked_is_said(client):
    one = place()

    answer = client.post(url(one), shared(save="1") | row(one, included=None))

    assert answer.status_code == 422
    assert "Tick at least one workplace." in answer.text


def test_the_rows_must_have_been_seen_before_they_are_saved(client):
    answer = client.post(url(place()), shared(save="1"))

    assert answer.status_code == 422
    assert not Interaction.objects.exists()


def test_where_a_colleague_has_plans_one_is_asked_and_may_go_along(client, owner, colleague):
    one, other = place(1), place(2)
    theirs = InteractionFactory(
        workplace=WorkplaceFactory(company=one.company), state="planned", on=date(2026, 12, 5), created_by=colleague
    )
    sent = shared(save="1") | row(one) | row(other)

    asked = client.post(url(one, other), sent)
    planned = client.post(url(one, other), sent | {f"{one.pk}-coordination": "together"}, follow=True)

    assert asked.status_code == 422
    assert "Say whether you have agreed it, or untick the workplace." in asked.text
    assert "Carl Colleague has planned a call on 5 December" in asked.text
    assert set(theirs.staff.all()) == {owner, colleague}
    assert Interaction.objects.exclude(pk=theirs.pk).get().workplace == other
    assert "1 visit planned on 25 November. You go along to 1 contact of a colleague." in planned.text


def test_what_was_agreed_with_the_colleague_is_kept(client, colleague):
    one = place()
    InteractionFactory(workplace=one, state="planned", on=date(2026, 12, 5), created_by=colleague)

    client.post(url(one), shared(save="1") | row(one, coordination="agreed"))

    assert Interaction.objects.get(on=TOMORROW).coordination == "agreed"


@pytest.fixture
def may_reach(owner):
    """The owner may state a basis for many, as a manager may."""
    owner.user_permissions.add(Permission.objects.get(codename="reach_protected"))


def test_the_advertising_protected_are_planned_by_themselves(client):
    one = place(1)
    protected = place(2, name="Shielded", advertising_protected=True)
    other = place(3, name="Covered")
    other.company.advertising_protected = True
    other.company.save()

    answer = client.get(url(one, protected, other))

    for name in ("Shielded", "Covered"):
        assert f"{name} is advertising-protected (plan it by itself), and is left out." in answer.text
    assert [stop.workplace for stop in answer.context["round"].stops] == [one]


def test_the_purpose_is_that_of_the_contact_plan_that_waits_there(client):
    one = place(1)
    plan = ContactPlanFactory(state="running", purpose="Ask for two trainees")
    ContactPlanTargetFactory(plan=plan, workplace=one)

    answer = client.post(url(one), shared(list="1", purpose=""))

    assert "Ask for two trainees" in answer.text


@pytest.mark.usefixtures("may_reach")
def test_a_first_contact_to_the_advertising_protected_says_on_what_basis(client):
    one = place(1, last_contact_on=None, advertising_protected=True)
    other = place(2, last_contact_on=None)
    other.company.advertising_protected = True
    other.company.save()
    sent = shared(save="1") | row(one) | row(other, included=None)

    asked = client.post(url(one, other), sent)
    client.post(url(one, other), sent | {f"{one.pk}-basis": "consent"})

    assert asked.text.count("Choose why you may contact them, or untick the workplace.") == 1
    assert Interaction.objects.get().basis == "consent"


@pytest.mark.usefixtures("may_reach")
def test_once_the_organisation_has_its_position_nobody_is_asked(client, owner):
    Organisation(
        name="J", advertising_position="As employers", advertising_position_by=owner, advertising_position_on=TODAY
    ).save()
    one = place(last_contact_on=None, advertising_protected=True)

    client.post(url(one), shared(save="1") | row(one))

    assert Interaction.objects.count() == 1


def test_who_wants_no_contact_or_has_ceased_is_left_out_with_words(client):
    one = place(1)
    silent = place(2, name="Silent", do_not_contact=True)
    ceased = place(3, name="Ceased", ceased_on=date(2026, 11, 1))

    answer = client.get(url(one, silent, ceased))

    assert "Silent has asked us not to make contact, and is left out." in answer.text
    assert "Ceased has ceased, and is left out." in answer.text
    assert [stop.workplace for stop in answer.context["round"].stops] == [one]


def test_more_than_a_day_holds_are_not_planned(client):
    places = [place() for _number in range(21)]

    assert "21 workplaces are ticked. At most 20 can be planned for one day." in client.get(url(*places)).text
    assert client.post(url(*places), shared(save="1")).status_code == 422


@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_asks_the_same_questions_however_many_there_are(client, colleague, rows, django_assert_num_queries):
    places = [place(number) for number in range(rows)]
    for one in places:
        PersonFactory(workplace=one)
        InteractionFactory(workplace=one, state="planned", on=TOMORROW, created_by=colleague)

    # The frame's 5, colleagues, merged, places, people, theirs with their staff, own plans, plans, the organisation.
    with django_assert_num_queries(15):
        client.post(url(*places), shared(list="1", minutes="30"))


# --- Undo -------------------------------------------------------------------------------------


def undo_of(answer):
    (message,) = answer.context["messages"]
    return message.extra_tags.removeprefix("undo:").split(" ")[0]


@pytest.fixture
def planned(client, colleague):
    """Two that were planned and one colleague's joined: the address of the undo, and the colleague's contact."""
    one, other, third = place(1), place(2), place(3)
    theirs = InteractionFactory(workplace=third, state="planned", on=date(2026, 12, 5), created_by=colleague)
    sent = shared(save="1") | row(one) | row(other) | row(third, coordination="together")
    return undo_of(client.post(url(one, other, third), sent, follow=True)), theirs


def test_all_of_it_can_be_taken_back_at_once(client, colleague, planned):
    undo, theirs = planned

    answer = client.post(undo, follow=True)

    assert "3 planned contacts taken back." in answer.text
    assert list(Interaction.objects.all()) == [theirs]
    theirs.refresh_from_db()
    assert list(theirs.staff.all()) == [colleague]
    assert theirs.coordination == ""


@pytest.fixture
def go_along(client):
    """Plan a round that joins the colleague's contact; the address of its undo."""

    def plan(theirs):
        sent = shared(save="1") | row(theirs.workplace, coordination="together")
        return undo_of(client.post(url(theirs.workplace), sent, follow=True))

    return plan


@pytest.mark.parametrize("agreed", ["", "agreed", "together"])
def test_what_was_agreed_about_a_colleagues_contact_before_is_given_back(client, colleague, go_along, agreed):
    theirs = InteractionFactory(
        workplace=place(1), state="planned", on=date(2026, 12, 5), created_by=colleague, coordination=agreed
    )
    undo = go_along(theirs)
    actions.move(contact=theirs, by=colleague, on=date(2026, 12, 6))

    client.post(undo)

    theirs.refresh_from_db()
    assert (theirs.coordination, theirs.on) == (agreed, date(2026, 12, 6))
    assert list(theirs.staff.all()) == [colleague]


@pytest.mark.parametrize("is_before", [True, False])
def test_one_goes_together_still_with_another_who_has_joined(client, colleague, person_in, go_along, is_before):
    third = person_in("Job consultant")
    theirs = InteractionFactory(workplace=place(1), state="planned", on=date(2026, 12, 5), created_by=colleague)
    if is_before:
        actions.join(contact=theirs, by=third)
    undo = go_along(theirs)
    if not is_before:
        actions.join(contact=theirs, by=third)

    client.post(undo)

    theirs.refresh_from_db()
    assert theirs.coordination == "together"
    assert set(theirs.staff.all()) == {colleague, third}


def test_it_is_taken_back_once(client, planned):
    undo, _theirs = planned
    client.post(undo)

    assert "It can only be taken back once, and only within ten minutes." in client.post(undo, follow=True).text


def test_after_ten_minutes_it_stays(client, planned, today):
    undo, _theirs = planned
    today.shift(timedelta(minutes=11))

    client.post(undo)

    assert Interaction.objects.count() == 3


def test_a_colleague_cannot_take_it_back_and_nobody_what_he_made_up(client_for, colleague, planned):
    undo, _theirs = planned

    client_for(colleague).post(undo)
    client_for(colleague).post("/due/plan/undo/?of=made:up")

    assert Interaction.objects.count() == 3


def test_when_one_has_been_logged_meanwhile_none_is_taken_back(client, owner, planned):
    undo, theirs = planned
    contact = Interaction.objects.exclude(pk=theirs.pk).first()
    actions.log(workplace=contact.workplace, by=owner, channel="visit", on=TODAY, outcome="interested", planned=contact)

    answer = client.post(undo, follow=True)

    assert "One of them has been logged or cancelled meanwhile." in answer.text
    assert Interaction.objects.count() == 3
