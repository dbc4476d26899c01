"""What people and the register do to agreements that nobody had in mind."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from contacts.actions import NotNow
from contacts.models import FollowUp
from partnerships import drafting, reviews, steps, year_figures
from partnerships.models import Agreement, Filing, Review
from partnerships.tasks import plan_reviews
from tests.factories import (
    AgreementFactory,
    AgreementGoalFactory,
    CompanyFactory,
    DocumentFactory,
    PersonFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TODAY = date(2026, 11, 24)


def held(agreement, owner, **more):
    return reviews.hold(
        review=agreement.reviews.open().get(), by=owner, held_on=TODAY, decision="continue", staff=[owner],
        they_found="Well", **more,
    )  # fmt: skip


def test_a_review_that_was_filed_is_not_taken_back(owner):
    agreement = active_agreement(owner=owner)
    review = held(agreement, owner)
    Filing.objects.create(agreement=agreement, review=review, filed_on=TODAY, number="26/1", by=owner)

    with pytest.raises(NotNow):
        reviews.take_back(review=review, by=owner)


def test_undoing_an_end_brings_the_very_review_back_with_what_was_promised(owner):
    agreement = active_agreement(owner=owner, review_on=TODAY + timedelta(days=10))
    review = agreement.reviews.get()
    reviews.call(review=review, by=owner, on=TODAY + timedelta(days=5), why="The mentor has left")
    steps.end(agreement=agreement, by=owner, on=TODAY, why="Over")

    steps.undo(agreement=agreement, by=owner)

    review.refresh_from_db()
    assert (review.is_open, review.called_why) == (True, "The mentor has left")
    assert Review.objects.filter(agreement=agreement).count() == 1
    assert FollowUp.objects.open().get().cause == review


@pytest.mark.parametrize("answer", ["no", "taken back"])
def test_undoing_an_answer_lets_the_proposal_wait_again(owner, answer):
    agreement = AgreementFactory(owner=owner)
    steps.propose(agreement=agreement, by=owner, on=TODAY, follow_up_on=date(2026, 12, 8))
    if answer == "no":
        steps.decline(agreement=agreement, by=owner, on=TODAY, why="No")
    else:
        steps.take_back_proposal(agreement=agreement, by=owner, on=TODAY)

    assert steps.undo(agreement=agreement, by=owner).is_proposed

    assert FollowUp.objects.open().get().kind == "proposal"


def test_an_end_is_not_undone_without_the_signed_file(owner):
    agreement = active_agreement(owner=owner)
    steps.end(agreement=agreement, by=owner, on=TODAY, why="Over")
    from partnerships import documents

    documents.erase(document=agreement.signed_document, by=owner, why="Wrong file")

    with pytest.raises(NotNow):
        steps.undo(agreement=agreement, by=owner)


def test_what_a_colleague_saved_meanwhile_is_not_written_over_until_it_was_seen(client_for, owner, colleague):
    agreement = AgreementFactory(owner=owner)
    client, url = client_for(owner), reverse("partnerships:change_agreement", args=[agreement.pk])
    seen = client.get(url).context["form"]["seen"].value()
    drafting.change(agreement=agreement, by=colleague, they_give="Three places")
    typed = {
        "owner": owner.pk, "review_every": 12, "purpose": "Mine", "we_give": "One number", "they_give": "Two places",
    }  # fmt: skip

    answer = client.post(url, typed | {"seen": seen})

    assert answer.status_code == 422
    assert "Carl Colleague has changed it meanwhile" in answer.text
    assert "Mine" in answer.text
    agreement.refresh_from_db()
    assert agreement.they_give == "Three places"
    answer = client.post(url, typed | {"seen": answer.context["form"]["seen"].value()})
    agreement.refresh_from_db()
    assert (answer.status_code, agreement.they_give) == (302, "Two places")


def test_a_form_sent_again_with_other_words_does_not_lose_them(owner):
    workplace, token = WorkplaceFactory(), uuid4()
    drafting.make(kind="intent", workplace=workplace, owner=owner, by=owner, token=token, purpose="One")

    with pytest.raises(NotNow):
        drafting.make(kind="intent", workplace=workplace, owner=owner, by=owner, token=token, purpose="Another")


def test_nobody_makes_themselves_responsible_for_a_service_agreement(client_for, owner, colleague):
    agreement = active_agreement(owner=owner, kind="service")
    url = reverse("partnerships:change_agreement", args=[agreement.pk])

    client_for(colleague).post(
        url,
        {
            "owner": colleague.pk, "review_every": 12, "purpose": agreement.purpose, "we_give": agreement.we_give,
            "they_give": agreement.they_give, "starts_on": agreement.starts_on, "note": "So",
        },
    )  # fmt: skip

    agreement.refresh_from_db()
    assert agreement.owner == owner


def test_how_many_goals_are_reached_does_not_tell_of_figures_for_few_eyes(owner):
    agreement = active_agreement(owner=owner, kind="service")
    AgreementGoalFactory(agreement=agreement, measure="absence", target=5, baseline=6)

    assert "goals" not in {one["name"] for one in year_figures.collect(year_figures.year_of(agreement, TODAY))}


def test_one_for_the_whole_company_stays_so_where_the_others_have_ceased(client_for, owner):
    agreement = AgreementFactory(owner=owner, covers_all=True)
    client, url = client_for(owner), reverse("partnerships:change_agreement", args=[agreement.pk])

    form = client.get(url).context["form"]

    assert form.has_others
    assert form.initial["scope"] == "all"


def test_the_register_moves_a_workplace_and_its_agreement_still_stands_in_the_way(owner):
    agreement = active_agreement(owner=owner)
    workplace = agreement.workplace
    workplace.company = CompanyFactory()
    workplace.save()
    second = AgreementFactory(workplace=workplace, owner=owner)

    with pytest.raises(steps.Overlaps):
        steps.propose(agreement=second, by=owner, on=TODAY)
    assert plan_reviews(TODAY)["moved"] == 1
    assert plan_reviews(TODAY)["moved"] == 0
    agreement.refresh_from_db()
    assert agreement.company == workplace.company


def test_one_that_has_not_begun_can_be_ended(client_for, owner):
    agreement = active_agreement(owner=owner, starts_on=TODAY + timedelta(days=30))

    client_for(owner).post(
        reverse("partnerships:end", args=[agreement.pk]), {"on": agreement.starts_on, "why": "They changed their mind"}
    )

    agreement.refresh_from_db()
    assert agreement.state == Agreement.State.ENDED


def test_one_that_ended_on_a_day_to_come_still_stands_in_the_way_until_then(owner):
    agreement = active_agreement(owner=owner)
    steps.end(agreement=agreement, by=owner, on=TODAY + timedelta(days=30), why="Over")
    second = AgreementFactory(workplace=agreement.workplace, owner=owner, starts_on=TODAY)
    third = AgreementFactory(workplace=agreement.workplace, owner=owner, starts_on=TODAY + timedelta(days=31))

    with pytest.raises(steps.Overlaps):
        steps.propose(agreement=second, by=owner, on=TODAY)
    assert steps.propose(agreement=third, by=owner, on=TODAY).is_proposed


def test_what_is_proposed_does_not_lose_what_it_must_say(owner):
    agreement = AgreementFactory(owner=owner)
    steps.propose(agreement=agreement, by=owner, on=TODAY)

    with pytest.raises(NotNow):
        drafting.change(agreement=agreement, by=owner, they_give=" ")


def test_signing_long_after_asks_for_the_day_of_the_first_review(client_for, owner):
    agreement = AgreementFactory(owner=owner)
    steps.propose(agreement=agreement, by=owner, on=TODAY)
    signer = PersonFactory(company=agreement.company, workplace=agreement.workplace)

    answer = client_for(owner).post(
        reverse("partnerships:sign", args=[agreement.pk]),
        {
            "signed_on": "2024-11-01", "starts_on": "2024-11-01", "signed_by_us": owner.pk, "signed_by_them": signer.pk,
            "new_person": "Another", "without_meeting": "on",
        },
    )  # fmt: skip

    assert set(answer.context["form"].errors) == {"review_on", "new_person", "file"}


def test_signing_for_many_workplaces_asks_as_much_as_for_few(owner, colleague, django_assert_max_num_queries):
    def sign(places):
        here = WorkplaceFactory()
        agreement = AgreementFactory(
            owner=owner, workplace=here, where=[WorkplaceFactory(company=here.company) for _one in range(places)]
        )
        steps.propose(agreement=agreement, by=owner, on=TODAY)
        document, signer = DocumentFactory(agreement=agreement), PersonFactory(company=here.company, workplace=here)
        with django_assert_max_num_queries(SIGNING):
            steps.activate(
                agreement=agreement, by=owner, signed_on=TODAY, signed_by_us=owner, signed_by_them=signer,
                document=document, starts_on=TODAY, daily=colleague,
            )  # fmt: skip

    sign(1)
    sign(30)


SIGNING = 48
