"""Follow-ups: the list, one written by hand or changed, given to a colleague, and several at once."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies import merging
from companies.models import Workplace
from contacts import actions, list_pages, promises
from contacts.actions import NotNow
from contacts.follow_up_forms import FollowUpForm, GiveForm, PostponeForm
from contacts.follow_up_kinds import giving_url, kind_of
from contacts.follow_up_list import DONE, DONE_COLUMNS, OPEN_COLUMNS, PAGE, FollowUpFilter
from contacts.models import UNDO_FOR, FollowUp
from contacts.views import choose, small_page
from jobcenter_crm.frame.addresses import number, numbers
from jobcenter_crm.frame.pages import KeysFirstPaginator, back
from jobcenter_crm.staff.discretion import note_read

# What an address with a signature is for.
ACTED = "contacts.acted"


@require_safe
@permission_required("contacts.view_followup", raise_exception=True)
def follow_ups(request):
    """Follow-ups: mine at first; whose, of which kind and how late is in the address."""
    form = list_pages.read(request, FollowUpFilter)
    is_readable = form.is_valid()
    rows = form.rows() if is_readable else FollowUp.objects.none()
    if is_readable:
        note_read("follow_ups", reader=request.user, colleagues=form.of_whom)
    page = KeysFirstPaginator(rows, PAGE, shown=FollowUp.objects.for_list()).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "is_readable": is_readable,
        "counts": form.counts() if is_readable else {},
        "page_obj": page,
        "follow_ups": page.object_list,
        "when": form.cleaned_data.get("when", "") if is_readable else "",
        "today": form.today,
    }
    return render(request, "contacts/follow_ups.html", context)


@require_safe
@permission_required("companies.export_workplaces", raise_exception=True)
@permission_required("contacts.view_followup", raise_exception=True)
def excel(request):
    """The same list as Excel, without what is to be done; a filter that can't be read goes back to the list, which says so."""
    columns = DONE_COLUMNS if request.GET.get("when") == DONE else OPEN_COLUMNS
    return list_pages.as_excel(
        request, FollowUpFilter, page="contacts:follow_ups", title=_("Follow-ups"), columns=columns, rows=_noted
    )


def _noted(form):
    """The rows that leave the house; of whose work they tell is noted, where that is a colleague's."""
    note_read("follow_ups_excel", reader=form.user, colleagues=form.of_whom)
    return form.rows().select_related("workplace__company", "owner")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.add_followup", raise_exception=True)
def add(request):
    """Write a follow-up by hand; without a workplace one is looked for first."""
    asked = request.POST if request.method == "POST" else request.GET
    pk = number(asked.get("workplace"))
    if pk is None:
        return choose(request, "contacts:add_follow_up")
    workplace = merging.standing_or_404(Workplace.objects.select_related("company"), pk)
    data = request.POST if request.method == "POST" else None
    form = FollowUpForm(data, workplace=workplace, user=request.user, today=timezone.localdate())
    if data is not None and form.is_valid():
        follow_up = promises.add(workplace=workplace, by=request.user, **form.facts())
        words = (
            _("Follow-up on %(day)s.") if follow_up.owner == request.user else _("Follow-up for %(name)s on %(day)s.")
        )
        messages.success(request, words % {"day": _day(follow_up.due_on), "name": follow_up.owner})
        return back(request, workplace)
    return _form_page(request, form, workplace, _("Add a follow-up"))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.change_followup", raise_exception=True)
def change(request, pk):
    """Change an open follow-up: what, by when, with whom, how, and how often it comes again."""
    follow_up = _find(pk)
    workplace = follow_up.workplace
    data = request.POST if request.method == "POST" else None
    form = FollowUpForm(data, workplace=workplace, user=request.user, today=timezone.localdate(), follow_up=follow_up)
    if data is not None and form.is_valid():
        try:
            done = promises.change(follow_up=follow_up, by=request.user, **form.facts())
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Changed: %(what)s") % {"what": done.acted[0].title}, _undo(request, done))
            return back(request, workplace)
    return _form_page(request, form, workplace, _("Change the follow-up"), follow_up)


