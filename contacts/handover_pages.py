"""Hand-overs: the form, the list, one of them with its things, and what is done with it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import Case, When
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import ListView

from contacts import goes_along, handovers, rounds
from contacts.actions import NotNow
from contacts.handover_forms import Chosen, DeclineForm, HandOverForm
from contacts.models import FollowUp, Handover
from jobcenter_crm.frame.addresses import number, numbers
from jobcenter_crm.frame.pages import CappedPages, CappedPaginator, back
from jobcenter_crm.staff.models import User

PAGE = 50
# As many of what is handed over as the form names.
SAMPLE = 8

may_view = permission_required("contacts.view_handover", raise_exception=True)
may_offer = permission_required("contacts.add_handover", raise_exception=True)
may_answer = permission_required("contacts.change_handover", raise_exception=True)


def _giver(request):
    """Whose things are handed over: one's own, or for a manager a colleague's or nobody's."""
    asked = request.GET.get("from", "")
    if not asked or asked == str(request.user.pk):
        return request.user
    if not request.user.has_perm(handovers.ASSIGN):
        raise PermissionDenied
    return None if asked == "nobody" else get_object_or_404(User, pk=number(asked))


@require_http_methods(["GET", "HEAD", "POST"])
@may_offer
def hand_over(request):
    """Offer what the address names to a colleague, or all that one has; exactly what was shown."""
    asked, giver = request.GET, _giver(request)
    places = [place.pk for place in rounds.called(asked.getlist("at"))]
    chosen = Chosen(
        giver,
        everything="all" in asked and giver is not None,
        workplaces=places,
        follow_ups=numbers(asked.getlist("follow_up")),
        visits=numbers(asked.getlist("visit")),
    )
    return _form_page(request, chosen)


@require_http_methods(["GET", "HEAD", "POST"])
@may_offer
def hand_over_follow_up(request, pk):
    """Offer one follow-up to a colleague: an employer who waits for an answer is not passed on blindly."""
    follow_up = get_object_or_404(FollowUp.objects.select_related("owner", "workplace"), pk=pk)
    if follow_up.owner_id != request.user.pk and not request.user.has_perm(handovers.ASSIGN):
        messages.error(request, _("It is %(name)s's to hand over.") % {"name": follow_up.owner})
        return back(request, follow_up)
    return _form_page(request, Chosen(follow_up.owner, follow_ups=[pk]))


