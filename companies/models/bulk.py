"""Rows put aside for an act in bulk, and what was taken out of the house as Excel."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.models.selections import Selection
from companies.querysets import BulkDraftQuerySet, ExportQuerySet
from jobcenter_crm.backstage.models import StoredFile


class BulkDraft(models.Model):
    """Exactly the rows that somebody is shown before they act on them, in the order of the screen.

    `act` is the name of a `companies.bulk_acts.BulkAct`, `listing` that of the list that they were chosen on
    (`companies.listings`). `query` is the address of that list, `words` the same in words as it was then. `done_at` is
    set by the act: it is done once. The clock forgets a draft after a day.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    act = models.CharField(max_length=30)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    listing = models.CharField(max_length=30, default="register")
    query = models.TextField(blank=True)
    words = models.TextField(blank=True)
    selection = models.ForeignKey(Selection, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    ticked = models.BooleanField(default=False, help_text="Ticked one by one; otherwise the whole result.")
    rows = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = BulkDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("draft of an act in bulk")
        verbose_name_plural = _("drafts of acts in bulk")

    def __str__(self):
        return f"{self.act} {self.rows}"

    def get_absolute_url(self):
        return reverse("companies:bulk_draft", args=[self.key])

    @property
    def chosen_on(self):
        """The day on which the rows were chosen."""
        return timezone.localdate(self.created_at)


class BulkDraftRow(models.Model):
    """One workplace of a draft. No foreign key: it names the very row that was shown, also after a merge."""

    draft = models.ForeignKey(BulkDraft, on_delete=models.CASCADE, related_name="targets")
    workplace_id = models.PositiveBigIntegerField()
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "position"], name="bulkdraftrow_in_order"),
        ]

    def __str__(self):
        return f"{self.draft_id}:{self.position}"


class Export(models.Model):
    """That somebody took workplaces out of the house as Excel: who, when, which list, how many, on what basis.

    `listing` is the name of the list (`companies.listings`), `words` what it was narrowed to, as it read then, since a
    selection may change or go. `rows` is empty until the file is written. A large one is written in the background and
    kept as `file` for some days; a small one is sent at once and not kept.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    listing = models.CharField(_("list"), max_length=30, default="register")
    selection = models.ForeignKey(
        Selection, verbose_name=_("selection"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    selection_name = models.CharField(_("selection"), max_length=80, blank=True)
    query = models.TextField(_("search"), blank=True)
    words = models.TextField(_("search in words"), blank=True)
    ticked = models.BooleanField(_("ticked one by one"), default=False)
    rows = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    left_out = models.PositiveIntegerField(_("left out"), null=True, blank=True)
    with_protected = models.BooleanField(_("with protected workplaces"), default=False)
    basis = models.CharField(_("basis"), max_length=255, blank=True)
    draft = models.ForeignKey(BulkDraft, null=True, blank=True, on_delete=models.SET_NULL, related_name="exports")
    file = models.ForeignKey(
        StoredFile, verbose_name=_("stored file"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        permissions = [("export_workplaces", "Can take workplaces out as Excel")]
        constraints = [
            models.CheckConstraint(
                name="export_of_protected_has_a_basis", condition=Q(with_protected=False) | ~Q(basis="")
            ),
            models.CheckConstraint(
                name="export_rows_and_left_out_together",
                condition=Q(rows=None, left_out=None) | Q(rows__isnull=False, left_out__isnull=False),
            ),
        ]

    def __str__(self):
        return self.selection_name or self.words or str(_("All"))

    def get_absolute_url(self):
        """The page of a file that is written in the background."""
        return reverse("companies:export", args=[self.pk])