def _form_page(request, form, workplace, title, follow_up=None):
    context = {"form": form, "workplace": workplace, "title": title, "follow_up": follow_up, "next": _next(request)}
    return render(request, "contacts/follow_up_form.html", context, status=422 if form.errors else 200)


@require_POST
@permission_required("contacts.change_followup", raise_exception=True)
def finish(request, pk):
    """Tick off a follow-up; it can be taken back from the line at the foot."""
    follow_up = get_object_or_404(FollowUp, pk=pk)
    try:
        actions.finish(follow_up=follow_up, by=request.user)
    except NotNow as error:
        messages.error(request, str(error))
        return back(request, follow_up)
    said = _("Done: %(what)s") % {"what": follow_up.title}
    if following := FollowUp.objects.open().filter(continues=follow_up).first():
        said += " " + _("Again on %(day)s.") % {"day": _day(following.due_on)}
    messages.success(request, said, extra_tags=f"undo:{reverse('contacts:reopen', args=[follow_up.pk])}")
    return back(request, follow_up)


@require_POST
@permission_required("contacts.change_followup", raise_exception=True)
def reopen(request, pk):
    """Take the tick back, and with it the next one that it had made, if nobody has touched that."""
    follow_up = get_object_or_404(FollowUp, pk=pk)
    try:
        stays = actions.reopen(follow_up=follow_up)
    except NotNow as error:
        messages.error(request, str(error))
        return back(request, follow_up)
    said = [_("Open again: %(what)s") % {"what": follow_up.title}]
    messages.success(request, " ".join(said + ([_stays(stays)] if stays else [])))
    return back(request, follow_up)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.change_followup", raise_exception=True)
def postpone(request, pk):
    """Put a follow-up off: tomorrow, a week, or a day that is picked; never to a day off."""
    follow_up = _find(pk)
    data = request.POST if request.method == "POST" else None
    form = PostponeForm(data, today=timezone.localdate(), initial={"to": "pick", "on": follow_up.due_on})
    if data is not None and form.is_valid():
        if follow_up.done_at:
            messages.error(request, _("This follow-up is already done."))
            return back(request, follow_up)
        done = promises.postpone_several(follow_ups=[follow_up], to=form.day_for)
        if done.acted:
            day = _day(done.acted[0].due_on)
            messages.success(request, _("Postponed to %(day)s.") % {"day": day}, _undo(request, done))
        else:
            messages.error(request, _("It is due later than that already."))
        return back(request, follow_up)
    return small_page(request, form, follow_up.workplace, _("Postpone: %(what)s") % {"what": follow_up.title})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.change_followup", raise_exception=True)
def give(request, pk):
    """Give a follow-up to a colleague; one that must be accepted is offered instead."""
    follow_up = _find(pk)
    if kind_of(follow_up).is_handed_over:
        return redirect(giving_url(follow_up))
    return _give(request, [follow_up], request.path, but=follow_up.owner)


@require_POST
@permission_required("contacts.change_followup", raise_exception=True)
def several(request):
    """Do the same with all that are ticked: tick off, postpone, or give to a colleague."""
    rows = _ticked(request)
    act = request.POST.get("act", "")
    if not rows:
        messages.error(request, _("No open follow-up is ticked. Tick those you mean, and try again."))
        return back(request, "contacts:follow_ups")
    if act == "give":
        return _give(request, rows, request.path)
    if act == "done":
        return _tick_off(request, rows)
    return _postpone(request, rows)


def _ticked(request):
    rows = FollowUp.objects.open().filter(pk__in=numbers(request.POST.getlist("at")[:PAGE]))
    return list(rows.for_list().order_by("due_on", "pk"))


def _give(request, rows, action, but=None):
    data = request.POST if "to" in request.POST else None
    form = GiveForm(data, but=but)
    if data is not None and form.is_valid():
        to = form.cleaned_data["to"]
        done = promises.give_several(follow_ups=rows, to=to, by=request.user, word=form.cleaned_data["word"])
        said = ngettext("Given to %(name)s: %(what)s", "%(n)s follow-ups given to %(name)s.", len(done.acted))
        return _told(request, done, said, name=to)
    return _sheet(request, form, rows, action, "give", _("Give to a colleague"), _("Give"))


