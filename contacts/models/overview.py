"""The morning overview: what was told to whom, day by day."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Digest(models.Model):
    """That one person's morning overview was looked at on one day, once: what waited, and in which mail it was told.

    `reader` got it: the person themselves, or whoever stands in for them. Without a `message_key` nothing waited that
    was worth a mail. Written in one transaction with the `Message`.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("whose"), on_delete=models.CASCADE, related_name="digests"
    )
    date = models.DateField(_("day"))
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("told to"), on_delete=models.CASCADE, related_name="+"
    )
    message_key = models.CharField(_("message"), max_length=200, blank=True)
    counts = models.JSONField(_("counts"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        ordering = ["-date", "user"]
        verbose_name = _("morning overview")
        verbose_name_plural = _("morning overviews")
        constraints = [models.UniqueConstraint(fields=["user", "date"], name="digest_once_a_day")]
        indexes = [models.Index(fields=["date"], name="digest_date")]

    def __str__(self):
        return f"{self.user_id} {self.date}"
