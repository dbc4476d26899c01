"""What people may say of a place of work on its card."""

from django import forms
from django.db.models import Count
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.cpr import refuse_cpr
from companies.models import TIERS, Company, Workplace
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


class OwnerForm(forms.Form):
    """The responsible consultant of a workplace."""

    owner = forms.ModelChoiceField(
        label=_("Responsible consultant"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.working().in_order()


def _with_already(name, n):
    """A choice with how many of the chosen workplaces have it already, and so will not change."""
    return gettext("%(name)s (%(n)s already)") % {"name": name, "n": n} if n else str(name)


class ManyOwnerForm(forms.Form):
    """The responsible consultant of many workplaces. Nobody is a choice like the others, and never the one that is preset."""

    owner = forms.TypedChoiceField(label=_("Responsible consultant"))

    def __init__(self, *args, workplaces, user, **kwargs):
        super().__init__(*args, **kwargs)
        counts = dict(workplaces.order_by().values_list("owner").annotate(n=Count("pk")))
        people = {str(person.pk): person for person in User.objects.working().in_order()}
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
        help_text=_("For example consent, existing cooperation, or legal authority. It is recorded with your name."),
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
        self.fields["central_owner"].queryset = User.objects.working().in_order()

    def clean(self):
        facts = super().clean()
        if facts.get("agreed_centrally") and not facts.get("central_owner"):
            self.add_error("central_owner", _("Choose whom colleagues must ask."))
        return facts
