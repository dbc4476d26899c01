"""What two agreements of the demo hold besides."""

from datetime import date

import pytest

from jobcenter_crm.desk.demo import agreement_parts
from partnerships import centres
from partnerships.models import AgreementVersion, Punch
from tests.factories import AgreementFactory, PersonFactory, UserFactory, WorkplaceFactory, active_agreement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


def test_a_draft_becomes_a_network_with_members_and_mentors():
    for name in ("Tømrer Skov og Søn", "Snedkeriet Kvist og Gren I/S"):
        PersonFactory(workplace=WorkplaceFactory(name=name))
    agreement = AgreementFactory(kind="centre", starts_on=date(2026, 5, 12))
    PersonFactory(workplace=agreement.workplace, role="mentor", name="Bo Lind")

    centre = agreement_parts.centre_for(agreement, agreement.owner, TODAY)

    shown = centres.for_card(agreement, agreement.owner, TODAY)
    assert (centre.form, centre.places, len(shown.groups)) == ("network", 6, 2)
    assert [member.places for member in shown.members] == [2, 1]
    assert shown.mentors[0].person.name == "Bo Lind"
    assert (shown.hours, shown.untrained) == (6.5, 1)
    assert not AgreementVersion.objects.exists()


def test_a_service_agreement_has_used_half_a_card_and_told_of_its_absence():
    people = {name: UserFactory(username=name) for name in ("ali", "nanna", "peter")}
    agreement = active_agreement(kind="service")

    card = agreement_parts.service_for(agreement, people, TODAY)

    card.refresh_from_db()
    assert card.used == Punch.objects.count() == len(agreement_parts.PUNCHES)
    assert agreement.terms.hotline_by == people["nanna"]
    figures = agreement.absence_figures
    assert figures.count() == len(agreement_parts.ABSENCE)
    assert (figures.last().year, figures.last().quarter) == (2026, 3)
    assert figures.last().history.get().history_date.date() == date(2026, 10, 20)
