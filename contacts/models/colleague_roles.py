"""Whom of us to call about a workplace, besides the responsible consultant."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.models import Workplace
from contacts.querysets import ColleagueRoleQuerySet


class ColleagueRole(models.Model):
    """What a colleague is to a workplace: opened the door, is the daily contact, or is to be called about something."""

    class Role(models.TextChoices):
        OPENED = "opened", _("Opened the door")
        DAILY = "daily", _("Daily contact")
        ABOUT = "about", _("About something")

    workplace = models.ForeignKey(
        Workplace, verbose_name=_("workplace"), on_delete=models.PROTECT, related_name="colleague_roles"
    )
    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("colleague"), on_delete=models.PROTECT, related_name="colleague_roles"
    )
    role = models.CharField(_("role"), max_length=6, choices=Role)
    about = models.CharField(_("about what"), max_length=80, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("added by"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ColleagueRoleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        # Who opened the door, the daily contact, then the topics by name.
        ordering = ["-role", "about", "pk"]
        verbose_name = _("colleague's role")
        verbose_name_plural = _("colleagues' roles")
        constraints = [
            models.UniqueConstraint(
                fields=["workplace", "role", "about"],
                condition=Q(ended_on=None),
                name="colleaguerole_one_at_a_time",
            ),
            models.CheckConstraint(
                name="colleaguerole_about_something_says_what",
                condition=Q(role="about") & ~Q(about="") | ~Q(role="about") & Q(about=""),
            ),
            models.CheckConstraint(
                name="colleaguerole_ends_after_it_begins",
                condition=Q(since=None) | Q(ended_on=None) | Q(ended_on__gte=models.F("since")),
            ),
        ]
        indexes = [models.Index(fields=["workplace"], condition=Q(ended_on=None), name="colleaguerole_current")]

    def __str__(self):
        return f"{self.about or self.get_role_display()}: {self.colleague}"

    def get_absolute_url(self):
        return reverse("desk:card", args=[self.workplace_id])
