"""Logging and planning contacts, people at employers, follow-ups."""

import json
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies import merging
from companies.models import TierPlan, Workplace
from contacts import actions, asked_along, contact_plans, matters, planned_for
from contacts.at_workplace import Known
from contacts.forms import (
    OUTCOMES,
    CloseForm,
    LogForm,
    MoveForm,
    NoteForm,
    PlanForm,
)
from contacts.models import UNDO_FOR, BarrierAnswer, Channel, FollowUp, Interaction, OtherJobCentre, Person
from contacts.past import template
from contacts.people_forms import OtherJobCentreForm, PersonForm
from jobcenter_crm.frame.addresses import number, numbers
from jobcenter_crm.frame.pages import back
from jobcenter_crm.staff.models import Organisation, User

# What an address with a signature is for.
CHANGED = "contacts.changed"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.add_interaction", raise_exception=True)
def log(request):
    """Log a contact that took place; from a planned one, a follow-up, a workplace, or from nothing."""
    asked = request.POST if request.method == "POST" else request.GET
    planned = _find(Interaction.objects.planned(), asked.get("planned"))
    follow_up = _find(FollowUp.objects.open(), asked.get("follow_up"))
    workplace = _workplace(asked.get("workplace"), planned or follow_up)
    if workplace is None:
        return choose(request, "contacts:log")
    today = timezone.localdate()
    known = Known(workplace, request.user, today)
    if request.method == "GET" and planned is None and "new" not in asked:
        planned = known.own
    arguments = _arguments(request, workplace, today) | {"contact": planned, "known": known}
    if request.method == "POST":
        form = LogForm(request.POST, **arguments)
        if form.is_valid():
            try:
                with transaction.atomic():
                    contact, promised = actions.log(
                        workplace=workplace, by=request.user, planned=planned, **form.facts()
                    )
                    asked_along.take(form.answers(), by=request.user, contact=contact)
                    asked_colleague = _ask_colleague(form, contact, request.user)
            except actions.NotNow as error:
                form.add_error(None, str(error))
            else:
                _say_logged(request, contact, promised, form.cleaned_data["more_steps"], asked_colleague)
                return back(request, workplace)
    target = contact_plans.waiting_at(workplace, request.user)
    if request.method != "POST":
        told = planned and known.with_people(planned)
        initial = _log_initial(asked, told, follow_up, workplace, request.user, arguments["plan"], target)
        form = LogForm(initial=initial, **arguments)
    more = {"planned": planned, "follow_up": follow_up, "plan_target": target, "answers": BarrierAnswer.objects.all()}
    return _contact_page(request, "contacts/log.html", form, known, **more)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.add_interaction", raise_exception=True)
def plan(request):
    """Plan a contact, with its purpose; a colleague's plan nearby takes one more tap."""
    asked = request.POST if request.method == "POST" else request.GET
    workplace = _workplace(asked.get("workplace"), None)
    if workplace is None:
        return choose(request, "contacts:plan")
    arguments = _arguments(request, workplace, timezone.localdate())
    target = contact_plans.waiting_at(workplace, request.user)
    thing = planned_for.thing_named(asked.get("for"), workplace)
    if request.method == "POST":
        form = PlanForm(request.POST, is_agreed=thing is not None, **arguments)
        if form.is_valid():
            with transaction.atomic():
                contact = _join_or_plan(form, workplace, request.user)
                if thing:
                    thing.tell(contact, request.user)
            day = date_format(contact.on, "MONTH_DAY_FORMAT")
            messages.success(
                request, _("Planned: %(what)s on %(day)s.") % {"what": contact.get_channel_display(), "day": day}
            )
            return back(request, workplace)
    else:
        asked_for = thing.facts if thing else _asked_for(asked, workplace)
        form = PlanForm(initial=_plan_initial(arguments["plan"], target) | asked_for, **arguments)
    known = Known(workplace, request.user, form.today)
    return _contact_page(request, "contacts/plan.html", form, known, plan_target=target, thing=thing)


