"""Counts in words: on the page that shows a few of them before the file is taken in, and on a card."""

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, number_format

from companies.models import Figure

# The page offers to look at one field of the changed rows at a time; a count has only one.
GROUPS = {}


def label(name):
    return name


def lines(before, after):
    """`(label, before, after)` for each figure that the row tells of."""
    figures = {figure.code: figure for figure in Figure.objects.filter(code__in=after)}
    return [
        (figures[code].name, in_words(figures[code], before.get(code)), in_words(figures[code], told))
        for code, told in after.items()
        if code in figures
    ]


def in_words(figure, told):
    """Value, day and source, as `_entry` of `taking_in` keeps them."""
    if not told:
        return "–"
    value, day, source = told
    return f"{with_unit(figure, Decimal(value))}, {date_format(date.fromisoformat(day))}, {source}"


def with_unit(figure, value):
    """A value without decimals that say nothing, and its unit."""
    decimals = 0 if value == value.to_integral_value() else 1 if value * 10 == (value * 10).to_integral_value() else 2
    return f"{number_format(value, decimals, force_grouping=True)} {figure.unit}".strip()
