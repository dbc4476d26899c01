"""What people do with contact plans: start one, add workplaces, share them out, end it and go on with the next.

Which contact ticked a workplace off is written by `contacts.actions`, together with the contact.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import CharField, Exists, F, Max, OuterRef, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from companies import selections
from companies.bulk_correction import mark_of
from companies.filters import BrokenSelection
from companies.models import Workplace
from companies.set_based import lock
from contacts.actions import NotNow, tick_off
from contacts.models import ContactPlan, ContactPlanTarget
from jobcenter_crm.backstage import bulk
from jobcenter_crm.backstage.models import Job
from jobcenter_crm.frame.pages import capped_count

# Primary keys in one statement.
BATCH = 1000

REACH_PROTECTED = "companies.reach_protected"


@dataclass
class Found:
    """What a plan's selection finds that is not in the plan yet.

    `rows` are those that bulk contact may reach, `active` those that it may reach on a stated basis.
    """

    rows: models.QuerySet
    active: models.QuerySet
    count: int
    protected_count: int
    left_out: list

    @property
    def mark(self):
        """A mark of exactly these rows, so that what is confirmed is what was shown."""
        return f"{mark_of(self.rows)}.{mark_of(self.active)}"

    def taken(self, basis):
        """The rows that come into the plan; with a `basis` also the protected ones."""
        return self.active if basis else self.rows


def find(plan, today):
    """What the plan's selection finds today that is not in the plan; `Found`.

    Raises `BrokenSelection` where the selection can't be read, or is somebody's own by now.
    """
    fresh = _fresh(plan, today)
    active, rows = fresh.active(), _fitting(plan, fresh)
    count, active_count = rows.count(), active.count()
    protected = active_count - count
    asked = active.filter(do_not_contact=True).count() if protected else 0
    left_out = [
        (ngettext_lazy("%(n)s has asked not to be contacted", "%(n)s have asked not to be contacted", "n"), asked),
        (ngettext_lazy("%(n)s is advertising-protected", "%(n)s are advertising-protected", "n"), protected - asked),
        (ngettext_lazy("%(n)s has ceased", "%(n)s have ceased", "n"), fresh.ceased().count()),
    ]
    return Found(rows, active, count, protected, [why % {"n": number} for why, number in left_out if number])


def count_more(plan, today):
    """How many more workplaces than are in the plan fit today; counted no further than a list. Raises as `find` does."""
    return capped_count(_fitting(plan, _fresh(plan, today)))


def _fresh(plan, today):
    if not plan.selection.is_shared:
        raise BrokenSelection([_("The selection is no longer shared with all.")])
    return _not_in(plan, selections.rows(plan.selection, today=today, user=None)).order_by()


def _not_in(plan, workplaces):
    """Those that are not in the plan. Asked of each of them: with a list that is long they are compared badly."""
    return workplaces.filter(~Exists(plan.targets.filter(workplace=OuterRef("pk"))))


def _fitting(plan, workplaces):
    return workplaces.active() if plan.basis else workplaces.open_to_outreach()


class Changed(Exception):
    """What a plan's selection finds is no longer what was shown; nothing was done."""


# What locks more than one thing locks the plan first, then workplaces in the order of their keys: whoever logs a
# contact has the workplace, and writes the plans' targets after it.


@transaction.atomic
def start(*, plan, mark, by, today, basis=""):
    """Start a draft: it begins today, and the workplaces of which `find` gave this `mark` are written down.

    Returns the `Job` that does so where they are many. With a `basis` the protected ones are among them.
    Raises `NotNow` when it has been started already, `Changed` where it finds others by now, `BrokenSelection` as
    `find` does, and `PermissionDenied` where `by` may not state a basis.
    """
    plan = _locked(plan)
    if not plan.is_draft:
        raise NotNow(_("This plan has already been started or ended."))
    found = _as_shown(plan, mark, today)
    plan.state, plan.starts_on, plan.ends_on = ContactPlan.State.RUNNING, today, max(today, plan.ends_on)
    plan._history_user = by
    plan.save(update_fields=["state", "starts_on", "ends_on"])
    job = _take_in(plan, found, by, basis, also=_its_places(plan))
    # Those that were in the draft.
    tick_off(plan.targets.all())
    return job


