"""Workplaces that wait for contact, for whoever goes out to them: the most urgent first, or the nearest."""

from datetime import timedelta

from django import forms
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from companies.filter_parts import PointField
from companies.models import TierPlan, Workplace
from companies.places import Point
from contacts.models import Channel, Interaction, Person
from jobcenter_crm.frame.pages import CappedPaginator
from jobcenter_crm.frame.strict import StrictForm
from jobcenter_crm.frame.working_days import next_working_day
from jobcenter_crm.staff.models import User

# As many of one's own visits as are offered to start from.
STARTS = 5
# Each row tells of people and colleagues too: twice as many take twice as long to draw.
PAGE = 25
# Around where one is going, in kilometres; what can be counted to its end needs no rings.
RINGS = (10, 40, 150)
# More people than these are on the card.
PEOPLE_SHOWN = 2
CHANNELS = {
    TierPlan.Channel.VISIT: Channel.VISIT,
    TierPlan.Channel.PHONE: Channel.PHONE,
    TierPlan.Channel.LETTER: Channel.LETTER,
}


class DueForm(StrictForm):
    """Whose workplaces, and where one is going: what the address of the page may say, strictly.

    What is typed in `near` goes before `visit`, one of `user`'s own planned contacts.
    """

    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        error_messages={"invalid_choice": _("There is no such colleague here any more.")},
    )
    near = PointField(
        label=_("Where are you going?"), required=False, max_length=100,
        help_text=_("A postcode or a town. The nearest then come first."),
    )  # fmt: skip
    visit = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    BESIDES = frozenset({"page", "at"})
    MANY = frozenset({"at"})

    def __init__(self, data, *, user, today):
        self.user, self.today = user, today
        super().__init__(data)
        others = User.objects.working().exclude(pk=user.pk).in_order()
        team = [("team", _("My team's"))] if user.team_id else []
        self.fields["whose"].choices = [
            ("", _("Mine")), ("nobody", _("Nobody's")), *team,
            (_("A colleague's"), [(str(colleague.pk), str(colleague)) for colleague in others]),
        ]  # fmt: skip

    def clean(self):
        facts = super().clean()
        if "visit" in self.errors:
            del self.errors["visit"]
            facts["visit"] = self._find_visit(0)
        elif facts.get("visit"):
            facts["visit"] = self._find_visit(facts["visit"])
        return facts

    def _find_visit(self, pk):
        found = own_visits(self.user).filter(pk=pk, on__gte=self.today).first()
        if self.cleaned_data.get("near") or "near" in self.errors:
            return found
        if found is None:
            self.add_error("near", _("That visit is no longer planned. Write where you are going."))
        elif where(found) is None:
            self.add_error("near", _("Nobody knows where %(name)s lies. Write a town.") % {"name": found.workplace})
        return found

    @property
    def is_mine(self):
        return not self.cleaned_data["whose"]

    @property
    def is_nobodys(self):
        return self.cleaned_data["whose"] == "nobody"

    @property
    def whose_in_words(self):
        """Whose workplaces they are, as the list of choices says it."""
        words = {}
        for value, said in self.fields["whose"].choices:
            words |= dict(said) if isinstance(said, list) else {value: said}
        return str(words[self.cleaned_data["whose"]])

    @cached_property
    def start(self):
        """The `Point` where one is going; None when nothing is said, or it can't be read."""
        if not self.is_valid():
            return None
        near, visit = self.cleaned_data["near"], self.cleaned_data["visit"]
        return near or (where(visit) if visit else None)

    def rows(self, cadences):
        """The places that wait."""
        places, whose = Workplace.objects.waiting(self.today, cadences), self.cleaned_data["whose"]
        if self.is_mine:
            places = places.filter(owner=self.user)
        elif self.is_nobodys:
            places = places.without_owner()
        elif whose == "team":
            places = places.filter(owner__team=self.user.team_id)
        else:
            places = places.filter(owner=int(whose))
        return places


class DuePaginator(CappedPaginator):
    """Pages of the places that wait: the most urgent first, or those nearest to the `Point` `start`.

    A page's keys are found first, and only then all that its rows show: to put a hundred thousand whole rows
    in order takes seconds. Of so many, the distance is asked only of those around, ring by ring.
    """

    def __init__(self, places, *, start):
        super().__init__(places, PAGE)
        self.start = start

    def shown(self, rows):
        workplaces = Workplace.objects.select_related("company", "owner").annotate_waiting()
        if self.start:
            workplaces = workplaces.annotate_km_from(self.start)
        found = workplaces.in_bulk(rows)
        return [found[key] for key in rows if key in found]

    def rows(self, first, last):
        """Their keys."""
        if not self.start:
            # One group has one cadence: the longest waiting is the longest over.
            ordered = self.object_list.annotate_waiting().order_by("tier", "waiting_since", "sort_name", "pk")
            return list(ordered.values_list("pk", flat=True)[first:last])
        for km in RINGS if self.is_more else ():
            within = self.object_list.within_km(km, of=self.start).nearest_first(self.start)
            keys = list(within.values_list("pk", flat=True)[first:last])
            if len(keys) == last - first:
                return keys
        return list(self.object_list.nearest_first(self.start).values_list("pk", flat=True)[first:last])


