"""The register's own JSON: documents of companies and of workplaces, each of them a row.

One document, a list of them, an answer of the register's search (`hits.hits`), several of those, or one
document a line; each with or without `_source`. Nearly all a document tells are lists of what has been true
from when to when; what is true now is the entry without an end, else the one that ended last. Cells stand
under the headings of the register's own CSV extracts, so that a rejected row can be corrected as one of those.
"""

import codecs
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from companies.register.headings import REGISTER, Layout
from companies.register.readers.files import CHUNK, UNREADABLE, UNSAID, LeftOut, Row, Table, Unusable, digest

# The largest documents, of companies with thousands of workplaces, have some megabytes.
MOST_OF_A_DOCUMENT = 64 * 1024 * 1024
FIRST_DOCUMENTS = 100
# So near the end of what has been read, "false" or an escaped letter may only be cut off.
_LONGEST_WORD = 16
_BLANKS = re.compile(r"[ \t\r\n]*")
_FIRST_KEY = re.compile(r'\{\s*"([^"\\]*)"\s*:')
_OF_AN_ANSWER = {
    "took",
    "timed_out",
    "_shards",
    "_scroll_id",
    "pit_id",
    "num_reduce_phases",
    "terminated_early",
    "hits",
}
_BEGINS = re.compile(rb'\s*(?:\{\s*["}]|\[\s*[\[{\]])')
_SURROGATES = re.compile("[\ud800-\udfff]")
_LARGEST = 10**18

_ADDRESS = {
    "beliggenhedsadresse_vejnavn": "vejnavn",
    "beliggenhedsadresse_husnummerFra": "husnummerFra",
    "beliggenhedsadresse_husnummerTil": "husnummerTil",
    "beliggenhedsadresse_bogstavFra": "bogstavFra",
    "beliggenhedsadresse_bogstavTil": "bogstavTil",
    "beliggenhedsadresse_etage": "etage",
    "beliggenhedsadresse_sidedoer": "sidedoer",
    "beliggenhedsadresse_coNavn": "conavn",
    "beliggenhedsadresse_bynavn": "bynavn",
    "beliggenhedsadresse_postnr": "postnummer",
    "beliggenhedsadresse_postdistrikt": "postdistrikt",
}
_MUNICIPALITY = "beliggenhedsadresse_kommune_kode"
_BRANCHES = {"hovedbranche": "hovedbranche", "bibranche1": "bibranche1"}
_CONTACTS = {"telefonnummer_kontaktoplysning": "telefonNummer", "email_kontaktoplysning": "elektroniskPost"}
# Heading -> the lists of counts it comes from, the part of the year they are for, and its name in the heading.
_COUNTS = {
    "maanedsbeskaeftigelse": (("erstMaanedsbeskaeftigelse", "maanedsbeskaeftigelse"), "maaned"),
    "kvartalsbeskaeftigelse": (("kvartalsbeskaeftigelse",), "kvartal"),
    "aarsbeskaeftigelse": (("aarsbeskaeftigelse",), None),
}
HEADINGS = [
    "cvrnr", "pnr", "navn_tekst", "reklamebeskyttelse", "livsforloeb_startdato", "livsforloeb_ophoersdato",
    "sammensatStatus", "virksomhedsform_kode", *_ADDRESS, _MUNICIPALITY, "hovedbranche_kode", "hovedbranche_tekst",
    "bibranche1_kode", "bibranche1_tekst", *_CONTACTS,
    "maanedsbeskaeftigelse_aar", "maanedsbeskaeftigelse_maaned", "maanedsbeskaeftigelse_antalAnsatte",
    "maanedsbeskaeftigelse_antalAnsatteInterval", "kvartalsbeskaeftigelse_aar", "kvartalsbeskaeftigelse_kvartal",
    "kvartalsbeskaeftigelse_antalAnsatte", "kvartalsbeskaeftigelse_antalAnsatteInterval", "aarsbeskaeftigelse_aar",
    "aarsbeskaeftigelse_antalAnsatte", "aarsbeskaeftigelse_antalAnsatteInterval", "ajourfoeringsdato",
]  # fmt: skip
_COMPANY, _WORKPLACE, _PARTICIPANT = "vrvirksomhed", "vrproduktionsenhed", "vrdeltager"


