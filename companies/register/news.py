"""What of a change in the register is news to those who work with the employer, and how it is said.

News is what a consultant acts on: the place closed, opened again, moved, got another name, or has become clearly
larger or smaller. The rest of a trail, a telephone number or a corrected spelling, is on the card and no more.
"""

import re
from datetime import date, timedelta
from difflib import SequenceMatcher
from math import inf
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from companies.models import RegisterChange, address_key, name_key
from companies.register import words
from jobcenter_crm.frame.danish import search_key
from jobcenter_crm.frame.templatetags.frame import long_day

# News that nobody has seen by then is no longer put before anybody; the timeline and the list keep it.
SHOWN_FOR = timedelta(days=90)

KINDS = {
    "closed": pgettext_lazy("news", "Closed"),
    "reopened": pgettext_lazy("news", "Open again"),
    "moved": pgettext_lazy("news", "Moved"),
    "renamed": pgettext_lazy("news", "New name"),
    "grown": pgettext_lazy("news", "More employees"),
    "shrunk": pgettext_lazy("news", "Fewer employees"),
}
# A street's name, and its number with what follows.
_NUMBERED = re.compile(r"([^0-9]*?) ?([0-9].*)?")


def news(before, after):
    """Which of `RegisterChange.NEWS` a trail tells of, from its two sides as `words.trail` writes them.

    What was not known before is no news: a first address or a first count changes nothing out there.
    """
    told = set()
    if "ceased_on" in after and bool(after["ceased_on"]) != bool(before.get("ceased_on")):
        told.add("closed" if after["ceased_on"] else "reopened")
    if _moved(before, after):
        told.add("moved")
    if before.get("name") and after.get("name") and name_key(before["name"]) != name_key(after["name"]):
        told.add("renamed")
    if more := _more(before, after):
        told.add("grown" if more > 0 else "shrunk")
    return told


def mark(change):
    """Set the flags of a `RegisterChange` that is not saved yet. A place that is new to us has no news."""
    told = set() if change.kind == RegisterChange.Kind.NEW else news(change.before, change.after)
    for kind in RegisterChange.NEWS:
        setattr(change, kind, kind in told)
    return change


def _moved(before, after):
    """Another postcode, or another street and number. Spelt otherwise, or with another c/o, town or village, is no move."""
    if before.get("postcode") and after.get("postcode") and before["postcode"] != after["postcode"]:
        return True
    old, new = before.get("street"), after.get("street")
    return bool(old and new) and address_key(old, "") != address_key(new, "") and not _is_respelt(old, new)


def _is_respelt(old, new):
    """The same number on a street whose name is all but the same: a letter that was wrong, a word no longer shortened.

    A move between two such streets is rarer than a correction, and is still on the timeline.
    """
    (old_name, old_number), (new_name, new_number) = (
        _NUMBERED.fullmatch(address_key(each, "")).groups() for each in (old, new)
    )
    return old_number == new_number and SequenceMatcher(None, old_name, new_name).ratio() > 0.9


def _more(before, after):
    """By how many employees the place has become larger, less than 0 for smaller; 0 where it does not matter.

    A count may be exact or an interval. It matters when the two do not overlap and when, from the middle of
    the one to the middle of the other, it is at least two people and at least a quarter of those before: from
    12 to 40, from 5-9 to 10-19; not from 0 to 1, from 100 to 110, or from 12 to 10-19.
    """
    old, new = _employees(before), _employees(after)
    if not old or not new or (old.least <= new.most and new.least <= old.most):
        return 0
    more = new.middle - old.middle
    return more if abs(more) >= 2 and abs(more) * 4 >= old.middle else 0


class _Count(NamedTuple):
    """So many employees: the fewest and the most there may be, and what is taken for a figure: 1,000 of "1000+"."""

    least: int
    most: float
    middle: float


def _employees(facts):
    """The `_Count`; None where nobody has counted."""
    least, most = facts.get("employees_min"), facts.get("employees_max")
    if least is None:
        return None
    return _Count(least, inf, least) if most is None else _Count(least, most, (least + most) / 2)


# In words.


def sentences(change, today=None):
    """What a change tells, news by news, as it stands inside a sentence: "closed on 1 November", "moved to Køge"."""
    before, after = change.before, change.after
    told = []
    if change.closed:
        told.append(_("closed on %(day)s") % {"day": _day(after["ceased_on"], today or timezone.localdate())})
    if change.reopened:
        told.append(_("open again"))
    if change.moved:
        told.append(_("moved to %(place)s") % {"place": _place(before, after)})
    if change.renamed:
        told.append(_("new name: %(new)s, before: %(old)s") % {"new": after["name"], "old": before["name"]})
    if change.grown or change.shrunk:
        old, new = words.in_words("employees", before), words.in_words("employees", after)
        told.append(_("from %(old)s to %(new)s employees") % {"old": old, "new": new})
    return told


def _day(iso, today):
    return long_day(date.fromisoformat(iso), today)


def _place(before, after):
    """The town, if that is another; else the street, or whatever is known of the address."""
    town = after.get("town")
    if town and search_key(town) != search_key(before.get("town") or ""):
        return town
    return after.get("street") or words.in_words("address", after)
