"""How full several slots are together: of a workplace, and of a company centre."""

from datetime import date

import pytest
from django.urls import reverse

from placements import occupancy_chart
from placements.models import Slot
from tests.factories import (
    AgreementFactory,
    CompanyCentreFactory,
    PlacementFactory,
    ReservationFactory,
    SlotFactory,
    WorkplaceFactory,
)

TODAY = date(2026, 11, 24)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def in_words(full):
    return [(f"{month.first:%b}", month.taken, month.places, month.free) for month in full.months]


def test_of_several_slots_it_is_added_up_month_by_month():
    """
    slot     places  offered          taken
    kitchen  2       all the time     one until 10 December, one reserved from 1 February to 31 March
    store    1       until 31 January one from 20 December to 31 January
    """
    kitchen = SlotFactory(places=2)
    store = SlotFactory(places=1, workplace=kitchen.workplace, ends_on=date(2027, 1, 31))
    PlacementFactory(slot=kitchen, planned_end=date(2026, 12, 10))
    ReservationFactory(slot=kitchen, starts_on=date(2027, 2, 1), planned_end=date(2027, 3, 31))
    PlacementFactory(slot=store, starts_on=date(2026, 12, 20), planned_end=date(2027, 1, 31))
    # It came to nothing.
    PlacementFactory(slot=kitchen, starts_on=date(2026, 12, 1), withdrawn_on=date(2026, 11, 20), end_reason="declined")

    full = occupancy_chart.of_slots([kitchen, store], TODAY)

    assert in_words(full)[:6] == [
        ("Nov", 1, 3, 2),
        # One after the other: never two on a day, but only one place is free all month.
        ("Dec", 1, 3, 1),
        ("Jan", 1, 3, 2),
        # The store is over.
        ("Feb", 1, 2, 1),
        ("Mar", 1, 2, 1),
        ("Apr", 0, 2, 2),
    ]
    assert (full.slots, len(full.months), len(full.chart.bars)) == (2, 12, 12)


def test_of_one_slot_it_is_the_same_as_on_its_own_card():
    slot = SlotFactory(places=2)
    PlacementFactory(slot=slot, planned_end=date(2027, 1, 10))
    ended = PlacementFactory(slot=slot, ended_on=date(2026, 11, 30), end_reason="job")

    alone, spans = occupancy_chart.of_slot(slot, TODAY)

    assert occupancy_chart.of_slots([slot], TODAY).months == alone.months
    assert len(spans) == 2
    assert ended.last_day in {span.last for span in spans}


def test_without_slots_there_is_nothing_to_draw():
    assert occupancy_chart.of_slots([], TODAY) is None


def test_many_slots_take_one_statement(django_assert_num_queries):
    slots = SlotFactory.create_batch(6)
    for slot in slots:
        PlacementFactory(slot=slot)

    with django_assert_num_queries(1):
        occupancy_chart.of_slots(slots, TODAY)


class TestCards:
    def test_the_card_of_a_centre_has_all_its_slots_together(self, client_for, owner):
        agreement = CompanyCentreFactory().agreement
        for places, state in ((2, "open"), (3, "paused"), (5, "closed")):
            SlotFactory(agreement=agreement, places=places, state=state)
        PlacementFactory(slot=Slot.objects.get(places=2))

        text = client_for(owner).get(agreement.get_absolute_url()).text

        assert "1/5" in text
        assert "Open and paused slots together." in text

    @pytest.mark.parametrize("kind", ["centre", "partnership"])
    def test_without_slots_and_for_other_agreements_there_is_none(self, client_for, owner, kind):
        agreement = CompanyCentreFactory().agreement if kind == "centre" else AgreementFactory()
        if kind != "centre":
            SlotFactory(agreement=agreement)

        assert "occupancy-head" not in client_for(owner).get(agreement.get_absolute_url()).text

    def test_the_card_of_a_workplace_has_what_it_offers_with_a_table_beside_the_drawing(self, client_for, owner):
        slot = SlotFactory(places=4)
        PlacementFactory(slot=slot)

        client = client_for(owner)

        text = client.get(reverse("desk:about", args=[slot.workplace.pk])).text

        assert "1/4" in text
        assert '<table class="table-list occupancy-table">' in text
        assert "occupancy-head" not in client.get(reverse("desk:about", args=[WorkplaceFactory().pk])).text
