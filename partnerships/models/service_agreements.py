"""Service agreements on sickness absence: help by the clip, a hotline, a posted case worker, and figures followed over time (need M14)."""

from datetime import date, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.models import Workplace
from contacts.models import Person
from partnerships.models.agreements import Agreement

# So long before its last day a punch card says that it expires.
ENDS_SOON = timedelta(days=30)


class ServiceTerms(models.Model):
    """What a service agreement holds besides what every agreement holds."""

    agreement = models.OneToOneField(Agreement, primary_key=True, on_delete=models.CASCADE, related_name="terms")
    hotline_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who answers the hotline"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    hotline_phone = models.CharField(
        _("hotline"), max_length=20, blank=True, help_text=_("Empty: the direct number of whoever answers.")
    )
    hotline_hours = models.CharField(_("open"), max_length=100, blank=True, help_text=_("Such as: weekdays 8–15."))
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("posted case worker"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    posted_days = models.CharField(
        _("days at the employer"), max_length=100, blank=True, help_text=_("Such as: every other Tuesday, 9–12.")
    )
    readiness = models.TextField(
        _("readiness plan"), blank=True, help_text=_("What is done, and by whom, when somebody falls ill.")
    )
    partial_return = models.TextField(_("partial return and § 56 agreements"), blank=True)
    other_municipalities = models.TextField(_("help with other municipalities"), blank=True)
    in_return = models.TextField(
        _("what the employer gives in return"), blank=True, help_text=_("Such as: places for testing work capacity.")
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("terms of a service agreement")
        verbose_name_plural = _("terms of service agreements")

    def __str__(self):
        return str(self.agreement)

    @property
    def hotline(self):
        """The number to call: the one that was agreed, or the direct one of whoever answers."""
        return self.hotline_phone or (self.hotline_by.phone if self.hotline_by else "")


class PunchCard(models.Model):
    """A number of clips, each some help from one of the kinds of expert it names.

    `used` repeats how many punches stand; `partnerships.punch_cards` writes both in one transaction, and the database
    lets it pass `clips` never, also when two people punch at once.
    """

    class Expert(models.TextChoices):
        OCCUPATIONAL_THERAPIST = "therapist", _("Occupational therapist")
        WORKING_ENVIRONMENT = "environment", _("Working-environment consultant")
        SOCIAL_WORKER = "social", _("Social worker")
        JOB_CONSULTANT = "job", _("Job consultant")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="punch_cards")
    clips = models.PositiveSmallIntegerField(_("clips"), validators=[MinValueValidator(1), MaxValueValidator(500)])
    used = models.PositiveSmallIntegerField(_("used"), default=0)
    experts = models.JSONField(_("help from"), default=list)
    issued_on = models.DateField(_("from"))
    expires_on = models.DateField(_("expires"), help_text=_("The last day on which a clip can be used."))
    token = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+"
    )

    # What was agreed of it; `used` is told by the punches.
    history = HistoricalRecords(excluded_fields=["used", "token"])

    class Meta:
        ordering = ["-issued_on", "-pk"]
        verbose_name = _("punch card")
        verbose_name_plural = _("punch cards")
        constraints = [
            models.CheckConstraint(name="punchcard_never_below_zero", condition=Q(used__gte=0, used__lte=F("clips"))),
            models.CheckConstraint(name="punchcard_has_clips", condition=Q(clips__range=(1, 500))),
            models.CheckConstraint(
                name="punchcard_expires_after_it_begins",
                condition=Q(expires_on__gte=F("issued_on")),
                violation_error_message=_("It can't expire before it begins."),
            ),
        ]

    def __str__(self):
        return f"{self.agreement}: {self.used}/{self.clips}"

    @property
    def left(self):
        """Clips that have not been used."""
        return self.clips - self.used

    @property
    def expert_labels(self):
        """The kinds of expert it names, in words."""
        return [str(label) for value, label in self.Expert.choices if value in self.experts]

    def is_over(self, today):
        """Used up, or past its last day."""
        return self.left == 0 or self.expires_on < today

    def expires_soon(self, today):
        """There are clips left, and 30 days at most in which to use them."""
        return self.left > 0 and today <= self.expires_on <= today + ENDS_SOON


class Punch(models.Model):
    """One clip that was used: for what, by whom at the employer, and who of us helped; one that was a mistake is taken back."""

    card = models.ForeignKey(PunchCard, on_delete=models.PROTECT, related_name="punches")
    expert = models.CharField(_("help from"), max_length=11, choices=PunchCard.Expert)
    on = models.DateField(_("day"))
    used_for = models.CharField(
        _("for what"), max_length=200, help_text=_("The task, never the person's health or name.")
    )
    used_by = models.ForeignKey(
        Person,
        verbose_name=_("used by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="punches",
    )
    helper = models.CharField(_("who helped"), max_length=100, blank=True)
    token = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    at = models.DateTimeField(_("written"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken back by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("punch")
        verbose_name_plural = _("punches")
        permissions = [("take_back_punch", "Can take back a clip that somebody else used, also later")]
        constraints = [
            models.CheckConstraint(name="punch_says_for_what", condition=~Q(used_for="")),
            models.CheckConstraint(
                name="punch_taken_back_at_and_by_together",
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.on}: {self.get_expert_display()}"

    @property
    def is_standing(self):
        """It counts: nobody has taken it back."""
        return self.taken_back_at is None


class AbsenceFigure(models.Model):
    """The sickness absence of a whole workplace in one quarter, in percent, as the employer says it.

    Of at least twenty employees, so that nobody can be told from the figure; seen by the responsible consultant and managers only.
    """

    FEWEST = 20

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="absence_figures")
    workplace = models.ForeignKey(
        Workplace, verbose_name=_("workplace"), on_delete=models.PROTECT, related_name="absence_figures"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    percent = models.DecimalField(
        _("absence, percent"), max_digits=4, decimal_places=1, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    employees = models.PositiveIntegerField(_("of how many employees"))
    source = models.CharField(_("source"), max_length=120, help_text=_("Who gave the figure, and when."))
    at = models.DateTimeField(_("written"), auto_now=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")

    history = HistoricalRecords()

    class Meta:
        ordering = ["year", "quarter", "pk"]
        verbose_name = _("figure of sickness absence")
        verbose_name_plural = _("figures of sickness absence")
        permissions = [("view_every_absencefigure", "Can see sickness absence at the agreements of others too")]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "workplace", "year", "quarter"], name="absencefigure_once_a_quarter"
            ),
            models.CheckConstraint(
                name="absencefigure_of_a_quarter", condition=Q(quarter__range=(1, 4), year__range=(2000, 2199))
            ),
            models.CheckConstraint(name="absencefigure_is_a_share", condition=Q(percent__range=(0, 100))),
            models.CheckConstraint(
                name="absencefigure_of_at_least_twenty",
                condition=Q(employees__gte=20),
                violation_error_message=_(
                    "A figure of fewer than 20 employees is not kept: somebody could be told from it."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.workplace} {self.year}/{self.quarter}"

    @property
    def place_in_time(self):
        """Quarters counted in a row, so that the next one is one more."""
        return self.year * 4 + self.quarter - 1

    @property
    def last_day(self):
        """The last day of its quarter."""
        return last_day_of(self.year, self.quarter)


def last_day_of(year, quarter):
    """The last day of a quarter."""
    following = date(year + 1, 1, 1) if quarter == 4 else date(year, quarter * 3 + 1, 1)
    return following - timedelta(days=1)
