"""Whom to call about what, on both sides of an agreement."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contacts.actions import NotNow
from partnerships import drafting
from partnerships.drafting_pages import CHANGE
from partnerships.forms import ContactForm
from partnerships.models import Agreement, AgreementContact


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def add(request, pk):
    """Somebody more to call."""
    agreement = get_object_or_404(Agreement.objects.select_related("company", "workplace"), pk=pk)
    return _contact_page(request, agreement, AgreementContact(), _("Whom to call about what"))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def change(request, pk):
    """Somebody else, about something else, or answering within another time."""
    contact = _contact(pk)
    return _contact_page(request, contact.agreement, contact, _("Whom to call about what"))


def _contact(pk):
    found = AgreementContact.objects.select_related("agreement__company", "agreement__workplace", "colleague", "person")
    return get_object_or_404(found, pk=pk)


def _contact_page(request, agreement, contact, title):
    data = request.POST if request.method == "POST" else None
    form = ContactForm(data, instance=contact, agreement=agreement)
    if data is not None and form.is_valid():
        note = _("Whom to call: %(who)s") % {"who": form.instance}
        try:
            drafting.with_part(
                agreement=agreement, by=request.user, note=note[:200], act=lambda _agreement: form.instance.save()
            )
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Noted: %(what)s.") % {"what": form.instance})
            return redirect(agreement)
    context = {
        "form": form,
        "agreement": agreement,
        "workplace": agreement.workplace,
        "contact": contact,
        "title": title,
    }
    return render(request, "partnerships/contact.html", context, status=422 if form.errors else 200)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def remove(request, pk):
    """No longer to be called about it; the versions keep who was."""
    contact = _contact(pk)
    agreement, note = contact.agreement, _("No longer to call: %(who)s") % {"who": contact}
    try:
        drafting.with_part(
            agreement=agreement, by=request.user, note=note[:200], act=lambda _agreement: contact.delete()
        )
        messages.success(request, f"{note}.")
    except NotNow as refused:
        messages.error(request, str(refused))
    return redirect(agreement)