def _form_page(request, chosen):
    giver = chosen.giver
    data = request.POST if request.method == "POST" else None
    has_places = chosen.counts[0] > 0
    form = HandOverForm(
        data, giver=giver, user=request.user, takes=chosen.takes, asks_opener=has_places and chosen.giver_has_met_them,
        asks_daily=has_places, must_assign=giver is None or not giver.is_active,
    )  # fmt: skip
    if data is not None and not chosen.is_empty and form.is_valid():
        if data.get("mark") != chosen.mark:
            form.add_error(
                None, _("It has changed since it was shown. Look at what is handed over now, and try again.")
            )
        else:
            act = handovers.assign if form.assigns else handovers.offer
            try:
                made = act(giver=giver, by=request.user, **form.facts(), **chosen.keys())
            except NotNow as not_now:
                form.add_error(None, str(not_now))
            else:
                _say_offered(request, made)
                return back(request, "contacts:handovers")
    workplaces = chosen.workplaces.order_by("sort_name", "pk")[:SAMPLE]
    context = {
        "form": form,
        "chosen": chosen,
        "workplaces": workplaces,
        "more": chosen.counts[0] - len(workplaces),
        "follow_ups": chosen.counts[1]
        and chosen.follow_ups.select_related("workplace").order_by("due_on", "pk")[:SAMPLE],
        "visits": chosen.counts[2] and chosen.visits.select_related("workplace").soonest_first()[:SAMPLE],
        "is_mine": giver == request.user,
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render(request, "contacts/hand_over.html", context, status=422 if data is not None else 200)


def _say_offered(request, made):
    if isinstance(made, handovers.Outcome):
        say_moved(request, [made])
        return
    undo = reverse("contacts:withdraw_handover", args=[made.pk])
    messages.success(request, _("Offered to %(name)s.") % {"name": made.to}, extra_tags=f"undo:{undo}")


def say_moved(request, outcomes):
    """Say what came of acceptances, with the way back where it was one."""
    moved, left = sum(one.moved for one in outcomes), sum(one.left for one in outcomes)
    along = [words for one in outcomes for words in one.along_in_words]
    if not moved and not along:
        messages.error(request, _("Nothing was handed over: it was no longer theirs to give."))
        return
    said = [ngettext("%(n)s handed over.", "%(n)s handed over.", moved) % {"n": moved}] if moved else []
    if len(outcomes) == 1 and along:
        said.append(_("Along went %(what)s.") % {"what": ", ".join(along)})
    if left:
        words = ngettext(
            "%(n)s was left: it was no longer theirs to give.",
            "%(n)s were left: they were no longer theirs to give.",
            left,
        )
        said.append(words % {"n": left})
    pks = "&".join(f"of={one.handover.pk}" for one in outcomes)
    messages.success(request, " ".join(said), extra_tags=f"undo:{reverse('contacts:undo_handovers')}?{pks}")


class Handovers(PermissionRequiredMixin, CappedPages, ListView):
    """Hand-overs to whoever looks, from them, those that nobody answers, and for managers all."""

    permission_required = "contacts.view_handover"
    template_name = "contacts/handovers.html"
    paginate_by = PAGE
    context_object_name = "handovers"

    @cached_property
    def tabs(self):
        """`{what the address says: its label}`."""
        tabs = {"": _("To you"), "mine": _("From you")}
        if self.request.user.has_perm(handovers.ASSIGN):
            tabs |= {"unanswered": _("Nobody has answered"), "all": _("All")}
        return tabs

    @cached_property
    def show(self):
        asked = self.request.GET.get("show", "")
        return asked if asked in self.tabs else ""

    def get_queryset(self):
        user, rows = self.request.user, Handover.objects.for_page()
        if self.show == "":
            rows = rows.filter(to=user)
        elif self.show == "mine":
            rows = rows.given_by(user)
        elif self.show == "unanswered":
            rows = rows.escalated()
        waits = Case(When(state=Handover.State.OFFERED, then=0), default=1)
        return rows.order_by(waits, "-offered_at", "-pk")

    def get_context_data(self, **kwargs):
        waiting = list(Handover.objects.offered_to(self.request.user).values_list("pk", flat=True))
        return super().get_context_data(tabs=self.tabs.items(), show=self.show, waiting=waiting, **kwargs)


@require_safe
@may_view
def handover(request, pk):
    """One hand-over: the things of it, what goes along, and what can be done with it."""
    shown = get_object_or_404(Handover.objects.for_page().select_related("daily_contact"), pk=pk)
    return _page(request, shown, DeclineForm())


def _page(request, shown, decline, status=200):
    items = shown.items.with_things().order_by("workplace__sort_name", "follow_up__due_on", "visit__on", "pk")
    page = CappedPaginator(items, PAGE).get_page(request.GET.get("page"))
    may_assign = request.user.has_perm(handovers.ASSIGN)
    context = {
        "handover": shown,
        "page_obj": page,
        "along": _along(shown),
        "decline": decline,
        "is_to_me": shown.is_open and shown.to_id == request.user.pk,
        "may_withdraw": shown.is_open and shown.may_be_withdrawn(request.user),
        "may_settle": shown.is_open and may_assign and shown.to_id != request.user.pk and shown.to.is_active,
        "may_undo": shown.may_be_undone(request.user, timezone.now()),
        "left": shown.items.filter(state="left").count() if shown.state == Handover.State.ACCEPTED else 0,
    }
    return render(request, "contacts/handover.html", context, status=status)


def _along(shown):
    """What goes along, or went, in words."""
    if shown.is_open:
        places = handovers.theirs(shown.giver).filter(pk__in=shown.items.open().values("workplace"))
        rows = [
            (part, handovers.going(part, places, shown.giver, is_everything=shown.is_everything, handover=shown))
            for part in goes_along.all_parts()
        ]
        counted = [(part, found.count()) for part, found in rows]
    else:
        counted = [(part, len(shown.moved.get(part.name, []))) for part in goes_along.all_parts()]
    return [part.words % {"n": number} for part, number in counted if number]


@require_POST
@may_answer
def accept(request):
    """Take what was offered, one hand-over or any number of them."""
    asked = Handover.objects.filter(pk__in=numbers(request.POST.getlist("of")))
    outcomes = handovers.accept(handovers=asked, by=request.user)
    if outcomes:
        say_moved(request, outcomes)
    else:
        messages.error(request, _("There is nothing here that waits for your answer."))
    return back(request, "contacts:handovers")


@require_http_methods(["GET", "HEAD", "POST"])
@may_answer
def decline(request, pk):
    """Say no to what was offered, with a word about why."""
    shown = get_object_or_404(Handover.objects.for_page(), pk=pk)
    if shown.to_id != request.user.pk or not shown.is_open:
        messages.error(request, _("There is nothing here that waits for your answer."))
        return redirect(shown)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            handovers.decline(handover=shown, by=request.user, why=form.cleaned_data["why"])
            messages.success(request, _("Declined. It stays with %(name)s.") % {"name": shown.giver or _("nobody")})
        except NotNow as not_now:
            messages.error(request, str(not_now))
        return back(request, "contacts:handovers")
    return _page(request, shown, form, status=422 if request.method == "POST" else 200)


@require_POST
@may_offer
def withdraw(request, pk):
    """Take back an offer of one's own; a manager gives it back."""
    shown = get_object_or_404(Handover, pk=pk)
    if not shown.may_be_withdrawn(request.user):
        messages.error(request, _("Only whoever offered it can take it back, or a manager."))
        return redirect(shown)
    try:
        handovers.withdraw(handover=shown, by=request.user)
        messages.success(request, _("Taken back. Nothing has been handed over."))
    except NotNow as not_now:
        messages.error(request, str(not_now))
    return back(request, shown)


@require_POST
@permission_required(handovers.ASSIGN, raise_exception=True)
def settle(request, pk):
    """Hand over what was offered, without waiting for the colleague's answer."""
    shown = get_object_or_404(Handover, pk=pk)
    try:
        say_moved(request, [handovers.settle(handover=shown, by=request.user)])
    except NotNow as not_now:
        messages.error(request, str(not_now))
    return back(request, shown)


@require_POST
@may_answer
def undo(request):
    """Take back what one has just accepted or assigned, where nothing has changed since."""
    found = Handover.objects.filter(pk__in=numbers(request.GET.getlist("of"))).order_by("pk")
    undone, left, problem = 0, 0, _("There is nothing to undo here.")
    for one in found:
        try:
            left += handovers.undo(handover=one, by=request.user)
            undone += 1
        except NotNow as not_now:
            problem = str(not_now)
    if undone and left:
        words = ngettext(
            "Taken back. %(n)s was left: somebody has changed it since.",
            "Taken back. %(n)s were left: somebody has changed them since.",
            left,
        )
        messages.success(request, words % {"n": left})
    elif undone:
        messages.success(request, _("Taken back."))
    else:
        messages.error(request, problem)
    return back(request, "contacts:handovers")
