"""What colleagues who no longer work here have left behind: workplaces, follow-ups and planned contacts that nobody has.

Nothing is rewritten when somebody leaves (decision 13), so this is asked of who is inactive.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from companies.models import Workplace
from contacts import handovers, waiting
from contacts.models import FollowUp, Interaction
from jobcenter_crm.backstage.models import Message
from jobcenter_crm.staff import leaving
from jobcenter_crm.staff.models import User

WORKPLACES = ngettext_lazy("%(n)s workplace", "%(n)s workplaces", "n")
FOLLOW_UPS = ngettext_lazy("%(n)s follow-up", "%(n)s follow-ups", "n")
VISITS = ngettext_lazy("%(n)s planned contact", "%(n)s planned contacts", "n")


@dataclass
class Leaver:
    """A colleague who has left, and how much of theirs nobody has taken over."""

    user: User
    workplaces: int = 0
    follow_ups: int = 0
    visits: int = 0

    @property
    def in_words(self):
        """How much, kind by kind."""
        counted = ((WORKPLACES, self.workplaces), (FOLLOW_UPS, self.follow_ups), (VISITS, self.visits))
        return ", ".join(words % {"n": number} for words, number in counted if number)


def workplaces(users):
    """Those of the colleagues of the queryset `users` who have left."""
    return Workplace.objects.active().filter(owner__in=users.filter(is_active=False))


def follow_ups(users):
    """Their open follow-ups."""
    return FollowUp.objects.open().filter(owner__in=users.filter(is_active=False))


def visits(users):
    """Planned contacts of theirs to which nobody else goes."""
    theirs = Interaction.staff.through.objects.filter(user__in=users.filter(is_active=False))
    return _without_staff().filter(pk__in=theirs.values("interaction"))


def _without_staff():
    return Interaction.objects.planned().without_staff()


def leavers(users):
    """A `Leaver` for each of the queryset `users` who has left something behind, in two statements."""
    gone = users.filter(is_active=False).order_by()
    going = Interaction.staff.through.objects.filter(user__in=gone, interaction__in=_without_staff().values("pk"))
    several = [
        _counted(workplaces(users), "workplaces", "owner"),
        _counted(follow_ups(users), "follow_ups", "owner"),
        _counted(going, "visits", "user"),
    ]
    counted = {}
    for what, pk, number in several[0].union(*several[1:], all=True):
        counted.setdefault(pk, {})[what] = number
    if not counted:
        return []
    people = users.filter(pk__in=counted).with_leaders()
    return [Leaver(user, **counted[user.pk]) for user in people.in_order()]


def _counted(rows, what, column):
    return (
        rows.order_by()
        .values(what=Value(what), whose=F(column))
        .annotate(n=Count("pk"))
        .values_list("what", "whose", "n")
    )


def take(*, workplaces, follow_ups, visits, by):
    """Let `by` have what nobody has of these (keys); the `handovers.Outcome`, or None where there is nothing to take.

    Left out is what has found somebody since, and what stands in an open offer. Raises `NotNow` where somebody is
    quicker even now.
    """
    free = {
        "workplaces": handovers.not_offered(Workplace.objects.without_owner().filter(pk__in=workplaces)),
        "follow_ups": FollowUp.objects.open()
        .without_owner()
        .filter(pk__in=follow_ups)
        .exclude(pk__in=handovers.offered("follow_up")),
        "visits": Interaction.objects.planned()
        .without_staff()
        .filter(pk__in=visits)
        .exclude(pk__in=handovers.offered("visit")),
    }
    found = {name: list(rows.order_by("pk").values_list("pk", flat=True)) for name, rows in free.items()}
    if not any(found.values()):
        return None
    return handovers.assign(giver=None, to=by, by=by, **found)


def seen_by(user):
    """The colleagues whose things are `user`'s team's: those of the team and of teams they lead; for managers, all."""
    if user.has_perm(handovers.ASSIGN):
        return User.objects.all()
    mine = Q(team__leader=user) | Q(manager=user)
    return User.objects.filter(mine | Q(team=user.team_id) if user.team_id else mine)


def _tell(user, *, by, at):
    """Write to whoever leads a colleague who has left, or else to the managers; once for each time they leave."""
    led_by = user.led_by
    url = f"{settings.SITE_URL}{reverse('contacts:without_responsible')}?whose={user.pk}"
    for leader in [led_by] if led_by else handovers.managers():
        with translation.override(leader.language or settings.LANGUAGE_CODE):
            left = leaving.left_behind(user)
        Message.post(
            key=f"left:{user.pk}:{at.isoformat()}:{leader.pk}",
            to=leader,
            template="contacts/mail/left",
            context={"name": str(user), "by": str(by), "left": left, "url": url},
        )


def _only_theirs(user):
    """Planned contacts to which nobody else goes who works here."""
    others = Interaction.staff.through.objects.filter(interaction=OuterRef("pk"), user__is_active=True)
    # Asked of each of theirs: a list of all contacts that anybody else takes part in is as long as all contacts.
    return Interaction.objects.planned().with_staff(user).filter(~Exists(others.exclude(user=user)))


def _without_responsible(asked, most):
    if not (asked.may_assign or asked.leaders):
        return {}
    found = {}
    url = reverse("contacts:without_responsible")
    for leaver in leavers(User.objects.all()):
        leader = leaver.user.led_by
        for pk in asked.may_assign | ({leader.pk} & asked.leaders if leader else set()):
            told = found.setdefault(pk, waiting.Found())
            told.count += 1
            if len(told.lines) < most:
                what = _("%(name)s has left: %(what)s") % {"name": leaver.user, "what": leaver.in_words}
                told.lines.append(waiting.Line(what, f"{url}?whose={leaver.user.pk}"))
    return found


def declare():
    """What a colleague leaves behind, and who is told of it; once, when the app is ready."""
    leaving.register(
        leaving.LeftBehind(
            "workplaces", WORKPLACES, lambda user: Workplace.objects.active().filter(owner=user).count()
        ),
        leaving.LeftBehind("follow_ups", FOLLOW_UPS, lambda user: FollowUp.objects.open().of(user).count()),
        leaving.LeftBehind("visits", VISITS, lambda user: _only_theirs(user).count()),
    )
    leaving.on_leaving(_tell)
    waiting.register(
        waiting.Part(
            70,
            "without_responsible",
            gettext_lazy("Without responsible"),
            _without_responsible,
            url=lambda: reverse("contacts:without_responsible"),
        )
    )
