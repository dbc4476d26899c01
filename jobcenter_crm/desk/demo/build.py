"""Puts the invented municipality together and saves it: people, register, groups, and a year of work."""

import random
from contextlib import contextmanager
from datetime import time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from companies.models import Company, Municipality, Postcode, TierChange, Workplace
from contacts.actions import refresh_contact_dates
from contacts.models import Amendment, FollowUp, Interaction, OtherJobCentre, Person, ServiceUse
from jobcenter_crm.desk.demo import (
    agreements,
    catalogue,
    contact_plans,
    files,
    groups,
    handovers,
    job_orders,
    neighbours,
    placements,
    rules,
    searches,
    slots,
    staff,
    targets,
    year,
)
from jobcenter_crm.desk.demo.calendar import moment
from jobcenter_crm.desk.demo.employers import Registry
from jobcenter_crm.desk.demo.places import MUNICIPALITIES, POSITIONS, REGION, TOWNS
from jobcenter_crm.desk.demo.showcase import TWICE, Showcase
from jobcenter_crm.frame.danish import sort_key

BATCH = 500
# Below this there is no room for the named places, a chain and the municipality's own.
FEWEST = 60


@transaction.atomic
def build(*, workplaces, seed, today, say):
    """Make the municipality with so many workplaces, the same for the same arguments; `say` gets a line for each step."""
    rng = random.Random(f"Lindevig {seed}")
    Municipality.objects.bulk_create(
        [_municipality(code, name) for code, name in MUNICIPALITIES.items()], ignore_conflicts=True
    )
    Postcode.objects.bulk_create([_postcode(town) for town in TOWNS], ignore_conflicts=True)
    people = staff.hire()
    say(f"{len(people)} colleagues")

    registry = Registry(rng, today)
    showcase = Showcase(rng, registry, people)
    _employers(registry, showcase, workplaces - len(TWICE), people)
    registry.wear()
    groups.group(rng, registry, people)
    showcase.double()
    _locate([place.workplace for place in registry.places], seed)
    _save_register(registry, people)
    known = groups.meet(rng, registry)
    _save(Person, known, written_at=lambda person: person.created_at)
    say(f"{len(registry.places)} workplaces of {len(registry.companies)} companies, {len(known)} people there")

    told = year.tell(rng, registry, showcase, people)
    _save_contacts(told)
    _save(ServiceUse, catalogue.present(told, seed, today), written_at=lambda use: use.created_at)
    _save_follow_ups(told, year.by_hand(rng, registry, people))
    TierChange.objects.bulk_create([*showcase.moves, *groups.moves(rng, registry, people)], BATCH)
    files.imports(rng, registry, people)
    refresh_contact_dates(Workplace.objects.all())
    others = neighbours.job_centres(registry, showcase, people)
    _save(OtherJobCentre, others, written_at=lambda other: other.created_at)
    neighbours.write_by_hand(registry, people)
    searches.count(registry, people, seed)
    searches.save(registry, people)
    rules.lay_down(people, today)
    contact_plans.make(people, today)
    handovers.offer(people, today)
    agreements.make(showcase, people, today)
    slots.make(showcase, people, today)
    placements.make(people, today)
    targets.make(people, today)
    for promised in FollowUp.objects.exclude(kind__in=FollowUp.Kind.values):
        _promised_then(promised)
    job_orders.make(showcase, people, today)
    say(f"{len(told)} contacts and {FollowUp.objects.count()} follow-ups in the year up to {today.isoformat()}")


def _promised_then(promised):
    """As if the clock, or a colleague, had written it a month before its day, and somebody done it in time."""
    promised.created_at = moment(promised.due_on - timedelta(days=30), time(6, 0))
    if promised.done_at:
        promised.done_at = moment(promised.due_on, time(15, 30))
    promised.save_without_historical_record()


def _municipality(code, name):
    return Municipality(code=code, name=name, sort_name=sort_key(name), region=REGION)


