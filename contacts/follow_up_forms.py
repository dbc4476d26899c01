"""Writing and changing a follow-up by hand, putting it off, and giving it to a colleague."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.cpr import refuse_cpr
from contacts.forms import day_from, may_follow_up, name_tomorrow
from contacts.models import Channel, FollowUp, Person
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.frame.working_days import working_day_from
from jobcenter_crm.staff.fields import ColleagueField
from jobcenter_crm.staff.models import User

Unit = FollowUp.Unit
NEVER, OWN = "never", "own"
# What is offered first: how it is called in the form -> every so many, of which.
OFTEN = {"2w": (2, Unit.WEEK), "1m": (1, Unit.MONTH), "3m": (3, Unit.MONTH), "6m": (6, Unit.MONTH)}


class Cautious:
    """A form that refuses what is surely a CPR number, and of what may be one warns until the author says it is not."""

    FREE_TEXT = ()
    warns_of_cpr = False

    def clean(self):
        facts = super().clean()
        for name in self.FREE_TEXT:
            if facts.get(name):
                try:
                    refuse_cpr(facts[name], maybe=not facts.get("not_cpr"))
                except forms.ValidationError as error:
                    self.warns_of_cpr = self.warns_of_cpr or error.code == "maybe_cpr"
                    self.add_error(name, error)
        return facts


class PostponeForm(forms.Form):
    """To when follow-ups are put off: one of the quick ones, or a day. `day_for` is the day, never one off."""

    to = forms.ChoiceField(
        label=_("To"), choices=[("tomorrow", _("Tomorrow")), ("week", _("1 week")), ("pick", _("Pick a day"))]
    )
    on = forms.DateField(
        label=_("Day"), required=False, widget=DAY, help_text=_("On a day off it becomes the next working day.")
    )

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = name_tomorrow(self.fields["to"].choices, today)

    def day_for(self, follow_up):
        """The working day that the answer means for a follow-up; None where that would bring it forward.

        A day that was picked is meant as it is; a quick one is counted from today, or from a later day it is due on.
        """
        if self.cleaned_data["to"] == "pick":
            return working_day_from(self.cleaned_data["on"])
        if self.cleaned_data["to"] == "week":
            return day_from(max(self.today, follow_up.due_on), "week")
        day = day_from(self.today, "tomorrow")
        return day if day > follow_up.due_on else None

    def clean(self):
        facts = super().clean()
        if facts.get("to") == "pick":
            day = facts.get("on")
            if day is None or not self.today <= day <= self.today + timedelta(days=3650):
                self.add_error("on", _("Choose a day from today on."))
        return facts


class GiveForm(Cautious, forms.Form):
    """To whom, and a word with it. `by` gives; `but` has it already, where it is one colleague's."""

    to = ColleagueField(
        label=_("To whom?"), queryset=User.objects.none(), empty_label=_("Choose a colleague"),
        error_messages={"invalid_choice": _("That colleague is not here any more. Choose another.")},
    )  # fmt: skip
    word = forms.CharField(
        label=_("A word with it"), max_length=200, required=False, help_text=_("What the colleague needs to know.")
    )
    not_cpr = forms.BooleanField(label=_("It is not a CPR number"), required=False)

    FREE_TEXT = ("word",)

    def __init__(self, *args, but=None, **kwargs):
        super().__init__(*args, **kwargs)
        colleagues = may_follow_up()
        self.fields["to"].queryset = colleagues.exclude(pk=but.pk) if but else colleagues


