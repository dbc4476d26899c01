"""An invented municipality of any size: a register, and three years of work with it in the proportions of a large one.

To 300,000 workplaces belong 1,000,000 contacts, 200 colleagues in 20 teams, 150,000 workplaces in a group, 120,000
people, 100,000 follow-ups, 3,000 agreements, 12,000 slots and 100,000 placements. A smaller one has as much less of all
but colleagues. Written by bulk, with today's derived columns, and without the history that hand-made changes would have left.
"""

import random
import uuid
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from itertools import count, islice

from bench.scratch import told_by
from bench.timing import seconds

TEAMS, TEAM_SIZE = 20, 10
PASSWORD = "only-for-measuring-2026"
YEARS_BACK = 3 * 365
BATCH = 1000
# Of a thousand workplaces in each group, None for those in none; and how many contacts one of them has had.
GROUPS = {1: 5, 2: 25, 3: 120, 4: 350, None: 500}
CONTACTS = {1: 40, 2: 25, 3: 12, 4: 3, None: 0}
PEOPLE = {1: 3, 2: 2, 3: 1, 4: 0.45, None: 0}
SIZES = [(None, None), (1, 1), (2, 4), (5, 9), (12, 12), (20, 49), (143, 143)]
TASKS = ["Oprydning på lageret", "Hjælp i køkkenet", "Let montage", "Pakning og kørsel", "Rengøring", "Grønne områder"]
PURPOSES = ["Fortælle om vores ydelser", "Aftale en plads", "Følge op på aftalen", "Høre om behov for folk"]
NAMES = ["Anna", "Bo", "Ditte", "Emil", "Freja", "Hassan", "Ida", "Jens", "Kirsten", "Lars", "Mona", "Niels", "Åse"]


def build(rows, today):
    """Write all of it into an empty, migrated database; `today` is the day it is seen on."""
    city = _City(rows, today)
    with _as_written():
        city.staff()
        city.register()
        city.agreements()
        city.slots()
        city.contact_plans()
    return city


def settle():
    """What a database that has been in use has long since done by itself, and the clock in the morning."""
    from django.db import connection
    from django.utils import timezone

    from jobcenter_crm.desk.dashboard import kept

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    kept.keep(timezone.localdate(), timezone.now())


@contextmanager
def _as_written():
    """Let `created_at` keep the moment it is given; by itself it says "now" for every new row."""
    from contacts.models import FollowUp, Interaction, Person
    from partnerships.models import Agreement
    from placements.models import Placement, Slot

    fields = [
        model._meta.get_field("created_at") for model in (Agreement, FollowUp, Interaction, Person, Placement, Slot)
    ]
    for field in fields:
        field.auto_now_add = False
    try:
        yield
    finally:
        for field in fields:
            field.auto_now_add = True


