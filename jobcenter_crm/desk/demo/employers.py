"""The employers of the demo as a register would tell of them: companies and their places of work."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from companies.models import Branch, Company, Workplace
from companies.register.rows import SOURCES
from jobcenter_crm.desk.demo import places, trades
from jobcenter_crm.desk.demo.calendar import moment, working_day
from jobcenter_crm.desk.demo.names import FAMILIES, full_name
from jobcenter_crm.desk.demo.numbers import cvr_numbers, p_numbers, phone_number
from jobcenter_crm.desk.demo.trades import DISCOUNT, PUBLIC, TRADES, Trade
from jobcenter_crm.frame.danish import search_key
from jobcenter_crm.staff.models import User

SUFFIXES = {"80": " ApS", "60": " A/S", "30": " I/S", "140": " A.m.b.a."}
PERSONAL = {"10", "30"}
# Branches whose places are run by an association, and those run by a cooperative.
ASSOCIATIONS = {"931200", "949900", "852010", "889130"}
COOPERATIVES = {"353000"}
# What another place of work of a company is called, by the kind of work; elsewhere after its town.
PARTS = {
    "site": ("Lager", "Værksted", "Kontor"),
    "workshop": ("Lager", "Montage", "Kontor"),
    "factory": ("Lager", "Fabrik 2", "Kontor"),
    "stock": ("Terminal", "Kontor"),
    "garage": ("Dækhotel", "Klargøring"),
    "transport": ("Terminal", "Garage"),
    "kitchen": ("Køkken", "Terrassen"),
    "cleaning": ("Vaskeri", "Kontor"),
    "green": ("Maskinhus", "Gårdbutik"),
}
# DB25 took over from DB07 on this day; what had ceased before keeps its old code.
NEW_CODES = date(2025, 1, 1)
INTERVALS = ((0, 0), (1, 1), (2, 4), (5, 9), (10, 19), (20, 49), (50, 99), (100, 199), (200, 499), (500, 999))


@dataclass
class Place:
    """A workplace with what the register does not say: its trade, how big it is, who is known there."""

    workplace: Workplace
    trade: Trade
    size: int
    town: places.Town
    people: list = field(default_factory=list)
    named_after: str = ""  # the owner, or their family
    consultant: User | None = None  # who talks with them; the owner, where they have one
    is_showcase: bool = False

    @property
    def is_active(self):
        return self.workplace.ceased_on is None


class Registry:
    """Makes companies and workplaces, each with numbers and a name of its own. `today` is the demo's day."""

    def __init__(self, rng, today):
        self.rng, self.today = rng, today
        self.register_date = working_day(today - timedelta(days=3), step=-1)
        counted_in = self.register_date.year * 4 + (self.register_date.month - 1) // 3 - 1
        self.quarter = f"{counted_in // 4} K{counted_in % 4 + 1}"
        self.begun_at = moment(working_day(today - timedelta(days=410)), time(9, 30))
        self.cvr_numbers, self.p_numbers = cvr_numbers(rng), p_numbers(rng)
        self.branches = {(branch.scheme, branch.code): branch for branch in Branch.objects.filter(level=4)}
        self.companies, self.places = [], []
        self._names, self._houses = set(), set()

    def company(self, name, form, *, started_on=None, protected=None):
        """A new company; `name` is without the suffix of its form."""
        company = Company(
            cvr_number=next(self.cvr_numbers),
            name=name + SUFFIXES.get(form, ""),
            form_id=form,
            status="NORMAL" if form in ("60", "80") else "AKTIV",
            advertising_protected=self.rng.random() < 0.4 if protected is None else protected,
            started_on=started_on or self.today - timedelta(days=int(self.rng.triangular(60, 14_000, 3_000))),
        )
        self.companies.append(company)
        return company

    def place(self, company, trade, town, *, name="", street="", size=None, named_after="", phone=None, p_number=True):
        """A new workplace of `company`; what is not given is made up."""
        rng = self.rng
        size = trades.employees(rng, trade.sizes) if size is None else size
        least, most = self._counted(size)
        workplace = Workplace(
            company=company,
            p_number=next(self.p_numbers) if p_number else None,
            name=name or company.name,
            street=street or self._street(town),
            postcode=town.postcode,
            town=town.name,
            municipality_id=town.municipality,
            branch=self.branches[Branch.Scheme.DB25, trade.code],
            employees_min=least,
            employees_max=most,
            employees_period=self.quarter,
            employees_source=SOURCES["quarter"],
            phone=phone_number(rng) if phone is None and rng.random() < 0.72 else phone or "",
            sector=Workplace.Sector.PUBLIC if company.form_id == "250" else Workplace.Sector.PRIVATE,
            advertising_protected=company.advertising_protected,
            started_on=company.started_on,
            register_date=self.register_date,
        )
        if least is None:
            workplace.employees_period = workplace.employees_source = ""
        if rng.random() < 0.45 or company.form_id == "250":
            workplace.email = f"{'info' if company.form_id != '250' else _slug(workplace.name)}@{_domain(company)}"
        place = Place(workplace, trade, size, town, named_after=named_after)
        self.places.append(place)
        return place

    def _counted(self, size):
        """The count as the register has it: exact, an interval, or nothing."""
        chance = self.rng.random()
        if chance < 0.06:
            return None, None
        if chance < 0.55:
            return size, size
        return next(((low, high) for low, high in INTERVALS if size <= high), (1000, None))

    def _street(self, town):
        """A street and number where nobody is yet."""
        for _attempt in range(50):
            number = self.rng.choice((self.rng.randint(1, 60), self.rng.randint(1, 140)))
            street = f"{self.rng.choice(town.streets)} {number}{self.rng.choice(('', '', '', '', '', ' A', ' B'))}"
            if (town.name, street) not in self._houses:
                break
        self._houses.add((town.name, street))
        return street

    def private(self, size_of_group=1):
        """A private company with so many workplaces."""
        rng = self.rng
        trade = rng.choices(TRADES, [trade.weight for trade in TRADES])[0]
        town = rng.choices(places.TOWNS, [town.weight for town in places.TOWNS])[0]
        form = self._form(trade, size_of_group)
        name, named_after = self._name(trade, town)
        company = self.company(name, form)
        head = self.place(company, trade, town, named_after=named_after, p_number=rng.random() > 0.02)
        if form == "10":
            head.size = min(head.size, 12)
            head.workplace.employees_min, head.workplace.employees_max = self._counted(head.size)
        parts = [*PARTS.get(trade.kind, ()), *(other.name for other in places.TOWNS if other is not town)]
        for part in rng.sample(parts, k=min(size_of_group - 1, len(parts))):
            other = places.BY_NAME.get(part) or rng.choice(places.TOWNS)
            self.place(company, trade, other, name=company.name if rng.random() < 0.2 else f"{name}, {part}")
        return head

    def _form(self, trade, size_of_group):
        if trade.code in ASSOCIATIONS:
            return "110"
        if trade.code in COOPERATIVES:
            return "140"
        if size_of_group == 1 and self.rng.random() * 100 < trade.personal:
            return self.rng.choices(("10", "30"), (85, 15))[0]
        return self.rng.choices(("80", "60"), (95, 5) if trade.sizes in (trades.TINY, trades.SMALL) else (62, 38))[0]

    def _name(self, trade, town):
        """A name that no other company has, as far as the trade has enough of them, and the owner's in it."""
        for attempt in range(30):
            family, other = self.rng.sample(FAMILIES, 2)
            whole = full_name(self.rng, family)
            name = self.rng.choice(trade.names).format(
                s=family,
                t=other,
                f=whole,
                town=town.name,
                genitive=trades.genitive(town.name),
                w=self.rng.choice(trade.words or ("",)),
            )
            if name in self._names and attempt > 8:
                name = f"{name} {town.name}" if town.name not in name else f"{name} {family}"
            if name not in self._names:
                break
        self._names.add(name)
        return name, next((owner for owner in (whole, family) if owner in name), "")

    def municipality(self, count):
        """The municipality as an employer, with `count` places of work."""
        company = self.company("Lindevig Kommune", "250", started_on=date(2007, 1, 1), protected=False)
        names = []
        for trade in PUBLIC:
            for pattern in trade.names:
                for town in places.TOWNS[:5] if "{town}" in pattern else places.TOWNS[:1]:
                    names += [(trade, town, pattern.format(town=town.name, w=word)) for word in trade.words or ("",)]
        known, listed = set(), []
        for trade, town, name in names:
            if name not in known:
                known.add(name)
                listed.append((trade, town, name))
        self.rng.shuffle(listed)
        for at in range(count):
            trade, town, name = listed[at % len(listed)]
            if at >= len(listed):
                name = f"{name}, afdeling {at // len(listed) + 1}"
            if "{town}" not in "".join(trade.names):
                town = self.rng.choices(places.TOWNS[:5], [town.weight for town in places.TOWNS[:5]])[0]
            self.place(company, trade, town, name=name, phone=phone_number(self.rng))
        return company

    def chain(self, count):
        """A chain of discount shops with `count` of them."""
        company = self.company("Nærkøb", "60", started_on=date(1994, 4, 1), protected=True)
        towns = [places.TOWNS[at % len(places.TOWNS)] for at in range(count)]
        for at, town in enumerate(towns):
            street = self._street(town)
            name = f"Nærkøb {town.name}" if at < len(places.TOWNS) else f"Nærkøb {street.split(' ')[0]}"
            self.place(company, DISCOUNT, town, name=name, street=street, size=self.rng.randint(9, 34))
        return company

    def wear(self, share=0.018):
        """Let some places cease, and leave some without a branch, as real registers do."""
        for place in self.places:
            workplace, chance = place.workplace, self.rng.random()
            if place.is_showcase or workplace.company.form_id == "250":
                continue
            if chance < share:
                workplace.ceased_on = self.today - timedelta(days=self.rng.randint(20, 900))
                old = self.branches.get((Branch.Scheme.DB07, place.trade.code))
                if workplace.ceased_on < NEW_CODES and old:
                    workplace.branch = old
            elif chance < share + 0.015:
                workplace.branch = None
        last_days = {}
        for place in self.places:
            last_days.setdefault(id(place.workplace.company), []).append(place.workplace.ceased_on)
        for company in self.companies:
            days = last_days[id(company)]
            if all(days):
                company.ceased_on, company.status = max(days), "OPHØRT"


def _slug(name):
    return search_key(name).replace(" ", "-")


def _domain(company):
    name = company.name.removesuffix(SUFFIXES.get(company.form_id, ""))
    return f"{_slug(name)}.example"
