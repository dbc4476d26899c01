"""The pages of hand-overs, as people press them."""

import re

import pytest
from django.urls import reverse

from contacts import handovers
from contacts.models import FollowUp, Handover
from jobcenter_crm.staff.roles import CASE_WORKER, MANAGER
from tests.factories import FollowUpFactory, HandoverFactory, InteractionFactory, UserFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

LIST, NEW = "/handovers/", "/handovers/new/"


@pytest.fixture
def mine(client_for, owner):
    return client_for(owner)


@pytest.fixture
def theirs(client_for, colleague):
    return client_for(colleague)


@pytest.fixture
def boss(client_for, person_in):
    return client_for(person_in(MANAGER))


def mark_on(page):
    return re.search(r'name="mark" value="([^"]+)"', page.text)[1]


def undo_of(answer):
    return re.search(r'action="(/[^"]*(?:withdraw|undo)[^"]*)"', answer.text)[1].replace("&amp;", "&")


def owners(*places):
    for place in places:
        place.refresh_from_db()
    return [place.owner for place in places]


def hand_over(client, url, to, **more):
    return client.post(url, {"to": to.pk, "mark": mark_on(client.get(url)), **more}, follow=True)


def test_workplaces_are_offered_and_accepted_in_one_tap(mine, theirs, owner, colleague):
    places = [WorkplaceFactory(owner=owner, name=name) for name in ("Bageren", "Smeden")]
    FollowUpFactory(workplace=places[0], owner=owner)
    url = f"{NEW}?at={places[0].pk}&at={places[1].pk}"

    page = mine.get(url)
    answer = hand_over(mine, url, colleague, note="Ask for Karl")
    handover = Handover.objects.get()

    assert "2 workplaces:" in page.text
    assert "Along go 1 open follow-up." in page.text
    assert "Offered to Carl Colleague." in answer.text
    assert owners(*places) == [owner, owner]
    assert "Ask for Karl" in theirs.get(LIST).text
    accepted = theirs.post("/handovers/accept/", {"of": handover.pk}, follow=True)
    assert owners(*places) == [colleague, colleague]
    assert "2 handed over. Along went 1 open follow-up." in accepted.text
    undone = theirs.post(undo_of(accepted), follow=True)
    assert "Taken back." in undone.text
    assert owners(*places) == [owner, owner]


def test_any_number_is_accepted_at_once(theirs, colleague):
    for _one in range(3):
        place = WorkplaceFactory(owner=UserFactory())
        HandoverFactory(giver=place.owner, to=colleague, workplaces=[place])
    others = HandoverFactory(workplaces=[])
    page = theirs.get(LIST)

    answer = theirs.post("/handovers/accept/", {"of": [*Handover.objects.values_list("pk", flat=True)]}, follow=True)

    assert "Accept all 3" in page.text
    assert "3 handed over." in answer.text
    others.refresh_from_db()
    assert others.is_open
    assert "There is nothing here that waits" in theirs.post("/handovers/accept/", {"of": "x"}, follow=True).text


def test_what_has_changed_since_it_was_shown_is_shown_again(mine, owner, colleague):
    one, other = WorkplaceFactory(owner=owner), WorkplaceFactory(owner=owner)
    url = f"{NEW}?at={one.pk}&at={other.pk}"
    mark = mark_on(mine.get(url))
    type(other).objects.filter(pk=other.pk).update(owner=colleague)

    answer = mine.post(url, {"to": colleague.pk, "mark": mark, "note": "Ask for Karl"})

    assert answer.status_code == 422
    assert "It has changed since it was shown." in answer.text
    assert "Ask for Karl" in answer.text
    assert "Carl Colleague is responsible" in answer.text
    assert not Handover.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [({}, "Choose the colleague who gets it."), ({"note": "010190-1234"}, "The text holds a CPR number.")],
)
def test_errors_stand_beside_the_field_in_words(mine, owner, data, words):
    place = WorkplaceFactory(owner=owner)

    answer = mine.post(f"{NEW}?at={place.pk}", data)

    assert answer.status_code == 422
    assert words in answer.text


def test_what_is_not_mine_can_not_be_handed_over(mine, owner, colleague):
    nobodys, offered = WorkplaceFactory(), WorkplaceFactory(owner=owner)
    offer = HandoverFactory(giver=owner, workplaces=[offered])

    page = mine.get(f"{NEW}?at={nobodys.pk}&at={offered.pk}")

    assert "Nothing of this is yours to hand over." in page.text
    assert "nobody is responsible" in page.text
    assert f"has been offered to {offer.to} already" in page.text
    assert mine.get(f"{NEW}?from={colleague.pk}&all=1").status_code == 403


