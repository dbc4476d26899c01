"""What the benchmarks share: a register of invented rows, the time, and the number of statements."""

import json
import os
import subprocess
import sys
import time

from bench.__main__ import ROOT


def in_own_process(module, rows, database, folder):
    """What `python -m MODULE --measure ROWS` tells on that database, read as JSON."""
    environment = os.environ | {
        "DATABASE_URL": database, "DEBUG": "0", "SECRET_KEY": "bench" * 10, "ALLOWED_HOSTS": "localhost",
        "FILES_DIR": str(folder),
    }  # fmt: skip
    answer = subprocess.run(
        [sys.executable, "-m", module, "--measure", str(rows)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, text=True,
    )  # fmt: skip
    return json.loads(answer.stdout)


def prepared():
    """Set Django up, with all its tables."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter_crm.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def fill(rows):
    """Workplaces in groups that help nobody: half of them in none, the others in one to four in turn."""
    from datetime import date
    from itertools import islice

    from bench.objects import Objects
    from bench.rows import generate
    from companies.models import Company, Workplace

    objects, known, source, serial = Objects(), {}, generate(rows), 0
    sizes = [(None, None), (1, 1), (2, 4), (5, 9), (12, 12), (20, 49), (143, 143)]
    while cells := list(islice(source, 1000)):
        new = {row[0]: objects.company(row) for row in cells if row[0] not in known}
        Company.objects.bulk_create(new.values())
        known = known | new
        places = []
        for row in cells:
            place = objects.workplace(row, known[row[0]])
            place.employees_min, place.employees_max = sizes[serial % 7]
            if serial % 2:
                place.tier, place.tier_since = serial // 2 % 4 + 1, date(2026, 1, 5)
            places.append(place)
            serial += 1
        Workplace.objects.bulk_create(places)
        known = {row[0]: known[row[0]] for row in cells[-10:]}


def seconds(act):
    began = time.perf_counter()
    answer = act()
    return time.perf_counter() - began, answer


def counted(act):
    """Seconds, answer and number of statements."""
    from django.db import connection

    count = 0

    def counting(execute, *how):
        nonlocal count
        count += 1
        return execute(*how)

    with connection.execute_wrapper(counting):
        took, answer = seconds(act)
    return took, answer, count
