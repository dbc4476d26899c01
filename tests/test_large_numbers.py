"""What names a row in a page's links and forms is its number as it is, not as people read it."""

import re
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from partnerships.models import Review
from tests.factories import (
    AbsenceFigureFactory,
    CentreMemberFactory,
    CompanyCentreFactory,
    ContactPlanTargetFactory,
    EffectFactory,
    FollowUpFactory,
    HandoverFactory,
    InteractionFactory,
    MentorFactory,
    PersonFactory,
    PlacementFactory,
    PunchCardFactory,
    PunchFactory,
    ReservationFactory,
    ServiceFactory,
    ServiceUseFactory,
    SlotFactory,
    StayFactory,
    WorkplaceFactory,
    active_agreement,
)


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_row_with_a_large_number_is_named_by_it_in_every_link_and_form(client_for, person_in, language):
    """Figures on a page are grouped by thousands, "1.234.567"; what a link or a form names is none."""
    person = person_in("Employer consultant")
    person.user_permissions.set(
        Permission.objects.filter(content_type__app_label__in=["companies", "contacts", "partnerships", "placements"])
    )
    place = WorkplaceFactory(pk=1234567, tier=1, owner=person, tier_since=date(2020, 1, 5))
    FollowUpFactory(pk=2234567, workplace=place, owner=person)
    somebody = PersonFactory(pk=4234567, workplace=place)
    twin = WorkplaceFactory(
        pk=3234567, company=place.company, p_number=None, name=place.name, postcode=place.postcode, street="Vej 2"
    )
    target = ContactPlanTargetFactory(pk=1234568, plan__pk=2234568, plan__participants=[person], workplace=place)
    offered = HandoverFactory(pk=1234567, giver=person, workplaces=[twin])
    service = ServiceFactory(pk=2345678)
    InteractionFactory(pk=3234568, workplace=place, created_by=person).services.set([service])
    ServiceUseFactory(pk=1234568, workplace=twin, service=service)
    centre = CompanyCentreFactory(agreement__pk=1234567, agreement__owner=person, agreement__workplace=place)
    member = CentreMemberFactory(pk=1234567, centre=centre, workplace__pk=4234568)
    mentor = MentorFactory(pk=2234567, centre=centre, person=somebody)
    helped = active_agreement(pk=2234567, kind="service", owner=person, workplace__pk=3234568)
    card = PunchCardFactory(pk=3234567, agreement=helped, clips=500)
    PunchFactory(pk=4234567, card=card, by=person)
    figure = AbsenceFigureFactory(pk=1234568, agreement=helped)
    other = WorkplaceFactory(pk=2234568, owner=person)
    agreement = active_agreement(pk=4234567, workplace=other, owner=person, review_on=timezone.localdate())
    Review.objects.filter(pk=agreement.reviews.get().pk).update(id=4234568)
    InteractionFactory(pk=3234570, workplace=other, state="planned", created_by=person)
    slot = SlotFactory(pk=1234567, workplace=place, owner=person, agreement=centre.agreement, contact=somebody)
    running = PlacementFactory(pk=2234567, slot=slot)
    stay = StayFactory(pk=3234567, placement=running)
    over = PlacementFactory(
        pk=4234567, slot=slot, ended_on=date(2026, 1, 20), starts_on=date(2026, 1, 2), end_reason="other"
    )
    EffectFactory(placement=over, recorded_by=person)
    held = ReservationFactory(pk=1234568, slot=slot)
    client = client_for(person)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    pages = [
        "/",
        "/companies/",
        place.get_absolute_url(),
        twin.get_absolute_url(),
        "/slots/",
        f"/slots/new/?workplace={place.pk}",
        f"/slots/new/?q={place.company.cvr_number}",
        slot.get_absolute_url(),
        f"{slot.get_absolute_url()}change/",
        f"{slot.get_absolute_url()}pause/",
        f"/companies/{place.pk}/hosting/",
        "/services/",
        service.get_absolute_url(),
        f"/companies/{place.pk}/services/add/",
        f"/contacts/log/?workplace={place.pk}",
        f"/contacts/plan/?workplace={place.pk}",
        f"/contacts/log/?q={place.company.cvr_number}",
        "/due/",
        "/waiting/",
        f"/due/plan/?at={place.pk}",
        f"/due/take/?at={place.pk}",
        f"/due/release/?at={place.pk}",
        f"/search/suggestions/?q={place.company.cvr_number}",
        f"/handovers/new/?at={place.pk}",
        "/handovers/?show=mine",
        offered.get_absolute_url(),
        somebody.get_absolute_url(),
        target.plan.get_absolute_url(),
        "/contact-plans/",
        f"/contact-plans/{target.plan.pk}/fill/",
        f"/contact-plans/{target.plan.pk}/share/?how=hand&target={target.pk}&to={person.pk}",
        agreement.get_absolute_url(),
        "/reviews/4234568/",
        "/reviews/4234568/move/",
        f"/agreements/{agreement.pk}/call-review/",
        "/companies/duplicates/",
        slot.get_absolute_url(),
        "/slots/find/",
        "/slots/find/?offers=bus",
        f"/slots/{slot.pk}/reserve/",
        "/reservations/2234567/meeting-held/",
        "/reservations/2234567/give-back/",
        centre.agreement.get_absolute_url(),
        f"/agreements/{centre.pk}/centre/",
        f"/agreements/{centre.pk}/members/?q={place.company.cvr_number}",
        f"/agreements/{centre.pk}/members/?workplace={twin.pk}",
        f"/agreements/members/{member.pk}/",
        f"/agreements/{centre.pk}/mentors/",
        f"/agreements/mentors/{mentor.pk}/",
        helped.get_absolute_url(),
        f"/agreements/{helped.pk}/terms/",
        f"/agreements/{helped.pk}/punch-cards/",
        f"/agreements/punch-cards/{card.pk}/",
        f"/agreements/punch-cards/{card.pk}/punch/",
        f"/agreements/{helped.pk}/absence/",
        f"/agreements/absence/{figure.pk}/",
        f"/slots/{slot.pk}/start/?reservation={held.pk}",
        "/placements/",
        running.get_absolute_url(),
        f"/placements/{running.pk}/extend/",
        f"/placements/{running.pk}/end/",
        f"/placements/{running.pk}/stays/",
        f"/placements/stays/{stay.pk}/",
        over.get_absolute_url(),
        f"/placements/{over.pk}/effect/",
        f"/companies/merge/?kind=workplace&a={place.pk}",
        f"/companies/merge/?kind=workplace&a={place.pk}&b={twin.pk}",
    ]

    for url in pages:
        text = client.get(url).text
        named = re.findall(r'(?:href|value|action|id|name|for|data-[a-z-]+|hx-[a-z]+)="([^"]*)"', text)
        assert [one for one in named if re.search(r"[1-4][.,]234[.,]56[789]", one)] == [], url
        assert re.search("23456[789]", " ".join(named)), url
