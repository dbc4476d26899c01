"""The rules for one row: from raw cells to facts, with what is wrong or doubtful about it.

Facts are a tuple in the order of `FACTS`. `...` stands for a fact that the row says nothing about, which
is then left as it was; None and the empty text say that there is none. An empty cell empties the fact,
except the name, the address, the municipality, the first day and the protection, which it leaves.
"""

from typing import NamedTuple

from companies import cpr
from companies.models import Workplace, address_key
from companies.register import cells
from companies.register.cells import CellError, fact
from companies.register.readers import UNREADABLE, showable

FACTS = (
    "name",
    "company_name",
    "form",
    "status",
    "advertising_protected",
    "started_on",
    "ceased_on",
    "co_name",
    "street",
    "place",
    "postcode",
    "town",
    "municipality",
    "latitude",
    "longitude",
    "branch",
    "secondary_branch",
    "employees_min",
    "employees_max",
    "employees_period",
    "employees_source",
    "phone",
    "email",
    "sector",
    "register_date",
)
AT = {name: position for position, name in enumerate(FACTS)}
# `ceased_on` of a row that tells of an end but not of its day.
UNDATED = "?"
# No column of a register file is longer; what is, is no such cell.
LONGEST = 2000
KEPT_OF_A_CELL = 1000
SHOWN_OF_A_CELL = 255
LIMITS = {
    name: Workplace._meta.get_field(name).max_length
    for name in ("name", "co_name", "street", "place", "postcode", "town", "phone", "email")
} | {"status": 100, "company_name": 255}
# The freshest first: the register counts employees by month, by quarter and by year.
SERIES = ("month", "quarter", "year")
SOURCES = {"": "", "month": "månedsbeskæftigelse", "quarter": "kvartalsbeskæftigelse", "year": "årsbeskæftigelse"}
HOUSE = ("number", "number_to", "letter", "letter_to", "floor", "door")
FREE_TEXTS = ("name", "company_name", "address", "road", "co_name", "place", "phone", "email")


class Remark(NamedTuple):
    """What is to be told about a row: `reason` is a code of `reasons.py`, `column` the file's heading."""

    line: int
    kind: str
    column: str
    value: str
    reason: str
    details: dict
    raw: list


# What a row tells of. In a file without P-numbers: of its company, and of the one workplace it can mean. In a file
# that brings them: of a workplace, or, where its sheet or document has no column for them, of the company alone.
OF_EITHER, OF_WORKPLACE, OF_COMPANY = "either", "workplace", "company"


class CleanRow(NamedTuple):
    """A row that can be taken. `address` is its `address_key`, or None where it tells of no address.

    `of` is settled when the file is read to its end; until then it says whether the row has a column for a P-number.
    """

    line: int
    cvr: str
    p_number: str | None
    address: str | None
    facts: tuple
    of: str = OF_EITHER


class Note(NamedTuple):
    """Something wrong (`rejects`) or doubtful about one cell; `column` is ours, empty for the whole row."""

    rejects: bool
    reason: str
    column: str = ""
    value: str = ""
    details: dict = {}


