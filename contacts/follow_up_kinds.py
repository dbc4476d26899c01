"""Why follow-ups exist: each app registers its own kinds."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class FollowUpKind:
    """`label` is said on screen. `url(follow_up)` is the page where it is done, the workplace's card without it.

    One that `is_handed_over` is passed on to a colleague only when that one accepts it: an employer who waits for an
    answer is not to be passed on blindly. One that `is_kept` by its app can't be ticked off by hand: an act ends it. One that `always_escalates` is told to the
    leader of the team whatever the plan of the group says. One that `is_told_apart` has a place of its own on my day and
    among what waits, where its app tells of it; it is not told among the others there.
    """

    name: str
    label: str | Promise
    url: Callable | None = None
    is_handed_over: bool = False
    is_kept: bool = False
    always_escalates: bool = False
    is_told_apart: bool = False


_kinds = {}


def register(*kinds):
    """Add kinds; called from `AppConfig.ready()`.

    Raises `ValueError` for a name that stands for something else already.
    """
    for kind in kinds:
        if _kinds.setdefault(kind.name, kind) != kind:
            raise ValueError(f"There are two kinds of follow-up called {kind.name}.")


def kind_of(follow_up):
    """The kind of a follow-up; one that no app knows any more is called by its name."""
    return _kinds.get(follow_up.kind) or FollowUpKind(follow_up.kind, follow_up.kind)


def giving_url(follow_up):
    """The page on which it is given to a colleague: at once, or where its kind asks for that, by offering it."""
    page = "contacts:hand_over_follow_up" if kind_of(follow_up).is_handed_over else "contacts:give"
    return reverse(page, args=[follow_up.pk])


def page_of(follow_up):
    """The page where it is done: that of its kind, or else the card of the workplace."""
    url = kind_of(follow_up).url
    return url(follow_up) if url else follow_up.get_absolute_url()


def kept_kinds():
    """The names of those that only an act of their app ends."""
    return [kind.name for kind in _kinds.values() if kind.is_kept]


def kinds_told_apart():
    """The names of those that have a place of their own on my day and among what waits."""
    return [kind.name for kind in _kinds.values() if kind.is_told_apart]


def all_kinds():
    """Every kind, in the order in which they were registered."""
    return list(_kinds.values())


def declare():
    """The kinds of this app; once, when the app is ready."""
    from contacts.models import FollowUp

    kinds = FollowUp.Kind
    register(
        FollowUpKind(kinds.NEXT_STEP, kinds.NEXT_STEP.label),
        FollowUpKind(kinds.BY_HAND, kinds.BY_HAND.label),
        FollowUpKind(kinds.MATTER, kinds.MATTER.label, is_handed_over=True),
    )
