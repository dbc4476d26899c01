"""The pages of merging: two records side by side, the merges so far, and what may be there twice."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies import duplicates, merging
from companies.merging import Fact, Refused
from companies.models import KnownDifferent, Merge
from jobcenter_crm.frame.addresses import number
from jobcenter_crm.frame.pages import CappedPaginator

SHOWN = 20
HITS = 20
KEPT, MERGED = "kept", "merged"

may_merge = permission_required("companies.merge_records", raise_exception=True)


@dataclass
class Line:
    """One fact of both, as the page tells it; `chosen` is "kept" or "merged", empty where there is nothing to choose."""

    fact: Fact
    kept: str
    merged: str
    differs: bool
    chosen: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may_merge
def merge(request):
    """Two records side by side, field by field; from one of them alone, the search for the other."""
    if "a" not in request.GET:
        return redirect("companies:duplicates")
    kind = _kind(request.GET.get("kind"))
    first = _row(kind, request.GET.get("a"))
    second = _row(kind, request.GET.get("b")) if request.GET.get("b") else None
    if second is None or second.pk == first.pk:
        if request.method == "POST":
            messages.error(request, _("These two were merged a moment ago. This is the one that was kept."))
            return redirect(kind.url(first))
        if request.GET.get("b") and number(request.GET["b"]) != number(request.GET["a"]):
            return _are_one(request, kind, first)
        return _choose(request, kind, first)
    kept, merged = kind.order(first, second)
    problems = merging.why_not(kind, kept, merged)
    if request.method == "POST":
        # The sides may have turned since the page was drawn: a choice of "the other one's" would then be the wrong one's.
        if request.POST.get("keeps") != str(kept.pk):
            problems = problems or [_("The two have changed since you opened the page. Look at them again.")]
        elif not problems:
            try:
                return _merged(request, kind, kept, merged)
            except Refused as refused:
                problems = refused.problems
    kept_name, merged_name = merging.names(kept, merged)
    context = {
        "kind": kind,
        "kept": kept,
        "merged": merged,
        "kept_name": kept_name,
        "merged_name": merged_name,
        "kept_url": kind.url(kept),
        "merged_url": kind.url(merged),
        "kept_line": kind.line(kept),
        "merged_line": kind.line(merged),
        "problems": problems,
        "warnings": kind.warnings(kept, merged),
        "was_swapped": kept.pk != first.pk,
        "swap_url": merging.url_of(kind, merged, kept) if kind.may_swap(kept, merged) else "",
        "moves": _moves(kind, kept, merged),
        "two_url": reverse("companies:duplicates_two"),
    } | _lines(kind, kept, merged, request.POST)
    return render(request, "companies/merge.html", context, status=422 if request.method == "POST" else 200)


def _kind(name):
    if kind := merging.kind_named(name or "workplace"):
        return kind
    raise Http404


def _row(kind, text):
    pk = number(text)
    if pk is None:
        raise Http404
    return merging.standing_or_404(kind.rows(), pk)


def _are_one(request, kind, kept):
    """Two that were merged since the link was made: which of them stands."""
    asked = [number(request.GET[name]) for name in ("a", "b")]
    merged = kind.model.everything.filter(pk__in=asked).exclude(pk=kept.pk).first()
    done = Merge.objects.filter(object_type=ContentType.objects.get_for_model(kind.model), undone_at=None)
    done = done.filter(merged_id=merged.pk).select_related("by").first()
    context = {"kept": kept, "merged": merged, "url": kind.url(kept), "line": kind.line(kept), "done": done}
    return render(request, "companies/merged.html", context)


def _choose(request, kind, first):
    """Find the other one: those near at first, then what is searched for."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = (kind.search(text) if text else kind.near(first)).exclude(pk=first.pk)
    hits = [(row, kind.line(row), merging.url_of(kind, first, row)) for row in found[:HITS]]
    context = {"kind": kind, "first": first, "line": kind.line(first), "url": kind.url(first), "q": text, "hits": hits}
    return render(request, "companies/merge_choose.html", context)


def _lines(kind, kept, merged, posted):
    """The facts that differ, and those that are equal or that neither has."""
    lines = []
    for fact in kind.facts:
        differs = fact.values(kept) != fact.values(merged)
        chosen = ""
        if differs and kind.choosable(fact, kept):
            proposed = MERGED if fact.prefers_merged(kept, merged) else KEPT
            chosen = posted.get(f"fact-{fact.name}", proposed)
        lines.append(Line(fact, kind.told(fact, kept), kind.told(fact, merged), differs, chosen))
    return {
        "differing": [line for line in lines if line.differs],
        "equal": [line for line in lines if not line.differs and line.kept],
    }


def _moves(kind, kept, merged):
    """What moves along, in words: "14 contacts"."""
    counted = merging.count_moving(kind, merged, kept)
    return [relation.words % {"n": number} for relation, number in counted if number]


