"""`python -m bench.day`: what the clock does in a day, beside a claim of each mail and nothing else.

300,000 workplaces, 100,000 open follow-ups and 100 colleagues by default, of whom each has something waiting. Run
twice: the second time nothing is left to do. The mail goes to memory, so that no server is measured.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

from bench.__main__ import scratch
from bench.measuring import counted, fill, in_own_process, prepared

PEOPLE = 100
PARTS = [
    ("floor", "claiming and settling as many mails"),
    ("day", "the day: what waits, mails written and sent"),
    ("again", "the same day again"),
]


def main():
    if len(sys.argv) > 1 and sys.argv[1] == "--measure":
        os.environ["EMAIL_URL"] = "memorymail://"
        prepared()
        json.dump(measured(int(sys.argv[2])), sys.stdout)
        return
    parser = argparse.ArgumentParser(prog="python -m bench.day", description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=300_000, help="workplaces; a third as many follow-ups")
    parser.add_argument("--database", action="append", help='"sqlite", or a postgres:// URL; may be given twice')
    options = parser.parse_args()
    databases = options.database or ["sqlite", *filter(None, [os.environ.get("DATABASE_URL")])]
    print(f"{options.rows:,} workplaces, {options.rows // 3:,} follow-ups, {PEOPLE} people, {platform.platform()}")
    with tempfile.TemporaryDirectory(prefix="jobcenter-bench-") as folder:
        for url in databases:
            with scratch(url, Path(folder)) as database:
                told = in_own_process("bench.day", options.rows, database, folder)
                show("SQLite" if url == "sqlite" else "PostgreSQL", told)


def show(name, told):
    print(f"\n{name}: {told['mails']} mails")
    for part, label in PARTS:
        print(f"  {label:<46}{told[part]:>8.1f} s{told[f'{part}_statements']:>8} statements")
    print(f"  statements besides those of the mails: {told['day_statements'] - told['floor_statements']}")


def measured(rows):
    """Seconds and statements of each part, and the number of mails."""
    from django.db import connection
    from django.utils import timezone

    from contacts.models import FollowUp
    from jobcenter_crm.backstage import clock
    from jobcenter_crm.backstage.models import Message

    day = timezone.localdate()
    fill(rows)
    promise(rows // 3, day)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    told = {}
    told["day"], outcomes, told["day_statements"] = counted(lambda: clock.run_day(day, timezone.now()))
    assert not [one for one in outcomes if one.failure], outcomes
    told["mails"] = Message.objects.filter(state="sent").count()
    told["again"], _outcomes, told["again_statements"] = counted(lambda: clock.run_day(day, timezone.now()))
    assert Message.objects.count() == told["mails"]
    assert FollowUp.objects.count() == rows // 3
    told["floor"], _none, told["floor_statements"] = counted(lambda: claim_as_many(told["mails"]))
    return told


def promise(how_many, day):
    """Colleagues who each are responsible for some of the workplaces, and have promised things for these days."""
    from datetime import time, timedelta

    from django.db.models import F

    from companies.models import Workplace
    from contacts.models import FollowUp
    from jobcenter_crm.staff.models import Team, User

    team = Team.objects.create(name="All")
    people = User.objects.bulk_create(
        User(
            username=f"user{number}", email=f"user{number}@example.com", team=team, digest_at=time(7, 0),
            digest_on_days_off=True,
        )
        for number in range(PEOPLE)
    )  # fmt: skip
    first = people[0].pk
    Workplace.objects.update(owner=F("pk") % PEOPLE + first)
    places = Workplace.objects.order_by("pk").values_list("pk", "owner")[:how_many]
    FollowUp.objects.bulk_create(
        (
            FollowUp(
                kind="by_hand", workplace_id=pk, owner_id=owner, title="Call them",
                due_on=day + timedelta(days=number % 60 - 20),
            )
            for number, (pk, owner) in enumerate(places.iterator())
        ),
        batch_size=1000,
    )  # fmt: skip


def claim_as_many(number):
    """The least that sending takes of the database: each mail claimed by one statement, read, and settled by one."""
    from django.utils import timezone

    from jobcenter_crm.backstage import outbox
    from jobcenter_crm.backstage.models import Message

    now = timezone.now()
    Message.objects.filter(state="sent").update(state="waiting", sent_at=None, next_try_at=now)
    return outbox.sweep(now)


if __name__ == "__main__":
    main()