def _arguments(request, workplace, today):
    """What a form about a contact asks for; the address may tick services beforehand."""
    return {
        "workplace": workplace,
        "plan": TierPlan.objects.filter(tier=workplace.tier).first(),
        "organisation": Organisation.of(request),
        "user": request.user,
        "today": today,
        "services": request.GET.getlist("service"),
    }


def _plan_initial(plan, target):
    """Purpose and channel of the contact plan whose `target` the workplace is, or else of its group's `plan`."""
    if target:
        return {"purpose": target.plan.purpose, "channel": target.plan.channel}
    return {"purpose": plan.aim if plan else "", "channel": _first_channel(plan)}


def _asked_for(asked, workplace):
    """What the page that led here knows of the contact: why, how, with whom of theirs and of ours."""
    found = {name: asked[name][:200] for name in ("purpose", "channel") if asked.get(name)}
    if people := numbers(asked.getlist("person")):
        here = Person.objects.at(workplace).current().filter(pk__in=people)
        found["persons"] = list(here.values_list("pk", flat=True))
    if staff := numbers(asked.getlist("staff")):
        found["staff"] = list(User.objects.working().filter(pk__in=staff).values_list("pk", flat=True))
    return found


def _join_or_plan(form, workplace, user):
    """Going together is joining the colleague's contact, not making a second one."""
    if form.plans_nearby and form.cleaned_data["coordination"] == Interaction.Coordination.TOGETHER:
        actions.join(contact=form.plans_nearby[0], by=user)
        return form.plans_nearby[0]
    return actions.plan(workplace=workplace, by=user, **form.facts())


CHOOSE = {
    "contacts:log": gettext_lazy("Log contact"),
    "contacts:plan": gettext_lazy("Plan a contact"),
    "contacts:add_follow_up": gettext_lazy("Add a follow-up"),
}


def choose(request, then, *args, title=""):
    """Find the workplace first, when the form was opened from nowhere in particular; `then` is the page that asks.

    `args` are what its address names besides.
    """
    text = request.GET.get("q", "").replace("\0", "")[:100].strip()
    found = Workplace.objects.active().matching(text).for_register_page()[:10] if text else []
    context = {"workplaces": found, "q": text, "then": reverse(then, args=args), "title": title or CHOOSE[then]}
    return render(request, "contacts/choose.html", context)


# What a form about a contact tells of the workplace.
_OF_WORKPLACE = ("company__central_owner", "owner")


def _find(rows, text):
    pk = number(text)
    return rows.select_related(*(f"workplace__{name}" for name in _OF_WORKPLACE)).filter(pk=pk).first() if pk else None


def _workplace(text, cause):
    if cause is not None and cause.workplace.merged_into_id is None:
        return cause.workplace
    pk = cause.workplace_id if cause is not None else number(text)
    if pk is None:
        return None
    # A form that was open while its workplace was merged is still saved: with the one that was kept.
    return merging.standing_or_404(Workplace.objects.select_related(*_OF_WORKPLACE), pk)


def _first_channel(plan):
    return {None: Channel.PHONE, TierPlan.Channel.VISIT: Channel.VISIT, TierPlan.Channel.LETTER: Channel.LETTER}.get(
        plan and plan.channel, Channel.PHONE
    )


def _log_initial(asked, planned, follow_up, workplace, user, plan, target):
    """What is known already is filled in: from the plan, the promise, or what was just taken back."""
    if planned:
        return {
            "purpose": planned.purpose,
            "channel": planned.channel,
            "persons": [person.pk for person in planned.persons.all()],
            "staff": [colleague.pk for colleague in planned.staff.all()],
            "at": planned.at,
            "basis": planned.basis,
        }
    if taken_back := _taken_back(number(asked.get("again")), workplace, user):
        names = ("purpose", "channel", "outcome", "barrier", "note", "at", "on")
        inbound = taken_back.direction == Interaction.Direction.INBOUND
        answers = {name: value for name, value in asked.items() if name.startswith("asked-")}
        return {name: getattr(taken_back, name) for name in names} | {"inbound": inbound} | answers
    if follow_up:
        people = [follow_up.person_id] if follow_up.person_id else []
        return {
            "purpose": follow_up.title,
            "channel": follow_up.channel or Channel.PHONE,
            "persons": people,
            "finished": [follow_up.pk],
        }
    if target:
        return {"purpose": target.plan.purpose, "channel": asked.get("channel", "") or target.plan.channel}
    if "inbound" in asked:
        people = Person.objects.at(workplace).current().filter(pk=number(asked.get("person")) or 0)
        return {"channel": Channel.PHONE, "inbound": True, "persons": list(people.values_list("pk", flat=True))}
    return {"purpose": plan.aim if plan else "", "channel": asked.get("channel", "")}