def _postcode(town):
    latitude, longitude = POSITIONS[town.name]
    return Postcode(code=town.postcode, town=town.name, latitude=latitude, longitude=longitude)


def _locate(workplaces, seed):
    """Put each within two or three kilometres of its town's middle; one in ten is only known by its postcode."""
    rng = random.Random(f"{seed} positions")
    for workplace in workplaces:
        latitude, longitude = POSITIONS[workplace.town]
        north, east, is_known = rng.gauss(0, 0.008), rng.gauss(0, 0.014), rng.random() < 0.9
        if is_known:
            workplace.latitude, workplace.longitude = round(latitude + north, 5), round(longitude + east, 5)


def _employers(registry, showcase, workplaces, people):
    """So many workplaces: the named ones, the municipality's, a chain's, and those of other private companies."""
    municipality = registry.municipality(round(workplaces * 0.05))
    showcase.open(municipality)
    chain = registry.chain(min(9, max(2, workplaces // 150)))
    for company, person, owner in ((municipality, "Lise Toft, personalechef", "sara"), (chain, "Kim Bruun", "jonas")):
        company.agreed_centrally, company.central_person = True, person
        company.central_owner = people[owner]
    while missing := workplaces - len(registry.places):
        size_of_group = registry.rng.choices((1, 2, 3, 4, 5, 6), (905, 55, 20, 10, 6, 4))[0]
        registry.private(min(size_of_group, missing))


def _save_register(registry, people):
    Company.objects.bulk_create(registry.companies, BATCH)
    rows = [place.workplace for place in registry.places]
    for workplace in rows:
        workplace.derive()
    Workplace.objects.bulk_create(rows, BATCH)
    central = [company for company in registry.companies if company.agreed_centrally]
    Company.history.bulk_history_create(
        central, update=True, default_user=people["karen"], default_date=registry.begun_at
    )
    ours = [workplace for workplace in rows if workplace.tier or workplace.do_not_contact or workplace.labour_conflict]
    Workplace.history.bulk_history_create(
        ours, batch_size=BATCH, update=True, default_user=people["karen"], default_date=registry.begun_at
    )


def _save(model, rows, *, written_at):
    """Save new rows as if they had been written then, with the first line of their history."""
    for row in rows:
        row.created_at = row._history_date = written_at(row)
        row._history_user = row.created_by
    with _as_it_was(model._meta.get_field("created_at")):
        model.objects.bulk_create(rows, BATCH)
    model.history.bulk_history_create(rows, batch_size=BATCH)


@contextmanager
def _as_it_was(field):
    """Let the field keep what it is given; by itself it says "now" for every new row."""
    field.auto_now_add = False
    try:
        yield
    finally:
        field.auto_now_add = True


def _save_contacts(told):
    told.sort(key=lambda each: (each.written_at, each.row.workplace.pk))
    written_at = {id(each.row): each.written_at for each in told}
    _save(Interaction, [each.row for each in told], written_at=lambda row: written_at[id(row)])
    Interaction.persons.through.objects.bulk_create(
        [Interaction.persons.through(interaction=each.row, person=person) for each in told for person in each.persons],
        BATCH,
    )
    Interaction.staff.through.objects.bulk_create(
        [Interaction.staff.through(interaction=each.row, user=user) for each in told for user in each.staff], BATCH
    )
    Amendment.objects.bulk_create(
        [
            Amendment(
                interaction=each.row, text=each.addition, by=each.staff[0], at=each.row.logged_at + timedelta(days=2)
            )
            for each in told
            if each.addition
        ]
    )


def _save_follow_ups(told, others):
    cause_type = ContentType.objects.get_for_model(Interaction)
    for each in told:
        if each.promise:
            each.promise.cause_type, each.promise.cause_id = cause_type, each.row.pk
        if each.keeps:
            each.keeps.done_at, each.keeps.done_by = each.row.logged_at, each.staff[0]
            each.keeps.done_with = each.row
    rows = [each.promise for each in told if each.promise] + others
    _save(FollowUp, rows, written_at=lambda follow_up: follow_up.created_at)
