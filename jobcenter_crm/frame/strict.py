"""What the address of a list may say, strictly: a filter that can't be read lists nothing and says so."""

from django import forms
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
