"""Matters: what an employer who called was not told in the call, and is to be answered by a day.

A matter is its own until somebody else accepts it: it stays with the one who took the call, and is offered to the
colleague who is to answer.
"""

from contacts import handovers
from contacts.models import FollowUp

# The name by which a contact's matter is known among what follows from it.
OCCURRENCE = "matter"


def step(*, title, due_on, owner):
    """What `actions.log` takes as one more step for a matter; until a colleague accepts it, it is `owner`'s."""
    return {
        "kind": FollowUp.Kind.MATTER, "occurrence": OCCURRENCE, "title": title, "due_on": due_on, "owner": owner,
    }  # fmt: skip


def ask(*, contact, colleague, by):
    """Offer the matter of `contact` to a colleague; returns it.

    None for a form that is sent twice: it is offered already, or no longer `by`'s. Raises `NotNow` where the colleague
    can't be asked.
    """
    mine = FollowUp.objects.open().caused_by(contact).filter(occurrence=OCCURRENCE, owner=by)
    matter = mine.exclude(handover_items__state="open").first()
    if matter is None:
        return None
    handovers.offer(giver=matter.owner, to=colleague, by=by, follow_ups=[matter.pk])
    return matter
