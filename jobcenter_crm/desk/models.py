"""What the roof keeps of its own: figures that take too long to count while somebody waits, and the targets."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.capacity import figure
from companies.models import Selection
from jobcenter_crm.desk.dashboard.measures import MEASURES
from jobcenter_crm.desk.dashboard.realism import Verdict

NUMBER = {
    "max_digits": 9, "decimal_places": 1, "validators": [MinValueValidator(0), MaxValueValidator(9_999_999)],
}  # fmt: skip


class KeptFigures(models.Model):
    """What was counted of the whole register for a period, by the clock; the newest of each is the one that is shown.

    `part` names what it is, and in which form ("figures-1", "trend-1"); `figures` is what `dashboard.reckoned` counts, as plain numbers.
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


class TargetQuerySet(models.QuerySet):
    """Questions about targets."""

    def open(self):
        return self.filter(ended_on=None)

    def ended(self):
        return self.filter(ended_on__isnull=False)


class Target(models.Model):
    """How far we want to have come with a figure, by when, and on what grounds that was promised (need M23).

    `measure` names one of `dashboard.measures`. `where` is an address as the dashboard has it, of team, branch,
    municipality and groups; `among` is the selection that it is about, so that none is forgotten that a target is about.
    `baseline` was taken from the data when the target was set, None where the data had no figure; of what is counted over
    a period it is that of the days `baseline_since` to `baseline_until`. Per cent where the figure is a share. `grounds`
    are the numbers of a `dashboard.realism.Realism` as they were on `reckoned_on`, and `verdict` what they said. A target
    is ended, never deleted; `ended_with` is how far it had come.
    """

    measure = models.CharField(_("what is counted"), max_length=30)
    where = models.CharField(_("where"), max_length=400, blank=True)
    among = models.ForeignKey(
        Selection, verbose_name=_("selection"), null=True, blank=True, on_delete=models.PROTECT, related_name="targets"
    )
    starts_on = models.DateField(_("start"))
    baseline = models.DecimalField(_("where it began"), null=True, blank=True, **NUMBER)
    baseline_since = models.DateField(_("counted from"), null=True, blank=True)
    baseline_until = models.DateField(_("counted until"), null=True, blank=True)
    goal = models.DecimalField(_("target"), **NUMBER)
    deadline = models.DateField(_("deadline"))
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("responsible"), on_delete=models.PROTECT, related_name="targets"
    )
    comparison = models.DecimalField(_("for comparison"), null=True, blank=True, **NUMBER)
    comparison_source = models.CharField(_("source"), max_length=200, blank=True)
    comparison_on = models.DateField(_("as of"), null=True, blank=True)
    verdict = models.CharField(_("can it be reached?"), max_length=10, choices=Verdict)
    why = models.CharField(_("why all the same"), max_length=300, blank=True)
    grounds = models.JSONField(_("grounds"))
    reckoned_on = models.DateField(_("reckoned"))
    set_on = models.DateField(_("set"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("set by"), on_delete=models.PROTECT, related_name="+"
    )
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("ended by"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    ended_why = models.CharField(_("why it ended"), max_length=300, blank=True)
    ended_with = models.DecimalField(_("reached at the end"), null=True, blank=True, **NUMBER)

    objects = TargetQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["deadline", "pk"]
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.CheckConstraint(
                name="target_deadline_after_the_start",
                condition=Q(deadline__gt=F("starts_on")),
                violation_error_message=_("The deadline must come after the start."),
            ),
            models.CheckConstraint(
                name="target_figures_are_not_negative",
                condition=Q(goal__gte=0)
                & (Q(baseline=None) | Q(baseline__gte=0))
                & (Q(comparison=None) | Q(comparison__gte=0)),
            ),
            models.CheckConstraint(
                name="target_baseline_period_whole_and_in_order",
                condition=Q(baseline_since=None, baseline_until=None)
                | Q(baseline_since__isnull=False, baseline_until__isnull=False, baseline_until__gte=F("baseline_since")),
            ),
            models.CheckConstraint(
                name="target_comparison_with_source_and_day",
                condition=Q(comparison=None, comparison_source="", comparison_on=None)
                | (Q(comparison__isnull=False, comparison_on__isnull=False) & ~Q(comparison_source="")),
                violation_error_message=_("A figure for comparison has a source and a day. Fill in all three, or none."),
            ),
            models.CheckConstraint(
                name="target_that_does_not_hang_together_says_why",
                condition=~Q(verdict=Verdict.INCOHERENT) | ~Q(why=""),
            ),
            models.CheckConstraint(
                name="target_ended_by_somebody_who_says_why",
                condition=Q(ended_on=None, ended_by=None, ended_why="", ended_with=None)
                | (Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(ended_why="")),
            ),
            models.UniqueConstraint(
                name="target_once", fields=["measure", "where", "deadline"], condition=Q(ended_on=None, among=None)
            ),
            models.UniqueConstraint(
                name="target_once_among", fields=["measure", "where", "among", "deadline"],
                condition=Q(ended_on=None, among__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self):
        return gettext("%(what)s: %(goal)s by %(day)s") % {
            "what": MEASURES[self.measure].words, "goal": self.in_figures(self.goal),
            "day": date_format(self.deadline, "DATE_FORMAT"),
        }  # fmt: skip

    def get_absolute_url(self):
        return reverse("desk:target", args=[self.pk])

    @property
    def is_open(self):
        return self.ended_on is None

    @property
    def is_reached(self):
        """Of one that has ended: whether what it had come to was enough; None where there was no figure."""
        return None if self.ended_with is None else self.is_enough(self.ended_with)

    def is_enough(self, number):
        """Whether the target is reached with that number: at least as many, or of some figures at most as many."""
        return number <= self.goal if MEASURES[self.measure].is_less else number >= self.goal

    def in_figures(self, number):
        """A number of this target as it is written, with its per cent sign."""
        return gettext("%(n)s %%") % {"n": figure(number)} if MEASURES[self.measure].is_percent else figure(number)
