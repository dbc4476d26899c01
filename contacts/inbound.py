"""Somebody calls: who it is and whom they usually talk to, while it rings."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from companies.models import Workplace, digits, phone_key
from contacts.models import FollowUp, Interaction, Person

# As many as can be read while it rings.
MOST = 8
# Of the workplaces of somebody who belongs to a whole company, and of what is open at one.
PLACES_OF_ONE, OPEN_SHOWN = 3, 5
# A number may stand in a sentence, with "+45", "45" or "0045" before it, and be written with blanks, dots or dashes.
_NUMBER = re.compile(r"(?<!\d)(?:\+?45|0045)?(?:[ ./-]?\(?\d\)?){8}(?!\d)")


@dataclass(frozen=True)
class Offer:
    """Something else that a call may be about: apps above register it. `url(workplace)` is where it is written down."""

    label: str | Promise
    url: Callable
    permission: str


_offers = []


def register(*offers):
    """Add offers; called from `AppConfig.ready()`."""
    _offers.extend(offer for offer in offers if offer not in _offers)


@dataclass
class Caller:
    """One whom it may be: a workplace, the people it may be, and what a colleague must know to answer."""

    workplace: Workplace
    persons: list = field(default_factory=list)
    last: Interaction = None
    open: list = field(default_factory=list)
    more_open: int = 0
    planned: Interaction = None
    offers: list = field(default_factory=list)


@require_safe
@permission_required("contacts.add_interaction", raise_exception=True)
def inbound(request):
    """Find who calls by number, name or CVR; htmx fetches the hits while one types."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    today = timezone.localdate()
    callers = find(text)
    dress(callers)
    offers = [offer for offer in _offers if request.user.has_perm(offer.permission)]
    for caller in callers:
        owner = caller.workplace.owner
        caller.offers = [(offer.label, offer.url(caller.workplace)) for offer in offers]
        caller.is_away = owner is not None and owner.is_absent(today)
    return render(request, "contacts/inbound.html", {"q": text, "callers": callers, "today": today})


def numbers_in(text):
    """The telephone numbers of eight digits that stand in a text."""
    return [key for found in _NUMBER.findall(text) if (key := phone_key(digits(found)))]


def find(text):
    """Whom it may be, at most `MOST`: by the number where there is one, then as a CVR number, else by name."""
    if len(text) < 2:
        return []
    keys = numbers_in(text)
    for key in keys:
        if found := _callers(Workplace.objects.called_up_on(key), Person.objects.current().called_up_on(key)):
            return found
    for key in keys:
        if found := _callers(Workplace.objects.active().of_company(key), Person.objects.none()):
            return found
    places = Workplace.objects.active()
    if found := _callers(places.called(text), Person.objects.none()):
        return found
    return _callers(places.matching(text), Person.objects.current().matching(text))


def _callers(places, people):
    """Those people and places, the people first; a person of a whole company stands at some of its workplaces."""
    found = {}
    people = list(people.order_by("name", "pk")[:MOST])
    of_company = _places_of({person.company_id for person in people if not person.workplace_id})
    for person in people:
        for pk in [person.workplace_id] if person.workplace_id else of_company.get(person.company_id, []):
            found.setdefault(pk, []).append(person)
    for pk in places.order_by("sort_name", "pk").values_list("pk", flat=True)[:MOST]:
        found.setdefault(pk, [])
    rows = Workplace.objects.select_related("company__central_owner", "owner__deputy").in_bulk(list(found)[:MOST])
    return [Caller(rows[pk], persons) for pk, persons in found.items() if pk in rows]


def _places_of(companies):
    """Keys of some workplaces of each company."""
    places = {}
    if companies:
        rows = Workplace.objects.active().filter(company__in=companies).order_by("sort_name", "pk")
        for pk, company in rows.values_list("pk", "company"):
            places.setdefault(company, []).append(pk)
    return {company: keys[:PLACES_OF_ONE] for company, keys in places.items()}


def dress(callers):
    """Give each the last contact, what is open and what is planned there, in a fixed number of statements."""
    at = {caller.workplace.pk: caller for caller in callers}
    if not at:
        return
    for contact in _latest(at).select_related("workplace").prefetch_related("staff", "persons"):
        at[contact.workplace_id].last = contact
    promised = FollowUp.objects.open().filter(workplace__in=at).select_related("owner", "person")
    for follow_up in promised.order_by("due_on", "pk"):
        at[follow_up.workplace_id].open.append(follow_up)
    for caller in callers:
        # An employer who waits for an answer may be the very one who calls.
        caller.open.sort(key=lambda follow_up: follow_up.kind != FollowUp.Kind.MATTER)
        caller.more_open = max(len(caller.open) - OPEN_SHOWN, 0)
        caller.open = caller.open[:OPEN_SHOWN]
    planned = Interaction.objects.planned().filter(workplace__in=at).prefetch_related("staff").soonest_first()
    for contact in planned:
        at[contact.workplace_id].planned = at[contact.workplace_id].planned or contact


def _latest(places):
    """The last contact held at each of the places."""
    newest = Interaction.objects.held().filter(workplace__in=places).order_by("workplace", "-on", "-at", "-pk")
    keys, seen = [], set()
    for pk, workplace in newest.values_list("pk", "workplace"):
        if workplace not in seen:
            seen.add(workplace)
            keys.append(pk)
    return Interaction.objects.filter(pk__in=keys)
