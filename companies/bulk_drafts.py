"""The rows that somebody chose in a list, put aside until they say what is to be done with them."""

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Value, Window
from django.db.models.functions import RowNumber
from django.http import QueryDict

from companies.listings import RegisterList
from companies.models import BulkDraft, BulkDraftRow, Workplace
from jobcenter_crm.backstage import bulk
from jobcenter_crm.staff.discretion import note_read

SAMPLE = 10


@transaction.atomic
def put_aside(act, *, by, query, today, ticked=None, listing=RegisterList):
    """Fix the rows for `act`: those `ticked` (primary keys), or all of `listing` at the address `query`. Returns the draft.

    They are kept in the order of the screen, written by one statement. Raises `BrokenSelection`.
    """
    shown = listing(QueryDict(query), user=by, today=today)
    found = shown.rows()
    note_read(f"{listing.name}_chosen", reader=by, colleagues=shown.of_whom())
    if ticked is not None:
        # Not narrowed by the search: what was ticked is meant, also where it has changed since.
        found = Workplace.objects.filter(pk__in=ticked)
    draft = BulkDraft.objects.create(
        act=act.name,
        by=by,
        listing=listing.name,
        query=query,
        words=shown.words(),
        selection=shown.selection(),
        ticked=ticked is not None,
    )
    draft.rows = bulk.insert_from(
        BulkDraftRow,
        found.order_by(),
        {
            "draft_id": Value(draft.pk),
            "workplace_id": F("pk"),
            "position": Window(RowNumber(), order_by=shown.order()),
        },
    )
    draft.save(update_fields=["rows"])
    return draft


def workplaces(draft):
    """The rows of `draft` that still stand: without those merged into another one since."""
    return Workplace.objects.filter(pk__in=draft.targets.order_by().values("workplace_id"))


def in_order(draft, *, found, dress=None, at_once=1000):
    """Those of the queryset `found` that are in `draft`, in the order of the screen, read in pieces.

    `dress` gets each piece, for what its rows need besides.
    """
    last = 0
    while some := list(
        draft.targets.filter(position__gt=last).order_by("position").values_list("position", "workplace_id")[:at_once]
    ):
        rows = {row.pk: row for row in found.filter(pk__in=[pk for _position, pk in some])}
        piece = [rows[pk] for _position, pk in some if pk in rows]
        if dress:
            dress(piece)
        yield from piece
        last = some[-1][0]


def sample(draft, *, only_open=False):
    """The first rows of the screen that stand; with `only_open` those that are open to outreach."""
    coming = Workplace.objects.open_to_outreach() if only_open else Workplace.objects.all()
    coming = draft.targets.filter(Exists(coming.order_by().filter(pk=OuterRef("workplace_id"))))
    pks = list(coming.order_by("position").values_list("workplace_id", flat=True)[:SAMPLE])
    rows = workplaces(draft).select_related("company", "owner").in_bulk(pks)
    return [rows[pk] for pk in pks]


def counts(draft):
    """How many rows stand, how many were merged since, and how many are protected: each of these for one reason only."""
    active, asks = Q(ceased_on=None), Q(do_not_contact=True)
    quiet = Q(advertising_protected=True) | Q(company__advertising_protected=True)
    # Called otherwise than the columns that they ask about.
    found = workplaces(draft).aggregate(
        n_standing=Count("pk"),
        n_ceased=Count("pk", filter=~active),
        n_do_not_contact=Count("pk", filter=active & asks),
        n_advertising_protected=Count("pk", filter=active & ~asks & quiet),
    )
    numbers = {name.removeprefix("n_"): number for name, number in found.items()}
    numbers["merged"] = draft.rows - numbers["standing"]
    numbers["protected"] = sum(numbers[why] for why in ("ceased", "do_not_contact", "advertising_protected"))
    numbers["open"] = numbers["standing"] - numbers["protected"]
    return numbers


def forget(now):
    """Delete drafts that nobody came back to; returns how many. Harmless twice."""
    old = list(BulkDraft.objects.forgotten(now).values_list("pk", flat=True)[:1000])
    BulkDraftRow.objects.filter(draft__in=old)._raw_delete(BulkDraftRow.objects.db)
    BulkDraft.objects.filter(pk__in=old).delete()
    return len(old)
