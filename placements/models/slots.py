"""What a workplace can host, and the slots that it has promised."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.models import TargetGroup, Workplace
from contacts.models import Person
from partnerships.models import Agreement
from placements.models.measures import Consideration, Measure
from placements.querysets import ASKED_AFTER, SlotQuerySet

HOURS = [MinValueValidator(1), MaxValueValidator(37)]
_HOURS_IN_ORDER = Q(hours_from=None) | Q(hours_to=None) | Q(hours_from__lte=F("hours_to"))
_HOURS_OF_A_WEEK = (Q(hours_from=None) | Q(hours_from__range=(1, 37))) & (Q(hours_to=None) | Q(hours_to__range=(1, 37)))


class HostingProfile(models.Model):
    """Whom a workplace can host, as it was last told: "still true?" is one tap in the contact form."""

    workplace = models.OneToOneField(
        Workplace, verbose_name=_("workplace"), on_delete=models.PROTECT, related_name="hosting_profile"
    )
    target_groups = models.ManyToManyField(
        TargetGroup, verbose_name=_("target groups"), blank=True, related_name="hosting_profiles"
    )
    tasks = models.CharField(_("tasks"), max_length=300, blank=True)
    hours_from = models.PositiveSmallIntegerField(_("hours a week, from"), null=True, blank=True, validators=HOURS)
    hours_to = models.PositiveSmallIntegerField(_("to"), null=True, blank=True, validators=HOURS)
    considerations = models.ManyToManyField(
        Consideration, verbose_name=_("can take into consideration"), blank=True, related_name="hosting_profiles"
    )
    confirmed_on = models.DateField(_("as of"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )

    history = HistoricalRecords(m2m_fields=["target_groups", "considerations"])

    class Meta:
        ordering = ["pk"]
        verbose_name = _("hosting profile")
        verbose_name_plural = _("hosting profiles")
        constraints = [
            models.CheckConstraint(name="hostingprofile_hours_in_order", condition=_HOURS_IN_ORDER),
            models.CheckConstraint(name="hostingprofile_hours_of_a_week", condition=_HOURS_OF_A_WEEK),
        ]

    def __str__(self):
        return str(self.workplace)

    @property
    def is_empty(self):
        """Whether the workplace can host nobody at present, as it said itself."""
        return not (
            self.tasks or self.hours_from or self.hours_to or self.target_groups.all() or self.considerations.all()
        )


class Slot(models.Model):
    """A number of places of one kind that a workplace has promised.

    Measure, number and one line of tasks are what must be said; the rest is inherited from the hosting profile when the
    slot is made. It never holds more reservations and placements than `places` on any day:
    `placements.occupancy.occupy` is the only writer of those, and locks this row.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        PAUSED = "paused", _("Paused")
        CLOSED = "closed", _("Closed")

    workplace = models.ForeignKey(
        Workplace, verbose_name=_("workplace"), on_delete=models.PROTECT, related_name="slots"
    )
    measure = models.ForeignKey(Measure, verbose_name=_("measure"), on_delete=models.PROTECT, related_name="slots")
    places = models.PositiveSmallIntegerField(
        _("number of places"), validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    tasks = models.CharField(_("tasks"), max_length=300)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN)
    state_why = models.CharField(_("why"), max_length=200, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day. Empty: until further notice.")
    )
    target_groups = models.ManyToManyField(
        TargetGroup, verbose_name=_("target groups"), blank=True, related_name="slots"
    )
    hours_from = models.PositiveSmallIntegerField(_("hours a week, from"), null=True, blank=True, validators=HOURS)
    hours_to = models.PositiveSmallIntegerField(_("to"), null=True, blank=True, validators=HOURS)
    considerations = models.ManyToManyField(
        Consideration, verbose_name=_("can take into consideration"), blank=True, related_name="slots"
    )
    contact = models.ForeignKey(
        Person,
        verbose_name=_("contact person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="slots_as_contact",
    )
    mentor = models.ForeignKey(
        Person,
        verbose_name=_("mentor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="slots_as_mentor",
    )
    agreement = models.ForeignKey(
        Agreement, verbose_name=_("agreement"), null=True, blank=True, on_delete=models.PROTECT, related_name="slots"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("responsible consultant"),
        on_delete=models.PROTECT,
        related_name="slots",
    )
    employees_heard_on = models.DateField(
        _("employees have been heard"), null=True, blank=True,
        help_text=_("The day on which employer and employees have said so in writing."),
    )  # fmt: skip
    confirmed_on = models.DateField(_("still open as of"))
    token = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+"
    )

    objects = SlotQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["token"])

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        indexes = [
            models.Index(fields=["workplace", "state"]),
            models.Index(fields=["measure", "state"]),
            models.Index(fields=["owner", "state"]),
        ]
        constraints = [
            models.CheckConstraint(name="slot_has_places", condition=Q(places__range=(1, 200))),
            models.CheckConstraint(name="slot_says_what_is_done", condition=~Q(tasks="")),
            models.CheckConstraint(
                name="slot_ends_after_it_begins",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("It can't end before it begins."),
            ),
            models.CheckConstraint(name="slot_hours_in_order", condition=_HOURS_IN_ORDER),
            models.CheckConstraint(name="slot_hours_of_a_week", condition=_HOURS_OF_A_WEEK),
        ]

    def __str__(self):
        return f"{self.measure}, {self.tasks}"

    def get_absolute_url(self):
        return reverse("placements:slot", args=[self.pk])

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    def is_to_confirm(self, today):
        """Whether it is open and nobody has heard for 60 days that it is, as `SlotQuerySet.to_confirm` asks of many."""
        runs = self.ends_on is None or self.ends_on >= today
        return self.is_open and runs and self.confirmed_on < today - ASKED_AFTER
