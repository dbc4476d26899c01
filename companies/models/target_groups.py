"""The target groups of the employment effort: whom a measure, a slot or a contact plan is for."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.querysets import TargetGroupQuerySet
from jobcenter_crm.frame.languages import in_language


class TargetGroup(models.Model):
    """A group of citizens as the law, or our own strategy, names it: dated, since the law changes them.

    Says whom an employer can be asked to take; never written about a citizen. One that the law has given up
    gets a last day and stays, since what was done for it stays.
    """

    code = models.CharField(_("code"), max_length=20, primary_key=True)
    name_da = models.CharField(_("name, in Danish"), max_length=120)
    name_en = models.CharField(_("name, in English"), max_length=120, blank=True)
    description_da = models.CharField(_("description, in Danish"), max_length=300, blank=True)
    description_en = models.CharField(_("description, in English"), max_length=300, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day. Empty as long as it is valid.")
    )
    source = models.CharField(
        _("source"), max_length=120, help_text=_("The provision of the law, or the guide or strategy that names it.")
    )

    objects = TargetGroupQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]
        verbose_name = _("target group")
        verbose_name_plural = _("target groups")
        constraints = [
            models.CheckConstraint(
                name="targetgroup_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("It can't end before it begins."),
            ),
            models.CheckConstraint(name="targetgroup_has_name_and_source", condition=~Q(name_da="") & ~Q(source="")),
        ]

    def __str__(self):
        return self.name

    name = in_language("name")
    description = in_language("description")
