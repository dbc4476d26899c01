"""The slots of the demo."""

from datetime import date
from types import SimpleNamespace

import pytest

from companies.models import TargetGroup
from jobcenter_crm.desk.demo import slots as demo
from placements.models import Consideration, HostingProfile, Measure, Slot
from tests.factories import PersonFactory, UserFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TODAY = date(2026, 11, 24)


@pytest.fixture
def showcase():
    names = {one.name for one in (*demo.PROFILES, *demo.SLOTS)}
    places = {name: SimpleNamespace(workplace=WorkplaceFactory(name=name)) for name in sorted(names)}
    for place in demo.SLOTS:
        for name in filter(None, (place.contact, place.mentor)):
            PersonFactory(workplace=places[place.name].workplace, name=name)
    return SimpleNamespace(by_name=places)


def test_every_kind_of_slot_is_there_as_of_its_own_day(showcase):
    people = {name: UserFactory(username=name) for name in ("mette", "ali", "sara")}

    demo.make(showcase, people, TODAY)

    slots = Slot.objects.all()
    assert slots.count() == len(demo.SLOTS) >= 15
    assert {slot.state for slot in slots} == {"open", "paused", "closed"}
    assert 1 <= Slot.objects.to_confirm(TODAY).count() <= 3
    assert HostingProfile.objects.count() == len(demo.PROFILES)
    assert max(HostingProfile.objects.values_list("confirmed_on", flat=True)) < TODAY
    for slot in slots:
        assert slot.contact is not None
        assert slot.history.earliest().history_date.date() <= slot.confirmed_on < TODAY


def test_what_it_names_is_there():
    measures = {place.measure for place in demo.SLOTS}
    groups = {group for one in (*demo.PROFILES, *demo.SLOTS) for group in one.groups}
    considerations = {code for one in (*demo.PROFILES, *demo.SLOTS) for code in one.considerations}

    assert measures <= set(Measure.objects.valid(TODAY).values_list("pk", flat=True))
    assert groups <= set(TargetGroup.objects.values_list("pk", flat=True))
    assert considerations <= set(Consideration.objects.values_list("pk", flat=True))