@transaction.atomic
def refresh(plan):
    """Write which contacts ticked the plan's workplaces off; whoever changes the days it ran calls it."""
    plan = _locked(plan)
    lock(Workplace.everything.filter(_its_places(plan)))
    tick_off(plan.targets.all())


@transaction.atomic
def take_in(*, plan, mark, by, today, basis=""):
    """Add the workplaces of which `find` gave this `mark`, at once or by a `Job`, which is returned.

    Raises as `start` does, and `NotNow` for a plan that has ended, or is being filled.
    """
    plan = _locked(plan)
    _require_open(plan)
    _require_not_filling(plan)
    return _take_in(plan, _as_shown(plan, mark, today), by, basis)


def _as_shown(plan, mark, today):
    found = find(plan, today)
    if found.mark != mark:
        raise Changed
    return found


def _take_in(plan, found, by, basis, also=None):
    """As `take_in`; the workplaces `also` are locked together with those that come in."""
    if basis:
        _require_may_reach(by)
        plan.state_basis(basis, by=by)
    rows = found.taken(basis)
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[: bulk.ROWS_AT_ONCE + 1])
    are_many = len(keys) > bulk.ROWS_AT_ONCE
    places = Q(pk__in=[] if are_many else keys)
    lock(Workplace.everything.filter(places | also if also else places))
    if not are_many:
        _bring_in(plan, keys, by, plan.basis)
        return None
    job = bulk.start(FILL, by=by, rows=rows, values={}, arguments={"plan": plan.pk})
    ContactPlan.objects.filter(pk=plan.pk).update(job=job)
    return job


def _bring_in(plan, keys, by, basis):
    """Write those workplaces down that are not in the plan and may be reached; returns their keys.

    Plan and workplaces are locked already. Those that have ceased are left out; protected ones too, unless there is
    a `basis`. The same statements however many there are.
    """
    fresh = _not_in(plan, Workplace.objects.filter(pk__in=keys))
    open_ones = set(fresh.open_to_outreach().values_list("pk", flat=True))
    protected = set(fresh.active().values_list("pk", flat=True)) - open_ones if basis else set()
    for some, why in ((open_ones, ""), (protected, basis)):
        bulk.insert_from(
            ContactPlanTarget,
            Workplace.objects.filter(pk__in=some).order_by("pk"),
            {
                "plan": Value(plan.pk),
                "workplace": F("pk"),
                "basis": Value(why, CharField()),
                "added_at": Value(timezone.now()),
                "added_by": Value(by.pk),
                "left_out_why": Value("", CharField()),
            },
        )
    tick_off(plan.targets.filter(workplace__in=open_ones | protected))
    return open_ones | protected


def _its_places(plan):
    return Q(pk__in=plan.targets.values("workplace"))


def _require_not_filling(plan):
    if plan.job and plan.job.is_under_way:
        raise NotNow(_("The plan is being filled. Wait until that is done."))


def _require_open(plan):
    if plan.is_over:
        raise NotNow(_("This plan has ended. Nothing can be added to it."))


def _require_may_reach(user):
    if not user.has_perm(REACH_PROTECTED):
        raise PermissionDenied


def _locked(plan):
    return ContactPlan.objects.select_for_update().get(pk=plan.pk)


FILL = "contacts.fill_plan"


def put_in(plan, workplaces, by, basis=""):
    """Order that exactly the `workplaces` of a queryset that are not in the plan yet come into it; the `Job`, not queued.

    None where all are. Undone, it takes out again those at which nothing has happened. A `basis` is written
    with each protected workplace that comes in by it. Raises `NotNow` for a plan that has ended, and
    `PermissionDenied` where `by` may not state a basis.
    """
    _require_open(plan)
    if basis:
        _require_may_reach(by)
    fresh = _not_in(plan, workplaces)
    if not fresh.exists():
        return None
    arguments = {"plan": plan.pk} | ({"basis": basis} if basis else {})
    return bulk.start(FILL, by=by, rows=fresh, values={}, arguments=arguments, queue_it=False)


