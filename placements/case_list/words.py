"""Placements of the case system's list in words: on the page that shows a few of them before they are taken in."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from placements.models import Measure

# The page offers to look at one field of the changed rows at a time; a placement has only one.
GROUPS = {}


def label(name):
    return name


def lines(before, after):
    """`(label, before, after)` of the placement that the row tells of; never its case reference."""
    return [(_("Placement"), in_words(before.get("placement")), in_words(told)) for told in after.values()]


def in_words(told):
    if not told:
        return "–"
    code, first, last = told
    measure = Measure.objects.filter(pk=code).first() or code
    days = [date_format(date.fromisoformat(day), "SHORT_DATE_FORMAT") for day in (first, last)]
    return f"{measure}, {days[0]} – {days[1]}"
