"""What came of placements: asked four weeks after the end, told in shares and never of few, and forgotten whose it was."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.utils import bulk_create_with_history

from companies.models import TIERS, Branch, Company, TargetGroup, Workplace
from contacts.actions import NotNow, hold, refresh, refresh_contact_dates
from contacts.goes_along import batches
from contacts.models import UNDO_FOR, FollowUp
from jobcenter_crm.frame.rounding import half_up
from jobcenter_crm.frame.working_days import working_day_from
from partnerships import centres
from placements import small_groups
from placements.follow_ups import EFFECT
from placements.models import Effect, Measure, Placement, Slot
from placements.querysets import EFFECT_AFTER

# So long after the effect was written the case reference is kept.
ERASED_AFTER = timedelta(days=90)
# Of fewer than so many nothing is told: it would tell of one of them.
FEWEST = 5
# So many groups of a kind are told, the largest first.
MOST_GROUPS = 20
Outcome = Effect.Outcome


def asked_on(placement):
    """The day from which it can be said what came of a placement that has ended."""
    return placement.ended_on + EFFECT_AFTER


@transaction.atomic
def record(*, placement, by, outcome, hours=None, self_supporting=None):
    """Write what came of it; what was written before is replaced. "Unknown" is an answer too.

    Raises `NotNow` where it has not ended four weeks ago.
    """
    hold([placement.slot.workplace_id])
    placement = Placement.objects.select_for_update(of=["self"]).select_related("slot__workplace").get(pk=placement.pk)
    today = timezone.localdate()
    if not placement.has_ended:
        raise NotNow(_("This placement has not ended."))
    if today < asked_on(placement):
        raise NotNow(
            _("It is asked four weeks after the end, from %(day)s.")
            % {"day": date_format(asked_on(placement), "DATE_FORMAT")}
        )
    told = Effect.objects.filter(placement=placement).first() or Effect(placement=placement)
    told.outcome, told.hours = outcome, hours if outcome == Outcome.HOURS else None
    told.self_supporting = None if outcome == Outcome.UNKNOWN else self_supporting
    told.recorded_on, told.recorded_at, told.recorded_by, told._history_user = today, timezone.now(), by, by
    told.save()
    for follow_up in _asked(placement).open().select_for_update(of=["self"]):
        follow_up.finish(by=by)
    refresh(placement.slot.workplace)
    return told


def may_undo(told, user, now):
    """Whether `user` can still take back what they have just written."""
    return told is not None and told.recorded_by_id == user.pk and now - told.recorded_at < UNDO_FOR


@transaction.atomic
def undo(*, placement, by):
    """Take back what was written: what was told before holds again and is returned; where that is nothing it is asked again.

    Raises `NotNow` where it is too late or somebody else wrote it.
    """
    hold([placement.slot.workplace_id])
    told = Effect.objects.select_for_update().filter(placement=placement).first()
    if not may_undo(told, by, timezone.now()):
        raise NotNow(_("It can be taken back for ten minutes, by whoever wrote it. Write it anew."))
    if former := _told_before(told):
        former._history_user = by
        former.save()
        return former
    for follow_up in _asked(placement).filter(done_by=by, done_at__gte=told.recorded_at).select_for_update(of=["self"]):
        follow_up.reopen()
    told._history_user = by
    told.delete()
    refresh(placement.slot.workplace)
    return None


def _told_before(told):
    """The `Effect` as it was before `told` replaced it, unsaved; None where nothing had been told.

    What was taken back in between has a later row, but not an earlier time, than what it had replaced.
    """
    rows = Effect.history.filter(placement=told.placement_id)
    gone = rows.filter(history_type="-").order_by("-history_id").values("history_id")[:1]
    rows = rows.filter(history_id__gt=Coalesce(Subquery(gone), 0), recorded_at__lt=told.recorded_at)
    before = rows.order_by("-history_id").first()
    return before and before.instance


def _asked(placement):
    return FollowUp.objects.caused_by(placement).filter(kind=EFFECT)


def ask(today):
    """Ask the consultant of each placement that ended four weeks ago what came of it; returns how many.

    In a fixed number of statements for every 500. Harmless twice. Where the case reference is gone nobody can say.
    """
    waiting = list(_unasked(today).order_by("pk").values_list("pk", flat=True))
    return sum(_ask_some(some, today) for some in batches(waiting))


def _unasked(today):
    asked = FollowUp.objects.filter(
        kind=EFFECT, cause_type=ContentType.objects.get_for_model(Placement), cause_id=OuterRef("pk")
    )
    return Placement.objects.effect_due(today).filter(~Exists(asked))


@transaction.atomic
def _ask_some(keys, today):
    rows = Placement.objects.filter(pk__in=keys)
    hold(rows.order_by().values("slot__workplace"))
    list(rows.order_by("pk").select_for_update(of=["self"]).values_list("pk", flat=True))
    found = _unasked(today).filter(pk__in=keys).select_related("slot__workplace", "consultant").order_by("pk")
    cause_type = ContentType.objects.get_for_model(Placement)
    asked = [
        FollowUp(
            kind=EFFECT,
            cause_type=cause_type,
            cause_id=placement.pk,
            workplace=placement.slot.workplace,
            title=_title_for(placement),
            due_on=working_day_from(max(asked_on(placement), today)),
            owner=placement.consultant,
        )
        for placement in found
    ]
    if asked:
        bulk_create_with_history(asked, FollowUp)
        refresh_contact_dates(Workplace.objects.filter(pk__in={one.workplace_id for one in asked}))
    return len(asked)


def _title_for(placement):
    with translation.override(placement.consultant.language or settings.LANGUAGE_CODE):
        return _("%(employer)s: what came of the placement that ended on %(day)s?") % {
            "employer": Truncator(placement.slot.workplace.name).chars(100),
            "day": date_format(placement.ended_on, "DATE_FORMAT"),
        }


def erase_references(now):
    """Forget the case references of placements whose effect was written 90 days ago, or that came to nothing then.

    Returns how many. The rows stay; the history has never had the references. Harmless twice.
    """
    then = now - ERASED_AFTER
    is_told, is_withdrawn = Q(effect__recorded_at__lte=then), Q(withdrawn_on__lte=timezone.localdate(then))
    rows = Placement.objects.filter(is_told | is_withdrawn, reference_erased_at=None)
    return Placement.objects.filter(pk__in=rows.order_by().values("pk")).update(
        case_reference="", token=None, reference_erased_at=now
    )


@dataclass(frozen=True)
class Share:
    """What came of the placements of one group: `number` of them have an answer, and `known` one that is not "unknown".

    Groups of fewer than five are not told: that is how many people it is told of, not how many of them found a job. A
    share may rest on one of five, since it does not say which of them; told only of shares of five and more, a place
    with nine placements could never be spoken of. Whoever reads the page may open each placement (`placements.view_effect`).
    """

    label: str
    number: int
    known: int
    job: int
    hours: int
    education: int
    none: int
    self_supporting: int
    asked_self_supporting: int

    @property
    def unknown(self):
        return self.number - self.known

    def percent(self, part):
        """`part` of those of whom it is known, in whole per cent."""
        return half_up(100 * part / self.known) if self.known else 0

    @property
    def parts(self):
        """`(words, number, per cent)` of each thing that can come of it."""
        counted = [(Outcome.JOB, self.job), (Outcome.HOURS, self.hours), (Outcome.EDUCATION, self.education),
                   (Outcome.NONE, self.none)]  # fmt: skip
        return [(outcome.label, number, self.percent(number)) for outcome, number in counted]

    @property
    def self_supporting_percent(self):
        """Of those of whom it was said; None where it was said of too few."""
        if self.asked_self_supporting < FEWEST:
            return None
        return half_up(100 * self.self_supporting / self.asked_self_supporting)


@dataclass(frozen=True)
class Shares:
    """The whole, None where it is too few to tell, and `groups`, `[(heading, [Share])]`, without what would tell of few."""

    whole: Share | None
    groups: list


def _counts():
    outcome = "effect__outcome"
    return {
        "number": Count("effect"),
        "known": Count("effect", filter=~Q(**{outcome: Outcome.UNKNOWN})),
        "job": Count("effect", filter=Q(**{outcome: Outcome.JOB})),
        "hours": Count("effect", filter=Q(**{outcome: Outcome.HOURS})),
        "education": Count("effect", filter=Q(**{outcome: Outcome.EDUCATION})),
        "none": Count("effect", filter=Q(**{outcome: Outcome.NONE})),
        "self_supporting": Count("effect", filter=Q(effect__self_supporting=True)),
        "asked_self_supporting": Count("effect", filter=Q(effect__self_supporting__isnull=False)),
    }


def _names(model):
    return lambda keys: {one.pk: str(one) for one in model.objects.filter(pk__in=keys)}


# Heading, the column by which they are grouped, and what the groups are called. Never by colleague.
BY = (
    (gettext_lazy("By employer"), "slot__workplace__company", _names(Company)),
    (gettext_lazy("By group"), "slot__workplace__tier", lambda keys: dict(TIERS)),
    (gettext_lazy("By branch"), "slot__workplace__branch", _names(Branch)),
    (gettext_lazy("By measure"), "slot__measure", _names(Measure)),
)
# A place may be for several: these groups have people in common, and there is no line for the others.
BY_TARGET_GROUP = (gettext_lazy("By the target groups of the place"), _names(TargetGroup))


def _told(placements):
    return Placement.objects.filter(pk__in=placements.order_by().values("pk"), effect__isnull=False).order_by()


def whole(placements):
    """What came of a queryset of placements, all together; None where it is known of fewer than five. One statement."""
    counted = _told(placements).aggregate(**_counts())
    return Share("", **counted) if counted["known"] >= FEWEST else None


def shares(placements):
    """What came of a queryset of placements, told of five and more of whom it is known; in a fixed number of statements.

    A slot lies in one group of each kind, so that all is counted by slot. A group of five and more is hidden too where
    a smaller one could be reckoned from it (`small_groups`); those not told are one line where they are others enough.
    """
    told = _told(placements)
    columns = [column for _heading, column, _names in BY]
    cells = {row["slot"]: row for row in told.values("slot", *columns).annotate(**_counts())}
    if sum(row["known"] for row in cells.values()) < FEWEST:
        return Shares(None, [])
    tables = [_by_column(cells, column) for column in columns]
    of_groups = _by_target_group(told, cells)
    allowed = small_groups.tellable(
        [*tables, of_groups], {slot: row["known"] for slot, row in cells.items()}, fewest=FEWEST, most=MOST_GROUPS
    )
    groups = []
    for (heading, _column, names), table, keys in zip(BY, tables, allowed[:-1], strict=True):
        lines = _lines(cells, table, keys, names)
        rest = set(cells).difference(*(table[key] for key in keys))
        others = _share(_("Others"), cells, rest)
        groups.append((heading, [*lines, others] if lines and others.known else lines))
    heading, names = BY_TARGET_GROUP
    groups.append((heading, _lines(cells, of_groups, allowed[-1], names)))
    return Shares(_share("", cells, cells), groups)


def _by_column(cells, column):
    """`{key: slots}`, with None for those that have none."""
    table = defaultdict(set)
    for slot, row in cells.items():
        table[row[column]].add(slot)
    return table


def _by_target_group(told, cells):
    through = Slot.target_groups.through.objects.filter(slot__in=told.values("slot"))
    table = defaultdict(set)
    for slot, group in through.values_list("slot", "targetgroup"):
        table[group].add(slot)
    table[None] = set(cells).difference(*table.values())
    return table


def _lines(cells, table, keys, names):
    called = names(keys) if keys else {}
    return [_share(called.get(key, ""), cells, table[key]) for key in keys]


def _share(label, cells, slots):
    return Share(str(label), **{name: sum(cells[slot][name] for slot in slots) for name in _counts()})


def _of_centre(agreement, user):
    """The result of a company centre: of the placements in its slots, told of five and more; one statement."""
    if not user.has_perm("placements.view_effect"):
        return None
    known = Effect.objects.filter(placement__slot__agreement=agreement, self_supporting__isnull=False).order_by()
    counted = known.aggregate(known=Count("pk"), supporting=Count("pk", filter=Q(self_supporting=True)))
    if counted["known"] < FEWEST:
        return centres.Result(None, counted["known"], FEWEST)
    return centres.Result(half_up(100 * counted["supporting"] / counted["known"]), counted["known"], FEWEST)


def declare():
    """Where the result of a company centre comes from; once, when the app is ready."""
    centres.register_result(_of_centre)