def _page(job):
    return reverse("contacts:contact_plan", args=[job.arguments["plan"]])


@bulk.set_kind(
    FILL,
    label=gettext_lazy("Filling a contact plan"),
    model=Workplace,
    permission="contacts.change_contactplan",
    result=_page,
)
def fill(keys, *, job, by):
    """Bring workplaces into the plan; undone, take those out again that nobody has and at which nothing has happened."""
    plan = _locked(ContactPlan(pk=job.arguments["plan"]))
    lock(Workplace.everything.filter(pk__in=keys))
    if job.state == Job.State.UNDONE:
        untouched = plan.targets.filter(workplace__in=keys, contact=None, consultant=None, left_out_why="")
        taken = dict(untouched.select_for_update().order_by("pk").values_list("pk", "workplace"))
        plan.targets.filter(pk__in=list(taken)).delete()
        return taken.values()
    # It may have ended meanwhile.
    return [] if plan.is_over else _bring_in(plan, keys, by, job.arguments.get("basis", "") or plan.basis)


# Who contacts whom.

EVENLY, BY_AREA, BY_HAND = "evenly", "area", "hand"


@dataclass
class Share:
    """What one colleague has after sharing out: their own, what is given now, what they had, and where."""

    user: object
    own: int = 0
    given: int = 0
    had: int = 0
    first: str = ""
    last: str = ""

    @property
    def in_all(self):
        return self.own + self.given + self.had


@dataclass
class Outcome:
    """How workplaces would be shared out: `{target: colleague}` by primary keys, and the same for each colleague.

    `others` counts, for each responsible consultant who does not take part, the workplaces that stay unshared.
    """

    given: dict
    shares: list
    others: list

    @property
    def mark(self):
        """A mark of exactly this outcome."""
        return sha256(repr(sorted(self.given.items())).encode()).hexdigest()


def outcome(plan, people, *, how, anew=False, others_too=False, to=None, ticked=()):
    """Who would contact whom in the plan, of those not contacted yet; writes nothing.

    `people` are those who take part. Shared out are the workplaces that nobody of them has or, `anew`, all; by
    hand the `ticked` targets, `to` one colleague. A workplace whose responsible consultant takes part is theirs.
    One whose responsible consultant does not take part is nobody's, unless `others_too`: nobody is to be
    approached behind a colleague's back.
    """
    team = {person.pk: Share(person) for person in people}
    given, rest, others = {}, [], Counter()
    waiting = plan.targets.waiting().order_by("workplace__postcode", "workplace__sort_name", "pk")
    for pk, consultant, owner, is_here, postcode in waiting.values_list(
        "pk", "consultant", "workplace__owner", "workplace__owner__is_active", "workplace__postcode"
    ):
        owner = owner if is_here else None
        is_free = pk in ticked if how == BY_HAND else anew or consultant not in team
        if not is_free:
            if consultant in team:
                team[consultant].had += 1
        elif how == BY_HAND:
            given[pk] = to.pk
            _count(team[to.pk], postcode, own=owner == to.pk)
        elif owner in team:
            given[pk] = owner
            _count(team[owner], postcode, own=True)
        elif owner and not others_too:
            others[owner] += 1
            if consultant is not None:
                given[pk] = None
        else:
            rest.append((pk, postcode))
    if team:
        given |= _by_area(rest, team) if how == BY_AREA else _evenly(rest, team)
    names = plan.participants.model.objects.in_bulk(others)
    return Outcome(given, list(team.values()), [(names[pk], number) for pk, number in others.most_common()])


def _count(share, postcode, *, own=False):
    if own:
        share.own += 1
    else:
        share.given += 1
    share.first = min(filter(None, (share.first, postcode)), default="")
    share.last = max(share.last, postcode)


