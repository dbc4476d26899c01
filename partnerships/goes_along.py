"""Agreements go along when their workplace is handed over."""

from collections import defaultdict

from django.utils import timezone
from django.utils.translation import ngettext_lazy

from companies.set_based import lock
from contacts import goes_along
from contacts.goes_along import GoesAlong, batches
from jobcenter_crm.backstage.bulk import write_history
from jobcenter_crm.staff.models import User
from partnerships.models import Agreement


def _theirs(giver):
    standing = Agreement.objects.standing()
    return standing.of(giver) if giver else standing.without_owner()


def _move(rows, giver, to, by):
    lock(rows)
    done = [list(pair) for pair in rows.order_by("pk").values_list("pk", "owner")]
    _give([pk for pk, _before in done], to, by)
    return done


def _give(pks, to, by):
    for some in batches(pks):
        rows = Agreement.objects.filter(pk__in=some)
        rows.update(owner=to)
        write_history(rows, at=timezone.now(), by=by)


def _take_back(done, to, by):
    """Give each back where it still is the colleague's; how many are not. What was promised for a review goes by its own part."""
    keys, standing = [pk for pk, _before in done], set()
    for some in batches(keys):
        rows = Agreement.objects.standing().filter(owner=to, pk__in=some)
        lock(rows)
        standing.update(rows.values_list("pk", flat=True))
    by_before = defaultdict(list)
    for pk, before in done:
        if pk in standing:
            by_before[before].append(pk)
    people = User.objects.in_bulk(by_before)
    for before, mine in by_before.items():
        _give(mine, people[before], by)
    return len(done) - len(standing)


def declare():
    """The part of this app; once, when the app is ready."""
    goes_along.register(
        GoesAlong("agreements", ngettext_lazy("%(n)s agreement", "%(n)s agreements", "n"), _theirs, _move, _take_back)
    )
