"""The pages of a service agreement: its terms, punch cards and punches, and figures of sickness absence."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from contacts.actions import NotNow
from contacts.models import Person
from jobcenter_crm.frame.pages import back
from partnerships import absence as figures
from partnerships import punch_cards, service_terms, steps
from partnerships.models import AbsenceFigure, Agreement, Punch, PunchCard, ServiceTerms
from partnerships.service_forms import AbsenceForm, CardForm, PunchForm, TermsForm
from partnerships.sheets import over_says, sheet, taken

CHANGE = "partnerships.change_agreement"
PUNCH = "partnerships.change_punchcard"
# As many punches as are read at a glance; the rest is folded away.
SHOWN = 5


@dataclass
class CardShown:
    """A punch card with what is told of it."""

    card: PunchCard
    punches: list
    today: object
    may_punch: bool
    may_change: bool

    @property
    def is_over(self):
        return self.card.is_over(self.today)

    @property
    def has_expired(self):
        return self.card.expires_on < self.today

    @property
    def expires_soon(self):
        return self.card.expires_soon(self.today)

    @property
    def first(self):
        return self.punches[:SHOWN]

    @property
    def rest(self):
        return self.punches[SHOWN:]


@dataclass
class OnCard:
    """What the card of a service agreement shows of it; `absence` is None for those who may not see any."""

    terms: ServiceTerms | None
    may_change: bool
    may_make_cards: bool
    cards: list
    earlier_cards: list
    absence: figures.OnCard | None


def for_card(agreement, user, today):
    """What the card shows of a service agreement, in five statements at most."""
    terms = ServiceTerms.objects.filter(agreement=agreement).select_related("hotline_by", "posted_by").first()
    may_punch = user.has_perm(PUNCH)
    now = timezone.now()
    punches = Punch.objects.select_related("by", "used_by", "taken_back_by")
    cards, earlier = [], []
    for card in agreement.punch_cards.prefetch_related(Prefetch("punches", punches)):
        rows = list(card.punches.all())
        for punch in rows:
            punch.may_be_taken_back = may_punch and punch_cards.may_take_back(punch, user, now)
        shown = CardShown(
            card, rows, today, may_punch and agreement.is_active and card.left > 0, may_punch and not agreement.is_over
        )
        (earlier if shown.is_over and cards else cards).append(shown)
    return OnCard(
        terms,
        not agreement.is_over and user.has_perm(CHANGE),
        not agreement.is_over and may_punch,
        cards,
        earlier,
        figures.for_card(agreement, user),
    )


def _service_agreement(pk):
    rows = Agreement.objects.select_related("company", "workplace", "owner").filter(kind=Agreement.Kind.SERVICE)
    return get_object_or_404(rows, pk=pk)


# --- Terms ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def terms(request, pk):
    """Write the terms of a service agreement, the first time or anew."""
    agreement = _service_agreement(pk)
    if over := over_says(request, agreement):
        return over
    known = ServiceTerms.objects.filter(agreement=agreement).first()
    data = request.POST if request.method == "POST" else None
    form = TermsForm(data, instance=known or ServiceTerms(agreement=agreement), agreement=agreement)
    if data is not None and form.is_valid():
        is_done, _terms = taken(
            form, lambda **facts: service_terms.write(agreement=agreement, by=request.user, **facts)
        )
        if is_done:
            messages.success(request, _("The terms are saved."))
            return back(request, agreement)
    title = _("Change the terms") if known else _("Write the terms")
    return sheet(request, form, agreement, title)


# --- Punch cards ---------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(PUNCH, raise_exception=True)
def add_punch_card(request, pk):
    """A new punch card of a service agreement."""
    agreement = _service_agreement(pk)
    if over := over_says(request, agreement):
        return over
    data = request.POST if request.method == "POST" else None
    form = CardForm(data, today=timezone.localdate())
    if data is not None and form.is_valid():
        is_done, card = taken(form, lambda **facts: punch_cards.make(agreement=agreement, by=request.user, **facts))
        if is_done:
            n = card.clips
            words = ngettext("The punch card with %(n)s clip is made.", "The punch card with %(n)s clips is made.", n)
            messages.success(request, words % {"n": n})
            return back(request, agreement)
    return sheet(request, form, agreement, _("Make a punch card"))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(PUNCH, raise_exception=True)
def punch_card(request, pk):
    """Put right what a punch card says: how many clips, of whose help, and until when."""
    card = _card(pk)
    if over := over_says(request, card.agreement):
        return over
    data = request.POST if request.method == "POST" else None
    form = CardForm(data, today=timezone.localdate(), card=card)
    if data is not None and form.is_valid():
        is_done, _changed = taken(form, lambda **facts: punch_cards.change(card=card, by=request.user, **facts))
        if is_done:
            messages.success(request, _("The punch card is saved."))
            return back(request, card.agreement)
    return sheet(request, form, card.agreement, _("Change the punch card"))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(PUNCH, raise_exception=True)
def punch(request, pk):
    """Use one clip of a card. What was typed stays in the form when there is none to use."""
    card, today = _card(pk), timezone.localdate()
    agreement = card.agreement
    people = Person.objects.at_any_of(steps.places_of(agreement)).current()
    data = request.POST if request.method == "POST" else None
    form = PunchForm(data, card=card, people=people, user=request.user, today=today)
    if data is not None and form.is_valid():
        is_done, used = taken(form, lambda **facts: punch_cards.punch(card=card, by=request.user, **facts))
        if is_done:
            messages.success(
                request, _left(card), extra_tags=f"undo:{reverse('partnerships:take_back_punch', args=[used.pk])}"
            )
            return back(request, agreement)
        card.refresh_from_db()
    return sheet(
        request, form, agreement, _("Use a clip"), template="partnerships/punch_form.html", card=card, today=today
    )


def _left(card):
    card.refresh_from_db(fields=["used", "clips"])
    words = ngettext("One clip used. %(n)s of %(all)s is left.", "One clip used. %(n)s of %(all)s are left.", card.left)
    return words % {"n": card.left, "all": card.clips}


@require_POST
@permission_required(PUNCH, raise_exception=True)
def take_back_punch(request, pk):
    """A clip was used by mistake: it is on the card again."""
    punch = get_object_or_404(Punch.objects.select_related("card__agreement"), pk=pk)
    try:
        punch_cards.take_back(punch=punch, by=request.user)
        messages.success(request, _("Taken back: %(what)s. The clip is on the card again.") % {"what": punch.used_for})
    except NotNow as not_now:
        messages.error(request, str(not_now))
    return back(request, punch.card.agreement)


def _card(pk):
    return get_object_or_404(PunchCard.objects.select_related("agreement__workplace", "agreement__company"), pk=pk)


# --- Sickness absence ----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(["partnerships.view_absencefigure", "partnerships.change_absencefigure"], raise_exception=True)
def add_absence(request, pk):
    """Write the sickness absence of a workplace in a quarter; for the responsible consultant and managers."""
    agreement = _service_agreement(pk)
    if not figures.may_see(request.user, agreement):
        raise PermissionDenied
    if over := over_says(request, agreement):
        return over
    data, today = request.POST if request.method == "POST" else None, timezone.localdate()
    form = AbsenceForm(data, today=today, agreement=agreement)
    if data is not None and form.is_valid():
        is_done, figure = taken(
            form, lambda **facts: figures.write(agreement=agreement, by=request.user, today=today, **facts)
        )
        if is_done:
            messages.success(request, _saved(figure))
            return back(request, agreement)
    return sheet(request, form, agreement, _("Sickness absence of a quarter"))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(["partnerships.view_absencefigure", "partnerships.change_absencefigure"], raise_exception=True)
def absence(request, pk):
    """Put a figure of sickness absence right; what it was before is told below."""
    rows = AbsenceFigure.objects.select_related("workplace", "agreement__workplace", "agreement__company")
    figure = get_object_or_404(rows, pk=pk)
    agreement = figure.agreement
    if not figures.may_see(request.user, agreement):
        raise PermissionDenied
    if over := over_says(request, agreement):
        return over
    data = request.POST if request.method == "POST" else None
    form = AbsenceForm(data, today=timezone.localdate(), agreement=agreement, figure=figure)
    if data is not None and form.is_valid():
        is_done, _figure = taken(form, lambda **facts: figures.change(figure=figure, by=request.user, **facts))
        if is_done:
            messages.success(request, _saved(figure))
            return back(request, agreement)
    earlier = figure.history.select_related("history_user").order_by("-history_date", "-history_id")[1:]
    title = f"{figure.workplace.name}, {figures.quarter_in_words(figure.year, figure.quarter)}"
    return sheet(request, form, agreement, title, template="partnerships/absence_form.html", earlier=earlier)


def _saved(figure):
    return _("%(quarter)s is saved.") % {"quarter": figures.quarter_in_words(figure.year, figure.quarter)}
