"""Pages that show several apps together: my day, the card of a workplace, search."""

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.db.models import OuterRef, Subquery
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from companies import timeline
from companies.merging import standing_or_404
from companies.models import TierPlan, Workplace, WorkplaceFigure
from contacts import at_workplace, catalogue, handovers
from contacts.models import NOTE_OPEN_FOR, OtherJobCentre, Person
from jobcenter_crm.backstage.files import show_pdf
from jobcenter_crm.desk import brief as brief_parts
from jobcenter_crm.desk import card as card_parts
from jobcenter_crm.desk.my_day import my_day as read_my_day
from jobcenter_crm.frame.languages import column_in_language
from jobcenter_crm.frame.pages import CappedPaginator
from placements import hosting, occupancy_chart
from placements import search as places

SISTERS_SHOWN = 10
# Slots that a search tells one by one; their list has all.
PLACES_SHOWN = 10


@require_safe
def my_day(request):
    """What waits for the one who is logged in."""
    today = timezone.localdate()
    context = {"today": today, "now": timezone.localtime(), "day": read_my_day(request.user, today)}
    return render(request, "desk/my_day.html", context)


@require_safe
@permission_required("companies.view_workplace", raise_exception=True)
def card(request, pk):
    """The card of a workplace: who are we to each other, who talks to them, what happens next.

    The card of one that was merged into another leads there.
    """
    workplace = _workplace(pk)
    if workplace.pk != pk:
        return redirect(workplace)
    part = request.GET.get("show") if request.GET.get("show") in timeline.PARTS else ""
    everything, most = "all" in request.GET, card_parts.shown("all" in request.GET)
    today, now = timezone.localdate(), timezone.now()
    log, changes = at_workplace.log_of(workplace, most), card_parts.changes(workplace, most)
    coming = card_parts.coming(workplace, log)
    past, is_more = card_parts.past(workplace, log, changes, part, everything, user=request.user, today=today)
    roles = card_parts.roles(workplace, today)
    return render(
        request,
        "desk/card.html",
        {
            "today": today,
            "note_open_since": now - NOTE_OPEN_FOR,
            "owner_is_absent": workplace.responsible is not None and workplace.owner.is_absent(today),
            "workplace": workplace,
            "warnings": card_parts.warnings(workplace),
            "news": card_parts.news(workplace, changes, coming, now, request.user),
            "coming": coming,
            "next": coming[0] if coming else None,
            "last": log.last,
            "past": past,
            "is_more": is_more,
            "show": part,
            "services": catalogue.at(workplace, today),
            "people": card_parts.people(workplace),
            "plan_targets": card_parts.plan_targets(request.user, workplace),
            "colleague_roles": roles,
            "opener": card_parts.proposed_opener(request.user, log, roles),
            "agreements": card_parts.agreements(workplace)
            if request.user.has_perm("partnerships.view_agreement")
            else [],
            **_places(request.user, workplace, today),
            # Only a first contact is told how to go about it.
            "plan": SimpleLazyObject(TierPlan.objects.filter(tier=workplace.tier).first),
        },
    )


def _places(user, workplace, today):
    """What a workplace asks us for, and its slots, for those who may see them."""
    found = {"job_orders": card_parts.job_orders(workplace)} if user.has_perm("placements.view_joborder") else {}
    return found | ({"slots": card_parts.slots(workplace, today)[0]} if user.has_perm("placements.view_slot") else {})


