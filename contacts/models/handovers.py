"""Hand-overs: what one colleague was to do becomes another's, when that one says yes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.models import Workplace
from contacts.models.follow_ups import FollowUp
from contacts.models.log import UNDO_FOR, Interaction
from contacts.querysets import HandoverItemQuerySet, HandoverQuerySet


class Handover(models.Model):
    """An offer of workplaces, or of single follow-ups and visits, from one colleague to another.

    It is answered once: accepted, declined with a reason, or withdrawn. A manager may assign without asking: then it
    is accepted by somebody else than `to`. `giver` is empty where nobody had the things any more. What was offered
    stands in its items; `moved` keeps what went along at the acceptance, so that exactly that can be taken back. One
    that `is_everything` also takes along what the giver has at the workplaces of colleagues.
    """

    class State(models.TextChoices):
        OFFERED = "offered", _("Waits for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("from"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="handovers_given",
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("to"), on_delete=models.PROTECT, related_name="handovers_offered"
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_everything = models.BooleanField(_("all that the giver has"), default=False)
    giver_opened_the_door = models.BooleanField(_("the giver stays the one who opened the door"), default=False)
    daily_contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("the daily contact goes to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OFFERED)
    why = models.CharField(_("why not"), max_length=200, blank=True)
    offered_at = models.DateTimeField(_("offered"), default=timezone.now)
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("offered by"), on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    escalated_at = models.DateTimeField(_("went to the manager"), null=True, blank=True)
    moved = models.JSONField(_("what went along"), default=dict, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-offered_at", "-pk"]
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        permissions = [("assign_handover", "Can hand over what is a colleague's, without being asked")]
        constraints = [
            models.CheckConstraint(name="handover_not_to_oneself", condition=Q(giver=None) | ~Q(giver=F("to"))),
            models.CheckConstraint(
                name="handover_answered_at_and_by_together",
                condition=Q(state="offered", answered_at=None, answered_by=None)
                | (~Q(state="offered") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
            models.CheckConstraint(name="handover_declined_with_a_reason", condition=~Q(state="declined") | ~Q(why="")),
            models.CheckConstraint(
                name="handover_door_was_opened_by_somebody",
                condition=Q(giver_opened_the_door=False) | Q(giver__isnull=False),
            ),
            models.CheckConstraint(
                name="handover_everything_is_somebodys", condition=Q(is_everything=False) | Q(giver__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["to", "offered_at"], condition=Q(state="offered"), name="handover_open_to"),
            models.Index(fields=["offered_at"], condition=Q(state="offered"), name="handover_open"),
        ]

    def __str__(self):
        return f"{self.giver or _('nobody')} → {self.to}"

    def get_absolute_url(self):
        return reverse("contacts:handover", args=[self.pk])

    @property
    def is_open(self):
        return self.state == self.State.OFFERED

    @property
    def was_assigned(self):
        """A manager gave it without asking."""
        return self.state == self.State.ACCEPTED and self.answered_by_id != self.to_id

    def may_be_withdrawn(self, user):
        """By whoever gives or offered it, and by those who may assign."""
        return user.pk in (self.giver_id, self.offered_by_id) or user.has_perm("contacts.assign_handover")

    def may_be_undone(self, user, now):
        """Whoever accepted or assigned it may take that back for ten minutes."""
        is_theirs = self.state == self.State.ACCEPTED and self.answered_by_id == user.pk
        return is_theirs and now - self.answered_at < UNDO_FOR


class HandoverItem(models.Model):
    """One thing that is handed over: a workplace with all that goes along, or a single follow-up or planned contact.

    A thing is in one open offer at a time. `owner_before` is whose workplace it was when it moved.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Offered")
        MOVED = "moved", _("Handed over")
        LEFT = "left", _("Left: it was no longer theirs to give")
        CLOSED = "closed", _("Not handed over")

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="items")
    workplace = models.ForeignKey(
        Workplace,
        verbose_name=_("workplace"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="handover_items",
    )
    follow_up = models.ForeignKey(
        FollowUp,
        verbose_name=_("follow-up"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="handover_items",
    )
    visit = models.ForeignKey(
        Interaction,
        verbose_name=_("planned contact"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="handover_items",
    )
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN)
    owner_before = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("whose it was"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = HandoverItemQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("thing handed over")
        verbose_name_plural = _("things handed over")
        constraints = [
            models.CheckConstraint(
                name="handoveritem_is_one_thing",
                condition=Q(workplace__isnull=False, follow_up=None, visit=None)
                | Q(workplace=None, follow_up__isnull=False, visit=None)
                | Q(workplace=None, follow_up=None, visit__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["workplace"], condition=Q(state="open"), name="handoveritem_workplace_offered_once"
            ),
            models.UniqueConstraint(
                fields=["follow_up"], condition=Q(state="open"), name="handoveritem_follow_up_offered_once"
            ),
            models.UniqueConstraint(
                fields=["visit"], condition=Q(state="open"), name="handoveritem_visit_offered_once"
            ),
        ]

    def __str__(self):
        return str(self.workplace or self.follow_up or self.visit)

    @property
    def place(self):
        """The workplace it is about."""
        return self.workplace or (self.follow_up or self.visit).workplace
