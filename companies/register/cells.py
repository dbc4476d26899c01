"""One cell of a file at a time: what people and programs write, turned into what we keep.

Every function takes the text of a cell and returns the value, or raises `CellError` with the code of a
sentence in `reasons.py`. None is returned for "nothing is said here". Nothing here knows the database.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from jobcenter_crm.frame.danish import search_key

# What programs write where they have nothing to write.
NOTHING = {"", "-", "--", "–", "—", ".", "?", "null", "none", "n/a", "#n/a", "nan", "nat"}
# The largest number both databases keep in a positive integer.
MOST = 2_147_483_647
# The register's open-ended intervals and dates.
OPEN_ENDED = 999_999
FOREVER = 2200

_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)
_FLOAT = re.compile(r"([0-9]+)[.,]0+")
_PREFIXED_CVR = re.compile(r"(?:CVR)?[ .:-]*(?:NR)?[ .:-]*(?:DK)?[ .:-]*([0-9].*)", re.IGNORECASE)
_SEPARATORS = re.compile(r"[ .\-]")


class CellError(ValueError):
    """A cell that can't be read: the code of the reason, and what its sentence needs to know."""

    def __init__(self, reason, **details):
        self.reason, self.details = reason, details
        super().__init__(reason)


def text(raw):
    """Without padding, several blanks, line breaks, invisible characters, or a spreadsheet's guarding apostrophe."""
    plain = " ".join(raw.split())
    if not plain.isascii():
        plain = unicodedata.normalize("NFC", plain)
    if not plain.isprintable():
        plain = " ".join("".join(sign for sign in plain if sign.isprintable()).split())
    if plain[:1] == "'" and plain[1:2] in ("=", "+", "-", "@"):
        plain = plain[1:]
    return plain


def fact(raw):
    """`text`, where a dash or "null" says nothing: an empty text then."""
    plain = text(raw)
    return "" if plain.casefold() in NOTHING else plain


def without_decimals(plain):
    """ "38221582.0" as a spreadsheet writes a whole number, without its point."""
    found = _FLOAT.fullmatch(plain)
    return found[1] if found else plain


def is_digits(plain):
    """ASCII digits only: `str.isdigit` takes "²" and the digits of other scripts as well."""
    return plain.isascii() and plain.isdigit()


def cvr_number(raw):
    """Eight digits, from "DK12345678", "12 34 56 78" or "38221582.0" too. Raises `CellError` for anything else."""
    if len(raw) == 8 and is_digits(raw) and raw != "00000000":
        return raw
    plain = fact(raw)
    if not plain or set(plain) == {"0"}:
        raise CellError("cvr_missing")
    found = _PREFIXED_CVR.fullmatch(plain)
    number = _SEPARATORS.sub("", without_decimals(found[1])) if found else ""
    if len(number) != 8 or not is_digits(number):
        raise CellError("cvr_digits", digits=len(re.sub(r"[^0-9]", "", without_decimals(plain))))
    return number


def has_cvr_checksum(number):
    """Modulus 11 with the weights 2, 7, 6, 5, 4, 3, 2, 1; no CVR number begins with a zero."""
    return (
        number[0] != "0" and sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=True)) % 11 == 0
    )


def p_number(raw):
    """Ten digits, or None where none is given. Raises `CellError` for anything else."""
    if len(raw) == 10 and is_digits(raw) and raw != "0000000000":
        return raw
    plain = fact(raw)
    if not plain or plain == "0000000000":
        return None
    number = without_decimals(plain).replace(" ", "")
    if len(number) != 10 or not is_digits(number):
        raise CellError("p_number_digits", digits=len(re.sub(r"[^0-9]", "", number)))
    return number


_POSTCODE = re.compile(r"(?:DK[ -]*)?([0-9]{1,4})(?:[.,]0+)?(?: +([^0-9].*))?", re.IGNORECASE)


@lru_cache(4096)
def postcode(raw):
    """Postcode and town, the second empty unless they stand in one cell; lost leading zeros are put back.

    What has not the form of a Danish postcode comes back as it is.
    """
    plain = fact(raw)
    if not plain or plain == "0":
        return "", ""
    found = _POSTCODE.fullmatch(plain)
    if not found:
        return plain, ""
    return found[1].zfill(4), found[2] or ""


_CODE_AND_NAME = re.compile(r"([0-9]{1,4})(?:[.,]0+)?(?:[ :-]+(.+))?")


@lru_cache(1024)
def municipality(raw):
    """The four-digit code with its zero, or, where the cell has none, the name; both empty for an empty cell."""
    plain = fact(raw)
    found = _CODE_AND_NAME.fullmatch(plain)
    if found and int(found[1]):
        return found[1].zfill(4), ""
    return "", "" if found else plain


_BRANCH = re.compile(r"([0-9][0-9.]*)(?:[ :–-]+(.*))?")


