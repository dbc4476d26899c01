"""The import: a file is read to its end, compared with the register, and, when somebody says so, taken in.

Reading finds all that can be told from the file alone. Comparing and taking in are one walk over the
companies of the file, in batches: the first writes nothing, the second writes each batch in one
transaction together with how far it has come, so that an import that dies leaves whole batches and goes on
behind the last of them. Only register facts are written, never what people have said (`OWN_FACTS`).
"""

import random
import time
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property

from django.db import IntegrityError, OperationalError, connection, reset_queries, transaction

from companies.models import Company, RegisterImport, Workplace
from companies.register import mappings
from companies.register.changes import NEW, UNCHANGED
from companies.register.headings import REGISTER
from companies.register.known import Known
from companies.register.readers import Unusable, open_file
from companies.register.readers.files import Table
from companies.register.rows import Remark, Rules
from companies.register.staging import Staging
from companies.register.walk import BATCH, OUTCOMES, Walk

# Where few rows change, so many batches are looked through as one: writing ten rows costs little more than beginning to.
AT_ONCE = 5
# A file has one or a few sets of columns; one made to have thousands only costs time.
RULES_KEPT = 500
# Two imports at once may want to make the same company; the one that comes second looks again.
ATTEMPTS = 5
# So many rows of each kind, and of each field, are kept to be looked at before the file is taken in.
SAMPLE = 10


class Quietly:
    """Stands in for a job's progress where nobody watches: a command, a test."""

    def __call__(self, done=None, total=None, counts=None):
        pass

    def saving(self):
        return transaction.atomic()

    def beating(self):
        return nullcontext()


@dataclass
class Counts:
    """How many rows came to what; they add up to `read`."""

    read: int = 0
    new: int = 0
    changed: int = 0
    ceased: int = 0
    unchanged: int = 0
    repeated: int = 0
    rejected: int = 0
    warned: int = 0

    @property
    def taken(self):
        """The rows that change something."""
        return self.new + self.changed + self.ceased


class Reading:
    """A file that was read to its end: its clean rows in the order of their companies, and what was wrong.

    `mapping` is what a person has said of its columns, `answers` of the whole file. Raises `Unusable` when it is made. Close it, or use it in a `with` block.
    Other kinds of files have a layout, rules, a staging and a walk of their own.
    """

    layout = REGISTER
    make_staging = Staging

    def __init__(self, path, *, today, mapping=None, answers=None, progress=None):
        progress = progress or Quietly()
        self.today, self.answers = today, answers or {}
        self.reader = open_file(path, layout=self.layout, mapping=mapping)
        self.staging = self.make_staging()
        try:
            self._read(progress)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        self.staging.close()

    def _read(self, progress):
        self._rules = {}
        rules = self.rules_for(self.reader.columns)
        self.rows_read = 0
        for row in self.reader.rows():
            self.rows_read += 1
            clean, remarks = (self.rules_for(row.columns) if row.columns else rules).clean(row)
            if clean:
                self.staging.add(clean)
            for remark in remarks:
                self.staging.remark(remark)
            if self.rows_read % BATCH == 0:
                progress(done=self.rows_read)
        if not self.rows_read:
            raise Unusable("no_rows")
        for told in self.left_out():
            self.staging.remark(Remark(told.line, "warning", "", "", told.reason, told.details, []))
        self.settle()

    @cached_property
    def known(self):
        return Known()

    def make_rules(self, columns):
        return Rules(headings=self.reader.headings, columns=columns, known=self.known, today=self.today)

    def left_out(self):
        """The sheets that were not read, as far as that is worth a word."""
        return self.reader.left_out

    def settle(self):
        """Find what can only be told when all rows are read."""
        columns, headings = self.reader.columns, self.reader.headings
        p_heading = headings[columns["p_number"]] if "p_number" in columns else ""
        self.staging.settle(p_heading, self._raw_of)

    def walk(self):
        """What goes over the clean rows, plans and writes."""
        return Walk(self)

    def _raw_of(self, lines):
        """The rows of those lines once more, as they may be kept; the file is read again for it."""
        rows = (row for row in self.reader.rows() if row.line in lines)
        return ((row.line, self.rules_for(row.columns or self.reader.columns).raw(row)) for row in rows)

    def rules_for(self, columns):
        """The rules for rows with these columns: not all rows of a file need have the same."""
        key = tuple(columns.items())
        rules = self._rules.get(key)
        if rules is None:
            rules = self.make_rules(columns)
            if len(self._rules) < RULES_KEPT:
                self._rules[key] = rules
        return rules

    @property
    def ignored_headings(self):
        return self.reader.unused

    def counts(self, tally):
        """The `Counts`, from a tally of what the taken rows came to."""
        count = self.staging.count
        outcomes = {kind: tally.get(kind, 0) for kind in OUTCOMES}
        return Counts(
            read=self.rows_read,
            repeated=count("repeated"),
            rejected=count("rejected"),
            warned=count("warning"),
            **outcomes,
        )


class KnownReading(Reading):
    """A file whose rows are about workplaces that are known already: whether a row is rejected depends on the register."""

    def counts(self, tally):
        """As for every file; what was not taken and is no repetition was rejected, if it is rejected now, or had nothing to tell.

        Whether a row is rejected depends on the register, which may have changed since a run that died.
        """
        counts = super().counts(tally)
        left = counts.read - counts.taken - counts.unchanged - counts.repeated
        counts.unchanged += max(left - counts.rejected, 0)
        counts.rejected = min(left, counts.rejected)
        if counts.rejected < 0:
            # Rows that a run which died had taken, and that came again since their company was merged into another.
            counts.unchanged = max(counts.unchanged + counts.rejected, 0)
            counts.rejected = max(counts.read - counts.taken - counts.unchanged - counts.repeated, 0)
            counts.read = max(counts.read, counts.taken + counts.unchanged + counts.repeated)
        return counts


