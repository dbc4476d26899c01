"""A round: contacts at several workplaces on one day, planned at once in the order of the way there."""

import uuid
from datetime import datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.cpr import refuse_cpr
from companies.models import TierPlan, Workplace
from companies.places import Point
from contacts import contact_plans
from contacts.forms import needs_basis
from contacts.models import Channel, Interaction, Person
from jobcenter_crm.frame.addresses import numbers
from jobcenter_crm.frame.templatetags.frame import lowerfirst
from jobcenter_crm.frame.widgets import DAY, TIME
from jobcenter_crm.frame.working_days import next_working_day
from jobcenter_crm.staff.models import Organisation

# More than a day can hold.
MOST = 20


def called(texts):
    """The workplaces that an address names, as they stand, each once; one that was merged counts as what was kept."""
    pks = numbers(texts)
    merged = dict(Workplace.everything.filter(pk__in=pks, merged_into__isnull=False).values_list("pk", "merged_into"))
    pks = list(dict.fromkeys(merged.get(pk, pk) for pk in pks))
    found = Workplace.objects.select_related("company", "owner").annotate_position().in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]


def sort_out(workplaces, user):
    """Those that `user` may plan a contact at together with others, and the rest, each with why not in words.

    A protected one is not among them unless `user` may state a basis for many; by itself it can be planned.
    """
    may_reach = user.has_perm("companies.reach_protected")
    fit, unfit = [], []
    for workplace in workplaces:
        if workplace.ceased_on:
            unfit.append((workplace, _("has ceased")))
        elif workplace.do_not_contact:
            unfit.append((workplace, _("has asked us not to make contact")))
        elif not may_reach and (workplace.advertising_protected or workplace.company.advertising_protected):
            unfit.append((workplace, _("is advertising-protected (plan it by itself)")))
        else:
            fit.append(workplace)
    return fit, unfit


def route(workplaces, start=None):
    """`workplaces` in the order of the way: from the `Point` `start` to the nearest, and from there to the nearest again.

    Without a start, from the first of them. Each gets `km_on`, how far it is from the one before, None where
    nobody knows; those whose position nobody knows come last, in the order they had. The shortest way of all may
    be another, but this one a person can follow.
    """
    left = [one for one in workplaces if one.lies_north is not None and one.lies_east is not None]
    lost = [one for one in workplaces if one not in left]
    ordered, here = [], start
    while left:
        following = min(left, key=lambda one: here.km_to(one.lies_north, one.lies_east)) if here else left[0]
        following.km_on = here and here.km_to(following.lies_north, following.lies_east)
        left.remove(following)
        ordered.append(following)
        here = Point(following.name, following.lies_north, following.lies_east)
    for workplace in lost:
        workplace.km_on = None
    return ordered + lost


