"""A file of our own past, read to its end: which rows can be taken, which workplace each means, what is wrong."""

from functools import cached_property

from django.utils.translation import gettext as _

from companies import cpr
from companies.models import Workplace
from companies.register import importer, mappings
from companies.register.places import Places
from companies.register.readers.files import Table
from companies.register.rows import Note
from contacts.past import template
from contacts.past.columns import PAST
from contacts.past.rows import PastRules
from contacts.past.staging import PastStaging
from contacts.past.taking_in import PastWalk
from contacts.past.vocabulary import Colleagues
from jobcenter_crm.staff.models import User


class PastReading(importer.KnownReading):
    layout = PAST
    make_staging = PastStaging

    @cached_property
    def users(self):
        return {user.pk: user for user in User.objects.all()}

    def make_rules(self, columns):
        return _rules(self.reader.headings, columns, self.users.values(), self.today)

    def left_out(self):
        """Not those of the workbook to fill in, which are there for people."""
        return [told for told in self.reader.left_out if told.details.get("sheet") not in template.names_aside()]

    def settle(self):
        rules = self.rules_for(self.reader.columns)
        self.staging.settle(lambda rows: judge(rows, rules))

    def walk(self):
        return PastWalk(self)


def _rules(headings, columns, users, today):
    return PastRules(headings=headings, columns=columns, colleagues=Colleagues(users), today=today)


def judge(rows, rules):
    """Which workplace each of some `PastRow`s means: `(workplace id, company id, remarks)`, no ids if it is rejected."""
    numbers = {number for row in rows for some in row.doubts.values() for number in some}
    known = cpr.known_p_numbers(numbers) if numbers else set()
    places = Places(row.given for row in rows)
    return [_judge_one(row, rules, known, places) for row in rows]


def _judge_one(row, rules, known_p_numbers, places):
    refused = [
        Note(True, "maybe_cpr_refused", column, numbers[0])
        for column, numbers in row.doubts.items()
        if not known_p_numbers.issuperset(numbers)
    ]
    place, reason, details = places.match(row.given)
    if place is None or refused:
        if place is None:
            # Of several it is the P-number that is missing: the CVR number is right as it is.
            is_unsaid = reason == "several_places" and "p_number" in rules.columns
            column = "p_number" if row.given.p_number or is_unsaid else "cvr"
            refused.append(Note(True, reason, column, getattr(row.given, column) or "", details))
        return None, None, rules.remarks(row, refused)
    warned = rules.remarks(row, [Note(False, reason, "cvr", row.given.cvr, details)]) if reason else []
    return place["id"], place["company_id"], warned


def check_row(register_import, cells, today):
    """What the rules say of one row of an import, its cells in the order of the import's headings."""
    row, rules = _row_of(register_import, cells, User.objects.all(), today)
    clean, remarks = rules.clean(row)
    if clean:
        remarks = [*remarks, *judge([clean], rules)[0][2]]
    return remarks


def possible_places(register_import, cells, today):
    """The workplaces that one row of an import can mean, where they are several: `[(P-number, in words)]`."""
    row, rules = _row_of(register_import, cells, [], today)
    given = rules.given(row)
    found = Workplace.objects.filter(pk__in=Places([given]).possible(given)).exclude(p_number=None)
    return [(place.p_number, _place_in_words(place)) for place in found.order_by("sort_name", "pk")]


def _place_in_words(place):
    return ", ".join(filter(None, (place.name, place.address, _("P-number %(number)s") % {"number": place.p_number})))


def _row_of(register_import, cells, users, today):
    """The row that the cells make, and the rules for it."""
    headings, mapping = register_import.headings, mappings.fold(register_import.mapping)
    table = Table(PAST, mapping, headings, PAST.understand(headings, mapping))
    row = table.row(1, cells)
    return row, _rules(headings, row.columns or table.columns, users, today)
