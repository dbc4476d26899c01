"""Pages of a long list, counted only so far, and the way back to the page that a form was opened from."""

from contextlib import suppress

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme

# Counting further costs time on every page of a large register and tells nobody anything.
COUNTED_TO = 1_000


def capped_count(rows, counted_to=COUNTED_TO):
    """How many rows there are, at most `counted_to + 1`, which means "more than that"."""
    # What the rows bring along beside their keys need not be reckoned to count them.
    return rows.order_by().values("pk")[: counted_to + 1].count()


def capped_counts(lists, counted_to=COUNTED_TO):
    """What `capped_count` says of each of several lists, in one statement; without `counted_to` each to its end."""
    counts, asked = [0] * len(lists), []
    for place, rows in enumerate(lists):
        # Of what can't find anything there is nothing to ask.
        with suppress(EmptyResultSet):
            keys = rows.order_by().values("pk")
            asked.append((place, (keys[: counted_to + 1] if counted_to else keys).query.sql_with_params()))
    if asked:
        columns = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) few)" for _place, (sql, _params) in asked)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns}", [one for _place, (_sql, params) in asked for one in params])
            for (place, _query), n in zip(asked, cursor.fetchone(), strict=True):
                counts[place] = n
    return counts


class CappedPage(Page):
    """A page of a list that may go on further than was counted."""

    def __init__(self, object_list, number, paginator, goes_on=None):
        super().__init__(object_list, number, paginator)
        self._goes_on = goes_on

    def has_next(self):
        return super().has_next() if self._goes_on is None else self._goes_on

    def next_page_number(self):
        """The number of the next page; beyond what is counted with the key of the last row here, after which it begins."""
        if self._goes_on is None:
            return super().next_page_number()
        return f"{self.number + 1}-{self.object_list[-1].pk}"

    def previous_page_number(self):
        return super().previous_page_number() if self._goes_on is None else self.number - 1

    def end_index(self):
        return self.start_index() + len(self.object_list) - 1 if self._goes_on is not None else super().end_index()


class CappedPaginator(Paginator):
    """A paginator that never counts a whole register, and gives a page out of range the nearest one.

    One can page on beyond what is counted. There the address also names the row that the page begins after, so that
    the ten-thousandth page takes no longer than the tenth, where the order of the rows allows it.
    """

    counted_to = COUNTED_TO

    @cached_property
    def counted(self):
        return capped_count(self.object_list, self.counted_to)

    @cached_property
    def count(self):
        return min(self.counted, self.counted_to)

    @property
    def is_more(self):
        """More rows than were counted."""
        return self.counted > self.counted_to

    def get_page(self, number):
        """The page that an address asks for: a number, or a number and the key of a row before it ("21-3456")."""
        number, _dash, key = str(number or 1).partition("-")
        number = max(int(number), 1) if number.isdecimal() and len(number) < 10 else 1
        if number < self.num_pages or not self.is_more:
            return self.page(min(number, self.num_pages))
        key = int(key) if key.isdecimal() and len(key) < 19 else None
        return self._beyond(number, key) or self._beyond(self.num_pages)

    def page(self, number):
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        return CappedPage(self.shown(self.rows(first, min(first + self.per_page, self.count))), number, self)

    def rows(self, first, last):
        """The rows from the `first` up to the `last`, counted from 0."""
        return self.object_list[first:last]

    def shown(self, rows):
        """What a page shows of the rows that are on it."""
        return rows

    def _beyond(self, number, key=None):
        """The last page of those that are counted, or one after it; None where the list has ended before."""
        after = following(self.object_list, key) if key else None
        first = (number - 1) * self.per_page
        rows = self.rows(first, first + self.per_page + 1) if after is None else after[: self.per_page + 1]
        found = list(self.shown(rows))
        return CappedPage(found[: self.per_page], number, self, len(found) > self.per_page) if found else None


def following(rows, key):
    """Those of the ordered queryset `rows` that come after the row with that key.

    None where the row is not among them any more, or where the order is not one of plain columns that ends in the key.
    """
    terms = [_term(rows.model, one) for one in rows.query.order_by]
    if None in terms or not terms or rows.model._meta.pk.name != terms[-1][0]:
        return None
    values = rows.order_by().filter(pk=key).values_list(*[name for name, *_how in terms]).first()
    if values is None:
        return None
    after, same = Q(pk__in=[]), Q()
    for (name, descending, nulls_last), value in zip(terms, values, strict=True):
        if value is None:
            later = Q(pk__in=[]) if nulls_last else Q(**{f"{name}__isnull": False})
        else:
            later = Q(**{f"{name}__{'lt' if descending else 'gt'}": value})
            later |= Q(**{f"{name}__isnull": True}) if nulls_last else Q()
        after |= same & later
        same &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    name, descending, nulls_last = terms[0]
    if values[0] is not None and not nulls_last:
        # Says nothing new, but lets a database begin at the row instead of leaving out all before it.
        after &= Q(**{f"{name}__{'lte' if descending else 'gte'}": values[0]})
    return rows.filter(after)


def _term(model, term):
    """Column, whether it descends, and whether its empty ones come last; None for what is not a column.

    Of a column that may be empty the order has to say where the empty ones stand: databases do not agree on it.
    """
    if isinstance(term, str):
        term = OrderBy(F(term.removeprefix("-")), descending=term.startswith("-"))
    if not isinstance(term, OrderBy) or not isinstance(term.expression, F):
        return None
    name = model._meta.pk.name if term.expression.name == "pk" else term.expression.name
    fields = _way_to(model, name)
    is_said = term.nulls_first or term.nulls_last
    if not fields or not (is_said or all(not field.null for field in fields)):
        return None
    return name, term.descending, bool(term.nulls_last)


def _way_to(model, name):
    """The fields that lead to the column of that name, perhaps of another table; none to what a query has reckoned."""
    fields = []
    for step in name.split("__"):
        known = {field.name: field for field in model._meta.concrete_fields} if model else {}
        if step not in known:
            return []
        fields.append(known[step])
        model = known[step].related_model
    # To order by a relation is to order as the other table orders itself.
    return [] if fields[-1].is_relation else fields


class KeysFirstPaginator(CappedPaginator):
    """Finds the keys of a page first, and only then all that its rows show, which `shown`, a queryset, brings along.

    To put ten thousand whole rows in order costs many times what their keys cost.
    """

    def __init__(self, rows, per_page, *, shown):
        super().__init__(rows, per_page)
        self._shown = shown

    def shown(self, rows):
        return self.shown_of(list(rows.values_list("pk", flat=True)))

    def shown_of(self, keys):
        found = self._shown.in_bulk(keys)
        return [found[key] for key in keys if key in found]


class KeysAtOncePaginator(KeysFirstPaginator):
    """Counts by the keys that it finds, for rows that are dear to find, or to put in order: that is done once a page."""

    @cached_property
    def _keys(self):
        return list(self.object_list.values_list("pk", flat=True)[: self.counted_to + 1])

    @property
    def counted(self):
        return len(self._keys)

    def rows(self, first, last):
        return self._keys[first:last] if last <= self.counted else super().rows(first, last)

    def shown(self, rows):
        return self.shown_of(rows) if isinstance(rows, list) else super().shown(rows)


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
