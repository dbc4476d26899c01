"""Figures that others publish about cooperation with employers, typed to stand beside our own."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class OfficialFigure(models.Model):
    """The official cooperation rate (samarbejdsgrad) of a `period`, in per cent, as `source` had it on the day it was read.

    The period is in words, since it is published by year, by quarter and by month.
    """

    percent = models.DecimalField(
        _("per cent"), max_digits=4, decimal_places=1, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    period = models.CharField(_("period"), max_length=40)
    source = models.CharField(_("source"), max_length=150)
    read_on = models.DateField(_("read on"))
    at = models.DateTimeField(_("written"), auto_now=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")

    history = HistoricalRecords()

    class Meta:
        ordering = ["-read_on", "-pk"]
        verbose_name = _("official figure")
        verbose_name_plural = _("official figures")
        constraints = [
            models.UniqueConstraint(fields=["period", "source"], name="officialfigure_once_a_period_and_source"),
            models.CheckConstraint(name="officialfigure_is_a_share", condition=Q(percent__gte=0, percent__lte=100)),
            models.CheckConstraint(
                name="officialfigure_has_period_and_source", condition=~Q(period="") & ~Q(source="")
            ),
        ]

    def __str__(self):
        return f"{self.period}: {self.percent}"
