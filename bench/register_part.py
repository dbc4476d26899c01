"""One measured part of an import, in a process of its own: `python -m bench.register_part NAME ROWS FILE`."""

import time
from itertools import islice
from pathlib import Path

from bench.scratch import told_by
from bench.timing import peak_mb

BATCH = 1000


def measured(part, rows, path):
    """Seconds, the most memory that the process ever held, and what was counted."""
    seconds, counts = PARTS[part](int(rows), Path(path))
    return {"seconds": seconds, "peak_mb": peak_mb(), "counts": counts}


def floor(rows, path):
    """Ready objects, written with `bulk_create(update_conflicts=True)`, 1,000 a batch, and nothing else.

    They carry the same facts as the rows of the file; the clock stands still while they are made.
    """
    from django.db import reset_queries, transaction

    from bench.objects import COMPANY_FACTS, WORKPLACE_FACTS, Objects
    from bench.rows import generate
    from companies.models import Company, Workplace

    objects, spent, before, source = Objects(), 0, {}, generate(rows)
    while cells := list(islice(source, BATCH)):
        companies = {row[0]: objects.company(row) for row in cells if row[0] not in before}
        began = time.perf_counter()
        with transaction.atomic():
            Company.objects.bulk_create(
                companies.values(),
                BATCH,
                update_conflicts=True,
                unique_fields=["cvr_number"],
                update_fields=COMPANY_FACTS,
            )
            spent += time.perf_counter() - began
            at_hand = before | companies
            workplaces = [objects.workplace(row, at_hand[row[0]]) for row in cells]
            began = time.perf_counter()
            Workplace.objects.bulk_create(
                workplaces, BATCH, update_conflicts=True, unique_fields=["p_number"], update_fields=WORKPLACE_FACTS
            )
        spent += time.perf_counter() - began
        before = companies
        reset_queries()
    return spent, {"workplaces": Workplace.objects.count(), "companies": Company.objects.count()}


def take_in(rows, path):
    """The whole import of the file, as `import_register` does it."""
    from django.utils import timezone

    from companies.register import runs
    from companies.register.importer import Reading

    began = time.perf_counter()
    with Reading(path, today=timezone.localdate()) as reading:
        read = time.perf_counter() - began
        register_import = runs.take_in_at_once(reading, name=path.name)
    return time.perf_counter() - began, register_import.tally | {"seconds_reading": round(read, 1)}


def look(rows, path):
    """The preview of the file."""
    from dataclasses import asdict

    from django.utils import timezone

    from companies.register.importer import Reading, compare

    began = time.perf_counter()
    with Reading(path, today=timezone.localdate()) as reading:
        counts, _sample = compare(reading)
    return time.perf_counter() - began, asdict(counts)


def upsert(rows, path):
    """The least that the changed rows ask for: ready objects of them, written over those that are there."""
    from django.db import transaction

    from bench.objects import WORKPLACE_FACTS, Objects
    from bench.rows import CHANGED_EVERY, generate
    from companies.models import Company, Workplace

    objects = Objects()
    cells = list(islice(generate(rows), 0, None, CHANGED_EVERY))
    ids = dict(Company.objects.values_list("cvr_number", "pk"))
    workplaces = []
    for row in cells:
        company = objects.company(row)
        company.pk = ids[row[0]]
        workplaces.append(objects.workplace(row, company))
    began = time.perf_counter()
    for first in range(0, len(workplaces), BATCH):
        with transaction.atomic():
            Workplace.objects.bulk_create(
                workplaces[first : first + BATCH],
                BATCH,
                update_conflicts=True,
                unique_fields=["p_number"],
                update_fields=WORKPLACE_FACTS,
            )
    return time.perf_counter() - began, {"workplaces": len(workplaces)}


PARTS = {
    "floor": floor,
    "import": take_in,
    "again": take_in,
    "look": look,
    "compare": look,
    "upsert": upsert,
    "refresh": take_in,
    "documents": take_in,
    "workbook": take_in,
}


if __name__ == "__main__":
    told_by(measured)