def check_row(register_import, cells, today):
    """What the rules say of one row of an import, its cells in the order of the import's headings."""
    headings, mapping = register_import.headings, mappings.fold(register_import.mapping)
    table = Table(REGISTER, mapping, headings, REGISTER.understand(headings, mapping))
    row = table.row(1, cells)
    rules = Rules(headings=headings, columns=row.columns or table.columns, known=Known(), today=today)
    _clean, remarks = rules.clean(row)
    return remarks


class Sample:
    """A few of the rows that change something, picked by chance but the same each time for the same file."""

    def __init__(self, seed):
        self._random = random.Random(seed)
        self._seen = {}
        self._kept = {}
        # How many workplaces would end, those without a row of their own among them; and how many that are new have ended.
        self.ends = 0
        self.new_ceased = 0

    def add(self, kind, make, fields=()):
        """Count a row of that kind; `make` is called for what the page shows, if it is picked."""
        entry = None
        for name in (kind, *(f"field:{field}" for field in fields)):
            seen = self._seen[name] = self._seen.get(name, 0) + 1
            kept = self._kept.setdefault(name, [])
            place = len(kept) if len(kept) < SAMPLE else self._random.randrange(seen)
            if place < SAMPLE:
                entry = entry or make()
                kept[place : place + 1] = [entry]

    def as_json(self):
        fields = {name.removeprefix("field:"): n for name, n in self._seen.items() if name.startswith("field:")}
        return {"rows": self._kept, "fields": fields, "ends": self.ends, "new_ceased": self.new_ceased}


def compare(reading, progress=None):
    """What taking the file in would do: `(Counts, Sample)`. Writes nothing."""
    progress = progress or Quietly()
    walk = reading.walk()
    sample = Sample(reading.reader.sha256)
    tally = dict.fromkeys(walk.outcomes, 0)
    for batch in batches(reading):
        plans = walk.plans(batch)
        walk.count(plans, tally)
        walk.remark(plans)
        walk.sample(plans, sample)
        progress(done=sum(tally.values()), total=reading.staging.rows, counts=tally)
        reset_queries()
    return reading.counts(tally), sample


def take_in(reading, register_import, progress=None):
    """Write what the file tells into the register, from where `register_import` has come to; returns the `Counts`.

    Each batch is written in one transaction, with how far it is. Harmless when run again.
    """
    progress = progress or Quietly()
    walk = reading.walk()
    pace = Pace(register_import.tally)
    for batch in batches(reading, after=register_import.reached, pace=pace):
        walk.remark(take_in_batch(walk, batch, register_import, progress))
        pace.learn(register_import.tally)
        reset_queries()  # with DEBUG, Django keeps the last 9,000 statements, of some 100 kB each
    if register_import.tally.get(NEW, 0) >= BATCH:
        _tell_the_planner()
    return reading.counts(register_import.tally)


def _tell_the_planner():
    """After many new rows PostgreSQL plans as if there were none, until its own housekeeping comes by."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {Company._meta.db_table}, {Workplace._meta.db_table}")


def _do_not_wait_for_the_disk():
    """Let the transaction's end return before it is on the disk, where the database can.

    What a crash of the server may then lose are the last batches, together with how far the import says it is: it goes on
    from there. The transaction that ends the import waits, and for all before it.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO OFF")


def take_in_batch(walk, batch, register_import, progress, reached=None):
    """Write the batch, and with it that the import has come to its end, or to where `reached` says; returns the plans."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with progress.saving():
                _do_not_wait_for_the_disk()
                plans = walk.plans(batch)
                walk.write(plans, register_import)
                tally = dict.fromkeys(walk.outcomes, 0) | register_import.tally
                walk.count(plans, tally)
                reached = reached or batch[-1][0]
                RegisterImport.objects.filter(pk=register_import.pk).update(reached=reached, tally=tally)
                progress(done=sum(tally.values()), total=walk.reading.staging.rows, counts=tally)
        except (IntegrityError, OperationalError):
            if attempt == ATTEMPTS or connection.in_atomic_block or not connection.is_usable():
                raise
            time.sleep(0.1 * attempt)
        else:
            register_import.reached, register_import.tally = reached, tally
            return plans


class Pace:
    """How many rows make a batch: `AT_ONCE` times as many after one in which so few changed that they still make one."""

    def __init__(self, tally):
        self.rows, self._tally = BATCH, dict(tally)

    def learn(self, tally):
        came = {kind: number - self._tally.get(kind, 0) for kind, number in tally.items()}
        changed = sum(came.values()) - came[UNCHANGED]
        self.rows = BATCH * AT_ONCE if changed * AT_ONCE <= sum(came.values()) else BATCH
        self._tally = dict(tally)


def batches(reading, after="", pace=None):
    """Lists of `(cvr, rows)` with some `BATCH` rows each, or as `pace` says; a company is never divided."""
    batch, held = [], 0
    for cvr, rows in reading.staging.companies(after):
        if held and held + len(rows) > (pace.rows if pace else BATCH):
            yield batch
            batch, held = [], 0
        batch.append((cvr, rows))
        held += len(rows)
    if batch:
        yield batch
