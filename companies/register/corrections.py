"""Rejected rows put right one by one in the browser, and brought again as a file of their own.

The file holds nothing but those rows, under the headings of the first, and is read, previewed and taken in
as any other: what the rules, the register or the rows among themselves have against it comes out there.
"""

import csv
import io

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import RegisterImport, RejectedRow
from companies.register.headings import folded
from companies.register.kinds import kind_of
from companies.register.mappings import by_position
from companies.register.readers import is_by_place, places, showable
from companies.register.rejects import BOM
from jobcenter_crm.backstage.models import StoredFile

State = RegisterImport.State
# A row of more cells than a person can look through is corrected in the file.
MOST_CELLS = 200
_OPEN = {State.PREVIEWED, State.APPLYING, State.APPLIED, State.BROKEN_OFF}


def can_be_corrected(register_import):
    """Whether the rejected rows of an import can be corrected in the browser."""
    return register_import.state in _OPEN and 0 < len(register_import.headings) <= MOST_CELLS


def can_row_be_corrected(row):
    """The same of one row: its cells are known, and not too many for a form."""
    return 0 < len(row.raw) <= MOST_CELLS and can_be_corrected(row.register_import)


def may_be_kept(cell, is_p_number):
    """Whether a cell that somebody typed is surely no CPR number."""
    return not cell or bool(showable(cell, is_p_number))


def look_at(register_import, cells, *, today):
    """`{position: {reason: details}}` of what is wrong with a corrected row, position None for all of it."""
    kind = kind_of(register_import.kind)
    if kind.check_row is None:
        return {}
    columns = by_position(kind, register_import.headings, register_import.mapping, cells)
    positions, wrong = position_of(register_import.headings, columns), {}
    for remark in kind.check_row(register_import, cells, today):
        if remark.kind == RejectedRow.Kind.REJECTED:
            wrong.setdefault(positions.get(remark.column), {})[remark.reason] = remark.details
    return wrong


def possible_places(register_import, cells, *, today):
    """The workplaces that a row can mean where it does not say which: `[(P-number, in words)]`."""
    kind = kind_of(register_import.kind)
    if kind.possible_places is None:
        return []
    width = len(register_import.headings)
    return kind.possible_places(register_import, (cells + [""] * width)[:width], today)


def position_of(headings, columns):
    """`{heading as a remark names it: position}`; of a heading that is there twice, the one that is read."""
    read_last = sorted(range(len(headings)), key=lambda at: (at in columns, -at))
    return {headings[at][:255]: at for at in read_last if headings[at]}


def correct(row, cells, *, by):
    """Keep the row as it is put right. Returns False if it was brought again meanwhile."""
    facts = {"corrected": cells, "corrected_at": timezone.now(), "corrected_by": by}
    return _still_ours(row, facts)


def leave_out(row):
    """Forget the correction: the row stays rejected. Returns False if it was brought again meanwhile."""
    return _still_ours(row, {"corrected": None, "corrected_at": None, "corrected_by": None})


def _still_ours(row, facts):
    return bool(RejectedRow.objects.filter(pk=row.pk, taken_with=None).update(**facts))


@transaction.atomic
def bring_again(register_import, *, by):
    """A new import of the rows that are corrected and not yet brought again; None when there are none.

    The rows are locked, so that pressing twice brings them once.
    """
    waiting = RejectedRow.objects.select_for_update().filter(register_import=register_import).waiting()
    rows = dict(waiting.values_list("pk", "corrected"))
    if not rows:
        return None
    headings, mapping = _with_p_number(register_import, rows.values())
    content = ContentFile(_as_csv(headings, rows.values()))
    stem = register_import.name.rpartition(".")[0] or register_import.name
    stored = StoredFile.keep(content, by=by, name=_("corrected-%(name)s.csv") % {"name": stem})
    again = RegisterImport.objects.create(
        kind=register_import.kind,
        file=stored,
        name=stored.name,
        sha256=stored.sha256,
        by=by,
        mapping=mapping,
        answers=register_import.answers,
        corrects=register_import,
    )
    RejectedRow.objects.filter(pk__in=list(rows)).update(taken_with=again)
    return again


def _with_p_number(register_import, rows):
    """Headings and mapping of the corrected rows: a P-number that was chosen stands behind the last column, if none holds it."""
    headings, mapping = register_import.headings, register_import.mapping
    if all(len(row) <= len(headings) for row in rows):
        return headings, mapping
    if is_by_place(headings):
        added = places(len(headings) + 1)[-1]
    else:
        added = _("P-number")
        while folded(added) in map(folded, headings):
            added += " 2"
    return [*headings, added], mapping | {added: "p_number"}


def _as_csv(headings, rows):
    text, width = io.StringIO(), len(headings)
    csv.writer(text, delimiter=";").writerows([headings, *(row + [""] * (width - len(row)) for row in rows)])
    return (BOM + text.getvalue()).encode()
