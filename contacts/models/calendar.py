"""What each colleague's calendar has been told of a planned contact."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from companies.models import Workplace
from contacts.models.log import Channel, Interaction
from contacts.querysets import InvitationQuerySet

# What a calendar is told of a contact.
FACTS = ("workplace_id", "channel", "on", "at")


class Invitation(models.Model):
    """One planned contact in the calendar of one colleague who goes.

    Holds what was last said of it, so that whatever differs is said anew under a higher `sequence`. It outlives
    a contact that was taken back, and one that its colleague left: their calendar must hear of it. `is_mailed` says
    that it has been told by mail, so that the rest of it is too.
    """

    contact = models.ForeignKey(
        Interaction,
        verbose_name=_("contact"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="invitations",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("colleague"), on_delete=models.PROTECT, related_name="+"
    )
    uid = models.CharField(max_length=200)
    sequence = models.PositiveIntegerField(default=0)
    is_mailed = models.BooleanField(_("told by mail"), default=False)
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    workplace = models.ForeignKey(Workplace, verbose_name=_("workplace"), on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(_("how"), max_length=8, choices=Channel)
    on = models.DateField(_("day"))
    at = models.TimeField(_("time"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(fields=["contact", "user"], name="invitation_once_a_person"),
            models.UniqueConstraint(fields=["uid", "user"], name="invitation_uid_once_a_person"),
            models.CheckConstraint(
                name="invitation_without_contact_is_cancelled",
                condition=Q(contact__isnull=False) | Q(is_cancelled=True),
            ),
        ]
        indexes = [models.Index(fields=["user", "on"])]

    def __str__(self):
        return self.uid

    def get_absolute_url(self):
        place = reverse("desk:card", args=[self.workplace_id])
        return f"{place}#contact-{self.contact_id}" if self.contact_id else place

    def differs_from(self, contact):
        """Whether something has been said of `contact` that does not hold, or no longer does."""
        return self.is_cancelled or any(getattr(self, fact) != getattr(contact, fact) for fact in FACTS)

    def say(self, contact):
        """Take over what holds of `contact` now."""
        self.sequence, self.is_cancelled = self.sequence + 1, False
        for fact in FACTS:
            setattr(self, fact, getattr(contact, fact))

    def cancel(self):
        """They do not go any more."""
        self.sequence, self.is_cancelled = self.sequence + 1, True

    @property
    def thread(self):
        """What its mails are news of."""
        return f"invitation:{self.pk}"
