"""Reviews on a page: one to hold with its figures, one that was held, and what the card of an agreement shows of them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts import planned_for
from contacts.actions import NotNow
from contacts.models import Channel, Interaction, Person
from jobcenter_crm.frame.addresses import number
from jobcenter_crm.frame.pages import back
from partnerships import goals, review_days, reviews, year_figures
from partnerships.models import Agreement, Review
from partnerships.querysets import DUE_WITHIN
from partnerships.review_forms import CallForm, HoldForm, MoveReviewForm, WrittenForm, rating_in_words

VIEW, CHANGE = "partnerships.view_review", "partnerships.change_review"
Decision = Review.Decision
# Planned contacts that are offered as the meeting.
MEETINGS_SHOWN = 5


def _find(pk):
    found = Review.objects.select_related(
        "agreement__workplace", "agreement__company", "agreement__owner", "agreement__signed_by_them", "meeting",
        "held_by", "called_by",
    )  # fmt: skip
    return get_object_or_404(found, pk=pk)


@require_safe
@permission_required(VIEW, raise_exception=True)
def review(request, pk):
    """One that was held as it was written; an open one prepared, with the form for whoever may hold it."""
    review, today = _find(pk), timezone.localdate()
    form = None
    if review.is_open and request.user.has_perm(CHANGE):
        form = HoldForm(review=review, user=request.user, today=today)
    return _page(request, review, form, today)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def hold(request, pk):
    """Write a review that was held. Sent twice, it is written once; what a colleague was quicker with is kept to read."""
    review, today = _find(pk), timezone.localdate()
    if request.method != "POST" or (review.is_held and review.held_by == request.user):
        return redirect(review)
    form = HoldForm(request.POST, review=review, user=request.user, today=today)
    if form.is_valid():
        try:
            done = reviews.hold(review=review, by=request.user, **form.facts())
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            return _held(request, done)
    return _page(request, review, form, today, status=422)


def _held(request, review):
    agreement = review.agreement
    undo = f"undo:{reverse('partnerships:take_back_review', args=[review.pk])}"
    if review.decision == Decision.END:
        said = _("The review is written, and the agreement ends on %(day)s.") % {"day": _day(agreement.ends_on)}
    else:
        said = _("The review is written. The next one is to be held by %(day)s.") % {
            "day": _day(agreement.next_review_on)
        }
    if review.decision == Decision.CHANGE and (url := _change_url(agreement)):
        messages.success(request, said + " " + _("Write here what is changed."), undo)
        return redirect(url)
    messages.success(request, said, undo)
    return redirect(agreement)


def _change_url(agreement):
    try:
        return reverse("partnerships:change_agreement", args=[agreement.pk])
    except NoReverseMatch:
        return ""


def _day(day):
    return date_format(day, "DATE_FORMAT")


def _page(request, review, form, today, status=200):
    agreement = review.agreement
    figures, progress = review.figures, []
    if review.is_open:
        year = year_figures.year_of(agreement, today)
        figures, progress = year_figures.collect(year), goals.seen_by(request.user, year.goals)
    earlier = Review.objects.held().filter(agreement=agreement).exclude(pk=review.pk).newest_first()
    if review.is_held:
        earlier = earlier.filter(held_on__lte=review.held_on)
    context = {
        "review": review,
        "agreement": agreement,
        "form": form,
        "today": today,
        "figures": year_figures.told(figures),
        "since": year_figures.first_day_of(figures),
        "progress": progress,
        "earlier": _rated(earlier.first()),
        "has_run_out": agreement.has_run_out(today),
        "change_url": _change_url(agreement),
        "may_change": request.user.has_perm(CHANGE),
    }
    if review.is_open:
        context |= _arranging(review)
    else:
        now = timezone.now()
        context["is_open_to_me"] = review.is_open_to(request.user, now)
        context["staff"], context["persons"] = list(review.staff.all()), list(review.persons.all())
        _rated(review)
    return render(request, "partnerships/review.html", context, status=status)


def _rated(review):
    """The review, with what its ratings mean."""
    if review:
        review.our_word, review.their_word = rating_in_words(review.our_rating), rating_in_words(review.their_rating)
    return review


def _arranging(review):
    """The contact at which an open review is held, or those at which it could be, and where one is planned for it."""
    meeting = review.meeting if review.meeting and review.meeting.state != Interaction.State.CANCELLED else None
    return {
        "meeting": meeting,
        "offered": [] if meeting else list(reviews.meetings_for(review.agreement)[:MEETINGS_SHOWN]),
        "plan_url": plan_url(review),
    }


def plan_url(review):
    """The form of a contact that is planned for a review."""
    asked = {
        "workplace": review.agreement.workplace_id,
        "for": f"{review_days.KIND}-{review.pk}",
        "next": review.get_absolute_url(),
    }
    return f"{reverse('contacts:plan')}?{urlencode(asked)}"


@require_POST
@permission_required(CHANGE, raise_exception=True)
def arrange(request, pk):
    """Say at which planned contact it is held."""
    review = _find(pk)
    contact = Interaction.objects.filter(pk=number(request.POST.get("contact")) or 0).first()
    try:
        if contact is None:
            raise NotNow(_("This contact is no longer planned."))
        reviews.arrange(review=review, by=request.user, contact=contact)
        messages.success(request, _("The review is held on %(day)s.") % {"day": _day(contact.on)})
    except NotNow as error:
        messages.error(request, str(error))
    return back(request, review)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def change(request, pk):
    """Put right what was written, while it is fresh."""
    review, today = _find(pk), timezone.localdate()
    if not review.is_open_to(request.user, timezone.now()):
        messages.error(request, _("Only the one who wrote it can change it, and only within 24 hours."))
        return redirect(review)
    data = request.POST if request.method == "POST" else None
    form = WrittenForm(data, review=review, user=request.user, today=today)
    if data is not None and form.is_valid():
        try:
            reviews.change(review=review, by=request.user, **form.written())
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The review is changed."))
            return redirect(review)
    context = {"review": review, "agreement": review.agreement, "form": form, "today": today}
    return render(request, "partnerships/review_change.html", context, status=422 if form.errors else 200)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def take_back(request, pk):
    """Undo a review that was just written; the form opens again with what was in it."""
    review = _find(pk)
    try:
        reviews.take_back(review=review, by=request.user)
    except NotNow as error:
        messages.error(request, str(error))
        return back(request, review)
    messages.success(request, _("Taken back. What you wrote is here."))
    return redirect(review)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def move(request, pk):
    """Let it be held by another day."""
    review, today = _find(pk), timezone.localdate()
    if not review.is_open:
        messages.error(request, _("This review is not open any more."))
        return redirect(review)
    data = request.POST if request.method == "POST" else None
    form = MoveReviewForm(data, review=review, today=today, initial={"on": review.due_on})
    if data is not None and form.is_valid():
        try:
            reviews.move(review=review, by=request.user, **form.cleaned_data)
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Moved to %(day)s.") % {"day": _day(form.cleaned_data["on"])})
            return back(request, review)
    return _small(request, form, review, _("Move the review"), review.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def call(request, pk):
    """Call a review before its time."""
    found = Agreement.objects.select_related("workplace", "company", "owner")
    agreement, today = get_object_or_404(found, pk=pk), timezone.localdate()
    review = Review.objects.open().filter(agreement=agreement).first()
    if review is None:
        messages.error(request, _("Only an active agreement is reviewed."))
        return redirect(agreement)
    review.agreement = agreement
    data = request.POST if request.method == "POST" else None
    form = CallForm(data, review=review, today=today)
    if data is not None and form.is_valid():
        why, on = form.cleaned_data["why"], form.cleaned_data["on"]
        try:
            reviews.call(review=review, by=request.user, why=why, on=on)
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("A review is called, to be held by %(day)s.") % {"day": _day(on)})
            return back(request, agreement)
    return _small(request, form, review, _("Call a review"), agreement.get_absolute_url())


def _small(request, form, review, title, cancel):
    context = {"form": form, "review": review, "agreement": review.agreement, "title": title}
    context["next"] = request.POST.get("next") or request.GET.get("next") or cancel
    return render(request, "partnerships/review_small.html", context, status=422 if form.errors else 200)


def for_card(agreement, user, today):
    """What the card of an agreement shows of its reviews, in at most four statements.

    `reviews`: newest first, the open one before all; `open_review` and `meeting`; `review_warning` says which sentence
    stands above: "run_out", "late", "to_arrange", "arranged" or nothing.
    """
    if not user.has_perm(VIEW):
        return {"reviews": [], "open_review": None}
    found = Review.objects.filter(agreement=agreement, dropped_at=None).select_related(
        "meeting", "called_by", "held_by"
    )
    rows = sorted(found, key=lambda one: (one.is_open, one.held_on or one.due_on, one.pk), reverse=True)
    open_one = rows[0] if rows and rows[0].is_open else None
    context = {
        "reviews": rows,
        "open_review": open_one,
        "has_run_out": agreement.has_run_out(today),
        "may_review": user.has_perm(CHANGE),
        "may_call_review": False,
        "change_url": _change_url(agreement),
        "meeting": None,
        "review_warning": "",
    }
    if open_one is None:
        return context
    open_one.agreement = agreement
    meeting = open_one.meeting
    if meeting and meeting.state == Interaction.State.CANCELLED:
        meeting = None
    context |= {"meeting": meeting, "plan_url": plan_url(open_one), "review_in_days": (open_one.due_on - today).days}
    context["may_call_review"] = context["may_review"] and open_one.due_on > today
    if context["has_run_out"]:
        context["review_warning"] = "run_out"
    elif open_one.due_on < today:
        context["review_warning"] = "late"
    elif open_one.due_on <= today + DUE_WITHIN:
        context["review_warning"] = "arranged" if meeting else "to_arrange"
    return context


def _facts(pk, workplace):
    """What the form of a contact planned for a review begins with; None where there is none to hold at `workplace`."""
    found = Review.objects.open().select_related("agreement__signed_by_them").filter(pk=pk)
    review = found.filter(agreement__company=workplace.company_id).first()
    if review is None:
        return None
    agreement = review.agreement
    there = Person.objects.at(workplace).current().filter(pk=agreement.signed_by_them_id)
    return {
        "purpose": review_days.title_of(agreement)[:200],
        "channel": Channel.VISIT,
        "persons": list(there.values_list("pk", flat=True)),
    }


def _planned(pk, contact, by):
    review = Review.objects.select_related("agreement").filter(pk=pk).first()
    if review is None:
        return
    try:
        reviews.arrange(review=review, by=by, contact=contact)
    except NotNow:
        # It was held or dropped while the contact was planned, which stands all the same.
        return


def declare():
    """That a contact can be planned for a review; once, when the app is ready."""
    planned_for.register(planned_for.PlannedFor(review_days.KIND, _facts, _planned))
