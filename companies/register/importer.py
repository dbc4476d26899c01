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
from datetime import date
from functools import cached_property

from django.db import IntegrityError, OperationalError, connection, reset_queries, transaction

from companies.models import Company, RegisterChange, RegisterImport, Workplace
from companies.models.register import Derived
from companies.register import mappings, news, words
from companies.register.changes import CEASED, CHANGED, COMPANY_FACTS, NEW, PLACE_FACTS, UNCHANGED, plan
from companies.register.headings import REGISTER
from companies.register.known import Known
from companies.register.matching import match, match_of_merged
from companies.register.readers import Unusable, open_file
from companies.register.readers.files import Table
from companies.register.rows import AT, Remark, Rules
from companies.register.staging import Staging

BATCH = 1000
# Where few rows change, so many batches are looked through as one: writing ten rows costs little more than beginning to.
AT_ONCE = 5
LOOKED_UP = 200
# A file has one or a few sets of columns; one made to have thousands only costs time.
RULES_KEPT = 500
# Two imports at once may want to make the same company; the one that comes second looks again.
ATTEMPTS = 5
# So many rows of each kind, and of each field, are kept to be looked at before the file is taken in.
SAMPLE = 10
OUTCOMES = (NEW, CHANGED, CEASED, UNCHANGED)

_PLACE_COLUMNS = ["id", *PLACE_FACTS, "address_key", "tier", "merged_into_id", "register_date"]
_COMPANY_COLUMNS = ["id", "cvr_number", *COMPANY_FACTS, "merged_into_id"]
_PLACE_WRITES = [*Derived._fields, "register_date"]


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


