"""Goals of agreements: how far we want to come, and by when; how far we have come is asked of the data."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from partnerships.models.agreements import Agreement


class AgreementGoal(models.Model):
    """One thing that an agreement is measured by.

    `measure` names one that an app has registered (`partnerships.goals`): the figure of today is computed from the
    data, never typed, counted from `counted_from` on. Where less is better, `baseline` says where it began. A goal
    that is given up is ended, and stays.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="goals")
    measure = models.CharField(_("what is counted"), max_length=30)
    note = models.CharField(
        _("more precisely"), max_length=120, blank=True, help_text=_("Such as: work placement and wage subsidy.")
    )
    baseline = models.DecimalField(
        _("where it began"), max_digits=8, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(999999)],
    )  # fmt: skip
    target = models.DecimalField(
        _("goal"), max_digits=8, decimal_places=1, validators=[MinValueValidator(0), MaxValueValidator(999999)]
    )
    counted_from = models.DateField(_("counted from"))
    deadline = models.DateField(_("deadline"))
    ended_on = models.DateField(_("given up"), null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("added by"), on_delete=models.PROTECT, related_name="+"
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["deadline", "pk"]
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        constraints = [
            models.CheckConstraint(
                name="agreementgoal_deadline_after_it_is_counted_from",
                condition=Q(deadline__gte=F("counted_from")),
                violation_error_message=_("The deadline must come after the day from which it is counted."),
            ),
            models.CheckConstraint(
                name="agreementgoal_figures_are_not_negative",
                condition=Q(target__gte=0) & (Q(baseline=None) | Q(baseline__gte=0)),
            ),
        ]

    def __str__(self):
        return f"{self.measure} {self.target}"
