"""What can be done with many workplaces at once from the register; apps above add theirs in `apps.ready()`.

An act gets exactly the rows that were put aside when its page was shown (`bulk_drafts.py`). One that is contact never
gets those who are protected, unless somebody who may has stated the basis.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from companies import bulk_changes, exports
from companies.forms import ManyOwnerForm, ManyTierForm


@dataclass(frozen=True)
class Said:
    """What came of an act, in words, and where it can be taken back, if it can."""

    words: str
    undo_url: str = ""


_CHANGED = ngettext_lazy("%(n)s workplace changed.", "%(n)s workplaces changed.", "n")


@dataclass(frozen=True)
class BulkAct:
    """One thing that can be done with the chosen workplaces.

    `label` stands on the bar, `title` over the page, `button` on the one that does it. `form(data, workplaces=,
    user=)` asks for what else it takes, None for nothing. `carry_out(draft=, workplaces=, answer=, by=, basis=)`
    does it and returns what is shown: a `Job` that nobody has queued yet, a `Said`, a response to be sent as it is,
    or None where all of them are so already. `now(workplace)` is what a row of the sample has now, in words, under
    the heading `now_label`. `is_contact`: those who are protected are left out, and `basis` is why they are not.
    `is_done_once`: the same page can't be sent twice, and the caller's transaction is around the act. `done` says, by
    `n`, to how many of them a job has done it.
    """

    position: int
    name: str
    label: str
    title: str
    button: str
    icon: str
    permission: str
    carry_out: Callable
    form: Callable | None = None
    now: Callable | None = None
    now_label: str = ""
    is_contact: bool = False
    is_done_once: bool = True
    done: Promise = _CHANGED


_acts = {}


def register(*acts):
    """Add acts to the bar; called from `AppConfig.ready()`. Raises `ValueError` for a name that is taken."""
    for act in acts:
        if act.name in _acts:
            raise ValueError(f"There is an act called {act.name} already.")
        _acts[act.name] = act


def unregister(*names):
    """Take acts out again that `register` added."""
    for name in names:
        del _acts[name]


def act_named(name):
    """The act of that name; None for one that nobody has registered."""
    return _acts.get(name)


def acts_for(user):
    """Those that `user` may do, in the order of the bar."""
    return sorted(
        (act for act in _acts.values() if user.has_perm(act.permission)), key=lambda act: (act.position, act.name)
    )


OWN = [
    BulkAct(
        10,
        "owner",
        _("Change responsible"),
        _("Change the responsible consultant"),
        _("Change the responsible consultant"),
        "person",
        "companies.set_owner",
        bulk_changes.set_owner,
        form=ManyOwnerForm,
        now=lambda workplace: str(workplace.responsible or _("nobody")),
        now_label=_("Responsible now"),
    ),
    BulkAct(
        20,
        "tier",
        _("Change group"),
        _("Change the group"),
        _("Change the group"),
        "bar-chart-steps",
        "companies.set_tier",
        bulk_changes.set_tier,
        form=ManyTierForm,
        now=lambda workplace: str(workplace.get_tier_display() or _("No group")),
        now_label=_("Group now"),
    ),
    BulkAct(
        90,
        "export",
        _("Download as Excel"),
        _("Download as Excel"),
        _("Download as Excel"),
        "file-earmark-spreadsheet",
        "companies.export_workplaces",
        exports.order,
        is_contact=True,
        is_done_once=False,
    ),
]
