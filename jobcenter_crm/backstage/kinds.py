"""The kinds of background work there are, each registered by the app that owns it in its `tasks.py`.

Holds no model, so that `Job` itself can tell its label and whether it can be undone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _


class JobFailed(Exception):
    """The work can't be done, and its text says why to the person who ordered it."""


class UnknownKind(LookupError):
    """No app has registered work of that name."""


@dataclass(frozen=True)
class Kind:
    """One kind of work.

    `work(job, progress)` does it and may return its counts. `undo(job, progress)` takes a finished job
    back and may return counts of its own. `counts` maps the keys of `Job.counts` to words, in the order
    they are shown. `result(job)` is the URL of the page with the outcome, `origin` the name of the URL of the list
    that it was ordered from, `about(job)` says in words what was ordered beyond its label. `permission` is what somebody
    needs, besides seeing the job, to undo it or to try it again.
    """

    name: str
    label: str
    work: Callable
    counts: Mapping = field(default_factory=dict)
    result: Callable | None = None
    undo: Callable | None = None
    permission: str = ""
    origin: str = ""
    about: Callable | None = None


_kinds = {}


def job_kind(name, *, label, counts=None, result=None, undo=None, permission="", origin="", about=None):
    """Register the decorated `work(job, progress)` as the kind `name`.

    After a lost worker the work is run again from its start, so it must be harmless twice; what is
    saved within `progress.saving()` is saved once.
    """

    def register(work):
        if name in _kinds:
            raise ValueError(f"The kind {name} is registered twice.")
        _kinds[name] = Kind(name, label, work, counts or {}, result, undo, permission, origin, about)
        return work

    return register


def kind_of(name):
    """The kind of that name; raises `UnknownKind`."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def kind_or_stand_in(name):
    """The kind of that name, or one that only says that this version does not know it.

    A job outlives the code that ordered it: its page must open, and it must end.
    """

    def refuse(job, progress):
        raise JobFailed(_("This version of the system does not know this kind of work."))

    return _kinds.get(name) or Kind(name, name, refuse)
