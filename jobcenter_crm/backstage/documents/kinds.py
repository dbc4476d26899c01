"""The kinds of documents whose wording is a Word template: each registered by the app that makes them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise

from jobcenter_crm.backstage.documents.fields import HOUSE, all_names, guide


class UnknownKind(LookupError):
    """No app has registered documents of that name."""


@dataclass(frozen=True)
class DocumentKind:
    """`fields` are offered besides those of the house; `built_in(language)` writes the template it begins with.

    `built_in` gives bytes of a Word file (`draft.Draft`); `about` says in one line what the document is for.
    """

    name: str
    label: str | Promise
    fields: tuple
    built_in: Callable
    about: str | Promise = ""

    @cached_property
    def all_fields(self):
        return (*HOUSE, *self.fields)

    def guide(self):
        """What may be written in the template, as lines to copy from."""
        return guide(self.all_fields)

    def names(self):
        """Every field, as it is written in a template."""
        return all_names(self.all_fields)


_kinds = {}


def register(*kinds):
    """Add kinds; called from `AppConfig.ready()`. Raises `ValueError` for a name that stands for something else."""
    for kind in kinds:
        if _kinds.setdefault(kind.name, kind) != kind:
            raise ValueError(f"There are two kinds of document called {kind.name}.")


def kind_named(name):
    """The kind of that name; raises `UnknownKind`."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def all_kinds():
    """Every kind, in the order in which they were registered."""
    return list(_kinds.values())