class FollowUpForm(Cautious, forms.Form):
    """What, by when, with whom, how, whose, and how often again. `workplace`, `user` and `today` are arguments.

    Of one that is there already, `follow_up`, whose it is is not asked: it is given to a colleague.
    """

    WHEN = [("tomorrow", _("Tomorrow")), ("week", _("1 week")), ("month", _("1 month")), ("pick", _("Pick a day"))]
    AGAIN = [
        (NEVER, _("Never")),
        ("2w", _("Every 2 weeks")),
        ("1m", _("Every month")),
        ("3m", _("Every quarter")),
        ("6m", _("Twice a year")),
        (OWN, _("Choose yourself")),
    ]

    title = forms.CharField(label=_("What?"), max_length=200)
    when = forms.ChoiceField(label=_("By when?"), choices=WHEN, widget=forms.RadioSelect)
    due_on = forms.DateField(
        label=_("Day"), required=False, widget=DAY, help_text=_("On a day off it becomes the next working day.")
    )
    person = forms.ModelChoiceField(
        label=_("With whom?"), queryset=Person.objects.none(), required=False, empty_label=_("Nobody in particular")
    )
    channel = forms.ChoiceField(label=_("How?"), required=False, choices=[("", _("Does not matter")), *Channel.choices])
    owner = ColleagueField(label=_("Whose?"), queryset=User.objects.none(), empty_label=None)
    again = forms.ChoiceField(label=_("Again?"), choices=AGAIN, widget=forms.RadioSelect)
    repeat_every = forms.IntegerField(
        label=_("Every"), required=False, min_value=1, max_value=60,
        error_messages={
            "min_value": _("Write a number from 1 to 60."), "max_value": _("Write a number from 1 to 60."),
            "invalid": _("Write a number from 1 to 60."),
        },
    )  # fmt: skip
    repeat_unit = forms.ChoiceField(label=_("Weeks or months?"), required=False, choices=Unit)
    not_cpr = forms.BooleanField(label=_("It is not a CPR number"), required=False)

    FREE_TEXT = ("title",)

    def __init__(self, *args, workplace, user, today, follow_up=None, **kwargs):
        self.today = today
        known = {"owner": user.pk, "again": NEVER} if follow_up is None else _known(follow_up)
        super().__init__(*args, initial=known | kwargs.pop("initial", {}), **kwargs)
        self.fields["when"].choices = name_tomorrow(self.WHEN, today)
        self.fields["person"].queryset = Person.objects.at(workplace).current()
        if follow_up is None:
            self.fields["owner"].queryset = may_follow_up(user)
        else:
            del self.fields["owner"]
            if follow_up.person_id:
                # One who has left since stays with whom it is.
                here = Person.objects.filter(pk=follow_up.person_id)
                self.fields["person"].queryset = self.fields["person"].queryset | here

    def clean(self):
        facts = super().clean()
        self._settle_day(facts)
        self._settle_again(facts)
        return facts

    def _settle_day(self, facts):
        when = facts.get("when")
        if when == "pick":
            day = facts.get("due_on")
            if day is None and "due_on" not in self.errors:
                self.add_error("due_on", _("Pick the day."))
            elif day and not self._may_be(day):
                self.add_error("due_on", _("Choose a day from today on."))
            elif day:
                facts["due_on"] = day if day == self.initial.get("due_on") else working_day_from(day)
        elif when:
            facts["due_on"] = day_from(self.today, when)

    def _may_be(self, day):
        # One that is late may stay so while something else of it is changed.
        return self.today <= day <= self.today + timedelta(days=3650) or day == self.initial.get("due_on")

    def _settle_again(self, facts):
        again = facts.get("again")
        if again == OWN:
            if facts.get("repeat_every") is None and "repeat_every" not in self.errors:
                self.add_error("repeat_every", _("Write every how many."))
            facts["repeat_unit"] = facts.get("repeat_unit") or Unit.WEEK
        else:
            # What stands in the fields of one's own choice is not meant then, and can't be wrong.
            self.errors.pop("repeat_every", None)
            facts["repeat_every"], facts["repeat_unit"] = OFTEN.get(again, (None, ""))

    def facts(self):
        """The columns of the follow-up, as keyword arguments."""
        names = ("title", "due_on", "person", "channel", "repeat_every", "repeat_unit", "owner")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}


def _known(follow_up):
    often = (follow_up.repeat_every, follow_up.repeat_unit)
    offered = {every: name for name, every in OFTEN.items()}
    return {
        "title": follow_up.title,
        "when": "pick",
        "due_on": follow_up.due_on,
        "person": follow_up.person_id,
        "channel": follow_up.channel,
        "again": NEVER if follow_up.repeat_every is None else offered.get(often, OWN),
        "repeat_every": follow_up.repeat_every,
        "repeat_unit": follow_up.repeat_unit,
    }
