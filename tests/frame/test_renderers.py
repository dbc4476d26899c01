"""Controls are written without Django's templates, and say the same."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.utils.html import format_html

from jobcenter_crm.frame.renderers import Renderer

NASTY = "\"<b>&'"
CHOICES = [
    ("", "Nobody"),
    (1000, NASTY),
    ("b", format_html("<i>{}</i>", "B")),
    (NASTY, "Nasty"),
    ("Group " + NASTY, [("c", "C"), ("d", "D")]),
]
ATTRS = {"id": "id_it", "class": NASTY, "required": True, "disabled": False, "data-n": 1000}
WIDGETS = [
    (forms.Select(choices=CHOICES), ["", 1000, "1000", "c", None, "not there"]),
    (forms.SelectMultiple(choices=CHOICES), [[], ["b", "c"], ["1000"]]),
    (forms.NullBooleanSelect(), [None, True, False]),
    (forms.TextInput(), [None, "", NASTY, 1000, 0]),
    (forms.NumberInput(attrs={"min": 0}), [None, 1000, "x"]),
    (forms.EmailInput(), ["a@example.com"]),
    (forms.HiddenInput(), [None, 1000]),
    (forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), [None, "2026-11-28"]),
    (forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), ["09:30"]),
    (forms.PasswordInput(), ["secret"]),
    (forms.CheckboxInput(), [True, False, None, "on"]),
    (forms.CheckboxSelectMultiple(choices=CHOICES), [[], ["b", NASTY]]),
    (forms.RadioSelect(choices=CHOICES), ["", "b"]),
    (forms.Textarea(), [NASTY]),
]


@pytest.mark.parametrize(("widget", "values"), WIDGETS, ids=lambda widget: type(widget).__name__)
def test_a_control_is_the_same_as_by_djangos_templates(widget, values):
    for value in values:
        ours = widget.render("it", value, attrs=ATTRS, renderer=Renderer())
        theirs = widget.render("it", value, attrs=ATTRS, renderer=DjangoTemplates())

        assert parse_html(ours) == parse_html(theirs)
        assert "<b>" not in ours


def test_the_product_uses_it():
    class Form(forms.Form):
        name = forms.CharField()

    assert isinstance(Form().renderer, Renderer)
