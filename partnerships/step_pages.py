"""The steps of an agreement, from the proposal to the end."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contacts.actions import NotNow
from contacts.models import Person
from partnerships import documents, steps
from partnerships.drafting_pages import CHANGE
from partnerships.forms import EndForm, ProposeForm, SignForm, WhyForm
from partnerships.models import Agreement, Document


def _agreement(pk):
    return get_object_or_404(Agreement.objects.select_related("company", "workplace", "owner__team__leader"), pk=pk)


def _refused(request, agreement, state):
    """Where the step can't be taken any more: back to the card, with the reason."""
    if agreement.state in steps.MAY_COME_FROM[state]:
        return None
    messages.info(
        request,
        _("This can't be done with an agreement that is %(state)s.")
        % {"state": str(agreement.get_state_display()).lower()},
    )
    return redirect(agreement)


def _page(request, agreement, form, **context):
    context |= {"form": form, "agreement": agreement, "workplace": agreement.workplace}
    template = context.pop("template", "partnerships/step.html")
    return render(request, template, context, status=422 if form.errors else 200)


def _undo_of(agreement):
    return f"undo:{reverse('partnerships:undo_step', args=[agreement.pk])}"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def propose(request, pk):
    """The employer has our proposal."""
    agreement = _agreement(pk)
    if refusal := _refused(request, agreement, Agreement.State.PROPOSED):
        return refusal
    data = request.POST if request.method == "POST" else None
    form = ProposeForm(data, agreement=agreement, today=timezone.localdate())
    if data is not None and form.is_valid():
        try:
            steps.propose(agreement=agreement, by=request.user, **form.cleaned_data)
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The proposal is noted as sent."), extra_tags=_undo_of(agreement))
            return redirect(agreement)
    return _page(request, agreement, form, title=_("The proposal is sent"), button=_("Note it"))


@require_POST
@permission_required(CHANGE, raise_exception=True)
def take_back(request, pk):
    """Work on it as a draft again."""
    agreement = _agreement(pk)
    try:
        steps.take_back_proposal(agreement=agreement, by=request.user, on=timezone.localdate())
        messages.success(request, _("It is a draft again."), extra_tags=_undo_of(agreement))
    except NotNow as refused:
        messages.error(request, str(refused))
    return redirect(agreement)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def sign(request, pk):
    """Both have signed: who, when, the file, and what begins with it."""
    agreement = _agreement(pk)
    if refusal := _refused(request, agreement, Agreement.State.ACTIVE):
        return refusal
    arguments = {"agreement": agreement, "user": request.user, "today": timezone.localdate()}
    form = SignForm(request.POST, request.FILES, **arguments) if request.method == "POST" else SignForm(**arguments)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                agreement = _sign(form, agreement, request.user)
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            day = date_format(agreement.next_review_on, "DATE_FORMAT")
            messages.success(request, _("The agreement is active. It is reviewed by %(day)s.") % {"day": day})
            return redirect(agreement)
    return _page(request, agreement, form, template="partnerships/sign.html", meeting=form.meeting)


def _sign(form, agreement, user):
    facts = form.facts()
    if name := form.cleaned_data["new_person"]:
        facts["signed_by_them"] = Person.objects.create(
            name=name, company=agreement.company, workplace=agreement.workplace, created_by=user
        )
    document = documents.add(agreement=agreement, upload=form.cleaned_data["file"], kind=Document.Kind.SIGNED, by=user)
    return steps.activate(agreement=agreement, by=user, document=document, **facts)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def decline(request, pk):
    """The employer said no, or we give the draft up."""
    agreement = _agreement(pk)
    if refusal := _refused(request, agreement, Agreement.State.DECLINED):
        return refusal
    data = request.POST if request.method == "POST" else None
    form = WhyForm(data, agreement=agreement, today=timezone.localdate())
    if data is not None and form.is_valid():
        try:
            steps.decline(
                agreement=agreement, by=request.user, on=form.cleaned_data["on"], why=form.cleaned_data["why"]
            )
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Noted. The agreement stays here, with the reason."), extra_tags=_undo_of(agreement)
            )
            return redirect(agreement)
    title = _("Give the draft up") if agreement.is_draft else _("The employer said no")
    return _page(request, agreement, form, title=title, button=_("Note it"))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def end(request, pk):
    """The agreement has come to its end."""
    agreement = _agreement(pk)
    if refusal := _refused(request, agreement, Agreement.State.ENDED):
        return refusal
    data = request.POST if request.method == "POST" else None
    form = EndForm(data, agreement=agreement, today=timezone.localdate())
    if data is not None and form.is_valid():
        try:
            steps.end(agreement=agreement, by=request.user, on=form.cleaned_data["on"], why=form.cleaned_data["why"])
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("The agreement has ended. Its review is dropped."), extra_tags=_undo_of(agreement)
            )
            return redirect(agreement)
    return _page(request, agreement, form, title=_("End the agreement"), button=_("End it"))


@require_POST
@permission_required(CHANGE, raise_exception=True)
def undo(request, pk):
    """Take the last step back."""
    agreement = _agreement(pk)
    try:
        agreement = steps.undo(agreement=agreement, by=request.user)
        messages.success(
            request, _("Taken back. It is %(state)s again.") % {"state": str(agreement.get_state_display()).lower()}
        )
    except NotNow as refused:
        messages.error(request, str(refused))
    return redirect(agreement)
