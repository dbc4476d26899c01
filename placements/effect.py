"""What came of placements: asked four weeks after the end, told in shares and never of few, and forgotten whose it was."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Avg, Count, Exists, OuterRef, Q
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
from jobcenter_crm.frame.working_days import working_day_from
from placements.follow_ups import EFFECT
from placements.models import Effect, Measure, Placement
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
    if not placement.is_over:
        raise NotNow(_("This placement has not ended."))
    if today < asked_on(placement):
        raise NotNow(
            _("It is asked four weeks after the end, from %(day)s.")
            % {"day": date_format(asked_on(placement), "DATE_FORMAT")}
        )
    told = Effect.objects.filter(placement=placement).first() or Effect(placement=placement)
    told.outcome, told.hours = outcome, hours if outcome == Outcome.HOURS else None
    told.self_supporting = None if outcome == Outcome.UNKNOWN else self_supporting
    told.recorded_on, told.recorded_by, told._history_user = today, by, by
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
    """Take back what was written, and ask again. Raises `NotNow` where it is too late or somebody else wrote it."""
    hold([placement.slot.workplace_id])
    told = Effect.objects.select_for_update().filter(placement=placement).first()
    if not may_undo(told, by, timezone.now()):
        raise NotNow(_("It can be taken back for ten minutes, by whoever wrote it. Write it anew."))
    for follow_up in _asked(placement).filter(done_by=by, done_at__gte=told.recorded_at).select_for_update(of=["self"]):
        follow_up.reopen()
    told._history_user = by
    told.delete()
    refresh(placement.slot.workplace)


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
    """Forget the case references of placements whose effect was written 90 days ago; returns how many. Harmless twice.

    The rows stay and count. The history has never had the references.
    """
    rows = Placement.objects.filter(effect__recorded_at__lte=now - ERASED_AFTER, reference_erased_at=None)
    return Placement.objects.filter(pk__in=rows.order_by().values("pk")).update(
        case_reference="", token=None, reference_erased_at=now
    )


@dataclass(frozen=True)
class Share:
    """What came of the placements of one group: `number` of them have an answer, and `known` one that is not "unknown"."""

    label: str
    number: int
    known: int
    job: int
    hours: int
    education: int
    none: int
    self_supporting: int
    asked_self_supporting: int
    average_hours: float | None

    @property
    def unknown(self):
        return self.number - self.known

    def percent(self, part):
        """`part` of those of whom it is known, in whole per cent."""
        return round(100 * part / self.known) if self.known else 0

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
        return round(100 * self.self_supporting / self.asked_self_supporting)


@dataclass(frozen=True)
class Shares:
    """The whole, None where it is too few to tell, and `groups`, `[(heading, [Share])]`, without those too few."""

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
        "average_hours": Avg("effect__hours"),
    }


def _names(model):
    return lambda keys: {one.pk: str(one) for one in model.objects.filter(pk__in=keys)}


# Heading, the column by which they are grouped, and what the groups are called. Never by colleague.
BY = (
    (gettext_lazy("By employer"), "slot__workplace__company", _names(Company)),
    (gettext_lazy("By group"), "slot__workplace__tier", lambda keys: dict(TIERS)),
    (gettext_lazy("By branch"), "slot__workplace__branch", _names(Branch)),
    (gettext_lazy("By measure"), "slot__measure", _names(Measure)),
    (gettext_lazy("By the target groups of the place"), "slot__target_groups", _names(TargetGroup)),
)


def _told(placements):
    return Placement.objects.filter(pk__in=placements.order_by().values("pk"), effect__isnull=False).order_by()


def whole(placements):
    """What came of a queryset of placements, all together; None where it is known of fewer than five. One statement."""
    counted = _told(placements).aggregate(**_counts())
    return Share("", **counted) if counted["known"] >= FEWEST else None


def shares(placements):
    """What came of a queryset of placements, told of five and more of whom it is known; in a fixed number of statements."""
    told, all_of_them = _told(placements), whole(placements)
    if all_of_them is None:
        return Shares(None, [])
    groups = []
    for heading, column, names in BY:
        rows = told.filter(**{f"{column}__isnull": False}).values(column).annotate(**_counts())
        counted = list(rows.filter(known__gte=FEWEST).order_by("-known", column)[:MOST_GROUPS])
        called = names([row[column] for row in counted])
        groups.append((heading, [Share(str(called.get(row.pop(column), "")), **row) for row in counted]))
    return Shares(all_of_them, groups)
