"""The list of contacts across workplaces, and the same list as Excel."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from companies import exports
from contacts.contact_list import COLUMNS, PAGE, ContactFilter
from contacts.models import Interaction
from jobcenter_crm.frame.pages import KeysFirstPaginator
from jobcenter_crm.staff.discretion import note_read

VIEW = "contacts.view_interaction"


@require_safe
@permission_required(VIEW, raise_exception=True)
def contacts(request):
    """The contacts that were held, the newest first; the address narrows them, or asks for those that are planned."""
    today = timezone.localdate()
    form = ContactFilter(request.GET, user=request.user, today=today)
    is_readable = form.is_valid()
    note_read("contacts", reader=request.user, colleagues=form.colleagues)
    rows = form.rows() if is_readable else Interaction.objects.none()
    page = KeysFirstPaginator(rows, PAGE, shown=Interaction.objects.for_list()).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "is_readable": is_readable,
        "is_planned": form.is_planned,
        "page_obj": page,
        "today": today,
    }
    return render(request, "contacts/contacts.html", context)


@require_safe
@permission_required("companies.export_workplaces", raise_exception=True)
@permission_required(VIEW, raise_exception=True)
def excel(request):
    """The same list as Excel, without notes, purposes and colleagues; a filter that can't be read goes back to the list, which says so."""
    form = ContactFilter(request.GET, user=request.user, today=timezone.localdate())
    if not form.is_valid():
        return redirect(f"{reverse('contacts:contacts')}?{request.GET.urlencode()}")
    note_read("contacts_excel", reader=request.user, colleagues=form.colleagues)
    rows = form.rows().select_related("workplace__company")
    return exports.of_list(_("Contacts"), COLUMNS, rows, words=form.words(), by=request.user)
