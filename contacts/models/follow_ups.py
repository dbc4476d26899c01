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
from django.utils.translation import ngettext
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

    # What the next one of those that come again takes over.
    GOES_ON = (
        "kind", "workplace_id", "person_id", "title", "channel", "owner_id", "created_by_id", "repeat_every",
        "repeat_unit",
    )  # fmt: skip

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
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("given by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    given_at = models.DateTimeField(_("given"), null=True, blank=True)
    given_word = models.CharField(_("a word with it"), max_length=200, blank=True)
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
                name="followup_given_at_and_by_together",
                condition=Q(given_at=None, given_by=None, given_word="")
                | Q(given_at__isnull=False, given_by__isnull=False),
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
            models.Index(fields=["-done_at"], condition=Q(done_at__isnull=False), name="followup_done_lately"),
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

    def give(self, *, to, by, at, word=""):
        """Let a colleague do it; that one sees who gave it, and the word."""
        self.owner, self.given_by, self.given_at, self.given_word = to, by, at, word
        self.save(update_fields=["owner", "given_by", "given_at", "given_word"])

    def come_again(self, *, today):
        """Make the next one, on its first day after `today`. Harmless twice.

        None is made of one that does not repeat, nor at a workplace that has ceased.
        """
        if self.repeat_every is None or self.workplace.ceased_on:
            return None
        known = {name: getattr(self, name) for name in self.GOES_ON} | {"due_on": self.next_after(today)}
        return FollowUp.objects.get_or_create(continues=self, defaults=known)[0]

    def next_after(self, today):
        """The first day after `today` on which it comes again, counted from this one's; always a working day."""
        times = 1
        while (day := self._in_steps(times)) <= today:
            times += 1
        return day

    @property
    def comes_again_on(self):
        """The day of the next one, a working day counted from this one's; None if there is to be none."""
        return None if self.repeat_every is None else self._in_steps(1)

    def _in_steps(self, times):
        unit = "weeks" if self.repeat_unit == self.Unit.WEEK else "months"
        return working_day_from(self.due_on + relativedelta(**{unit: self.repeat_every * times}))

    @property
    def is_given(self):
        """Whether a colleague gave it to the one whose it is."""
        return self.given_by_id is not None and self.given_by_id != self.owner_id

    @property
    def repeats_in_words(self):
        """How often it comes again; empty for one that does not."""
        if self.repeat_every is None:
            return ""
        if self.repeat_unit == self.Unit.WEEK:
            said = ngettext("Every week", "Every %(n)s weeks", self.repeat_every)
        else:
            said = ngettext("Every month", "Every %(n)s months", self.repeat_every)
        return said % {"n": self.repeat_every}
