"""`python -m bench.groups`: ten rules over the whole register, beside one bare UPDATE of the rows that they move.

Each database is a scratch one, made for it and removed. The floor is the least that a database has to do:
`UPDATE workplace SET tier, tier_since` on the same rows, in one statement, with nothing written about it.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

from bench.__main__ import scratch
from bench.measuring import counted, fill, in_own_process, prepared, seconds

# Name of the selection, search, group. All of them ask for facts that the invented rows have.
RULES = [
    ("Over 100", "employees_from=100", 1),
    ("Kitchens of 12 and up", "branch=56&employees_from=12", 2),
    ("Craft of 5 to 20", "branch=43&employees_from=5&employees_to=20", 2),
    ("Cleaning", "branch=81&employees_from=2", 2),
    ("Around Køge", "near=4600&within=10&employees_from=5", 3),
    ("Called so", "q=mølle", 3),
    ("Never contacted in Aarhus", "contact=never&municipality=0751&employees_from=2", 3),
    ("Two and up", "employees_from=2", 3),
    ("One", "employees_to=1", 4),
    ("All others", "", 4),
]


def main():
    if len(sys.argv) > 1 and sys.argv[1] == "--measure":
        measure(int(sys.argv[2]))
        return
    parser = argparse.ArgumentParser(prog="python -m bench.groups", description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--database", action="append", help='"sqlite", or a postgres:// URL; may be given twice')
    options = parser.parse_args()
    databases = options.database or ["sqlite", *filter(None, [os.environ.get("DATABASE_URL")])]
    print(f"{options.rows:,} rows, {platform.platform()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="jobcenter-bench-") as folder:
        for url in databases:
            with scratch(url, Path(folder)) as database:
                show(
                    "SQLite" if url == "sqlite" else "PostgreSQL",
                    in_own_process("bench.groups", options.rows, database, folder),
                )


def show(name, told):
    floor = told["floor"]
    print(f"\n{name}: {told['moved']:,} workplaces moved")
    for part, label in PARTS:
        print(f"  {label:<42}{told[part]:>8.1f} s{told[part] / floor:>8.1f} of the bare UPDATE")
    print(f"  statements: preview {told['preview_statements']}, apply {told['apply_statements']}")


PARTS = [
    ("floor", "bare UPDATE of the same rows"),
    ("page", "the page of the groups, without preview"),
    ("preview", "preview"),
    ("apply", "apply: moves, history, changes of group"),
    ("again", "second run: moves nobody"),
    ("undo", "undo as a whole"),
]


def measure(rows):
    prepared()
    json.dump(_measured(rows), sys.stdout)


def _measured(rows):
    from django.db import connection
    from django.http import QueryDict
    from django.utils import timezone

    from companies import rules, segmentation, selections
    from companies.models import TierMove, Workplace
    from jobcenter_crm.backstage import jobs
    from jobcenter_crm.desk.segments import groups
    from jobcenter_crm.staff.models import User

    today = timezone.localdate()
    fill(rows)
    with connection.cursor() as cursor:
        # What a live database has long since done by itself.
        cursor.execute("ANALYZE")
    karen = User.objects.create(username="karen", first_name="Karen", last_name="Dahl")
    for name, query, tier in RULES:
        selection = selections.save(name=name, data=QueryDict(query), is_shared=True, by=karen, today=today)
        rules.add(selection=selection, tier=tier, by=karen)
    told = {"page": seconds(lambda: groups(today))[0]}
    told["preview"], preview, told["preview_statements"] = counted(lambda: segmentation.Rules(today).preview())
    job = segmentation.order(mark=preview.mark, calculated_at=preview.at, by=karen, queue_it=False)
    told["apply"], _answer, told["apply_statements"] = counted(lambda: jobs.run(job.pk))
    job.refresh_from_db()
    told["moved"] = job.counts["moved"]
    told["again"], second = seconds(lambda: segmentation.Rules(today).preview())
    assert second.total == 0, second.moves
    with jobs.in_this_process():
        told["undo"], undoing = seconds(lambda: jobs.undo(job, by=karen))
    undoing.refresh_from_db()
    assert undoing.counts == {"restored": told["moved"], "left": 0}, undoing.counts
    moved = Workplace.objects.filter(pk__in=TierMove.objects.filter(job=job).values("workplace"))
    told["floor"], _count = seconds(lambda: moved.update(tier=2, tier_since=today))
    return told


if __name__ == "__main__":
    main()
