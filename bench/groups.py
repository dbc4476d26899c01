"""Ten rules over the whole register, beside one bare UPDATE of the rows that they move.

The floor is the least that a database has to do: `UPDATE workplace SET tier, tier_since` on the same rows, in one
statement, with nothing written about it.
"""

from bench.scratch import told_by
from bench.timing import counted, seconds

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


PARTS = [
    ("floor", "bare UPDATE of the same rows"),
    ("page", "the page of the groups, without preview"),
    ("preview", "preview"),
    ("apply", "apply: moves, history, changes of group"),
    ("again", "second run: moves nobody"),
    ("undo", "undo as a whole"),
]


def measured():
    """Seconds of each part, statements, and how many workplaces were moved."""
    from django.http import QueryDict
    from django.utils import timezone

    from companies import rules, segmentation, selections
    from companies.models import TierMove, Workplace
    from jobcenter_crm.backstage import jobs
    from jobcenter_crm.desk.segments import groups
    from jobcenter_crm.staff.models import User

    today = timezone.localdate()
    manager = User.objects.get(username="user008")
    for name, query, tier in RULES:
        selection = selections.save(name=name, data=QueryDict(query), is_shared=True, by=manager, today=today)
        rules.add(selection=selection, tier=tier, by=manager)
    told = {"page": seconds(lambda: groups(today))[0]}
    told["preview"], preview, told["preview_statements"] = counted(lambda: segmentation.Rules(today).preview())
    job = segmentation.order(mark=preview.mark, calculated_at=preview.at, by=manager, queue_it=False)
    told["apply"], _answer, told["apply_statements"] = counted(lambda: jobs.run(job.pk))
    job.refresh_from_db()
    told["moved"] = job.counts["moved"]
    told["again"], second = seconds(lambda: segmentation.Rules(today).preview())
    assert second.total == 0, second.moves
    with jobs.in_this_process():
        told["undo"], undoing = seconds(lambda: jobs.undo(job, by=manager))
    undoing.refresh_from_db()
    assert undoing.counts == {"restored": told["moved"], "left": 0}, undoing.counts
    moved = Workplace.objects.filter(pk__in=TierMove.objects.filter(job=job).values("workplace"))
    told["floor"], _count = seconds(lambda: moved.update(tier=2, tier_since=today))
    return told


def lines(told):
    """The table, line by line."""
    yield f"  {told['moved']:,} workplaces moved"
    for part, label in PARTS:
        yield f"  {label:<42}{told[part]:>8.1f} s{told[part] / told['floor']:>8.1f} of the bare UPDATE"
    yield f"  statements: preview {told['preview_statements']}, apply {told['apply_statements']}"


def missed(told):
    """There is no aim for it in time; that statements do not grow with the rows is a test."""
    return []


if __name__ == "__main__":
    told_by(measured)