def _taken_back(history_id, workplace, user):
    """What `user` wrote here and took back; None for the key of something else, or none."""
    written = Interaction.history.filter(workplace_id=workplace.pk, created_by_id=user.pk, history_id=history_id)
    return written.first() if history_id else None


def _ask_colleague(form, contact, user):
    """Offer the matter to the colleague who is to answer; None where it stays with the one who took the call."""
    colleague = form.cleaned_data.get("matter_owner")
    if form.matter and colleague not in (None, user) and matters.ask(contact=contact, colleague=colleague, by=user):
        return colleague
    return None


def _say_logged(request, contact, promised, more_steps, asked_colleague=None):
    text = _("Logged.")
    if promised:
        text = _("Logged. Follow-up on %(day)s.") % {"day": date_format(promised.due_on, "MONTH_DAY_FORMAT")}
    for step in more_steps:
        day = date_format(step["due_on"], "MONTH_DAY_FORMAT")
        if step["occurrence"] == matters.OCCURRENCE:
            text += " " + _("You answer by %(day)s.") % {"day": day}
            if asked_colleague:
                text += " " + _("%(name)s is asked to take it over.") % {"name": asked_colleague}
            continue
        text += " " + _("%(name)s gets a follow-up on %(day)s.") % {"name": step["owner"], "day": day}
    messages.success(request, text, extra_tags=f"undo:{reverse('contacts:take_back', args=[contact.pk])}")


def _contact_page(request, template, form, known, **context):
    """The form with what a colleague should know before writing: who was here last, who plans to come."""
    workplace = form.workplace
    context |= {
        "form": form,
        "workplace": workplace,
        "last": known.last,
        "coming": known.coming,
        "plan": form.plan,
        "job_centres": OtherJobCentre.objects.at(workplace).current().select_related("municipality"),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "outcomes": json.dumps(OUTCOMES),
    }
    return render(request, template, context, status=422 if form.errors else 200)


@require_POST
@permission_required("contacts.change_interaction", raise_exception=True)
def take_back(request, pk):
    """Undo a contact just logged, and open the form again with what was written."""
    contact = get_object_or_404(Interaction, pk=pk)
    services = list(contact.services.order_by("pk").values_list("pk", flat=True))
    answers = contact.answered_along.get("answers", {})
    try:
        written, stays = actions.take_back(contact=contact, by=request.user)
    except actions.NotNow as error:
        messages.error(request, str(error))
        return back(request, contact.workplace)
    messages.success(request, _("Taken back. What you wrote is here."))
    if stays:
        words = ngettext(
            "%(n)s answer stays: what it was about has been changed since.",
            "%(n)s answers stay: what they were about has been changed since.",
            stays,
        )
        messages.info(request, words % {"n": stays})
    page = "contacts:log" if written.state == Interaction.State.HELD else "contacts:plan"
    asked = {"workplace": contact.workplace_id, "again": written.history_id, "service": services} | answers
    return redirect(f"{reverse(page)}?{urlencode(asked, doseq=True)}")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.change_interaction", raise_exception=True)
