"""What pages of this app count of the whole register, which a page can't wait for where there are 300,000 rows.

Each says here how it is counted. Who keeps such figures lives above this app, counts them by the clock and says where they
are read (`read_from`, in `apps.ready()`); what isn't kept is counted while the page is made. Both are the same numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Whole:
    """Something that is counted of all workplaces.

    `count(today)` gives it as JSON would give it back. `outdated(at)` tells whether what was counted then should not be
    shown any more today, since whoever brought that about looks here at what it did.
    """

    name: str
    count: Callable[[date], Any]
    outdated: Callable[[datetime], bool]


WHOLES = {}
_readers = []


def register(*wholes):
    """Have these counted by the clock too."""
    WHOLES.update({whole.name: whole for whole in wholes})


def read_from(reader):
    """Ask `reader(name, today)` first: it gives `(what was counted, when)`, or None."""
    _readers.append(reader)


def told(name, today, *, anew=False):
    """What is counted under a name, and when it was; None where that was now."""
    whole = WHOLES[name]
    for reader in [] if anew else _readers:
        kept = reader(name, today)
        if kept and not whole.outdated(kept[1]):
            return kept
    return whole.count(today), None