@require_safe
@permission_required("companies.view_workplace", raise_exception=True)
def about(request, pk):
    """What the card of a workplace tells of the place itself: a part of the card when htmx asks, else a page of its own.

    Its facts, whom it can host and how full it is, other job centres there, and the company's other workplaces.
    """
    workplace = _workplace(pk, "company__form", "secondary_branch", "municipality")
    if workplace.pk != pk:
        return redirect("desk:about", workplace.pk)
    today = timezone.localdate()
    sisters = workplace.company.workplaces.active().exclude(pk=pk).order_by("sort_name")
    sisters = list(sisters.only("company", "name", "street", "town", "tier")[: SISTERS_SHOWN + 1])
    context = {
        "workplace": workplace,
        "job_centres": OtherJobCentre.objects.at(workplace).current().select_related("municipality"),
        "figures": WorkplaceFigure.objects.for_card(workplace),
        "sisters": sisters[:SISTERS_SHOWN],
        "more_sisters": len(sisters) > SISTERS_SHOWN,
    }
    if request.user.has_perm("placements.view_slot"):
        slots, spans = card_parts.slots(workplace, today)
        context["occupancy"] = occupancy_chart.of_slots(slots, today, spans)
        context["hosting_profile"] = hosting.profile_at(workplace)
    return render(request, "desk/_about.html" if request.htmx else "desk/about.html", context)


@require_safe
@permission_required("companies.view_workplace", raise_exception=True)
def brief(request, pk):
    """One page to read before a visit, as PDF; `?lang=` says in which language, otherwise the reader's own."""
    workplace = _workplace(pk, "company__form", "municipality")
    if workplace.pk != pk:
        return redirect("desk:brief", workplace.pk)
    asked = request.GET.get("lang")
    language = asked if asked in dict(settings.LANGUAGES) else get_language()
    made = brief_parts.make(
        workplace, reader=request.user, language=language, now=timezone.now(), today=timezone.localdate()
    )
    with translation.override(language):
        return show_pdf(made, brief_parts.file_name(workplace))


def _workplace(pk, *besides):
    """With what its card and its brief tell of the place itself, and `besides`; the one it was merged into, if it was.

    `aim` is what the plan of its group is for, in the reader's language.
    """
    places = Workplace.objects.select_related("company__central_owner", "owner__deputy", "branch", *besides)
    plan = TierPlan.objects.filter(tier=OuterRef("tier")).order_by()
    places = places.annotate(aim=Subquery(plan.values_list(column_in_language("aim"))))
    return standing_or_404(handovers.with_offer(places), pk)


def _asked(request):
    return request.GET.get("q", "").replace("\0", "").strip()[:100]


@require_safe
@permission_required("companies.view_workplace", raise_exception=True)
def search(request):
    """Workplaces, people and places by part of a name, a number, a street or what is done; a case by its whole reference."""
    text, today = _asked(request), timezone.localdate()
    found = Workplace.objects.none()
    people = Person.objects.none()
    hits = places.find(text, request.user, today, PLACES_SHOWN + 1)
    if text:
        found = Workplace.objects.matching(text).for_register_page().order_by("sort_name", "pk")
        people = Person.objects.current().matching(text).select_related("workplace", "company")[:20]
    page = CappedPaginator(found, 50).get_page(request.GET.get("page"))
    slots = [hit for hit in hits if hit.is_slot]
    context = {
        "q": text,
        "page_obj": page,
        "people": people,
        "cases": [hit for hit in hits if not hit.is_slot],
        "slots": slots[:PLACES_SHOWN],
        "has_more_slots": len(hits) > PLACES_SHOWN,
        "today": today,
    }
    return render(request, "desk/search.html", context)


@require_safe
@permission_required("companies.view_workplace", raise_exception=True)
def suggestions(request):
    """The first few hits while somebody types: names that begin so, then whatever else fits."""
    text = _asked(request)
    workplaces, people, hits = [], [], []
    if len(text) > 1:
        rows = Workplace.objects.active().for_register_page()
        workplaces = list(rows.called(text).order_by("sort_name", "pk")[:8])
        if len(workplaces) < 8:
            seen = [workplace.pk for workplace in workplaces]
            workplaces += rows.matching(text).exclude(pk__in=seen).order_by("sort_name", "pk")[: 8 - len(seen)]
        people = Person.objects.current().matching(text).select_related("workplace", "company")[:3]
        hits = places.find(text, request.user, timezone.localdate(), 3)
    context = {"q": text, "workplaces": workplaces, "people": people, "places": hits}
    return render(request, "desk/_suggestions.html", context)
