"""What the search finds of places: slots by words, a case by its whole reference and for those who work with cases."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation
from structlog.testing import capture_logs

from placements import search
from tests.factories import (
    JobOrderFactory,
    PlacementFactory,
    ReferralFactory,
    ReservationFactory,
    SlotFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
PAGES = ["desk:search", "desk:suggestions"]


def found(text, user, most=10):
    return [(hit.kind, hit.pk) for hit in search.find(text, user, TODAY, most)]


@pytest.fixture
def placement():
    return PlacementFactory(case_reference="26-00412", slot__tasks="Kitchen", slot__workplace__name="The café")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["Employer consultant", "Job consultant", "Case worker", "Manager"])
def test_a_whole_case_reference_finds_its_placement(client_for, person_in, placement, page, role):
    answer = client_for(person_in(role)).get(reverse(page), {"q": " 26-00412 "})

    assert f'href="{placement.get_absolute_url()}"' in answer.text
    assert "Work placement, Kitchen" in answer.text
    assert "Placement, from 1 October 2026 to 31 December 2026" in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_whoever_may_not_see_placements_finds_nothing_by_it(client_for, person_in, placement, page):
    answer = client_for(person_in("Data steward")).get(reverse(page), {"q": "26-00412"})

    assert placement.get_absolute_url() not in answer.text


@pytest.mark.parametrize(
    "typed", ["26-0041", "26-004", "6-00412", "26-004123", "26", "%", "26-00412 26-00412", "_" * 8]
)
def test_a_part_of_a_reference_or_more_than_it_finds_nothing(owner, placement, typed):
    assert found(typed, owner) == []


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Placement came to nothing on 1 October 2026"), ("da", "Forløbet blev ikke til noget den 1. oktober 2026")],
)
def test_of_a_placement_that_came_to_nothing_it_says_so_and_no_days(owner, placement, language, said):
    placement.withdrawn_on, placement.end_reason = placement.starts_on, "declined"
    placement.save()

    with translation.override(language):
        (hit,) = search.find("26-00412", owner, TODAY, 10)

        assert hit.more == said


def test_a_reservation_is_found_as_long_as_it_is_open(owner):
    held = ReservationFactory(case_reference="26-00412")
    (hit,) = search.find("26-00412", owner, TODAY, 10)
    assert (hit.kind, hit.url) == (search.RESERVATION, f"{held.slot.get_absolute_url()}#reservations")

    held.state, held.why, held.settled_at, held.case_reference = "given_back", "Elsewhere", "2026-11-24T08:00Z", ""
    held.save()
    assert found("26-00412", owner) == []


@pytest.mark.parametrize("page", PAGES)
def test_it_finds_the_job_order_to_which_the_case_was_referred(client_for, person_in, page):
    order = JobOrderFactory(title="Baker", workplace__name="The café")
    ReferralFactory(job_order=order, case_reference="26-00412")

    answer = client_for(person_in("Case worker")).get(reverse(page), {"q": "26-00412"})

    assert f'href="{order.get_absolute_url()}#referrals"' in answer.text
    assert "Ordinary vacancy, Baker" in answer.text
    assert "Referred, 20 November 2026" in answer.text
    assert (
        order.get_absolute_url() not in client_for(person_in("Data steward")).get(reverse(page), {"q": "26-00412"}).text
    )


def test_a_referral_says_what_came_of_it_and_to_which_measure_and_is_gone_when_it_is_erased(owner):
    referral = ReferralFactory(
        case_reference="26-00412", state="declined", job_order=JobOrderFactory(measure_id="adult_apprentice")
    )
    (hit,) = search.find("26-00412", owner, TODAY, 10)
    assert (hit.kind, hit.pk, hit.is_slot) == (search.REFERRAL, referral.pk, False)
    assert hit.words == f"{referral.job_order.measure.name}, Cook"
    assert hit.more == "Not this time, 20 November 2026"

    referral.case_reference, referral.reference_erased_at = "", "2026-11-24T08:00Z"
    referral.save()
    assert found("26-00412", owner) == []


def test_an_erased_reference_and_a_cpr_number_find_nothing(owner):
    PlacementFactory(case_reference="", reference_erased_at="2026-11-01T08:00Z")

    assert found("", owner) == []
    assert found("010190-1234", owner) == []


def test_what_a_reference_found_stands_in_the_log_by_its_key(owner, placement):
    held = ReservationFactory(case_reference="26-00412")
    referred = ReferralFactory(case_reference="26-00412")

    with capture_logs() as lines:
        search.find("26-00412", owner, TODAY, 10)
        search.find("26-99999", owner, TODAY, 10)
        search.find("kitchen", owner, TODAY, 10)

    assert lines == [
        {
            "event": "case_looked_up", "log_level": "info", "by": owner.pk, "placements": [placement.pk],
            "reservations": [held.pk], "referrals": [referred.pk],
        }
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["kitchen", "KITCH", "kitchen café", "kitchen work placement"])
def test_slots_are_found_by_what_is_done_there(owner, placement, typed):
    assert found(typed, owner) == [(search.SLOT, placement.slot_id)]


@pytest.mark.parametrize("typed", ["café", "kitchen bakery", "garden", "' OR 1=1", "\\"])
def test_a_name_alone_or_a_word_too_many_finds_no_slot(owner, placement, typed):
    assert found(typed, owner) == []


def test_danish_letters_are_found_in_the_tasks_and_in_the_name(owner):
    slot = SlotFactory(tasks="Køkken og opvask", workplace=WorkplaceFactory(name="Rådhuskantinen"))

    assert found("køkken rådhus", owner) == [(search.SLOT, slot.pk)]


def test_a_slot_that_is_over_is_not_found(owner):
    SlotFactory(state="closed")
    SlotFactory(ends_on=date(2026, 11, 1))

    assert found("kitchen", owner) == []


def test_the_measure_is_named_in_the_readers_language(owner, placement):
    with translation.override("da"):
        (hit,) = search.find("kitchen", owner, TODAY, 10)

    assert hit.measure == "Virksomhedspraktik"


def test_cases_come_first_and_no_more_than_asked_for(owner):
    slot = SlotFactory(tasks="Kitchen 26-00412")
    placement = PlacementFactory(case_reference="26-00412", slot=slot)

    assert found("26-00412", owner) == [(search.PLACEMENT, placement.pk), (search.SLOT, slot.pk)]
    assert found("26-00412", owner, 1) == [(search.PLACEMENT, placement.pk)]


@pytest.mark.parametrize("rows", [1, 20])
def test_it_takes_two_statements(owner, rows, django_assert_num_queries):
    for _number in range(rows):
        slot = SlotFactory(tasks="Kitchen 26-00412")
        PlacementFactory(case_reference="26-00412", slot=slot)
        ReservationFactory(case_reference="26-00412", slot=slot)
        ReferralFactory(case_reference="26-00412")
    owner.has_perm("placements.view_slot")

    with django_assert_num_queries(2):
        assert len([hit.url for hit in search.find("26-00412", owner, TODAY, 100)]) == rows * 4


def test_the_page_tells_some_slots_and_leads_to_all(client_for, owner):
    SlotFactory.create_batch(11, tasks="Kitchen")

    answer = client_for(owner).get(reverse("desk:search"), {"q": "kitchen"})

    assert len(answer.context["slots"]) == 10
    assert f"{reverse('placements:slots')}?q=kitchen" in answer.text
    assert "Nothing fits" not in answer.text


def test_the_list_of_slots_finds_danish_letters(client_for, owner):
    slot = SlotFactory(tasks="Køkken og opvask")

    answer = client_for(owner).get(reverse("placements:slots"), {"q": "køkken"})

    assert list(answer.context["page_obj"]) == [slot]


@pytest.mark.parametrize("text", ["{cvr}", "DK{cvr}", "DK {cvr}", "{apart}", "Møll {apart}", "Møll {cvr}", "møllens"])
def test_the_lists_find_what_is_at_a_workplace_by_its_name_and_the_cvr_number_of_its_company(client_for, owner, text):
    place = WorkplaceFactory(name="Møllens Køkken")
    slot = SlotFactory(workplace=place)
    mine = {
        "slots": slot, "placements": PlacementFactory(slot=slot), "job_orders": JobOrderFactory(workplace=place),
    }  # fmt: skip
    SlotFactory(), PlacementFactory(), JobOrderFactory()
    cvr = place.company.cvr_number
    text = text.format(cvr=cvr, apart=" ".join([cvr[:2], cvr[2:4], cvr[4:6], cvr[6:]]))

    for name, one in mine.items():
        query = {"q": text, "state": "all" if name == "placements" else ""}
        answer = client_for(owner).get(reverse(f"placements:{name}"), query)
        assert list(answer.context["page_obj"]) == [one], name
