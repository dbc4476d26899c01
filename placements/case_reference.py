"""The case reference: all that is known of whom a place is for, and the way into the case system.

How one is written is a setting, since each case system numbers in its own way. It is never a CPR number, stands in no
mail, no history and no address but that of the search into which it was typed, and is erased when it is needed no longer.
"""

import re
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from companies import cpr

# The digits of a CPR number, whatever is put between day, month, year and the four last.
_SPREAD = re.compile(r"(?<!\d)(\d{2})\W*_*(\d{2})\W*_*(\d{2})\W*_*(\d{4})(?!\d)")


def may_be_cpr(text):
    """Whether there are ten digits in `text` that read as a CPR number, however they are parted. No P-number is let pass."""
    written = [text, *("".join(parts) for parts in _SPREAD.findall(text))]
    return any(cpr.read(one, known=lambda _numbers: set()) is not cpr.Reading.CLEAN for one in written)


class CaseReferenceField(forms.CharField):
    """A case reference as the case system writes it, the same in every form."""

    default_error_messages = {
        "cpr": _("This may be a CPR number, which must not be kept here. Write the reference of the case."),
        "pattern": _("This is not how a case reference is written. Write it as the case system shows it."),
    }

    def __init__(self, **kwargs):
        kwargs = {
            "label": _("Case reference"),
            "max_length": 60,
            "help_text": _("As the case system shows it. Never a name or a CPR number."),
            "widget": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        } | kwargs
        super().__init__(**kwargs)

    def clean(self, value):
        reference = super().clean(value)
        if reference:
            if may_be_cpr(reference):
                raise ValidationError(self.error_messages["cpr"], code="cpr")
            if not re.fullmatch(settings.CASE_REFERENCE_PATTERN, reference):
                raise ValidationError(self.error_messages["pattern"], code="pattern")
        return reference


def link(reference):
    """The address of the case in the case system; empty where none is set, or the reference is erased."""
    if not (settings.CASE_URL and reference):
        return ""
    return settings.CASE_URL.replace("{reference}", quote(reference, safe=""))
