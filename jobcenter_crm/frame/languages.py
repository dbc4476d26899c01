"""Texts that are data in two languages: a Danish column, and an English one that may be empty."""

from django.utils.translation import get_language


def in_language(field):
    """A property that gives `field`_en to those who read English, where it is written, and else `field`_da."""

    def read(row):
        english = getattr(row, f"{field}_en") if get_language() == "en" else ""
        return english or getattr(row, f"{field}_da")

    return property(read)
