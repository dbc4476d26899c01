"""The targets of the demo."""

from datetime import date

import pytest

from jobcenter_crm.desk.demo import targets as demo
from jobcenter_crm.desk.models import Target
from tests.factories import InteractionFactory, PlacementFactory, UserFactory, WorkplaceFactory, active_agreement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.mark.parametrize("today", [date(2026, 11, 24), date(2026, 12, 31), date(2027, 1, 1)])
@pytest.mark.parametrize("many", [0, 6])
def test_some_are_open_and_one_has_ended_whatever_there_is(today, many):
    for _number in range(many):
        place = WorkplaceFactory(tier=1, last_contact_on=date(2026, 11, 1))
        InteractionFactory(workplace=place)
        PlacementFactory(slot__workplace=place)
        active_agreement(workplace=place)
    people = {name: UserFactory(username=name) for name in ("karen", "mette", "ali")}

    demo.make(people, today)

    assert (Target.objects.open().count(), Target.objects.ended().count()) == (4, 1)
    assert all(target.goal <= 100 for target in Target.objects.filter(measure="in_year"))
    assert Target.objects.ended().get().is_reached
