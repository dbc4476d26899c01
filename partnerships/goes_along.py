"""Agreements go along when their workplace is handed over."""

from django.utils.translation import ngettext_lazy

from contacts import goes_along
from partnerships.models import Agreement


def declare():
    """The part of this app; once, when the app is ready."""
    goes_along.register(
        goes_along.owned(
            "agreements", ngettext_lazy("%(n)s agreement", "%(n)s agreements", "n"), Agreement.objects.standing
        )
    )
