"""Follow-ups: what somebody has promised to do by a day."""

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.models import Workplace
from contacts.models.log import Channel, Interaction, Person
from contacts.querysets import FollowUpQuerySet
from jobcenter_crm.frame.working_days import working_day_from


class FollowUp(models.Model):
    """Something a colleague has promised to do for a workplace by a day.

    The only reminder in the house. `kind`, the cause and `occurrence` name why it exists, so that
    nothing is planned twice; the due date is not part of the name, because it may move. One made by
    hand has no cause. One that comes again and again makes the next when it is ticked off, which
    `continues` it: there is never more than one open.
    """

    class Kind(models.TextChoices):
        """Those of this app; `contacts.follow_up_kinds` knows them all."""

        NEXT_STEP = "next_step", _("Next step")
        BY_HAND = "by_hand", _("By hand")
        MATTER = "matter", _("They await an answer")

    class Unit(models.TextChoices):
        WEEK = "week", _("weeks")
        MONTH = "month", _("months")

    kind = models.CharField(_("kind"), max_length=20)
    cause_type = models.ForeignKey(ContentType, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cause_id = models.PositiveBigIntegerField(null=True, blank=True)
    cause = GenericForeignKey("cause_type", "cause_id")
    occurrence = models.CharField(max_length=20, blank=True)
    workplace = models.ForeignKey(
        Workplace, verbose_name=_("workplace"), on_delete=models.PROTECT, related_name="follow_ups"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("with"), null=True, blank=True, on_delete=models.SET_NULL, related_name="follow_ups"
    )
    title = models.CharField(_("what"), max_length=200)
    channel = models.CharField(_("how"), max_length=8, choices=Channel, blank=True)
    due_on = models.DateField(_("by"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("whose"), on_delete=models.PROTECT, related_name="follow_ups"
    )
    repeat_every = models.PositiveSmallIntegerField(_("again every"), null=True, blank=True)
    repeat_unit = models.CharField(_("weeks or months"), max_length=5, choices=Unit, blank=True)
    continues = models.OneToOneField(
        "self",
        verbose_name=_("continues"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="continued_by",
    )
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("done by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    done_with = models.ForeignKey(
        Interaction,
        verbose_name=_("done by the contact"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = FollowUpQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "cause_type", "cause_id", "occurrence"], name="followup_planned_once"
            ),
            models.CheckConstraint(
                name="followup_done_at_and_by_together",
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
            ),
            models.CheckConstraint(
                name="followup_cause_is_whole",
                condition=Q(cause_type=None, cause_id=None) | Q(cause_type__isnull=False, cause_id__isnull=False),
            ),
            models.CheckConstraint(
                name="followup_repeats_by_whole_units",
                condition=Q(repeat_every=None, repeat_unit="")
                | Q(repeat_every__range=(1, 60), repeat_unit__in=["week", "month"]),
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on"], condition=Q(done_at=None), name="followup_open_by_owner"),
            models.Index(fields=["workplace", "due_on"], condition=Q(done_at=None), name="followup_open_by_place"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("desk:card", args=[self.workplace_id])

    def finish(self, *, by, contact=None, at=None):
        """Tick it off, by the `contact` that did what was promised if there was one."""
        self.done_at, self.done_by, self.done_with = at or timezone.now(), by, contact
        self.save(update_fields=["done_at", "done_by", "done_with"])

    def reopen(self):
        """Take the tick back."""
        self.done_at = self.done_by = self.done_with = None
        self.save(update_fields=["done_at", "done_by", "done_with"])

    @property
    def comes_again_on(self):
        """The day of the next one, a working day counted from this one's; None if there is to be none."""
        if self.repeat_every is None:
            return None
        step = {"weeks" if self.repeat_unit == self.Unit.WEEK else "months": self.repeat_every}
        return working_day_from(self.due_on + relativedelta(**step))
