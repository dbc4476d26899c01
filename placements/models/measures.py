"""Reference data: the measures that the law knows, dated, and what a place can take into consideration."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from jobcenter_crm.frame.languages import in_language
from placements.querysets import MeasureQuerySet


class Measure(models.Model):
    """One measure of the law, such as work placement; dated, since the law changes what there is and for how long.

    Lengths are whole weeks; an empty `longest_weeks` means that the law sets no limit, or that it depends on the person.
    They are advice: the state's form system (VITAS) and the case system decide. One that has ended stays.
    """

    code = models.SlugField(_("code"), max_length=30, primary_key=True)
    name_da = models.CharField(_("name, in Danish"), max_length=80)
    name_en = models.CharField(_("name, in English"), max_length=80, blank=True)
    usual_weeks = models.PositiveSmallIntegerField(_("usual length, weeks"), null=True, blank=True)
    longest_weeks = models.PositiveSmallIntegerField(_("longest, weeks"), null=True, blank=True)
    limit_da = models.CharField(_("the limit in words, in Danish"), max_length=200, blank=True)
    limit_en = models.CharField(_("the limit in words, in English"), max_length=200, blank=True)
    counts_in_ratio = models.BooleanField(
        _("counts in the ratio"), default=False,
        help_text=_("Whether it counts among the subsidised when the ratio to ordinary employees is looked at."),
    )  # fmt: skip
    needs_net_increase = models.BooleanField(_("only with a net increase of jobs"), default=False)
    public_only = models.BooleanField(_("public employers only"), default=False)
    private_only = models.BooleanField(_("private employers only"), default=False)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day. Empty as long as it is valid.")
    )
    source = models.CharField(_("source"), max_length=200, help_text=_("The provision of the law."))

    objects = MeasureQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        constraints = [
            models.CheckConstraint(name="measure_has_name_and_source", condition=~Q(name_da="") & ~Q(source="")),
            models.CheckConstraint(
                name="measure_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("It can't end before it begins."),
            ),
            models.CheckConstraint(
                name="measure_usual_length_within_the_longest",
                condition=Q(usual_weeks=None) | Q(longest_weeks=None) | Q(usual_weeks__lte=F("longest_weeks")),
            ),
            models.CheckConstraint(
                name="measure_public_or_private_only", condition=Q(public_only=False) | Q(private_only=False)
            ),
        ]

    def __str__(self):
        return self.name

    name = in_language("name")
    limit = in_language("limit")


class Consideration(models.Model):
    """Something that a place can take into consideration, as a property of the place: never of a person."""

    code = models.SlugField(_("code"), max_length=30, primary_key=True)
    name_da = models.CharField(_("name, in Danish"), max_length=60)
    name_en = models.CharField(_("name, in English"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)

    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("consideration")
        verbose_name_plural = _("considerations")
        constraints = [models.CheckConstraint(name="consideration_has_a_name", condition=~Q(name_da=""))]

    def __str__(self):
        return self.name

    name = in_language("name")