def move(request, pk):
    """Move a planned contact to another day."""
    contact = get_object_or_404(Interaction.objects.select_related("workplace"), pk=pk)
    today = timezone.localdate()
    if request.method == "POST":
        form = MoveForm(request.POST, today=today)
        if form.is_valid():
            try:
                done = actions.move(contact=contact, by=request.user, **form.cleaned_data)
            except actions.NotNow as error:
                form.add_error(None, str(error))
            else:
                day = date_format(form.cleaned_data["on"], "MONTH_DAY_FORMAT")
                messages.success(request, _("Moved to %(day)s.") % {"day": day}, _put_back_tag(request, contact, done))
                return back(request, contact.workplace)
    else:
        form = MoveForm(initial={"on": contact.on, "at": contact.at}, today=today)
    return small_page(request, form, contact.workplace, _("Move the contact"), contact)


@require_POST
@permission_required("contacts.change_interaction", raise_exception=True)
def cancel(request, pk):
    """Cancel a planned contact."""
    contact = get_object_or_404(Interaction.objects.select_related("workplace"), pk=pk)
    try:
        done = actions.cancel(contact=contact, by=request.user)
        messages.success(request, _("The contact is cancelled."), _put_back_tag(request, contact, done))
    except actions.NotNow as error:
        messages.error(request, str(error))
    return back(request, contact.workplace)


def _put_back_tag(request, contact, done):
    """The tag of a message whose act can be undone, for ten minutes, by who did it."""
    signed = signing.dumps([request.user.pk, contact.pk, done], salt=CHANGED, compress=True)
    return f"undo:{reverse('contacts:put_back')}?of={signed}"


@require_POST
@permission_required("contacts.change_interaction", raise_exception=True)
def put_back(request):
    """Undo that one has just moved or cancelled a contact, where nobody has changed it since."""
    try:
        whose, pk, done = signing.loads(request.GET.get("of", ""), salt=CHANGED, max_age=UNDO_FOR)
    except signing.BadSignature:
        whose, pk, done = None, None, None
    contact = Interaction.objects.select_related("workplace").filter(pk=pk).first()
    if whose != request.user.pk or contact is None:
        messages.error(request, _("It can only be undone within ten minutes, by the one who did it."))
        return back(request, "desk:home")
    try:
        actions.put_back(contact=contact, done=done, by=request.user)
        day = date_format(date.fromisoformat(done[1]), "MONTH_DAY_FORMAT")
        messages.success(request, _("Undone. It is planned for %(day)s as before.") % {"day": day})
    except actions.NotNow as error:
        messages.error(request, str(error))
    return back(request, contact.workplace)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.change_interaction", raise_exception=True)
