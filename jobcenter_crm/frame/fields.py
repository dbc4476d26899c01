"""Fields that read what people type as they are used to write it, and such as choose among rows."""

from decimal import Decimal

from django import forms
from django.forms.models import ModelChoiceIterator
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


class _RowsReadOnce(ModelChoiceIterator):
    def __iter__(self):
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from map(self.choice, self.field.rows())

    def __len__(self):
        return len(self.field.rows()) + (self.field.empty_label is not None)

    def __bool__(self):
        return self.field.empty_label is not None or bool(self.field.rows())


class _ReadOnce:
    """Choices among rows that are read once for a form, with only the columns in `named_by` where those are said.

    By itself Django asks for them again wherever they are shown or counted, with all their columns, and by a cursor on
    the server. What is chosen comes out whole, as ever.
    """

    iterator = _RowsReadOnce
    named_by = ()

    def rows(self):
        """The rows to choose among."""
        # Whoever gives the field other rows gives it another queryset; so does Django, to each form.
        of, rows = self.__dict__.get("_read", (None, None))
        if of is not self.queryset:
            rows = list(self.queryset.only(*self.named_by) if self.named_by else self.queryset.all())
            self._read = (self.queryset, rows)
        return rows


class OneRowField(_ReadOnce, forms.ModelChoiceField):
    """One of some rows."""


class SomeRowsField(_ReadOnce, forms.ModelMultipleChoiceField):
    """Any number of some rows."""
