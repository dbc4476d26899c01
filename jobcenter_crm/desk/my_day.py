"""What one person has to do: job orders before all, what nobody told about, overdue, today, the rest of the week, and places that wait."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import models
from django.db.models import Count, Prefetch, Q, Value, Window
from django.utils import timezone

from companies.models import RegisterChange, Workplace
from companies.register.news import SHOWN_FOR
from contacts.contact_list import PLANNED
from contacts.contact_list import list_url as contacts_url
from contacts.due import longest_over, plans_with_cadence
from contacts.follow_up_kinds import kinds_told_apart
from contacts.follow_up_list import list_url
from contacts.handovers import ASSIGN
from contacts.models import ContactPlan, FollowUp, Interaction, Person
from contacts.querysets import overdue_by
from contacts.waiting import Asked, all_parts, counts
from contacts.week import week_url
from jobcenter_crm.desk.card import OF_FOLLOW_UP
from jobcenter_crm.frame.working_days import end_of_view
from jobcenter_crm.staff.absence import stood_in_for
from jobcenter_crm.staff.models import NAME, User, names_of
from partnerships.models import Agreement, Review
from partnerships.review_days import KIND as REVIEW
from placements import job_order_days

# Until teams enter how many hours they have, more than this is a number and not a list.
DUE_SHOWN = 12
# After a large import there may be hundreds; the rest is behind a link.
NEWS_SHOWN = 10
# Of what is late, and of the rest of the week, so much is told; the rest is behind a link. More is for today at most.
SHOWN, TODAY_SHOWN = 8, 30


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

    @property
    def is_prepared_for(self):
        """Planned, and face to face: one reads the brief before."""
        return self.contact is not None and self.contact.is_meeting


class Waiting(NamedTuple):
    """What is known of a promise or a plan before it is told: enough to put all of them in order and to count them."""

    is_contact: bool
    pk: int
    day: date
    at: time | None
    sort_name: str
    kind: str
    cause: int | None

    def order(self, today):
        """By day and time. An employer who should have had an answer before `today` comes before everything else."""
        is_unanswered = self.kind == FollowUp.Kind.MATTER and self.day < today
        return not is_unanswered, self.day, self.at or time.max, self.sort_name, self.is_contact, self.pk


@dataclass
class Tasks:
    """One list of my day: the first of what waits, how much waits in all, and `url`, where all of it stands."""

    shown: list
    count: int
    url: str

    @property
    def is_more(self):
        return self.count > len(self.shown)


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
    passed: Tasks
    overdue: Tasks
    today: Tasks
    this_week: Tasks
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
        lists = self.passed, self.overdue, self.today, self.this_week
        return not self.job_orders and not any(tasks.count for tasks in lists)


def my_day(user, today):
    """What waits for `user` on `today`, in a fixed number of statements."""
    until, week_is_next = end_of_view(today)
    waiting = sorted(_waiting(user, until), key=lambda one: one.order(today))
    passed_url = contacts_url(state=PLANNED, whose="me", day_until=today - timedelta(days=1))
    # From Friday on they are of two weeks: the link leads to the first that is not told here.
    ahead = [one for one in waiting if one.day > today]
    passed, overdue, for_today, this_week = _told(
        user,
        ([one for one in waiting if one.day < today and one.is_contact], SHOWN, passed_url),
        ([one for one in waiting if one.day < today and not one.is_contact], SHOWN, list_url("", when="overdue")),
        ([one for one in waiting if one.day == today], TODAY_SHOWN, week_url(today)),
        (ahead, SHOWN, week_url(ahead[SHOWN].day if len(ahead) > SHOWN else until)),
    )
    due, due_count = longest_over(user, today, plans_with_cadence(), DUE_SHOWN)
    news, news_count = _news(user, today)
    return MyDay(
        job_orders=job_order_days.for_day(user),
        passed=passed,
        overdue=overdue,
        today=for_today,
        this_week=this_week,
        due=due,
        due_count=due_count,
        news=news,
        news_count=news_count,
        plans=list(ContactPlan.objects.waiting_for(user)),
        stand_ins=_stand_ins(user, today),
        handovers=_handovers(user, today),
        reviews=_reviews(user, today, {one.cause for one in waiting if one.kind == REVIEW}),
        week_is_next=week_is_next,
    )


def _waiting(user, until):
    """All that is planned and promised until a day, in one statement."""
    planned = Interaction.objects.planned().with_staff(user).filter(on__lte=until)
    promised = FollowUp.objects.of(user).due_until(until).exclude(kind__in=kinds_told_apart())
    plans = planned.order_by().values_list(
        Value(True), "pk", "on", "at", "workplace__sort_name", Value(""), Value(None, models.BigIntegerField())
    )
    promises = promised.order_by().values_list(
        Value(False), "pk", "due_on", Value(None, models.TimeField()), "workplace__sort_name", "kind", "cause_id"
    )
    return [Waiting(*row) for row in plans.union(promises, all=True)]


def _told(user, *lists):
    """The `Tasks` of each of what waits, how much of it is told, and where all of it stands."""
    first = [one for waiting, most, _url in lists for one in waiting[:most]]
    tasks = _promised([one.pk for one in first if not one.is_contact])
    tasks |= _planned([one.pk for one in first if one.is_contact], user)
    return [
        Tasks([tasks[key] for one in waiting[:most] if (key := (one.is_contact, one.pk)) in tasks], len(waiting), url)
        for waiting, most, url in lists
    ]


def _row_of(workplace):
    """The columns of a workplace, to which `workplace` leads, that its row shows, and its way there."""
    return [f"{workplace}__{column}" for column in ("name", "street", "place", "postcode", "town", "tier")]


_OF_CONTACT = ("on", "at", "channel", "purpose", *_row_of("workplace"))
_OF_REVIEW = ("due_on", "agreement__kind", "agreement__title", *_row_of("agreement__workplace"))


def _promised(keys):
    promised = FollowUp.objects.select_related("workplace", "person", "given_by")
    promised = promised.only(*OF_FOLLOW_UP, "owner_id", *names_of("given_by"), *_row_of("workplace"))
    return {
        (False, follow_up.pk): Task(
            day=follow_up.due_on,
            at=None,
            channel=follow_up.channel,
            workplace=follow_up.workplace,
            title=follow_up.title,
            person=follow_up.person,
            follow_up=follow_up,
        )
        for follow_up in promised.in_bulk(keys).values()
    }


def _planned(keys, user):
    theirs = Prefetch("persons", Person.objects.only("name", "phone"))
    ours = Prefetch("staff", User.objects.only(*NAME))
    planned = Interaction.objects.select_related("workplace").prefetch_related(theirs, ours).only(*_OF_CONTACT)
    return {
        (True, contact.pk): Task(
            day=contact.on,
            at=contact.at,
            channel=contact.channel,
            workplace=contact.workplace,
            title=contact.purpose,
            person=next(iter(contact.persons.all()), None),
            contact=contact,
            staff=[colleague for colleague in contact.staff.all() if colleague != user],
        )
        for contact in planned.in_bulk(keys).values()
    }


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
    parts = [part for part in all_parts() if part.name in names]
    counted = zip(parts, counts(parts, Asked([user.pk], today)), strict=True)
    return [{"label": f"{part.label}: {number}", "url": part.url()} for part, number in counted if number]


def _reviews(user, today, promised):
    """Reviews of the user's agreements within 60 days, without those (keys) that are `promised` already."""
    # Asked of the agreements, as the overview and their list ask it.
    due = Review.objects.open().filter(
        agreement__in=Agreement.objects.review_due(today).of(user).order_by().values("pk")
    )
    due = due.select_related("agreement__workplace").only(*_OF_REVIEW)
    return [review for review in due.order_by("due_on", "pk") if review.pk not in promised]


def _news(user, today):
    """What the register has lately told of the places of `user`, newest first, and how many there are in all."""
    since = timezone.make_aware(datetime.combine(today - SHOWN_FOR, time.min))
    unseen = RegisterChange.objects.for_owner(user).news().unseen().since(since)
    counted = unseen.annotate(in_all=Window(Count("pk"))).select_related("workplace", "by")
    shown = list(counted.order_by("-at", "-pk")[:NEWS_SHOWN])
    return shown, shown[0].in_all if shown else 0
