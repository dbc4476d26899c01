"""Due for contact: the list, several contacts planned at once, and taking over or letting go of workplaces."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies import actions as companies_actions
from companies.models import Workplace
from contacts import actions, due, rounds
from contacts.forms import ReleaseForm
from contacts.listings import DueList
from contacts.models import UNDO_FOR, Channel
from jobcenter_crm.frame.pages import back

# What an address with a signature is for; one for the one act is none for another.
PLANNED, TAKEN, RELEASED = "contacts.planned", "contacts.taken", "contacts.released"


@require_safe
@permission_required("contacts.view_interaction", raise_exception=True)
def due_list(request):
    """Who waits for contact: group by group and the longest over first, or the nearest to where one is going."""
    today = timezone.localdate()
    form = due.DueForm(request.GET, user=request.user, today=today)
    plans = due.plans_with_cadence()
    is_readable = form.is_valid()
    found = form.rows(due.cadences_of(plans)) if is_readable else Workplace.objects.none()
    page = due.DuePaginator(found, start=form.start).get_page(request.GET.get("page"))
    workplaces = list(page.object_list)
    due.dress(workplaces, user=request.user, today=today, plans=plans)
    context = {
        "form": form,
        "is_readable": is_readable,
        "page_obj": page,
        "workplaces": workplaces,
        "start": form.start,
        "starts": due.starts(request.user, today),
        "today": today,
        "state": _state(request),
        "listing": DueList.name,
    }
    return render(request, "contacts/due.html", context)


def _state(request, *besides):
    """What of the address says whose and where, for the links that lead on from the list."""
    kept = request.GET.copy()
    for name in set(kept) - {"whose", "near", "visit", *besides}:
        del kept[name]
    return kept.urlencode()


def _list_url(request):
    state = _state(request)
    return f"{reverse('contacts:due')}?{state}" if state else reverse("contacts:due")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.add_interaction", raise_exception=True)
def plan_several(request):
    """Plan contacts at the workplaces that were ticked; what is to be saved is shown first, and can be changed."""
    today = timezone.localdate()
    where = due.DueForm(request.GET, user=request.user, today=today)
    fit, unfit = rounds.sort_out(rounds.called(request.GET.getlist("at")), request.user)
    too_many = len(fit) > rounds.MOST
    context = {"where": where, "start": where.start, "unfit": unfit, "list_url": _list_url(request), "today": today}
    if not fit or too_many:
        context |= {"many": len(fit), "most": rounds.MOST}
        return render(request, "contacts/plan_several.html", context, status=422 if request.method == "POST" else 200)
    data = request.POST if request.method == "POST" else None
    planned = rounds.Round(fit, user=request.user, today=today, start=where.start, data=data)
    is_right = True
    if data is not None and "save" in data:
        is_right = planned.is_valid()
        if is_right:
            try:
                made, joined = actions.plan_several(wanted=planned.wanted(), by=request.user)
            except actions.NotNow as error:
                planned.form.add_error(None, str(error))
                is_right = False
            else:
                _say_planned(request, planned.form.cleaned_data, made, joined)
                return redirect("desk:home")
    elif data is not None:
        is_right = planned.fill()
    context |= {"round": planned, "form": planned.form, "is_listed": planned.stops[0].form is not None}
    return render(request, "contacts/plan_several.html", context, status=200 if is_right else 422)


def _say_planned(request, shared, made, joined):
    n, day = len(made), date_format(shared["on"], "MONTH_DAY_FORMAT")
    if shared["channel"] == Channel.VISIT:
        said = ngettext("%(n)s visit planned on %(day)s.", "%(n)s visits planned on %(day)s.", n)
    else:
        said = ngettext("%(n)s contact planned on %(day)s.", "%(n)s contacts planned on %(day)s.", n)
    said = [said % {"n": n, "day": day}] if made else []
    if joined:
        colleagues = ngettext(
            "You go along to %(n)s contact of a colleague.",
            "You go along to %(n)s contacts of colleagues.",
            len(joined),
        )
        said.append(colleagues % {"n": len(joined)})
    undo = _undo("contacts:plan_several_undo", PLANNED, [[one.pk for one in made], [one.pk for one in joined]])
    messages.success(request, " ".join(said), extra_tags=f"undo:{undo}")


def _undo(name, salt, what):
    """An address that undoes exactly `what`, for ten minutes."""
    return f"{reverse(name)}?of={signing.dumps(what, salt=salt, compress=True)}"


def _signed(request, salt):
    """What the address may undo, or None when it is not ours or too old."""
    try:
        return signing.loads(request.GET.get("of", ""), salt=salt, max_age=UNDO_FOR)
    except signing.BadSignature:
        return None


@require_POST
@permission_required("contacts.change_interaction", raise_exception=True)
def plan_several_undo(request):
    """Take back what one has just planned at several workplaces."""
    planned, joined = _signed(request, PLANNED) or ([], [])
    try:
        if not planned and not joined:
            raise actions.NotNow(_("It can only be taken back once, and only within ten minutes."))
        actions.take_back_several(planned=planned, joined=joined, by=request.user)
        n = len(planned) + len(joined)
        said = ngettext("%(n)s planned contact taken back.", "%(n)s planned contacts taken back.", n)
        messages.success(request, said % {"n": n})
    except actions.NotNow as error:
        messages.error(request, str(error))
    return back(request, "contacts:due")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("companies.set_owner", raise_exception=True)
def take(request):
    """Become responsible for workplaces that nobody is responsible for; who was quicker is said."""
    asked = request.POST if request.method == "POST" else request.GET
    workplaces = [one for one in rounds.called(asked.getlist("at")) if not one.ceased_on]
    if request.method == "POST" and workplaces:
        taken, lost = companies_actions.take(workplaces=workplaces, by=request.user)
        _say_taken(request, taken, lost)
        return back(request, "contacts:due")
    context = {"workplaces": workplaces, "list_url": _list_url(request), "is_take": True}
    context["free"] = [one for one in workplaces if one.responsible is None]
    context["next"] = request.POST.get("next") or request.GET.get("next") or context["list_url"]
    return render(request, "contacts/take.html", context)


def _say_taken(request, taken, lost):
    said = _names(
        taken,
        lambda n: ngettext(
            "You are now responsible for %(names)s.", "You are now responsible for %(n)s workplaces.", n
        ),
    )
    said += [_("%(who)s is responsible for %(name)s already.") % {"who": one.owner, "name": one.name} for one in lost]
    if taken:
        undo = _undo("contacts:take_undo", TAKEN, [one.pk for one in taken])
        messages.success(request, " ".join(said), extra_tags=f"undo:{undo}")
    else:
        messages.error(request, " ".join(said) or _("You are responsible for it already."))


def _names(workplaces, said):
    n = len(workplaces)
    return [said(n) % {"n": n, "names": ", ".join(one.name for one in workplaces)}] if n else []


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("companies.set_owner", raise_exception=True)
def release(request):
    """Let nobody be responsible for workplaces of one's own, and say why."""
    asked = request.POST if request.method == "POST" else request.GET
    workplaces = rounds.called(asked.getlist("at"))
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    context = {"workplaces": workplaces, "form": form, "list_url": _list_url(request)}
    context["mine"] = [one for one in workplaces if one.owner_id == request.user.pk]
    context["next"] = request.POST.get("next") or request.GET.get("next") or context["list_url"]
    if request.method == "POST" and context["mine"] and form.is_valid():
        released = companies_actions.release(workplaces=workplaces, by=request.user, why=form.cleaned_data["why"])
        said = _names(
            released,
            lambda n: ngettext(
                "Nobody is responsible for %(names)s now.", "Nobody is responsible for %(n)s workplaces now.", n
            ),
        )
        if released:
            undo = _undo("contacts:take_undo", RELEASED, [one.pk for one in released])
            messages.success(request, said[0], extra_tags=f"undo:{undo}")
        return back(request, "contacts:due")
    return render(request, "contacts/take.html", context, status=422 if form.errors else 200)


@require_POST
@permission_required("companies.set_owner", raise_exception=True)
def take_undo(request):
    """Undo what one has just taken over or let go; what a colleague has done since is left."""
    taken, released = _signed(request, TAKEN), _signed(request, RELEASED)
    workplaces = rounds.called([str(pk) for pk in taken or released or []])
    undone = []
    if taken:
        undone = companies_actions.release(workplaces=workplaces, by=request.user)
    elif released:
        undone, _lost = companies_actions.take(workplaces=workplaces, by=request.user)
    if undone:
        said = ngettext("Undone for %(n)s workplace.", "Undone for %(n)s workplaces.", len(undone))
        messages.success(request, said % {"n": len(undone)})
    else:
        messages.error(
            request, _("It can only be undone within ten minutes, and not when a colleague has acted since.")
        )
    return back(request, "contacts:due")