def _merged(request, kind, kept, merged):
    choices = {fact.name for fact in kind.facts if request.POST.get(f"fact-{fact.name}") == MERGED}
    kept_name, merged_name = merging.names(kept, merged)
    done = merging.merge(kept=kept, merged=merged, choices=choices, by=request.user)
    messages.success(
        request,
        _("“%(merged)s” is merged into “%(kept)s”.") % {"merged": merged_name, "kept": kept_name},
        extra_tags=f"undo:{reverse('companies:merge_undo', args=[done.pk])}",
    )
    return redirect(kind.url(kept))


@never_cache
@require_safe
@may_merge
def merges(request):
    """The merges so far, the latest first."""
    so_far = Merge.objects.select_related("by", "undone_by", "object_type").prefetch_related(*_both("kept", "merged"))
    page = CappedPaginator(so_far, SHOWN).get_page(request.GET.get("page"))
    told = []
    for one in page:
        kind = merging.kind_of(one.kept)
        told.append((one, kind.label, kind.url(one.kept), kind.line(one.kept), kind.line(one.merged), _along(one)))
    return render(request, "companies/merges.html", {"page_obj": page, "rows": told, "tab": "merges", **_tabs()})


def _both(*names):
    """Prefetches the two records of each row, with all that a line about one of them tells."""
    ContentType.objects.get_for_models(*(kind.model for kind in merging.kinds()))  # asked one by one otherwise
    rows = [kind.model.everything.select_related(*kind.related) for kind in merging.kinds()]
    return [GenericPrefetch(name, rows) for name in names]


def _along(one):
    moved = sum(len(pks) for pks in one.moved.values())
    return ngettext("%(n)s row moved along", "%(n)s rows moved along", moved) % {"n": moved}


@require_POST
@may_merge
def undo(request, pk):
    """Take a merge back, and say what was left because somebody has changed it since."""
    done = get_object_or_404(Merge, pk=pk)
    try:
        undone = merging.undo_merge(merge=done, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        text = _("Undone. The two stand by themselves again.")
        if undone.left:
            text += " " + ngettext(
                "%(n)s thing was left as it is: somebody has changed it since.",
                "%(n)s things were left as they are: somebody has changed them since.",
                undone.left,
            ) % {"n": undone.left}
        messages.success(request, text)
    return _back(request, "companies:merges")


@never_cache
@require_safe
@may_merge
def duplicates_page(request):
    """What may be there twice, or, of the same kind, the pairs that somebody has said are two."""
    kind = _kind(request.GET.get("kind"))
    context = {"kind": kind, "tab": kind.name, **_tabs()}
    if request.GET.get("said") == "two":
        return render(request, "companies/known_different.html", context | _said_two(request, kind))
    found = duplicates.find(kind)
    page = Pairs(found.pairs, SHOWN).get_page(request.GET.get("page"))
    pairs = duplicates.fill(kind, page.object_list)
    for pair in pairs:
        pair.kept_line, pair.merged_line = kind.line(pair.kept), kind.line(pair.merged)
        pair.kept_url, pair.merged_url = kind.url(pair.kept), kind.url(pair.merged)
        pair.names = ", ".join(merging.names(pair.kept, pair.merged))
        pair.url = merging.url_of(kind, pair.kept, pair.merged)
    return render(request, "companies/duplicates.html", context | {"found": found, "pairs": pairs, "page_obj": page})


class Pairs(Paginator):
    """Pages of a list that was counted when it was found."""

    @property
    def counted(self):
        return self.count


def _tabs():
    return {"kinds": merging.kinds()}


def _said_two(request, kind):
    said = KnownDifferent.objects.filter(object_type__app_label=kind.model._meta.app_label)
    said = said.filter(object_type__model=kind.model._meta.model_name).select_related("by")
    page = CappedPaginator(said.prefetch_related(*_both("low", "high")), SHOWN).get_page(request.GET.get("page"))
    return {
        "page_obj": page,
        "rows": [(one, [(row, kind.url(row), kind.line(row)) for row in (one.low, one.high)]) for one in page],
    }


@require_POST
@may_merge
def say_two(request):
    """Remember that two are two; the line at the foot takes it back."""
    kind = _kind(request.POST.get("kind"))
    pks = {number(request.POST.get(name)) for name in ("a", "b")} - {None}
    rows = list(kind.rows().filter(pk__in=pks))
    if len(rows) != 2:
        messages.error(request, _("One of the two is no longer here. Look at the list again."))
        return _back(request, "companies:duplicates")
    first, second = rows
    one, other = merging.names(first, second)
    said = duplicates.say_two(kind=kind, first=first, second=second, by=request.user)
    messages.success(
        request,
        _("“%(one)s” and “%(other)s” are two, and are not shown again.") % {"one": one, "other": other},
        extra_tags=f"undo:{reverse('companies:duplicates_again', args=[said.pk])}",
    )
    return _back(request, "companies:duplicates")


@require_POST
@may_merge
def not_two(request, pk):
    """Take back that two are two. Harmless twice."""
    KnownDifferent.objects.filter(pk=pk).delete()
    messages.success(request, _("Taken back. The two are shown among the possible duplicates again."))
    return _back(request, "companies:duplicates")


def _back(request, default):
    to = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(to)
    return redirect(default)
