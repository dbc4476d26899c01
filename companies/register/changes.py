"""What the rows of one company change in the register: facts before and after, and what each row comes to.

Company and workplace are told of by the same row, and each only gets what the row says of it: of a row about
a workplace the name, the first and last day and the protection are the workplace's; of one about a company
they are the company's, and its workplace's too as far as the row can only mean the one.
"""

from dataclasses import dataclass, field
from datetime import date

from companies.models import address_key
from companies.register.matching import COMPANY_ONLY
from companies.register.rows import AT, OF_COMPANY, OF_WORKPLACE, UNDATED

NEW, CHANGED, CEASED, UNCHANGED = "new", "changed", "ceased", "unchanged"

# Where each fact of a row is kept in a workplace.
_COLUMNS = {
    "name": "name",
    "advertising_protected": "advertising_protected",
    "started_on": "started_on",
    "ceased_on": "ceased_on",
    "co_name": "co_name",
    "street": "street",
    "place": "place",
    "postcode": "postcode",
    "town": "town",
    "municipality": "municipality_id",
    "latitude": "latitude",
    "longitude": "longitude",
    "branch": "branch_id",
    "secondary_branch": "secondary_branch_id",
    "employees_min": "employees_min",
    "employees_max": "employees_max",
    "employees_period": "employees_period",
    "employees_source": "employees_source",
    "phone": "phone",
    "email": "email",
    "sector": "sector",
}
PLACE_FACTS = ["company_id", "p_number", *_COLUMNS.values()]
COMPANY_FACTS = ["name", "form_id", "status", "advertising_protected", "started_on", "ceased_on"]
_POSITIONS = [(AT[fact], column) for fact, column in _COLUMNS.items()]
_DATES = ("started_on", "ceased_on")
# What a row about a whole company can't tell of a workplace that is known by its own P-number.
_OF_THE_COMPANY = ("name", "started_on")
_EMPLOYEES = ("employees_min", "employees_max", "employees_period", "employees_source")
# What belongs to an address, and is no longer true of the next one.
_OF_THE_ADDRESS = {"co_name": "", "place": "", "latitude": None, "longitude": None}


@dataclass
class Outcome:
    """What one row comes to. `place` is the workplace's facts before, None for a new one or none at all.

    `changes` are the workplace's new facts by column, `company_changes` those of its company. `makes_place`
    tells a new workplace from a company that is new by itself.
    """

    row: object
    kind: str
    place: dict | None = None
    changes: dict = field(default_factory=dict)
    company_changes: dict = field(default_factory=dict)
    reason: str = ""
    makes_place: bool = False


@dataclass
class Plan:
    """What the rows of one company come to. `company` is its facts before, None if it is new.

    `company_facts` are all facts of a new company, or the changed ones of a known one, `places` all its workplaces before. `swept` are the
    workplaces that no row means and that end, or live again, because their company does, merged ones among them: the
    facts before, and the last day or None. `home` is the facts of the company that this one was merged into, if it was; `kin` are
    workplaces that are searched by this company's name although no row of it means them.
    """

    cvr: str
    company: dict | None
    company_facts: dict
    outcomes: list
    places: list
    swept: list
    home: dict | None = None
    kin: list = field(default_factory=list)


def plan(cvr, rows, matches, company, places, *, known, today, home=None, kin=()):
    """The `Plan` for the rows of one company; `places` are all its workplaces before.

    One that was merged into another, `home`, keeps what is told of it to itself; its workplaces are the other's.
    """
    told = _company_facts(rows, company, today)
    if company is None:
        told.setdefault("name", rows[0].facts[AT["name"]])
        company_facts = told
    else:
        company_facts = {column: value for column, value in told.items() if company[column] != value}
    outcomes = []
    for row, found in zip(rows, matches, strict=True):
        if found.place is COMPANY_ONLY:
            is_new = company is None and row.of == OF_COMPANY
            outcomes.append(Outcome(row, NEW if is_new else UNCHANGED, reason=found.reason))
            continue
        place = found.place
        changes = _place_facts(row, place, company, len(places) > 1, known, today)
        if place is None:
            facts = _complete(changes, row, company, company_facts, known)
            outcomes.append(Outcome(row, NEW, None, facts, makes_place=True))
            continue
        if row.p_number and place["p_number"] != row.p_number:
            changes["p_number"] = row.p_number
        theirs = home or company
        if theirs is None or place["company_id"] != theirs["id"]:
            changes["company_id"] = theirs and theirs["id"]
        has_ceased = changes.get("ceased_on") and place["ceased_on"] is None
        kind = CEASED if has_ceased else CHANGED if changes else UNCHANGED
        outcomes.append(Outcome(row, kind, place, changes, reason=found.reason))
    swept = []
    if company is not None and company_facts and home is None:
        _tell_of_the_company(outcomes, company, company_facts)
        gone = [place for place in kin if place["merged_into_id"]]
        swept = _swept(outcomes, company, company_facts, [*places, *gone])
    return Plan(cvr, company, company_facts, outcomes, places, swept, home, list(kin))


