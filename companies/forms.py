"""What people may say of a place of work on its card, and of the groups' plans."""

from django import forms
from django.db.models import Count
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies import selections
from companies.cpr import refuse_cpr
from companies.models import TIERS, Company, TierPlan, Workplace
from jobcenter_crm.staff.fields import ColleagueField
from jobcenter_crm.staff.models import User


class TierForm(forms.Form):
    """The group of a workplace, set by hand."""

    tier = forms.TypedChoiceField(
        label=_("Group"),
        choices=[*TIERS, ("", _("No group"))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=_("Why"), max_length=255, required=False, help_text=_("Shown on the timeline. May be left empty."),
        validators=[refuse_cpr],
    )  # fmt: skip


def may_be_responsible(*present):
    """Those who contact employers, in order; and those who are responsible at `present`, keys of them."""
    people = User.objects.working()
    return (people.who_may("contacts.add_interaction") | people.filter(pk__in=filter(None, present))).in_order()


class OwnerForm(forms.Form):
    """The responsible consultant of a workplace."""

    owner = ColleagueField(
        label=_("Responsible consultant"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = may_be_responsible(self.initial.get("owner"))


def _with_already(name, n):
    """A choice with how many of the chosen workplaces have it already, and so will not change."""
    return gettext("%(name)s (%(n)s already)") % {"name": name, "n": n} if n else str(name)


class ManyOwnerForm(forms.Form):
    """The responsible consultant of many workplaces. Nobody is a choice like the others, and never the one that is preset."""

    owner = forms.TypedChoiceField(label=_("Responsible consultant"))

    def __init__(self, *args, workplaces, user, **kwargs):
        super().__init__(*args, **kwargs)
        counts = dict(workplaces.order_by().values_list("owner").annotate(n=Count("pk")))
        people = {str(person.pk): person for person in may_be_responsible(*counts)}
        field = self.fields["owner"]
        field.choices = [
            ("", _("Choose a colleague")),
            *((value, _with_already(person, counts.get(person.pk))) for value, person in people.items()),
            ("none", _with_already(_("Nobody"), counts.get(None))),
        ]
        field.coerce = lambda value: None if value == "none" else people[value]


class ManyTierForm(TierForm):
    """The group of many workplaces; here the reason is asked for, since nobody remembers a hundred of them."""

    why = forms.CharField(
        label=_("Why"), max_length=200, validators=[refuse_cpr],
        help_text=_("The same words on every timeline. No names, no CPR number."),
    )  # fmt: skip

    def __init__(self, *args, workplaces, user, **kwargs):
        super().__init__(*args, **kwargs)
        counts = {
            tier: n
            for tier, by_hand, n in workplaces.order_by().values_list("tier", "tier_by_hand").annotate(n=Count("pk"))
            if by_hand == (tier is not None)
        }
        self.fields["tier"].required = True
        self.fields["tier"].choices = [
            (value, _with_already(name, counts.get(value or None))) for value, name in [*TIERS, ("none", _("No group"))]
        ]
        self.fields["tier"].coerce = lambda value: None if value == "none" else int(value)


class BasisForm(forms.Form):
    """That protected workplaces are reached all the same, and on what basis."""

    include = forms.BooleanField(label=_("Include them"), required=False)
    basis = forms.CharField(
        label=_("On what basis?"), max_length=255, required=False, validators=[refuse_cpr],
        help_text=_("For example consent, existing cooperation, or legal authority. No names of people. It is recorded with your name."),
    )  # fmt: skip

    def clean(self):
        facts = super().clean()
        if facts.get("include") and not facts.get("basis") and "basis" in facts:
            self.add_error("basis", _("Write on what basis they are included, or leave them out."))
        return facts

    @property
    def stated(self):
        """The basis, where they are included; else empty."""
        return self.cleaned_data["basis"] if self.cleaned_data["include"] else ""


class FlagsForm(forms.ModelForm):
    """What a colleague must know before making contact."""

    class Meta:
        model = Workplace
        fields = ["do_not_contact", "do_not_contact_why", "labour_conflict"]
        labels = {
            "do_not_contact": _("The employer has asked us not to make contact"),
            "do_not_contact_why": _("What they said"),
            "labour_conflict": _("There is a labour conflict at the workplace"),
        }

    def clean_do_not_contact_why(self):
        why = self.cleaned_data["do_not_contact_why"]
        refuse_cpr(why)
        return why

    def clean(self):
        facts = super().clean()
        if facts.get("do_not_contact") and not facts.get("do_not_contact_why") and "do_not_contact_why" in facts:
            self.add_error(
                "do_not_contact_why", _("Write in a few words what they said, so that colleagues understand.")
            )
        return facts


class CentralForm(forms.ModelForm):
    """That contacts to all workplaces of a company are agreed centrally."""

    class Meta:
        model = Company
        fields = ["agreed_centrally", "central_person", "central_owner"]
        labels = {
            "agreed_centrally": _("Contacts to all its workplaces are agreed centrally"),
            "central_person": _("Our agreement is with"),
            "central_owner": _("Responsible for the whole company"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["central_owner"].queryset = may_be_responsible(self.instance.central_owner_id)

    def clean(self):
        facts = super().clean()
        if facts.get("agreed_centrally") and not facts.get("central_owner"):
            self.add_error("central_owner", _("Choose whom colleagues must ask."))
        return facts


class SelectionForm(forms.Form):
    """A saved search: its name, and who sees it. `search` is what it finds, as it stands in an address."""

    name = forms.CharField(label=_("Name"), max_length=80, validators=[refuse_cpr])
    is_shared = forms.BooleanField(
        label=_("Share it with all colleagues"), required=False,
        help_text=_("Everybody sees it among the tabs. You, and managers, can change it."),
    )  # fmt: skip
    search = forms.CharField(required=False, max_length=selections.LONGEST, widget=forms.HiddenInput)

    def __init__(self, *args, may_share, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]


class PlanForm(forms.ModelForm):
    """The plan of a group, Danish and English side by side.

    `based_on` is the version that was on screen, so that one manager does not write over another's words unseen.
    """

    class Meta:
        model = TierPlan
        fields = [
            "channel", "cadence_days", "minutes", "escalate_after_days", "aim_da", "aim_en", "whom_da", "whom_en", "proposal_da",
            "proposal_en", "guideline_da", "guideline_en",
        ]  # fmt: skip
        labels = {
            "channel": _("How we make contact"),
            "cadence_days": _("Days between contacts, at most"),
            "minutes": _("Minutes for one contact"),
            "escalate_after_days": _("Working days until the leader is told"),
            "aim_da": _("What we want, in Danish"),
            "aim_en": _("What we want, in English"),
            "whom_da": _("Whom we contact, in Danish"),
            "whom_en": _("Whom we contact, in English"),
            "proposal_da": _("The proposal that follows, in Danish"),
            "proposal_en": _("The proposal that follows, in English"),
            "guideline_da": _("Guideline for a first contact, in Danish"),
            "guideline_en": _("Guideline for a first contact, in English"),
        }
        help_texts = {
            "cadence_days": _("Empty: the group is never due for contact."),
            "minutes": _(
                "With reading up, the way there and back, and the note. Empty: 120 for a meeting, 20 for a call, 10 for a letter."
            ),
            "escalate_after_days": _(
                "When a follow-up is so many working days overdue, the team leader's overview tells of it. Empty: never."
            ),
            "aim_en": _("Empty: the Danish words are shown."),
        }
        widgets = {
            "channel": forms.RadioSelect,
            "guideline_da": forms.Textarea(attrs={"rows": 8}),
            "guideline_en": forms.Textarea(attrs={"rows": 8}),
        }

    based_on = forms.IntegerField(widget=forms.HiddenInput, required=False)

    # What the sums of contacts and hours are made of.
    IN_THE_SUMS = {"channel", "cadence_days", "minutes"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = TierPlan.Channel.choices
        for name, most, words in (
            ("cadence_days", 1825, _("Write a number of days between 1 and 1825, or leave it empty.")),
            ("minutes", 600, _("Write a number of minutes between 1 and 600, or leave it empty.")),
            ("escalate_after_days", 60, _("Write a number of working days between 1 and 60, or leave it empty.")),
        ):
            self.fields[name] = forms.IntegerField(
                label=self.fields[name].label,
                help_text=self.fields[name].help_text,
                required=False,
                min_value=1,
                max_value=most,
                error_messages={"invalid": words, "min_value": words, "max_value": words},
            )
        for name in ("aim_da", "whom_da", "guideline_da"):
            self.fields[name].error_messages["required"] = _("Write it in Danish; English may be left empty.")
        for name, field in self.fields.items():
            if name.endswith(("_da", "_en")):
                field.validators.append(refuse_cpr)
                field.widget.attrs["lang"] = name[-2:]
        self.newest = self.instance.history.select_related("history_user").order_by("history_id").last()
        self.initial["based_on"] = self.newest and self.newest.pk

    @property
    def changes_the_sums(self):
        return bool(self.IN_THE_SUMS & set(self.changed_data))

    def clean(self):
        facts = super().clean()
        seen = facts.get("based_on")
        if self.newest and seen and seen != self.newest.pk:
            # Saved again, it is done knowingly.
            self.data["based_on"] = self.newest.pk
            who = self.newest.history_user or _("Somebody")
            raise forms.ValidationError(
                _(
                    "%(who)s changed the plan while you had it open. What you wrote is kept here. Look at the plan as it stands now, and save again if yours is to hold."
                )
                % {"who": who},
                code="changed_meanwhile",
            )
        return facts


class HoursForm(forms.Form):
    """How many hours a week each team has for outreach, all its members together."""

    def __init__(self, *args, teams, **kwargs):
        super().__init__(*args, **kwargs)
        self.teams = {f"team_{team.pk}": team for team in teams}
        wrong = _("Write a number of hours between 0 and 5000, for instance 37.5, or leave it empty.")
        for name, team in self.teams.items():
            self.fields[name] = forms.DecimalField(
                label=team.name,
                required=False,
                localize=True,
                min_value=0,
                max_value=5000,
                max_digits=5,
                decimal_places=1,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
                error_messages=dict.fromkeys(
                    ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits"), wrong
                ),
            )
            hours = team.outreach_hours
            self.initial[name] = int(hours) if hours is not None and hours % 1 == 0 else hours

    def hours(self):
        """What `staff.actions.enter_hours` takes."""
        return {team: self.cleaned_data[name] for name, team in self.teams.items()}
