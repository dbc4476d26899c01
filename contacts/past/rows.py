"""The rules for one row of our own past: from raw cells to facts, with what is wrong or doubtful about it."""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from companies import cpr
from companies.models import Workplace, address_key
from companies.register import cells
from companies.register.cells import CellError, fact, text
from companies.register.places import Given
from companies.register.rows import Note, RowRules
from contacts.models import FollowUp, Interaction, Person
from contacts.past import vocabulary

# What the log's own form takes.
LONGEST_NOTE = 4000
# Before this a year is a slip of the pen.
FIRST_YEAR = 1970
LIMITS = {
    "person": Person._meta.get_field("name").max_length,
    "phone": Person._meta.get_field("phone").max_length,
    "email": Person._meta.get_field("email").max_length,
    "purpose": Interaction._meta.get_field("purpose").max_length,
    "note": LONGEST_NOTE,
    "why": Workplace._meta.get_field("do_not_contact_why").max_length,
    "next_step": FollowUp._meta.get_field("title").max_length,
}
# Kept as they are written, and therefore looked through for CPR numbers.
FREE_TEXTS = ("person", "phone", "email", "purpose", "note", "why", "do_not_contact", "next_step")
OF_A_CONTACT = ("channel", "purpose", "note", "outcome", "staff")


class Facts(NamedTuple):
    """What a row tells. Colleagues are their ids, days ISO dates; None and the empty text say that it tells nothing."""

    owner: int | None = None
    tier: int | None = None
    do_not_contact: bool | None = None
    why: str = ""
    labour_conflict: bool | None = None
    person: str = ""
    role: str = ""
    phone: str = ""
    email: str = ""
    on: str = ""
    channel: str = ""
    purpose: str = ""
    note: str = ""
    outcome: str = ""
    staff: tuple = ()
    next_step: str = ""
    next_on: str = ""


class PastRow(NamedTuple):
    """A row that can be taken if its workplace is known.

    `doubts` are the ten-digit numbers in its texts that are CPR numbers unless they are P-numbers:
    {our column: numbers}. `cells` are all its cells, as they may be kept.
    """

    line: int
    given: Given
    doubts: dict
    facts: Facts
    cells: list