def _swept(outcomes, company, company_facts, places):
    if "ceased_on" not in company_facts or (company_facts["ceased_on"] and company["ceased_on"]):
        return []
    listed = {outcome.place["id"] for outcome in outcomes if outcome.place}
    return [
        (place, company_facts["ceased_on"])
        for place in places
        if place["id"] not in listed and place["ceased_on"] == company["ceased_on"]
    ]


def _company_facts(rows, company, today):
    """What the rows tell of their company; where they differ, the last one holds, and one active row keeps it active.

    A row about the company alone goes before those about its workplaces.
    """
    told = {}
    for row in sorted(rows, key=_is_of_the_company):
        facts = row.facts
        if facts[AT["company_name"]] is not ...:
            told["name"] = facts[AT["company_name"]]
        elif row.of != OF_WORKPLACE:
            told["name"] = facts[AT["name"]]
        if facts[AT["form"]] is not ...:
            told["form_id"] = facts[AT["form"]]
        if row.of == OF_WORKPLACE:
            continue
        for name in ("status", "advertising_protected", "started_on"):
            if facts[AT[name]] is not ...:
                told[name] = date.fromisoformat(facts[AT[name]]) if name in _DATES else facts[AT[name]]
        ceased = facts[AT["ceased_on"]]
        if ceased is not ...:
            before = told.get("ceased_on", ...)
            told["ceased_on"] = None if before is None else _day(ceased, company, today)
    return told


def _is_of_the_company(row):
    return row.of == OF_COMPANY


def _day(ceased, before, today):
    """The last day; one that the file does not tell is the day already known, or today."""
    if ceased == UNDATED:
        return (before and before["ceased_on"]) or today
    return ceased and date.fromisoformat(ceased)


def _place_facts(row, place, company, has_sisters, known, today):
    """The facts of a row that a workplace does not have yet; all of them for a new one."""
    facts = row.facts
    is_numbered = place is not None and place["p_number"] and row.of != OF_WORKPLACE
    told = {}
    for position, column in _POSITIONS:
        value = facts[position]
        if value is ...:
            continue
        if column in _DATES:
            value = _day(value, place, today)
        if is_numbered and _is_not_for(place, company, column, value, has_sisters):
            continue
        if place is None or place[column] != value:
            told[column] = value
    if "postcode" in told and facts[AT["town"]] is ... and told["postcode"] in known.towns:
        told["town"] = known.towns[told["postcode"]]
    if place is not None and row.address and not _same_address(place, told):
        for column, empty in _OF_THE_ADDRESS.items():
            if facts[AT[column]] is ... and place[column] != empty:
                told[column] = empty
    return told


def _is_not_for(place, company, column, value, has_sisters):
    """What a row about a company must leave alone in a workplace with a P-number of its own.

    A last day is taken, and taken back where it was the company's.
    """
    if column in _OF_THE_COMPANY or (has_sisters and column in _EMPLOYEES):
        return True
    if column != "ceased_on" or place["ceased_on"] is None:
        return False
    return value is not None or not company or place["ceased_on"] != company["ceased_on"]


def _same_address(place, told):
    if "street" not in told and "postcode" not in told:
        return True
    return (
        address_key(told.get("street", place["street"]), told.get("postcode", place["postcode"]))
        == place["address_key"]
    )


def _complete(facts, row, company, company_facts, known):
    """The facts of a new workplace, with what follows from its company where the row does not tell."""
    if "sector" not in facts:
        form = company_facts.get("form_id") or (company and company["form_id"])
        if form in known.public_forms:
            facts["sector"] = "public"
    facts["p_number"] = row.p_number
    return facts


def _tell_of_the_company(outcomes, company, company_facts):
    """Count what changed in the company once: with the row about it alone, or else its last, unless that one is new."""
    candidates = [outcome for outcome in outcomes if outcome.kind != NEW]
    if not candidates:
        return
    # Of a workplace that was merged into another nothing is told.
    standing = [one for one in candidates if not (one.place and one.place["merged_into_id"])] or candidates
    last = max(enumerate(standing), key=lambda found: (_is_of_the_company(found[1].row), found[0]))[1]
    last.company_changes = company_facts
    has_ceased = company_facts.get("ceased_on") and company["ceased_on"] is None
    if has_ceased and (last.place is None or last.place["ceased_on"] is None):
        last.kind = CEASED
    if last.kind == UNCHANGED:
        last.kind = CHANGED
