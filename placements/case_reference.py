"""The number by which the case system knows a case: all that is kept of a person, and never a CPR number."""

from django import forms
from django.utils.translation import gettext_lazy as _

from companies import cpr


class CaseReferenceField(forms.CharField):
    """A case reference. Anything that may be a CPR number is refused, and not repeated."""

    default_error_messages = {
        "cpr": _("This looks like a CPR number. Write the reference that the case system gives the case.")
    }

    def __init__(self, **kwargs):
        facts = {
            "label": _("Case reference"),
            "max_length": 60,
            "widget": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        }
        super().__init__(**(facts | kwargs))

    def clean(self, value):
        text = super().clean(value)
        if text and cpr.read(text, known=lambda numbers: set()) is not cpr.Reading.CLEAN:
            raise forms.ValidationError(self.error_messages["cpr"], code="cpr")
        return text
