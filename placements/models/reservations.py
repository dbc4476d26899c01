"""Reservations: a place that is held for somebody, for a few days."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from placements.models.slots import Slot
from placements.querysets import ReservationQuerySet


class Reservation(models.Model):
    """A place of a slot that is held for a case until `held_until`; it counts among the taken ones from `starts_on` on.

    It becomes a placement, is given back with a reason, or is let go by the clock. `case_reference` is all that is known
    of the person, and is erased when it is settled.
    """

    class State(models.TextChoices):
        RESERVED = "reserved", _("Reserved")
        MET = "met", _("Meeting held")
        STARTED = "started", _("Started")
        GIVEN_BACK = "given_back", _("Given back")
        LET_GO = "let_go", pgettext_lazy("a reservation", "Let go")

    OPEN = (State.RESERVED, State.MET)

    slot = models.ForeignKey(Slot, verbose_name=_("slot"), on_delete=models.PROTECT, related_name="reservations")
    case_reference = models.CharField(_("case reference"), max_length=60, blank=True)
    consultant = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("for"), on_delete=models.PROTECT, related_name="reservations"
    )
    starts_on = models.DateField(_("start"))
    planned_end = models.DateField(_("planned end"))
    held_until = models.DateField(_("held until"))
    is_renewed = models.BooleanField(_("renewed"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RESERVED)
    met_on = models.DateField(_("meeting held"), null=True, blank=True)
    why = models.CharField(_("why it was given back"), max_length=200, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    token = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("reserved"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("reserved by"), on_delete=models.PROTECT, related_name="+"
    )

    objects = ReservationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["token", "case_reference"])

    class Meta:
        ordering = ["held_until", "pk"]
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        indexes = [
            models.Index(
                fields=["slot", "starts_on"],
                condition=Q(state__in=["reserved", "met"]),
                name="reservation_open_by_slot",
            ),
            models.Index(
                fields=["held_until"], condition=Q(state__in=["reserved", "met"]), name="reservation_runs_out"
            ),
            models.Index(fields=["case_reference"], name="reservation_by_case"),
        ]
        constraints = [
            models.CheckConstraint(
                name="reservation_ends_after_it_begins", condition=Q(planned_end__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="reservation_open_names_a_case",
                condition=~Q(state__in=["reserved", "met"]) | ~Q(case_reference=""),
            ),
            models.CheckConstraint(
                name="reservation_settled_when_it_is",
                condition=Q(state__in=["reserved", "met"], settled_at=None)
                | (~Q(state__in=["reserved", "met"]) & Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="reservation_given_back_with_a_reason", condition=~Q(state="given_back") | ~Q(why="")
            ),
        ]

    def __str__(self):
        return f"{self.slot}: {self.get_state_display()}"

    @property
    def is_open(self):
        return self.state in self.OPEN
