"""The page of the barriers: how often each was met, group by group, and what to answer."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contacts.barriers import SPANS, shown
from contacts.filters import USUAL_MONTHS
from contacts.models import BarrierAnswer, Interaction
from jobcenter_crm.desk.dashboard import kept


@require_safe
@permission_required("contacts.view_barrieranswer", raise_exception=True)
def barriers(request):
    """The barriers that were met, group by group, and what to answer."""
    asked = request.GET.get("months", "")
    months = int(asked) if asked in map(str, SPANS) else USUAL_MONTHS
    found, as_of = kept.barriers_met(months, timezone.localdate(), anew="anew" in request.GET)
    answers = {answer.barrier: answer for answer in BarrierAnswer.objects.all()}
    context = {
        "spans": SPANS,
        "as_of": as_of,
        "query": f"months={months}",
        "answers": [answers[value] for value in Interaction.Barrier.values if value in answers],
        **shown(found, months),
    }
    return render(request, "desk/barriers.html", context)