class RowRules:
    """What may be wrong with a row whatever it is about, and how it is told; each kind of file adds its own rules."""

    longest, kept_of_a_cell = LONGEST, KEPT_OF_A_CELL

    def __init__(self, *, headings, columns):
        self.headings, self.columns = headings, columns

    def unreadable(self, row):
        """The notes on a row that can't be taken for what stands in any of its cells."""
        joined = "\x1f".join(row.cells)
        notes = []
        if "\0" in joined or UNREADABLE in joined or cpr.HYPHENED.search(joined):
            self._look_closer(row, notes)
        if row.problem:
            notes.append(Note(True, row.problem, details=row.details or {}))
        elif not notes and len(joined) > self.longest:
            self._measure(row.values, notes)
        return notes

    def named_place(self, values, notes):
        """The CVR number and the P-number by which a row of a file about known workplaces names its own; one is needed."""
        found = {"cvr": None, "p_number": None}
        for column, read in (("cvr", cells.cvr_number), ("p_number", cells.p_number)):
            if raw := fact(values.get(column, "")):
                try:
                    found[column] = read(raw)
                except CellError as error:
                    notes.append(Note(True, error.reason, column, values[column], error.details))
        if not any(found.values()) and not notes:
            notes.append(Note(True, "place_missing", "p_number" if "p_number" in self.columns else "cvr"))
        return found

    def _look_closer(self, row, notes):
        for position, cell in enumerate(row.cells):
            heading = self._column_at(position)
            if "\0" in cell:
                notes.append(Note(True, "nul", heading, cell))
            if UNREADABLE in cell and heading in self.columns:
                notes.append(Note(True, "unreadable_character", heading, cell))
            if cpr.read(cell, known=set) is cpr.Reading.CPR:
                notes.append(Note(True, "cpr", heading, cell))

    def _measure(self, values, notes):
        for column, cell in values.items():
            if len(cell) > self.longest:
                reason, limit = ("name_long", LIMITS["name"]) if column == "name" else ("cell_long", self.longest)
                notes.append(Note(True, reason, column, cell, {"length": len(cell), "limit": limit}))

    def _column_at(self, position):
        for column, used in self.columns.items():
            if used == position:
                return column
        return f"#{position}"

    def heading(self, column):
        position = int(column[1:]) if column.startswith("#") else self.columns.get(column)
        if column == "address" and position is None:
            position = self.columns.get("road")
        if position is None or position >= len(self.headings):
            return ""
        return self.headings[position][:SHOWN_OF_A_CELL]

    def remarks(self, row, notes):
        """One for each note, `hidden` where its value may not be shown; a rejected row goes with its first."""
        remarks = []
        for note in notes:
            value = showable(note.value, note.column == "p_number")
            is_hidden = note.value and not value
            remarks.append(
                Remark(
                    line=row.line,
                    kind="rejected" if note.rejects else "warning",
                    column=self.heading(note.column),
                    value=value[:SHOWN_OF_A_CELL],
                    reason=note.reason,
                    details=note.details | {"hidden": True} if is_hidden else note.details,
                    raw=[],
                )
            )
        if notes[0].rejects:
            remarks[0] = remarks[0]._replace(raw=self.raw(row))
        return remarks

    def raw(self, row):
        """The row's cells as they may be kept and handed out again."""
        position = self.columns.get("p_number")
        return [showable(cell, at == position)[: self.kept_of_a_cell] for at, cell in enumerate(row.cells)]


