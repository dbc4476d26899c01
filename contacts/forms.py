"""Logging and planning a contact, and what is done with one afterwards."""

import uuid
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django import forms
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from companies.cpr import refuse_cpr
from contacts import asked_along, matters
from contacts.follow_up_kinds import kept_kinds
from contacts.models import FACE_TO_FACE, Channel, FollowUp, Interaction, Person, Service
from jobcenter_crm.frame.addresses import numbers
from jobcenter_crm.frame.fields import SomeRowsField
from jobcenter_crm.frame.templatetags.frame import lowerfirst
from jobcenter_crm.frame.widgets import DAY, TIME
from jobcenter_crm.frame.working_days import next_working_day, working_day_from
from jobcenter_crm.staff.fields import ColleagueField, ColleaguesField
from jobcenter_crm.staff.models import Organisation, User

Outcome = Interaction.Outcome
# Which outcomes make sense for which channel; the form's script shows only these.
OUTCOMES = {
    Channel.VISIT: [Outcome.AGREED, Outcome.INTERESTED, Outcome.NOT_NOW, Outcome.NO],
    Channel.MEETING: [Outcome.AGREED, Outcome.INTERESTED, Outcome.NOT_NOW, Outcome.NO],
    Channel.PHONE: [
        Outcome.AGREED,
        Outcome.INTERESTED,
        Outcome.NOT_NOW,
        Outcome.NO,
        Outcome.ANSWERED,
        Outcome.NO_ANSWER,
    ],
    Channel.EMAIL: [
        Outcome.INFORMED,
        Outcome.AGREED,
        Outcome.INTERESTED,
        Outcome.NOT_NOW,
        Outcome.NO,
        Outcome.ANSWERED,
    ],
    Channel.LETTER: [Outcome.INFORMED],
    Channel.EVENT: [Outcome.INFORMED, Outcome.INTERESTED, Outcome.NOT_NOW],
}
WITH_BARRIER = {Outcome.NOT_NOW, Outcome.NO}
# What comes of a first meeting after which a proposal follows, and in which groups.
WELCOMING = {Outcome.AGREED, Outcome.INTERESTED}
PROPOSED_TO = {1, 2}


class ServicesField(forms.TypedMultipleChoiceField):
    """Which services were presented: those that we offered on the contact's day, asked for in one statement.

    What the contact tells of already may stay, also where the service has ended since. Another one that was not
    offered that day is refused by its name, and stays ticked until somebody takes it off.
    """

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def offer(self, day, *, contact=None, ticked=()):
        """Let it offer what a contact of `day` may have told of; `contact` is the one it is about, if there is one already."""
        self.day = day
        asked = numbers(map(str, ticked or ()))
        self.offered = {str(row.pk): row for row in Service.objects.presentable(day, contact, asked)}
        self.choices = [(pk, row.name) for pk, row in self.offered.items()]
        self.coerce = self.offered.get
        self.initial = [pk for pk, row in self.offered.items() if row.is_told or row.pk in asked]

    def clean(self, value):
        services = super().clean(value)
        if wrong := [row.name for row in services if not row.is_told and not row.is_valid(self.day)]:
            raise forms.ValidationError(
                _("Not offered on that day: %(names)s. Take the tick off, or check the day."),
                code="not_offered", params={"names": ", ".join(wrong)},
            )  # fmt: skip
        return services


def sent(form, name):
    """What a form was sent with for a field, unread: before a field knows what it offers, nothing can be checked."""
    return form.fields[name].widget.value_from_datadict(form.data, form.files, form.add_prefix(name))