class PastRules(RowRules):
    """Applies the rules to the rows of one file; `today` decides whether a contact can have been held."""

    longest = kept_of_a_cell = LONGEST_NOTE

    def __init__(self, *, headings, columns, colleagues, today):
        super().__init__(headings=headings, columns=columns)
        self._colleagues, self._today = colleagues, today

    def clean(self, row):
        """`(PastRow or None, remarks)`: None where the row is rejected, and then all that is wrong with it."""
        notes = self.unreadable(row)
        if notes:
            return None, self.remarks(row, notes)
        values = dict.fromkeys(self.columns, "") | row.values
        given = self._given(values, notes)
        facts = {"staff": ()}
        for step in (self._responsible, self._tier, self._marks, self._person, self._contact, self._next_step):
            step(values, facts, notes)
        if any(note.rejects for note in notes):
            return None, self.remarks(row, [note for note in notes if note.rejects])
        doubts = {}
        for column in FREE_TEXTS:
            if cpr.PLAIN.search(values.get(column, "")) and (numbers := cpr.doubtful(values[column])):
                doubts[column] = sorted(numbers)
        clean = PastRow(row.line, given, doubts, Facts(**facts), self.raw(row))
        return clean, self.remarks(row, notes) if notes else ()

    def given(self, row):
        """How a row says which workplace it means, whatever else is wrong with it."""
        return self._given(dict.fromkeys(self.columns, "") | row.values, [])

    def _given(self, values, notes):
        found = self.named_place(values, notes)
        address = cells.address(values.get("address", ""))
        postcode = cells.postcode(values.get("postcode", ""))[0] or address.postcode or ""
        street = address_key(address.street, postcode) if address.street else ""
        return Given(**found, postcode=postcode, address=street)

    # One step for each thing a row may tell.

    def _responsible(self, values, facts, notes):
        raw = fact(values.get("owner", ""))
        if not raw:
            return
        user = self._colleagues.find(raw)
        if user is None:
            notes.append(Note(False, "colleague_unknown", "owner", raw))
        elif not user.is_active:
            notes.append(Note(False, "colleague_gone", "owner", raw, {"who": str(user)}))
        else:
            facts["owner"] = user.pk
        facts["staff"] = (user.pk,) if user else ()

    def _tier(self, values, facts, notes):
        if raw := fact(values.get("tier", "")):
            facts["tier"] = vocabulary.tier(raw)
            if facts["tier"] is None:
                notes.append(Note(False, "tier_form", "tier", raw))

    def _marks(self, values, facts, notes):
        """Words where a yes or no belongs mark the workplace: to call those who asked for peace would be worse."""
        why = self._text(values, "why", notes)
        raw = fact(values.get("do_not_contact", ""))
        try:
            marked = cells.yes_or_no(raw)
        except CellError:
            marked, why = True, why or self._text(values, "do_not_contact", notes, limit=LIMITS["why"])
            notes.append(Note(False, "mark_from_words", "do_not_contact", raw))
        if marked is None and why:
            marked = True
            notes.append(Note(False, "mark_from_why", "why", why))
        elif marked and not why:
            notes.append(Note(False, "mark_without_why", "do_not_contact", raw))
        facts["do_not_contact"], facts["why"] = marked, why if marked else ""
        try:
            facts["labour_conflict"] = cells.yes_or_no(values.get("labour_conflict", ""))
        except CellError as error:
            notes.append(Note(False, error.reason, "labour_conflict", values["labour_conflict"]))

    def _person(self, values, facts, notes):
        facts["person"] = self._text(values, "person", notes)
        if raw := fact(values.get("role", "")):
            facts["role"] = vocabulary.role(raw)
            if not facts["role"]:
                notes.append(Note(False, "role_unknown", "role", raw))
        phone = cells.phone(values.get("phone", ""))
        if len(phone) > LIMITS["phone"]:
            notes.append(Note(False, "fact_long", "phone", phone, {"length": len(phone), "limit": LIMITS["phone"]}))
        else:
            facts["phone"] = phone
        if email := fact(values.get("email", "")):
            try:
                validate_email(email)
            except ValidationError:
                notes.append(Note(False, "email_form", "email", email))
            else:
                facts["email"] = email

    def _contact(self, values, facts, notes):
        told = {column: fact(values.get(column, "")) for column in OF_A_CONTACT}
        raw = fact(values.get("on", ""))
        if not raw and not any(told.values()):
            facts["staff"] = ()
            return
        if not raw:
            notes.append(Note(True, "contact_no_day", "on"))
        elif day := self._day(raw, "on", notes, rejects=True):
            if day > self._today:
                notes.append(Note(True, "day_future", "on", raw))
            facts["on"] = day.isoformat()
        facts["channel"] = vocabulary.channel(told["channel"])
        if not facts["channel"]:
            reason = "channel_unknown" if told["channel"] else "channel_missing"
            notes.append(Note(True, reason, "channel", told["channel"]))
        facts["purpose"] = self._text(values, "purpose", notes)
        facts["note"] = self._text(values, "note", notes)
        facts["outcome"] = vocabulary.outcome(told["outcome"])
        if told["outcome"] and not facts["outcome"]:
            notes.append(Note(False, "outcome_unknown", "outcome", told["outcome"]))
        present, unknown = self._colleagues.several(told["staff"])
        if unknown:
            notes.append(Note(False, "staff_unknown", "staff", ", ".join(unknown)))
        facts["staff"] = tuple(user.pk for user in present) or facts["staff"]

    def _next_step(self, values, facts, notes):
        title, raw = self._text(values, "next_step", notes), fact(values.get("next_on", ""))
        day = self._day(raw, "next_on", notes, rejects=False) if raw else None
        if title and day:
            facts["next_step"], facts["next_on"] = title, day.isoformat()
            if day < self._today:
                notes.append(Note(False, "next_passed", "next_on", raw))
        elif title and not raw:
            notes.append(Note(False, "next_no_day", "next_on" if "next_on" in self.columns else "next_step"))
        elif day:
            notes.append(Note(False, "next_no_words", "next_on", raw))

    def _text(self, values, column, notes, limit=None):
        """Somebody's own words; a note keeps its lines. Too long a text rejects the row, or some of it would be lost."""
        raw = values.get(column, "")
        kept = _lines(raw) if column == "note" else fact(raw)
        limit = limit or LIMITS[column]
        if len(kept) > limit:
            notes.append(Note(True, "text_long", column, kept, {"length": len(kept), "limit": limit}))
        return kept

    def _day(self, raw, column, notes, *, rejects):
        try:
            day = cells.day(raw)
        except CellError:
            day = None
        reason, details = "", {}
        if day is None:
            reason = "day_form" if rejects else "next_day_form"
        elif day.year < FIRST_YEAR:
            reason, details, day = "day_long_ago" if rejects else "next_day_form", {"year": FIRST_YEAR}, None
        if reason:
            notes.append(Note(rejects, reason, column, raw, details))
        return day


def _lines(raw):
    """Line by line as `cells.text`, with at most one empty line between two."""
    kept = []
    for line in map(text, raw.splitlines()):
        if line or (kept and kept[-1]):
            kept.append(line)
    plain = "\n".join(kept).strip()
    return fact(plain) and plain
