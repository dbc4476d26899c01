"""Reviews of agreements: once a year, or as often as agreed, and whenever one is needed."""

from datetime import timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from contacts.models import Interaction, Person
from partnerships.models.agreements import UNDO_FOR, Agreement
from partnerships.querysets import ReviewQuerySet

# How long what was found and decided may be put right.
WRITTEN_OPEN_FOR = timedelta(hours=24)


class Review(models.Model):
    """One review of an agreement: to be held by a day, then held, or dropped because the agreement ended before.

    An active agreement has one that is open. `figures` is what the data said on the day it was held
    (`partnerships.year_figures`); `meeting` is the contact at which it is held. `called_why` says why one was called
    before its time. One whose holding was taken back is open again, and keeps what had been written.
    """

    class Decision(models.TextChoices):
        CONTINUE = "continue", pgettext_lazy("decision", "Continue")
        CHANGE = "change", pgettext_lazy("decision", "Change")
        END = "end", pgettext_lazy("decision", "End")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="reviews")
    due_on = models.DateField(_("by"))
    called_why = models.CharField(_("called because"), max_length=200, blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("called by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    meeting = models.ForeignKey(
        Interaction, verbose_name=_("meeting"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    held_on = models.DateField(_("held"), null=True, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    written_at = models.DateTimeField(_("written"), null=True, blank=True)
    staff = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("our people"), blank=True, related_name="reviews"
    )
    persons = models.ManyToManyField(Person, verbose_name=_("theirs"), blank=True, related_name="reviews")
    figures = models.JSONField(_("figures"), default=list, blank=True, encoder=DjangoJSONEncoder)
    we_found = models.TextField(_("what we found"), blank=True)
    they_found = models.TextField(_("what the employer found"), blank=True)
    our_rating = models.PositiveSmallIntegerField(
        _("our rating"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    their_rating = models.PositiveSmallIntegerField(
        _("their rating"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    decision = models.CharField(_("decision"), max_length=8, choices=Decision, blank=True)
    decided = models.TextField(_("what was decided"), blank=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)
    created_at = models.DateTimeField(_("planned"), auto_now_add=True)

    objects = ReviewQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-due_on", "-pk"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(held_on=None, dropped_at=None), name="review_one_open_an_agreement"
            ),
            models.CheckConstraint(
                name="review_held_is_decided",
                condition=Q(held_on=None, held_by=None, decision="")
                | (Q(held_on__isnull=False, held_by__isnull=False) & ~Q(decision="")),
            ),
            models.CheckConstraint(
                name="review_held_is_written",
                condition=Q(held_on=None, written_at=None) | Q(held_on__isnull=False, written_at__isnull=False),
            ),
            models.CheckConstraint(name="review_held_or_dropped", condition=Q(held_on=None) | Q(dropped_at=None)),
            models.CheckConstraint(
                name="review_ratings_are_of_five",
                condition=(Q(our_rating=None) | Q(our_rating__range=(1, 5)))
                & (Q(their_rating=None) | Q(their_rating__range=(1, 5))),
            ),
            models.CheckConstraint(
                name="review_called_by_somebody_who_says_why",
                condition=Q(called_why="", called_by=None) | (~Q(called_why="") & Q(called_by__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(held_on=None, dropped_at=None), name="review_open_by_day")
        ]

    def __str__(self):
        return f"{self.agreement}: {self.due_on}"

    def get_absolute_url(self):
        return reverse("partnerships:review", args=[self.pk])

    def is_open_to(self, user, now):
        """Whoever wrote it may put right what was written for 24 hours; others never."""
        return self.is_held and self.held_by_id == user.pk and now - self.written_at < WRITTEN_OPEN_FOR

    def may_be_taken_back(self, user, now):
        """Whoever held it may take that back for ten minutes."""
        return self.is_held and self.held_by_id == user.pk and now - self.written_at < UNDO_FOR

    @property
    def is_open(self):
        return self.held_on is None and self.dropped_at is None

    @property
    def is_held(self):
        return self.held_on is not None
