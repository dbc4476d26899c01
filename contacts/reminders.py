"""What waits beside follow-ups: contacts of the day, those nobody told about, cold workplaces, plans and news."""

from datetime import datetime, time, timedelta
from functools import partial

from django.db.models import Count, F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from companies.models import RegisterChange
from companies.register.news import SHOWN_FOR, sentences
from contacts.due import oldest_of_each_group, plans_with_cadence
from contacts.models import Channel, ContactPlanTarget, Interaction
from contacts.waiting import Found, Line, Part, first_of_each, of_rows, register
from jobcenter_crm.frame.templatetags.frame import span_late

# Of the workplaces that have gone cold, how many are named: those that have waited longest.
COLD_NAMED = 3

_participation = Interaction.staff.through.objects


def _planned(asked):
    """Planned contacts and who takes part."""
    return _participation.filter(user__in=asked.users, interaction__state=Interaction.State.PLANNED)


def _planned_today(asked):
    return _planned(asked).filter(interaction__on=asked.today)


def _passed(asked):
    """Planned for a day that has passed, and nobody has said what came of it."""
    return _planned(asked).filter(interaction__on__lt=asked.today)


def _tell_contacts(rows, asked, most):
    found = {}
    order = ["interaction__on", F("interaction__at").asc(nulls_last=True), "interaction"]
    for one in first_of_each(rows.select_related("interaction__workplace"), "user", order, most):
        found.setdefault(one.user_id, Found(one.in_all)).lines.append(_line(one.interaction))
    return found


def _line(contact):
    what = _("%(channel)s, %(purpose)s") % {
        "channel": Channel(contact.channel).label,
        "purpose": contact.purpose,
    }
    return Line(what, contact.get_absolute_url(), contact.workplace.name, contact.on, contact.at)


def _cold(asked, most):
    """More time has passed than the plan of their group says; the longest over are named."""
    plans = plans_with_cadence()
    found, over = {}, {}
    oldest = oldest_of_each_group(asked.users, asked.today, plans, COLD_NAMED)
    told_of = "owner", "tier", "number", "in_all", "pk", "name", "waiting_since"
    for row in oldest.values_list(*told_of, named=True):
        told = found.setdefault(row.owner, Found())
        if row.number == 1:
            told.count += row.in_all
        due_on = row.waiting_since + timedelta(days=plans[row.tier].cadence_days)
        over.setdefault(row.owner, []).append((due_on, row.name, row.pk))
    for owner, told in found.items():
        longest = sorted(over[owner])[: min(most, COLD_NAMED)]
        told.lines = [
            Line(span_late((asked.today - due_on).days), reverse("desk:card", args=[pk]), name)
            for due_on, name, pk in longest
        ]
    return found


def _contact_plans(asked, most):
    """A line for each contact plan in which somebody still has workplaces to contact."""
    waiting = ContactPlanTarget.objects.running().waiting().filter(consultant__in=asked.users)
    counted = waiting.values("consultant", "plan", "plan__name").annotate(number=Count("pk"))
    found = {}
    for row in counted.order_by("consultant", "plan__position", "plan"):
        told = found.setdefault(row["consultant"], Found())
        told.count += 1
        if len(told.lines) < most:
            what = ngettext("%(n)s workplace waits", "%(n)s workplaces wait", row["number"]) % {"n": row["number"]}
            url = f"{reverse('contacts:contact_plan', args=[row['plan']])}?show=mine"
            told.lines.append(Line(what, url, row["plan__name"]))
    return found


def _news(asked, most):
    """What the register has lately told of their places, and nobody has seen."""
    since = timezone.make_aware(datetime.combine(asked.today - SHOWN_FOR, time.min))
    theirs = RegisterChange.objects.standing().filter(workplace__owner__in=asked.users).news().unseen().since(since)
    theirs = theirs.exclude(by=F("workplace__owner")).select_related("workplace")
    found = {}
    for change in first_of_each(theirs, "workplace__owner", ["-at", "-pk"], most):
        told = found.setdefault(change.workplace.owner_id, Found(change.in_all))
        what = ", ".join(sentences(change, asked.today))
        place = change.workplace
        told.lines.append(
            Line(what[:1].upper() + what[1:], place.get_absolute_url(), place.name, timezone.localdate(change.at))
        )
    return found


def declare():
    """These parts; once, when the app is ready."""
    my_day = partial(reverse, "desk:home")
    register(
        of_rows(
            5,
            "passed",
            gettext_lazy("Held, moved or cancelled?"),
            _passed,
            _tell_contacts,
            url=lambda: f"{my_day()}#passed",
            late=True,
        ),
        of_rows(15, "planned", gettext_lazy("Contacts planned for today"), _planned_today, _tell_contacts, url=my_day),
        Part(60, "cold", gettext_lazy("Due for contact"), _cold, url=partial(reverse, "contacts:due"), urgent=False),
        Part(
            70,
            "contact_plans",
            gettext_lazy("Contact plans"),
            _contact_plans,
            url=partial(reverse, "contacts:contact_plans"),
            urgent=False,
        ),
        Part(
            80,
            "news",
            gettext_lazy("From the register"),
            _news,
            url=partial(reverse, "companies:changes"),
            urgent=False,
        ),
    )
