"""The people at an employer, and other job centres that talk with it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.by_hand import is_telephone
from companies.cpr import refuse_cpr
from companies.models import Municipality
from contacts.models import OtherJobCentre, Person
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.staff.models import Organisation


class WithoutCpr(forms.ModelForm):
    """A form whose name and remark take no CPR number."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("name", "remark"):
            self.fields[name].validators.append(refuse_cpr)


class PersonForm(WithoutCpr):
    """Somebody at the employer."""

    class Meta:
        model = Person
        fields = ["name", "role", "phone", "email", "preferred_channel", "remark", "left_on"]
        widgets = {
            "left_on": DAY,
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        }
        help_texts = {
            "remark": _("For instance when to call. Nothing private."),
            "left_on": _("When the person no longer works there. The history stays."),
        }

    for_company = forms.BooleanField(label=_("For all workplaces of the company"), required=False)


class OtherJobCentreForm(WithoutCpr):
    """Another job centre that talks with the employer, and whom to call there."""

    class Meta:
        model = OtherJobCentre
        fields = ["name", "phone", "email", "remark", "since", "ended_on"]
        widgets = {
            "since": DAY,
            "ended_on": DAY,
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        }
        help_texts = {
            "remark": _("What they talk about. Nothing private."),
            "ended_on": _("When they no longer talk with the employer. The history stays."),
        }

    # A list of texts, since a database refuses what no key can look like.
    municipality = forms.ChoiceField(label=_("Which job centre?"), choices=[])
    for_company = forms.BooleanField(label=_("For all workplaces of the company"), required=False)

    field_order = ["municipality"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ours = Organisation.get().municipality_code
        others = Municipality.objects.exclude(code=ours).values_list("code", "name")
        self.fields["municipality"].choices = [("", _("Choose the municipality")), *others]
        self.initial.setdefault("municipality", self.instance.municipality_id or "")
        self.fields["phone"].validators.append(is_telephone)

    def _post_clean(self):
        # Before the row's own rules are asked.
        if code := self.cleaned_data.get("municipality"):
            self.instance.municipality_id = code
        super()._post_clean()
