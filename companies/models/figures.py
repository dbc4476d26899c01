"""Figures about workplaces that the register does not have: what is counted, and what was counted where."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models.imports import RegisterImport
from companies.models.register import Workplace
from companies.querysets import WorkplaceFigureQuerySet
from jobcenter_crm.frame.languages import in_language


class Figure(models.Model):
    """Something that is counted at workplaces, such as sickness absence; a data steward loads the counts from files.

    `code` stands in addresses and saved searches. `most_da` is said of those who have most of it, behind a number:
    "højest sygefravær" for "De 100 med højest sygefravær".
    """

    code = models.CharField(
        _("code"),
        max_length=30,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*$", _("Write small letters a to z, digits and underscores."))],
        help_text=_("Stands in addresses and saved searches; it is never changed."),
    )
    name_da = models.CharField(_("name, in Danish"), max_length=100)
    name_en = models.CharField(_("name, in English"), max_length=100, blank=True)
    unit_da = models.CharField(_("unit, in Danish"), max_length=60, blank=True)
    unit_en = models.CharField(_("unit, in English"), max_length=60, blank=True)
    most_da = models.CharField(
        _("having most of it, in Danish"), max_length=100, help_text=_("As it is said after “The 100 with”.")
    )
    most_en = models.CharField(_("having most of it, in English"), max_length=100, blank=True)

    class Meta:
        ordering = ["name_da", "pk"]
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        constraints = [
            # It is a choice beside this one, which the register itself brings.
            models.CheckConstraint(name="figure_is_not_employees", condition=~Q(code__in=["", "employees"])),
        ]

    def __str__(self):
        return self.name

    name = in_language("name")
    unit = in_language("unit")
    most = in_language("most")


class WorkplaceFigure(models.Model):
    """How much of a `Figure` was counted at a workplace, on which day and by whom (`source`); the newest day counts.

    `register_import` is the file that brought it.
    """

    workplace = models.ForeignKey(Workplace, on_delete=models.CASCADE, related_name="figures")
    figure = models.ForeignKey(Figure, verbose_name=_("figure"), on_delete=models.PROTECT, related_name="counts")
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=2)
    counted_on = models.DateField(_("counted on"))
    source = models.CharField(_("source"), max_length=200)
    register_import = models.ForeignKey(
        RegisterImport, verbose_name=_("import"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = WorkplaceFigureQuerySet.as_manager()

    class Meta:
        ordering = ["workplace", "figure", "-counted_on"]
        verbose_name = _("figure of a workplace")
        verbose_name_plural = _("figures of workplaces")
        constraints = [
            models.UniqueConstraint(fields=["workplace", "figure", "counted_on"], name="workplacefigure_once_a_day"),
            models.CheckConstraint(name="workplacefigure_not_negative", condition=Q(value__gte=0)),
        ]
        indexes = [models.Index(fields=["figure", "workplace"], name="workplacefigure_of_a_figure")]

    def __str__(self):
        return f"{self.figure_id} {self.value}"
