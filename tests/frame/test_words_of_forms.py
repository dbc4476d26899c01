"""What a form says of a field that was left empty."""

from django import forms
from django.contrib.auth.models import Group
from django.utils.module_loading import import_string

from jobcenter_crm.urls import urlpatterns


class Form(forms.Form):
    text = forms.CharField()
    day = forms.DateField()
    number = forms.IntegerField()
    one = forms.ChoiceField(choices=[("a", "A")])
    several = forms.MultipleChoiceField(choices=[("a", "A")])
    row = forms.ModelChoiceField(Group.objects.none())
    rows = forms.ModelMultipleChoiceField(Group.objects.none())
    tick = forms.BooleanField()
    file = forms.FileField()
    own = forms.CharField(error_messages={"required": "Write what they said."})


def test_an_empty_field_is_told_of_as_what_to_do():
    errors = {name: told[0] for name, told in Form({}).errors.items()}

    assert errors == {
        "text": "Fill this in.",
        "day": "Fill this in.",
        "number": "Fill this in.",
        "one": "Choose one.",
        "several": "Choose one.",
        "row": "Choose one.",
        "rows": "Choose one.",
        "tick": "Tick this.",
        "file": "Choose a file.",
        "own": "Write what they said.",
    }


def forms_of(base=forms.BaseForm):
    for one in base.__subclasses__():
        yield one
        yield from forms_of(one)


def test_no_form_of_ours_was_made_before_the_words_were():
    assert urlpatterns, "importing the addresses imports every form"
    for module in ("companies.admin", "contacts.admin", "jobcenter_crm.staff.admin"):
        import_string(f"{module}.admin")
    ours = [
        one
        for one in forms_of()
        if one.__module__.startswith(("companies", "contacts", "jobcenter_crm", "partnerships", "placements"))
    ]

    stiff = [
        f"{one.__module__}.{one.__qualname__}.{name}"
        for one in ours
        for name, field in one.base_fields.items()
        if str(field.error_messages.get("required", "")).startswith("This field")
    ]

    assert len(ours) > 10
    assert stiff == []