def begins_as_json(start):
    """Whether a file that begins so is JSON."""
    return bool(_BEGINS.match(start.removeprefix(codecs.BOM_UTF8)))


class _Unshaped(Exception):
    """A document that is not built as the register's are."""


@dataclass
class DocumentReader:
    """The rows of a file of documents; those that tell of people are passed over, and counted in `left_out`.

    Raises `Unusable` when it is made, if none of the first documents is the register's, and later, if what
    follows is no JSON: a file is read to its end before anything of it is used.
    """

    path: Path
    layout: Layout = REGISTER
    mapping: dict = field(default_factory=dict)
    sheets: list = field(default_factory=list)
    sha256: str = field(init=False)
    left_out: list[LeftOut] = field(default_factory=list)
    table: Table = field(init=False)

    def __post_init__(self):
        if self.layout is not REGISTER:
            raise Unusable("documents_not_wanted")
        self.sha256 = digest(self.path)
        self.table = Table(self.layout, {}, HEADINGS, self.layout.understand(HEADINGS))
        if not any(_kind_and_unit(document)[0] for document in islice(self._documents(), FIRST_DOCUMENTS)):
            raise Unusable("no_documents")

    @property
    def headings(self):
        return self.table.headings

    @property
    def columns(self):
        return self.table.columns

    @property
    def unused(self):
        return self.table.unused

    def rows(self):
        first = people = 0
        for number, document in enumerate(self._documents(), start=1):
            kind, unit = _kind_and_unit(document)
            if kind == _PARTICIPANT:
                first, people = first or number, people + 1
                continue
            yield self._row(number, kind, unit)
        self.left_out = [LeftOut(first, "participants", {"documents": people})] if people else []

    def _row(self, number, kind, unit):
        cells = _Cells()
        try:
            if kind is None:
                raise _Unshaped
            cells.fill(kind, unit)
        except _Unshaped:
            return Row(number, {}, cells.as_list(), "document_form")
        return self.table.row(number, cells.as_list())

    def _documents(self) -> Iterator[object]:
        """Every document, in order. Raises `Unusable` where the file stops being JSON."""
        try:
            with io.TextIOWrapper(self.path.open("rb"), encoding="utf-8-sig", errors="strict") as stream:
                for value in _Values(stream).all():
                    yield from _unwrapped(value)
        except (ValueError, RecursionError) as error:
            raise Unusable("json_broken") from error