class Walk:
    """Goes over the companies of a file, a batch at a time: plans it, and writes the plan where that is wanted.

    `outcomes` are what a row can come to.
    """

    outcomes = OUTCOMES

    def __init__(self, reading):
        self.reading = reading
        self._staging, self._known, self._today = reading.staging, reading.known, reading.today

    def count(self, plans, tally):
        """Add how many rows came to what."""
        for one in plans:
            for outcome in one.outcomes:
                tally[outcome.kind] += 1

    def remark(self, plans):
        """Keep what the register made doubtful about a row."""
        for one in plans:
            for outcome in one.outcomes:
                if outcome.reason:
                    self._staging.remark(Remark(outcome.row.line, "warning", "", "", outcome.reason, {}, []))

    def sample(self, plans, sample):
        for one in plans:
            sample.ends += sum(day is not None and not place["merged_into_id"] for place, day in one.swept)
            sample.ends += sum(_ends(outcome) for outcome in one.outcomes)
            sample.new_ceased += sum(
                outcome.kind == NEW and bool(outcome.changes.get("ceased_on")) for outcome in one.outcomes
            )
            for outcome in one.outcomes:
                if outcome.kind != UNCHANGED:
                    self._sample(one, outcome, sample)

    def plans(self, batch):
        """What the rows of the batch come to, company by company, as the register is now."""
        wanted = [cvr for cvr, _rows in batch]
        known = _looked_up(Company.everything.values(*_COMPANY_COLUMNS), "cvr_number", wanted)
        companies = {company["cvr_number"]: company for company in known}
        homes = self._homes(companies)
        places, merged, by_p_number = self._places(batch, companies, homes)
        elsewhere = self._claimed_elsewhere(batch, companies, places)
        # Workplaces that a row of this batch means, where rows of two companies that are one may mean the same.
        taken = set()
        plans = []
        for cvr, rows in batch:
            company = companies.get(cvr)
            home = homes.get(company["merged_into_id"]) if company else None
            own, kin, gone = [], [], ()
            if home:
                without = [place for place in places.get(home["id"], ()) if place["id"] not in taken]
                matches = match_of_merged(rows, without, by_p_number)
            else:
                if company:
                    apart = elsewhere | taken
                    here, gone = places.get(company["id"], ()), merged.get(company["id"], ())
                    own = [place for place in here if place["id"] not in apart]
                    kin = [place for place in here if place["id"] in apart] + list(gone)
                matches = match(rows, own, by_p_number, merged=gone)
            if homes:
                taken |= {found.place["id"] for found in matches if isinstance(found.place, dict)}
            known, today = self._known, self._today
            plans.append(plan(cvr, rows, matches, company, own, known=known, today=today, home=home, kin=kin))
        return plans

    def _homes(self, companies):
        """The companies that some of the batch were merged into, by id: theirs are the workplaces of those."""
        wanted = {company["merged_into_id"] for company in companies.values()} - {None}
        found = {company["id"]: company for company in companies.values() if company["id"] in wanted}
        missing = Company.everything.values(*_COMPANY_COLUMNS)
        return found | {company["id"]: company for company in _looked_up(missing, "id", sorted(wanted - set(found)))}

    def _places(self, batch, companies, homes):
        """The workplaces that the batch may mean: `{company id: [facts]}`, the same of merged ones, `{P-number: facts}`."""
        names = {company["id"]: company["name"] for company in (*companies.values(), *homes.values())}
        places, merged, by_p_number = {}, {}, {}
        for place in _looked_up(Workplace.everything.values(*_PLACE_COLUMNS), "company_id", list(names)):
            place["company__name"] = names[place["company_id"]]
            (merged if place["merged_into_id"] else places).setdefault(place["company_id"], []).append(place)
            if place["p_number"]:
                by_p_number[place["p_number"]] = place
        rows = (row for _cvr, rows in batch for row in rows)
        missing = [row.p_number for row in rows if row.p_number and row.p_number not in by_p_number]
        elsewhere = Workplace.everything.values(*_PLACE_COLUMNS, "company__name")
        by_p_number |= {place["p_number"]: place for place in _looked_up(elsewhere, "p_number", missing)}
        return places, merged, by_p_number

    def _claimed_elsewhere(self, batch, companies, places):
        """The ids of workplaces that the file gives to another company than the register does."""
        listed = {row.p_number: cvr for cvr, rows in batch for row in rows if row.p_number}
        asked = {}
        for cvr, company in companies.items():
            for place in places.get(company["id"], ()):
                if place["p_number"] and listed.get(place["p_number"]) != cvr:
                    asked[place["p_number"]] = cvr, place["id"]
        if not asked:
            return set()
        claims = self._staging.companies_of(asked)
        return {place for number, (cvr, place) in asked.items() if claims.get(number, cvr) != cvr}

    # Writing.

    def write(self, plans, register_import):
        """Write the plans; the trail says that `register_import` did it.

        Of a refresh nearly all plans change nothing, and an object made of each would cost as much as the rest.
        """
        plans = [one for one in plans if one.company is None or one.company_facts or one.swept or _has_changes(one)]
        companies = self._write_companies(plans)
        fresh, known, trail = [], [], []
        for one in plans:
            company = companies[one.cvr]
            for outcome in one.outcomes:
                if outcome.makes_place:
                    fresh.append(self._workplace(company, {}, outcome.changes, outcome.row))
                elif outcome.place and outcome.changes:
                    known.append(self._workplace(company, outcome.place, outcome.changes, outcome.row))
            known += [self._workplace(company, place, {"ceased_on": day}) for place, day in one.swept]
            known += [self._workplace(company, place, {}) for place in _renamed(one)]
            trail += self._trail(one, register_import)
        written = {workplace.id for workplace in known}
        for one in plans:
            if one.kin and "name" in one.company_facts:
                kin = [place for place in one.kin if place["id"] not in written]
                known += [self._workplace(companies[one.cvr], place, {}) for place in kin]
        Workplace.objects.bulk_create(fresh, BATCH)
        _upsert(Workplace, known, PLACE_FACTS + _PLACE_WRITES)
        RegisterChange.objects.bulk_create(trail, BATCH)

    def _write_companies(self, plans):
        """`{cvr: the company as it is now}` for the batch, the new ones made and the changed ones changed.

        Of one that was merged it is the company it was merged into: its workplaces are there.
        """
        fresh = [Company(cvr_number=one.cvr, **one.company_facts) for one in plans if one.company is None]
        Company.objects.bulk_create(fresh, BATCH)
        now = {company.cvr_number: company for company in fresh}
        changed = []
        for one in plans:
            if one.company is not None:
                company = now[one.cvr] = Company(**(one.company | one.company_facts))
                if one.company_facts:
                    changed.append(company)
        _upsert(Company, changed, COMPANY_FACTS)
        by_id = {company.pk: company for company in now.values()}
        homes = {one.cvr: one.home for one in plans if one.home}
        return now | {cvr: by_id.get(home["id"]) or Company(**home) for cvr, home in homes.items()}

    def _workplace(self, company, place, changes, row=None):
        """The workplace as it is to be; of a known one only the register's columns are right, and only they are written."""
        facts = {column: place[column] for column in PLACE_FACTS} if place else {}
        facts |= changes
        facts["company_id"] = company.pk
        told = row.facts[AT["register_date"]] if row else ...
        seen_on = self._today if told is ... else date.fromisoformat(told)
        if row is None:
            # Nothing was told of the place itself.
            seen_on = place["register_date"]
        workplace = Workplace(
            id=place.get("id"),
            # Only so that the disguised insert does not look like a second workplace at an address.
            merged_into_id=place.get("merged_into_id"),
            register_date=seen_on,
            **facts,
        )
        # Its company is known, so that nothing is asked for it.
        workplace.company = company
        workplace.derive()
        return workplace

    def _trail(self, one, register_import):
        """The changes to keep, one for each workplace; what is only about the company goes with its first workplace.

        Nobody reads on about a workplace that was merged into another.
        """
        changes = {}

        def add(place, kind, told):
            before, after = told
            change = changes.get(place["id"])
            if change is None:
                changes[place["id"]] = RegisterChange(
                    register_import=register_import, workplace_id=place["id"], kind=kind, before=before, after=after
                )
            else:
                change.before, change.after = before | change.before, after | change.after
                change.kind = CEASED if CEASED in (kind, change.kind) else kind

        for outcome in one.outcomes:
            place = outcome.place or (one.places[0] if one.places else None)
            if outcome.kind in (CHANGED, CEASED) and place and not place["merged_into_id"]:
                kind = CEASED if outcome.kind == CEASED else CHANGED
                add(place, kind, self._told(one, outcome))
        for place, day in one.swept:
            if place["merged_into_id"]:
                continue
            told = words.trail(place, {"ceased_on": day}, None, {}, self._known, company_names=None)
            add(place, CEASED if day else CHANGED, told)
        return [news.mark(change) for change in changes.values()]

    def _told(self, one, outcome):
        name = one.home["name"] if one.home else one.company_facts.get("name") or (one.company and one.company["name"])
        before = outcome.place and outcome.place["company__name"]
        return words.trail(
            outcome.place,
            outcome.changes,
            one.company,
            outcome.company_changes,
            self._known,
            company_names=(before, name),
        )

    # Looking.

    def _sample(self, one, outcome, sample):
        row, place = outcome.row, outcome.place
        told = ({}, {})
        if outcome.kind != NEW:
            told = self._told(one, outcome)
        fields = words.groups_of(told[1]) if outcome.kind == CHANGED else ()

        def entry():
            shown = place or (one.places[0] if one.places and outcome.kind != NEW else {})
            return {
                "line": row.line,
                "workplace": shown.get("id"),
                "tier": shown.get("tier"),
                "name": shown.get("name") or row.facts[AT["name"]],
                "p_number": row.p_number,
                "cvr": one.cvr,
                "before": told[0],
                "after": told[1] if outcome.kind != NEW else self._new_facts(outcome),
            }

        sample.add(outcome.kind, entry, fields)

    def _new_facts(self, outcome):
        nothing = dict.fromkeys(PLACE_FACTS)
        _before, after = words.trail(nothing, outcome.changes, None, {}, self._known, company_names=None)
        return {column: value for column, value in after.items() if value is not None}


def _looked_up(rows, column, values):
    """The rows with one of these values; asked for in pieces, because a long list has PostgreSQL read the whole table."""
    for first in range(0, len(values), LOOKED_UP):
        yield from rows.filter(**{f"{column}__in": values[first : first + LOOKED_UP]})


def _has_changes(one):
    return any(outcome.makes_place or outcome.changes for outcome in one.outcomes)


def _ends(outcome):
    """Whether a workplace that was active has a last day from then on."""
    return bool(outcome.place and outcome.place["ceased_on"] is None and outcome.changes.get("ceased_on"))


def _renamed(one):
    """The workplaces that are searched by their company's name, and that no row changes."""
    if one.company is None or "name" not in one.company_facts:
        return []
    written = {outcome.place["id"] for outcome in one.outcomes if outcome.place and outcome.changes}
    written |= {place["id"] for place, _day in one.swept}
    return [place for place in one.places if place["id"] not in written]


def _upsert(model, rows, columns):
    """Write these columns of rows that exist, and no others; the insert that it is disguised as never happens."""
    if rows:
        names = [model._meta.get_field(column).name for column in columns]
        model.objects.bulk_create(rows, BATCH, update_conflicts=True, unique_fields=["id"], update_fields=names)
