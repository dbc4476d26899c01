"""Which workplace of the register a row of another kind of file means, asked for many rows at a time."""

from typing import NamedTuple

from django.db.models import Q

from companies.models import Company, Workplace

_COLUMNS = ["id", "company_id", "company__cvr_number", "p_number", "postcode", "address_key", "ceased_on"]


class Given(NamedTuple):
    """How a row says which workplace it means; `address` is its `address_key`."""

    cvr: str | None
    p_number: str | None
    postcode: str = ""
    address: str = ""


class Match(NamedTuple):
    """The workplace's facts, or None; and what there is to tell: a code of `reasons.py` with its figures."""

    place: dict | None
    reason: str = ""
    details: dict = {}


class Places:
    """The workplaces that some rows may mean, looked up in four questions however many the rows are.

    `given` is how each of them says which it means. The number of a workplace or company that
    was merged into another one means the one that was kept.
    """

    def __init__(self, given):
        given = list(given)
        p_numbers = {one.p_number for one in given if one.p_number}
        cvr_numbers = {one.cvr for one in given if one.cvr}
        merged = Workplace.everything.exclude(merged_into=None).filter(p_number__in=p_numbers)
        merged = merged.values_list("p_number", "merged_into", "company__cvr_number")
        kept, self._merged_cvr = {}, {}
        for number, pk, cvr in merged:
            kept[number], self._merged_cvr[number] = pk, cvr
        merged = Company.everything.exclude(merged_into=None).filter(cvr_number__in=cvr_numbers)
        self._kept_cvr = dict(merged.values_list("cvr_number", "merged_into__cvr_number"))
        places = Workplace.objects.order_by("pk").values(*_COLUMNS)
        found = list(places.filter(Q(p_number__in=p_numbers) | Q(pk__in=kept.values())))
        by_id = {place["id"]: place for place in found}
        self._by_p_number = {place["p_number"]: place for place in found}
        self._by_p_number |= {number: by_id[pk] for number, pk in kept.items() if pk in by_id}
        self._by_cvr = {}
        for place in places.filter(company__cvr_number__in=cvr_numbers | set(self._kept_cvr.values())):
            self._by_cvr.setdefault(place["company__cvr_number"], []).append(place)

    def match(self, given):
        """The `Match` of one of the rows: by its P-number, else the company's one active workplace."""
        cvr = self._kept_cvr.get(given.cvr, given.cvr)
        if given.p_number and (place := self._by_p_number.get(given.p_number)):
            # The register goes on naming the workplace that was merged together with its own company.
            if cvr and cvr not in (place["company__cvr_number"], self._merged_cvr.get(given.p_number)):
                return Match(None, "place_other_company")
            return Match(place)
        places = self._by_cvr.get(cvr, ())
        if given.p_number:
            # A file without P-numbers may have brought the company's only place before.
            if len(places) == 1 and places[0]["p_number"] is None:
                return Match(places[0])
            return Match(None, "place_unknown")
        if not places:
            return Match(None, "company_unknown")
        found = _narrowed(_active(places) or places, given)
        if len(found) > 1:
            return Match(None, "several_places", {"number": len(found)})
        return Match(found[0], "" if found[0]["ceased_on"] is None else "only_ceased")

    def possible(self, given):
        """The ids of the workplaces that a row without P-number can mean, if they are several."""
        places = [] if given.p_number else self._by_cvr.get(self._kept_cvr.get(given.cvr, given.cvr), [])
        found = _narrowed(_active(places) or places, given)
        return [place["id"] for place in found] if len(found) > 1 else []


def _active(places):
    return [place for place in places if place["ceased_on"] is None]


def _narrowed(places, given):
    """Those at the address that the row tells of, or else with its postcode; all of them if that tells nothing."""
    if len(places) > 1 and given.address:
        here = [place for place in places if _is_at(place, given)]
        if here:
            return here
    if len(places) > 1 and given.postcode:
        return [place for place in places if place["postcode"] == given.postcode] or places
    return places


def _is_at(place, given):
    street, _bar, postcode = place["address_key"].rpartition("|")
    said, _bar, _postcode = given.address.rpartition("|")
    return street == said and given.postcode in ("", postcode)