def _tick_off(request, rows):
    done = promises.finish_several(follow_ups=rows, by=request.user)
    return _told(request, done, ngettext("Done: %(what)s", "%(n)s follow-ups ticked off.", len(done.acted)))


def _postpone(request, rows):
    data = request.POST if "to" in request.POST else None
    form = PostponeForm(data, today=timezone.localdate(), initial={"to": "pick"})
    if data is not None and form.is_valid():
        done = promises.postpone_several(follow_ups=rows, to=form.day_for)
        days = {one.due_on for one in done.acted}
        if len(days) == 1:
            said = ngettext("Postponed to %(day)s.", "%(n)s follow-ups postponed to %(day)s.", len(done.acted))
            return _told(request, done, said, day=_day(days.pop()))
        return _told(request, done, ngettext("Postponed.", "%(n)s follow-ups postponed.", len(done.acted)))
    return _sheet(request, form, rows, request.path, "postpone", _("Postpone"), _("Postpone"))


def _sheet(request, form, rows, action, act, title, verb):
    context = {"form": form, "rows": rows, "action": action, "act": act, "title": title, "verb": verb}
    context["next"] = _next(request) or reverse("contacts:follow_ups")
    return render(request, "contacts/follow_ups_act.html", context, status=422 if form.errors else 200)


def _told(request, done, said, **names):
    """Say what was done to how many, how many were left, and how it is undone."""
    n = len(done.acted)
    words = [said % ({"n": n, "what": done.acted[0].title} | names)] if n else []
    if done.left:
        words.append(_left_in_words(done.left))
    if n:
        messages.success(request, " ".join(words), _undo(request, done))
    else:
        messages.error(request, " ".join(words) or _("They are done already."))
    return back(request, "contacts:follow_ups")


def _left_in_words(left):
    offered = [one for one in left if kind_of(one).is_handed_over]
    if offered:
        words = ngettext(
            "%(n)s was left: an employer awaits the answer. Hand it over, so that the colleague can say yes.",
            "%(n)s were left: employers await the answer. Hand them over, so that the colleague can say yes.",
            len(offered),
        )
        return words % {"n": len(offered)}
    words = ngettext(
        "%(n)s was left as it is: it can't be done so.", "%(n)s were left as they are: it can't be done so.", len(left)
    )
    return words % {"n": len(left)}


def _undo(request, done):
    """The tag of a message whose act can be undone, exactly as it was done, for ten minutes, by who did it."""
    signed = signing.dumps([request.user.pk, done.marks], salt=ACTED, compress=True)
    return f"undo:{reverse('contacts:undo_follow_ups')}?of={signed}"


@require_POST
@permission_required("contacts.change_followup", raise_exception=True)
def undo(request):
    """Undo what one has just done with follow-ups; those that a colleague has touched since are left."""
    try:
        whose, marks = signing.loads(request.GET.get("of", ""), salt=ACTED, max_age=UNDO_FOR)
    except signing.BadSignature:
        whose, marks = None, []
    done = promises.undo(marks=marks) if whose == request.user.pk else promises.Done()
    said = []
    if done.acted:
        n = len(done.acted)
        said.append(
            ngettext("Undone: %(what)s", "Undone for %(n)s follow-ups.", n) % {"n": n, "what": done.acted[0].title}
        )
    if done.left:
        left = ngettext(
            "%(n)s has been changed since, and was left.",
            "%(n)s have been changed since, and were left.",
            len(done.left),
        )
        said.append(left % {"n": len(done.left)})
    said += [_stays(one) for one in done.stays]
    if done.acted:
        messages.success(request, " ".join(said))
    else:
        messages.error(request, " ".join(said) or _("It can only be undone within ten minutes, by the one who did it."))
    return back(request, "contacts:follow_ups")


def _stays(following):
    """That the next one of a follow-up that is open again stays beside it."""
    words = _("The next one, due %(day)s, stays: somebody has changed it since.")
    return words % {"day": _day(following.due_on)}


def _find(pk):
    return get_object_or_404(
        FollowUp.objects.select_related("workplace__company", "owner", "person", "given_by"), pk=pk
    )


def _day(day):
    return date_format(day, "MONTH_DAY_FORMAT")


def _next(request):
    return request.POST.get("next") or request.GET.get("next", "")
