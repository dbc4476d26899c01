"""Figures as a kind of file that can be brought in: what is asked with it, and what its pages and its command say."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from companies.cpr import refuse_cpr
from companies.figures import words
from companies.figures.reading import FigureReading, check_row
from companies.figures.rows import COLUMNS, FIGURES, FIRST_YEAR, LONGEST_SOURCE, FigureRules
from companies.models import Figure
from companies.register import importer
from companies.register.kinds import ImportKind
from jobcenter_crm.frame.widgets import DAY


def questions():
    """Asked with the file, and needed only where its rows do not say it themselves."""
    return {
        "figure": forms.ChoiceField(
            label=_("Which figure"), required=False, choices=lambda: [("", _("The file has a column for it")), *_figures()]
        ),
        "counted_on": forms.DateField(
            label=_("Counted on"), required=False, widget=DAY,
            help_text=_("The day that the numbers are true of. Empty: the file has a column for it."),
            validators=[has_been],
        ),
        "source": forms.CharField(
            label=_("Source"), required=False, max_length=LONGEST_SOURCE, validators=[refuse_cpr],
            help_text=_("Who has counted, such as the name of the survey. Empty: the file has a column for it."),
        ),
    }  # fmt: skip


def has_been(day):
    """A validator for the day of a count."""
    if not date(FIRST_YEAR, 1, 1) <= day <= timezone.localdate():
        raise forms.ValidationError(_("Write a day that has been."), code="later")


def _figures():
    return [(figure.code, figure.name) for figure in Figure.objects.all()]


def answered(answers):
    """What was said of the whole file, in a line."""
    figure = Figure.objects.filter(code=answers.get("figure", "")).first()
    said = [figure.name] if figure else []
    if day := answers.get("counted_on"):
        said.append(gettext("counted on %(day)s") % {"day": date_format(date.fromisoformat(day))})
    if source := answers.get("source"):
        said.append(gettext("source: %(source)s") % {"source": source})
    return ", ".join(said)


KIND = ImportKind(
    name="figures",
    label=_("Figures"),
    lead=_("What is counted at each workplace, such as sickness absence. You see what would change before anything does."),
    never=_("Register facts and what colleagues have decided are never changed. Of each figure the newest count is used."),
    layout=FIGURES,
    reading=FigureReading,
    compare=importer.compare,
    take_in=importer.take_in,
    figures={
        "new": (pgettext_lazy("rows of a file", "new"), _("bring a count that was not there")),
        "changed": (pgettext_lazy("rows of a file", "changed"), _("replace the count of the same day")),
        "unchanged": (pgettext_lazy("rows of a file", "unchanged"), _("tell nothing that is not known")),
        "repeated": (pgettext_lazy("rows of a file", "repeated"), _("count once, the last holds")),
        "rejected": (pgettext_lazy("rows of a file", "rejected"), _("are skipped")),
    },
    needs=_("CSV or Excel with P-number or CVR number, and a value. At most 500 MB."),
    columns=COLUMNS,
    words=words,
    check_row=check_row,
    rules=FigureRules,
    sentences={
        "no_value_heading": _(
            "No column has a heading for the value, such as Værdi or Antal. Headings found: %(found)s. Write one of them in "
            "the first line of the file."
        ),
        "amount_missing": _("There is no value. Write it, or delete the row from the file."),
        "amount_form": _("This is not a number, such as 12 or 12,5. Correct it in the file."),
        "amount_two_ways": _("This can be read in two ways. Write %(thousand)s or %(decimal)s."),
        "figure_missing": _("The row does not say which figure it is. Choose it together with the file, or write it."),
        "figure_unknown": _("There is no figure of this name. Write one of these: %(known)s."),
        "counted_on_missing": _("The row does not say on which day this was counted. Say it with the file, or write it."),
        "counted_on_later": _("The day is still to come. Write the day on which it was counted."),
        "source_missing": _("The row does not say who has counted. Say it together with the file, or write it."),
    },
    questions=questions,
    answered=answered,
)  # fmt: skip
