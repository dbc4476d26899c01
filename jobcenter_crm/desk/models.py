"""What the roof keeps of its own: figures that take too long to count while somebody waits."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class KeptFigures(models.Model):
    """What was counted of the whole register for a period, by the clock; the newest of each is the one that is shown.

    `part` names what it is ("figures", "trend"); `figures` is what `dashboard.reckoned` counts, as plain numbers.
    """

    part = models.CharField(_("part"), max_length=20)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    reckoned_at = models.DateTimeField(_("counted"))
    figures = models.JSONField(_("figures"))

    class Meta:
        ordering = ["part", "since", "until"]
        verbose_name = _("kept figures")
        verbose_name_plural = _("kept figures")
        permissions = [("view_dashboard", "Can see the dashboard of the whole house")]
        constraints = [
            models.UniqueConstraint(fields=["part", "since", "until"], name="keptfigures_once"),
            models.CheckConstraint(name="keptfigures_period_in_order", condition=Q(since__lte=F("until"))),
        ]

    def __str__(self):
        return f"{self.part} {self.since} – {self.until}"