class Rules(RowRules):
    """Applies the rules to rows that have the same columns.

    `known` are the code lists, `today` decides whether an end is still to come, `known_p_numbers` tells
    which of some ten-digit numbers are no CPR numbers.
    """

    def __init__(self, *, headings, columns, known, today, known_p_numbers=cpr.known_p_numbers):
        super().__init__(headings=headings, columns=columns)
        self.known, self.today = known, today
        self._known_p_numbers = known_p_numbers
        self._free_texts = [name for name in FREE_TEXTS if name in columns]
        self._steps = [step for step, wanted in self._all_steps() if not columns.keys().isdisjoint(wanted)]

    def _all_steps(self):
        """Each step with the columns that call for it: a file's rows only take the steps that it has columns for."""
        counts = {f"{series}_{part}" for series in SERIES for part in ("employees", "interval")}
        return [
            (self._name, {"name"}),
            (self._company_name, {"company_name"}),
            (self._form, {"form"}),
            (self._sector, {"sector"}),
            (self._status, {"status"}),
            (self._protected, {"protected"}),
            (self._started, {"started"}),
            (self._ceased, {"ceased", "status", "change"}),
            (self._address, {"address", "road"}),
            (self._co_name, {"co_name"}),
            (self._place, {"place"}),
            (self._postcode, {"postcode"}),
            (self._town, {"town"}),
            (self._municipality, {"municipality"}),
            (self._coordinates, {"latitude", "longitude"}),
            (self._branches, {"branch", "branch_title", "secondary_branch", "secondary_branch_title"}),
            (self._employees, {"employees", "employees_interval"} | counts),
            (self._phone, {"phone"}),
            (self._email, {"email"}),
            (self._register_date, {"register_date"}),
        ]

    def clean(self, row):
        """`(CleanRow or None, remarks)`: None where the row is rejected, and then all that is wrong with it."""
        notes = self.unreadable(row)
        if notes:
            return None, self.remarks(row, notes)
        values = row.values
        cvr = p_number = None
        try:
            cvr = cells.cvr_number(values["cvr"])
        except CellError as error:
            notes.append(Note(True, error.reason, "cvr", values["cvr"], error.details))
        if "p_number" in values:
            try:
                p_number = cells.p_number(values["p_number"])
            except CellError as error:
                notes.append(Note(True, error.reason, "p_number", values["p_number"], error.details))
        facts = [...] * len(FACTS)
        for step in self._steps:
            step(values, facts, notes)
        if any(note.rejects for note in notes):
            return None, self.remarks(row, [note for note in notes if note.rejects])
        if not cells.has_cvr_checksum(cvr):
            notes.append(Note(False, "cvr_checksum", "cvr", values["cvr"]))
        self._warn_of_ten_digits(values, notes)
        street, postcode = facts[AT["street"]], facts[AT["postcode"]]
        address = None
        if street is not ... and street:
            address = address_key(street, "" if postcode is ... else postcode)
        of = OF_WORKPLACE if "p_number" in values else OF_COMPANY
        clean = CleanRow(row.line, cvr, p_number, address, tuple(facts), of)
        return clean, self.remarks(row, notes) if notes else ()

    def _warn_of_ten_digits(self, values, notes):
        for column in self._free_texts:
            if (
                cpr.PLAIN.search(values[column])
                and cpr.read(values[column], self._known_p_numbers) is not cpr.Reading.CLEAN
            ):
                notes.append(Note(False, "maybe_cpr", column, values[column]))

    def _keep(self, facts, notes, column, name, kept, value):
        """Set a text, unless it is longer than what we keep; then it is left as it was."""
        if len(kept) <= LIMITS[name]:
            facts[AT[name]] = kept
        else:
            details = {"length": len(kept), "limit": LIMITS[name]}
            notes.append(Note(False, "fact_long", column, value, details))

    # One step for each fact, in the order of `FACTS`.

    def _name(self, values, facts, notes):
        name = fact(values["name"])
        if not name:
            notes.append(Note(True, "name_missing", "name", values["name"]))
        elif len(name) > LIMITS["name"]:
            notes.append(Note(True, "name_long", "name", name, {"length": len(name), "limit": LIMITS["name"]}))
        facts[AT["name"]] = name

    def _company_name(self, values, facts, notes):
        if name := fact(values["company_name"]):
            self._keep(facts, notes, "company_name", "company_name", name, name)

    def _form(self, values, facts, notes):
        code, is_known = self.known.form(values["form"])
        if not is_known:
            notes.append(Note(False, "form_unknown", "form", values["form"]))
        elif code:
            facts[AT["form"]] = code
            if "sector" not in values:
                facts[AT["sector"]] = "public" if code in self.known.public_forms else "private"

    def _sector(self, values, facts, notes):
        sector, is_known = self.known.sector(values["sector"])
        if not is_known:
            notes.append(Note(False, "sector_unknown", "sector", values["sector"]))
        elif sector:
            facts[AT["sector"]] = sector

    def _status(self, values, facts, notes):
        if status := fact(values["status"]):
            self._keep(facts, notes, "status", "status", status, status)

    def _protected(self, values, facts, notes):
        try:
            protected = cells.yes_or_no(values["protected"])
        except CellError as error:
            notes.append(Note(False, error.reason, "protected", values["protected"]))
            return
        if protected is not None:
            facts[AT["advertising_protected"]] = protected

    def _day(self, values, column, notes):
        """The day, None for an empty cell, `...` for one that can't be read."""
        try:
            return cells.day(values[column])
        except CellError as error:
            notes.append(Note(False, error.reason, column, values[column]))
            return ...

    def _started(self, values, facts, notes):
        if (day := self._day(values, "started", notes)) is not ... and day:
            facts[AT["started_on"]] = day.isoformat()

    def _ceased(self, values, facts, notes):
        """By its day and by its status: either may tell of the end, and ended units are found marked as active."""
        ceased = ...
        if "ceased" in values:
            ceased = self._day(values, "ceased", notes)
            if ceased is not ... and ceased and ceased > self.today:
                notes.append(Note(False, "ends_later", "ceased", values["ceased"]))
                ceased = None
        if "status" in values and ceased is ... and fact(values["status"]):
            ceased = None
        if ceased in (..., None) and any(
            cells.has_ceased(values[column]) for column in ("status", "change") if column in values
        ):
            ceased = UNDATED
        facts[AT["ceased_on"]] = ceased if ceased in (..., None, UNDATED) else ceased.isoformat()

    def _address(self, values, facts, notes):
        if "address" in values:
            raw = values["address"]
            address = cells.address(raw)
        else:
            raw = cells.house(values["road"], *(values.get(part, "") for part in HOUSE))
            address = cells.Address(None, raw, None, None, None)
        if not address.street and address.town is None and address.co_name is None:
            return
        limit = LIMITS["street"]
        if len(address.street) > limit:
            notes.append(Note(True, "address_long", "address", raw, {"length": len(address.street), "limit": limit}))
            return
        facts[AT["street"]] = address.street or ...
        for name in ("co_name", "place", "postcode", "town"):
            part = getattr(address, name)
            if part is not None and (name not in values or name in ("postcode", "town")):
                self._keep(facts, notes, "address", name, part, raw)
        if address.postcode and "postcode" not in values and address.postcode not in self.known.towns:
            notes.append(Note(False, "postcode_unknown", "address", raw))

    def _co_name(self, values, facts, notes):
        self._keep(facts, notes, "co_name", "co_name", cells.co_name(values["co_name"]), values["co_name"])

    def _place(self, values, facts, notes):
        self._keep(facts, notes, "place", "place", fact(values["place"]), values["place"])

    def _postcode(self, values, facts, notes):
        code, town = cells.postcode(values["postcode"])
        if not code:
            return
        self._keep(facts, notes, "postcode", "postcode", code, values["postcode"])
        if code not in self.known.towns:
            notes.append(Note(False, "postcode_unknown", "postcode", values["postcode"]))
        if "town" not in values and town:
            self._keep(facts, notes, "postcode", "town", town, values["postcode"])

    def _town(self, values, facts, notes):
        if town := fact(values["town"]):
            self._keep(facts, notes, "town", "town", town, town)

    def _municipality(self, values, facts, notes):
        code, is_known = self.known.municipality(values["municipality"])
        if not is_known:
            notes.append(Note(False, "municipality_unknown", "municipality", values["municipality"]))
        elif code:
            facts[AT["municipality"]] = code

    def _coordinates(self, values, facts, notes):
        """Both or none: half a position is nowhere."""
        if "latitude" not in values or "longitude" not in values:
            return
        try:
            latitude = cells.coordinate(values["latitude"], 90)
            longitude = cells.coordinate(values["longitude"], 180)
        except CellError as error:
            notes.append(Note(False, error.reason, "latitude", values["latitude"]))
            return
        if (latitude is None) == (longitude is None):
            facts[AT["latitude"]], facts[AT["longitude"]] = latitude, longitude

    def _branches(self, values, facts, notes):
        for column in ("branch", "secondary_branch"):
            title = f"{column}_title"
            if column not in values and title not in values:
                continue
            branch, is_known = self.known.branch(values.get(column, ""), values.get(title, ""))
            if is_known:
                facts[AT[column]] = branch
            else:
                shown = column if column in values else title
                notes.append(Note(False, "branch_unknown", shown, values[shown]))

    def _employees(self, values, facts, notes):
        """The freshest count that there is; within a series an exact one before its interval."""
        best, is_unread = None, False
        for series in ("", *SERIES):
            prefix = f"{series}_" if series else ""
            for column in (f"{prefix}employees", f"{prefix}interval" if series else "employees_interval"):
                if column not in values:
                    continue
                try:
                    count = cells.employees(values[column])
                except CellError as error:
                    notes.append(Note(False, error.reason, column, values[column]))
                    is_unread = True
                    continue
                if count:
                    period = self._period(values, series)
                    if best is None or period > best[0]:
                        best = period, count, series
                    break
        if best:
            period, count, series = best
            facts[AT["employees_min"]], facts[AT["employees_max"]] = count
            facts[AT["employees_period"]], facts[AT["employees_source"]] = period, SOURCES[series]
        elif not is_unread:
            facts[AT["employees_min"]] = facts[AT["employees_max"]] = None
            facts[AT["employees_period"]] = facts[AT["employees_source"]] = ""

    def _period(self, values, series):
        """As text that sorts by time: "2026", "2026 K3", "2026-09"; empty where the file does not tell."""
        year = cells.without_decimals(fact(values.get(f"{series}_year", "")))
        if not (cells.is_digits(year) and len(year) == 4):
            return ""
        part = cells.without_decimals(fact(values.get(f"{series}_part", "")))
        if not (cells.is_digits(part) and len(part) <= 2):
            return year
        return f"{year} K{int(part)}" if series == "quarter" else f"{year}-{part.zfill(2)}"

    def _phone(self, values, facts, notes):
        self._keep(facts, notes, "phone", "phone", cells.phone(values["phone"]), values["phone"])

    def _email(self, values, facts, notes):
        self._keep(facts, notes, "email", "email", fact(values["email"]), values["email"])

    def _register_date(self, values, facts, notes):
        if (day := self._day(values, "register_date", notes)) is not ... and day:
            facts[AT["register_date"]] = day.isoformat()
