"""What of places moves along when a workplace or a person is merged."""

from django.utils.translation import ngettext_lazy

from companies import merging
from companies.merging import Moves, Relation

_SLOTS = ngettext_lazy("%(n)s slot", "%(n)s slots", "n")
_ORDERS = ngettext_lazy("%(n)s job order", "%(n)s job orders", "n")
_STAYS = ngettext_lazy("%(n)s stay", "%(n)s stays", "n")
_PROFILES = ngettext_lazy("%(n)s hosting profile", "%(n)s hosting profiles", "n")


def declare():
    """Add what this app lets point at the register and at people."""
    merging.extend(
        "workplace",
        Relation("placements.Slot", "workplace", words=_SLOTS),
        Relation("placements.JobOrder", "workplace", words=_ORDERS),
        Relation("placements.Stay", "workplace", words=_STAYS),
        Relation(
            "placements.HostingProfile", "workplace", Moves.UNLESS_SAME, words=_PROFILES,
            why="A workplace has one hosting profile.",
        ),
    )  # fmt: skip
    merging.extend(
        "person",
        Relation("placements.Slot", "contact", words=_SLOTS),
        Relation("placements.Slot", "mentor", words=_SLOTS),
        Relation("placements.JobOrder", "contact", words=_ORDERS),
    )
