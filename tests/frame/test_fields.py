"""A figure is read as people write it, and shown so again."""

from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from jobcenter_crm.frame.fields import FigureField


class Form(forms.Form):
    figure = FigureField(min_value=0, max_value=100, max_digits=4, decimal_places=1, says="Write percent.")


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize(
    ("typed", "read"),
    [("5,4", "5.4"), ("5.4", "5.4"), (" 5 ", "5"), ("5,4 %", "5.4"), ("0", "0"), ("100,0", "100.0")],
)
def test_comma_and_point_are_one_in_every_language(language, typed, read):
    with translation.override(language):
        form = Form({"figure": typed})

        assert form.is_valid()
        assert form.cleaned_data["figure"] == Decimal(read)


@pytest.mark.parametrize("typed", ["five", "5,44", "-1", "100,1", "1.234", "1.234,5", "", "NaN", "5\0"])
def test_what_is_no_such_figure_is_told_in_one_sentence_and_kept(typed):
    form = Form({"figure": typed})

    assert form.errors["figure"] == (["Write percent."] if typed else ["Fill this in."])
    assert form["figure"].value() == typed


@pytest.mark.parametrize(("language", "shown"), [("da", "5,4"), ("en", "5.4")])
def test_a_known_figure_is_shown_as_the_language_writes_it(language, shown):
    with translation.override(language):
        assert Form(initial={"figure": Decimal("5.4")})["figure"].value() == shown
