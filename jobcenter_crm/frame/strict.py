"""What the address of a list may say, strictly: a filter that can't be read lists nothing and says so."""

from datetime import date

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _


class StrictForm(forms.Form):
    """Refuses a name that it does not know, and one that is asked for more than once.

    `BESIDES` are parameters that the page has besides its fields, `MANY` those of them that may come again.
    """

    BESIDES = frozenset({"page"})
    MANY = frozenset()

    def clean(self):
        facts = super().clean()
        for name in sorted(self.data):
            if name not in self.fields and name not in self.BESIDES:
                raise forms.ValidationError(
                    _("There is no filter called “%(name)s”.") % {"name": name[:50]}, code="unknown"
                )
            if name not in self.MANY and len(self.data.getlist(name)) > 1:
                raise forms.ValidationError(
                    _("“%(name)s” is asked for more than once.") % {"name": name[:50]}, code="twice"
                )
        return facts


def words_of(field, value):
    """What was chosen in a field, in the words of its choice."""
    if isinstance(field, forms.ModelChoiceField):
        return str(value)
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    for key, words in field.choices:
        options = words if isinstance(words, list | tuple) else [(key, words)]
        for inner, told in options:
            if str(inner) == str(value):
                return told
    return str(value)
