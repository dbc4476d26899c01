"""Which row of a file is which workplace of the register.

A P-number decides. Without one, the address within the company does; and where company and file have just
one place each, they are the same place, whatever the address: it has moved. A row that could be any of
several workplaces, as a head office's may, makes none: it only tells of the company. So does a company's row
in a file that lists workplaces as well, if the company has a workplace with a P-number here or there.
"""

from typing import NamedTuple

from companies.register.rows import OF_COMPANY, OF_WORKPLACE
from jobcenter_crm.frame.danish import search_key

# Instead of a workplace: the row only tells of the company.
COMPANY_ONLY = object()


class Match(NamedTuple):
    """`place` is a workplace's facts, None for a new one, or `COMPANY_ONLY`; `reason` is what to warn of."""

    place: object
    reason: str = ""


def match(rows, places, by_p_number):
    """A `Match` for each of `rows`, all those of one company in a file, in their order.

    `places` are the workplaces of that company as dicts, without those whose P-number the file gives to
    another company; `by_p_number` holds the workplaces, of whatever company, that have a P-number of the
    rows.
    """
    if any(row.of == OF_WORKPLACE for row in rows) or any(place["p_number"] for place in places):
        others = iter(_match([row for row in rows if row.of != OF_COMPANY], places, by_p_number))
        return [Match(COMPANY_ONLY) if row.of == OF_COMPANY else next(others) for row in rows]
    return _match(rows, places, by_p_number)


def _match(rows, places, by_p_number):
    found = [None] * len(rows)
    used = set()

    def take(position, place, reason=""):
        found[position] = Match(place, reason)
        used.add(place["id"])

    for position, row in enumerate(rows):
        if row.p_number and (place := by_p_number.get(row.p_number)):
            take(position, place)
    for position, row in enumerate(rows):
        if found[position] is None and row.address:
            here = [place for place in places if place["id"] not in used and _is_at(place, row.address)]
            place, is_clear = _choose(row, here)
            if place:
                take(position, place)
            elif not is_clear:
                found[position] = Match(COMPANY_ONLY, "several_here")
    if len(rows) == 1 and found[0] is None:
        place = _only_one(rows[0], places)
        if place:
            has_moved = rows[0].p_number and rows[0].address and not place["address_key"].startswith("|")
            take(0, place, "moved" if has_moved else "")
    for position, row in enumerate(rows):
        if found[position] is None:
            found[position] = _without_match(row, rows, places)
    return found


def _only_one(row, places):
    """The one workplace of the company that the file's one row can mean, if there is just one.

    A place that has ceased is not where a new P-number is; a row without one may speak of its end.
    """
    active = [place for place in places if place["ceased_on"] is None]
    if row.p_number:
        return active[0] if len(active) == 1 and not active[0]["p_number"] else None
    candidates = active or places
    return candidates[0] if len(candidates) == 1 else None


def _is_at(place, address):
    """Equal, but for a postcode that one of the two does not have."""
    known = place["address_key"]
    if known == address:
        return True
    street, _bar, postcode = address.rpartition("|")
    known_street, _bar, known_postcode = known.rpartition("|")
    return street == known_street and not (postcode and known_postcode)


def _choose(row, here):
    """The one of the places at the row's address that it means, and whether that is clear."""
    without = [place for place in here if not place["p_number"]]
    exact = [place for place in without if place["address_key"] == row.address]
    if without:
        return (exact or without)[0], True
    if row.p_number or not here:
        return None, True
    if len(here) == 1:
        return here[0], True
    name = search_key(row.facts[0])
    named = [place for place in here if search_key(place["name"]) == name]
    return (named[0], True) if len(named) == 1 else (None, False)


def _without_match(row, rows, places):
    if row.p_number:
        return Match(None)
    if not row.address:
        is_alone = not places and len(rows) == 1
        return Match(None) if is_alone else Match(COMPANY_ONLY, "several_workplaces")
    if places and len(rows) == 1 and row.of != OF_WORKPLACE:
        return Match(COMPANY_ONLY, "several_workplaces")
    return Match(None)
