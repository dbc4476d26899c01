"""The list of contacts across workplaces, and the same list as Excel."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contacts import list_pages
from contacts.contact_list import COLUMNS, ContactFilter
from contacts.models import Interaction
from jobcenter_crm.frame.pages import KeysFirstPaginator
from jobcenter_crm.staff.discretion import note_read

VIEW = "contacts.view_interaction"


@require_safe
@permission_required(VIEW, raise_exception=True)
def contacts(request):
    """The contacts that were held, the newest first; the address narrows them, or asks for those that are planned."""
    form = list_pages.read(request, ContactFilter)
    is_readable = form.is_valid()
    if is_readable:
        note_read("contacts", reader=request.user, colleagues=form.colleagues)
    rows = form.rows() if is_readable else Interaction.objects.none()
    page = KeysFirstPaginator(rows, list_pages.PAGE, shown=Interaction.objects.for_list()).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "is_readable": is_readable,
        "is_planned": form.is_planned,
        "page_obj": page,
        "today": form.today,
    }
    return render(request, "contacts/contacts.html", context)


@require_safe
@permission_required("companies.export_workplaces", raise_exception=True)
@permission_required(VIEW, raise_exception=True)
def excel(request):
    """The same list as Excel, without notes, purposes and colleagues; a filter that can't be read goes back to the list, which says so."""
    return list_pages.as_excel(
        request, ContactFilter, page="contacts:contacts", title=_("Contacts"), columns=COLUMNS, rows=_noted
    )


def _noted(form):
    """The rows that leave the house; of whose contacts they are is noted, where those are colleagues'."""
    note_read("contacts_excel", reader=form.user, colleagues=form.colleagues)
    return form.rows().select_related("workplace__company")