def test_all_that_one_has_is_handed_over_when_leaving(mine, owner, colleague):
    place, elsewhere = WorkplaceFactory(owner=owner), WorkplaceFactory(owner=colleague)
    FollowUpFactory(workplace=elsewhere, owner=owner, title="Send the paper")
    InteractionFactory(workplace=elsewhere, state="planned", created_by=owner)

    hand_over(mine, f"{NEW}?all=1", colleague)

    items = Handover.objects.get().items
    assert items.filter(workplace=place).exists()
    assert items.filter(follow_up__title="Send the paper").exists()
    assert items.filter(visit__workplace=elsewhere).exists()


def test_the_one_who_met_them_is_asked_whether_they_stay_the_one_who_opened_the_door(mine, owner):
    place = WorkplaceFactory(owner=owner)
    words = "I stay the one who opened the door"

    assert words not in mine.get(f"{NEW}?at={place.pk}").text
    InteractionFactory(workplace=place, channel="visit", created_by=owner)
    assert words in mine.get(f"{NEW}?at={place.pk}").text


def test_a_manager_hands_over_for_somebody_who_is_ill(boss, owner, colleague):
    place = WorkplaceFactory(owner=owner)

    answer = hand_over(boss, f"{NEW}?from={owner.pk}&at={place.pk}", colleague, assign="on")

    assert owners(place) == [colleague]
    assert "1 handed over." in answer.text
    boss.post(undo_of(answer))
    assert owners(place) == [owner]
    assert Handover.objects.get().state == "withdrawn"


def test_a_colleague_declines_with_a_word(mine, theirs, owner, colleague):
    handover = HandoverFactory(giver=owner, to=colleague, workplaces=[WorkplaceFactory(owner=owner)])
    url = reverse("contacts:decline_handover", args=[handover.pk])

    assert "Write a word about why." in theirs.post(url, {}).text
    assert "nothing here that waits" in mine.post(url, {"why": "No"}, follow=True).text
    answer = theirs.post(url, {"why": "I am full"}, follow=True)

    assert "Declined. It stays with Olga Owner." in answer.text
    assert "Carl Colleague declined: »I am full«" in mine.get(handover.get_absolute_url()).text