def own_visits(user):
    """Visits and events that `user` has planned, with where they are, soonest first."""
    planned = Interaction.objects.planned().with_staff(user).filter(channel__in=[Channel.VISIT, Channel.EVENT])
    return planned.with_position().select_related("workplace").soonest_first()


def starts(user, today):
    """Where one could start from: the visits that `user` has planned for today or the next working day."""
    planned = own_visits(user).filter(on__range=(today, next_working_day(today)))
    return [visit for visit in planned[:STARTS] if where(visit)]


def where(visit):
    """The `Point` of one of `own_visits`, or None."""
    if visit.lies_north is None or visit.lies_east is None:
        return None
    return Point(visit.workplace.name, visit.lies_north, visit.lies_east)


def dress(workplaces, *, user, today, plans):
    """Give each of a page's `workplaces` what its row shows, in a fixed number of statements.

    `due_on` and `plan_channel` from `plans`, its `known` people, and in `colleagues` what others plan there, or at
    another workplace of the company, within 14 days.
    """
    people = Person.objects.current().at_any_of(workplaces).order_by("name", "pk") if workplaces else []
    near = Interaction.objects.colleagues_plans(user, today).at_companies_of(workplaces) if workplaces else []
    if workplaces:
        near = near.select_related("workplace").prefetch_related("staff").soonest_first()
    at_place, at_company, planned = {}, {}, {}
    for person in people:
        known, key = (at_place, person.workplace_id) if person.workplace_id else (at_company, person.company_id)
        known.setdefault(key, []).append(person)
    for contact in near:
        planned.setdefault(contact.workplace.company_id, []).append(contact)
    say_when(workplaces, plans)
    for workplace in workplaces:
        known = at_place.get(workplace.pk, []) + at_company.get(workplace.company_id, [])
        workplace.known, workplace.more_known = known[:PEOPLE_SHOWN], max(len(known) - PEOPLE_SHOWN, 0)
        workplace.colleagues = planned.get(workplace.company_id, [])


def say_when(workplaces, plans):
    """Give each of `workplaces` its `due_on` and `plan_channel` from `plans`; they know `waiting_since`."""
    for workplace in workplaces:
        # None for one that came into another group since it was found.
        plan = plans.get(workplace.tier)
        workplace.plan_channel = CHANNELS[plan.channel] if plan else None
        since = workplace.waiting_since
        workplace.due_on = since and since + timedelta(days=plan.cadence_days if plan else 0)


def plans_with_cadence():
    """Tier -> `TierPlan`, of the groups that are ever due."""
    return {plan.tier: plan for plan in TierPlan.objects.filter(cadence_days__isnull=False)}


def cadences_of(plans):
    return {tier: plan.cadence_days for tier, plan in plans.items()}


def oldest_of_each_group(owners, today, plans, most):
    """Of the places of each of `owners` (keys) that wait, the `most` of each group that have waited longest.

    Each with its `number` in that order, and `in_all`, how many of the group wait. One group has one cadence: within it
    the longest waiting is the longest over.
    """
    waiting = Workplace.objects.filter(owner__in=owners).waiting(today, cadences_of(plans)).annotate_waiting()
    within = {"partition_by": [F("owner"), F("tier")]}
    ranked = waiting.order_by().annotate(
        in_all=Window(Count("pk"), **within),
        number=Window(RowNumber(), order_by=["waiting_since", "sort_name", "pk"], **within),
    )
    return ranked.filter(number__lte=most)


def longest_over(user, today, plans, most):
    """The `most` places of `user` that have waited longest over their group's cadence, and how many wait in all.

    How late is counted from the day the plan named, so each group's oldest are enough to find the latest of all.
    """
    oldest = list(oldest_of_each_group([user.pk], today, plans, most))
    say_when(oldest, plans)
    count = sum(workplace.in_all for workplace in oldest if workplace.number == 1)
    return sorted(oldest, key=lambda workplace: (workplace.due_on, workplace.sort_name))[:most], count
