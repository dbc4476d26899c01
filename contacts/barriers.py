"""Barriers that employers name, how often they are met in each group, and the answers at hand.

The page that shows them together is one of the roof, which keeps the numbers of a large register (`desk.barriers`).
"""

from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from companies.cpr import refuse_cpr
from contacts.filters import ANY, USUAL_MONTHS
from contacts.models import BarrierAnswer, Interaction

# Spans that the page offers, in months.
SPANS = (3, 6, 12, 24)
# The columns: the four groups, and what is in none.
TIERS = (1, 2, 3, 4, None)


@dataclass(frozen=True)
class Cell:
    """So many workplaces, and the register's page with just these."""

    tier: int | str | None
    count: int
    url: str


@dataclass(frozen=True)
class Row:
    """One barrier across the groups, and in all of them; of `barrier` ANY, whatever it was."""

    barrier: str
    label: str
    cells: list
    total: Cell


def since(today, months):
    """The first of the days that `months` mean."""
    return today - relativedelta(months=months)


def count(today, months=USUAL_MONTHS):
    """`{(tier, barrier): number}` of active workplaces that met it in the last `months`, by the group they are in now.

    A workplace that met two barriers counts once for each, and once for ANY. In one statement.
    """
    found = by_group(Interaction.objects.met_barrier(since(today, months)), any=Count("workplace", distinct=True))
    return {(tier, barrier): n for tier, row in found.items() for barrier, n in row.items() if n}


def told(found, months):
    """The `Row`s of what `count` found, most first, and that of all barriers together, None when there is nothing at all."""
    rows = [_row(barrier, label, found, months) for barrier, label in Interaction.Barrier.choices]
    rows = sorted((row for row in rows if row.total.count), key=lambda row: -row.total.count)
    return rows, _row(ANY, gettext_lazy("Any barrier"), found, months) if rows else None


def by_group(met, **more):
    """`{tier: {barrier: number}}` of the active workplaces of the contacts `met`, with what else is asked; one statement."""
    each = {
        barrier: Count("workplace", distinct=True, filter=Q(barrier=barrier)) for barrier in Interaction.Barrier.values
    }
    standing = met.filter(workplace__ceased_on=None, workplace__merged_into=None).order_by()
    rows = standing.values("workplace__tier").annotate(**more, **each)
    return {row.pop("workplace__tier"): row for row in rows}


def _row(barrier, label, found, months):
    asked = {"barrier": barrier, "barrier_months": months}
    cells = []
    for tier in TIERS:
        cells.append(Cell(tier, found.get((tier, barrier), 0), _url(asked | {"tier": tier or "none"})))
    return Row(barrier, label, cells, Cell("all", sum(cell.count for cell in cells), _url(asked)))


def _url(asked):
    return f"{reverse('companies:register')}?{urlencode(asked)}"


def shown(found, months):
    """What `contacts/_barriers.html` shows of what `count` found."""
    rows, every = told(found, months)
    return {"barriers": rows, "any_barrier": every, "barrier_months": months}


class AnswerForm(forms.ModelForm):
    """The answer to a barrier, Danish and English side by side."""

    class Meta:
        model = BarrierAnswer
        fields = ["answer_da", "answer_en"]

    answer_da = forms.CharField(
        label=gettext_lazy("Answer, in Danish"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6, "lang": "da"}),
        error_messages={"required": gettext_lazy("Write it in Danish; English may be left empty.")},
        validators=[refuse_cpr],
    )
    answer_en = forms.CharField(
        label=gettext_lazy("Answer, in English"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "lang": "en"}),
        help_text=gettext_lazy("Empty: the Danish words are shown."),
        validators=[refuse_cpr],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.change_barrieranswer", raise_exception=True)
def barrier(request, barrier):
    """Change the answer to a barrier."""
    answer = get_object_or_404(BarrierAnswer, pk=barrier)
    form = AnswerForm(request.POST if request.method == "POST" else None, instance=answer)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The answer to “%(barrier)s” is saved.") % {"barrier": answer})
        return redirect("desk:barriers")
    context = {"form": form, "title": answer.get_barrier_display()}
    return render(request, "contacts/barrier.html", context, status=422 if form.errors else 200)
