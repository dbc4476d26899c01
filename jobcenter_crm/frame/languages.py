"""Texts that are data in two languages: a Danish column, and an English one that may be empty."""

from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language


def in_language(field):
    """A property that gives `field`_en to those who read English, where it is written, and else `field`_da."""

    def read(row):
        english = getattr(row, f"{field}_en") if get_language() == "en" else ""
        return english or getattr(row, f"{field}_da")

    return property(read)


def column_in_language(field):
    """The same as the column of a statement; `field` may lead to another table."""
    danish = F(f"{field}_da")
    return Coalesce(NullIf(F(f"{field}_en"), Value("")), danish) if get_language() == "en" else danish
