"""A figure is read as people write it, and shown so again; rows to choose among are read once."""

from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from jobcenter_crm.frame.fields import FigureField, OneRowField, SomeRowsField
from jobcenter_crm.staff.fields import ColleaguesField
from jobcenter_crm.staff.models import User
from tests.factories import UserFactory


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


class Choosing(forms.Form):
    who = OneRowField(User.objects.none(), empty_label="Nobody", required=False)
    others = SomeRowsField(User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple)
    colleagues = ColleaguesField(User.objects.none(), required=False)

    def __init__(self, *args):
        super().__init__(*args)
        for field in self.fields.values():
            field.queryset = User.objects.order_by("username")


@pytest.mark.django_db
def test_rows_to_choose_among_are_read_once_however_often_they_are_shown(django_assert_num_queries):
    UserFactory.create_batch(3)
    form = Choosing()

    with django_assert_num_queries(3):
        for _time in range(2):
            assert len(form["who"]) == 4
            assert len(form.fields["others"].choices) == len(form["others"]) == 3
            assert str(form["colleagues"]).count("<option") == 3
            assert form.fields["others"].choices


@pytest.mark.django_db
def test_each_form_reads_them_anew():
    first = Choosing()
    assert not first.fields["others"].choices
    UserFactory()

    assert Choosing().fields["others"].choices


@pytest.mark.django_db
def test_what_is_chosen_comes_out_whole(django_assert_num_queries):
    anna, bo = UserFactory(), UserFactory()
    form = Choosing({"who": anna.pk, "others": [bo.pk], "colleagues": [anna.pk, bo.pk]})
    str(form["colleagues"])

    assert form.is_valid()
    assert form.cleaned_data["who"] == anna
    with django_assert_num_queries(0):
        assert {one.email for one in form.cleaned_data["colleagues"]} == {anna.email, bo.email}
