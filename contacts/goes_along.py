"""What goes along when a workplace is handed over: each app registers its own.

Follow-ups, planned contacts and places in contact plans are of this app. A part is asked and moved for many workplaces at
once, in a fixed number of statements, and what it moved is kept with the hand-over so that exactly that can be taken back.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import ngettext_lazy

from companies.set_based import lock
from contacts import actions
from contacts.models import ContactPlanTarget, FollowUp, HandoverItem, Interaction
from jobcenter_crm.backstage.bulk import write_history
from jobcenter_crm.staff.models import User

# Primary keys in one statement.
BATCH = 500


@dataclass(frozen=True)
class GoesAlong:
    """One kind of thing that follows a workplace to the new colleague.

    `words` counts them, by `n`. `of(giver)` is the queryset of what is the giver's and still open, each with a
    `workplace`; without a giver, what nobody has who works here. `move(rows, giver, to, by)` gives those rows and
    returns what it did as JSON, a list with an entry for each row; `take_back(done, to, by)` undoes that where the
    rows are still `to`'s, and returns how many it left. What `is_theirs_anywhere` goes along from workplaces of
    colleagues too when somebody hands over all they have.
    """

    name: str
    words: Promise
    of: Callable
    move: Callable
    take_back: Callable
    is_theirs_anywhere: bool = False

    def at(self, workplaces, giver):
        """What goes along with `workplaces`, a queryset."""
        return self.of(giver).filter(workplace__in=workplaces.order_by().values("pk"))


_parts = {}


def register(*parts):
    """Add parts; called from `AppConfig.ready()`. Raises `ValueError` for a name that stands for something else."""
    for part in parts:
        if _parts.setdefault(part.name, part) != part:
            raise ValueError(f"There are two things called {part.name} that go along.")


def all_parts():
    """Every part, in the order in which they were registered."""
    return list(_parts.values())


def part_named(name):
    """The part of that name, None for one that no app knows any more."""
    return _parts.get(name)


def batches(keys):
    """A list in pieces that fit into one statement."""
    return (keys[first : first + BATCH] for first in range(0, len(keys), BATCH))


def _theirs(giver, to="owner"):
    return Q(**{to: giver}) if giver else Q(**{f"{to}__is_active": False})


def owned(name, words, standing, *, column="owner", workplace="workplace"):
    """The part of rows that somebody has, as a column says, until they are over; what was promised for them goes by itself.

    `standing()` is the queryset of those that are not over, of a model with history; `workplace` leads to where they are.
    """
    model = standing().model

    def of(giver):
        rows = standing().filter(_theirs(giver, column))
        return rows if workplace == "workplace" else rows.annotate(workplace=F(workplace))

    def give(pks, to, by):
        for some in batches(pks):
            rows = model.objects.filter(pk__in=some)
            rows.update(**{column: to})
            write_history(rows, at=timezone.now(), by=by)

    def move(rows, giver, to, by):
        lock(rows)
        done = [list(pair) for pair in rows.order_by("pk").values_list("pk", column)]
        give([pk for pk, _before in done], to, by)
        return done

    def take_back(done, to, by):
        return _back(done, standing().filter(**{column: to}), give, by)

    return GoesAlong(name, words, of, move, take_back, is_theirs_anywhere=True)


# Follow-ups.


def _follow_ups(giver):
    offered = HandoverItem.objects.open().filter(follow_up__isnull=False)
    return FollowUp.objects.open().filter(_theirs(giver)).exclude(pk__in=offered.values("follow_up"))


def move_follow_ups(rows, giver, to, by):
    """Give open follow-ups, with their history; `[[key, whose it was], ...]`."""
    lock(rows)
    done = [list(pair) for pair in rows.order_by("pk").values_list("pk", "owner")]
    _give_follow_ups([pk for pk, _before in done], to, by)
    return done


def take_back_follow_ups(done, to, by):
    """Give them back that are still `to`'s and open; how many are not."""
    return _back(done, FollowUp.objects.open().filter(owner=to), _give_follow_ups, by)


def _give_follow_ups(pks, to, by):
    for some in batches(pks):
        rows = FollowUp.objects.filter(pk__in=some)
        rows.update(owner=to)
        write_history(rows, at=timezone.now(), by=by)


def _back(done, still, give, by):
    """Give each of `done` back to whoever had it, where it is among the queryset `still`; how many are not."""
    pks = [pk for pk, _before in done]
    standing = set()
    for some in batches(pks):
        rows = still.filter(pk__in=some)
        lock(rows)
        standing.update(rows.values_list("pk", flat=True))
    by_before = defaultdict(list)
    for pk, before in done:
        if pk in standing:
            by_before[before].append(pk)
    people = User.objects.in_bulk(filter(None, by_before))
    for before, mine in by_before.items():
        give(mine, people.get(before), by)
    return len(done) - len(standing)


# Planned contacts.


def _visits(giver):
    planned = Interaction.objects.planned()
    return planned.filter(staff=giver) if giver else planned.without_staff()


def move_visits(rows, giver, to, by):
    """Let `to` go to planned contacts; as `actions.swap_staff` tells."""
    # By their keys: once swapped they are no longer found by who goes.
    keys = list(rows.order_by().values_list("pk", flat=True))
    out = User.objects.filter(pk=giver.pk) if giver else User.objects.filter(is_active=False)
    return [one for some in batches(keys) for one in actions.swap_staff(contacts=some, out=out, to=to, by=by)]


def take_back_visits(done, to, by):
    """Let those go again who went before, where `to` still is to go; how many were left."""
    return sum(actions.swap_staff_back(swapped=some, to=to, by=by) for some in batches(done))


# Contact plans.


def _targets(giver):
    return ContactPlanTarget.objects.filter(_theirs(giver, "consultant"), plan__state="running").waiting()


def _move_targets(rows, giver, to, by):
    done = [list(pair) for pair in rows.order_by("pk").values_list("pk", "consultant")]
    _give_targets([pk for pk, _before in done], to, by)
    # Who contacts takes part: a plan's page shares out between those.
    through = ContactPlanTarget.plan.field.related_model.participants.through
    plans = set()
    for some in batches([pk for pk, _before in done]):
        plans.update(ContactPlanTarget.objects.filter(pk__in=some).order_by().values_list("plan", flat=True).distinct())
    through.objects.bulk_create([through(contactplan_id=plan, user=to) for plan in plans], ignore_conflicts=True)
    return done


def _take_back_targets(done, to, by):
    return _back(done, ContactPlanTarget.objects.waiting().filter(consultant=to), _give_targets, by)


def _give_targets(pks, to, by):
    for some in batches(pks):
        ContactPlanTarget.objects.filter(pk__in=some).update(consultant=to)


FOLLOW_UPS = GoesAlong(
    "follow_ups",
    ngettext_lazy("%(n)s open follow-up", "%(n)s open follow-ups", "n"),
    _follow_ups,
    move_follow_ups,
    take_back_follow_ups,
)
VISITS = GoesAlong(
    "visits",
    ngettext_lazy("%(n)s planned contact", "%(n)s planned contacts", "n"),
    _visits,
    move_visits,
    take_back_visits,
)
TARGETS = GoesAlong(
    "targets",
    ngettext_lazy("%(n)s place in a contact plan", "%(n)s places in contact plans", "n"),
    _targets,
    _move_targets,
    _take_back_targets,
)


def declare():
    """The parts of this app; once, when the app is ready."""
    register(FOLLOW_UPS, VISITS, TARGETS)
