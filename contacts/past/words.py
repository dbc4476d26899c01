"""What a row of our own past adds, in words, for the page that shows a few of them before the file is taken in."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contacts.models import Channel
from contacts.past.columns import LABELS

# What is read as one fact, in the order of the page: its name, its label, and the columns it has.
GROUPS = {
    "owner": (LABELS["owner"], ["owner"]),
    "tier": (LABELS["tier"], ["tier"]),
    "do_not_contact": (LABELS["do_not_contact"], ["do_not_contact"]),
    "labour_conflict": (LABELS["labour_conflict"], ["labour_conflict"]),
    "person": (LABELS["person"], ["person"]),
    "contact": (LABELS["on"], ["contact"]),
    "next_step": (LABELS["next_step"], ["next_step"]),
}


def label(name):
    return str(GROUPS[name][0]) if name in GROUPS else name


def lines(before, after):
    """`(label, before, after)` for each thing that is added; there is nothing before."""
    return [(label(name), "–", in_words(name, after[name])) for name in GROUPS if name in after]


def in_words(name, told):
    if told is True:
        return _("yes")
    if name == "contact":
        day, channel, purpose = told
        words = f"{date_format(date.fromisoformat(day))}, {Channel(channel).label}"
        return f"{words}: {purpose}" if purpose else words
    if name == "next_step":
        title, day, owner = told
        return f"{title}, {date_format(date.fromisoformat(day))}, {owner}"
    return str(told)
