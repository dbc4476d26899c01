"""What the demo's job centre steers by: figures of its workplaces, and the selections that everybody uses."""

import hashlib
import random
from datetime import date, time, timedelta
from decimal import Decimal

from django.http import QueryDict

from companies import selections
from companies.models import Figure, RegisterImport, WorkplaceFigure
from jobcenter_crm.desk.demo.calendar import moment, working_day

# Days of absence an employee a year, about so many in the middle, by kind of trade; six in the rest.
ABSENCE = {
    "care": 13,
    "child": 13,
    "school": 10,
    "cleaning": 12,
    "kitchen": 9,
    "factory": 9,
    "transport": 9,
    "stock": 10,
}
# Of ten jobs, so many need no more than a short education; one in the rest.
SIMPLE_JOBS = {"cleaning": 9, "kitchen": 7, "stock": 7, "shop": 6, "factory": 6, "hotel": 6, "transport": 6, "green": 6,
               "care": 3, "site": 3, "workshop": 3, "garage": 3}  # fmt: skip
# Smaller places are never counted by name: a figure would tell of somebody.
FEWEST = 10

# Name, search, and who made it. What the guide of 2012 names as examples of groups to go for.
SHARED = (
    ("Restauranter, butikker og rengøring, over 5 ansatte", "branch=56,47,812&employees_from=6", "karen"),
    ("100 håndværkere med 2-20 ansatte", "branch=43&employees_from=2&employees_to=20&largest=100", "karen"),
    ("De 100 med højest sygefravær", "largest=100&largest_by=sickness_absence&sort=-employees", "karen"),
    ("De 50 med flest job til folk med kort uddannelse", "largest=50&largest_by=short_education_jobs", "mette"),
    ("Aldrig kontaktet, de største først", "contact=never&sort=-employees", "karen"),
    ("Offentlige arbejdssteder", "sector=public", "sara"),
    ("Offentlige arbejdssteder, der allerede har nogen", "sector=public&placement=now", "karen"),
    ("Med en aktiv aftale", "agreement=any", "karen"),
)
PRIVATE = (("Mine, stille i et halvt år", "owner=me&quiet_months=6&sort=last", "mette"),)


def count(registry, people, seed):
    """Save what was counted at the larger workplaces, each figure as if it came with a file of its own."""
    rng = random.Random(f"figures {seed}")
    active = [place for place in registry.places if place.is_active and place.size >= FEWEST]
    absence = [Decimal(round(_days(rng, place) * 10)) / 10 for place in active]
    jobs = [round(place.size * SIMPLE_JOBS.get(place.trade.kind, 1) / 10) for place in active]
    told = (
        (
            "sickness_absence",
            "sygefravaer.xlsx",
            date(registry.today.year - 1, 12, 31),
            "Fraværsundersøgelsen",
            absence,
        ),
        (
            "short_education_jobs",
            "korte_uddannelser.csv",
            date(registry.today.year, 1, 1),
            "Beskæftigelsesanalysen",
            jobs,
        ),
    )
    for code, name, day, source, values in told:
        figure, answers = (
            Figure.objects.get(code=code),
            {"figure": code, "counted_on": day.isoformat(), "source": source},
        )
        brought_by = _import(registry, people, name, answers, len(values))
        WorkplaceFigure.objects.bulk_create(
            [
                WorkplaceFigure(
                    workplace=place.workplace, figure=figure, value=value, counted_on=day, source=source,
                    register_import=brought_by,
                )
                for place, value in zip(active, values, strict=True)
            ],
            500,
        )  # fmt: skip


def _days(rng, place):
    usual = ABSENCE.get(place.trade.kind, 6)
    return max(1, rng.gauss(usual, usual / 3))


def _import(registry, people, name, answers, rows):
    day = working_day(registry.today - timedelta(days=40))
    brought_by = RegisterImport.objects.create(
        kind="figures", name=name, sha256=hashlib.sha256(name.encode()).hexdigest(), state=RegisterImport.State.APPLIED,
        by=people["lone"], applied_at=moment(day, time(10, 12)), headings=["P-nummer", "Værdi"],
        columns={"P-nummer": "p_number", "Værdi": "value"}, answers=answers, rows_read=rows, rows_new=rows,
    )  # fmt: skip
    RegisterImport.objects.filter(pk=brought_by.pk).update(created_at=moment(day, time(10, 5)))
    return brought_by


def save(registry, people):
    """The shared selections, and one that is Mette's own."""
    for name, query, by in (*SHARED, *PRIVATE):
        selections.save(
            name=name, data=QueryDict(query), is_shared=(name, query, by) in SHARED, by=people[by], today=registry.today
        )
