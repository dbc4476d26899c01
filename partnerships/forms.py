"""Forms of agreements: what they say, the steps they take, the goals and whom to call."""

import uuid
from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.attachments import AttachmentField, refuse_maybe_cpr
from companies.models import Workplace
from contacts.follow_up_forms import Cautious
from contacts.models import Person
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.frame.working_days import working_day_from
from jobcenter_crm.staff.fields import ColleagueField
from jobcenter_crm.staff.models import User
from partnerships import absence, drafting, goals, review_days, steps
from partnerships.models import Agreement, AgreementContact, AgreementGoal

HERE, SOME, ALL = "here", "some", "all"
# What a colleague who has never made one needs to know of each kind.
KINDS = [
    (Agreement.Kind.INTENT, gettext_lazy("Letter of intent: both want to, nothing is bound yet")),
    (Agreement.Kind.PARTNERSHIP, gettext_lazy("Partnership: both give something; not legally binding")),
    (Agreement.Kind.SERVICE, gettext_lazy("Service agreement: help with sickness absence and keeping staff")),
    (Agreement.Kind.CENTRE, gettext_lazy("Company centre: standing places, by contract, where money is involved")),
]
# More workplaces than these are not ticked one by one.
TICKED = 100
# So long an employer gets to think about a proposal.
HEARD_AFTER = timedelta(days=14)
# So far ahead a day may lie.
YEARS_AHEAD = 30
LINES = forms.Textarea(attrs={"rows": 4})
FEW_LINES = forms.Textarea(attrs={"rows": 3})


class WhereMixin:
    """At which of the company's workplaces: this one, some, or all."""

    def offer_places(self, workplace, known=(), covers_all=False):
        others = workplace.company.workplaces.active().exclude(pk=workplace.pk)
        shown = others.filter(Q(pk__in=known)) | others if known else others
        self.fields["places"].queryset = Workplace.objects.filter(
            pk__in=list(shown.order_by("sort_name", "pk").values_list("pk", flat=True)[:TICKED])
        ).order_by("sort_name", "pk") | Workplace.objects.filter(pk__in=known)
        self.fields["places"].label_from_instance = lambda place: f"{place.name}, {place.short_address}"
        self.has_others = covers_all or bool(known) or others.exists()

    def where(self):
        """`covers_all` and `places`, as `drafting` takes them."""
        scope = self.cleaned_data.get("scope") or HERE
        return {
            "covers_all": scope == ALL,
            "places": list(self.cleaned_data["places"]) if scope == SOME else [],
        }

    def clean_where(self, facts):
        if facts.get("scope") == SOME and not facts.get("places") and "places" not in self.errors:
            self.add_error("places", _("Tick the other workplaces, or choose this one only."))


SCOPES = [
    (HERE, gettext_lazy("This workplace")),
    (SOME, gettext_lazy("Some of the company's")),
    (ALL, gettext_lazy("All of the company's")),
]


