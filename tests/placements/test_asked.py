"""What was answered about places along with a contact, when the contact is taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from zeal import zeal_ignore

from companies.models import TargetGroup
from contacts import asked_along as asked
from contacts.models import FollowUp, Interaction
from placements import debt, hosting, slots
from placements.models import HostingProfile, Slot
from tests.factories import InteractionFactory, SlotFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY, BEFORE = date(2026, 11, 24), date(2026, 9, 1)


@pytest.fixture
def place(owner):
    return WorkplaceFactory(owner=owner)


@pytest.fixture
def slot(place, owner):
    return SlotFactory(workplace=place, owner=owner, confirmed_on=BEFORE)


@pytest.fixture
def profile(place, owner, colleague):
    made = hosting.write(workplace=place, by=colleague, target_groups=[], considerations=[], tasks="Kitchen")
    HostingProfile.objects.update(confirmed_on=BEFORE)
    return made


@pytest.fixture
def log(client_for, place, owner):
    """Log a contact with answers, `{slot or profile: value}`; returns how to take it back."""
    client = client_for(owner)

    def logged(answers):
        client.post(
            reverse("contacts:log"),
            {
                "workplace": place.pk, "purpose": "See them", "channel": "visit", "outcome": "interested",
                "next_when": "none", "on": TODAY, "staff": [owner.pk],
                **{f"asked-places-{type(one)._meta.model_name.replace('hosting', '')}-{one.pk}": value
                   for one, value in answers.items()},
            },
        )  # fmt: skip
        contact = Interaction.objects.get()
        return lambda: client.post(reverse("contacts:take_back", args=[contact.pk]), follow=True)

    return logged


def test_still_open_and_still_true_are_put_back(log, slot, profile, owner, colleague):
    take_back = log({slot: "yes", profile: "yes"})
    slot.refresh_from_db()
    profile.refresh_from_db()
    assert (slot.confirmed_on, profile.confirmed_on, profile.confirmed_by) == (TODAY, TODAY, owner)

    answer = take_back()

    slot.refresh_from_db()
    profile.refresh_from_db()
    assert (slot.confirmed_on, profile.confirmed_on, profile.confirmed_by) == (BEFORE, BEFORE, colleague)
    assert slot.history.first().history_user == owner
    assert not Interaction.objects.exists()
    assert "what it was about has been changed" not in answer.text


def test_what_was_answered_is_ticked_in_the_form_that_opens_again(log, slot):
    form = log({slot: "yes"})().context["form"]

    assert form[f"asked-places-slot-{slot.pk}"].value() == "yes"


def test_a_slot_that_was_paused_is_open_again_and_we_owe_what_we_owed(log, slot, owner):
    Slot.objects.update(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    debt.plan(TODAY)
    assert FollowUp.objects.open().filter(kind=debt.KIND).count() == 1
    take_back = log({slot: "no"})
    slot.refresh_from_db()
    assert (slot.state, FollowUp.objects.open().count()) == ("paused", 0)

    take_back()

    slot.refresh_from_db()
    assert (slot.state, slot.state_why, slot.confirmed_on) == ("open", "", BEFORE)
    assert FollowUp.objects.open().get().kind == debt.KIND


def test_a_workplace_that_can_no_longer_host_them_says_so_and_is_put_back(log, profile, owner, client_for, colleague):
    group = TargetGroup.objects.first()
    HostingProfile.objects.update(hours_from=10, hours_to=20)
    profile.target_groups.set([group])
    profile.considerations.set(["bus"])
    take_back = log({profile: "no"})

    kept = HostingProfile.objects.get()
    assert (kept.tasks, kept.hours_from, kept.hours_to, kept.confirmed_on) == ("", None, None, TODAY)
    assert (kept.confirmed_by, kept.is_empty) == (owner, True)
    about = client_for(owner).get(reverse("desk:about", args=[kept.workplace_id])).text
    assert "Nobody at present" in about
    assert asked.asked_at(kept.workplace, owner, TODAY + timedelta(days=90)) == {}

    with zeal_ignore():
        take_back()
    kept = HostingProfile.objects.get()
    assert (kept.tasks, kept.hours_from, kept.hours_to) == ("Kitchen", 10, 20)
    assert (kept.confirmed_on, kept.confirmed_by) == (BEFORE, colleague)
    assert list(kept.target_groups.all()) == [group]
    assert [one.pk for one in kept.considerations.all()] == ["bus"]


def test_what_somebody_has_changed_since_stays_and_that_is_said(log, slot, profile, colleague, place):
    other = SlotFactory(workplace=place, confirmed_on=BEFORE)
    take_back = log({slot: "no", profile: "yes", other: "yes"})
    slots.set_state(slot=Slot.objects.get(pk=slot.pk), state="open", by=colleague)
    hosting.write(workplace=place, by=colleague, target_groups=[], considerations=[], tasks="Kitchen and garden")

    # At most five slots are asked about at once, and each has its lock and its history.
    with zeal_ignore():
        answer = take_back()

    for row in (slot, profile, other):
        row.refresh_from_db()
    assert (slot.state, slot.confirmed_on) == ("open", TODAY)
    assert (profile.tasks, profile.confirmed_on) == ("Kitchen and garden", TODAY)
    assert other.confirmed_on == BEFORE
    assert "2 answers stay: what they were about has been changed since." in answer.text


def test_an_answer_that_said_nothing_new_puts_nothing_back(log, slot, owner):
    slots.confirm(slot=slot, by=owner, on=TODAY)
    written = slot.history.count()

    log({slot: "yes"})()

    assert slot.history.count() == written


def test_a_planned_contact_that_is_logged_again_keeps_only_its_new_answers(client_for, slot, place, owner):
    planned = InteractionFactory(workplace=place, state="planned", on=TODAY, created_by=owner, staff=[owner])
    facts = {
        "workplace": place.pk, "planned": planned.pk, "purpose": "See them", "channel": "visit", "on": TODAY,
        "outcome": "interested", "next_when": "none", "staff": [owner.pk],
    }  # fmt: skip
    client, undo = client_for(owner), reverse("contacts:take_back", args=[planned.pk])
    client.post(reverse("contacts:log"), facts | {f"asked-places-slot-{slot.pk}": "yes"})
    client.post(undo)
    planned.refresh_from_db()
    assert (planned.state, planned.answered_along) == ("planned", {})

    client.post(reverse("contacts:log"), facts)
    client.post(undo)

    slot.refresh_from_db()
    assert slot.confirmed_on == BEFORE
