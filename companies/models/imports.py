"""What was brought in from files: which file, what was wrong in it, and what it changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.models.register import Workplace
from companies.querysets import RegisterChangeQuerySet, RegisterImportQuerySet, RejectedRowQuerySet
from companies.register.lines import in_words
from jobcenter_crm.backstage.models import Job, StoredFile


class RegisterImport(models.Model):
    """One file brought in: which, by whom, and what it came to. `kind` says what it tells of (`register/kinds.py`).

    The counts add up to `rows_read`: those of the preview until the file is taken in, and then what was
    really done. A file is read to its end before its first row is written; that pass is the preview.
    `mapping` is what a person has said of its columns ({heading: our column, or empty for none}), `answers` what they
    said of the whole file where its kind asks something, `sheets`
    the names of its sheets or of the files packed in it, `corrects` the import whose rejected rows it
    brings again. A file of the nightly feed has the feed's `delivery`, by which it is known again, and
    `reported_at` when the stewards were told of it.
    `sample` holds a few rows of what would change, some cells below each heading ("columns"), the name of
    the remembered mapping that was used by itself ("mapping"), and what was left out of the file before it was kept ("left_out"). `reached` is the last CVR number whose rows are in
    and `tally` the counts up to there, both saved with the rows they speak of, so that an import that
    died goes on from there. `problem` names a sentence in `companies/register/reasons.py`.
    """

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        UNNAMED = "unnamed", _("Columns to be named")
        PREVIEWED = "previewed", _("Read, nothing changed yet")
        APPLYING = "applying", _("Being taken in")
        APPLIED = "applied", _("Taken in")
        UNUSABLE = "unusable", _("Unusable file")
        CANCELLED = "cancelled", _("Dropped")
        BROKEN_OFF = "broken_off", _("Broken off")

    kind = models.CharField(_("kind"), max_length=20, default="register")
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.READING)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    applied_at = models.DateTimeField(_("taken in"), null=True, blank=True)
    problem = models.CharField(_("why it is unusable"), max_length=50, blank=True)
    problem_details = models.JSONField(default=dict, blank=True)
    headings = models.JSONField(_("headings"), default=list, blank=True)
    columns = models.JSONField(_("columns"), default=dict, blank=True, help_text=_("Heading in the file: our column."))
    ignored_headings = models.JSONField(_("ignored headings"), default=list, blank=True)
    mapping = models.JSONField(_("columns named by hand"), default=dict, blank=True)
    answers = models.JSONField(_("said of the whole file"), default=dict, blank=True)
    sheets = models.JSONField(_("sheets"), default=list, blank=True)
    corrects = models.ForeignKey(
        "self",
        verbose_name=_("corrects rows of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
    )
    delivery = models.CharField(_("delivery of the feed"), max_length=200, null=True, blank=True, unique=True)
    reported_at = models.DateTimeField(_("stewards told"), null=True, blank=True)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    rows_new = models.PositiveIntegerField(_("new"), default=0)
    rows_changed = models.PositiveIntegerField(_("changed"), default=0)
    rows_ceased = models.PositiveIntegerField(_("ceased"), default=0)
    rows_unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rows_repeated = models.PositiveIntegerField(_("repeated"), default=0)
    rows_rejected = models.PositiveIntegerField(_("rejected"), default=0)
    rows_warned = models.PositiveIntegerField(_("taken with a warning"), default=0)
    sample = models.JSONField(default=dict, blank=True)
    reached = models.CharField(max_length=8, blank=True, editable=False)
    tally = models.JSONField(default=dict, blank=True, editable=False)

    objects = RegisterImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        permissions = [("import_register", "Can import files from the register")]
        constraints = [
            models.CheckConstraint(
                name="registerimport_counts_add_up",
                condition=Q(
                    rows_read=models.F("rows_new")
                    + models.F("rows_changed")
                    + models.F("rows_ceased")
                    + models.F("rows_unchanged")
                    + models.F("rows_repeated")
                    + models.F("rows_rejected")
                ),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("companies:import", args=[self.pk])


class RejectedRow(models.Model):
    """A row of a file that was rejected or repeated, or one taken with a warning: where and why.

    `reason` names a sentence in `companies/register/reasons.py`, `details` its figures, so that it is
    read in the language of whoever looks. `value` is empty where it looks like a CPR number. `raw` is
    the row as the file has it, in the order of the import's `headings`, without such values. `corrected`
    is the row as somebody has put it right, and `taken_with` the import that brought it again.
    """

    class Kind(models.TextChoices):
        REJECTED = "rejected", _("Rejected")
        REPEATED = "repeated", _("Repeated")
        WARNING = "warning", _("Taken with a warning")

    register_import = models.ForeignKey(RegisterImport, on_delete=models.CASCADE, related_name="remarks")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.REJECTED)
    line = models.PositiveIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=255, blank=True)
    value = models.CharField(_("value"), max_length=255, blank=True)
    reason = models.CharField(_("reason"), max_length=50)
    details = models.JSONField(default=dict, blank=True)
    raw = models.JSONField(_("the row"), default=list, blank=True)
    corrected = models.JSONField(_("the row corrected"), null=True, blank=True)
    corrected_at = models.DateTimeField(_("corrected"), null=True, blank=True)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("corrected by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    taken_with = models.ForeignKey(
        RegisterImport,
        verbose_name=_("taken again with"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="brought_again",
    )

    objects = RejectedRowQuerySet.as_manager()

    class Meta:
        ordering = ["line", "pk"]
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")
        indexes = [models.Index(fields=["register_import", "kind", "line"])]
        constraints = [
            models.CheckConstraint(
                name="rejectedrow_corrected_at_and_by_together",
                condition=Q(corrected__isnull=True, corrected_at=None, corrected_by=None)
                | Q(corrected__isnull=False, corrected_at__isnull=False, corrected_by__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.line}: {self.reason}"

    @property
    def where(self):
        """The line as it is shown, with its sheet where the file has several."""
        return in_words(self.line, self.register_import.sheets)


class ColumnMapping(models.Model):
    """What the columns of some kind of file mean, as a person has said it once: `{folded heading: our column}`.

    An empty column means that the heading is passed over. Offered by its name, and used by itself for a
    file whose headings it names.
    """

    kind = models.CharField(_("kind"), max_length=20, default="register")
    name = models.CharField(_("name"), max_length=100)
    columns = models.JSONField(_("columns"), default=dict)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("changed by"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("naming of columns")
        verbose_name_plural = _("namings of columns")
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="columnmapping_name_once_a_kind")]

    def __str__(self):
        return self.name


class RegisterChange(models.Model):
    """What changed in the register facts of one workplace: before and after, changed ones only.

    An import did it, or a person (`by`) where the facts are ours to keep: a workplace added by hand, one
    without P-number. The flags say what of it is news to whoever works with the employer
    (`companies/register/news.py`); it is news to the responsible consultant until `seen_at`.
    """

    class Kind(models.TextChoices):
        NEW = "new", _("New workplace")
        CHANGED = "changed", _("Facts changed")
        CEASED = "ceased", _("Ceased")

    NEWS = ["closed", "reopened", "moved", "renamed", "grown", "shrunk"]

    register_import = models.ForeignKey(
        RegisterImport, null=True, blank=True, on_delete=models.CASCADE, related_name="changes"
    )
    workplace = models.ForeignKey(Workplace, on_delete=models.CASCADE, related_name="register_changes")
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    before = models.JSONField(_("before"), default=dict, blank=True)
    after = models.JSONField(_("after"), default=dict, blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    closed = models.BooleanField(_("closed"), default=False)
    reopened = models.BooleanField(_("open again"), default=False)
    moved = models.BooleanField(_("moved"), default=False)
    renamed = models.BooleanField(_("renamed"), default=False)
    grown = models.BooleanField(_("grown"), default=False)
    shrunk = models.BooleanField(_("shrunk"), default=False)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("seen by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = RegisterChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("change in the register")
        verbose_name_plural = _("changes in the register")
        constraints = [
            models.UniqueConstraint(fields=["register_import", "workplace"], name="registerchange_once_an_import"),
            models.CheckConstraint(
                name="registerchange_has_a_source",
                condition=Q(register_import__isnull=False) | Q(by__isnull=False),
            ),
            models.CheckConstraint(
                name="registerchange_seen_at_and_by_together",
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["workplace", "-at"]),
            # What a workplace's card and the responsible consultant's day ask for.
            models.Index(
                fields=["workplace"],
                name="registerchange_unseen_news",
                condition=Q(seen_at=None)
                & (
                    Q(closed=True) | Q(reopened=True) | Q(moved=True) | Q(renamed=True) | Q(grown=True) | Q(shrunk=True)
                ),
            ),
            # Whether an import told any: one of the whole register has a change for each of its rows.
            models.Index(
                fields=["register_import"],
                name="registerchange_news",
                condition=(
                    Q(closed=True) | Q(reopened=True) | Q(moved=True) | Q(renamed=True) | Q(grown=True) | Q(shrunk=True)
                ),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.workplace_id}"

    @property
    def is_news(self):
        """Whether somebody who works with the employer must know, as `RegisterChangeQuerySet.news` asks of many."""
        return any(getattr(self, kind) for kind in self.NEWS)

    def see(self, *, by, at=None):
        """Say that `by` has taken note of it. The first who does so stands."""
        unseen = RegisterChange.objects.unseen().filter(pk=self.pk)
        unseen.update(seen_at=at or timezone.now(), seen_by=by)

    def unsee(self):
        """Put it before people again."""
        RegisterChange.objects.filter(pk=self.pk).update(seen_at=None, seen_by=None)
