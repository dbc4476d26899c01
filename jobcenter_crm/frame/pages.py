"""Pages of a long list, counted only so far, and the way back to the page that a form was opened from."""

from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme

# Counting further costs seconds on a large register and tells nobody anything.
COUNTED_TO = 10_000


def capped_count(rows):
    """How many rows there are, at most `COUNTED_TO + 1`, which means "more than that"."""
    return rows.order_by()[: COUNTED_TO + 1].count()


class CappedPaginator(Paginator):
    """A paginator that never counts a whole register, and gives a page out of range the nearest one."""

    @cached_property
    def counted(self):
        return capped_count(self.object_list)

    @cached_property
    def count(self):
        return min(self.counted, COUNTED_TO)

    @property
    def is_more(self):
        """More rows than were counted."""
        return self.counted > COUNTED_TO


class KeysFirstPaginator(CappedPaginator):
    """Finds the keys of a page first, and only then all that its rows show, which `shown`, a queryset, brings along.

    To put ten thousand whole rows in order costs many times what their keys cost.
    """

    def __init__(self, rows, per_page, *, shown):
        super().__init__(rows, per_page)
        self.shown = shown

    def page(self, number):
        page = super().page(number)
        keys = list(page.object_list.values_list("pk", flat=True))
        found = self.shown.in_bulk(keys)
        page.object_list = [found[key] for key in keys if key in found]
        return page


class CappedPages:
    """For a list view: pages that are never counted to the end, and the nearest one for a page out of range."""

    paginator_class = CappedPaginator

    def paginate_queryset(self, queryset, page_size):
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()


def back(request, default):
    """To where the form was opened from, if that is a page of ours."""
    to = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(to)
    return redirect(default)
