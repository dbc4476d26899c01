"""What a contact is planned for: apps above register the things at which one can be held, such as a review."""

from collections.abc import Callable
from dataclasses import dataclass

from jobcenter_crm.frame.addresses import number


@dataclass(frozen=True)
class PlannedFor:
    """One kind of thing.

    `facts(pk, workplace)` are what the form begins with, None where there is no such thing at `workplace` any more.
    `tell(pk, contact, by)` lets the app know which contact was planned for it, in the transaction that plans it.
    """

    name: str
    facts: Callable
    tell: Callable


@dataclass(frozen=True)
class Thing:
    """One thing that a contact is planned for, as an address names it: `review-12`."""

    kind: PlannedFor
    pk: int
    facts: dict

    @property
    def named(self):
        return f"{self.kind.name}-{self.pk}"

    def tell(self, contact, by):
        self.kind.tell(self.pk, contact, by)


_kinds = {}


def register(*kinds):
    """Add kinds; called from `AppConfig.ready()`. Raises `ValueError` for a name that stands for something else."""
    for kind in kinds:
        if _kinds.setdefault(kind.name, kind) != kind:
            raise ValueError(f"There are two things called {kind.name} that a contact is planned for.")


def thing_named(text, workplace):
    """The `Thing` that an address names; None where it names none that is at `workplace`."""
    name, _dash, key = (text or "").partition("-")
    kind, pk = _kinds.get(name), number(key)
    if kind is None or pk is None:
        return None
    facts = kind.facts(pk, workplace)
    return None if facts is None else Thing(kind, pk, facts)
