"""Two records of one thing: which was merged into which, what that moved, and which pairs are two things after all."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class StandingManager(models.Manager):
    """Leaves out what has been merged into another record: nothing counts, lists or finds it again."""

    def get_queryset(self):
        return super().get_queryset().filter(merged_into=None)


class Mergeable(models.Model):
    """A record that may turn out to be the same as another one.

    A merged record is not deleted: it stays as it was, points at the one that was kept, and takes what the
    register still says under its number. `objects` and related managers leave it out, `everything` has it.
    `merged_into` always leads to a record that stands: whatever had been merged into a record goes along when that one
    is merged itself.
    """

    merged_into = models.ForeignKey(
        "self",
        verbose_name=gettext_lazy("merged into"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged",
        # Few rows have one: each model has an index of those few.
        db_index=False,
    )

    class Meta:
        abstract = True

    def validate_unique(self, exclude=None):
        """A number is taken also where the record that has it was merged into another."""
        super().validate_unique(exclude)
        taken = {}
        for field in self._meta.fields:
            value = getattr(self, field.attname)
            if not field.unique or field.primary_key or value is None or field.name in (exclude or ()):
                continue
            merged = type(self).everything.filter(merged_into__isnull=False, **{field.name: value}).exclude(pk=self.pk)
            if row := merged.select_related("merged_into").first():
                taken[field.name] = _("This number belongs to what was merged into “%(name)s”.") % {
                    "name": row.merged_into
                }
        if taken:
            raise ValidationError(taken)


class Merge(models.Model):
    """That one record was merged into another: what a person chose, and the rows that moved along.

    `fields` is {column: [before, after]} of the kept record, `moved` {relation: [primary keys]}: all that
    undoing it takes. Both are of `companies/merging.py`. The columns of a person are personal data. `ceased_on` is the
    last day that a company had when it was merged: another one at its undoing has come meanwhile.
    """

    object_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    kept_id = models.PositiveBigIntegerField()
    kept = GenericForeignKey("object_type", "kept_id")
    merged_id = models.PositiveBigIntegerField()
    merged = GenericForeignKey("object_type", "merged_id")
    fields = models.JSONField(gettext_lazy("chosen"), default=dict, blank=True)
    moved = models.JSONField(gettext_lazy("moved along"), default=dict, blank=True)
    ceased_on = models.DateField(gettext_lazy("ceased"), null=True, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=gettext_lazy("by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(gettext_lazy("when"), auto_now_add=True)
    undone_at = models.DateTimeField(gettext_lazy("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("undone by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = gettext_lazy("merge")
        verbose_name_plural = gettext_lazy("merges")
        permissions = [("merge_records", "Can merge two records of one thing")]
        constraints = [
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept_id=F("merged_id"))),
            models.UniqueConstraint(
                fields=["object_type", "merged_id"], condition=Q(undone_at=None), name="merge_once_at_a_time"
            ),
            models.CheckConstraint(
                name="merge_undone_at_and_by_together",
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.merged_id} → {self.kept_id}"


class KnownDifferent(models.Model):
    """That two records which look the same are two things, as a person has said; they are not proposed again."""

    object_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    low_id = models.PositiveBigIntegerField()
    low = GenericForeignKey("object_type", "low_id")
    high_id = models.PositiveBigIntegerField()
    high = GenericForeignKey("object_type", "high_id")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=gettext_lazy("by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(gettext_lazy("when"), auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = gettext_lazy("pair that is two")
        verbose_name_plural = gettext_lazy("pairs that are two")
        constraints = [
            models.CheckConstraint(name="knowndifferent_in_order", condition=Q(low_id__lt=F("high_id"))),
            models.UniqueConstraint(fields=["object_type", "low_id", "high_id"], name="knowndifferent_once"),
        ]

    def __str__(self):
        return f"{self.low_id} ≠ {self.high_id}"
