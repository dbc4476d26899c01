"""Agreements when their workplace is handed over, and when a workplace is merged."""

from datetime import date

import pytest

from companies import merging
from contacts import handovers
from contacts.models import FollowUp
from tests.factories import AgreementFactory, WorkplaceFactory, active_agreement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def test_an_agreement_and_its_review_go_along_and_come_back(owner, colleague):
    workplace = WorkplaceFactory(owner=owner)
    agreement = active_agreement(owner=owner, workplace=workplace, review_on=date(2026, 12, 1))
    theirs = AgreementFactory(workplace=workplace, owner=colleague, kind="intent")

    offer = handovers.offer(giver=owner, to=colleague, by=owner, workplaces=[workplace.pk])
    (outcome,) = handovers.accept(handovers=[offer], by=colleague)

    agreement.refresh_from_db()
    assert (agreement.owner, FollowUp.objects.open().get().owner) == (colleague, colleague)
    assert "1 agreement" in outcome.along_in_words
    assert agreement.history.first().history_user == colleague

    left = handovers.undo(handover=outcome.handover, by=colleague)

    agreement.refresh_from_db()
    theirs.refresh_from_db()
    assert (left, agreement.owner, theirs.owner) == (0, owner, colleague)
    assert FollowUp.objects.open().get().owner == owner


def test_an_agreement_moves_along_when_its_workplace_is_merged(owner):
    kept = WorkplaceFactory()
    merged = WorkplaceFactory(company=kept.company)
    agreement = active_agreement(owner=owner, workplace=merged)

    merging.merge(kept=kept, merged=merged, choices=set(), by=owner)

    agreement.refresh_from_db()
    assert (agreement.workplace, list(agreement.places.all())) == (kept, [kept])
