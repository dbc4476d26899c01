"""Writing a review that was held, putting it right, calling one, and moving one."""

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from contacts.follow_up_forms import Cautious
from contacts.models import Person
from jobcenter_crm.frame.fields import SomeRowsField
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.staff.fields import ColleaguesField
from jobcenter_crm.staff.models import User
from partnerships import reviews
from partnerships.models import AgreementContact, Review

Decision = Review.Decision
# How each side thinks it is going, from 1 to 5.
RATINGS = {1: _("Badly"), 2: _("Not so well"), 3: _("Fairly"), 4: _("Well"), 5: _("Very well")}


def rating_in_words(number):
    """A rating as people read it; empty for none."""
    return RATINGS.get(number, "")


class RatingField(forms.TypedChoiceField):
    """1 to 5, each with its word, or not said."""

    def __init__(self, **kwargs):
        super().__init__(
            required=False, coerce=int, empty_value=None, widget=forms.RadioSelect, choices=_rating_choices, **kwargs
        )


def _rating_choices():
    return [(str(number), f"{number} {word}") for number, word in RATINGS.items()] + [("", str(_("Not said")))]


def _text(label, help_text=""):
    return forms.CharField(
        label=label, required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), help_text=help_text
    )


class WrittenForm(Cautious, forms.Form):
    """Who was there, and what both found. `review` and `user` are arguments.

    Those of ours who have to do with the agreement are offered first, all the others behind a fold.
    """

    staff = ColleaguesField(
        label=_("Our people"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = ColleaguesField(
        label=_("Others of ours"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    persons = SomeRowsField(
        label=_("From the employer"), queryset=Person.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    they_found = _text(_("What does the employer say?"), _("Write so that the employer may read along."))
    their_rating = RatingField(label=_("How does the employer think it is going?"))
    we_found = _text(_("What do we say?"))
    our_rating = RatingField(label=_("How do we think it is going?"))
    decided = _text(_("What was decided?"), _("Who does what, and by when."))
    not_cpr = forms.BooleanField(label=_("It is not a CPR number"), required=False)

    FREE_TEXT = ("they_found", "we_found", "decided")

    def __init__(self, *args, review, user, today, initial=None, **kwargs):
        self.review, self.agreement, self.today = review, review.agreement, today
        there = list(review.staff.all()), list(review.persons.all())
        known = {name: getattr(review, name) for name in reviews.WRITTEN}
        known |= {name: known[name] or "" for name in ("our_rating", "their_rating")}
        near = self._near(user, there[0])
        known["staff"] = [one.pk for one in there[0]] or [user.pk]
        known["persons"] = [one.pk for one in there[1]]
        super().__init__(*args, initial=known | (initial or {}), **kwargs)
        self.fields["staff"].queryset = User.objects.filter(pk__in=near).in_order()
        self.fields["others"].queryset = User.objects.working().exclude(pk__in=near).in_order()
        known_there = Person.objects.filter(pk__in=known["persons"])
        company = Person.objects.filter(company=self.agreement.company_id).current()
        self.fields["persons"].queryset = (company | known_there).order_by("name", "pk")

    def _near(self, user, there):
        """The keys of those of ours who have to do with the agreement, or were there."""
        ours = AgreementContact.objects.filter(agreement=self.agreement, colleague__is_active=True)
        near = {user.pk, *(one.pk for one in there), *ours.values_list("colleague", flat=True)}
        return near | ({self.agreement.owner_id} if self.agreement.owner.is_active else set())

    def clean(self):
        facts = super().clean()
        if not facts.get("staff") and not facts.get("others") and "staff" not in self.errors:
            self.add_error("staff", _("Tick who of us was there."))
        if not self.errors and not facts.get("we_found") and not facts.get("they_found"):
            self.add_error("they_found", _("Write what at least one of the two of you says."))
        return facts

    def written(self):
        """What `reviews.change` takes, as keyword arguments."""
        facts = {name: self.cleaned_data[name] for name in reviews.WRITTEN}
        people = [*self.cleaned_data["staff"], *self.cleaned_data["others"]]
        return facts | {"staff": people, "persons": list(self.cleaned_data["persons"])}


class HoldForm(WrittenForm):
    """A review that was held: besides, when, and what it leads to."""

    held_on = forms.DateField(label=_("Held on"), widget=DAY)
    decision = forms.ChoiceField(
        label=_("How does it go on?"),
        choices=[
            (Decision.CONTINUE, _("Continue as it is")),
            (Decision.CHANGE, _("Change the agreement")),
            (Decision.END, _("End the agreement")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it goes on.")},
    )
    next_on = forms.DateField(label=_("Next review by"), required=False, widget=DAY)
    last_day = forms.DateField(label=_("Last day of the agreement"), required=False, widget=DAY)

    def __init__(self, *args, review, user, today, **kwargs):
        meeting, agreement = review.meeting, review.agreement
        at_meeting = meeting is not None and meeting.on <= today and meeting.state != meeting.State.CANCELLED
        held_on = meeting.on if at_meeting else today
        initial = {
            "held_on": held_on,
            "next_on": reviews.offered_day(agreement, held_on, today),
            "last_day": min(agreement.ends_on, today) if agreement.ends_on else today,
        }
        if meeting is not None and not review.staff.all():
            initial["staff"] = list(meeting.staff.values_list("pk", flat=True))
            initial["persons"] = list(meeting.persons.values_list("pk", flat=True))
        super().__init__(*args, review=review, user=user, today=today, initial=initial, **kwargs)
        if review.agreement.ends_on:
            self.fields["next_on"].help_text = _("The agreement ends on %(day)s.") % {
                "day": date_format(review.agreement.ends_on, "DATE_FORMAT")
            }

    def _near(self, user, there):
        near = super()._near(user, there)
        return near | (set(self.review.meeting.staff.values_list("pk", flat=True)) if self.review.meeting else set())

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if why := reviews.why_not_held(self.review, day, self.today):
            raise forms.ValidationError(why, code="day")
        return day

    def clean(self):
        facts = super().clean()
        decision = facts.get("decision")
        if decision == Decision.END:
            self.errors.pop("next_on", None)
            self._clean_end(facts)
        elif decision:
            self.errors.pop("last_day", None)
            self._clean_next(facts, decision)
        return facts

    def _clean_next(self, facts, decision):
        if decision == Decision.CHANGE and not facts.get("decided") and "decided" not in self.errors:
            self.add_error("decided", _("Write what is to be changed."))
        if "next_on" in self.errors:
            return
        if facts.get("next_on") is None:
            self.add_error("next_on", _("Choose the day of the next review."))
        elif why := reviews.why_not_next(self.agreement, facts["next_on"], self.today, decision):
            self.add_error("next_on", why)

    def _clean_end(self, facts):
        if not facts.get("decided") and "decided" not in self.errors:
            self.add_error("decided", _("Write why the agreement ends."))
        if "last_day" in self.errors:
            return
        day = facts.get("last_day")
        if day is None:
            self.add_error("last_day", _("Choose the last day."))
        elif day < self.agreement.starts_on:
            began = date_format(self.agreement.starts_on, "DATE_FORMAT")
            self.add_error("last_day", _("It began on %(day)s. Choose that day or a later one.") % {"day": began})
        elif day > self.today + reviews.FURTHEST:
            self.add_error("last_day", _("That is more than six years ahead. Check the year."))

    def facts(self):
        """What `reviews.hold` takes, as keyword arguments."""
        names = ("held_on", "decision", "next_on", "last_day")
        return self.written() | {name: self.cleaned_data.get(name) for name in names}


class MoveReviewForm(forms.Form):
    """Another day for a review. `review` and `today` are arguments."""

    on = forms.DateField(label=_("To be held by"), widget=DAY)

    def __init__(self, *args, review, today, **kwargs):
        self.review, self.today = review, today
        super().__init__(*args, **kwargs)

    def clean_on(self):
        day = self.cleaned_data["on"]
        if why := reviews.why_not_moved(self.review, day, self.today):
            raise forms.ValidationError(why, code="day")
        return day


class CallForm(Cautious, forms.Form):
    """By when, and why a review is needed before its time."""

    why = forms.CharField(
        label=_("Why is it needed?"), max_length=200, help_text=_("Stands with the review, with your name.")
    )
    on = forms.DateField(label=_("To be held by"), widget=DAY)
    not_cpr = forms.BooleanField(label=_("It is not a CPR number"), required=False)

    FREE_TEXT = ("why",)

    def __init__(self, *args, review, today, **kwargs):
        self.review, self.today = review, today
        super().__init__(*args, **kwargs)

    def clean_on(self):
        day = self.cleaned_data["on"]
        if why := reviews.why_not_called(self.review, day, self.today):
            raise forms.ValidationError(why, code="day")
        return day
