"""Keeps CPR numbers out of free text.

A CPR number is a birth date as DDMMYY and four digits. The modulus-11 check is no longer a sign of one
(numbers without it have been given out since 2007), so the date is what is looked at. Written with a
hyphen or a blank it is refused. Ten plain digits that read as a date may as well be a P-number: a known
one passes, another is warned of. The number found is never repeated in a message or a log line.
"""

import re
from datetime import date
from enum import Enum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from companies.models import Workplace

_TEN_DIGITS = re.compile(
    r"(?<![0-9])([0-9]{2})([0-9]{2})([0-9]{2})(\s?[-\u2010-\u2015\u2212]\s?|\s)?([0-9]{4})(?![0-9])"
)
# Quicker looks for what may be one, before the date is read.
HYPHENED = re.compile(r"(?<![0-9])[0-3][0-9][01][0-9]{3}(?:\s?[-\u2010-\u2015\u2212]\s?|\s)[0-9]{4}(?![0-9])")
PLAIN = re.compile(r"(?<![0-9])[0-3][0-9][01][0-9]{7}(?![0-9])")


class Reading(Enum):
    """What a text looks like."""

    CLEAN = 0
    MAYBE_CPR = 1
    CPR = 2


def known_p_numbers(candidates):
    """Those of `candidates` that are P-numbers of the register."""
    return set(Workplace.everything.filter(p_number__in=candidates).values_list("p_number", flat=True))


def read(text, known=known_p_numbers):
    """The worst reading of `text`; `known` tells which of some ten-digit numbers are P-numbers."""
    surely, plain = _numbers(text)
    if surely:
        return Reading.CPR
    return Reading.MAYBE_CPR if plain - (known(plain) if plain else set()) else Reading.CLEAN


def doubtful(text):
    """The plain ten-digit numbers in `text` that are CPR numbers unless they are P-numbers."""
    return _numbers(text)[1]


def _numbers(text):
    """Whether there is surely a CPR number in `text`, and the plain ten digits that may be one."""
    surely, plain = False, set()
    for day, month, year, sign, serial in _TEN_DIGITS.findall(text):
        if not _is_date(int(day), int(month), int(year)):
            continue
        if sign:
            surely = True
        else:
            plain.add(day + month + year + serial)
    return surely, plain


def refuse_cpr(text, maybe=False):
    """A validator for free text.

    Raises `ValidationError`, code "cpr", for what is surely a CPR number, and with `maybe` also, code
    "maybe_cpr", for what may be one.
    """
    reading = read(text)
    if reading is Reading.CPR:
        raise ValidationError(_("The text holds a CPR number. Delete it; it must not be kept here."), code="cpr")
    if maybe and reading is Reading.MAYBE_CPR:
        raise ValidationError(
            _("The text holds ten digits that may be a CPR number. Delete them, or say below that they are not."),
            code="maybe_cpr",
        )


def _is_date(day, month, year):
    """Whether some century has this date; 29 February needs a leap year in one of them."""
    for century in (1800, 1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False
