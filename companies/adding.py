"""A workplace written by hand: one that is not in the register yet, and the facts of one that we keep ourselves."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from companies import actions
from companies.by_hand import FactsForm, NewWorkplaceForm
from companies.models import Company, Workplace
from companies.register import cells

# So many workplaces of a company are shown while somebody types; the others are behind a link.
SHOWN = 5


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("companies.add_workplace", raise_exception=True)
def add(request):
    """Add a workplace. What looks the same is shown first; "Look up" shows the company without saving anything."""
    if request.method != "POST":
        return _begun(request, _asked(request))
    if "look_up" in request.POST:
        return _begun(request, _typed(request))
    form = NewWorkplaceForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            workplace = actions.add_workplace(by=request.user, **form.facts())
        except actions.AlreadyThere as there:
            form.say_it_is_there(there.workplace)
        else:
            messages.success(request, _("%(name)s is added.") % {"name": workplace.name})
            return redirect(workplace)
    context = {"form": form} | _company(request.POST.get("cvr", ""))
    return render(request, "companies/add.html", context, status=422)


def _typed(request):
    """What stood in the form when "Look up" was pressed."""
    typed = {name: text.replace("\0", "") for name, text in request.POST.items() if name not in ("another", "seen")}
    return typed | {name: name in request.POST for name in ("mine", "sure_of_cvr", "not_cpr")}


def _asked(request):
    """What a search that found nothing has begun with: a CVR number, or a name."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    try:
        return {"cvr": cells.cvr_number(text)} if text else {}
    except cells.CellError:
        return {"name": text} if any(sign.isalpha() for sign in text) else {}


def _begun(request, known):
    """The form with what is known; where nobody has named the workplace it is called what its company is."""
    looked_up = _company(known.get("cvr", ""))
    if "company" in looked_up and not known.get("name", "").strip():
        known["name"] = looked_up["company"].name
    form = NewWorkplaceForm(initial=known, user=request.user)
    return render(request, "companies/add.html", {"form": form} | looked_up)


@require_safe
@permission_required("companies.add_workplace", raise_exception=True)
def look_up(request):
    """The company of a CVR number while it is typed, with its workplaces; empty where we have none."""
    return render(request, "companies/_looked_up.html", _company(request.GET.get("cvr", "")))


def _company(raw):
    """What we have under a CVR number, for the page; nothing for what is none."""
    try:
        number = cells.cvr_number(raw[:30].replace("\0", ""))
    except cells.CellError:
        return {}
    company = Company.everything.filter(cvr_number=number).select_related("merged_into").first()
    if company is None:
        return {"is_new": True}
    company = company.merged_into or company
    places = list(company.workplaces.for_register_page().order_by("sort_name", "pk")[: SHOWN + 1])
    return {"company": company, "places": places[:SHOWN], "is_more": len(places) > SHOWN}


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("companies.add_workplace", raise_exception=True)
def facts(request, pk):
    """Correct the facts of a workplace where they are ours; others are the register's, and the page says so."""
    workplace = get_object_or_404(Workplace.objects.select_related("company", "branch"), pk=pk)
    form = None
    if workplace.facts_are_ours:
        data = request.POST if request.method == "POST" else None
        form = FactsForm(data, workplace=workplace, initial=FactsForm.initial_of(workplace))
        if data is not None and form.is_valid():
            try:
                actions.correct_facts(workplace=workplace, by=request.user, **form.facts())
            except actions.AlreadyThere as there:
                form.say_it_is_there(there.workplace)
            except actions.TheRegisters:
                form = None
            else:
                messages.success(request, _("The facts are saved."))
                return redirect(workplace)
    status = 422 if request.method == "POST" else 200
    return render(request, "companies/facts.html", {"workplace": workplace, "form": form}, status=status)
