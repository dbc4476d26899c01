"""The walk over the companies of a register file: what each row comes to as the register is now, and writing it."""

from datetime import date

from companies.models import Company, RegisterChange, Workplace
from companies.models.register import Derived
from companies.register import news, words
from companies.register.changes import CEASED, CHANGED, COMPANY_FACTS, NEW, PLACE_FACTS, UNCHANGED, plan
from companies.register.matching import match, match_of_merged
from companies.register.rows import AT, Remark

BATCH = 1000
LOOKED_UP = 200
OUTCOMES = (NEW, CHANGED, CEASED, UNCHANGED)

_PLACE_COLUMNS = ["id", *PLACE_FACTS, "address_key", "tier", "merged_into_id", "register_date"]
_COMPANY_COLUMNS = ["id", "cvr_number", *COMPANY_FACTS, "merged_into_id"]
_PLACE_WRITES = [*Derived._fields, "register_date"]


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
