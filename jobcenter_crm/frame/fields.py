"""Fields that read what people type as they are used to write it."""

from decimal import Decimal

from django import forms
from django.utils.formats import number_format

_FAULTS = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits")


class FigureField(forms.DecimalField):
    """A figure with a comma or a point before its decimals, whatever the language: 5,4 and 5.4 are one.

    Groups of thousands are not read, so that neither sign is ever taken for them. `says` is the one sentence for all
    that can be wrong with it.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, *, says, **kwargs):
        kwargs.setdefault("error_messages", dict.fromkeys(_FAULTS, says))
        super().__init__(**kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value = value.strip().removesuffix("%").strip().replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value):
        return number_format(value, use_l10n=True) if isinstance(value, Decimal | float | int) else value
