from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FrameConfig(AppConfig):
    """How a page looks: base templates, icons, dates and numbers in words, forms; knows nothing of the trade."""

    name = "jobcenter_crm.frame"

    def ready(self):
        _say_what_to_do()


def _say_what_to_do():
    """An empty field that must not be is told of as what to do, where the form has no better words for it.

    A field copies the words when it is made. This app comes first, before any app that has forms.
    """
    for field, words in {
        forms.Field: _("Fill this in."),
        forms.ChoiceField: _("Choose one."),
        forms.ModelChoiceField: _("Choose one."),
        forms.BooleanField: _("Tick this."),
        forms.FileField: _("Choose a file."),
    }.items():
        field.default_error_messages = field.default_error_messages | {"required": words}