@lru_cache(8192)
def branch(raw):
    """Digits of the code and the title, each may be empty: "433200 Title", "56.11.10", "11100" (its zero is lost).

    Two to six digits come back, six where one of them was only lost.
    """
    plain = fact(raw)
    found = _BRANCH.fullmatch(plain)
    if not found:
        return "", plain
    code = without_decimals(found[1]).replace(".", "") if found[1].count(".") < 2 else found[1].replace(".", "")
    if set(code) == {"0"}:
        return "", ""
    return code.zfill(6) if len(code) == 5 else code, (found[2] or "").strip()


_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ][0-9:.,]+.*)?")
_DANISH = re.compile(r"([0-9]{1,2})(?:[.-]| ?/ ?)([0-9]{1,2})(?:[./-]| ?- ?)([0-9]{4})(?: [0-9:.]+)?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


@lru_cache(16384)
def day(raw):
    """A date, from 2012-01-20, 20-01-2012, 20.01.2012 or 20/01 - 2012, a time of day behind it or not.

    None for an empty cell and for the far future (9999-12-31) that means "for ever". Raises `CellError`.
    """
    plain = fact(raw)
    if not plain:
        return None
    if found := _ISO.fullmatch(plain) or _COMPACT.fullmatch(plain):
        year, month, number = found.groups()
    elif found := _DANISH.fullmatch(plain):
        number, month, year = found.groups()
    else:
        raise CellError("date_form")
    if int(year) >= FOREVER:
        return None
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        raise CellError("date_form") from None


class Employees(NamedTuple):
    """An interval; an exact count has the same number at both ends, an open one no upper end."""

    least: int
    most: int | None


_WORDS = re.compile(r"\bantal[ _:]+|\b(?:ansatte|medarbejdere|personer|employees|people)\b", re.IGNORECASE)
_NUMBER = r"([0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]+)(?:[.,]0+)?"
_EXACT = re.compile(_NUMBER)
_INTERVAL = re.compile(_NUMBER + r" ?(?:-|–|—|_|til|to|\.\.) ?" + _NUMBER, re.IGNORECASE)
_AT_LEAST = re.compile(
    rf"(?:mindst|over|mere end|flere end|at least|more than|>=?) ?{_NUMBER}"
    rf"|{_NUMBER} ?(?:\+|-|og derover|eller flere|or more)",
    re.IGNORECASE,
)
_UNDER = re.compile(r"(?:under|færre end|less than|fewer than|<) ?" + _NUMBER, re.IGNORECASE)


@lru_cache(4096)
def employees(raw):
    """An `Employees`, from "12", "1.234", "5-9", "ANTAL_5_9", "1000+"; None for an empty cell or a dash.

    Raises `CellError` for what is no number of people: a fraction, a date, an interval upside down.
    """
    plain = fact(_WORDS.sub("", fact(raw)).strip(" _:"))
    if not plain:
        return None
    if found := _EXACT.fullmatch(plain):
        least = most = _whole(found[1])
    elif found := _INTERVAL.fullmatch(plain):
        least, most = _whole(found[1]), _whole(found[2])
    elif found := _AT_LEAST.fullmatch(plain):
        least, most = _whole(found[1] or found[2]), None
    elif found := _UNDER.fullmatch(plain):
        least, most = 0, max(_whole(found[1]) - 1, 0)
    else:
        raise CellError("employees_form")
    if most is not None and most >= OPEN_ENDED > least:
        most = None
    if least > MOST or (most is not None and not least <= most <= MOST):
        raise CellError("employees_form")
    return Employees(least, most)


def _whole(digits):
    return int(digits.replace(".", "").replace(" ", "")[:12])


YES = {"1", "ja", "j", "yes", "y", "true", "t", "sand", "sandt", "x", "reklamebeskyttet"}
NO = {"0", "nej", "n", "no", "false", "f", "falsk"}


@lru_cache(256)
def yes_or_no(raw):
    """True, False, or None for an empty cell. Raises `CellError`."""
    plain = without_decimals(fact(raw)).casefold()
    if plain in YES:
        return True
    if plain in NO:
        return False
    if plain:
        raise CellError("yes_or_no_form")
    return None


def phone(raw):
    """The telephone number as it is written, but not as a spreadsheet's decimal number."""
    return without_decimals(fact(raw))


@lru_cache(1024)
def coordinate(raw, most):
    """Degrees north or east, decimal comma or point, between minus and plus `most`; None if empty or zero."""
    plain = fact(raw)
    if not plain:
        return None
    if not re.fullmatch(r"-?[0-9]{1,3}(?:[.,][0-9]+)?", plain):
        raise CellError("coordinate_form")
    degrees = float(plain.replace(",", "."))
    if abs(degrees) > most:
        raise CellError("coordinate_form")
    return degrees or None


CEASED = (
    "ophoer",
    "oploest",
    "tvangsopl",
    "slettet",
    "inaktiv",
    "fjernet",
    "nedlagt",
    "lukket",
    "tvangslukk",
    "afmeldt",
)
CEASED_ENGLISH = ("ceased", "dissolved", "inactive", "closed", "terminated", "deleted", "removed")


@lru_cache(256)
def has_ceased(raw):
    """Whether a status tells of an end that has been; one that is under way ("under konkurs") has not."""
    return search_key(raw).startswith(CEASED + CEASED_ENGLISH)


class Address(NamedTuple):
    """The parts of an address; None for a part that the cell can't tell of."""

    co_name: str | None
    street: str
    place: str | None
    postcode: str | None
    town: str | None


_BLANKS = re.compile(r"[^\S\r\n]+")
_DOUBLED_CO = re.compile(r"(?P<co>c/o[ :]+.+?), (?P=co)(?= - |,|$)", re.IGNORECASE)
_PARTS = re.compile(r"\s+[-–]\s+|\r\n|\r|\n")
_POSTCODE_TOWN = re.compile(r"(?:DK[ -]*)?([0-9]{3,4}) +([^0-9]+)", re.IGNORECASE)
_ENDS_IN_TOWN = re.compile(r"(.*[0-9].*), *(?:DK[ -]*)?([0-9]{4}) +([^0-9,]+)", re.IGNORECASE)
# Floor and door behind a street: "st. th", "1.", "3. tv", "2. 7", "kl".
_FLOOR = re.compile(
    r"(?:st|kl|kld|kælder|stuen|[0-9]{1,2})\.?(?: ?sal)?(?:[ .,]+(?:th|tv|mf|[0-9]{1,4}|[a-z]{1,2})\.?)?"
    r"|[0-9]{1,2}\.?(?:th|tv|mf)\.?|[a-z]?[0-9]{1,4}\.?",
    re.IGNORECASE,
)
_NUMBER_LAST = re.compile(r"[^,]* ([0-9]{1,3})[a-z]?", re.IGNORECASE)
_SECOND_NUMBER = re.compile(r"([0-9]{1,3}) ?[a-z]?", re.IGNORECASE)
_CO = re.compile(r"c/o[ :]+", re.IGNORECASE)


def address(raw):
    """The parts of "C/O X, C/O X - Street 1 - 2. tv - Village - 2670 Greve" (the register's search page), or a street.

    A cell that is only a street says nothing about the other parts: None, not empty.
    """
    plain = _BLANKS.sub(" ", raw.strip())
    code = town = co = place = None
    if doubled := _DOUBLED_CO.match(plain):
        co, plain = co_name(doubled["co"]), plain[doubled.end() :].lstrip(" ,-")
    parts = [part for part in map(fact, _PARTS.split(plain)) if part]
    if not parts and not co:
        return Address(None, "", None, None, None)
    last = parts[-1] if parts else ""
    found = _POSTCODE_TOWN.fullmatch(last)
    if found and (len(parts) > 1 or len(found[1]) == 4):
        code, town = found[1].zfill(4), found[2].strip(" ,")
        parts.pop()
    elif found := _ENDS_IN_TOWN.fullmatch(last):
        parts[-1:] = [part for part in (piece.strip() for piece in found[1].split(",")) if part]
        code, town = found[2], found[3].strip()
    while parts and _CO.match(parts[0]):
        first = parts.pop(0)
        named, comma, street = first.rpartition(", ")
        if not parts and comma and any(sign.isdigit() for sign in street):
            first, parts = named, [street]
        co = ", ".join(filter(None, (co, co_name(first))))
    street = parts.pop(0).strip(" ,") if parts else ""
    rest = []
    for part in parts:
        if _is_range(street, part):
            street = f"{street}-{part}"
        elif _FLOOR.fullmatch(part):
            street = f"{street}, {part}"
        else:
            rest.append(part)
    if town is not None or rest:
        co, place = co or "", ", ".join(rest)
    return Address(co, street, place, code, town)


def _is_range(street, part):
    """Whether "29" and "31" of "Geminivej 29 - 31" are the two ends of one row of houses."""
    first, last = _NUMBER_LAST.fullmatch(street), _SECOND_NUMBER.fullmatch(part)
    return bool(first and last) and int(first[1]) < int(last[1])


def co_name(raw):
    """The name behind "C/O", once if it is written twice."""
    names = []
    for part in _CO.split(fact(raw)):
        name = part.strip(" ,")
        if name and name not in names:
            names.append(name)
    return ", ".join(names)


def house(road, number="", number_to="", letter="", letter_to="", floor="", door=""):
    """Street and number as one text, from the columns of an extract: "Falkoner Alle 26A-26B, st. 1"."""
    road, number, number_to, letter, letter_to, floor, door = map(
        without_decimals, map(fact, (road, number, number_to, letter, letter_to, floor, door))
    )
    first, last = number.lstrip("0") + letter, number_to.lstrip("0") + letter_to
    numbers = f"{first}-{last}" if last and last != first and number_to else first
    if is_digits(floor) or floor.casefold() in ("st", "kl"):
        floor += "."
    return ", ".join(filter(None, (f"{road} {numbers}".strip(), f"{floor} {door}".strip())))
