"""Papers of agreements: what was uploaded, and what has been filed in the case system."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from companies.attachments import Scanned
from jobcenter_crm.backstage.models import StoredFile
from partnerships.models.agreements import Agreement, AgreementVersion
from partnerships.models.reviews import Review


class Document(models.Model):
    """One file that belongs to an agreement: the signed paper, minutes, a statement.

    Its text was looked through for CPR numbers; what could not be read (a scan) is said to be so by `scanned`. A file that should not be here is erased: its content is gone, who did it and why stays.
    """

    class Kind(models.TextChoices):
        SIGNED = "signed", _("Signed agreement")
        MINUTES = "minutes", _("Minutes")
        STATEMENT = "statement", _("Statement")
        OTHER = "other", _("Other")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.OTHER)
    title = models.CharField(_("title"), max_length=120, blank=True)
    stored = models.OneToOneField(
        StoredFile, verbose_name=_("file"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    scanned = models.CharField(_("looked through"), max_length=10, choices=Scanned, default=Scanned.UNREADABLE)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("added by"), on_delete=models.PROTECT, related_name="+"
    )
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("erased by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    erased_why = models.CharField(_("why it was erased"), max_length=200, blank=True)

    class Meta:
        ordering = ["-added_at", "-pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(
                name="document_is_there_or_erased_with_a_reason",
                condition=Q(stored__isnull=False, erased_at=None, erased_by=None, erased_why="")
                | (Q(stored=None, erased_at__isnull=False, erased_by__isnull=False) & ~Q(erased_why="")),
            )
        ]

    def __str__(self):
        return self.title or self.name

    def get_absolute_url(self):
        return reverse("partnerships:document", args=[self.pk])

    @property
    def is_erased(self):
        return self.erased_at is not None


class Filing(models.Model):
    """That a paper was filed in the municipality's case system: on which day, by whom, under which number.

    Of one version of the agreement, of a review, or of an uploaded file. `sha256` is of the very file that was handed out for it.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="filings")
    version = models.ForeignKey(
        AgreementVersion,
        verbose_name=_("version"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="filings",
    )
    review = models.ForeignKey(
        Review, verbose_name=_("review"), null=True, blank=True, on_delete=models.PROTECT, related_name="filings"
    )
    document = models.ForeignKey(
        Document, verbose_name=_("document"), null=True, blank=True, on_delete=models.PROTECT, related_name="filings"
    )
    filed_on = models.DateField(_("filed on"))
    number = models.CharField(_("number in the case system"), max_length=60)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("filed by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        ordering = ["-filed_on", "-pk"]
        verbose_name = _("filing")
        verbose_name_plural = _("filings")
        constraints = [
            models.CheckConstraint(
                name="filing_is_of_one_paper",
                condition=Q(version__isnull=False, review=None, document=None)
                | Q(version=None, review__isnull=False, document=None)
                | Q(version=None, review=None, document__isnull=False),
            ),
            models.CheckConstraint(name="filing_has_a_number", condition=~Q(number="")),
        ]

    def __str__(self):
        return self.number
