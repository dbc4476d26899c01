"""What the pages of lists share: a filter that is read strictly, a page of its rows, and the same rows as Excel."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from companies import exports
from jobcenter_crm.frame.pages import KeysAtOncePaginator

PAGE = 50


def read(request, kind):
    """The filter of that `kind`, with what the address says."""
    return kind(request.GET, user=request.user, today=timezone.localdate())


def shown(request, kind):
    """What the page of an `OwnedListFilter` shows: how many rows there are of each part, and one page of them.

    A filter that can't be read counts and lists nothing, and says so.
    """
    form = read(request, kind)
    is_readable = form.is_valid()
    rows = form.rows() if is_readable else None
    return {
        "form": form,
        "is_readable": is_readable,
        "today": form.today,
        "counts": form.counts() if is_readable else {},
        "state": form.cleaned_data.get("state", ""),
        "page_obj": KeysAtOncePaginator(rows, PAGE, shown=rows).get_page(request.GET.get("page"))
        if is_readable
        else None,
    }


def as_excel(request, kind, *, page, title, columns, rows=lambda form: form.rows()):
    """What `rows(form)` gives, as Excel; a filter that can't be read goes back to the list at `page`, which says so."""
    form = read(request, kind)
    if not form.is_valid():
        return redirect(f"{reverse(page)}?{request.GET.urlencode()}")
    return exports.of_list(title, columns, rows(form), words=form.words(), by=request.user)