class _Values:
    """The values of a file of JSON, one at a time: those of one long list or answer, or one after the other.

    Only as much of the file is held as the value at hand needs. Nesting beyond reason is a `RecursionError`.
    """

    def __init__(self, stream):
        self._stream, self._text, self._at, self._is_at_end = stream, "", 0, False
        self._decode = json.JSONDecoder().raw_decode

    def all(self):
        while sign := self._next():
            if sign == "[":
                yield from self._listed()
            elif sign == "{" and self._is_answer():
                yield from self._answered()
            else:
                yield self._value()

    def _more(self, size=CHUNK):
        """Read on; the part that is done with is forgotten."""
        if len(self._text) - self._at > MOST_OF_A_DOCUMENT:
            raise Unusable("document_large", limit=MOST_OF_A_DOCUMENT // 1024**2)
        read = self._stream.read(size)
        self._is_at_end = not read
        self._text, self._at = self._text[self._at :] + read, 0

    def _next(self):
        """The next sign that is no blank, which stays; empty at the end of the file."""
        while True:
            self._at = _BLANKS.match(self._text, self._at).end()
            if self._at < len(self._text) or self._is_at_end:
                return self._text[self._at : self._at + 1]
            self._more()

    def _take(self, signs):
        sign = self._next()
        if not sign or sign not in signs:
            raise ValueError("no JSON")
        self._at += 1
        return sign

    def _value(self):
        """The value that begins at the next sign, whole."""
        self._next()
        size = CHUNK
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except json.JSONDecodeError as error:
                is_cut_off = error.pos > len(self._text) - _LONGEST_WORD or error.msg.startswith("Unterminated")
                if self._is_at_end or not is_cut_off:
                    raise
            else:
                # A number may go on in what is not read yet.
                if end < len(self._text) or self._is_at_end:
                    self._at = end
                    return value
            self._more(size)
            size *= 2

    def _listed(self):
        """The values of the list that begins here."""
        self._take("[")
        if self._next() == "]":
            self._at += 1
            return
        while True:
            yield self._value()
            if self._take(",]") == "]":
                return

    def _is_answer(self):
        """Whether the object that begins here is an answer of the search, by its first key."""
        if len(self._text) - self._at < CHUNK and not self._is_at_end:
            self._more()
        first = _FIRST_KEY.match(self._text, self._at)
        return bool(first) and first[1] in _OF_AN_ANSWER

    def _answered(self):
        """The hits of the answer that begins here; what else it holds is passed over."""
        self._take("{")
        while self._next() != "}":
            key = self._value()
            self._take(":")
            if key == "hits" and self._next() == "[":
                yield from self._listed()
            elif key == "hits" and self._next() == "{":
                yield from self._answered()
            else:
                self._value()
            if self._take(",}") == "}":
                return
        self._take("}")


def _unwrapped(value):
    """The documents in one value: the hits of an answer, those of a list, or the value itself."""
    hits = value.get("hits") if isinstance(value, dict) else value
    if isinstance(hits, dict):
        hits = hits.get("hits")
    if isinstance(hits, list):
        yield from hits
    else:
        yield value


def _kind_and_unit(document):
    """Which kind of document it is, and the part that tells of the unit; None and None for another."""
    if isinstance(document, dict) and isinstance(document.get("_source"), dict):
        document = document["_source"]
    if not isinstance(document, dict):
        return None, None
    for key, unit in document.items():
        root = key.lower()
        if root in (_COMPANY, _WORKPLACE) and isinstance(unit, dict):
            return root, unit
        if root.startswith(_PARTICIPANT):
            return _PARTICIPANT, None
    return None, None


class _Cells:
    """The cells of one document under `HEADINGS`; what it has no key for stays unsaid."""

    def __init__(self):
        self._cells = dict.fromkeys(HEADINGS, UNSAID)

    def as_list(self):
        return list(self._cells.values())

    def fill(self, kind, unit):
        """Raises `_Unshaped`, and has then what could be read."""
        cells = self._cells
        loaded = _date(unit.get("sidstIndlaest"))
        about = unit.get("virksomhedMetadata" if kind == _COMPANY else "produktionsEnhedMetadata")
        about = about if isinstance(about, dict) else {}
        cells["cvrnr"] = _cell(self._cvr(kind, unit, about, loaded))
        if kind == _WORKPLACE:
            cells["pnr"] = _cell(unit.get("pNummer"))
        cells["navn_tekst"] = _cell(_current(unit, "navne", loaded).get("navn"))
        if "reklamebeskyttet" in unit:
            cells["reklamebeskyttelse"] = _cell(unit["reklamebeskyttet"])
        if "sidstOpdateret" in unit:
            cells["ajourfoeringsdato"] = _date(unit["sidstOpdateret"])
        if "livsforloeb" in unit:
            begin, end = _period(_current(unit, "livsforloeb", loaded))
            cells["livsforloeb_startdato"], cells["livsforloeb_ophoersdato"] = begin, end
        if status := about.get("sammensatStatus") or _current(unit, "virksomhedsstatus", loaded).get("status"):
            cells["sammensatStatus"] = _cell(status)
        if "virksomhedsform" in unit:
            form = _current(unit, "virksomhedsform", loaded)
            cells["virksomhedsform_kode"] = _cell(form.get("virksomhedsformkode"))
        self._address(unit, loaded)
        for heading, key in _BRANCHES.items():
            if key in unit:
                branch = _current(unit, key, loaded)
                cells[f"{heading}_kode"] = _digits(branch.get("branchekode"), 6)
                cells[f"{heading}_tekst"] = _cell(branch.get("branchetekst"))
        for heading, key in _CONTACTS.items():
            if key in unit:
                cells[heading] = _contact(unit, key)
        self._counts(unit)

    def _cvr(self, kind, unit, about, loaded):
        if kind == _COMPANY:
            return unit.get("cvrNummer")
        return _current(unit, "virksomhedsrelation", loaded).get("cvrNummer") or about.get("nyesteCvrNummerRelation")

    def _address(self, unit, loaded):
        if "beliggenhedsadresse" not in unit:
            return
        address = _current(unit, "beliggenhedsadresse", loaded)
        for heading, key in _ADDRESS.items():
            self._cells[heading] = _cell(address.get(key))
        if not address.get("vejnavn"):
            # An address abroad is a text without parts.
            self._cells["beliggenhedsadresse_vejnavn"] = " ".join(_cell(address.get("fritekst")).split())
        self._cells["beliggenhedsadresse_postnr"] = _digits(address.get("postnummer"), 4)
        municipality = address.get("kommune")
        code = municipality.get("kommuneKode") if isinstance(municipality, dict) else None
        self._cells[_MUNICIPALITY] = _digits(code, 4)

    def _counts(self, unit):
        told = {heading: keys for heading, (keys, _part) in _COUNTS.items() if any(key in unit for key in keys)}
        if not told:
            return
        for heading, (keys, part) in _COUNTS.items():
            entry = _newest(unit, keys, part)
            self._cells[f"{heading}_aar"] = _cell(entry.get("aar"))
            self._cells[f"{heading}_antalAnsatte"] = _cell(entry.get("antalAnsatte"))
            self._cells[f"{heading}_antalAnsatteInterval"] = _cell(entry.get("intervalKodeAntalAnsatte"))
            if part:
                self._cells[f"{heading}_{part}"] = _cell(entry.get(part))


def _entries(unit, key):
    entries = unit.get(key)
    if entries is None:
        return []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _Unshaped
    return entries


def _current(unit, key, loaded):
    """The entry of a list that is true now: without an end, else the one that ended last; {} of an empty list.

    What only begins after the document was loaded (a day, or empty) is not true yet.
    """
    timed = [(*_period(entry), entry) for entry in _entries(unit, key)]
    begun = [found for found in timed if not loaded or found[0] <= loaded] or timed
    if not begun:
        return {}
    return max(begun, key=lambda found: _recency(found[0], found[1], loaded))[2]


def _recency(begin, end, loaded):
    is_open = not end or bool(loaded and end > loaded)
    return is_open, "" if is_open else end, begin


def _period(entry):
    """First and last day as text, empty where there is none."""
    period = entry.get("periode")
    if period is None:
        return "", ""
    if not isinstance(period, dict):
        raise _Unshaped
    return _date(period.get("gyldigFra")), _date(period.get("gyldigTil"))


def _contact(unit, key):
    """The newest telephone number or address that has no end and is not secret."""
    best = ("", "")
    for entry in _entries(unit, key):
        begin, end = _period(entry)
        if end or entry.get("hemmelig") not in (None, False):
            continue
        best = max(best, (begin, _cell(entry.get("kontaktoplysning"))))
    return best[1]


def _newest(unit, keys, part):
    """The freshest entry that tells a number or an interval; {} if none does."""
    best, period = {}, ()
    for key in keys:
        for entry in _entries(unit, key):
            if entry.get("antalAnsatte") is None and entry.get("intervalKodeAntalAnsatte") is None:
                continue
            year, in_year = entry.get("aar"), entry.get(part) if part else 0
            if not isinstance(year, int) or not isinstance(in_year, int):
                raise _Unshaped
            if (year, in_year) > period:
                best, period = entry, (year, in_year)
    return best


def _cell(value):
    """A value as the text of a cell. Raises `_Unshaped` for a list or an object."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value.isascii() else _SURROGATES.sub(UNREADABLE, value)
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST:
        return str(int(value))
    if isinstance(value, int) and abs(value) < _LARGEST:
        return str(value)
    raise _Unshaped


def _digits(value, width):
    """A code with the zeros in front that a JSON number can't have; CVR and P-numbers begin with none."""
    plain = _cell(value)
    return plain.zfill(width) if plain.isdecimal() and plain.strip("0") else plain


def _date(value):
    """The day of a date or time of day, as text; times carry an offset, and the day is the one it was there."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Unshaped
    return _cell(value)[:10]
