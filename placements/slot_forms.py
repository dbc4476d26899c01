"""Forms of slots and hosting profiles."""

import uuid
from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import TargetGroup, Workplace
from contacts.follow_up_forms import Cautious
from contacts.models import Person
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.staff.models import User
from placements.models import HostingProfile, Measure, Slot
from placements.slots import agreements_at

TICKS = forms.CheckboxSelectMultiple
# So far ahead, or back, a day may lie.
YEARS = 10


class HostForm(Cautious, forms.ModelForm):
    """What a profile and a slot have in common: for whom, how many hours, what can be taken into consideration."""

    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    FREE_TEXT = ("tasks",)
    SETS = ("target_groups", "considerations")

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        known = list(self.initial.get("target_groups") or [])
        if self.instance.pk:
            known += list(self.instance.target_groups.values_list("pk", flat=True))
        keys = [getattr(one, "pk", one) for one in known]
        # One that the law has given up stays ticked where it was.
        self.fields["target_groups"].queryset = TargetGroup.objects.valid(today) | TargetGroup.objects.filter(
            pk__in=keys
        )
        for name in ("hours_from", "hours_to"):
            self.fields[name].widget.attrs |= {"inputmode": "numeric"}

    def clean(self):
        facts = super().clean()
        first, last = facts.get("hours_from"), facts.get("hours_to")
        if first and last and first > last:
            self.add_error("hours_to", _("Write the fewest hours first."))
        return facts

    def facts(self):
        """What the act takes, as keyword arguments."""
        return {name: self.cleaned_data[name] for name in self._meta.fields if name in self.fields}


class HostingForm(HostForm):
    """Whom the workplace can host. Nothing is required: what is known is better than nothing."""

    class Meta:
        model = HostingProfile
        fields = ["tasks", "target_groups", "hours_from", "hours_to", "considerations"]
        widgets = {"target_groups": TICKS, "considerations": TICKS}
        help_texts = {"tasks": gettext_lazy("In one line, such as: kitchen, laundry and storeroom.")}


class SlotForm(HostForm):
    """All that a slot says."""

    # A tick alone means today; a day alone is ticked; without the tick there is no day.
    employees_heard = forms.BooleanField(
        label=gettext_lazy("Employees heard: employer and employees have said so in writing"), required=False
    )

    class Meta:
        model = Slot
        fields = [
            "measure", "places", "tasks", "starts_on", "ends_on", "target_groups", "hours_from", "hours_to",
            "considerations", "contact", "mentor", "agreement", "employees_heard_on", "owner",
        ]  # fmt: skip
        widgets = {
            "target_groups": TICKS,
            "considerations": TICKS,
            "starts_on": DAY,
            "ends_on": DAY,
            "employees_heard_on": DAY,
        }
        help_texts = {
            "tasks": gettext_lazy("In one line, so that a case worker knows whom to think of."),
            "employees_heard_on": gettext_lazy("The day of the writing. Ticked above and left empty, it is today."),
        }
        error_messages = {
            "measure": {"invalid_choice": gettext_lazy("This measure is not in force today. Choose another one.")},
        }

    def __init__(self, *args, workplace, today, **kwargs):
        self.workplace = workplace
        super().__init__(*args, today=today, **kwargs)
        slot = self.instance
        self.fields["employees_heard"].initial = slot.employees_heard_on is not None
        measures = Measure.objects.valid(today)
        if slot.pk:
            measures = measures | Measure.objects.filter(pk=slot.measure_id)
        self.fields["measure"].queryset = measures.order_by("position", "code")
        self.fields["measure"].empty_label = _("Choose a measure")
        self.fields["measure"].label_from_instance = self._measure_words
        here = Person.objects.at(workplace).current()
        chosen = Person.objects.filter(pk__in=[key for key in (slot.contact_id, slot.mentor_id) if key])
        for name in ("contact", "mentor"):
            # One person may be at the company as a whole; one who has left stays where they were chosen.
            self.fields[name].queryset = Person.objects.filter(
                Q(pk__in=here.order_by().values("pk")) | Q(pk__in=chosen.values("pk"))
            )
            self.fields[name].empty_label = _("Not agreed yet")
        agreements = agreements_at(workplace, today, slot.agreement_id).select_related("workplace").order_by("pk")
        self.fields["agreement"].queryset = agreements
        self.fields["agreement"].empty_label = _("None")
        self.fields["owner"].queryset = User.objects.for_choice("placements.change_slot", slot.owner_id)
        self.fields["owner"].empty_label = None

    def _measure_words(self, measure):
        """Its name; with a word on what does not fit the employer, which VITAS would say no to."""
        is_public = self.workplace.sector == Workplace.Sector.PUBLIC
        if measure.public_only and not is_public:
            return _("%(measure)s (public employers only)") % {"measure": measure.name}
        if measure.private_only and is_public:
            return _("%(measure)s (private employers only)") % {"measure": measure.name}
        return measure.name

    def clean(self):
        facts = super().clean()
        far = timedelta(days=366 * YEARS)
        for name in ("starts_on", "ends_on", "employees_heard_on"):
            day = facts.get(name)
            if day and not self.today - far <= day <= self.today + far:
                self.add_error(name, _("Choose a day within ten years."))
        if "employees_heard_on" not in self.errors:
            if facts.get("employees_heard") and not facts.get("employees_heard_on"):
                facts["employees_heard_on"] = self.today
            elif not facts.get("employees_heard") and "employees_heard" in self.changed_data:
                facts["employees_heard_on"] = None
        heard = facts.get("employees_heard_on")
        if heard and heard > self.today:
            self.add_error("employees_heard_on", _("The day has not come yet. Choose today or an earlier day."))
        starts_on, ends_on = facts.get("starts_on"), facts.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on and "ends_on" not in self.errors:
            self.add_error("ends_on", _("It can't end before it begins."))
        return facts

    @property
    def has_folded_errors(self):
        """Whether something is wrong in what is folded away, which is then open."""
        return bool(set(self.errors) - {"measure", "places", "tasks", "not_cpr", "__all__"})


class NewSlotForm(SlotForm):
    """Three things are asked for; the rest is inherited from the hosting profile, and folded away."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, profile, user, **kwargs):
        super().__init__(*args, initial=inherited(profile, user, kwargs["today"]), **kwargs)
        self.fields["token"].initial = uuid.uuid4
        if not self.fields["owner"].queryset.filter(pk=user.pk).exists():
            self.initial["owner"] = None

    def facts(self):
        return super().facts() | {"token": self.cleaned_data["token"]}


def inherited(profile, user, today):
    """What a new slot begins with."""
    facts = {"starts_on": today, "owner": user.pk, "places": 1}
    if profile:
        facts |= {name: getattr(profile, name) for name in ("tasks", "hours_from", "hours_to")}
        facts |= {name: [one.pk for one in getattr(profile, name).all()] for name in HostForm.SETS}
    return facts


class StateForm(Cautious, forms.Form):
    """Why a slot is paused, closed or opened again."""

    why = forms.CharField(label=gettext_lazy("Why?"), max_length=200)
    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    FREE_TEXT = ("why",)

    def __init__(self, *args, state, **kwargs):
        super().__init__(*args, **kwargs)
        if state == Slot.State.OPEN:
            self.fields["why"].required = False
            self.fields["why"].label = _("Anything to add?")
