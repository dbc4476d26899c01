"""Job orders: people that an employer asks us for, followed until they are found or no longer wanted (needs M18, M20)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from companies.models import Workplace
from contacts.models import Person
from placements.models.measures import Measure
from placements.querysets import JobOrderQuerySet


class JobOrder(models.Model):
    """An employer's request for people. Without a `measure` it is an ordinary vacancy, which comes before everything else."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        FILLED = "filled", _("Filled")
        WITHDRAWN = "withdrawn", pgettext_lazy("a job order", "Withdrawn")

    workplace = models.ForeignKey(
        Workplace, verbose_name=_("workplace"), on_delete=models.PROTECT, related_name="job_orders"
    )
    title = models.CharField(_("vacancy"), max_length=120)
    measure = models.ForeignKey(
        Measure, verbose_name=_("measure"), null=True, blank=True, on_delete=models.PROTECT, related_name="job_orders"
    )
    positions = models.PositiveSmallIntegerField(
        _("positions"), default=1, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    filled = models.PositiveSmallIntegerField(_("filled"), default=0)
    deadline = models.DateField(_("deadline"))
    skills = models.TextField(_("wanted skills"), blank=True)
    contact = models.ForeignKey(
        Person,
        verbose_name=_("contact person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="job_orders",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("responsible"), on_delete=models.PROTECT, related_name="job_orders"
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    closed_why = models.CharField(_("why it was withdrawn"), max_length=200, blank=True)
    token = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="+"
    )

    objects = JobOrderQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["token"])

    class Meta:
        ordering = ["deadline", "pk"]
        verbose_name = _("job order")
        verbose_name_plural = _("job orders")
        indexes = [models.Index(fields=["owner", "deadline"], condition=Q(state="open"), name="joborder_open_by_owner")]
        constraints = [
            models.CheckConstraint(name="joborder_asks_for_somebody", condition=Q(positions__range=(1, 200))),
            models.CheckConstraint(name="joborder_not_overfilled", condition=Q(filled__lte=F("positions"))),
            models.CheckConstraint(name="joborder_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="joborder_closed_when_it_is",
                condition=Q(state="open", closed_on=None) | (~Q(state="open") & Q(closed_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="joborder_withdrawn_with_a_reason", condition=~Q(state="withdrawn") | ~Q(closed_why="")
            ),
            models.CheckConstraint(
                name="joborder_filled_is_full", condition=~Q(state="filled") | Q(filled=F("positions"))
            ),
            models.CheckConstraint(
                name="joborder_open_lacks_somebody", condition=~Q(state="open") | Q(filled__lt=F("positions"))
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("placements:job_order", args=[self.pk])

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def missing(self):
        """How many are still to be found."""
        return self.positions - self.filled

    @property
    def hired(self):
        """How many of those whom we referred were hired."""
        return self.referrals.filter(state=Referral.State.HIRED).count()


class Referral(models.Model):
    """A candidate who was proposed for a job order: a case reference, and what became of it."""

    class State(models.TextChoices):
        REFERRED = "referred", _("Referred")
        HIRED = "hired", _("Hired")
        DECLINED = "declined", _("Not this time")

    job_order = models.ForeignKey(JobOrder, on_delete=models.CASCADE, related_name="referrals")
    case_reference = models.CharField(_("case reference"), max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.REFERRED)
    on = models.DateField(_("day"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    reference_erased_at = models.DateTimeField(_("reference erased"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        constraints = [
            models.UniqueConstraint(
                fields=["job_order", "case_reference"], condition=~Q(case_reference=""), name="referral_once"
            ),
            models.CheckConstraint(
                name="referral_names_a_case_until_it_is_erased",
                condition=Q(reference_erased_at=None) & ~Q(case_reference="")
                | Q(reference_erased_at__isnull=False, case_reference=""),
            ),
        ]

    def __str__(self):
        return f"{self.job_order}: {self.get_state_display()}"
