"""The pages of slots and hosting profiles over HTTP."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from companies.models import TargetGroup
from jobcenter_crm.staff.roles import CASE_WORKER
from placements.models import HostingProfile, Slot
from tests.conftest import member
from tests.excel import table
from tests.factories import (
    InteractionFactory,
    PersonFactory,
    PlacementFactory,
    ReservationFactory,
    SlotFactory,
    UserFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TODAY = date(2026, 11, 24)


def page(name, *args):
    return reverse(f"placements:{name}", args=args)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def profile_at(place, by, **facts):
    profile = HostingProfile.objects.create(
        **{"workplace": place, "confirmed_on": date(2026, 8, 3), "confirmed_by": by, "tasks": "Kitchen"} | facts
    )
    profile.target_groups.set(["lab-06-03"])
    profile.considerations.set(["bus"])
    return profile


# The list.


def test_a_case_worker_sees_what_is_free_now_and_finds_the_list_in_the_rail(client_for, owner):
    slot = SlotFactory(owner=owner, places=3, tasks="Laundry and linen")
    PlacementFactory(slot=slot)
    full = SlotFactory(places=1)
    ReservationFactory(slot=full)

    answer = client_for(member(CASE_WORKER, "peter")).get(page("slots"))

    assert "2 of 3 free" in answer.text
    assert "1 place, taken" in answer.text
    assert "2 of 4 places are free today." in answer.text
    assert [one.pk for one in answer.context["page_obj"]] == [slot.pk, full.pk]
    assert f'href="{page("slots")}"' in client_for(member(CASE_WORKER, "else")).get("/").text
    assert page("add_slot") not in answer.text


def test_what_is_free_from_a_later_day_is_told_apart_from_what_is_free_today(client_for, owner):
    SlotFactory(owner=owner, places=1)
    coming = SlotFactory(owner=owner, places=2, starts_on=date(2027, 1, 12))
    client = client_for(owner)

    assert "1 of 3 places is free today. 2 free places begin later." in client.get(page("slots")).text
    assert coming in client.get(page("slots"), {"free": "yes"}).context["page_obj"].object_list
    assert "<dt>Free</dt>" in client.get(coming.get_absolute_url()).text


@pytest.fixture
def several(owner):
    """Slots by what each of them has that others have not."""
    here = SlotFactory(owner=owner, workplace__town="Ribe", workplace__tier=1, tasks="Kitchen")
    full = SlotFactory(places=1, measure_id="flex_job")
    PlacementFactory(slot=full)
    old = SlotFactory(confirmed_on=date(2026, 9, 1))
    old.target_groups.set(["lab-06-03"])
    return {"here": here, "full": full, "old": old}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"here", "full", "old"}),
        ({"q": "ribe"}, {"here"}),
        ({"q": "kitchen", "whose": "me"}, {"here"}),
        ({"measure": "flex_job"}, {"full"}),
        ({"free": "yes"}, {"here", "old"}),
        ({"free": "no"}, {"full"}),
        ({"group": "lab-06-03"}, {"old"}),
        ({"tier": "1"}, {"here"}),
        ({"heard": "not"}, {"old"}),
        ({"state": "paused"}, set()),
    ],
)
def test_the_list_is_narrowed(client_for, owner, several, asked, found):
    shown = client_for(owner).get(page("slots"), asked).context["page_obj"].object_list
    names = {slot.pk: name for name, slot in several.items()}
    # Tasks of the factory hold a kitchen as well; whose they are tells them apart.
    assert {names[slot.pk] for slot in shown} == found


@pytest.mark.parametrize(
    "asked", ["measure=nonsense", "free=maybe", "group=x", "whose=0", "sort=shoe", "state=lost", "x=1", "q=a&q=b"]
)
def test_what_the_address_can_not_say_lists_nothing_and_is_told(client_for, owner, asked):
    SlotFactory()
    answer = client_for(owner).get(f"{page('slots')}?{asked}")

    assert answer.context["page_obj"] is None
    assert "The filter can't be read" in " ".join(answer.text.split()).replace("&#x27;", "'")


def test_paused_and_closed_ones_are_behind_their_tabs(client_for, owner):
    paused, closed = SlotFactory(state="paused"), SlotFactory(state="closed")
    run_out = SlotFactory(ends_on=date(2026, 11, 23))
    client = client_for(owner)

    assert list(client.get(page("slots"), {"state": "paused"}).context["page_obj"]) == [paused]
    assert set(client.get(page("slots"), {"state": "over"}).context["page_obj"]) == {closed, run_out}
    assert client.get(page("slots")).context["counts"] == {"open": 0, "paused": 1, "over": 2, "to_confirm": 0}


@pytest.mark.parametrize("sort", ["name", "measure", "whose", "-new"])
def test_the_list_is_sorted(client_for, owner, sort):
    SlotFactory.create_batch(2)
    assert len(client_for(owner).get(page("slots"), {"sort": sort}).context["page_obj"].object_list) == 2


def test_the_same_rows_come_as_excel(client_for, owner, several):
    answer = client_for(owner).get(page("slots_excel"), {"measure": "flex_job"})

    rows = table(answer)
    assert [(row["Measure"], row["Places"], row["Free"]) for row in rows] == [("Flex job", 1, 0)]
    assert client_for(owner).get(page("slots_excel"), {"measure": "x"}).url.startswith(page("slots"))


def test_nothing_is_told_as_nothing(client_for, owner):
    client = client_for(owner)
    assert "There is no open slot yet" in client.get(page("slots")).text
    assert "No slot is here" in client.get(page("slots"), {"q": "zzz"}).text


# A new one.


def sent(workplace, owner, **changed):
    facts = {
        "workplace": workplace.pk, "measure": "work_placement", "places": 2, "tasks": "Kitchen", "starts_on": TODAY,
        "owner": owner.pk, "token": uuid4(),
    }  # fmt: skip
    return facts | changed


def test_the_workplace_is_found_first(client_for, owner):
    place = WorkplaceFactory(name="The Bakery")
    answer = client_for(owner).get(page("add_slot"), {"q": "bakery"})
    assert f"{page('add_slot')}?workplace={place.pk}" in answer.text


def test_a_slot_begins_with_what_the_workplace_can_host(client_for, owner):
    place = WorkplaceFactory()
    profile_at(place, owner, hours_from=5)

    form = client_for(owner).get(page("add_slot"), {"workplace": place.pk}).context["form"]

    assert (form["tasks"].value(), form["hours_from"].value(), form["owner"].value()) == ("Kitchen", 5, owner.pk)
    assert (form["target_groups"].value(), form["considerations"].value()) == (["lab-06-03"], ["bus"])
    assert form["starts_on"].value() == TODAY


def test_a_slot_is_made_once_also_when_it_is_sent_twice(client_for, owner):
    place, agreement = WorkplaceFactory(), None
    agreement = active_agreement(owner=owner, workplace=place)
    mentor = PersonFactory(workplace=place)
    facts = sent(place, owner, mentor=mentor.pk, agreement=agreement.pk, target_groups=["lab-06-03"])
    client = client_for(owner)

    answer = client.post(page("add_slot"), facts)
    again = client.post(page("add_slot"), facts)

    slot = Slot.objects.get()
    assert answer.url == again.url == slot.get_absolute_url()
    assert (slot.mentor, slot.agreement, slot.places, slot.owner) == (mentor, agreement, 2, owner)
    assert slot.target_groups.get().pk == "lab-06-03"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"measure": "job_rotation"}, "not in force today"),
        ({"places": 0}, "greater than or equal to 1"),
        ({"places": 201}, "less than or equal to 200"),
        ({"tasks": ""}, "Fill this in"),
        ({"tasks": "Ask for 010190-1234"}, "The text holds a CPR number"),
        ({"ends_on": "2026-11-01"}, "end before it begins"),
        ({"starts_on": "3026-11-01"}, "within ten years"),
        ({"hours_from": 30, "hours_to": 10}, "fewest hours first"),
        ({"employees_heard_on": "2026-12-24"}, "has not come yet"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client_for, owner, changed, words):
    answer = client_for(owner).post(page("add_slot"), sent(WorkplaceFactory(), owner, **changed))

    assert answer.status_code == 422
    assert words in answer.text.replace("&#x27;", "'")
    assert all(str(value) in answer.text for name, value in changed.items() if name != "measure")
    assert not Slot.objects.exists()


@pytest.mark.parametrize(
    ("asked", "heard_on"),
    [
        ({"employees_heard": "on"}, TODAY),
        ({"employees_heard": "on", "employees_heard_on": "2026-11-02"}, date(2026, 11, 2)),
        ({"employees_heard_on": "2026-11-02"}, date(2026, 11, 2)),
        ({}, None),
    ],
)
def test_the_statement_of_the_employees_is_a_tick_with_a_day(client_for, owner, asked, heard_on):
    client_for(owner).post(page("add_slot"), sent(WorkplaceFactory(), owner, **asked))

    assert Slot.objects.get().employees_heard_on == heard_on


def test_without_the_tick_there_is_no_day_any_more(client_for, owner):
    slot = SlotFactory(owner=owner, employees_heard_on=date(2026, 11, 2))
    client, address = client_for(owner), page("change_slot", slot.pk)
    assert client.get(address).context["form"]["employees_heard"].value() is True

    client.post(address, sent(slot.workplace, owner, employees_heard_on="2026-11-02"))

    slot.refresh_from_db()
    assert slot.employees_heard_on is None


def test_people_and_agreements_of_others_are_not_taken(client_for, owner):
    facts = sent(WorkplaceFactory(), owner, contact=PersonFactory().pk, agreement=active_agreement(owner=owner).pk)

    answer = client_for(owner).post(page("add_slot"), facts)

    assert set(answer.context["form"].errors) == {"contact", "agreement"}
    assert answer.context["form"].has_folded_errors


def test_a_labour_conflict_is_said_before_and_after(client_for, owner):
    place = WorkplaceFactory(labour_conflict=True)
    client = client_for(owner)

    assert "There is a labour conflict here" in client.get(page("add_slot"), {"workplace": place.pk}).text
    answer = client.post(page("add_slot"), sent(place, owner))
    assert (answer.status_code, "There is a labour conflict here" in answer.text) == (422, True)
    assert not Slot.objects.exists()


def test_the_ratio_is_advice_where_a_slot_is_made_and_never_says_that_it_is_fine(client_for, owner):
    place = WorkplaceFactory(employees_min=20, employees_max=49)
    text = client_for(owner).get(page("add_slot"), {"workplace": place.pk}).text

    assert "between 4 and 9 subsidised" in text
    assert "VITAS decides" in text


def test_a_measure_that_does_not_fit_the_sector_says_so(client_for, owner):
    place = WorkplaceFactory(sector="private")
    text = client_for(owner).get(page("add_slot"), {"workplace": place.pk}).text
    assert "(public employers only)" in text
    assert "(private employers only)" not in text


# The card.


def test_the_card_tells_what_a_case_worker_needs(client_for, owner):
    place = WorkplaceFactory(employees_min=3, employees_max=3)
    slot = SlotFactory(
        workplace=place, owner=owner, places=2, contact=PersonFactory(workplace=place, phone="10331802"),
        mentor=PersonFactory(workplace=place, name="Bo Lind"), agreement=active_agreement(owner=owner, workplace=place),
        confirmed_on=date(2026, 9, 1),
    )  # fmt: skip
    slot.target_groups.set(["lab-06-03"])
    slot.considerations.set(["bus"])
    PlacementFactory(slot=slot)

    text = " ".join(client_for(member(CASE_WORKER, "peter")).get(slot.get_absolute_url()).text.split())

    for words in (
        "1 of 2", "tel:10331802", "Bo Lind", str(TargetGroup.objects.get(pk="lab-06-03")), "A bus to the door",
        "Partnership", "At least 1 is known to us.", "There may be no room for more.", "VITAS decides.", "until further notice",
        "Nobody has heard for 60 days", "November 2026",
    ):  # fmt: skip
        assert words in text, words
    assert page("change_slot", slot.pk) not in text


@pytest.mark.parametrize(
    ("facts", "words"),
    [({"labour_conflict": True}, "labour conflict"), ({"ceased_on": date(2026, 11, 1)}, "workplace has ceased")],
)
def test_nobody_is_told_of_a_free_place_where_none_can_be_agreed(client_for, owner, facts, words):
    slot = SlotFactory(workplace=WorkplaceFactory(**facts))
    client = client_for(owner)

    assert words in client.get(slot.get_absolute_url()).text
    listed = client.get(page("slots"))
    assert words in listed.text
    assert "No place is free today" in listed.text
    assert words in client.get(slot.workplace.get_absolute_url()).text


def test_a_measure_outside_the_ratio_says_nothing_of_it(client_for, owner):
    assert "VITAS" not in client_for(owner).get(SlotFactory(measure_id="paid_hours").get_absolute_url()).text


# Changing.


def changed(slot, **facts):
    return {
        "measure": slot.measure_id, "places": slot.places, "tasks": slot.tasks, "starts_on": slot.starts_on,
        "ends_on": "", "owner": slot.owner_id,
    } | facts  # fmt: skip


def test_a_slot_is_changed_and_keeps_its_measure_once_somebody_was_there(client_for, owner):
    slot = SlotFactory(owner=owner)
    client = client_for(owner)
    client.post(page("change_slot", slot.pk), changed(slot, measure="flex_job", places=4))
    slot.refresh_from_db()
    assert (slot.measure_id, slot.places) == ("flex_job", 4)

    PlacementFactory(slot=slot)
    client.post(page("change_slot", slot.pk), changed(slot, measure="paid_hours", tasks="Linen"))
    slot.refresh_from_db()
    assert (slot.measure_id, slot.tasks) == ("flex_job", "Linen")


def test_fewer_places_than_are_taken_is_refused_with_the_day(client_for, owner):
    slot = SlotFactory(owner=owner, places=2)
    PlacementFactory(slot=slot)
    PlacementFactory(slot=slot)

    answer = client_for(owner).post(page("change_slot", slot.pk), changed(slot, places=1, tasks="As typed"))

    assert answer.status_code == 422
    assert "The place is taken on" in answer.text
    assert "As typed" in answer.text
    assert answer.context["slot"].places == 2


def test_a_slot_is_paused_with_a_reason_and_that_is_undone(client_for, owner):
    slot = SlotFactory(owner=owner)
    client = client_for(owner)
    assert client.post(page("pause_slot", slot.pk), {"why": ""}).status_code == 422

    answer = client.post(page("pause_slot", slot.pk), {"why": "Rebuilding"}, follow=True)
    assert "Rebuilding" in answer.text
    (message,) = answer.context["messages"]
    undo = message.extra_tags.removeprefix("undo:")

    assert "Undone" in said(client.post(undo, follow=True))[0]
    slot.refresh_from_db()
    assert (slot.state, slot.state_why) == ("open", "")


def test_undoing_is_for_who_did_it_and_for_ten_minutes(client_for, owner, colleague, today):
    slot = SlotFactory(owner=owner)
    answer = client_for(owner).post(page("close_slot", slot.pk), {"why": "Over"}, follow=True)
    (message,) = answer.context["messages"]
    undo = message.extra_tags.removeprefix("undo:")

    assert "within ten minutes" in said(client_for(colleague).post(undo, follow=True))[0]
    today.shift(601)
    assert "within ten minutes" in said(client_for(owner).post(undo, follow=True))[0]
    slot.refresh_from_db()
    assert slot.state == "closed"


def test_pausing_tells_of_what_is_reserved(client_for, owner):
    slot = SlotFactory(owner=owner)
    ReservationFactory(slot=slot)
    assert "1 place is reserved" in client_for(owner).get(page("pause_slot", slot.pk)).text


def test_a_paused_one_is_opened_without_a_word(client_for, owner):
    slot = SlotFactory(owner=owner, state="paused", state_why="Holiday")
    client_for(owner).post(page("open_slot", slot.pk), {"why": ""})
    slot.refresh_from_db()
    assert (slot.state, slot.state_why, slot.confirmed_on) == ("open", "", TODAY)


# Whom a workplace can host.


def test_whom_a_workplace_can_host_is_written_and_told_on_its_card(client_for, owner):
    place = WorkplaceFactory(owner=owner)
    client = client_for(owner)
    client.post(
        page("hosting", place.pk),
        {
            "tasks": "Greenhouse",
            "target_groups": ["lab-06-03"],
            "hours_from": 5,
            "hours_to": 15,
            "considerations": ["bus"],
        },
    )

    text = " ".join(client.get(reverse("desk:about", args=[place.pk])).text.split())
    assert "Greenhouse" in text
    assert "5–15" in text
    assert "As of" in text
    assert "Olga Owner" in text
    assert "A bus to the door" in text


def test_what_is_wrong_with_a_profile_is_said(client_for, owner):
    place = WorkplaceFactory()
    answer = client_for(owner).post(page("hosting", place.pk), {"tasks": "010190-1234", "hours_from": 38})
    assert set(answer.context["form"].errors) == {"tasks", "hours_from"}
    assert not HostingProfile.objects.exists()


def test_the_card_of_the_workplace_tells_of_its_slots_and_not_of_those_that_are_over(client_for, owner):
    place = WorkplaceFactory()
    SlotFactory(workplace=place, tasks="Kitchen of the day", places=2)
    SlotFactory(workplace=place, tasks="Long gone", state="closed")

    text = client_for(owner).get(place.get_absolute_url()).text

    assert "Kitchen of the day" in text
    assert "2 of 2 free" in text
    assert "Long gone" not in text


@pytest.mark.parametrize(("slots", "is_summed"), [(2, True), (3, False)])
def test_places_are_summed_up_of_lists_that_are_short_enough(client_for, owner, monkeypatch, slots, is_summed):
    monkeypatch.setattr("placements.slot_pages.COUNTED_TO", 2)
    SlotFactory.create_batch(slots)

    text = client_for(owner).get(page("slots")).text

    assert ("4 of 4 places are free today." in text) is is_summed
    assert ("3 slots are open. That is too many to add up the free places here." in text) is not is_summed


@pytest.mark.parametrize("many", [1, 6])
def test_the_pages_ask_the_same_questions_however_much_there_is(client_for, owner, many, django_assert_num_queries):
    slot = SlotFactory(owner=owner, places=9)
    for _one in range(many):
        PlacementFactory(slot=slot)
        other = SlotFactory(owner=UserFactory(), workplace=WorkplaceFactory())
        other.target_groups.set(["lab-06-03", "lab-06-05"])
        slot.target_groups.add("lab-06-03")
    client = client_for(owner)

    with django_assert_num_queries(CARD):
        client.get(slot.get_absolute_url())
    with django_assert_num_queries(LIST):
        client.get(page("slots"))


CARD, LIST = 15, 13


# Asked along when a contact is logged.


def logged(place, owner, **facts):
    return {
        "workplace": place.pk, "purpose": "See them", "channel": "visit", "outcome": "interested", "next_when": "none",
        "on": TODAY, "staff": [owner.pk],
    } | facts  # fmt: skip


def test_the_contact_form_asks_whether_it_is_still_open_and_still_true(client_for, owner):
    place = WorkplaceFactory(owner=owner)
    slot = SlotFactory(workplace=place, confirmed_on=date(2026, 9, 1))
    SlotFactory(workplace=place, confirmed_on=date(2026, 11, 1))
    profile = profile_at(place, owner)
    client = client_for(owner)

    form = client.get(reverse("contacts:log"), {"workplace": place.pk}).context["form"]
    assert [field.name for field in form.asked_fields] == [
        f"asked-places-slot-{slot.pk}", f"asked-places-profile-{profile.pk}",
    ]  # fmt: skip
    assert form.asks_along_now
    assert "Kitchen, Activity-ready on cash benefit" in form.asked_fields[1].label

    answers = {field.name: "yes" for field in form.asked_fields}
    assert client.post(reverse("contacts:log"), logged(place, owner, **answers)).status_code == 302
    slot.refresh_from_db()
    profile.refresh_from_db()
    assert (slot.confirmed_on, slot.state, profile.confirmed_on) == (TODAY, "open", TODAY)


def test_a_slot_that_is_open_no_longer_is_paused_with_a_word(client_for, owner):
    place = WorkplaceFactory(owner=owner)
    slot = SlotFactory(workplace=place, confirmed_on=date(2026, 9, 1))

    client_for(owner).post(reverse("contacts:log"), logged(place, owner, **{f"asked-places-slot-{slot.pk}": "no"}))

    slot.refresh_from_db()
    assert (slot.state, slot.state_why) == ("paused", "No longer open, as the employer said")


@pytest.mark.parametrize("facts", [{}, {"channel": "phone", "outcome": "no_answer"}])
def test_what_was_not_asked_stays_as_it_was(client_for, owner, facts):
    place = WorkplaceFactory(owner=owner)
    slot = SlotFactory(workplace=place, confirmed_on=date(2026, 9, 1))
    answer = {f"asked-places-slot-{slot.pk}": "yes"} if facts else {}

    assert client_for(owner).post(reverse("contacts:log"), logged(place, owner, **facts, **answer)).status_code == 302

    slot.refresh_from_db()
    assert slot.confirmed_on == date(2026, 9, 1)


def test_slots_of_another_workplace_can_not_be_answered_for(client_for, owner):
    place, slot = WorkplaceFactory(owner=owner), SlotFactory(confirmed_on=date(2026, 9, 1))
    client_for(owner).post(reverse("contacts:log"), logged(place, owner, **{f"asked-places-slot-{slot.pk}": "yes"}))
    slot.refresh_from_db()
    assert slot.confirmed_on == date(2026, 9, 1)


@pytest.mark.parametrize("many", [0, 4])
def test_asking_along_takes_one_statement_however_much_is_asked(owner, many, django_assert_num_queries):
    from contacts import asked_along

    place = WorkplaceFactory()
    for _one in range(many):
        SlotFactory(workplace=place, confirmed_on=date(2026, 9, 1))
    owner.has_perm("placements.change_slot")

    with django_assert_num_queries(1):
        assert len(asked_along.asked_at(place, owner, TODAY)) == many


def test_nothing_is_asked_where_there_is_nothing_to_ask(client_for, owner):
    place = WorkplaceFactory()
    InteractionFactory(workplace=place)
    text = client_for(owner).get(reverse("contacts:log"), {"workplace": place.pk}).text
    assert "Ask along" not in text