class NewAgreementForm(WhereMixin, Cautious, forms.Form):
    """The beginning of a draft; the rest is written on its page. `workplace` and `user` are arguments."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Which kind?"), choices=KINDS, widget=forms.RadioSelect)
    title = forms.CharField(
        label=gettext_lazy("About"), max_length=80, required=False,
        help_text=gettext_lazy("A few words that tell it from others, such as: the kitchen."),
    )  # fmt: skip
    scope = forms.ChoiceField(
        label=gettext_lazy("Where does it hold?"),
        choices=SCOPES,
        widget=forms.RadioSelect,
        required=False,
        initial=HERE,
    )
    places = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Which others?"), queryset=Workplace.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"), max_length=2000, required=False, widget=FEW_LINES,
        help_text=gettext_lazy("What both want to reach. It can wait until later."),
    )  # fmt: skip
    owner = ColleagueField(label=gettext_lazy("Responsible consultant"), queryset=User.objects.none(), empty_label=None)
    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    FREE_TEXT = ("title", "purpose")

    def __init__(self, *args, workplace, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4
        self.fields["owner"].queryset = User.objects.for_choice("partnerships.change_agreement")
        self.fields["owner"].initial = user.pk
        self.offer_places(workplace)

    def clean(self):
        facts = super().clean()
        self.clean_where(facts)
        return facts

    def facts(self):
        """What `drafting.make` takes, as keyword arguments."""
        taken = ("kind", "title", "purpose", "owner", "token")
        return {name: self.cleaned_data[name] for name in taken} | self.where()


class AgreementForm(WhereMixin, Cautious, forms.ModelForm):
    """All that an agreement says. One that holds asks what has changed, and keeps the earlier wording."""

    class Meta:
        model = Agreement
        fields = ["owner", *Agreement.WORDING]
        widgets = {
            "purpose": FEW_LINES,
            "we_give": LINES,
            "they_give": LINES,
            "course": LINES,
            "measured_by": FEW_LINES,
            "economy": FEW_LINES,
            "afterwards": FEW_LINES,
            "starts_on": DAY,
            "ends_on": DAY,
        }

    scope = forms.ChoiceField(
        label=gettext_lazy("Where does it hold?"), choices=SCOPES, widget=forms.RadioSelect, required=False
    )
    places = NewAgreementForm.base_fields["places"]
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**63 - 1)
    note = forms.CharField(
        label=gettext_lazy("What has changed?"), max_length=200, required=False,
        help_text=gettext_lazy("A few words. The earlier wording is kept, with your name."),
    )  # fmt: skip
    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    FREE_TEXT = (
        "title", "purpose", "we_give", "they_give", "course", "measured_by", "followed_up", "economy", "afterwards",
        "note",
    )  # fmt: skip

    def __init__(self, *args, user, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        agreement = self.instance
        self.fields["seen"].initial = drafting.stamp(agreement)
        if agreement.is_service and not absence.may_see(user, agreement):
            # Whoever is responsible sees the employer's absence: nobody gives that to themselves.
            self.fields["owner"].disabled = True
            self.fields["owner"].help_text = _("Is changed by the responsible consultant or a manager.")
        self.fields["owner"].queryset = User.objects.for_choice("partnerships.change_agreement", agreement.owner_id)
        self.fields["owner"].empty_label = None
        known = set(agreement.agreement_places.values_list("workplace", flat=True)) - {agreement.workplace_id}
        self.offer_places(agreement.workplace, known, agreement.covers_all)
        self.initial["places"] = list(known)
        self.initial["scope"] = ALL if agreement.covers_all else SOME if known else HERE
        for name in ("purpose", "we_give", "they_give", "course", "measured_by", "economy", "afterwards"):
            self.fields[name].max_length = 4000
            self.fields[name].validators.append(forms.fields.validators.MaxLengthValidator(4000))
        if agreement.is_active:
            self.fields["starts_on"].required = True
        else:
            del self.fields["note"]

    def clean(self):
        facts = super().clean()
        self.clean_where(facts)
        _check_days(self, facts, self.today)
        return facts

    def facts(self):
        """What `drafting.change` takes, as keyword arguments."""
        names = ["owner", "seen", *Agreement.WORDING, *(["note"] if "note" in self.fields else [])]
        return {name: self.cleaned_data[name] for name in names} | self.where()


def _check_days(form, facts, today):
    starts_on, ends_on = facts.get("starts_on"), facts.get("ends_on")
    farthest = today + timedelta(days=366 * YEARS_AHEAD)
    for name in ("starts_on", "ends_on"):
        day = facts.get(name)
        if day and not today - timedelta(days=366 * YEARS_AHEAD) <= day <= farthest:
            form.add_error(name, _("Choose a day within thirty years."))
            return
    if starts_on and ends_on and ends_on < starts_on:
        form.add_error("ends_on", _("It can't end before it begins."))


class DayForm(forms.Form):
    """The day on which something was done: today, unless it is told later."""

    on = forms.DateField(label=gettext_lazy("Day"), widget=DAY)

    # The earliest day, and whether it may lie ahead of us.
    may_be_ahead = False

    def __init__(self, *args, agreement, today, **kwargs):
        self.agreement, self.today = agreement, today
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > self.today and not self.may_be_ahead:
            raise forms.ValidationError(_("The day has not come yet. Choose today or an earlier day."))
        if not timedelta(days=-366 * YEARS_AHEAD) < on - self.today < timedelta(days=366 * YEARS_AHEAD):
            raise forms.ValidationError(_("Choose a day within thirty years."))
        return on


class ProposeForm(DayForm):
    """When the employer got our proposal, and when we hear what they say."""

    follow_up_on = forms.DateField(
        label=gettext_lazy("When do you hear what they say?"), widget=DAY, required=False,
        help_text=gettext_lazy("Becomes a follow-up of the responsible consultant. Empty: none."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("When did they get it?")
        self.fields["follow_up_on"].initial = working_day_from(self.today + HEARD_AFTER)

    def clean_follow_up_on(self):
        on = self.cleaned_data["follow_up_on"]
        if on and not self.today <= on <= self.today + timedelta(days=366):
            raise forms.ValidationError(_("Choose a day from today on, within a year."))
        return on and working_day_from(on)


class WhyForm(Cautious, DayForm):
    """A step that says why."""

    why = forms.CharField(label=gettext_lazy("Why?"), max_length=200)
    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    FREE_TEXT = ("why",)


class EndForm(WhyForm):
    """The last day of an agreement, and why it ends."""

    may_be_ahead = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Last day")
        latest = min(self.today, self.agreement.ends_on) if self.agreement.ends_on else self.today
        self.fields["on"].initial = max(latest, self.agreement.starts_on)
        self.fields["on"].help_text = _("One that is to end later gets its last day where the agreement is changed.")

    def clean_on(self):
        if self.cleaned_data["on"] == self.agreement.starts_on:
            # One that has not begun yet ends on the day it was to begin.
            return self.cleaned_data["on"]
        on = super().clean_on()
        if self.agreement.starts_on and on < self.agreement.starts_on:
            day = date_format(self.agreement.starts_on, "DATE_FORMAT")
            raise forms.ValidationError(_("It began on %(day)s. Choose that day or a later one.") % {"day": day})
        if self.agreement.ends_on and on > self.agreement.ends_on:
            day = date_format(self.agreement.ends_on, "DATE_FORMAT")
            raise forms.ValidationError(
                _("It was agreed until %(day)s. Choose that day or an earlier one.") % {"day": day}
            )
        return on


class SignForm(Cautious, forms.Form):
    """Both have signed: when, who, and the file; from when it holds, and when it is reviewed."""

    signed_on = forms.DateField(label=gettext_lazy("Signed on"), widget=DAY)
    signed_by_us = ColleagueField(
        label=gettext_lazy("For us"), queryset=User.objects.none(), empty_label=gettext_lazy("Choose a colleague")
    )
    signed_by_them = forms.ModelChoiceField(
        label=gettext_lazy("For the employer"), queryset=Person.objects.none(), required=False,
        empty_label=gettext_lazy("Choose who signed"),
    )  # fmt: skip
    new_person = forms.CharField(
        label=gettext_lazy("Somebody we do not know yet: name"), max_length=150, required=False
    )
    file = AttachmentField(
        label=gettext_lazy("The signed file"), 
        help_text=gettext_lazy("PDF, Word or a picture, at most 15 MB. Its text is looked through for CPR numbers."),
    )  # fmt: skip
    starts_on = forms.DateField(label=gettext_lazy("Holds from"), widget=DAY)
    ends_on = forms.DateField(
        label=gettext_lazy("Until"), widget=DAY, required=False,
        help_text=gettext_lazy("The last day. Empty: until one of the parties ends it."),
    )  # fmt: skip
    review_on = forms.DateField(
        label=gettext_lazy("First review"), widget=DAY, required=False,
        help_text=gettext_lazy("Empty: a whole interval after it begins."),
    )  # fmt: skip
    daily = ColleagueField(
        label=gettext_lazy("Daily contact from now on"), queryset=User.objects.none(), required=False,
        empty_label=gettext_lazy("As until now"),
        help_text=gettext_lazy("Now that the door is open, a job consultant can keep the daily contact."),
    )  # fmt: skip
    without_meeting = forms.BooleanField(
        label=gettext_lazy("It was agreed without a meeting"), required=False,
        help_text=gettext_lazy("No meeting with this employer is logged. An agreement should follow one: log it first, or tick here."),
    )  # fmt: skip
    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    FREE_TEXT = ("new_person",)

    def __init__(self, *args, agreement, user, today, **kwargs):
        self.agreement, self.today = agreement, today
        super().__init__(*args, **kwargs)
        colleagues = User.objects.working()
        self.fields["signed_by_us"].queryset = colleagues.who_may("partnerships.change_agreement").in_order()
        here = Person.objects.filter(company=agreement.company_id).current()
        self.fields["signed_by_them"].queryset = here.order_by("name", "pk")
        self.fields["daily"].queryset = colleagues.who_may("contacts.add_interaction").in_order()
        for name, value in {
            "signed_on": today,
            "signed_by_us": user.pk,
            "starts_on": agreement.starts_on or today,
            "ends_on": agreement.ends_on,
        }.items():
            self.fields[name].initial = value
        self.meeting = steps.held_meeting(agreement, today)
        if self.meeting:
            del self.fields["without_meeting"]

    def clean(self):
        facts = super().clean()
        _check_days(self, facts, self.today)
        signed_on, starts_on, ends_on = (facts.get(name) for name in ("signed_on", "starts_on", "ends_on"))
        if signed_on and not self.today - timedelta(days=366 * YEARS_AHEAD) <= signed_on <= self.today:
            said = _("The day has not come yet. Choose today or an earlier day.")
            self.add_error("signed_on", said if signed_on > self.today else _("Choose a day within thirty years."))
        if not facts.get("signed_by_them") and not facts.get("new_person") and "signed_by_them" not in self.errors:
            self.add_error("signed_by_them", _("Choose who signed for the employer, or write the name below."))
        if facts.get("signed_by_them") and facts.get("new_person"):
            self.add_error("new_person", _("Choose one of the two: somebody we know, or a new name."))
        review_on = facts.get("review_on")
        if not review_on and starts_on and "review_on" not in self.errors:
            self.agreement.starts_on, self.agreement.ends_on = starts_on, ends_on
            if review_days.first_day(self.agreement) < self.today:
                self.add_error("review_on", _("It began so long ago that the first review is overdue. Choose its day."))
        if review_on and (review_on < self.today or review_on > self.today + timedelta(days=366 * 5)):
            self.add_error("review_on", _("Choose a day from today on, within five years."))
        elif review_on and starts_on and review_on < starts_on:
            self.add_error("review_on", _("The review must come after the agreement has begun."))
        elif review_on and ends_on and review_on > ends_on:
            self.add_error("review_on", _("The review must come before the last day."))
        if not facts.get("not_cpr"):
            try:
                refuse_maybe_cpr(facts.get("file"))
            except forms.ValidationError as error:
                self.warns_of_cpr = True
                self.add_error("file", error)
        if "without_meeting" in self.fields and not facts.get("without_meeting"):
            self.add_error("without_meeting", _("Log the meeting first, or tick that there was none."))
        return facts

    def facts(self):
        """What `steps.activate` takes besides the agreement and the file, as keyword arguments."""
        taken = ("signed_on", "signed_by_us", "signed_by_them", "starts_on", "ends_on", "review_on", "daily")
        return {name: self.cleaned_data[name] for name in taken}


class GoalForm(Cautious, forms.ModelForm):
    """One goal: what is counted, how many, from when and by when."""

    class Meta:
        model = AgreementGoal
        fields = ["note", "target", "baseline", "counted_from", "deadline"]
        widgets = {"counted_from": DAY, "deadline": DAY}
        localized_fields = ["target", "baseline"]
        help_texts = {"baseline": gettext_lazy("Where less is better: the figure it began with.")}

    measure = forms.ChoiceField(label=gettext_lazy("What is counted?"))
    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    FREE_TEXT = ("note",)
    field_order = ["measure"]

    def __init__(self, *args, agreement, today, **kwargs):
        self.agreement = agreement
        super().__init__(*args, **kwargs)
        offered = goals.measures_for(agreement.kind)
        self.fields["measure"].choices = [(one.name, one.label) for one in offered]
        self.measures = {one.name: one for one in offered}
        goal = self.instance
        if goal.pk:
            measure = goals.measure_named(goal.measure)
            self.measures[goal.measure] = measure
            self.fields["measure"].choices = [(goal.measure, measure.label)]
            self.fields["measure"].disabled = True
            self.initial["measure"] = goal.measure
        else:
            self.initial["counted_from"], self.initial["deadline"] = agreement.starts_on or today, agreement.ends_on
        if not any(one.less_is_better for one in self.measures.values()):
            del self.fields["baseline"]

    def clean(self):
        facts = super().clean()
        measure = self.measures.get(facts.get("measure"))
        if measure and measure.less_is_better:
            baseline, target = facts.get("baseline"), facts.get("target")
            if baseline is None and "baseline" not in self.errors:
                self.add_error("baseline", _("Less is better here: write the figure it began with."))
            elif baseline is not None and target is not None and baseline <= target:
                self.add_error("target", _("Less is better here: the goal must lie below where it began."))
        elif "baseline" in self.fields:
            facts["baseline"] = None
        return facts

    def _post_clean(self):
        self.instance.agreement_id = self.agreement.pk
        self.instance.measure = self.cleaned_data.get("measure", self.instance.measure)
        super()._post_clean()


class ContactForm(Cautious, forms.ModelForm):
    """Whom to call about what. `agreement` is an argument; the side is that of whoever is chosen."""

    class Meta:
        model = AgreementContact
        fields = ["about", "answers_within"]

    who = forms.ChoiceField(label=gettext_lazy("Who?"))
    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    FREE_TEXT = ("about", "answers_within")
    field_order = ["who"]

    def __init__(self, *args, agreement, **kwargs):
        self.agreement = agreement
        super().__init__(*args, **kwargs)
        theirs = Person.objects.filter(company=agreement.company_id)
        theirs = theirs.filter(Q(left_on=None) | Q(pk=self.instance.person_id)).order_by("name", "pk")
        ours = User.objects.working() | User.objects.filter(pk=self.instance.colleague_id)
        self.found = {f"p{person.pk}": person for person in theirs} | {
            f"u{user.pk}": user for user in ours.distinct().in_order()
        }
        self.fields["who"].choices = [
            ("", _("Choose")),
            (_("At the employer"), [(key, self._person(one)) for key, one in self.found.items() if key[0] == "p"]),
            (_("With us"), [(key, self._colleague(one)) for key, one in self.found.items() if key[0] == "u"]),
        ]
        if self.instance.pk:
            one = self.instance
            self.initial["who"] = f"p{one.person_id}" if one.person_id else f"u{one.colleague_id}"

    @staticmethod
    def _person(person):
        return f"{person.name}, {str(person.get_role_display()).lower()}"

    @staticmethod
    def _colleague(user):
        return f"{user}, {user.title}" if user.title else str(user)

    def _post_clean(self):
        self.instance.agreement_id = self.agreement.pk
        if one := self.found.get(self.cleaned_data.get("who")):
            ours = isinstance(one, User)
            self.instance.side = AgreementContact.Side.OURS if ours else AgreementContact.Side.THEIRS
            self.instance.colleague, self.instance.person = (one, None) if ours else (None, one)
            super()._post_clean()