class ContactForm(forms.Form):
    """What logging and planning have in common. `workplace`, its group's `plan`, `user` and `today` are arguments.

    `contact` is the planned one that is logged, if it is one. `services` are the keys of those that are ticked beforehand.
    """

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    purpose = forms.CharField(label=_("Purpose"), max_length=200)
    persons = SomeRowsField(
        label=_("Whom do you talk to?"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    channel = forms.ChoiceField(label=_("How?"), choices=Channel, widget=forms.RadioSelect)
    on = forms.DateField(label=_("Day"), widget=DAY)
    at = forms.TimeField(label=_("Time"), required=False, widget=TIME)
    staff = ColleaguesField(label=_("Our people"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple)
    basis = forms.ChoiceField(
        label=_("On what basis?"),
        choices=Interaction.Basis,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("The workplace is advertising-protected and this is the first contact."),
    )
    services = ServicesField(label=_("Services presented"))
    new_person = forms.CharField(label=_("Name"), max_length=150, required=False)
    new_role = forms.ChoiceField(label=_("Role"), choices=Person.Role, required=False, initial=Person.Role.OTHER)
    new_phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    not_cpr = forms.BooleanField(label=_("It is not a CPR number"), required=False)

    # Checked for CPR numbers; the fields with somebody's own words.
    FREE_TEXT = ["purpose", "new_person"]

    def __init__(
        self, *args, workplace, user, today, plan=None, contact=None, services=(), organisation=None, **kwargs
    ):
        self.workplace, self.user, self.today, self.plan = workplace, user, today, plan
        super().__init__(*args, **kwargs)
        self.fields["persons"].queryset = Person.objects.at(workplace).current()
        self.fields["staff"].queryset = User.objects.working().in_order()
        self.fields["token"].initial = uuid.uuid4
        self.fields["staff"].initial = [user.pk]
        self.asks_basis = needs_basis(workplace, organisation)
        self.warns_of_cpr = False
        ticked = sent(self, "services") if self.is_bound else services
        self.fields["services"].offer(self._day(), contact=contact, ticked=ticked)

    def _day(self):
        """The contact's day, as far as it can be read."""
        try:
            day = self.fields["on"].to_python(sent(self, "on") if self.is_bound else self.initial.get("on"))
        except forms.ValidationError:
            day = None
        return day or self.today

    def clean(self):
        facts = super().clean()
        for name in self.FREE_TEXT:
            if facts.get(name):
                self._check_cpr(name, facts[name])
        return facts

    def _check_cpr(self, name, text):
        """Refuse what is surely a CPR number; of what may be one, warn until the author says that it is not."""
        try:
            refuse_cpr(text, maybe=not self.cleaned_data.get("not_cpr"))
        except forms.ValidationError as error:
            self.warns_of_cpr = self.warns_of_cpr or error.code == "maybe_cpr"
            self.add_error(name, error)

    def _require_basis(self, facts):
        if self.asks_basis and not facts.get("basis") and facts.get("direction") != Interaction.Direction.INBOUND:
            self.add_error("basis", _("Choose why you may contact them."))

    def person_list(self):
        """The people chosen, with the new one, if a name was written, saved first."""
        chosen = list(self.cleaned_data["persons"])
        if name := self.cleaned_data["new_person"]:
            chosen.append(
                Person.objects.create(
                    company=self.workplace.company,
                    workplace=self.workplace,
                    name=name,
                    role=self.cleaned_data["new_role"] or Person.Role.OTHER,
                    phone=self.cleaned_data["new_phone"],
                    created_by=self.user,
                )
            )
        return chosen


def needs_basis(workplace, organisation=None):
    """Whether a first contact must say on what basis it is made; `organisation` spares asking for it again.

    So it is for an advertising-protected place that nobody has been in touch with, until the
    organisation has recorded its legal position (CVR act §§ 19 and 22 leave the question to it).
    """
    return (
        (workplace.advertising_protected or workplace.company.advertising_protected)
        and workplace.last_contact_on is None
        and not (organisation or Organisation.get()).advertising_position
    )


class LogForm(ContactForm):
    """A contact that took place: four things are asked for, the rest is filled in or may be left."""

    WHEN = [
        ("tomorrow", _("Tomorrow")),
        ("week", _("1 week")),
        ("month", _("1 month")),
        ("pick", _("Pick a day")),
        ("none", _("None")),
    ]

    inbound = forms.BooleanField(label=_("They contacted us"), required=False)
    outcome = forms.ChoiceField(label=_("What came of it?"), choices=Outcome, widget=forms.RadioSelect)
    barrier = forms.ChoiceField(
        label=_("What stood in the way?"), choices=Interaction.Barrier, required=False, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Short note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Write so that the employer may read along. No name, CPR number or health of a citizen."),
    )
    meeting_offered = forms.TypedChoiceField(
        label=_("Was a meeting offered?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("They called us, and nobody has met them for a year."),
    )
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_when = forms.ChoiceField(label=_("When?"), choices=WHEN, widget=forms.RadioSelect)
    next_on = forms.DateField(label=_("Day of the next step"), required=False, widget=DAY)
    after_first = forms.MultipleChoiceField(
        label=_("After the first meeting"), required=False, widget=forms.CheckboxSelectMultiple
    )
    finished = SomeRowsField(
        label=_("Done by this"), queryset=FollowUp.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    matter = forms.CharField(
        label=_("Not solved in the call"), max_length=200, required=False,
        help_text=_("What they await an answer to. Leave it empty when they got it."),
    )  # fmt: skip
    matter_owner = ColleagueField(label=_("Who answers?"), queryset=User.objects.none(), required=False)
    matter_on = forms.DateField(label=_("Answer by"), required=False, widget=DAY)

    FREE_TEXT = [*ContactForm.FREE_TEXT, "note", "next_step", "matter"]

    def __init__(self, *args, known=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["purpose"].required = False
        self.fields["next_when"].choices = name_tomorrow(self.WHEN, self.today)
        self.fields["persons"].label = _("Whom did you talk to?")
        self.fields["on"].initial = self.today
        promised = FollowUp.objects.open().filter(workplace=self.workplace).exclude(kind__in=kept_kinds())
        self.fields["finished"].queryset = promised.select_related("owner").order_by("due_on", "pk")
        self._ask_of_matter()
        self._ask_along()
        met_on = known.met_on if known and not self.is_bound else last_met_on(self.workplace)
        self.asks_meeting = met_on is None or met_on < self.today - relativedelta(years=1)
        self._offer_after_first(is_first=met_on is None)

    def _ask_of_matter(self):
        """The responsible consultant answers, or else the one who took the call."""
        self.matter, owner = "", self.workplace.owner
        self.fields["matter_on"].initial = next_working_day(self.today)
        answers = self.fields["matter_owner"]
        answers.queryset, answers.empty_label = may_follow_up(*filter(None, (self.user, owner))), None
        answers.initial = owner.pk if owner and owner.is_active else self.user.pk
        answers.help_text = _("A colleague is asked, and it stays with you until they accept.")

    def _ask_along(self):
        """What apps above ask along, each in a field of its own that may be left."""
        self.asked = asked_along.asked_at(self.workplace, self.user, self.today)
        for name, asked in self.asked.items():
            self.fields[name] = forms.ChoiceField(
                label=asked.words,
                choices=[("", _("Not asked")), *asked.choices],
                required=False,
                widget=forms.RadioSelect,
                help_text=_sentence(_("As of %(day)s."), day=date_format(asked.since, "DATE_FORMAT")),
            )

    @property
    def asked_fields(self):
        """The fields of what is asked along, in order."""
        return [self[name] for name in self.asked]

    @property
    def asks_along_now(self):
        """Whether something of it is due, or was answered already, so that it stands unfolded."""
        return any(asked.is_due for asked in self.asked.values()) or any(self[name].value() for name in self.asked)

    def answers(self):
        """What `asked_along.take` takes. Whom nobody reached, nobody has asked."""
        if self.cleaned_data.get("outcome") == Outcome.NO_ANSWER:
            return {}
        return {name: self.cleaned_data[name] for name in self.asked if self.cleaned_data.get(name)}

    def _offer_after_first(self, *, is_first):
        """Offer what follows a first meeting in the two groups of high priority: our proposal, and that the managers meet."""
        self.proposal = self.managers_meet = self.manager = None
        if is_first and self.workplace.tier in PROPOSED_TO:
            if self.plan and self.plan.proposal:
                self.proposal = _sentence(_("Send %(what)s"), what=lowerfirst(self.plan.proposal))
            if manager := User.objects.with_leaders().get(pk=self.user.pk).led_by:
                self.manager = manager
                self.managers_meet = _sentence(_("%(name)s meets their manager"), name=manager)
        offered = [("proposal", self.proposal), ("managers", self.managers_meet)]
        self.fields["after_first"].choices = [(value, words) for value, words in offered if words]
        if self.proposal:
            self.fields["after_first"].help_text = _sentence(
                _(
                    "One tap each, or leave them. The proposal is to be sent by %(day)s, unless you pick another day below."
                ),
                day=date_format(day_from(self.today, "week"), "MONTH_DAY_FORMAT"),
            )

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("The day is in the future. Plan the contact instead."), code="future")
        if on < self.today - timedelta(days=3650):
            raise forms.ValidationError(_("The day is more than ten years ago. Check the year."), code="past")
        return on

    def clean(self):
        facts = super().clean()
        facts["direction"] = Interaction.Direction.INBOUND if facts.get("inbound") else Interaction.Direction.OUTBOUND
        if facts.get("outcome") not in WITH_BARRIER and facts.get("barrier"):
            self.add_error(
                "barrier", _("A barrier goes with “Not now” or “No thanks”. Change the outcome, or remove it.")
            )
        if facts.get("outcome") == Outcome.NO_ANSWER:
            # Whom nobody reached, nobody has told of anything.
            facts["services"] = []
        if facts["direction"] != Interaction.Direction.INBOUND or not self.asks_meeting:
            facts["meeting_offered"] = None
        if facts["direction"] == Interaction.Direction.INBOUND:
            facts["basis"] = Interaction.Basis.INBOUND if self.asks_basis else ""
        self._require_basis(facts)
        self._settle_first_meeting(facts)
        self._settle_next_step(facts)
        self._settle_matter(facts)
        return facts

    def _settle_matter(self, facts):
        """What was not solved in a call of theirs is one more step, with a day by which they get an answer."""
        if facts["direction"] != Interaction.Direction.INBOUND:
            # Written before the tick was taken off again: then it is no matter of theirs.
            for name in ("matter", "matter_owner", "matter_on"):
                self.errors.pop(name, None)
            return
        self.matter = facts.get("matter") or ""
        if not self.matter:
            self.errors.pop("matter_on", None)
            return
        day = facts.get("matter_on") or next_working_day(self.today)
        if not self.today <= day <= self.today + timedelta(days=3650):
            self.add_error("matter_on", _("Choose a day from today on."))
            return
        facts["more_steps"].append(matters.step(title=self.matter, due_on=working_day_from(day), owner=self.user))

    def _settle_first_meeting(self, facts):
        """What was taken of the offer. A proposal is the next step, or one more where another was written."""
        facts["more_steps"] = []
        # Sent also by who has changed the channel or the outcome since, without a script to hide it.
        is_meeting = facts.get("channel") in FACE_TO_FACE and facts.get("outcome") in WELCOMING
        taken = facts.get("after_first", []) if is_meeting else []
        if "proposal" in taken:
            if facts.get("next_step"):
                self._one_more(facts, "proposal", self.proposal, self.user)
            else:
                facts["next_step"] = self.proposal
                if facts.get("next_when") in (None, "", "none"):
                    facts["next_when"] = "week"
                    self.errors.pop("next_when", None)
        if "managers" in taken:
            title = _sentence(_("Meet their manager, after %(name)s's first meeting"), name=self.user)
            self._one_more(facts, "managers", title, self.manager)

    def _one_more(self, facts, occurrence, title, owner):
        step = {"occurrence": occurrence, "title": title[:200], "due_on": day_from(self.today, "week"), "owner": owner}
        facts["more_steps"].append(step)

    def _settle_next_step(self, facts):
        when = facts.get("next_when")
        if when == "none":
            facts["next_on"] = None
            if facts.get("next_step"):
                self.add_error("next_when", _("You wrote a next step. Choose when, or remove the text."))
        elif when == "pick":
            day = facts.get("next_on")
            if day is None and "next_on" not in self.errors:
                self.add_error("next_on", _("Pick the day of the next step."))
            elif day and not self.today <= day <= self.today + timedelta(days=3650):
                self.add_error("next_on", _("The next step must lie between today and ten years from now."))
        elif when:
            facts["next_on"] = day_from(self.today, when)
        if when and when != "none" and not facts.get("next_step"):
            facts["next_step"] = str(_("Follow up"))

    def facts(self):
        """What `actions.log` takes, as keyword arguments."""
        taken = ("token", "purpose", "channel", "on", "at", "basis", "direction", "outcome", "barrier", "note",
                 "meeting_offered", "next_step", "next_on", "more_steps", "finished", "staff", "services")  # fmt: skip
        return {name: self.cleaned_data[name] for name in taken} | {"persons": self.person_list()}


def last_met_on(workplace):
    """The day on which somebody of ours last met the employer face to face; None when nobody ever has."""
    return Interaction.objects.held().meetings().filter(workplace=workplace).aggregate(day=Max("on"))["day"]


def _sentence(words, **names):
    return str(words) % names


def day_from(today, when):
    """The day that "tomorrow", "week" or "month" means; the next working day, if that is none."""
    day = today + {"tomorrow": timedelta(days=1), "week": timedelta(days=7), "month": relativedelta(months=1)}[when]
    return working_day_from(day)


def may_follow_up(*also):
    """Those whose role is to do follow-ups, in order, and `also` these."""
    people = User.objects.working()
    return (people.who_may("contacts.change_followup") | people.filter(pk__in=[one.pk for one in also])).in_order()


def tomorrow_in_words(today):
    """What the choice "tomorrow" is called: by its name the next working day, where that is another."""
    day = day_from(today, "tomorrow")
    return _("Tomorrow") if day == today + timedelta(days=1) else capfirst(date_format(day, "l"))


def name_tomorrow(choices, today):
    """The choices, with the first of them, "tomorrow", called by the day that it means."""
    return [(value, tomorrow_in_words(today) if value == "tomorrow" else label) for value, label in choices]


class PlanForm(ContactForm):
    """A contact to come. Its purpose is written now, and a colleague's plan nearby asks one question.

    Not where it `is_agreed`, because it belongs to something that the employer and we have under way.
    """

    coordination = forms.ChoiceField(
        label=_("A colleague has plans here"),
        choices=Interaction.Coordination,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, is_agreed=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["persons"].label = _("Whom will you talk to?")
        self.fields["services"].label = _("Services to present")
        self.is_agreed, self.plans_nearby = is_agreed, []

    def clean_on(self):
        on = self.cleaned_data["on"]
        if not self.today <= on <= self.today + timedelta(days=3650):
            raise forms.ValidationError(
                _("Choose a day from today on. Log a contact that has taken place."), code="past"
            )
        return on

    def clean(self):
        facts = super().clean()
        self._require_basis(facts)
        if facts.get("on") and not self.is_agreed:
            self.plans_nearby = list(
                Interaction.objects.colleagues_plans_near(self.workplace, self.user, facts["on"])
                .select_related("workplace")
                .prefetch_related("staff")
                .soonest_first()
            )
            if self.plans_nearby and not facts.get("coordination"):
                self.add_error("coordination", _("Say whether you have agreed it, or leave it to the colleague."))
        return facts

    def facts(self):
        """What `actions.plan` takes, as keyword arguments."""
        taken = ("token", "purpose", "channel", "on", "at", "basis", "coordination", "staff", "services")
        return {name: self.cleaned_data[name] for name in taken} | {"persons": self.person_list()}


class NoteForm(forms.Form):
    """The note of a contact: changed while it is open, added to afterwards."""

    note = forms.CharField(
        label=_("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), validators=[refuse_cpr]
    )
    services = ServicesField(label=_("Services presented"))

    def __init__(self, *args, contact, is_open, **kwargs):
        super().__init__(*args, **kwargs)
        if is_open and contact.state == Interaction.State.HELD:
            # Who forgot a tick may have nothing to add in words.
            self.fields["note"].required = bool(contact.note)
            ticked = sent(self, "services") if self.is_bound else ()
            self.fields["services"].offer(contact.on, contact=contact, ticked=ticked)
        else:
            del self.fields["services"]


class MoveForm(forms.Form):
    """Another day for something planned or promised."""

    on = forms.DateField(label=_("Day"), widget=DAY)
    at = forms.TimeField(label=_("Time"), required=False, widget=TIME)

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def clean_on(self):
        on = self.cleaned_data["on"]
        if not self.today <= on <= self.today + timedelta(days=3650):
            raise forms.ValidationError(_("Choose a day from today on."), code="past")
        return on


class ReleaseForm(forms.Form):
    """Why somebody is no longer responsible for a workplace."""

    why = forms.CharField(
        label=_("Why?"), max_length=100, help_text=_("Stands in the history of the workplace."), validators=[refuse_cpr]
    )


class CloseForm(forms.Form):
    """What is open at a workplace that has ceased: all of it ticked, to be closed.

    Without follow-ups that only an act of their app ends: what they are about is not over by itself.
    """

    contacts = forms.TypedMultipleChoiceField(
        label=_("Planned contacts to cancel"), required=False, widget=forms.CheckboxSelectMultiple
    )
    follow_ups = forms.TypedMultipleChoiceField(
        label=_("Follow-ups to tick off"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, workplace, **kwargs):
        super().__init__(*args, **kwargs)
        planned = Interaction.objects.planned().filter(workplace=workplace).soonest_first().prefetch_related("staff")
        promised = FollowUp.objects.open().filter(workplace=workplace).exclude(kind__in=kept_kinds())
        promised = promised.select_related("owner").order_by("due_on", "pk")
        self._offer("contacts", planned, _planned_in_words)
        self._offer("follow_ups", promised, _promised_in_words)
        self.is_empty = not any(self.initial.values())

    def _offer(self, name, rows, in_words):
        """Let the field offer `rows`, all ticked; its answer is those of them that were left so."""
        offered = {str(row.pk): row for row in rows}
        self.fields[name].choices = [(pk, in_words(row)) for pk, row in offered.items()]
        self.fields[name].coerce = offered.get
        self.initial[name] = list(offered)

    def clean(self):
        facts = super().clean()
        if not self.errors and not facts.get("contacts") and not facts.get("follow_ups"):
            raise forms.ValidationError(_("Tick what is to be closed, or go back and keep it all."), code="nothing")
        return facts


def _planned_in_words(contact):
    who = ", ".join(str(colleague) for colleague in contact.staff.all())
    day = date_format(contact.on, "MONTH_DAY_FORMAT")
    return f"{contact.get_channel_display()} {day}, {who}: {contact.purpose}"


def _promised_in_words(follow_up):
    return f"{date_format(follow_up.due_on, 'MONTH_DAY_FORMAT')}, {follow_up.owner}: {follow_up.title}"