def test_an_offer_is_taken_back_by_whoever_made_it_or_given_back_by_a_manager(mine, theirs, boss, owner, colleague):
    one, other = (
        HandoverFactory(giver=owner, to=colleague, workplaces=[WorkplaceFactory(owner=owner)]) for _one in range(2)
    )

    theirs.post(reverse("contacts:withdraw_handover", args=[one.pk]))
    one.refresh_from_db()
    assert one.is_open
    mine.post(reverse("contacts:withdraw_handover", args=[one.pk]))
    assert "Give back" in boss.get(other.get_absolute_url()).text
    boss.post(reverse("contacts:withdraw_handover", args=[other.pk]))

    assert set(Handover.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_a_manager_settles_what_nobody_answers(boss, mine, owner, colleague):
    place = WorkplaceFactory(owner=owner)
    handover = HandoverFactory(giver=owner, to=colleague, workplaces=[place], escalated_at="2026-11-24T05:00:00+00:00")

    page = boss.get(f"{LIST}?show=unanswered")
    boss.post(reverse("contacts:settle_handover", args=[handover.pk]))

    assert "From Olga Owner to Carl Colleague" in page.text
    assert owners(place) == [colleague]
    assert mine.post(reverse("contacts:settle_handover", args=[handover.pk])).status_code == 403
    assert "Nobody has answered" not in mine.get(LIST).text


def test_a_matter_is_handed_over_by_its_owner(mine, theirs, owner, colleague):
    matter = FollowUpFactory(owner=owner, kind=FollowUp.Kind.MATTER, title="Wage subsidy for two")
    url = reverse("contacts:hand_over_follow_up", args=[matter.pk])

    assert "Olga Owner&#x27;s to hand over" in theirs.get(url, follow=True).text
    hand_over(mine, url, colleague)
    assert "Wage subsidy for two" in theirs.get(Handover.objects.get().get_absolute_url()).text
    theirs.post("/handovers/accept/", {"of": Handover.objects.get().pk})

    matter.refresh_from_db()
    assert matter.owner == colleague


def test_my_day_says_that_something_is_offered(theirs, owner, colleague):
    assert "Hand-overs to you" not in theirs.get("/").text
    HandoverFactory(giver=owner, to=colleague, workplaces=[WorkplaceFactory(owner=owner)])

    assert "Hand-overs to you: 1" in theirs.get("/").text


def chosen_in_register(client, *places):
    answer = client.post("/companies/bulk/", {"act": "hand_over", "row": [place.pk for place in places], "query": ""})
    return answer.url


def test_from_the_register_ones_own_are_offered(mine, owner, colleague):
    one, other, nobodys = WorkplaceFactory(owner=owner), WorkplaceFactory(owner=owner), WorkplaceFactory()
    draft = chosen_in_register(mine, one, other, nobodys)

    answer = mine.post(draft, {"to": colleague.pk}, follow=True)

    assert "2 workplaces offered to Carl Colleague." in answer.text
    assert set(Handover.objects.get().items.values_list("workplace", flat=True)) == {one.pk, other.pk}
    mine.post(undo_of(answer))
    assert Handover.objects.get().state == "withdrawn"


def test_from_the_register_a_manager_assigns_those_of_several(boss, owner, colleague):
    places = [WorkplaceFactory(owner=owner), WorkplaceFactory(), WorkplaceFactory(owner=UserFactory(is_active=False))]
    draft = chosen_in_register(boss, *places)

    answer = boss.post(draft, {"to": colleague.pk, "assign": "on"}, follow=True)

    assert "3 workplaces handed over to Carl Colleague." in answer.text
    assert owners(*places) == [colleague] * 3
    boss.post(undo_of(answer))
    assert owners(*places)[:2] == [owner, None]


def test_from_the_register_nothing_of_mine_is_refused_in_words(mine, colleague):
    draft = chosen_in_register(mine, WorkplaceFactory())

    answer = mine.post(draft, {"to": colleague.pk})

    assert answer.status_code == 422
    assert "None of these can be handed over" in answer.text


def test_the_card_offers_it_to_the_owner(mine, theirs, owner):
    place = WorkplaceFactory(owner=owner)
    link = f"{NEW}?at={place.pk}"

    assert link in mine.get(place.get_absolute_url()).text
    assert link not in theirs.get(place.get_absolute_url()).text


@pytest.mark.parametrize("rows", [1, 20])
def test_the_pages_ask_the_same_questions_however_long_they_are(
    theirs, mine, owner, colleague, rows, django_assert_num_queries
):
    for _one in range(rows):
        HandoverFactory(giver=owner, to=colleague, workplaces=[WorkplaceFactory(owner=owner)])
    long = HandoverFactory(giver=owner, to=colleague, workplaces=WorkplaceFactory.create_batch(rows, owner=owner))
    places = "&".join(f"at={place.pk}" for place in WorkplaceFactory.create_batch(rows, owner=owner))

    with django_assert_num_queries(LIST_QUERIES):
        theirs.get(LIST)
    with django_assert_num_queries(PAGE_QUERIES):
        theirs.get(long.get_absolute_url())
    with django_assert_num_queries(FORM_QUERIES):
        mine.get(f"{NEW}?{places}")


def test_whoever_does_not_contact_employers_gets_follow_ups_and_no_workplaces(mine, owner, colleague, person_in):
    case_worker, nobody_yet = person_in(CASE_WORKER), UserFactory()
    place = WorkplaceFactory(owner=owner)
    promised = FollowUpFactory(owner=owner)
    planned = InteractionFactory(state="planned", created_by=owner)

    def offered_to(query):
        return set(mine.get(f"{NEW}?{query}").context["form"].fields["to"].queryset)

    assert offered_to(f"at={place.pk}") == {colleague}
    assert offered_to(f"at={place.pk}&follow_up={promised.pk}") == {colleague}
    assert offered_to(f"visit={planned.pk}") == {colleague}
    assert offered_to(f"follow_up={promised.pk}") == {colleague, case_worker}
    assert nobody_yet not in offered_to(f"follow_up={promised.pk}")


def test_a_hand_over_of_what_nobody_had_says_so(theirs, boss, colleague):
    HandoverFactory(giver=None, to=colleague, offered_by=UserFactory(), workplaces=[WorkplaceFactory()])

    assert "Was without responsible" in theirs.get(LIST).text
    assert f"Without responsible, to {colleague}" in boss.get(f"{LIST}?show=all").text


def test_the_card_tells_of_an_open_offer_until_it_is_answered(mine, theirs, owner, colleague):
    place = WorkplaceFactory(owner=owner)
    handovers.withdraw(handover=HandoverFactory(giver=owner, workplaces=[place]), by=owner)
    offer = HandoverFactory(giver=owner, to=colleague, workplaces=[place])
    words = f'<a href="{offer.get_absolute_url()}">Offered to {colleague}</a>'

    before = mine.get(place.get_absolute_url())
    theirs.post("/handovers/accept/", {"of": offer.pk})

    assert words in before.text
    assert "Offered to" not in mine.get(place.get_absolute_url()).text


# The frame's 5; count, rows, what waits.
LIST_QUERIES = 8
PAGE_QUERIES = 16
FORM_QUERIES = 14


def test_a_case_worker_sees_no_workplaces_to_take(client_for, person_in):
    page = client_for(person_in(CASE_WORKER)).get(LIST)

    assert "Nobody has handed anything over to you." in page.text
    assert "/handovers/without/" not in page.text
