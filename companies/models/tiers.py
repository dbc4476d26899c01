"""The four groups: how each is contacted, which rules fill them, and who moved a workplace from one to another."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.models.register import TIERS, Workplace
from companies.models.selections import Selection
from jobcenter_crm.backstage.models import Job
from jobcenter_crm.frame.languages import in_language


class TierPlan(models.Model):
    """How one of the four groups is contacted. Four rows, loaded with the app's own words; managers change them.

    `cadence_days` is the longest time between two contacts; empty means never due. `escalate_after_days` is how many
    working days a follow-up may be overdue before the team's leader is told; empty means never.
    """

    class Channel(models.TextChoices):
        VISIT = "visit", _("Personal meeting")
        PHONE = "phone", _("Telephone")
        LETTER = "letter", _("Letter")

    # What one contact takes, in minutes, with what belongs to it: reading up, the way there and back, writing it down.
    USUAL_MINUTES = {Channel.VISIT: 120, Channel.PHONE: 20, Channel.LETTER: 10}

    tier = models.PositiveSmallIntegerField(_("group"), choices=TIERS, primary_key=True)
    aim_da = models.CharField(_("aim, in Danish"), max_length=200)
    aim_en = models.CharField(_("aim, in English"), max_length=200, blank=True)
    channel = models.CharField(_("how"), max_length=10, choices=Channel)
    cadence_days = models.PositiveSmallIntegerField(
        _("days between contacts, at most"), null=True, blank=True, help_text=_("Empty: never due.")
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes for one contact"),
        null=True,
        blank=True,
        help_text=_("Empty: as usual, 120 for a meeting, 20 for a call and 10 for a letter."),
    )
    escalate_after_days = models.PositiveSmallIntegerField(
        _("working days until the leader is told"),
        null=True,
        blank=True,
        help_text=_("From the day a follow-up was due. Empty: never."),
    )
    whom_da = models.CharField(_("whom to contact, in Danish"), max_length=200)
    whom_en = models.CharField(_("whom to contact, in English"), max_length=200, blank=True)
    proposal_da = models.CharField(_("the proposal that follows, in Danish"), max_length=200, blank=True)
    proposal_en = models.CharField(_("the proposal that follows, in English"), max_length=200, blank=True)
    guideline_da = models.TextField(_("guideline for a first contact, in Danish"))
    guideline_en = models.TextField(_("guideline for a first contact, in English"), blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["tier"]
        verbose_name = _("plan of a group")
        verbose_name_plural = _("plans of the groups")
        constraints = [
            models.CheckConstraint(name="tierplan_is_1_to_4", condition=Q(tier__range=(1, 4))),
            models.CheckConstraint(
                name="tierplan_cadence_positive", condition=Q(cadence_days=None) | Q(cadence_days__gt=0)
            ),
            models.CheckConstraint(name="tierplan_minutes_positive", condition=Q(minutes=None) | Q(minutes__gt=0)),
            models.CheckConstraint(
                name="tierplan_escalation_positive",
                condition=Q(escalate_after_days=None) | Q(escalate_after_days__gt=0),
            ),
        ]

    def __str__(self):
        return str(self.get_tier_display())

    @classmethod
    def cadences(cls):
        """Tier -> days, for the groups that have a cadence; what `Workplace.objects.due` asks for."""
        return dict(cls.objects.filter(cadence_days__isnull=False).values_list("tier", "cadence_days"))

    @property
    def minutes_each(self):
        """Minutes for one contact, as a manager has said, or as is usual for the channel."""
        return self.minutes or self.USUAL_MINUTES[self.channel]

    aim = in_language("aim")
    whom = in_language("whom")
    proposal = in_language("proposal")
    guideline = in_language("guideline")


class TierChange(models.Model):
    """That a workplace moved from one group to another: from, to, why, by whom, when.

    Nobody did it by name where it came of the command line: a file of our own past, which `why` names, or the rules.
    `by_rule` tells what the rules did, and what was taken back of it, from what somebody decided about one workplace.
    """

    workplace = models.ForeignKey(Workplace, on_delete=models.CASCADE, related_name="tier_changes")
    from_tier = models.PositiveSmallIntegerField(_("from"), choices=TIERS, null=True, blank=True)
    to_tier = models.PositiveSmallIntegerField(_("to"), choices=TIERS, null=True, blank=True)
    why = models.CharField(_("why"), max_length=255, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("when"))
    by_rule = models.BooleanField(_("by rule"), default=False)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("change of group")
        verbose_name_plural = _("changes of group")
        indexes = [models.Index(fields=["workplace", "-at"]), models.Index(fields=["at"], name="tierchange_at")]

    def __str__(self):
        return f"{self.from_tier or '–'} → {self.to_tier or '–'}"


class SegmentationRule(models.Model):
    """That what a shared selection finds belongs in a group. Of the rules in order, the first that fits takes a workplace.

    Rules propose, a person decides (`companies.segmentation`); a group that was set by hand is left alone.
    """

    position = models.PositiveSmallIntegerField(_("number"), unique=True)
    selection = models.OneToOneField(
        Selection, verbose_name=_("selection"), on_delete=models.PROTECT, related_name="rule"
    )
    tier = models.PositiveSmallIntegerField(_("group"), choices=TIERS)
    history = HistoricalRecords()

    class Meta:
        ordering = ["position"]
        verbose_name = _("rule for the groups")
        verbose_name_plural = _("rules for the groups")
        constraints = [
            models.CheckConstraint(name="segmentationrule_tier_is_1_to_4", condition=Q(tier__range=(1, 4))),
        ]

    def __str__(self):
        return f"{self.position}. {self.selection}"

    def get_absolute_url(self):
        """The page on which the rules stand."""
        return reverse("desk:segments")


class TierMove(models.Model):
    """One workplace that a job moves by a rule: what it was, what it is given, and how far that has come.

    Written down before anything moves, so that the work can be resumed, and taken back where the workplace still
    has what the job gave it. `rule_number` counts the rules of the job from 1. "Taken" is only ever seen
    within the transaction that gives a rule's workplaces their group, or gives it back.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        TAKEN = "taken", _("Taken")
        DONE = "done", _("Done")
        LEFT = "left", _("Left alone")
        UNDONE = "undone", _("Undone")

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="tier_moves")
    workplace = models.ForeignKey(Workplace, on_delete=models.CASCADE, related_name="tier_moves")
    rule_number = models.PositiveSmallIntegerField()
    from_tier = models.PositiveSmallIntegerField(choices=TIERS, null=True, blank=True)
    from_since = models.DateField(null=True, blank=True)
    to_tier = models.PositiveSmallIntegerField(choices=TIERS)
    to_since = models.DateField()
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("move by rule")
        verbose_name_plural = _("moves by rule")
        constraints = [models.UniqueConstraint(fields=["job", "workplace"], name="tiermove_once_a_job")]
        indexes = [models.Index(fields=["job", "rule_number", "state"], name="tiermove_of_rule")]

    def __str__(self):
        return f"{self.from_tier or '–'} → {self.to_tier}"
