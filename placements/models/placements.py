"""Placements: somebody in a slot, from the start to what came of it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.models import Workplace
from placements.models.reservations import Reservation
from placements.models.slots import Slot
from placements.querysets import PlacementQuerySet


class Placement(models.Model):
    """Somebody in a place of a slot.

    Known by a case reference and nothing else (need M28): no name, target group, benefit or health. The reference is
    erased 90 days after the effect was recorded; the row stays and counts. `planned_end` is the one that holds now;
    `Extension` keeps those before it. One that came to nothing before it had begun is withdrawn: it takes no place, has
    no effect, and counts as a placement nowhere.
    """

    class Reason(models.TextChoices):
        """Why it ended, or came to nothing; none of them says anything about health."""

        AS_PLANNED = "as_planned", _("As planned")
        JOB = "job", _("Ordinary job or education")
        CANDIDATE = "candidate", _("The candidate stopped")
        EMPLOYER = "employer", _("The employer stopped it")
        NO_SHOW = "no_show", _("Never came")
        DECLINED = "declined", _("The candidate said no")
        REFUSED = "refused", _("The employer said no")
        NO_GRANT = "no_grant", _("It was not granted")
        ELSEWHERE = "elsewhere", _("Another place or measure")
        MISTAKE = "mistake", _("Written by mistake")
        OTHER = "other", _("Other")

    # Why one ends that has begun, and why one comes to nothing that has not.
    ENDS = (
        Reason.AS_PLANNED, Reason.JOB, Reason.CANDIDATE, Reason.EMPLOYER, Reason.NO_SHOW, Reason.ELSEWHERE, Reason.OTHER,
    )  # fmt: skip
    WITHDRAWALS = (
        Reason.JOB, Reason.DECLINED, Reason.REFUSED, Reason.NO_GRANT, Reason.ELSEWHERE, Reason.MISTAKE, Reason.OTHER,
    )  # fmt: skip

    slot = models.ForeignKey(Slot, verbose_name=_("slot"), on_delete=models.PROTECT, related_name="placements")
    reservation = models.OneToOneField(
        Reservation,
        verbose_name=_("reservation"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="placement",
    )
    case_reference = models.CharField(_("case reference"), max_length=60, blank=True)
    consultant = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("consultant"), on_delete=models.PROTECT, related_name="placements"
    )
    starts_on = models.DateField(_("start"))
    planned_end = models.DateField(_("planned end"))
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    withdrawn_on = models.DateField(_("came to nothing"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=10, choices=Reason, blank=True)
    reference_erased_at = models.DateTimeField(_("reference erased"), null=True, blank=True)
    token = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PlacementQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["token", "case_reference"])

    class Meta:
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        permissions = [("import_placements", "Can take in the case system's list of placements")]
        indexes = [
            models.Index(fields=["slot", "starts_on"]),
            models.Index(
                fields=["planned_end"], condition=Q(ended_on=None, withdrawn_on=None), name="placement_running_by_end"
            ),
            models.Index(fields=["ended_on"]),
            models.Index(fields=["case_reference"], name="placement_by_case"),
        ]
        constraints = [
            models.CheckConstraint(
                name="placement_is_to_end_after_it_begins", condition=Q(planned_end__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="placement_ends_after_it_begins", condition=Q(ended_on=None) | Q(ended_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="placement_ended_with_a_reason",
                condition=Q(ended_on=None, withdrawn_on=None, end_reason="")
                | Q(
                    ended_on__isnull=False,
                    withdrawn_on=None,
                    end_reason__in=["as_planned", "job", "candidate", "employer", "no_show", "elsewhere", "other"],
                )
                | Q(
                    ended_on=None,
                    withdrawn_on__isnull=False,
                    end_reason__in=["job", "declined", "refused", "no_grant", "elsewhere", "mistake", "other"],
                ),
            ),
            models.CheckConstraint(
                name="placement_withdrawn_before_it_had_begun",
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__lte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="placement_names_a_case_until_it_is_erased",
                condition=Q(reference_erased_at=None) & ~Q(case_reference="")
                | Q(reference_erased_at__isnull=False, case_reference=""),
            ),
        ]

    def __str__(self):
        return f"{self.slot}: {self.starts_on}"

    def get_absolute_url(self):
        return reverse("placements:placement", args=[self.pk])

    @property
    def last_day(self):
        """The day on which the place is free again comes after this one."""
        return self.ended_on or self.planned_end

    @property
    def has_ended_early(self):
        """Whether it was cut short: the last days of one that ended as planned may be a weekend."""
        is_early = self.ended_on is not None and self.ended_on < self.planned_end
        return is_early and self.end_reason != self.Reason.AS_PLANNED

    @property
    def is_withdrawn(self):
        return self.withdrawn_on is not None

    @property
    def has_ended(self):
        return self.ended_on is not None

    @property
    def is_over(self):
        """Whether nothing more comes of it: it has ended, or came to nothing."""
        return self.has_ended or self.is_withdrawn


class Extension(models.Model):
    """That the planned end was moved later: from when, to when, and where it was granted."""

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="extensions")
    before = models.DateField(_("planned end before"))
    after = models.DateField(_("planned end after"))
    granted_in = models.CharField(_("granted in"), max_length=60, blank=True)
    at = models.DateTimeField(_("written"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        constraints = [models.CheckConstraint(name="extension_is_later", condition=Q(after__gt=F("before")))]

    def __str__(self):
        return f"{self.before} → {self.after}"


class Stay(models.Model):
    """One workplace at which a placement in a company centre has been, of several one after the other."""

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="stays")
    workplace = models.ForeignKey(
        Workplace, verbose_name=_("workplace"), on_delete=models.PROTECT, related_name="stays"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["starts_on", "pk"]
        verbose_name = _("stay")
        verbose_name_plural = _("stays")
        constraints = [
            models.CheckConstraint(
                name="stay_ends_after_it_begins", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            )
        ]

    def __str__(self):
        return f"{self.workplace} {self.starts_on}"


class Effect(models.Model):
    """What had come of a placement four weeks after its end (need M19); "unknown" is an answer too."""

    class Outcome(models.TextChoices):
        JOB = "job", _("Ordinary job")
        HOURS = "hours", _("Paid hours")
        EDUCATION = "education", _("Education")
        NONE = "none", _("None of these")
        UNKNOWN = "unknown", _("Unknown")

    placement = models.OneToOneField(Placement, primary_key=True, on_delete=models.CASCADE, related_name="effect")
    outcome = models.CharField(_("what came of it"), max_length=9, choices=Outcome)
    hours = models.PositiveSmallIntegerField(
        _("hours a week"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(37)]
    )
    self_supporting = models.BooleanField(_("self-supporting"), null=True, blank=True)
    recorded_on = models.DateField(_("as of"))
    recorded_at = models.DateTimeField(_("written"), default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["-recorded_on", "pk"]
        verbose_name = _("effect")
        verbose_name_plural = _("effects")
        constraints = [
            models.CheckConstraint(
                name="effect_hours_with_paid_hours",
                condition=Q(outcome="hours", hours__range=(1, 37)) | (~Q(outcome="hours") & Q(hours=None)),
            ),
            models.CheckConstraint(
                name="effect_unknown_says_no_more", condition=~Q(outcome="unknown") | Q(self_supporting=None)
            ),
        ]

    def __str__(self):
        return str(self.get_outcome_display())