def _evenly(rest, team):
    """Each goes to whoever has fewest by then."""
    given = {}
    for pk, postcode in rest:
        share = min(team.values(), key=lambda share: share.in_all)
        given[pk] = share.user.pk
        _count(share, postcode)
    return given


def _by_area(rest, team):
    """Runs of neighbouring postcodes, as long as each other."""
    given = {}
    shares = list(team.values())
    for at, (pk, postcode) in enumerate(rest):
        share = shares[at * len(shares) // len(rest)]
        given[pk] = share.user.pk
        _count(share, postcode)
    return given


@transaction.atomic
def share_out(*, plan, given):
    """Write an `Outcome.given`; what somebody has contacted meanwhile stays with whoever had it."""
    plan = _locked(plan)
    lock(Workplace.everything.filter(_its_places(plan)))
    by_colleague = defaultdict(list)
    for pk, colleague in given.items():
        by_colleague[colleague].append(pk)
    for colleague, pks in by_colleague.items():
        for first in range(0, len(pks), BATCH):
            plan.targets.filter(pk__in=pks[first : first + BATCH], contact=None).update(consultant=colleague)


def waiting_at(workplace, user):
    """The target of a running plan by which `workplace` is to be contacted, `user`'s own first; None if there is none."""
    targets = ContactPlanTarget.objects.running().waiting().filter(workplace=workplace)
    found = list(targets.select_related("plan", "consultant").order_by("plan__position", "pk"))
    return next((target for target in found if target.consultant_id == user.pk), found[0] if found else None)


def purposes_at(workplaces, user):
    """Workplace -> the purpose of the running plan by which it is to be contacted, `user`'s own first."""
    targets = ContactPlanTarget.objects.running().waiting().filter(workplace__in=workplaces)
    told = targets.order_by("-plan__position", "-pk").values_list("workplace", "consultant", "plan__purpose")
    purposes = {workplace: purpose for workplace, _consultant, purpose in told}
    return purposes | {workplace: purpose for workplace, consultant, purpose in told if consultant == user.pk}


# The order of plans.


@transaction.atomic
def draft(plan, *, by, participants):
    """Save a new plan as the last in order."""
    last = ContactPlan.objects.aggregate(last=Max("position"))["last"]
    plan.position, plan.created_by, plan._history_user = (last or 0) + 1, by, by
    plan.save()
    plan.participants.set(participants)


@transaction.atomic
def earlier(*, plan, by):
    """Let a draft change places with the one before it."""
    drafts = list(ContactPlan.objects.drafts().select_for_update())
    at = next((at for at, one in enumerate(drafts) if one.pk == plan.pk), 0)
    if at:
        drafts[at - 1], drafts[at] = drafts[at], drafts[at - 1]
        places = sorted(one.position for one in drafts)
        for before, one in enumerate(drafts):
            # Two that were made at the same moment may have come to the same place.
            places[before] = max(places[before], places[before - 1] + 1 if before else 0)
            if one.position != places[before]:
                one.position, one._history_user = places[before], by
                one.save(update_fields=["position"])


@transaction.atomic
def end(*, plan, by, today):
    """End a plan, or give up a draft. What was not contacted stays so.

    Raises `NotNow` when it has ended already.
    """
    plan = _locked(plan)
    if plan.is_over:
        raise NotNow(_("This plan has already been started or ended."))
    state = ContactPlan.State.GIVEN_UP
    if plan.is_running:
        state, plan.ends_on = ContactPlan.State.ENDED, max(today, plan.starts_on)
    plan.state, plan._history_user = state, by
    plan.save(update_fields=["state", "ends_on"])


def next_after(plan):
    """The draft that comes after it in order, or the first of all others; None if there is none."""
    drafts = ContactPlan.objects.drafts().exclude(pk=plan.pk)
    later = Q(position__gt=plan.position) | Q(position=plan.position, pk__gt=plan.pk)
    return drafts.filter(later).first() or drafts.first()
