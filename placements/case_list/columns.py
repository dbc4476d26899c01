"""The columns of the case system's list, and a reader that lets nothing else of the file through."""

from collections import Counter

from django.utils.translation import gettext_lazy as _

from companies.register.headings import SYNONYMS, Layout, folded
from placements.case_reference import may_be_cpr

COLUMNS = {
    _("The workplace"): {"p_number": _("P-number"), "cvr": _("CVR number")},
    _("The placement"): {
        "measure": _("Measure"),
        "starts_on": _("Start"),
        "ends_on": _("End"),
        "reference": _("Case reference"),
    },
}


def _missing(lacking):
    return "no_place_heading" if "cvr" in lacking[0] else "no_placement_heading"


PLACEMENTS = Layout(
    {
        "cvr": SYNONYMS["cvr"],
        "p_number": SYNONYMS["p_number"],
        "measure": """
            Tilbud; Measure; Tilbudstype; Redskab; Indsats; Ordning; Type; Aktivitet; measure type; scheme; activity
        """,
        "starts_on": """
            Startdato; Start; Fra; Fra dato; Begyndt; Begynder; Periode fra; Gyldig fra; from; start date; begins; starts on
        """,
        "ends_on": """
            Slutdato; Slut; Til; Til dato; Ophør; Planlagt slut; Periode til; Gyldig til; to; end date; end; until; ends on;
            planned end
        """,
        "reference": """
            Sagsnummer; Sagsnr.; Sag; Sags-id; Sagsreference; Reference; Journalnummer; Bevillingsnummer; case reference;
            case number; case no.; case; case id
        """,
    },
    essential=(("cvr", "p_number"), ("measure",), ("starts_on",), ("ends_on",), ("reference",)),
    missing=_missing,
)
# Stands in a stored list where a case reference should be and a CPR number was: the row is rejected for that.
DELETED = "(CPR)"
# What headings of CPR numbers begin with, as headings are compared.
_CPR = ("cpr", "personnummer", "personnr", "civilregistration", "socialsecurity")


def is_cpr(cell):
    """Whether a cell is, or may be, a CPR number."""
    return may_be_cpr(cell)


class OnlyOurs:
    """A reader without the columns that are not ours: a name or a CPR number beside them is never kept, nor shown.

    `deleted` is `{heading: how many}` of the CPR numbers that stood in the file, in columns that are not ours and in place
    of case references. Known when `rows` has come to its end. A column that is named for them is not told among the
    `unused` either, whatever it holds.
    """

    def __init__(self, reader):
        self._reader = reader
        self._kept = sorted(set(reader.columns.values()))
        self._place = {at: place for place, at in enumerate(self._kept)}
        self.headings = [reader.headings[at] for at in self._kept]
        self.columns = self._moved(reader.columns)
        self.sha256, self.sheets = reader.sha256, reader.sheets
        self._named = {at for at, heading in enumerate(reader.headings) if folded(heading).startswith(_CPR)}
        self._found = Counter()

    def _moved(self, columns):
        return {column: self._place[at] for column, at in columns.items() if at in self._place}

    @property
    def unused(self):
        of_cpr = self._called(self._named | self._found.keys()).values()
        return [heading for heading in self._reader.unused if heading not in of_cpr]

    @property
    def left_out(self):
        return self._reader.left_out

    @property
    def deleted(self):
        return {heading: self._found[at] for at, heading in self._called(self._found).items()}

    def _called(self, columns):
        headings = self._reader.headings
        return {at: headings[at] or f"#{at + 1}" for at in sorted(columns) if at < len(headings)}

    def rows(self):
        found = Counter()
        for row in self._reader.rows():
            for at, cell in enumerate(row.cells):
                if at not in self._place and cell and is_cpr(cell):
                    found[at] += 1
            if row.problem:
                # Nobody knows which of its cells is which.
                yield row._replace(cells=[""] * len(self._kept))
                continue
            cells = [row.cells[at] if at < len(row.cells) else "" for at in self._kept]
            reference = self.columns.get("reference")
            if reference is not None and cells[reference] and is_cpr(cells[reference]):
                # It is refused with the row; that it was there is told, and what it was is not kept.
                cells[reference] = DELETED
                found[self._kept[reference]] += 1
            yield row._replace(cells=cells, columns=row.columns and self._moved(row.columns))
        self._found = found
