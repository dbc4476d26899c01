"""What one person has to do: job orders before all, what nobody told about, overdue, today, the rest of the week, and places that wait."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Count, Q, Window
from django.utils import timezone

from companies.models import RegisterChange, Workplace
from companies.register.news import SHOWN_FOR
from contacts.due import longest_over, plans_with_cadence
from contacts.follow_up_kinds import kinds_told_apart
from contacts.follow_up_list import list_url
from contacts.handovers import ASSIGN
from contacts.models import Channel, ContactPlan, FollowUp, Interaction
from contacts.querysets import overdue_by
from contacts.waiting import Asked, all_parts
from jobcenter_crm.frame.working_days import end_of_view
from jobcenter_crm.staff.absence import stood_in_for
from jobcenter_crm.staff.models import User
from partnerships.models import Agreement, Review
from partnerships.review_days import KIND as REVIEW
from placements import job_order_days

# Until teams enter how many hours they have, more than this is a number and not a list.
DUE_SHOWN = 12
# After a large import there may be hundreds; the rest is behind a link.
NEWS_SHOWN = 10


@dataclass
class Task:
    """One line of my day: a promise or a plan."""

    day: date
    at: time | None
    channel: str
    workplace: Workplace
    title: str
    person: object = None
    follow_up: FollowUp = None
    contact: Interaction = None
    staff: list = field(default_factory=list)

    def is_unanswered(self, today):
        """Whether an employer should have had an answer before `today`: that comes before everything else."""
        is_matter = self.follow_up is not None and self.follow_up.kind == FollowUp.Kind.MATTER
        return is_matter and self.day < today

    @property
    def is_prepared_for(self):
        """Planned, and face to face: one reads the brief before."""
        return self.contact is not None and self.channel in (Channel.VISIT, Channel.MEETING)

    @property
    def order(self):
        return self.day, self.at or time.max, self.workplace.sort_name


@dataclass
class StandIn:
    """A colleague who is absent, and how much of theirs waits; `url` is where it is done."""

    person: User
    overdue: int
    today: int
    url: str


@dataclass
class MyDay:
    """The lists of one person for one day, each in time order."""

    job_orders: list
    passed: list
    overdue: list
    today: list
    this_week: list
    due: list
    due_count: int
    news: list
    news_count: int
    plans: list
    stand_ins: list
    handovers: list
    reviews: list
    week_is_next: bool

    @property
    def is_empty(self):
        return not (self.job_orders or self.passed or self.overdue or self.today or self.this_week)


def my_day(user, today):
    """What waits for `user` on `today`, in a fixed number of statements."""
    until, week_is_next = end_of_view(today)
    tasks = sorted(
        _promised(user, until) + _planned(user, until), key=lambda task: (not task.is_unanswered(today), *task.order)
    )
    due, due_count = longest_over(user, today, plans_with_cadence(), DUE_SHOWN)
    news, news_count = _news(user, today)
    return MyDay(
        job_orders=job_order_days.for_day(user),
        passed=[task for task in tasks if task.day < today and task.contact],
        overdue=[task for task in tasks if task.day < today and task.follow_up],
        today=[task for task in tasks if task.day == today],
        this_week=[task for task in tasks if task.day > today],
        due=due,
        due_count=due_count,
        news=news,
        news_count=news_count,
        plans=list(ContactPlan.objects.waiting_for(user)),
        stand_ins=_stand_ins(user, today),
        handovers=_handovers(user, today),
        reviews=_reviews(user, today, tasks),
        week_is_next=week_is_next,
    )


def _promised(user, until):
    promised = FollowUp.objects.of(user).due_until(until).exclude(kind__in=kinds_told_apart())
    promised = promised.select_related("workplace", "person", "given_by")
    return [
        Task(
            day=follow_up.due_on,
            at=None,
            channel=follow_up.channel,
            workplace=follow_up.workplace,
            title=follow_up.title,
            person=follow_up.person,
            follow_up=follow_up,
        )
        for follow_up in promised
    ]


def _planned(user, until):
    planned = (
        Interaction.objects.planned()
        .with_staff(user)
        .filter(on__lte=until)
        .select_related("workplace")
        .prefetch_related("persons", "staff")
    )
    return [
        Task(
            day=contact.on,
            at=contact.at,
            channel=contact.channel,
            workplace=contact.workplace,
            title=contact.purpose,
            person=next(iter(contact.persons.all()), None),
            contact=contact,
            staff=[colleague for colleague in contact.staff.all() if colleague != user],
        )
        for contact in planned
    ]


def _stand_ins(user, today):
    """Those `user` stands in for, each with how much of theirs is overdue and due today."""
    people = stood_in_for(user, today)
    if not people:
        return []
    promised = FollowUp.objects.due_until(today).filter(owner__in=people).values("owner")
    counts = promised.annotate(late=Count("pk", filter=overdue_by(today)), now=Count("pk", filter=Q(due_on=today)))
    found = {row["owner"]: row for row in counts.order_by()}
    nothing = {"late": 0, "now": 0}
    return [
        StandIn(
            person,
            found.get(person.pk, nothing)["late"],
            found.get(person.pk, nothing)["now"],
            list_url(person.pk),
        )
        for person in people
    ]


def _handovers(user, today):
    """What of hand-overs waits, each with a `label` and where it leads; a manager's part is asked of managers only."""
    names = ["handovers"]
    if user.has_perm(ASSIGN):
        names += ["handovers_unanswered", "without_responsible"]
    asked = Asked([user.pk], today)
    found = [(part, part.find(asked, 1).get(user.pk)) for part in all_parts() if part.name in names]
    return [{"label": f"{part.label}: {one.count}", "url": part.url()} for part, one in found if one]


def _reviews(user, today, tasks):
    """Reviews of the user's agreements within 60 days, without those whose follow-up is among `tasks` already."""
    promised = {task.follow_up.cause_id for task in tasks if task.follow_up and task.follow_up.kind == REVIEW}
    # Asked of the agreements, as the overview and their list ask it.
    due = Review.objects.open().filter(
        agreement__in=Agreement.objects.review_due(today).of(user).order_by().values("pk")
    )
    due = due.select_related("agreement__workplace")
    return [review for review in due.order_by("due_on", "pk") if review.pk not in promised]


def _news(user, today):
    """What the register has lately told of the places of `user`, newest first, and how many there are in all."""
    since = timezone.make_aware(datetime.combine(today - SHOWN_FOR, time.min))
    unseen = RegisterChange.objects.for_owner(user).news().unseen().since(since)
    counted = unseen.annotate(in_all=Window(Count("pk"))).select_related("workplace", "by")
    shown = list(counted.order_by("-at", "-pk")[:NEWS_SHOWN])
    return shown, shown[0].in_all if shown else 0
