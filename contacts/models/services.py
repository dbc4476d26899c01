"""What the job centre offers employers, and which employer uses what."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from companies.models import Workplace
from contacts.querysets import ServiceQuerySet, ServiceUseQuerySet
from jobcenter_crm.frame.languages import in_language

_FIRST_LINE = _("The first line stands in the catalogue.")


class Service(models.Model):
    """One thing that we offer employers, with its declaration: what it is, who does what, and the four that they ask about.

    Dated, since the law changes what there is: one that has ended stays, since what was told of it stays. `code` names
    it in addresses and saved searches and never changes. The rows the app is loaded with belong to the stewards.
    """

    code = models.SlugField(
        _("code"), max_length=30, unique=True,
        help_text=_("Short, without spaces. Saved searches know the service by it, so it never changes."),
    )  # fmt: skip
    name_da = models.CharField(_("name, in Danish"), max_length=80)
    name_en = models.CharField(_("name, in English"), max_length=80, blank=True)
    what_da = models.TextField(_("what it is, in Danish"), help_text=_FIRST_LINE)
    what_en = models.TextField(_("what it is, in English"), blank=True, help_text=_FIRST_LINE)
    ours_da = models.TextField(_("what the job centre does, in Danish"), blank=True)
    ours_en = models.TextField(_("what the job centre does, in English"), blank=True)
    theirs_da = models.TextField(_("what the employer does, in Danish"), blank=True)
    theirs_en = models.TextField(_("what the employer does, in English"), blank=True)
    economy_da = models.TextField(_("economy, in Danish"), blank=True)
    economy_en = models.TextField(_("economy, in English"), blank=True)
    sickness_da = models.TextField(_("sickness, in Danish"), blank=True)
    sickness_en = models.TextField(_("sickness, in English"), blank=True)
    insurance_da = models.TextField(_("insurance, in Danish"), blank=True)
    insurance_en = models.TextField(_("insurance, in English"), blank=True)
    liability_da = models.TextField(_("liability, in Danish"), blank=True)
    liability_en = models.TextField(_("liability, in English"), blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(
        _("valid until"), null=True, blank=True,
        help_text=_("The last day on which it is offered. Empty as long as it is."),
    )  # fmt: skip
    source = models.CharField(
        _("source"), max_length=200, help_text=_("The provision of the law that it rests on, or who decided it here.")
    )
    position = models.PositiveSmallIntegerField(
        _("place in the catalogue"), default=100, help_text=_("The lowest number comes first.")
    )

    objects = ServiceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "name_da", "pk"]
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints = [
            models.CheckConstraint(
                name="service_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("It can't end before it begins."),
            ),
            models.CheckConstraint(
                name="service_says_what_it_is", condition=~Q(code="") & ~Q(name_da="") & ~Q(what_da="") & ~Q(source="")
            ),
        ]

    def __str__(self):
        return self.name

    name = in_language("name")
    what = in_language("what")
    ours = in_language("ours")
    theirs = in_language("theirs")
    economy = in_language("economy")
    sickness = in_language("sickness")
    insurance = in_language("insurance")
    liability = in_language("liability")

    def get_absolute_url(self):
        return reverse("contacts:service", args=[self.pk])

    @property
    def one_line(self):
        """What it is, in a line."""
        return self.what.strip().partition("\n")[0].strip()

    def is_valid(self, day):
        """Whether it is offered on `day`; the last day counts."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def declaration(self):
        """The seven parts in their order, heading and text; those that nobody has written are left out."""
        parts = [
            (_("What it is"), self.what),
            (_("What the job centre does"), self.ours),
            (_("What you do as an employer"), self.theirs),
            (pgettext_lazy("declaration", "Economy"), self.economy),
            (pgettext_lazy("declaration", "Sickness"), self.sickness),
            (pgettext_lazy("declaration", "Insurance"), self.insurance),
            (pgettext_lazy("declaration", "Liability"), self.liability),
        ]
        return [(heading, text) for heading, text in parts if text.strip()]


class ServiceUse(models.Model):
    """That a workplace uses a service, from a day until it no longer does. Which services it was told of stands in the contacts."""

    workplace = models.ForeignKey(
        Workplace, verbose_name=_("workplace"), on_delete=models.PROTECT, related_name="service_uses"
    )
    service = models.ForeignKey(Service, verbose_name=_("service"), on_delete=models.PROTECT, related_name="uses")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("added by"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ServiceUseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["service", "since", "pk"]
        verbose_name = _("service in use")
        verbose_name_plural = _("services in use")
        constraints = [
            models.UniqueConstraint(
                fields=["workplace", "service"], condition=Q(until=None), name="serviceuse_once_at_a_time"
            ),
            models.CheckConstraint(
                name="serviceuse_ends_after_it_begins", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
        ]

    def __str__(self):
        return str(self.service)

    def get_absolute_url(self):
        return reverse("desk:card", args=[self.workplace_id])
