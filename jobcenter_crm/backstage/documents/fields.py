"""The fields that a Word template may use, as a tree: each kind of document offers its own.

They are told to the steward with their explanations, an upload is checked against them, and their examples fill it in
for a try. In a template a field of a group is `{{ agreement.purpose }}`; the rows of a list are gone through with
`{% for goal in agreement.goals %}` ... `{{ goal.measure }}` ... `{% endfor %}`.
"""

import keyword
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What Jinja reads as something else than a field.
TAKEN = {"loop", "not", "and", "or", "in", "is", "if", "else", "true", "false", "none", "self", "super", "caller"}


@dataclass(frozen=True)
class Field:
    """One text. `example` fills it in for a try; `is_picture` for one that is a picture and stands by itself."""

    name: str
    explanation: str | Promise
    example: str | Promise = ""
    is_picture: bool = False

    def __post_init__(self):
        _check_name(self.name)


@dataclass(frozen=True)
class Group:
    """Fields of one thing, written with its name before a dot."""

    name: str
    explanation: str | Promise
    fields: tuple

    def __post_init__(self):
        _check_name(self.name)


@dataclass(frozen=True)
class Rows:
    """A list; each of its rows has the `fields`. `one` is what the guide suggests to call a row."""

    name: str
    explanation: str | Promise
    one: str
    fields: tuple

    def __post_init__(self):
        _check_name(self.name)
        _check_name(self.one)


def _check_name(name):
    if not name.isidentifier() or keyword.iskeyword(name) or name.lower() in TAKEN:
        raise ValueError(f"A field can't be called {name!r}.")


# Offered by every kind, and filled in by the house.
HOUSE = (
    Group(
        "organisation",
        _("Your own organisation, as written under Data."),
        (
            Field("name", _("Its name"), "Jobcenter Lindevig"),
            Field("street", _("Street and number"), "Rådhustorvet 4"),
            Field("town", _("Postcode and town"), "4999 Lindevig"),
            Field("address", _("Street, postcode and town on one line"), "Rådhustorvet 4, 4999 Lindevig"),
            Field("phone", _("Telephone"), "24 60 00 00"),
            Field("email", _("E-mail"), "erhverv@lindevig.example"),
            Field("logo", _("The logo as a picture; nothing while there is none"), is_picture=True),
        ),
    ),
    Field("today", _("The day on which the document is made"), "24. november 2026"),
)


def example_of(fields):
    """A context with an example in every field, and two rows in every list."""
    return _filled(fields, lambda field: str(field.example or field.explanation), 2)


def blank_of(fields):
    """A context with nothing in any field, and no rows."""
    return _filled(fields, lambda field: "", 0)


def _filled(fields, value, rows):
    context = {}
    for one in fields:
        match one:
            case Field():
                context[one.name] = "" if one.is_picture else value(one)
            case Group():
                context[one.name] = _filled(one.fields, value, rows)
            case Rows():
                context[one.name] = [_filled(one.fields, value, rows) for _n in range(rows)]
    return context


@dataclass(frozen=True)
class Line:
    """One line of the guide: what to write in the template, and what comes there. `depth` is how far it is indented."""

    written: str
    explanation: str | Promise
    depth: int = 0
    ends: str = ""


def guide(fields, before="", depth=0):
    """The fields as lines for people to copy from."""
    lines = []
    for one in fields:
        name = f"{before}{one.name}"
        match one:
            case Field():
                lines.append(Line(f"{{{{ {name} }}}}", one.explanation, depth))
            case Group():
                lines.append(Line("", one.explanation, depth))
                lines += guide(one.fields, f"{name}.", depth + 1)
            case Rows():
                lines.append(Line(f"{{% for {one.one} in {name} %}}", one.explanation, depth, ends="{% endfor %}"))
                lines += guide(one.fields, f"{one.one}.", depth + 1)
    return lines


def all_names(fields, before=""):
    """Every field as it is written in a template, with the suggested names of rows."""
    names = []
    for one in fields:
        name = f"{before}{one.name}"
        names.append(name)
        if isinstance(one, Group):
            names += all_names(one.fields, f"{name}.")
        elif isinstance(one, Rows):
            names += all_names(one.fields, f"{one.one}.")
    return names


def names_of_rows(fields, before=""):
    """Each field of a list, as the guide writes it -> how a row is called there, and the list."""
    names = {}
    for one in fields:
        name = f"{before}{one.name}"
        if isinstance(one, Group):
            names |= names_of_rows(one.fields, f"{name}.")
        elif isinstance(one, Rows):
            names |= {f"{one.one}.{each.name}": (one.one, name) for each in one.fields}
            names |= names_of_rows(one.fields, f"{one.one}.")
    return names