class RoundForm(forms.Form):
    """What the contacts of a round have in common: day, times, how, and why where the groups' plans do not say it."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    on = forms.DateField(label=_("Day"), widget=DAY)
    channel = forms.ChoiceField(label=_("How?"), choices=Channel, widget=forms.RadioSelect)
    first = forms.TimeField(label=_("First time"), required=False, widget=TIME, help_text=_("Empty: no times."))
    minutes = forms.IntegerField(label=_("Minutes between"), required=False, min_value=5, max_value=480)
    purpose = forms.CharField(
        label=_("Purpose"), max_length=200, required=False, help_text=_("Empty: what the plan of each group says.")
    )
    not_cpr = forms.BooleanField(label=_("It is not a CPR number"), required=False)

    warns_of_cpr = False

    def __init__(self, data=None, *, today, **kwargs):
        self.today = today
        super().__init__(data, **kwargs)
        self.initial = {
            "token": uuid.uuid4(),
            "on": next_working_day(today),
            "channel": Channel.VISIT,
            "minutes": 60,
        } | self.initial

    def clean_on(self):
        on = self.cleaned_data["on"]
        if not self.today <= on <= self.today + timedelta(days=3650):
            raise forms.ValidationError(_("Choose a day from today on."), code="past")
        return on

    def clean(self):
        facts = super().clean()
        if facts.get("purpose"):
            self.check_cpr(self, "purpose")
        if facts.get("first") and not facts.get("minutes") and "minutes" not in self.errors:
            self.add_error("minutes", _("Write how many minutes there are between two of them."))
        return facts

    def check_cpr(self, form, name):
        """Refuse what is surely a CPR number in a field of `form`; what may be one is warned of in this form."""
        try:
            refuse_cpr(form.cleaned_data[name], maybe=not self.cleaned_data.get("not_cpr"))
        except forms.ValidationError as error:
            self.warns_of_cpr = self.warns_of_cpr or error.code == "maybe_cpr"
            form.add_error(name, error)

    def times(self, number):
        """The time of each of `number` contacts; None for each without a first.

        Raises `ValidationError` when the last would begin after midnight.
        """
        first, minutes = self.cleaned_data["first"], self.cleaned_data["minutes"]
        if first is None:
            return [None] * number
        begin = datetime.combine(self.today, first)
        times = [begin + timedelta(minutes=minutes * one) for one in range(number)]
        if times and times[-1].date() != begin.date():
            raise forms.ValidationError(_("The last one would be after midnight. Begin earlier, or with less between."))
        return [time.time() for time in times]


class StopForm(forms.Form):
    """One contact of a round. One that is not ticked is left out, and nothing is asked about it.

    `filled` is the purpose as it was filled in; one that somebody has changed is not filled in anew.
    """

    included = forms.BooleanField(
        required=False, initial=True, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )
    at = forms.TimeField(label=_("Time"), required=False, widget=TIME)
    purpose = forms.CharField(label=_("Purpose"), max_length=200, required=False)
    persons = forms.TypedMultipleChoiceField(
        label=_("Whom will you talk to?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    coordination = forms.ChoiceField(
        label=_("A colleague has plans here"),
        choices=Interaction.Coordination,
        required=False,
        widget=forms.RadioSelect,
    )
    basis = forms.ChoiceField(
        label=_("On what basis?"), choices=Interaction.Basis, required=False, widget=forms.RadioSelect,
        help_text=_("The workplace is advertising-protected and this is the first contact."),
    )  # fmt: skip
    filled = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, data=None, *, stop, shared, **kwargs):
        self.stop, self.shared = stop, shared
        super().__init__(data, prefix=str(stop.workplace.pk), **kwargs)
        self.fields["included"].label = stop.workplace.name
        people = {str(person.pk): person for person in stop.people}
        self.fields["persons"].choices = [
            (pk, f"{person.name}, {lowerfirst(person.get_role_display())}") for pk, person in people.items()
        ]
        self.fields["persons"].coerce = people.get

    def clean(self):
        facts = super().clean()
        if not facts.get("included"):
            self.errors.clear()
            return facts
        if "purpose" not in self.errors:
            if not facts.get("purpose"):
                self.add_error("purpose", _("Write what the contact is for."))
            else:
                self.shared.check_cpr(self, "purpose")
        if self.stop.colleagues and not facts.get("coordination"):
            self.add_error("coordination", _("Say whether you have agreed it, or untick the workplace."))
        if self.stop.asks_basis and not facts.get("basis"):
            self.add_error("basis", _("Choose why you may contact them, or untick the workplace."))
        return facts


class Stop:
    """A workplace of a round, with what must be known before a contact is planned there."""

    def __init__(self, workplace, *, number, people, colleagues, own, plan, aim, asks_basis):
        self.workplace, self.number, self.people, self.colleagues = workplace, number, people, colleagues
        self.own, self.plan, self.aim, self.asks_basis, self.form = own, plan, aim, asks_basis, None

    @property
    def is_first(self):
        """Nobody of us has been in touch with the workplace."""
        return self.workplace.last_contact_on is None


class Round:
    """The page on which a round is planned: what its contacts have in common, and each of them.

    `data` is what was sent: nothing at first; then the rows are filled in, and changed by hand before they are saved.
    """

    def __init__(self, workplaces, *, user, today, start=None, data=None):
        self.user, self.data = user, data
        self.form = RoundForm(data, today=today)
        self.is_shared_valid = data is not None and self.form.is_valid()
        self.stops = self._stops(route(workplaces, start))
        # The hidden part of the first row says that the rows were on the page.
        self.was_listed = data is not None and any(f"{stop.workplace.pk}-filled" in data for stop in self.stops)

    def _stops(self, workplaces):
        people, near, own = {}, {}, {}
        for person in Person.objects.current().at_any_of(workplaces).order_by("name", "pk"):
            people.setdefault((person.workplace_id, person.company_id), []).append(person)
        log = Interaction.objects.at_companies_of(workplaces).select_related("workplace").soonest_first()
        if self.is_shared_valid:
            plans = log.colleagues_plans(self.user, self.form.cleaned_data["on"]).prefetch_related("staff")
            for contact in plans:
                near.setdefault(contact.workplace.company_id, []).append(contact)
        for contact in log.planned().with_staff(self.user):
            own.setdefault(contact.workplace_id, contact)
        plans = {plan.tier: plan for plan in TierPlan.objects.all()}
        purposes = contact_plans.purposes_at(workplaces, self.user)
        organisation = Organisation.get()
        return [
            Stop(
                workplace,
                number=number,
                people=people.get((workplace.pk, workplace.company_id), [])
                + people.get((None, workplace.company_id), []),
                colleagues=near.get(workplace.company_id, []),
                own=own.get(workplace.pk),
                plan=plans.get(workplace.tier),
                aim=purposes.get(workplace.pk) or (plans[workplace.tier].aim if workplace.tier in plans else ""),
                asks_basis=needs_basis(workplace, organisation),
            )
            for number, workplace in enumerate(workplaces, start=1)
        ]

    def fill(self):
        """Fill in times and purposes; whether that could be done. What was changed by hand is kept, but for the times."""
        if not self.is_shared_valid:
            self._keep()
            return False
        included = [stop for stop in self.stops if self._typed(stop, "included") or not self.was_listed]
        try:
            times = dict(zip(included, self.form.times(len(included)), strict=True))
        except forms.ValidationError as error:
            self.form.add_error("first", error)
            self._keep()
            return False
        for stop in self.stops:
            filled = self.form.cleaned_data["purpose"] or stop.aim
            typed = self._typed(stop, "purpose")
            is_changed = typed and typed != self._typed(stop, "filled")
            initial = {
                "included": stop in times,
                "at": times.get(stop),
                "purpose": typed if is_changed else filled,
                "filled": filled,
                "persons": self.data.getlist(f"{stop.workplace.pk}-persons"),
                "coordination": self._typed(stop, "coordination"),
                "basis": self._typed(stop, "basis"),
            }
            stop.form = StopForm(stop=stop, shared=self.form, initial=initial)
        return True

    def is_valid(self):
        """Whether all of it can be saved."""
        if not self.was_listed:
            self.fill()
            return False
        self._keep()
        wrong = [stop for stop in self.stops if not stop.form.is_valid()]
        if self.is_shared_valid and not wrong and not self._included():
            self.form.add_error(None, _("Tick at least one workplace."))
        if wrong:
            names = ", ".join(stop.workplace.name for stop in wrong)
            self.form.add_error(None, _("Put right what is marked below: %(names)s") % {"names": names})
        return self.form.is_valid() and not wrong

    def wanted(self):
        """What `actions.plan_several` takes."""
        shared = self.form.cleaned_data
        return [
            {
                "workplace": stop.workplace,
                "channel": shared["channel"],
                "on": shared["on"],
                # The same form sent twice has the same tokens.
                "token": uuid.uuid5(shared["token"], str(stop.workplace.pk)),
            }
            | {name: stop.form.cleaned_data[name] for name in ("at", "purpose", "persons", "coordination", "basis")}
            | self._join(stop)
            for stop in self._included()
        ]

    def _join(self, stop):
        """Going together is joining the colleague's contact, not making a second one."""
        together = stop.form.cleaned_data["coordination"] == Interaction.Coordination.TOGETHER
        return {"join": stop.colleagues[0]} if stop.colleagues and together else {}

    def _included(self):
        return [stop for stop in self.stops if stop.form.cleaned_data.get("included")]

    def _keep(self):
        """Show the rows as they were sent."""
        if self.was_listed:
            for stop in self.stops:
                stop.form = StopForm(self.data, stop=stop, shared=self.form)

    def _typed(self, stop, name):
        return self.data.get(f"{stop.workplace.pk}-{name}", "")
