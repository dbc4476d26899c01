"""What people may say of a place of work on its card."""

from django import forms
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


class SelectionForm(forms.Form):
    """A saved search: its name, and who sees it. `search` is what it finds, as it stands in an address."""

    name = forms.CharField(label=_("Name"), max_length=80, validators=[refuse_cpr])
    is_shared = forms.BooleanField(
        label=_("Share it with all colleagues"), required=False,
        help_text=_("Everybody sees it among the tabs. You, and managers, can change it."),
    )  # fmt: skip
    search = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def __init__(self, *args, may_share, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]
