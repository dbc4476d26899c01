"""Register facts as they are kept in a trail and read on a page: fact by fact, before and after.

A trail keeps codes as their names, dates as ISO and numbers as they are, so that each reader sees them in
their own language; address and number of employees are kept whole, since half of one tells nothing.
"""

from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Workplace

# What is read as one fact: its name, its label, and the columns it has.
GROUPS = {
    "name": (gettext_lazy("Name"), ["name"]),
    "company": (gettext_lazy("Company"), ["company"]),
    "p_number": (gettext_lazy("P-number"), ["p_number"]),
    "address": (gettext_lazy("Address"), ["co_name", "street", "place", "postcode", "town"]),
    "municipality": (gettext_lazy("Municipality"), ["municipality"]),
    "position": (gettext_lazy("Position on the map"), ["latitude", "longitude"]),
    "branch": (gettext_lazy("Branch"), ["branch"]),
    "secondary_branch": (gettext_lazy("Secondary branch"), ["secondary_branch"]),
    "employees": (gettext_lazy("Employees"), ["employees_min", "employees_max"]),
    "employees_period": (gettext_lazy("Employees counted in"), ["employees_period", "employees_source"]),
    "phone": (gettext_lazy("Telephone"), ["phone"]),
    "email": (gettext_lazy("E-mail"), ["email"]),
    "sector": (gettext_lazy("Sector"), ["sector"]),
    "advertising_protected": (gettext_lazy("Advertising-protected"), ["advertising_protected"]),
    "started_on": (gettext_lazy("Started"), ["started_on"]),
    "ceased_on": (gettext_lazy("Ceased"), ["ceased_on"]),
    "company.name": (gettext_lazy("The company's name"), ["company.name"]),
    "company.form": (gettext_lazy("Company form"), ["company.form"]),
    "company.status": (gettext_lazy("Status of the company"), ["company.status"]),
    "company.advertising_protected": (
        gettext_lazy("The company is advertising-protected"),
        ["company.advertising_protected"],
    ),
    "company.started_on": (gettext_lazy("The company started"), ["company.started_on"]),
    "company.ceased_on": (gettext_lazy("The company ceased"), ["company.ceased_on"]),
}
GROUP_OF = {column: name for name, (_label, columns) in GROUPS.items() for column in columns}
_WHOLE = {
    column: columns
    for columns in (GROUPS["address"][1], GROUPS["employees"][1], GROUPS["position"][1])
    for column in columns
}


class Names(NamedTuple):
    """The names of the codes in one workplace's facts, where the whole lists are not at hand."""

    branch_names: dict
    municipality_names: dict
    form_names: dict

    @classmethod
    def of(cls, *workplaces):
        branches = [branch for place in workplaces for branch in (place.branch, place.secondary_branch) if branch]
        towns = [place.municipality for place in workplaces if place.municipality]
        return cls({one.pk: str(one) for one in branches}, {one.pk: one.name for one in towns}, {})


def trail(place, changes, company, company_changes, known, *, company_names):
    """`(before, after)` of a workplace and its company, only what changed, fit for a JSON column.

    `place` and `company` are the facts before; `company_names` are the names of the old and new company.
    """
    before, after = {}, {}
    for column in changes:
        for part in _WHOLE.get(column, [column]):
            if part == "company_id":
                before["company"], after["company"] = company_names
            else:
                name = part.removesuffix("_id")
                before[name] = _kept(part, place[part], known)
                after[name] = _kept(part, changes.get(part, place[part]), known)
    for column, value in company_changes.items():
        name = column.removesuffix("_id")
        if name not in after or after[name] != _kept(column, value, known):
            before[f"company.{name}"] = _kept(column, company[column], known)
            after[f"company.{name}"] = _kept(column, value, known)
    return before, after


def _kept(column, value, known):
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value.isoformat()
    names = {
        "branch_id": known.branch_names,
        "secondary_branch_id": known.branch_names,
        "municipality_id": known.municipality_names,
        "form_id": known.form_names,
    }.get(column)
    return names.get(value, value) if names else value


def groups_of(after):
    """The names of the facts that a trail's `after` tells of, in the order of `GROUPS`."""
    told = {GROUP_OF.get(column, column) for column in after}
    return [name for name in GROUPS if name in told]


def label(name):
    return str(GROUPS[name][0]) if name in GROUPS else name


def lines(before, after):
    """What a trail tells, for a page: `(label, before, after)` in words, fact by fact."""
    told = []
    for name in groups_of(after):
        old, new = in_words(name, before), in_words(name, after)
        if old != new:
            told.append((_label(name, before, after), old, new))
    return told


def _label(name, *sides):
    """An address without a street is no more than a town."""
    if name == "address" and not any(side.get(part) for side in sides for part in ("co_name", "street", "place")):
        return _("Town")
    return label(name)


def in_words(name, facts):
    """One fact in words; a dash for one that there is not."""
    values = [facts.get(column) for column in GROUPS[name][1]]
    if name == "address":
        co, street, place, postcode, town = values
        co = co and f"c/o {co}"
        text = ", ".join(filter(None, (co, street, place, " ".join(filter(None, (postcode, town))))))
    elif name == "employees":
        text = Workplace(employees_min=values[0], employees_max=values[1]).employees
    elif name == "employees_period":
        # Which of the register's counts it was is kept, and tells people nothing.
        text = Workplace(employees_period=values[0] or "").employees_counted_in
    elif name == "sector":
        text = str(dict(Workplace.Sector.choices).get(values[0], ""))
    else:
        text = ", ".join(_in_words(value) for value in values if value is not None)
    return text or "–"


def _in_words(value):
    if value is True:
        return _("yes")
    if value is False:
        return _("no")
    if isinstance(value, str) and len(value) == 10 and value[4:5] == "-" and value[7:8] == "-":
        return date_format(date.fromisoformat(value))
    return str(value)
