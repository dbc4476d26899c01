"""Company centres: standing places at an employer, or at several together, by contract (need M13)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.models import TargetGroup, Workplace
from contacts.models import Person
from partnerships.models.agreements import Agreement


class CompanyCentre(models.Model):
    """What the contract of a company centre holds besides what every agreement holds.

    Four forms: a virtual one is a pool of small employers; open side production makes something beside what the employer
    lives by; a network has a core company, where the agreement was made, and others around it; a satellite sends people
    out from an agency. `members` are the employers besides the one where it was made.
    """

    class Form(models.TextChoices):
        VIRTUAL = "virtual", _("Virtual")
        SIDE_PRODUCTION = "side", _("Open side production")
        NETWORK = "network", _("Network-based")
        SATELLITE = "satellite", _("Satellite-based")

    agreement = models.OneToOneField(Agreement, primary_key=True, on_delete=models.CASCADE, related_name="centre")
    form = models.CharField(_("form"), max_length=9, choices=Form)
    places = models.PositiveSmallIntegerField(
        _("number of places"), validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    target_groups = models.ManyToManyField(
        TargetGroup, verbose_name=_("target groups"), blank=True, related_name="company_centres"
    )
    side_production = models.TextField(
        _("the side production"), blank=True, help_text=_("What is made there, and who takes it off.")
    )
    agency = models.TextField(
        _("the agency"), blank=True, help_text=_("How people are sent out, and who is their employer on the day.")
    )
    tasks = models.TextField(_("tasks"), blank=True)
    support = models.TextField(_("support activities"), blank=True)
    reception = models.TextField(
        _("reception"), blank=True, help_text=_("Who meets a new person on the first day, and how.")
    )
    absence = models.TextField(_("absence"), blank=True, help_text=_("Who calls whom when somebody does not come."))
    follow_up = models.TextField(_("follow-up"), blank=True)
    exit = models.TextField(_("exit"), blank=True, help_text=_("How a stay ends, and what comes after."))
    payment = models.TextField(_("payment"), blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("company centre")
        verbose_name_plural = _("company centres")
        constraints = [
            models.CheckConstraint(name="companycentre_has_places", condition=Q(places__range=(1, 999))),
        ]

    def __str__(self):
        return f"{self.get_form_display()}: {self.agreement}"


class CentreMember(models.Model):
    """One more employer of a company centre: of the pool, of the network around the core, or one that takes people from the agency."""

    centre = models.ForeignKey(CompanyCentre, on_delete=models.CASCADE, related_name="members")
    workplace = models.ForeignKey(
        Workplace, verbose_name=_("workplace"), on_delete=models.PROTECT, related_name="centre_memberships"
    )
    places = models.PositiveSmallIntegerField(
        _("of the places"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("member of a company centre")
        verbose_name_plural = _("members of company centres")
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "workplace"], condition=Q(until=None), name="centremember_once_at_a_time"
            ),
            models.CheckConstraint(
                name="centremember_ends_after_it_begins", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
            models.CheckConstraint(name="centremember_places", condition=Q(places=None) | Q(places__range=(1, 999))),
        ]

    def __str__(self):
        return str(self.workplace)


class Mentor(models.Model):
    """Somebody at the employer who is a mentor, for so many hours a week; `trained_on` is when they finished mentor training."""

    centre = models.ForeignKey(CompanyCentre, on_delete=models.CASCADE, related_name="mentors")
    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="mentorships")
    hours_a_week = models.DecimalField(
        _("hours a week"), max_digits=4, decimal_places=1, validators=[MinValueValidator(0), MaxValueValidator(168)]
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    trained_on = models.DateField(_("finished mentor training"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("added by"), on_delete=models.PROTECT, related_name="+"
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("mentor")
        verbose_name_plural = _("mentors")
        constraints = [
            models.UniqueConstraint(fields=["centre", "person"], condition=Q(until=None), name="mentor_once_at_a_time"),
            models.CheckConstraint(
                name="mentor_ends_after_it_begins", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
            models.CheckConstraint(name="mentor_hours_of_a_week", condition=Q(hours_a_week__range=(0, 168))),
        ]

    def __str__(self):
        return str(self.person)