class _City:
    def __init__(self, rows, today):
        from django.utils import timezone

        self.rows, self.today, self.chance = rows, today, random.Random(rows)
        self._zone = timezone.get_current_timezone()
        # Workplaces of groups 1 to 3, where there is more than contacts: (key, company's key, owner, key of a person).
        self.worked = []

    def at(self, day, hour=10):
        return datetime.combine(day, time(hour, 0), tzinfo=self._zone)

    def days_ago(self, most=YEARS_BACK):
        return self.today - timedelta(days=self.chance.randint(1, most))

    def staff(self):
        """200 colleagues of all roles; `user000` is an employer consultant, and `PASSWORD` opens each."""
        from django.contrib.auth.hashers import make_password
        from django.contrib.auth.models import Group

        from jobcenter_crm.staff.models import Team, User
        from jobcenter_crm.staff.roles import CASE_WORKER, CONSULTANT, JOB_CONSULTANT, MANAGER, STEWARD

        roles = {group.name: group for group in Group.objects.all()}
        of_a_team = [CONSULTANT] * 6 + [JOB_CONSULTANT, CASE_WORKER, MANAGER, STEWARD]
        teams = Team.objects.bulk_create(Team(name=f"Team {n + 1:02}", outreach_hours=150) for n in range(TEAMS))
        password = make_password(PASSWORD)
        people = User.objects.bulk_create(
            User(
                username=f"user{n:03}", password=password, email=f"user{n:03}@example.com", team=teams[n // TEAM_SIZE],
                first_name=NAMES[n % len(NAMES)], last_name=f"Medarbejder {n:03}", language="da", digest_at=time(7, 0),
                digest_on_days_off=True,
                # Stewards have the key to the admin.
                is_staff=of_a_team[n % TEAM_SIZE] == STEWARD,
            )
            for n in range(TEAMS * TEAM_SIZE)
        )  # fmt: skip
        User.groups.through.objects.bulk_create(
            User.groups.through(user=user, group=roles[of_a_team[n % TEAM_SIZE]]) for n, user in enumerate(people)
        )
        self.people = people
        self.consultants = [user for n, user in enumerate(people) if of_a_team[n % TEAM_SIZE] == CONSULTANT]
        self.case_workers = [user for n, user in enumerate(people) if of_a_team[n % TEAM_SIZE] == CASE_WORKER]

    def register(self):
        from bench.objects import Objects
        from bench.rows import generate
        from companies.models import Company

        objects, known, source = Objects(), {}, generate(self.rows)
        groups, owners = self._groups(), self._owners()
        while cells := list(islice(source, BATCH)):
            new = {row[0]: objects.company(row) for row in cells if row[0] not in known}
            Company.objects.bulk_create(new.values())
            known = known | new
            self._write([self._workplace(objects, row, known[row[0]], next(groups), owners) for row in cells])
            known = {row[0]: known[row[0]] for row in cells[-10:]}

    def _groups(self):
        """The group of one workplace after the other, in an order that helps nobody and is as `GROUPS` says."""
        thousand = [tier for tier, number in GROUPS.items() for _each in range(number)]
        while True:
            self.chance.shuffle(thousand)
            yield from thousand

    def _owners(self):
        """Responsible consultants in turn."""
        for n in count():
            yield self.consultants[n % len(self.consultants)]

    def _workplace(self, objects, row, company, tier, owners):
        place = objects.workplace(row, company)
        place.employees_min, place.employees_max = self.chance.choice(SIZES)
        place.latitude = round(55.4 + self.chance.random() * 0.4, 5)
        place.longitude = round(12.0 + self.chance.random() * 0.4, 5)
        place.tier = tier
        if tier:
            place.tier_since = self.days_ago()
        if tier in (1, 2, 3) or (tier == 4 and self.chance.random() < 0.5):
            place.owner = next(owners)
        place.told = _Told(self, place)
        return place

    def _write(self, places):
        """Workplaces with all that hangs on them; what the contact log says of a workplace is written on it."""
        from companies.models import TierChange, Workplace
        from contacts.models import FollowUp, Interaction, Person

        for place in places:
            place.last_contact_on, place.next_contact_on = place.told.dates()
        Workplace.objects.bulk_create(places)
        told = [place.told for place in places if place.told.is_something]
        TierChange.objects.bulk_create(
            TierChange(workplace=each.place, to_tier=each.place.tier, by=each.by, at=self.at(each.place.tier_since, 9))
            for each in told
        )
        Person.objects.bulk_create(person for each in told for person in each.people())
        contacts = Interaction.objects.bulk_create(contact for each in told for contact in each.contacts())
        through = Interaction.staff.through
        through.objects.bulk_create(through(interaction=each, user_id=each.created_by_id) for each in contacts)
        through = Interaction.persons.through
        through.objects.bulk_create(
            through(interaction=each, person=each.talked_with) for each in contacts if each.talked_with
        )
        FollowUp.objects.bulk_create(follow_up for each in told for follow_up in each.follow_ups())
        self.worked += [
            (each.place.pk, each.place.company_id, each.by.pk, each.known[0].pk)
            for each in told
            if each.place.tier <= 3
        ]

    def agreements(self):
        """One to a hundred workplaces, nine in ten of them active, signed, and with the day of the next review."""
        from companies.models import Company, Workplace
        from contacts.models import Person
        from jobcenter_crm.backstage.models import StoredFile
        from jobcenter_crm.staff.models import User
        from partnerships.models import Agreement, AgreementPlace, AgreementStep, Document, Review

        self.agreed = {}
        chosen = self.chance.sample(self.worked, self.rows // 100)
        for batch in _batches(chosen):
            drafts = []
            for place, company, owner, person in batch:
                begun = self.days_ago()
                drafts.append(
                    Agreement(
                        kind=self.chance.choice(["intent", "partnership", "partnership", "service"]),
                        company=Company(pk=company), workplace=Workplace(pk=place), owner_id=owner, created_by_id=owner,
                        purpose=self.chance.choice(PURPOSES), starts_on=begun, created_at=self.at(begun),
                    )
                )  # fmt: skip
                drafts[-1].signatory = person
            Agreement.objects.bulk_create(drafts)
            AgreementPlace.objects.bulk_create(
                AgreementPlace(agreement=each, workplace=each.workplace) for each in drafts
            )
            self.agreed |= {each.workplace_id: each.pk for each in drafts}
            active = [each for n, each in enumerate(drafts) if n % 10]
            files = StoredFile.objects.bulk_create(
                StoredFile(file=f"bench/{each.pk}.pdf", name="aftale.pdf", size=1, sha256="0" * 64) for each in active
            )
            papers = Document.objects.bulk_create(
                Document(agreement=each, kind="signed", stored=file, name="aftale.pdf", sha256="0" * 64,
                         scanned="clean", added_by_id=each.owner_id)
                for each, file in zip(active, files, strict=True)
            )  # fmt: skip
            for each, paper in zip(active, papers, strict=True):
                each.state, each.version, each.signed_on, each.signed_document = "active", 1, each.starts_on, paper
                each.signed_by_us, each.signed_by_them = User(pk=each.owner_id), Person(pk=each.signatory)
                each.next_review_on = self.today + timedelta(days=self.chance.randint(-20, 365))
            Agreement.objects.bulk_update(
                active,
                [
                    "state",
                    "version",
                    "signed_on",
                    "signed_document",
                    "signed_by_us",
                    "signed_by_them",
                    "next_review_on",
                ],
            )
            AgreementStep.objects.bulk_create(
                AgreementStep(agreement=each, before="proposed", state="active", on=each.starts_on,
                              at=each.created_at, by_id=each.owner_id)
                for each in active
            )  # fmt: skip
            Review.objects.bulk_create(Review(agreement=each, due_on=each.next_review_on) for each in active)

    def slots(self):
        """Four to a hundred workplaces, with one to three places, each filled by one placement after the other."""
        from companies.models import Workplace
        from placements.models import Effect, Measure, Placement, Slot

        measures = list(Measure.objects.valid(self.today).filter(usual_weeks__lte=26))
        serial = count(1)
        for batch in _batches(self.chance.choices(self.worked, k=self.rows // 25)):
            slots = Slot.objects.bulk_create(
                Slot(
                    workplace=Workplace(pk=place), measure=self.chance.choice(measures), owner_id=owner,
                    places=self.chance.choice([1, 1, 2, 3]), tasks=self.chance.choice(TASKS), created_by_id=owner,
                    agreement_id=self.agreed.get(place), starts_on=self.days_ago(),
                    state=self.chance.choices(["open", "paused", "closed"], [80, 10, 10])[0],
                    hours_from=10, hours_to=37, confirmed_on=self.days_ago(90), created_at=self.at(self.today),
                )
                for place, _company, owner, _person in batch
            )  # fmt: skip
            placements = [each for slot in slots for each in self._placements(slot, serial)]
            Placement.objects.bulk_create(placements)
            Effect.objects.bulk_create(
                Effect(
                    placement=each, outcome=self.chance.choice(["job", "education", "none", "none", "unknown"]),
                    recorded_on=each.ended_on + timedelta(days=28), recorded_by_id=each.consultant_id,
                )
                for each in placements
                if each.ended_on and each.ended_on + timedelta(days=28) < self.today and self.chance.random() < 0.8
            )  # fmt: skip

    def _placements(self, slot, serial):
        from placements.models import Placement

        for _place in range(slot.places):
            begun = slot.starts_on + timedelta(days=self.chance.randint(0, 60))
            while begun < self.today:
                end = begun + timedelta(days=self.chance.choice([27, 55, 90]))
                has_ended = end < self.today
                yield Placement(
                    slot=slot, consultant=self.chance.choice(self.case_workers), starts_on=begun, planned_end=end,
                    ended_on=end if has_ended else None, end_reason="as_planned" if has_ended else "",
                    case_reference=f"B-{begun.year}-{next(serial):06}", created_at=self.at(begun - timedelta(days=7)),
                )  # fmt: skip
                begun = end + timedelta(days=self.chance.randint(3, 60))

    def contact_plans(self):
        """Twenty that run, one a team, of up to 500 workplaces each."""
        from django.http import QueryDict

        from companies import selections
        from companies.models import Workplace
        from contacts.models import ContactPlan, ContactPlanTarget

        for n in range(TEAMS):
            leader, members = self.people[n * TEAM_SIZE], self.consultants[n * 6 : n * 6 + 6]
            selection = selections.save(
                name=f"Indsats {n + 1}", data=QueryDict("tier=3"), is_shared=True, by=leader, today=self.today
            )
            plan = ContactPlan.objects.create(
                name=f"Indsats {n + 1}", selection=selection, purpose=PURPOSES[n % 4], channel="phone", position=n + 1,
                starts_on=self.today - timedelta(days=30), ends_on=self.today + timedelta(days=60), state="running",
                created_by=leader,
            )  # fmt: skip
            plan.participants.set(members)
            places = self.chance.sample(self.worked, min(500, len(self.worked) // 10))
            ContactPlanTarget.objects.bulk_create(
                ContactPlanTarget(
                    plan=plan, workplace=Workplace(pk=place), consultant=self.chance.choice(members), added_by=leader
                )
                for place, *_others in places
            )


class _Told:
    """What three years of work have left at one workplace; drawn before it is written, since its dates stand on the row."""

    def __init__(self, city, place):
        self.city, self.place, tier = city, place, place.tier
        chance = city.chance
        self.is_something = tier is not None
        self.by = place.owner or chance.choice(city.consultants)
        self.held_on = [city.days_ago() for _each in range(CONTACTS[tier])]
        is_planned = tier in (1, 2, 3) and chance.random() < 0.05
        self.planned_on = [city.today + timedelta(days=chance.randint(0, 30))] if is_planned else []
        promises = {1: 3, 2: 2, 3: 1, 4: 0.32, None: 0}[tier]
        # One in three is still open.
        promised = [(city.days_ago(365), False) for _each in range(_times(chance, promises * 2 / 3))]
        promised += [
            (city.today + timedelta(days=chance.randint(-20, 60)), True)
            for _each in range(_times(chance, promises / 3))
        ]
        self.promised = promised
        self.known = []

    def dates(self):
        """Last contact and next step, as `contacts.actions.refresh_contact_dates` would find them."""
        ahead = self.planned_on + [day for day, is_open in self.promised if is_open]
        return max(self.held_on, default=None), min(ahead, default=None)

    def people(self):
        from contacts.models import Person

        city, place = self.city, self.place
        for n in range(max(_times(city.chance, PEOPLE[place.tier]), place.tier in (1, 2, 3))):
            person = Person(
                company_id=place.company_id, workplace=place, name=f"{city.chance.choice(NAMES)} {place.name.split()[0]}",
                role=["hr", "director", "foreman"][n % 3], phone=place.phone, created_by=self.by,
                created_at=city.at(city.days_ago()),
            )  # fmt: skip
            person.derive()
            self.known.append(person)
        return self.known

    def contacts(self):
        from contacts.models import Interaction

        chance, city = self.city.chance, self.city
        for day in self.held_on:
            outcome = chance.choices(["interested", "agreed", "no", "not_now", "no_answer"], [40, 10, 15, 15, 20])[0]
            yield self._contact(
                Interaction(
                    state="held", on=day, outcome=outcome, logged_at=city.at(day, 15), created_at=city.at(day, 15),
                    barrier=chance.choice(["no_time", "no_tasks", "rules"]) if outcome in ("no", "not_now") else "",
                    note="De vil gerne høre mere, når de har fået ny leder." if chance.random() < 0.5 else "",
                )
            )  # fmt: skip
        for day in self.planned_on:
            yield self._contact(Interaction(state="planned", on=day, at=time(10, 0), created_at=city.at(city.today)))

    def _contact(self, contact):
        chance = self.city.chance
        contact.workplace, contact.purpose, contact.token = (
            self.place,
            chance.choice(PURPOSES),
            uuid.UUID(int=chance.getrandbits(128), version=4),
        )
        contact.channel = chance.choices(["visit", "phone", "email"], [30, 60, 10])[0]
        contact.created_by = self.by if chance.random() < 0.8 else chance.choice(self.city.consultants)
        contact.talked_with = chance.choice(self.known) if self.known else None
        return contact

    def follow_ups(self):
        from contacts.models import FollowUp

        for day, is_open in self.promised:
            written = self.city.at(min(day, self.city.today) - timedelta(days=14))
            yield FollowUp(
                kind="by_hand", workplace=self.place, title="Ring om en plads", due_on=day, owner=self.by,
                created_by=self.by, created_at=written,
                done_at=None if is_open else self.city.at(day, 14), done_by=None if is_open else self.by,
            )  # fmt: skip


def _times(chance, number):
    """`number` on average, as a whole number."""
    whole = int(number)
    return whole + (chance.random() < number - whole)


def _batches(rows):
    for first in range(0, len(rows), BATCH):
        yield rows[first : first + BATCH]


def measured(rows):
    """Seconds that the city took to write, and to settle."""
    from django.utils import timezone

    took, _city = seconds(lambda: build(int(rows), timezone.localdate()))
    settled, _none = seconds(settle)
    return {"seconds": took, "settled": settled}


if __name__ == "__main__":
    told_by(measured)