def note(request, pk):
    """Change the note of a contact, or add to it once it is closed."""
    contact = get_object_or_404(Interaction.objects.select_related("workplace"), pk=pk)
    is_open = contact.note_is_open_to(request.user, timezone.now())
    if request.method == "POST":
        form = NoteForm(request.POST, contact=contact, is_open=is_open)
        if form.is_valid():
            actions.change_note(contact=contact, by=request.user, **form.cleaned_data)
            messages.success(request, _("The note is saved."))
            return back(request, contact)
    else:
        form = NoteForm(initial={"note": contact.note if is_open else ""}, contact=contact, is_open=is_open)
    return small_page(
        request, form, contact.workplace, _("Change the note") if is_open else _("Add to the note"), contact
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.add_person", raise_exception=True)
def add_person(request, workplace_pk):
    """Add somebody at a workplace, in place."""
    workplace = merging.standing_or_404(Workplace.objects.select_related("company"), workplace_pk)
    person = Person(company=workplace.company, workplace=workplace, created_by=request.user)
    return _person_page(request, person, workplace, _("Add a contact person"))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.change_person", raise_exception=True)
def person(request, pk):
    """Change what we know of somebody; one who was merged with another leads to that one."""
    person = merging.standing_or_404(Person.objects.select_related("company", "workplace"), pk)
    if person.pk != pk:
        if request.method == "POST":
            messages.error(
                request, _("%(name)s was merged meanwhile. Look at what is here now.") % {"name": person.name}
            )
        return redirect(person)
    workplace = person.workplace or person.company.workplaces.order_by("pk").first()
    return _person_page(request, person, workplace, _("Change the contact person"))


def _person_page(request, person, workplace, title):
    return _at_employer_page(request, PersonForm, person, workplace, title)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.add_otherjobcentre", raise_exception=True)
def add_job_centre(request, workplace_pk):
    """Note that another job centre talks with the employer too."""
    workplace = merging.standing_or_404(Workplace.objects.select_related("company"), workplace_pk)
    other = OtherJobCentre(company=workplace.company, workplace=workplace, created_by=request.user)
    return _at_employer_page(request, OtherJobCentreForm, other, workplace, _("Add another job centre"))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.change_otherjobcentre", raise_exception=True)
def job_centre(request, pk):
    """Change whom to call at another job centre, or say that it has ended."""
    other = get_object_or_404(OtherJobCentre.objects.select_related("company", "workplace"), pk=pk)
    workplace = other.workplace or other.company.workplaces.order_by("pk").first()
    return _at_employer_page(request, OtherJobCentreForm, other, workplace, _("Change the other job centre"))


def _at_employer_page(request, form_class, somebody, workplace, title):
    """The form for what belongs to a company, or to one workplace of it."""
    data = request.POST if request.method == "POST" else None
    form = form_class(data, instance=somebody, initial={"for_company": somebody.workplace_id is None})
    if request.method == "POST" and form.is_valid():
        somebody = form.save(commit=False)
        somebody.workplace = None if form.cleaned_data["for_company"] else somebody.workplace or workplace
        if same := _sent_before(somebody, form):
            somebody = same
        else:
            somebody.save()
        messages.success(request, _("%(name)s is saved.") % {"name": somebody})
        return back(request, workplace)
    known = somebody if isinstance(somebody, Person) and somebody.pk else None
    return small_page(request, form, workplace, title, person=known)


def _sent_before(somebody, form):
    """The same that its author has added within ten minutes, where a form was sent twice; else None."""
    if somebody.pk:
        return None
    names = {"company", "workplace", "created_by", *form.fields} - {"for_company"}
    same = {name: getattr(somebody, name) for name in names}
    since = timezone.now() - UNDO_FOR
    return type(somebody).objects.filter(created_at__gt=since, **same).first()


def small_page(request, form, workplace, title, contact=None, person=None):
    context = {"form": form, "workplace": workplace, "title": title, "contact": contact, "person": person}
    context["next"] = request.POST.get("next") or request.GET.get("next", "")
    return render(request, "contacts/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(["contacts.change_interaction", "contacts.change_followup"], raise_exception=True)
def close(request, workplace_pk):
    """What is still open at a workplace that has ceased, to be closed at once; one may untick what is to stay."""
    workplace = merging.standing_or_404(Workplace.objects.ceased().select_related("company"), workplace_pk)
    form = CloseForm(request.POST if request.method == "POST" else None, workplace=workplace)
    if request.method == "POST" and form.is_valid():
        at = actions.close(workplace=workplace, by=request.user, **form.cleaned_data)
        undo = f"{reverse('contacts:close_undo', args=[workplace.pk])}?at={actions.as_number(at)}"
        messages.success(request, _("Closed at %(name)s.") % {"name": workplace.name}, extra_tags=f"undo:{undo}")
        return back(request, workplace)
    context = {"form": form, "workplace": workplace, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "contacts/close.html", context, status=422 if form.errors else 200)


@require_POST
@permission_required(["contacts.change_interaction", "contacts.change_followup"], raise_exception=True)
def close_undo(request, workplace_pk):
    """Open again what one has just closed at a workplace that has ceased."""
    workplace = merging.standing_or_404(Workplace.objects, workplace_pk)
    try:
        at = actions.from_number(number(request.GET.get("at", "")))
        actions.undo_close(workplace=workplace, at=at, by=request.user)
        messages.success(request, _("Open again at %(name)s.") % {"name": workplace.name})
    except actions.NotNow as error:
        messages.error(request, str(error))
    return back(request, workplace)


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@permission_required("companies.import_register", raise_exception=True)
def past_template(request):
    """The workbook in which a job centre writes its own past, in the reader's language."""
    emails = User.objects.working().in_order().exclude(email="").values_list("email", flat=True)
    name = _("our-own-past")
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(template.workbook(list(emails)), content_type=XLSX, headers=headers)
