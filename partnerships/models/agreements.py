"""Agreements: who agreed what with whom, from a first draft to the end, and each wording that has held."""

from datetime import timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from companies.models import Company, Workplace
from contacts.models import Person
from partnerships.querysets import AgreementQuerySet

# Whoever took a step may take it back for so long.
UNDO_FOR = timedelta(minutes=10)


class Agreement(models.Model):
    """What we and an employer have agreed, or mean to.

    It is made at one workplace, holds at that one, at some or at all of the company's (`covers_all`), and goes from
    draft to proposed, active, and ended or declined; `partnerships.steps` is the only writer of `state`, and
    `AgreementStep` says when and by whom. An active one is signed by both sides, has the signed paper, and always a
    day of the next review, which repeats what its open `Review` says. `we_give` and `they_give` hold one thing a line.
    `token` comes from the form that made it, so that sending the same form twice makes one.
    """

    class Kind(models.TextChoices):
        INTENT = "intent", _("Letter of intent")
        PARTNERSHIP = "partnership", _("Partnership")
        SERVICE = "service", _("Service agreement")
        CENTRE = "centre", _("Company centre")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed")
        ACTIVE = "active", pgettext_lazy("an agreement", "Active")
        ENDED = "ended", pgettext_lazy("an agreement", "Ended")
        DECLINED = "declined", pgettext_lazy("an agreement", "Declined")

    # What the parties sign: a change of one of these in an active agreement makes a new version.
    WORDING = (
        "title", "purpose", "we_give", "they_give", "people", "course", "measured_by", "followed_up", "economy",
        "afterwards", "starts_on", "ends_on", "review_every",
    )  # fmt: skip

    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    company = models.ForeignKey(Company, verbose_name=_("company"), on_delete=models.PROTECT, related_name="agreements")
    workplace = models.ForeignKey(
        Workplace, verbose_name=_("made at"), on_delete=models.PROTECT, related_name="agreements_made_here"
    )
    covers_all = models.BooleanField(_("holds at all workplaces of the company"), default=False)
    places = models.ManyToManyField(
        Workplace, verbose_name=_("workplaces"), through="AgreementPlace", related_name="agreements"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("responsible consultant"),
        on_delete=models.PROTECT,
        related_name="agreements",
    )
    title = models.CharField(
        _("about"),
        max_length=80,
        blank=True,
        help_text=_("A few words that tell it from others, such as: the kitchen."),
    )
    purpose = models.TextField(_("purpose"), blank=True)
    we_give = models.TextField(_("what we give"), blank=True, help_text=_("One thing a line."))
    they_give = models.TextField(_("what the employer gives"), blank=True, help_text=_("One thing a line."))
    people = models.PositiveSmallIntegerField(
        _("number of people"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(9999)]
    )
    course = models.TextField(_("course"), blank=True, help_text=_("How it goes, from the first day to the last."))
    measured_by = models.TextField(_("how progress is measured"), blank=True)
    followed_up = models.CharField(
        _("how often we follow up"), max_length=200, blank=True, help_text=_("Such as: in weeks 2, 6 and 12.")
    )
    economy = models.TextField(_("economy"), blank=True)
    afterwards = models.TextField(_("possibilities afterwards"), blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day. Empty: until one of the parties ends it.")
    )
    review_every = models.PositiveSmallIntegerField(
        _("months between reviews"), default=12, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )  # fmt: skip
    next_review_on = models.DateField(_("next review"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signed_by_us = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("signed for us by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    signed_by_them = models.ForeignKey(
        Person,
        verbose_name=_("signed for the employer by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agreements_signed",
    )
    signed_document = models.ForeignKey(
        "Document",
        verbose_name=_("the signed file"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    version = models.PositiveSmallIntegerField(_("version"), default=0)
    token = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+"
    )

    objects = AgreementQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["token"])

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.CheckConstraint(
                name="agreement_ends_after_it_starts",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("It can't end before it begins."),
            ),
            models.CheckConstraint(
                name="agreement_active_is_signed",
                condition=~Q(state="active")
                | Q(
                    starts_on__isnull=False,
                    signed_on__isnull=False,
                    signed_by_us__isnull=False,
                    signed_by_them__isnull=False,
                    signed_document__isnull=False,
                    version__gte=1,
                ),
            ),
            models.CheckConstraint(
                name="agreement_active_has_next_review",
                condition=Q(state="active", next_review_on__isnull=False)
                | (~Q(state="active") & Q(next_review_on=None)),
            ),
            models.CheckConstraint(
                name="agreement_ended_has_a_last_day", condition=~Q(state="ended") | Q(ends_on__isnull=False)
            ),
            models.CheckConstraint(name="agreement_review_interval", condition=Q(review_every__range=(1, 60))),
            models.CheckConstraint(
                name="agreement_is_about_somebody", condition=Q(people=None) | Q(people__range=(1, 9999))
            ),
        ]
        indexes = [
            models.Index(fields=["company", "state"]),
            models.Index(fields=["next_review_on"], condition=Q(state="active"), name="agreement_reviews_due"),
            models.Index(fields=["owner", "state"]),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.title}" if self.title else str(self.get_kind_display())

    def get_absolute_url(self):
        return reverse("partnerships:agreement", args=[self.pk])

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_proposed(self):
        return self.state == self.State.PROPOSED

    @property
    def is_active(self):
        return self.state == self.State.ACTIVE

    def has_run_out(self, today):
        """Active still, though its last day has passed: somebody has to prolong or end it."""
        return self.is_active and self.ends_on is not None and self.ends_on < today

    @property
    def is_over(self):
        """Ended or declined: nothing of it changes any more."""
        return self.state in (self.State.ENDED, self.State.DECLINED)

    @property
    def is_centre(self):
        return self.kind == self.Kind.CENTRE

    @property
    def is_service(self):
        return self.kind == self.Kind.SERVICE

    @property
    def is_yearly(self):
        """Whether its review is the yearly one, as most are."""
        return self.review_every == 12

    @property
    def our_points(self):
        """What we give, one thing an entry."""
        return lines_of(self.we_give)

    @property
    def their_points(self):
        """What the employer gives, one thing an entry."""
        return lines_of(self.they_give)


def lines_of(text):
    """The lines of a text in which each stands for itself, without the dashes that people put before them."""
    return [line for line in (raw.strip().lstrip("-–•*").strip() for raw in text.splitlines()) if line]


class AgreementPlace(models.Model):
    """One workplace at which an agreement holds; the one where it was made is always among them.

    Says nothing of an agreement that `covers_all`: that one holds at each of the company's, also those to come.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="agreement_places")
    workplace = models.ForeignKey(
        Workplace, verbose_name=_("workplace"), on_delete=models.PROTECT, related_name="agreement_places"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("workplace of an agreement")
        verbose_name_plural = _("workplaces of agreements")
        constraints = [models.UniqueConstraint(fields=["agreement", "workplace"], name="agreementplace_once")]

    def __str__(self):
        return str(self.workplace)


class AgreementStep(models.Model):
    """One step of an agreement: to which state, on which day, by whom, and why where somebody should say why."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="steps")
    before = models.CharField(_("before"), max_length=8, choices=Agreement.State, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=Agreement.State)
    on = models.DateField(_("day"))
    why = models.CharField(_("why"), max_length=200, blank=True)
    at = models.DateTimeField(_("written"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("step of an agreement")
        verbose_name_plural = _("steps of agreements")
        constraints = [models.CheckConstraint(name="agreementstep_leads_elsewhere", condition=~Q(before=F("state")))]

    def __str__(self):
        return f"{self.get_state_display()} {self.on}"


class AgreementVersion(models.Model):
    """One wording that has held, or holds: all that the paper says, as it was when it began to hold.

    Number 1 is what was signed at first; `note` says in a few words what each later one changed. `wording` is what
    `partnerships.versions` reads and prints; the papers of earlier versions are made from it, whatever has changed since.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    wording = models.JSONField(_("wording"), encoder=DjangoJSONEncoder)
    note = models.CharField(_("what has changed"), max_length=200, blank=True)
    on = models.DateField(_("holds from"))
    document = models.ForeignKey(
        "Document", verbose_name=_("the signed file"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("written"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version of an agreement")
        verbose_name_plural = _("versions of agreements")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreementversion_number_once"),
            models.CheckConstraint(
                name="agreementversion_later_ones_say_what_changed", condition=Q(number=1) | ~Q(note="")
            ),
            models.CheckConstraint(name="agreementversion_counts_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self):
        return f"{self.agreement} {self.number}"


class AgreementContact(models.Model):
    """Whom to call about what, on one of the two sides, and how fast they answer (need M15)."""

    class Side(models.TextChoices):
        OURS = "ours", _("With us")
        THEIRS = "theirs", _("At the employer")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="contacts")
    side = models.CharField(_("side"), max_length=6, choices=Side)
    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("colleague"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agreement_contacts",
    )
    person = models.ForeignKey(
        Person,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agreement_contacts",
    )
    about = models.CharField(_("about what"), max_length=80)
    answers_within = models.CharField(
        _("answers within"), max_length=60, blank=True, help_text=_("Such as: the same day.")
    )
    position = models.PositiveSmallIntegerField(_("place in the order"), default=0)

    class Meta:
        # The employer's first: they are whom we call.
        ordering = ["-side", "position", "pk"]
        verbose_name = _("whom to call about an agreement")
        verbose_name_plural = _("whom to call about agreements")
        constraints = [
            models.CheckConstraint(
                name="agreementcontact_is_of_its_side",
                condition=Q(side="ours", colleague__isnull=False, person=None)
                | Q(side="theirs", person__isnull=False, colleague=None),
            ),
            models.CheckConstraint(name="agreementcontact_says_about_what", condition=~Q(about="")),
        ]

    def __str__(self):
        return f"{self.who}: {self.about}"

    @property
    def who(self):
        """The colleague or the person."""
        return self.colleague if self.side == self.Side.OURS else self.person
