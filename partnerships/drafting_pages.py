"""Writing an agreement: a new draft, and what it says."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from companies import merging
from companies.models import Workplace
from contacts.actions import NotNow
from jobcenter_crm.frame.addresses import number
from partnerships import drafting, steps
from partnerships.forms import AgreementForm, NewAgreementForm
from partnerships.models import Agreement

ADD, CHANGE = "partnerships.add_agreement", "partnerships.change_agreement"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(ADD, raise_exception=True)
def add(request):
    """Begin a draft at a workplace; which one is found first, where the page was opened from nowhere in particular."""
    asked = request.POST if request.method == "POST" else request.GET
    pk = number(asked.get("workplace"))
    if pk is None:
        return _choose(request)
    workplace = merging.standing_or_404(Workplace.objects.select_related("company"), pk)
    data = request.POST if request.method == "POST" else None
    kind = asked.get("kind") if asked.get("kind") in Agreement.Kind.values else None
    form = NewAgreementForm(data, workplace=workplace, user=request.user, initial={"kind": kind} if kind else None)
    if data is not None and form.is_valid():
        try:
            agreement = drafting.make(workplace=workplace, by=request.user, **form.facts())
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The draft is made. Write the rest when you have agreed it."))
            return redirect(agreement)
    context = {
        "form": form,
        "workplace": workplace,
        "known": _known(workplace),
    }
    return render(request, "partnerships/agreement_new.html", context, status=422 if form.errors else 200)


def _choose(request):
    text = request.GET.get("q", "").replace("\0", "")[:100].strip()
    found = Workplace.objects.active().matching(text).for_register_page()[:10] if text else []
    context = {"workplaces": found, "q": text, "then": "partnerships:add_agreement", "title": _("New agreement")}
    return render(request, "contacts/choose.html", context)


def _known(workplace):
    """What there is with the company already, so that nobody begins a second one unawares."""
    rows = Agreement.objects.standing().filter(company=workplace.company_id)
    return rows.select_related("workplace", "owner").order_by("-pk")[:10]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def change(request, pk):
    """What the agreement says; one that holds gets its next version."""
    found = Agreement.objects.select_related("company", "workplace__company", "owner")
    agreement = get_object_or_404(found, pk=pk)
    if agreement.is_over:
        messages.info(request, _("This agreement is over, and stays as it is. Make a new one."))
        return redirect(agreement)
    data = request.POST if request.method == "POST" else None
    form = AgreementForm(data, instance=agreement, user=request.user, today=timezone.localdate())
    if data is not None and form.is_valid():
        version = agreement.version
        try:
            agreement = drafting.change(agreement=agreement, by=request.user, **form.facts())
        except drafting.ChangedMeanwhile as refused:
            form.add_error(None, str(refused))
            # Saved once more, it is meant.
            form.data = form.data.copy()
            form.data["seen"] = str(drafting.stamp(agreement))
        except NotNow as refused:
            _say_where(form, refused)
        else:
            said = _("Saved.")
            if agreement.version > version:
                said = _("Saved as version %(n)s. The earlier wording is kept.") % {"n": agreement.version}
            messages.success(request, said)
            return redirect(agreement)
    context = {"form": form, "agreement": agreement, "workplace": agreement.workplace}
    return render(request, "partnerships/agreement_form.html", context, status=422 if form.errors else 200)


def _say_where(form, refused):
    """Put a refusal at the field that it is about, where there is one."""
    is_overlap = isinstance(refused, steps.Overlaps)
    form.add_error("note" if "note" in form.fields and not is_overlap else None, str(refused))
