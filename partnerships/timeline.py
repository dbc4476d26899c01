"""What the timeline of a workplace tells of its agreements: the steps that they have taken, and the reviews that were held."""

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.timeline import CONTACTS, Event, Kind, columns, register
from partnerships.models import Agreement, AgreementPlace, AgreementStep, Review

ICON = "file-earmark-text"


def _here(workplace):
    """The condition that something is of an agreement that `AgreementQuerySet.at` finds."""
    named = AgreementPlace.objects.filter(workplace=workplace).order_by().values("agreement")
    return Q(agreement__in=named) | Q(agreement__covers_all=True, agreement__company=workplace.company_id)


_AGREEMENT = {"what": "agreement__kind", "about": "agreement__title"}


def _agreement(row):
    return str(Agreement(kind=row.what, title=row.about))


def _steps(today):
    rows = AgreementStep.objects.exclude(state=Agreement.State.DRAFT)
    return columns(rows, F("on"), of="agreement_id", who="by", state="state", why="why", **_AGREEMENT)


def _step(row, today):
    url = reverse("partnerships:agreement", args=[row.of])
    label = str(Agreement.State(row.state).label)
    return Event(row.day, _agreement(row), ICON, url, label=label, more=row.said(row.why))


def _reviews(today):
    facts = {"number": "agreement__review_every", "state": "decision", "why": "decided"}
    return columns(Review.objects.held(), F("held_on"), **facts, **_AGREEMENT)


def _review(row, today):
    words = _("Yearly review") if Agreement(review_every=row.number).is_yearly else _("Review")
    url = reverse("partnerships:review", args=[row.of])
    label = str(Review.Decision(row.state).label)
    return Event(row.day, words, ICON, url, _agreement(row), label, note=row.why)


def declare():
    """The kinds of this app; once, when the app is ready."""
    register(
        Kind("agreement", CONTACTS, ("partnerships.view_agreement",), _steps, _here, _step),
        Kind("review", CONTACTS, ("partnerships.view_agreement",), _reviews, _here, _review),
    )
