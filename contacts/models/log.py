"""People at employers, and the contact log."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.models import (
    Company,
    Mergeable,
    Municipality,
    StandingManager,
    Workplace,
    digits,
    phone_key,
    search_text,
)
from contacts.querysets import InteractionQuerySet, OtherJobCentreQuerySet, PersonQuerySet
from jobcenter_crm.frame.danish import search_key
from jobcenter_crm.frame.labels import label_of
from jobcenter_crm.frame.languages import in_language

# How long the author may change a note; afterwards it is amended, never overwritten.
NOTE_OPEN_FOR = timedelta(hours=24)
# How long what was just written can be undone.
UNDO_FOR = timedelta(minutes=10)


class Channel(models.TextChoices):
    """How a contact is made."""

    VISIT = "visit", _("Visit")
    PHONE = "phone", _("Call")
    EMAIL = "email", _("E-mail")
    MEETING = "meeting", _("Meeting with us")
    LETTER = "letter", _("Letter")
    EVENT = "event", _("Event")


# At their place or at ours.
FACE_TO_FACE = (Channel.VISIT, Channel.MEETING)


class Person(Mergeable):
    """Somebody at an employer. Belongs to the company; to one workplace of it where that is known."""

    class Role(models.TextChoices):
        DIRECTOR = "director", _("Director")
        HR = "hr", _("Personnel (HR)")
        HEAD = "head", _("Head of department")
        FOREMAN = "foreman", _("Foreman")
        MENTOR = "mentor", _("Mentor")
        SHOP_STEWARD = "shop_steward", _("Shop steward")
        OTHER = "other", _("Other")

    company = models.ForeignKey(Company, verbose_name=_("company"), on_delete=models.PROTECT, related_name="people")
    workplace = models.ForeignKey(
        Workplace,
        verbose_name=_("workplace"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="people",
        help_text=_("Empty: the whole company."),
    )
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.OTHER)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    preferred_channel = models.CharField(_("prefers"), max_length=8, choices=Channel, blank=True)
    remark = models.CharField(_("good to know"), max_length=150, blank=True)
    retain_until = models.DateField(
        _("keep until"), null=True, blank=True, help_text=_("Name and numbers are removed after this day.")
    )
    left_on = models.DateField(_("left"), null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("added by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Derived, for search and for finding somebody who is there twice.
    search_text = models.CharField(max_length=600, editable=False)
    name_key = models.CharField(max_length=150, blank=True, editable=False)
    phone_key = models.CharField(max_length=8, blank=True, editable=False)

    objects = StandingManager.from_queryset(PersonQuerySet)()
    everything = PersonQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text", "name_key", "phone_key", "merged_into"])

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("contact person")
        verbose_name_plural = _("contact people")
        indexes = [
            # A search for what many names have in them looks in this order until it has found enough.
            models.Index(fields=["name", "id"], name="person_in_order"),
            models.Index(fields=["company", "left_on"]),
            models.Index(fields=["workplace", "left_on"]),
            models.Index(fields=["company", "name_key"], name="person_same_name"),
            models.Index(fields=["phone_key"], condition=~Q(phone_key=""), name="person_same_phone"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="person_merged_into"),
        ]
        constraints = [
            models.CheckConstraint(name="person_not_merged_into_itself", condition=~Q(merged_into=F("id"))),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.derive()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("contacts:person", args=[self.pk])

    get_role_display = label_of("role", Role)
    get_preferred_channel_display = label_of("preferred_channel", Channel)

    @property
    def place_url(self):
        """The card where this person is shown; somebody of a whole company is found by its CVR number."""
        if self.workplace_id:
            return reverse("desk:card", args=[self.workplace_id])
        return f"{reverse('companies:register')}?q={self.company.cvr_number}"

    def derive(self):
        """Set what a search looks in and what somebody is known again by; a bulk write, which passes `save` by, calls it."""
        number = digits(self.phone)
        self.search_text = search_text(self.name, number, self.email)[:600]
        self.name_key = search_key(self.name).replace(" ", "")[:150]
        self.phone_key = phone_key(number)


class OtherJobCentre(models.Model):
    """Another municipality's job centre that talks with the same employer, and whom to call there.

    Up to two in five placements cross a municipal border: an employer is not to hear the same question from
    two of us. Belongs to the company; to one workplace of it where that is known.
    """

    company = models.ForeignKey(
        Company, verbose_name=_("company"), on_delete=models.PROTECT, related_name="other_job_centres"
    )
    workplace = models.ForeignKey(
        Workplace,
        verbose_name=_("workplace"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="other_job_centres",
        help_text=_("Empty: the whole company."),
    )
    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("their colleague"), max_length=150, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    remark = models.CharField(_("good to know"), max_length=150, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("added by"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OtherJobCentreQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["municipality__sort_name", "name", "pk"]
        verbose_name = _("other job centre")
        verbose_name_plural = _("other job centres")
        indexes = [models.Index(fields=["company", "ended_on"]), models.Index(fields=["workplace", "ended_on"])]
        constraints = [
            models.CheckConstraint(
                name="otherjobcentre_ends_after_it_begins",
                condition=Q(since=None) | Q(ended_on=None) | Q(ended_on__gte=models.F("since")),
                violation_error_message=_("It can't end before it begins."),
            )
        ]

    def __str__(self):
        return f"{self.municipality}, {self.name}" if self.name else str(self.municipality)

    def get_absolute_url(self):
        return reverse("contacts:job_centre", args=[self.pk])


class Interaction(models.Model):
    """One contact with an employer: planned, then held or cancelled.

    The purpose is written when it is planned. `on` is its day, `at` its time where one is agreed.
    `token` comes from the form, so that sending the same form twice logs one contact; one from a file of
    our own past has a token made of what it says. `answered_along` is what `contacts.asked_along` needs to put answers
    back that were given along with it. `created_by` is empty for a contact that such a file
    tells of without saying whose it was, brought in on the command line; then it may have no staff either.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    class Direction(models.TextChoices):
        OUTBOUND = "out", _("We contacted them")
        INBOUND = "in", _("They contacted us")

    class Outcome(models.TextChoices):
        AGREED = "agreed", _("Place agreed")
        INTERESTED = "interested", _("Interested")
        NOT_NOW = "not_now", _("Not now")
        NO = "no", _("No thanks")
        INFORMED = "informed", _("Informed")
        NO_ANSWER = "no_answer", _("No answer")
        ANSWERED = "answered", _("Question answered")

    class Barrier(models.TextChoices):
        NO_TIME = "no_time", _("No time")
        NO_TASKS = "no_tasks", _("No tasks")
        STAFF_UNWILLING = "staff_unwilling", _("Staff unwilling")
        CANDIDATES = "candidates", _("Candidates do not fit")
        RULES = "rules", _("Rules and paper")
        UNKNOWN_CANDIDATE = "unknown_candidate", _("We do not know the candidate")
        BAD_EXPERIENCE = "bad_experience", _("Bad experience")
        OTHER = "other", _("Other")

    class Coordination(models.TextChoices):
        AGREED = "agreed", _("Agreed with the colleague")
        TOGETHER = "together", _("Go together")

    class Basis(models.TextChoices):
        INBOUND = "inbound", _("They called us")
        COOPERATION = "cooperation", _("Existing cooperation")
        CONSENT = "consent", _("They have consented")
        AUTHORITY = "authority", _("Legal authority")

    workplace = models.ForeignKey(
        Workplace, verbose_name=_("workplace"), on_delete=models.PROTECT, related_name="interactions"
    )
    state = models.CharField(_("state"), max_length=9, choices=State)
    channel = models.CharField(_("how"), max_length=8, choices=Channel)
    direction = models.CharField(_("who took contact"), max_length=3, choices=Direction, default=Direction.OUTBOUND)
    on = models.DateField(_("day"))
    at = models.TimeField(_("time"), null=True, blank=True)
    persons = models.ManyToManyField(Person, verbose_name=_("with"), blank=True, related_name="interactions")
    staff = models.ManyToManyField(settings.AUTH_USER_MODEL, verbose_name=_("our people"), related_name="interactions")
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    barrier = models.CharField(_("barrier"), max_length=17, choices=Barrier, blank=True)
    note = models.TextField(_("note"), blank=True)
    services = models.ManyToManyField(
        "contacts.Service", verbose_name=_("services presented"), blank=True, related_name="interactions"
    )
    meeting_offered = models.BooleanField(_("a meeting was offered"), null=True, blank=True)
    coordination = models.CharField(_("colleague's plan"), max_length=8, choices=Coordination, blank=True)
    basis = models.CharField(_("basis for contact"), max_length=11, choices=Basis, blank=True)
    token = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    answered_along = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    logged_at = models.DateTimeField(_("logged as held"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("cancelled by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = InteractionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["token", "answered_along"])

    class Meta:
        ordering = ["-on", "-at", "-pk"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(fields=["workplace", "-on"]),
            models.Index(fields=["state", "on"]),
            models.Index(fields=["barrier", "on"], condition=~Q(barrier=""), name="interaction_barrier_met"),
        ]
        constraints = [
            models.CheckConstraint(
                name="interaction_held_is_logged",
                condition=Q(state="held", logged_at__isnull=False) | (~Q(state="held") & Q(logged_at=None)),
            ),
            models.CheckConstraint(
                name="interaction_cancelled_at_and_by_together",
                condition=Q(state="cancelled", cancelled_at__isnull=False, cancelled_by__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_at=None, cancelled_by=None)),
            ),
            models.CheckConstraint(name="interaction_outcome_when_held", condition=Q(outcome="") | Q(state="held")),
            models.CheckConstraint(
                name="interaction_barrier_only_with_a_no",
                condition=Q(barrier="") | Q(outcome__in=["not_now", "no"]),
            ),
            models.CheckConstraint(
                name="interaction_planned_has_purpose", condition=~Q(state="planned") | ~Q(purpose="")
            ),
        ]

    def __str__(self):
        return f"{self.get_channel_display()} {self.on}"

    get_channel_display = label_of("channel", Channel)
    get_outcome_display = label_of("outcome", Outcome)
    get_barrier_display = label_of("barrier", Barrier)

    def get_absolute_url(self):
        return f"{reverse('desk:card', args=[self.workplace_id])}#contact-{self.pk}"

    @property
    def is_meeting(self):
        """Whether it is face to face, as `InteractionQuerySet.meetings` asks of many."""
        return self.channel in FACE_TO_FACE

    def note_is_open_to(self, user, now):
        """The author may change the note for 24 hours after it was logged; others never."""
        return self.created_by_id == user.pk and now - (self.logged_at or self.created_at) < NOTE_OPEN_FOR

    def may_be_taken_back(self, user, now):
        """Its author may undo it for ten minutes."""
        return self.created_by_id == user.pk and now - (self.logged_at or self.created_at) < UNDO_FOR

    def reopen(self):
        """Plan a cancelled contact again."""
        self.state, self.cancelled_at, self.cancelled_by = self.State.PLANNED, None, None
        self.save(update_fields=["state", "cancelled_at", "cancelled_by"])


class BarrierAnswer(models.Model):
    """What to answer an employer who names a barrier. One row for each, loaded with the app's own words; managers change them."""

    barrier = models.CharField(_("barrier"), max_length=17, choices=Interaction.Barrier, primary_key=True)
    answer_da = models.TextField(_("answer, in Danish"))
    answer_en = models.TextField(_("answer, in English"), blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["barrier"]
        verbose_name = _("answer to a barrier")
        verbose_name_plural = _("answers to barriers")
        constraints = [models.CheckConstraint(name="barrieranswer_in_danish", condition=~Q(answer_da=""))]

    def __str__(self):
        return str(self.get_barrier_display())

    answer = in_language("answer")


class Amendment(models.Model):
    """Something added to a contact after its note was closed; the note itself stays as it was."""

    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="amendments")
    text = models.TextField(_("addition"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("addition to a note")
        verbose_name_plural = _("additions to notes")

    def __str__(self):
        return self.text[:50]
