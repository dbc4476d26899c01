"""Our own past as a kind of file that can be brought in: what its pages and its commands say of it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from companies.register.kinds import ImportKind
from contacts.past import taking_in, words
from contacts.past.columns import COLUMNS, PAST
from contacts.past.reading import PastReading, check_row, possible_places
from contacts.past.rows import PastRules

REJECTED = {
    "contact_no_day": _("The row tells of a contact, but not of its day. Write the day in the file."),
    "day_future": _("The day is still to come. Write it as a next step, with what is to be done."),
    "channel_missing": _(
        "The row does not say how contact was made. Write visit, call, mail, meeting, letter or event in the file."
    ),
    "channel_unknown": _(
        "This way of making contact is not known. Write visit, call, mail, meeting, letter or event in the file."
    ),
}
WARNINGS = {
    "place_gone": _("The workplace has been merged with another since the file was read. Take the file in once more."),
    "colleague_unknown": _("No colleague has this e-mail, log-in or name. Nobody is named as responsible."),
    "colleague_gone": _("%(who)s no longer works here, and is not named as responsible."),
    "staff_unknown": _("No colleague has this e-mail, log-in or name. The contact is taken in without them."),
    "tier_form": _("This is not one of the groups 1 to 4. The group is left as it was."),
    "mark_from_words": _("This is neither yes nor no. It is taken as a yes, and the words as what they said."),
    "mark_from_why": _("It says why they want no contact, but not that they do. The workplace is marked."),
    "mark_without_why": _("The workplace is marked, but it is not said why. Write it on the card."),
    "role_unknown": _("This role is not known. Somebody new is taken in as “Other”."),
    "email_form": _("This is not an e-mail address. It is left out."),
    "outcome_unknown": _("This outcome is not known. The contact is taken in without one."),
    "person_no_name": _(
        "There is no name, and nobody at the company is known by the rest. No contact person is taken in."
    ),
    "next_day_form": _("This is not a date, such as 2026-11-24 or 24-11-2026. The next step is left out."),
    "next_no_day": _("The next step has no day. It is left out; write the day in the file and take it in again."),
    "next_no_words": _("There is a day, but nothing that is to be done. No next step is taken in."),
    "next_passed": _("The day has passed. The next step is overdue from the beginning; tick it off if it is done."),
    "next_nobody": _("Nobody is responsible for the workplace, so that nobody can have the next step. It is left out."),
    "owner_other": _("%(who)s is the responsible consultant already. That is left."),
    "tier_other": _("The workplace is in group %(tier)s already. That is left."),
    "mark_other": _("The workplace is marked as one that wants no contact. That is left."),
    "conflict_other": _("A labour conflict is marked on the workplace. That is left."),
    "role_other": _("The person has another role already. That is left."),
    "phone_other": _("The person has another telephone number already. That is left."),
    "email_other": _("The person has another e-mail already. That is left."),
}

HISTORY = ImportKind(
    name="history",
    label=_("Your own past"),
    lead=_(
        "Contacts, people and next steps from your own spreadsheet. You see what would change before anything does."
    ),
    never=_("Register facts are never changed, nor what colleagues have decided in the meantime."),
    layout=PAST,
    reading=PastReading,
    compare=taking_in.compare,
    take_in=taking_in.take_in,
    figures={
        "new": (pgettext_lazy("rows of a file", "new"), _("bring a contact, a person or a next step")),
        "changed": (pgettext_lazy("rows of a file", "changed"), _("fill in what was empty")),
        "unchanged": (pgettext_lazy("rows of a file", "unchanged"), _("tell nothing that is not known")),
        "repeated": (pgettext_lazy("rows of a file", "repeated"), _("count once")),
        "rejected": (pgettext_lazy("rows of a file", "rejected"), _("are skipped")),
    },
    template="contacts:past_template",
    needs=_("The workbook to fill in, or any file with CVR number or P-number. At most 500 MB."),
    columns=COLUMNS,
    words=words,
    check_row=check_row,
    possible_places=possible_places,
    rules=PastRules,
    sentences=REJECTED | WARNINGS,
)
