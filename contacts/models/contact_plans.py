"""Contact plans besides those of the groups: a selection, shared out between colleagues, one plan after the other."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.models import Selection, TargetGroup, Workplace
from contacts.models.log import Channel, Interaction
from contacts.querysets import ContactPlanQuerySet, ContactPlanTargetQuerySet
from jobcenter_crm.backstage.models import Job


class ContactPlan(models.Model):
    """One push at the workplaces of a selection: why, how, by whom, in which order.

    Planned as a draft, then running, then ended; a draft that nobody starts is given up. `starts_on` and `ends_on` are what is planned, until it
    happens: then they are the days on which it did. Which workplaces it is about is written down when it
    starts (`ContactPlanTarget`); what its selection finds later is only added by somebody. `basis` says on
    what ground workplaces are reached that bulk contact otherwise leaves out.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        RUNNING = "running", _("Running")
        ENDED = "ended", _("Ended")
        GIVEN_UP = "given_up", _("Given up")

    name = models.CharField(_("name"), max_length=80)
    selection = models.ForeignKey(
        Selection, verbose_name=_("selection"), on_delete=models.PROTECT, related_name="contact_plans"
    )
    target_group = models.ForeignKey(
        TargetGroup,
        verbose_name=_("target group"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contact_plans",
    )
    purpose = models.CharField(_("purpose"), max_length=200)
    channel = models.CharField(_("how"), max_length=8, choices=Channel)
    position = models.PositiveIntegerField(_("place in the order"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    participants = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("who takes part"), related_name="contact_plans"
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    basis = models.CharField(_("basis for reaching protected workplaces"), max_length=300, blank=True)
    basis_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("stated by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    basis_at = models.DateTimeField(_("stated"), null=True, blank=True)
    job = models.ForeignKey(
        Job, verbose_name=_("the job that fills it"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+"
    )

    objects = ContactPlanQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["job"])

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("contact plan")
        verbose_name_plural = _("contact plans")
        constraints = [
            models.CheckConstraint(name="contactplan_has_name_and_purpose", condition=~Q(name="") & ~Q(purpose="")),
            models.CheckConstraint(
                name="contactplan_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("It can't end before it begins."),
            ),
            models.CheckConstraint(
                name="contactplan_basis_by_and_at_together",
                condition=Q(basis="", basis_by=None, basis_at=None)
                | (~Q(basis="") & Q(basis_by__isnull=False, basis_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("contacts:contact_plan", args=[self.pk])

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_running(self):
        return self.state == self.State.RUNNING

    @property
    def is_given_up(self):
        return self.state == self.State.GIVEN_UP

    @property
    def is_over(self):
        """Ended or given up: nothing of it changes any more."""
        return self.state in (self.State.ENDED, self.State.GIVEN_UP)

    def state_basis(self, text, *, by):
        """Say on what ground protected workplaces are reached, in the words of somebody who may decide that."""
        self.basis, self.basis_by, self.basis_at, self._history_user = text, by, timezone.now(), by
        self.save(update_fields=["basis", "basis_by", "basis_at"])


class ContactPlanTarget(models.Model):
    """One workplace of a contact plan, and whose it is to contact there; empty until it has been shared out.

    `contact` is the first contact that was held while the plan ran. It repeats what the contact log says, and
    `contacts.contact_plans.refresh` writes it. `basis` is why a protected workplace is among them.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Not contacted yet")
        CONTACTED = "contacted", _("Contacted")
        LEFT_OUT = "left_out", _("Left out")

    plan = models.ForeignKey(ContactPlan, on_delete=models.PROTECT, related_name="targets")
    workplace = models.ForeignKey(
        Workplace, verbose_name=_("workplace"), on_delete=models.PROTECT, related_name="contact_plan_targets"
    )
    consultant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who contacts"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contact_plan_targets",
    )
    contact = models.ForeignKey(
        Interaction, verbose_name=_("contact"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    basis = models.CharField(_("basis"), max_length=300, blank=True)
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("added by"), on_delete=models.PROTECT, related_name="+"
    )
    left_out_why = models.CharField(_("why it is left out"), max_length=200, blank=True)
    left_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("left out by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    left_out_at = models.DateTimeField(_("left out"), null=True, blank=True)

    objects = ContactPlanTargetQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "pk"]
        verbose_name = _("workplace of a contact plan")
        verbose_name_plural = _("workplaces of contact plans")
        constraints = [
            models.UniqueConstraint(fields=["plan", "workplace"], name="contactplantarget_once_a_plan"),
            models.CheckConstraint(
                name="contactplantarget_left_out_with_reason",
                condition=Q(left_out_why="", left_out_by=None, left_out_at=None)
                | (~Q(left_out_why="") & Q(left_out_by__isnull=False, left_out_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["consultant", "plan"], name="contactplantarget_whose")]

    def __str__(self):
        return str(self.workplace)

    @property
    def state(self):
        """As `ContactPlanTargetQuerySet` asks it; a contact counts also where the workplace was left out."""
        if self.contact_id:
            return self.State.CONTACTED
        return self.State.LEFT_OUT if self.why_left_out else self.State.WAITING

    @property
    def why_left_out(self):
        """Why nobody is to contact it: what a colleague wrote, or what has happened since it came into the plan."""
        if self.left_out_why:
            return self.left_out_why
        if self.workplace.ceased_on:
            return _("Ceased")
        return _("Do not contact") if self.workplace.do_not_contact and not self.basis else ""

    def leave_out(self, why, *, by):
        """Nobody of us contacts it for this plan; with an empty `why`, somebody does again."""
        self.left_out_why = why
        self.left_out_by, self.left_out_at = (by, timezone.now()) if why else (None, None)
        self.save(update_fields=["left_out_why", "left_out_by", "left_out_at"])
