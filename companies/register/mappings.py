"""What people have said of the columns of files: used on one file, and remembered for the next.

A mapping is {heading: our column, or empty for a column that is not read}. Of a file without headings the
columns are named by their place: "#1", "#2" (`readers.places`).
"""

from django.db import transaction

from companies.models import ColumnMapping
from companies.register.headings import folded
from companies.register.readers import is_unsaid


def fold(mapping):
    """The mapping as headings are compared."""
    return {folded(heading): column for heading, column in mapping.items()}


def fitting(kind, headings):
    """`(name, mapping)` of the remembered one that is about a file with these headings, or None.

    All headings of which it says what they mean must be there, and with it nothing essential may be
    lacking. Of several the one that knows the most of the headings is used, of two alike the newest.
    """
    found = {folded(heading): heading for heading in headings}
    best = None
    for known in ColumnMapping.objects.filter(kind=kind.name).order_by("-changed_at", "-pk"):
        used = {heading for heading, column in known.columns.items() if column}
        is_about_it = used and used <= found.keys()
        if not is_about_it or kind.layout.problem(kind.layout.understand(headings, known.columns)):
            continue
        knows = len(found.keys() & known.columns.keys())
        if best is None or knows > best[0]:
            best = knows, known
    if best is None:
        return None
    columns = best[1].columns
    return best[1].name, {found[heading]: column for heading, column in columns.items() if heading in found}


@transaction.atomic
def remember(*, kind, name, mapping, by):
    """Keep a mapping under a name; what one of that name says of other headings stays."""
    known, is_new = ColumnMapping.objects.select_for_update().get_or_create(
        kind=kind.name, name=name, defaults={"columns": fold(mapping), "changed_by": by}
    )
    if not is_new:
        known.columns, known.changed_by = known.columns | fold(mapping), by
        known.save()
    return known


def by_position(kind, headings, mapping, cells=()):
    """`{position: our column}` for the columns of a file that are read; of one row, those that its own sheet has."""
    headings = ["" if at < len(cells) and is_unsaid(cells[at]) else heading for at, heading in enumerate(headings)]
    return {at: column for column, at in kind.layout.understand(headings, fold(mapping)).items()}
