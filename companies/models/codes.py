"""The code lists that register facts point at."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.querysets import BranchQuerySet, PostcodeQuerySet
from jobcenter_crm.frame.danish import sort_key


class Branch(models.Model):
    """A branch of trade in one of the two code lists the register has used.

    Codes are digits only with their leading zeros: two for a division, three for a group, four for a
    class, six for a branch; a section is a letter. The same digits mean different things in DB07 and
    DB25, so the key is scheme and code. Source: Statistics Denmark, Dansk Branchekode 2007 and 2025.
    """

    class Scheme(models.TextChoices):
        DB07 = "DB07", "DB07"
        DB25 = "DB25", "DB25"

    scheme = models.CharField(_("code list"), max_length=4, choices=Scheme)
    code = models.CharField(_("code"), max_length=6)
    title = models.CharField(_("title"), max_length=255)
    level = models.PositiveSmallIntegerField(
        _("level"), help_text=_("0 section, 1 division, 2 group, 3 class, 4 branch.")
    )
    section = models.CharField(_("section"), max_length=1)
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )

    objects = BranchQuerySet.as_manager()

    class Meta:
        ordering = ["scheme", "section", "code"]
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="branch_once_a_scheme")]

    def __str__(self):
        return f"{self.code} {self.title}"


class Municipality(models.Model):
    """One of the 98 municipalities; the code has four digits, the first a zero."""

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    name = models.CharField(_("name"), max_length=100)
    sort_name = models.CharField(max_length=200, editable=False)
    region = models.CharField(_("region"), max_length=100)

    class Meta:
        ordering = ["sort_name"]
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.sort_name = sort_key(self.name)
        super().save(*args, **kwargs)


class Postcode(models.Model):
    """A Danish postcode, four digits, its town, and where that lies (WGS 84), where it is known."""

    code = models.CharField(_("postcode"), max_length=4, primary_key=True)
    town = models.CharField(_("town"), max_length=100)
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, help_text=_("Degrees north, WGS 84. Empty: no distances from here.")
    )
    longitude = models.FloatField(_("longitude"), null=True, blank=True, help_text=_("Degrees east, WGS 84."))

    objects = PostcodeQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("postcode")
        verbose_name_plural = _("postcodes")
        constraints = [
            models.CheckConstraint(
                name="postcode_position_is_whole",
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                violation_error_message=_("A position has both a latitude and a longitude."),
            )
        ]

    def __str__(self):
        return f"{self.code} {self.town}"


class CompanyForm(models.Model):
    """A legal form with the register's code. Forms owned by natural persons make the record personal data."""

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    name = models.CharField(_("name"), max_length=150)
    is_public = models.BooleanField(_("public body"), default=False)
    is_personal = models.BooleanField(_("owned by natural persons"), default=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("company form")
        verbose_name_plural = _("company forms")

    def __str__(self):
        return self.name
