"""The page of a review, what the card and my day show of it, and how one is planned, called and moved."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from contacts.models import FollowUp, Interaction
from jobcenter_crm.staff.roles import CASE_WORKER
from partnerships import reviews, steps, year_figures
from partnerships.models import Agreement, PunchCard, Review
from tests.conftest import member
from tests.factories import (
    FollowUpFactory,
    InteractionFactory,
    PersonFactory,
    UserFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


def due(days=10, **facts):
    return active_agreement(review_on=TODAY + timedelta(days=days), **facts).reviews.get()


@pytest.fixture
def review(owner):
    return due(owner=owner, title="the kitchen", workplace=WorkplaceFactory(owner=owner, tier=1))


@pytest.fixture
def client(client_for, owner):
    return client_for(owner)


def address(review, page="review"):
    return reverse(f"partnerships:{page}", args=[review.pk])


def answers(owner, **changed):
    known = {
        "held_on": "2026-11-24", "staff": [owner.pk], "they_found": "The places are used", "their_rating": "4",
        "we_found": "", "our_rating": "", "decision": "continue", "decided": "", "next_on": "2027-11-24",
        "last_day": "2026-11-24",
    }  # fmt: skip
    return known | changed


def said(answer):
    return [str(message) for message in answer.context["messages"]]


# --- Holding it ----------------------------------------------------------------------------------


def test_the_page_is_prepared_with_figures_people_and_the_day_of_the_next_one(client, owner, review):
    person = PersonFactory(workplace=review.agreement.workplace, name="Karl Bødker")
    InteractionFactory(workplace=review.agreement.workplace, channel="visit", created_by=owner, outcome="agreed")

    page = client.get(address(review)).text

    assert "To be held by 4 December 2026" in page
    assert "Karl Bødker" in page
    assert f'value="{person.pk}"' in page
    assert "since 1 March 2026" in page
    assert "Place agreed: 1" in page
    assert 'value="2027-11-24"' in page


def test_it_is_written_and_says_when_the_next_one_comes(client, owner, review):
    answer = client.post(address(review, "hold_review"), answers(owner), follow=True)

    assert answer.redirect_chain[-1][0] == review.agreement.get_absolute_url()
    assert said(answer) == ["The review is written. The next one is to be held by 24 November 2027."]
    held = Review.objects.held().get()
    assert (held.they_found, held.their_rating, held.our_rating) == ("The places are used", 4, None)
    assert "4 of 5" in answer.text


def test_sent_twice_it_is_written_once(client, owner, review):
    client.post(address(review, "hold_review"), answers(owner))

    answer = client.post(address(review, "hold_review"), answers(owner))

    assert answer.status_code == 302
    assert Review.objects.held().count() == 1


def test_what_was_written_is_not_lost_when_a_colleague_was_quicker(client_for, owner, colleague, review):
    reviews.hold(review=review, by=colleague, held_on=TODAY, decision="continue", staff=[colleague], we_found="Well")

    answer = client_for(owner).post(address(review, "hold_review"), answers(owner))

    assert answer.status_code == 422
    assert f"{colleague} has written this review already" in answer.text
    assert "The places are used" in answer.text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"held_on": "2026-11-25"}, "held_on"),
        ({"held_on": ""}, "held_on"),
        ({"staff": []}, "staff"),
        ({"they_found": ""}, "they_found"),
        ({"decision": ""}, "decision"),
        ({"next_on": ""}, "next_on"),
        ({"next_on": "2026-11-24"}, "next_on"),
        ({"next_on": "x"}, "next_on"),
        ({"decision": "change"}, "decided"),
        ({"decision": "end"}, "decided"),
        ({"decision": "end", "decided": "Over", "last_day": ""}, "last_day"),
        ({"decision": "end", "decided": "Over", "last_day": "2026-02-01"}, "last_day"),
        ({"their_rating": "6"}, "their_rating"),
        ({"they_found": "Ring 010190-1234"}, "they_found"),
        ({"we_found": "Ring 010190-1234"}, "we_found"),
        ({"decided": "Ring 010190-1234"}, "decided"),
        ({"persons": ["999999"]}, "persons"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(client, owner, review, changed, field):
    answer = client.post(address(review, "hold_review"), {"we_found": "Kept"} | answers(owner, **changed))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Review.objects.open().get() == review


def test_a_day_that_belongs_to_another_decision_is_in_nobodys_way(client, owner, review):
    ended = answers(owner, decision="end", decided="They move", next_on="nonsense", last_day="2026-12-31")

    answer = client.post(address(review, "hold_review"), ended, follow=True)

    assert said(answer) == ["The review is written, and the agreement ends on 31 December 2026."]
    assert Agreement.objects.get().state == "ended"


@pytest.mark.parametrize("decision", ["continue", "end"])
def test_it_can_be_taken_back_at_once_and_what_was_written_is_in_the_form(client, owner, review, decision):
    client.post(address(review, "hold_review"), answers(owner, decision=decision, decided="So"))

    answer = client.post(address(review, "take_back_review"), follow=True)

    assert said(answer)[-1] == "Taken back. What you wrote is here."
    assert "The places are used" in answer.text
    assert Review.objects.get() == review


def test_who_may_only_read_sees_it_without_a_form(client_for, owner, review):
    reader = member(CASE_WORKER, "reader")

    before = client_for(reader).get(address(review)).text
    reviews.hold(review=review, by=owner, held_on=TODAY, decision="continue", staff=[owner], we_found="All is well")
    after = client_for(reader).get(address(review)).text

    assert ("<textarea" in before, "not been held yet" in before) == (False, True)
    assert "All is well" in after
    assert "Change</a>" not in after


def test_what_was_written_is_put_right_by_its_author_alone(client_for, owner, colleague, review):
    reviews.hold(review=review, by=owner, held_on=TODAY, decision="continue", staff=[owner], we_found="All is wel")
    fields = {"staff": [owner.pk], "we_found": "All is well", "our_rating": "5"}

    others = client_for(colleague).post(address(review, "change_review"), fields, follow=True)
    client_for(owner).post(address(review, "change_review"), fields)
    wrong = client_for(owner).post(address(review, "change_review"), fields | {"we_found": "010190-1234"})

    review.refresh_from_db()
    assert said(others) == ["Only the one who wrote it can change it, and only within 24 hours."]
    assert (review.we_found, review.our_rating) == ("All is well", 5)
    assert wrong.status_code == 422


# --- Planning, calling, moving -------------------------------------------------------------------


def test_planning_it_fills_in_what_for_and_with_whom_and_is_noted_with_the_review(client, owner, review):
    place = review.agreement.workplace
    InteractionFactory(workplace=place, state="planned", on=TODAY, created_by=UserFactory())
    url = client.get(address(review)).context["plan_url"]

    form = client.get(url).context["form"]
    facts = {name: form[name].value() for name in ("purpose", "channel", "persons", "staff")}
    sent = facts | {"workplace": place.pk, "on": "2026-12-01", "for": f"review-{review.pk}", "next": "/"}
    answer = client.post(reverse("contacts:plan"), sent)

    review.refresh_from_db()
    assert facts["purpose"] == "Yearly review: Partnership, the kitchen"
    assert facts["persons"] == [review.agreement.signed_by_them_id]
    # A colleague's plan nearby asks nothing where it is about an agreement that holds.
    assert answer.status_code == 302
    assert review.meeting == Interaction.objects.get(on="2026-12-01")


@pytest.mark.parametrize("named", ["review-x", "review-99999999", "letter-1", "review", "-", "review-" + "9" * 30])
def test_what_an_address_names_wrongly_plans_a_contact_like_any_other(client, review, named):
    answer = client.get(reverse("contacts:plan"), {"workplace": review.agreement.workplace_id, "for": named})

    assert answer.status_code == 200
    assert answer.context["thing"] is None


def test_a_contact_that_is_planned_already_is_said_to_be_the_one(client, owner, review):
    contact = InteractionFactory(
        workplace=review.agreement.workplace, state="planned", on=TODAY + timedelta(days=2), created_by=owner
    )

    offered = client.get(address(review)).text
    wrong = client.post(address(review, "arrange_review"), {"contact": "9" * 30}, follow=True)
    answer = client.post(address(review, "arrange_review"), {"contact": contact.pk}, follow=True)

    assert "Hold it there" in offered
    assert said(wrong) == ["This contact is no longer planned."]
    assert said(answer) == ["The review is held on 26 November 2026."]
    assert "Hold it there" not in answer.text


def test_one_is_called_from_the_card(client, colleague, client_for, review):
    url = reverse("partnerships:call_review", args=[review.agreement_id])

    wrong = client_for(colleague).post(url, {"why": "Ring 010190-1234", "on": "2027-01-01"})
    answer = client_for(colleague).post(url, {"why": "The mentor has left", "on": "2026-11-27"}, follow=True)

    assert set(wrong.context["form"].errors) == {"why", "on"}
    assert said(answer) == ["A review is called, to be held by 27 November 2026."]
    assert f"Called by {colleague}: The mentor has left" in answer.text


def test_one_is_moved(client, review):
    wrong = client.post(address(review, "move_review"), {"on": "2026-11-01"})
    answer = client.post(address(review, "move_review"), {"on": "2026-12-24"}, follow=True)

    assert wrong.status_code == 422
    assert said(answer) == ["Moved to 24 December 2026."]
    assert FollowUp.objects.open().get().due_on == date(2026, 12, 24)


def test_nothing_is_called_or_moved_of_an_agreement_that_is_over(client, owner, review):
    steps.end(agreement=review.agreement, by=owner, on=TODAY, why="Over")

    called = client.get(reverse("partnerships:call_review", args=[review.agreement_id]), follow=True)
    moved = client.get(address(review, "move_review"), follow=True)

    assert said(called) == ["Only an active agreement is reviewed."]
    assert said(moved) == ["This review is not open any more."]
    assert "Not held: the agreement ended before." in moved.text


# --- The card and my day -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "facts", "sentence"),
    [
        (10, {}, "has not been arranged yet"),
        (-3, {}, "should have been held by 21 November 2026"),
        (-3, {"ends_on": TODAY - timedelta(days=3)}, "ran out on 21 November 2026"),
        (90, {}, ""),
    ],
    ids=["near", "late", "run out", "far"],
)
def test_the_card_says_what_the_review_waits_for(client, owner, days, facts, sentence):
    review = due(days, owner=owner, **facts)

    page = client.get(review.agreement.get_absolute_url())

    assert sentence in page.text
    assert bool(page.context["review_warning"]) == bool(sentence)
    assert "Not held yet" in page.text


def test_the_card_says_at_which_meeting_it_is_held(client, owner, review):
    contact = InteractionFactory(
        workplace=review.agreement.workplace, state="planned", channel="visit", on=date(2026, 12, 1), created_by=owner
    )
    reviews.arrange(review=review, by=owner, contact=contact)

    assert "A visit is planned for the review on 1 December 2026." in client.get(
        review.agreement.get_absolute_url()
    ).text  # fmt: skip


@pytest.mark.parametrize("held", [0, 12])
def test_pages_ask_the_same_of_the_database_however_much_there_is(client, owner, held, django_assert_num_queries):
    agreement = due(owner=owner, signed_on=date(2026, 1, 5)).agreement
    for _number in range(held):
        review = Review.objects.open().get()
        reviews.hold(
            review=review, by=owner, held_on=TODAY, decision="continue", staff=[owner], we_found="Well",
            persons=[agreement.signed_by_them], next_on=TODAY + timedelta(days=20),
        )  # fmt: skip
        PersonFactory(workplace=agreement.workplace)
        InteractionFactory(workplace=agreement.workplace, state="planned", on=TODAY, created_by=owner)
        FollowUpFactory(workplace=agreement.workplace, owner=owner)
    review = Review.objects.open().get()

    with django_assert_num_queries(PAGE):
        assert client.get(address(review)).status_code == 200
    with django_assert_num_queries(CARD):
        assert client.get(agreement.get_absolute_url()).status_code == 200


PAGE, CARD = 18, 15


def test_my_day_shows_reviews_to_come_once_and_only_ones_own(client, owner, colleague):
    soon = due(2, owner=owner, title="soon")
    near = due(40, owner=owner, title="near")
    due(90, owner=owner, title="far")
    due(40, owner=colleague, title="theirs")

    answer = client.get(reverse("desk:home"))

    assert answer.context["day"].reviews == [near]
    assert [task.follow_up.cause_id for task in answer.context["day"].this_week.shown] == [soon.pk]
    assert answer.text.count(f'href="{soon.get_absolute_url()}"') == 1
    assert answer.text.count(f'href="{near.get_absolute_url()}"') == 1


def test_a_follow_up_leads_to_its_review(client, review):
    page = client.get(reverse("contacts:follow_ups"), {"kind": "review"}).text

    assert f'href="{review.get_absolute_url()}"' in page


# --- Figures -------------------------------------------------------------------------------------


def figures(agreement, until=TODAY):
    return {
        one.name: one.words for one in year_figures.told(year_figures.collect(year_figures.year_of(agreement, until)))
    }


def test_figures_are_of_the_time_since_the_last_review_and_of_the_places_of_the_agreement(owner):
    here, elsewhere = WorkplaceFactory(), WorkplaceFactory()
    agreement = due(workplace=here, owner=owner, where=[WorkplaceFactory(company=here.company)]).agreement
    for day, channel, outcome in [
        (date(2026, 2, 27), "visit", "agreed"),
        (date(2026, 3, 2), "visit", "agreed"),
        (date(2026, 5, 4), "phone", "not_now"),
        (date(2026, 11, 25), "phone", "agreed"),
    ]:
        InteractionFactory(workplace=here, on=day, channel=channel, outcome=outcome, created_by=owner)
    InteractionFactory(workplace=elsewhere, on=date(2026, 5, 4), created_by=owner)
    on_time, late = (FollowUpFactory(workplace=here, owner=owner, due_on=date(2026, 6, day)) for day in (10, 8))
    on_time.finish(by=owner, at="2026-06-10T20:00:00Z")
    late.finish(by=owner, at="2026-06-09T06:00:00Z")

    assert figures(agreement) == {
        "contacts": "2", "meetings": "1", "outcomes": "Place agreed: 1, Not now: 1", "follow_ups": "1 of 2",
    }  # fmt: skip
    reviews.hold(
        review=agreement.reviews.get(), by=owner, held_on=date(2026, 4, 1), decision="continue", staff=[owner],
        we_found="Well", next_on=date(2026, 12, 1),
    )  # fmt: skip
    assert figures(agreement)["contacts"] == "1"


def test_figures_are_kept_as_they_were_and_read_in_the_language_of_the_reader(client, client_for, owner, review):
    InteractionFactory(workplace=review.agreement.workplace, created_by=owner, outcome="agreed")
    client.post(address(review, "hold_review"), answers(owner))
    InteractionFactory(workplace=review.agreement.workplace, created_by=owner)

    review.refresh_from_db()
    assert {"name": "contacts", "since": "2026-03-01", "value": 1} in review.figures
    assert {one.name: one.words for one in year_figures.told(review.figures)}["contacts"] == "1"
    assert "Place agreed: 1" in client.get(address(review)).text


def test_a_figure_that_no_app_knows_any_more_is_left_out():
    assert year_figures.told([{"name": "gone", "since": "2026-01-01", "value": 4}]) == []


def test_clips_are_told_of_service_agreements_without_those_taken_back(owner):
    agreement = due(kind="service", owner=owner).agreement
    card = PunchCard.objects.create(
        agreement=agreement, clips=10, used=1, issued_on=date(2026, 3, 1), expires_on=date(2027, 3, 1), created_by=owner
    )
    card.punches.create(expert="social", on=date(2026, 4, 1), used_for="A talk", by=owner)
    card.punches.create(
        expert="social", on=date(2026, 4, 1), used_for="A slip", by=owner, taken_back_at="2026-04-01T10:00:00Z",
        taken_back_by=owner,
    )  # fmt: skip

    assert figures(agreement)["clips"] == "1"


def test_two_figures_of_one_name_are_refused(monkeypatch):
    monkeypatch.setattr(year_figures, "_figures", dict(year_figures._figures))

    with pytest.raises(ValueError, match="contacts"):
        year_figures.register(year_figures.YearFigure("contacts", "Other", lambda *_all: 1))
