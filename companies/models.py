"""Companies and places of work as the national register knows them, and what we know ourselves.

Register facts and our own facts share a row but never a writer: an import writes the first and never
the second (`Workplace.OWN_FACTS`), people write the second and never the first.
"""

import re

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.querysets import BranchQuerySet, WorkplaceQuerySet
from jobcenter_crm.backstage.models import Job, StoredFile
from jobcenter_crm.frame.danish import search_key, sort_key

# The blank between a house number and its letter.
_HOUSE_LETTER = re.compile(r"(?<=[0-9]) (?=[a-z]\b)")

TIERS = [(1, _("Group 1")), (2, _("Group 2")), (3, _("Group 3")), (4, _("Group 4"))]


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
    """A Danish postcode, four digits, and its town."""

    code = models.CharField(_("postcode"), max_length=4, primary_key=True)
    town = models.CharField(_("town"), max_length=100)

    class Meta:
        ordering = ["code"]
        verbose_name = _("postcode")
        verbose_name_plural = _("postcodes")

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


class Company(models.Model):
    """The legal unit, known by its CVR number (eight digits, modulus 11)."""

    cvr_number = models.CharField(_("CVR number"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=255)
    form = models.ForeignKey(
        CompanyForm, verbose_name=_("company form"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(_("status in the register"), max_length=100, blank=True)
    advertising_protected = models.BooleanField(_("advertising-protected"), default=False)
    started_on = models.DateField(_("started"), null=True, blank=True)
    ceased_on = models.DateField(_("ceased"), null=True, blank=True)
    # Our own facts.
    agreed_centrally = models.BooleanField(
        _("agreed centrally"), default=False, help_text=_("Contacts to all its workplaces go through one agreement.")
    )
    central_person = models.CharField(_("our agreement is with"), max_length=150, blank=True)
    central_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("responsible consultant for the whole company"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    OWN_FACTS = ["agreed_centrally", "central_person", "central_owner"]

    history = HistoricalRecords(
        excluded_fields=["name", "form", "status", "advertising_protected", "started_on", "ceased_on"]
    )

    class Meta:
        ordering = ["cvr_number"]
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [
            models.CheckConstraint(
                name="company_central_agreement_has_owner",
                condition=Q(agreed_centrally=False) | Q(central_owner__isnull=False),
            )
        ]

    def __str__(self):
        return self.name


class Workplace(models.Model):
    """One place of work of a company: the unit of outreach.

    The P-number has ten digits and no check digit, and is NULL for a place that only a file of
    companies has told of; `address_key` knows such a place again. Employees are an interval; an exact
    count has the same number at both ends, an open interval no upper end. `tier` is one of the four
    groups or empty. `last_contact_on` and `next_contact_on` repeat what the contact log says, and
    one function there writes them.
    """

    class Sector(models.TextChoices):
        PRIVATE = "private", _("Private")
        PUBLIC = "public", _("Public")

    company = models.ForeignKey(Company, verbose_name=_("company"), on_delete=models.PROTECT, related_name="workplaces")
    # Register facts.
    p_number = models.CharField(_("P-number"), max_length=10, null=True, blank=True, unique=True)
    name = models.CharField(_("name"), max_length=255)
    co_name = models.CharField(_("c/o"), max_length=255, blank=True)
    street = models.CharField(_("street and number"), max_length=255, blank=True)
    place = models.CharField(_("village or quarter"), max_length=100, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True, help_text="WGS 84")
    longitude = models.FloatField(_("longitude"), null=True, blank=True, help_text="WGS 84")
    branch = models.ForeignKey(
        Branch, verbose_name=_("branch"), null=True, blank=True, on_delete=models.PROTECT, related_name="workplaces"
    )
    secondary_branch = models.ForeignKey(
        Branch, verbose_name=_("secondary branch"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    employees_min = models.PositiveIntegerField(_("employees, at least"), null=True, blank=True)
    employees_max = models.PositiveIntegerField(_("employees, at most"), null=True, blank=True)
    employees_period = models.CharField(_("employees counted in"), max_length=20, blank=True)
    employees_source = models.CharField(_("source of the count"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    sector = models.CharField(_("sector"), max_length=7, choices=Sector, default=Sector.PRIVATE)
    advertising_protected = models.BooleanField(_("advertising-protected"), default=False)
    started_on = models.DateField(_("started"), null=True, blank=True)
    ceased_on = models.DateField(_("ceased"), null=True, blank=True)
    register_date = models.DateField(_("as the register had it on"), null=True, blank=True)
    # Derived from register facts, for order, search and adoption.
    sort_name = models.CharField(max_length=600, editable=False)
    search_text = models.TextField(editable=False)
    address_key = models.CharField(max_length=300, blank=True, editable=False)
    # Our own facts.
    tier = models.PositiveSmallIntegerField(_("group"), choices=TIERS, null=True, blank=True)
    tier_since = models.DateField(_("in the group since"), null=True, blank=True)
    tier_by_hand = models.BooleanField(_("group set by hand"), default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("responsible consultant"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="workplaces",
    )
    do_not_contact = models.BooleanField(_("do not contact"), default=False)
    do_not_contact_why = models.CharField(_("why not"), max_length=200, blank=True)
    labour_conflict = models.BooleanField(_("labour conflict"), default=False)
    last_contact_on = models.DateField(_("last contact"), null=True, blank=True, editable=False)
    next_contact_on = models.DateField(_("next step"), null=True, blank=True, editable=False)

    OWN_FACTS = [
        "tier",
        "tier_since",
        "tier_by_hand",
        "owner",
        "do_not_contact",
        "do_not_contact_why",
        "labour_conflict",
        "last_contact_on",
        "next_contact_on",
    ]

    objects = WorkplaceQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=[
            "p_number", "name", "co_name", "street", "place", "postcode", "town", "municipality", "latitude",
            "longitude", "branch", "secondary_branch", "employees_min", "employees_max", "employees_period",
            "employees_source", "phone", "email", "sector", "advertising_protected", "started_on", "ceased_on",
            "register_date", "sort_name", "search_text", "address_key", "last_contact_on", "next_contact_on",
        ]
    )  # fmt: skip

    class Meta:
        ordering = ["sort_name", "pk"]
        verbose_name = _("workplace")
        verbose_name_plural = _("workplaces")
        permissions = [
            ("set_tier", "Can set the group of a workplace"),
            ("set_owner", "Can set the responsible consultant of a workplace"),
            ("set_flags", "Can mark a workplace as do-not-contact or in conflict"),
            ("agree_centrally", "Can say that a company is agreed centrally"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "address_key"],
                condition=Q(p_number=None),
                name="workplace_without_p_number_once_an_address",
            ),
            models.CheckConstraint(name="workplace_p_number_not_empty", condition=Q(p_number=None) | ~Q(p_number="")),
            models.CheckConstraint(name="workplace_tier_is_1_to_4", condition=Q(tier=None) | Q(tier__range=(1, 4))),
            models.CheckConstraint(
                name="workplace_tier_and_since_together",
                condition=Q(tier=None, tier_since=None) | Q(tier__isnull=False, tier_since__isnull=False),
            ),
            models.CheckConstraint(
                name="workplace_employees_in_order",
                condition=Q(employees_min=None, employees_max=None)
                | Q(employees_min__isnull=False, employees_max=None)
                | Q(employees_min__lte=models.F("employees_max")),
            ),
        ]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="workplace_in_order"),
            models.Index(fields=["tier", "last_contact_on"], name="workplace_tier_contact"),
            models.Index(fields=["owner", "tier"], name="workplace_owner_tier"),
            models.Index(fields=["last_contact_on"], name="workplace_last_contact"),
            models.Index(fields=["next_contact_on"], name="workplace_next_contact"),
            models.Index(fields=["employees_min"], name="workplace_employees"),
            models.Index(fields=["postcode", "sort_name"], name="workplace_postcode"),
            models.Index(fields=["company", "address_key"], name="workplace_company_address"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.derive()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("desk:card", args=[self.pk])

    @property
    def address(self):
        """Street, postcode and town on one line; parts that are missing leave no comma behind."""
        return ", ".join(part for part in (self.street, self.place, f"{self.postcode} {self.town}".strip()) if part)

    @property
    def short_address(self):
        """Street and town, as a second line; the postcode is on the card."""
        return ", ".join(part for part in (self.street, self.town) if part)

    @property
    def employees(self):
        """The count as people write it: "12", "10–19", "1000+"; empty when nobody has counted."""
        if self.employees_min is None:
            return ""
        if self.employees_max is None:
            return f"{self.employees_min}+"
        if self.employees_min == self.employees_max:
            return str(self.employees_min)
        return f"{self.employees_min}–{self.employees_max}"

    def derive(self):
        """Set the columns that follow from register facts."""
        self.sort_name, self.search_text, self.address_key = derived(
            name=self.name,
            company_name=self.company.name,
            cvr_number=self.company.cvr_number,
            p_number=self.p_number,
            phone=self.phone,
            street=self.street,
            postcode=self.postcode,
            town=self.town,
        )


def derived(*, name, company_name, cvr_number, p_number, phone, street, postcode, town):
    """`sort_name`, `search_text` and `address_key` of a workplace; the CVR number is part of what is searched."""
    return (
        sort_key(name)[:600],
        search_text(name, company_name, cvr_number, p_number, digits(phone), street, town),
        address_key(street, postcode),
    )


def search_text(*facts):
    """What a search looks in: each fact folded (æ as ae), with a blank on either side."""
    return " " + " ".join(filter(None, (search_key(fact or "") for fact in facts))) + " "


def digits(text):
    """The digits of a telephone number, without what people put between them."""
    return "".join(sign for sign in text if sign.isdigit())


def address_key(street, postcode):
    """Street with its number, folded, and postcode: knows an address again however it is written ("16 A", "16a")."""
    return f"{_HOUSE_LETTER.sub('', search_key(street))}|{postcode}"[:300]


class TierPlan(models.Model):
    """How one of the four groups is contacted. Four rows, loaded with the app's own words; managers change them.

    `cadence_days` is the longest time between two contacts; empty means never due.
    """

    class Channel(models.TextChoices):
        VISIT = "visit", _("Personal meeting")
        PHONE = "phone", _("Telephone")
        LETTER = "letter", _("Letter")

    tier = models.PositiveSmallIntegerField(_("group"), choices=TIERS, primary_key=True)
    aim_da = models.CharField(_("aim, in Danish"), max_length=200)
    aim_en = models.CharField(_("aim, in English"), max_length=200, blank=True)
    channel = models.CharField(_("how"), max_length=10, choices=Channel)
    cadence_days = models.PositiveSmallIntegerField(
        _("days between contacts, at most"), null=True, blank=True, help_text=_("Empty: never due.")
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
        ]

    def __str__(self):
        return str(self.get_tier_display())

    @classmethod
    def cadences(cls):
        """Tier -> days, for the groups that have a cadence; what `Workplace.objects.due` asks for."""
        return dict(cls.objects.filter(cadence_days__isnull=False).values_list("tier", "cadence_days"))

    aim = property(lambda self: self._in_language("aim"))
    whom = property(lambda self: self._in_language("whom"))
    proposal = property(lambda self: self._in_language("proposal"))
    guideline = property(lambda self: self._in_language("guideline"))

    def _in_language(self, field):
        english = getattr(self, f"{field}_en") if translation.get_language() == "en" else ""
        return english or getattr(self, f"{field}_da")


class TierChange(models.Model):
    """That a workplace moved from one group to another: from, to, why, by whom, when."""

    workplace = models.ForeignKey(Workplace, on_delete=models.CASCADE, related_name="tier_changes")
    from_tier = models.PositiveSmallIntegerField(_("from"), choices=TIERS, null=True, blank=True)
    to_tier = models.PositiveSmallIntegerField(_("to"), choices=TIERS, null=True, blank=True)
    why = models.CharField(_("why"), max_length=255, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("change of group")
        verbose_name_plural = _("changes of group")
        indexes = [models.Index(fields=["workplace", "-at"])]

    def __str__(self):
        return f"{self.from_tier or '–'} → {self.to_tier or '–'}"


class RegisterImport(models.Model):
    """One file brought in from the register: which, by whom, and what it came to.

    The counts add up to `rows_read`: those of the preview until the file is taken in, and then what was
    really done. A file is read to its end before its first row is written; that pass is the preview.
    `sample` holds a few rows of what would change. `reached` is the last CVR number whose rows are in
    and `tally` the counts up to there, both saved with the rows they speak of, so that an import that
    died goes on from there. `problem` names a sentence in `companies/register/reasons.py`.
    """

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        PREVIEWED = "previewed", _("Read, nothing changed yet")
        APPLYING = "applying", _("Being taken in")
        APPLIED = "applied", _("Taken in")
        UNUSABLE = "unusable", _("Unusable file")
        CANCELLED = "cancelled", _("Dropped")
        BROKEN_OFF = "broken_off", _("Broken off")

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
    the row as the file has it, in the order of the import's `headings`, without such values.
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

    class Meta:
        ordering = ["line", "pk"]
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")
        indexes = [models.Index(fields=["register_import", "kind", "line"])]

    def __str__(self):
        return f"{self.line}: {self.reason}"


class RegisterChange(models.Model):
    """What an import changed in one workplace: the facts before and after, changed ones only."""

    class Kind(models.TextChoices):
        NEW = "new", _("New workplace")
        CHANGED = "changed", _("Facts changed")
        CEASED = "ceased", _("Ceased")

    register_import = models.ForeignKey(RegisterImport, on_delete=models.CASCADE, related_name="changes")
    workplace = models.ForeignKey(Workplace, on_delete=models.CASCADE, related_name="register_changes")
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    before = models.JSONField(_("before"), default=dict, blank=True)
    after = models.JSONField(_("after"), default=dict, blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("change in the register")
        verbose_name_plural = _("changes in the register")
        constraints = [
            models.UniqueConstraint(fields=["register_import", "workplace"], name="registerchange_once_an_import")
        ]
        indexes = [models.Index(fields=["workplace", "-at"])]

    def __str__(self):
        return f"{self.kind} {self.workplace_id}"
