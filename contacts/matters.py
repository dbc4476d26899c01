"""Matters: what an employer who called was not told in the call, and is to be answered by a day.

A matter is its own until somebody else accepts it: it stays with the one who took the call, and is offered to the
colleague who is to answer.
"""

from contacts.models import FollowUp

# The name by which a contact's matter is known among what follows from it.
OCCURRENCE = "matter"

_offers = []


def ask_through(offer):
    """Let colleagues be asked by `offer(giver=, to=, by=, follow_ups=)`; called from `AppConfig.ready()`.

    `follow_ups` are keys. It raises `contacts.actions.NotNow` where it can't be offered.
    """
    _offers[:] = [offer]


def can_be_offered():
    """Whether there is a way to ask a colleague."""
    return bool(_offers)


def step(*, title, due_on, owner):
    """What `actions.log` takes as one more step for a matter; until a colleague accepts it, it is `owner`'s."""
    return {
        "kind": FollowUp.Kind.MATTER, "occurrence": OCCURRENCE, "title": title, "due_on": due_on, "owner": owner,
    }  # fmt: skip


def ask(*, contact, colleague, by):
    """Offer the matter of `contact` to a colleague; returns it, or None where nobody can be asked.

    Nor is anybody asked again by a form that is sent twice: it is offered already, or no longer `by`'s.
    """
    mine = FollowUp.objects.open().caused_by(contact).filter(occurrence=OCCURRENCE, owner=by)
    matter = mine.exclude(handover_items__state="open").first() if _offers else None
    if matter is None:
        return None
    _offers[0](giver=matter.owner, to=colleague, by=by, follow_ups=[matter.pk])
    return matter
