"""A colleague who leaves: what they leave behind, and who has to know; apps above register theirs in `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class LeftBehind:
    """One kind of thing that nobody has any more when a colleague leaves. `words` counts it, `count(user)` is how many."""

    name: str
    words: Promise
    count: Callable


_kinds = {}
_listeners = []


def register(*kinds):
    """Add kinds of things; called from `AppConfig.ready()`."""
    _kinds.update({kind.name: kind for kind in kinds})


def on_leaving(listener):
    """Have `listener(user, by=, at=)` called in the transaction in which a colleague is deactivated."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(user, *, by, at):
    for listener in _listeners:
        listener(user, by=by, at=at)


def left_behind(user):
    """What `user` leaves behind, in words, without what there is none of."""
    counted = [(kind, kind.count(user)) for kind in _kinds.values()]
    return [kind.words % {"n": number} for kind, number in counted if number]
