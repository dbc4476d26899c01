"""Companies and places of work as the national register knows them, and what we know ourselves.

Register facts and our own facts share a row but never a writer: an import writes the first and never
the second (`Workplace.OWN_FACTS`), people write the second and never the first.
"""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.models.codes import Branch, CompanyForm, Municipality
from companies.models.indexes import IndexInOrder
from companies.models.merging import Mergeable, StandingManager
from companies.querysets import WorkplaceQuerySet
from jobcenter_crm.frame.danish import search_key, sort_key

# The blank between a house number and its letter.
_HOUSE_LETTER = re.compile(r"(?<=[0-9]) (?=[a-z]\b)")
# When employees were counted, as `register/rows.py` writes it: a year, a quarter or a month of it.
_PERIOD = re.compile(r"([0-9]{4})(?: K([1-4])|-(0[1-9]|1[0-2]))?")

TIERS = [(1, _("Group 1")), (2, _("Group 2")), (3, _("Group 3")), (4, _("Group 4"))]


class Company(Mergeable):
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

    objects = StandingManager()
    everything = models.Manager()
    history = HistoricalRecords(
        excluded_fields=["name", "form", "status", "advertising_protected", "started_on", "ceased_on", "merged_into"]
    )

    class Meta:
        ordering = ["cvr_number"]
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [
            models.CheckConstraint(
                name="company_central_agreement_has_owner",
                condition=Q(agreed_centrally=False) | Q(central_owner__isnull=False),
            ),
            models.CheckConstraint(name="company_not_merged_into_itself", condition=~Q(merged_into=F("id"))),
        ]
        indexes = [
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="company_merged_into")
        ]

    def __str__(self):
        return self.name


class Workplace(Mergeable):
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

    # Company and owner begin other indexes, so that they need none of their own (an import writes each of them).
    company = models.ForeignKey(
        Company, verbose_name=_("company"), on_delete=models.PROTECT, related_name="workplaces", db_index=False
    )
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
    name_key = models.CharField(max_length=255, blank=True, editable=False)
    phone_key = models.CharField(max_length=8, blank=True, editable=False)
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
        db_index=False,
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

    objects = StandingManager.from_queryset(WorkplaceQuerySet)()
    everything = WorkplaceQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=[
            "p_number", "name", "co_name", "street", "place", "postcode", "town", "municipality", "latitude",
            "longitude", "branch", "secondary_branch", "employees_min", "employees_max", "employees_period",
            "employees_source", "phone", "email", "sector", "advertising_protected", "started_on", "ceased_on",
            "register_date", "sort_name", "search_text", "address_key", "name_key", "phone_key", "last_contact_on",
            "next_contact_on", "merged_into",
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
            ("reach_protected", "Can state on what basis protected workplaces are contacted in bulk"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "address_key"],
                condition=Q(p_number=None, merged_into=None),
                name="workplace_without_p_number_once_an_address",
            ),
            models.CheckConstraint(name="workplace_not_merged_into_itself", condition=~Q(merged_into=F("id"))),
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
                | Q(employees_min__lte=F("employees_max")),
            ),
        ]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="workplace_in_order"),
            models.Index(fields=["tier", "last_contact_on"], name="workplace_tier_contact"),
            models.Index(fields=["owner", "tier"], name="workplace_owner_tier"),
            IndexInOrder(
                F("last_contact_on").asc(nulls_first=True), "sort_name", "id", name="workplace_by_last_contact"
            ),
            IndexInOrder(F("employees_min").desc(nulls_last=True), "sort_name", "id", name="workplace_by_employees"),
            models.Index(fields=["next_contact_on"], name="workplace_next_contact"),
            models.Index(fields=["postcode", "sort_name"], name="workplace_postcode"),
            models.Index(fields=["company", "address_key"], name="workplace_company_address"),
            # Together with what else a record that looks the same is told by.
            models.Index(
                # The last four so that a search for duplicates in the whole register reads the index alone.
                fields=["postcode", "name_key", "company", "ceased_on", "merged_into", "id"],
                name="workplace_same_name",
            ),
            models.Index(fields=["phone_key"], condition=~Q(phone_key=""), name="workplace_same_phone"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="workplace_merged_into"),
            # What the groups, the plans and the hours are counted by: they read the index alone, a ninth of the table.
            models.Index(
                fields=["id", "merged_into", "ceased_on", "tier", "owner", "last_contact_on", "do_not_contact"],
                name="workplace_standing",
            ),
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
    def facts_are_ours(self):
        """Whether its facts are kept here: the register owns those of a place that a file has brought with P-number.

        What was written by hand is ours with a P-number too, or a digit that was typed wrong could never be corrected.
        """
        return self.p_number is None or self.register_date is None

    @property
    def responsible(self):
        """The responsible consultant, None where that one can no longer log in."""
        return self.owner if self.owner is not None and self.owner.is_active else None

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

    @property
    def employees_counted_in(self):
        """The period of the count in words, which is kept as "2026", "2026 K3" or "2026-09"; anything else as it is."""
        if not (found := _PERIOD.fullmatch(self.employees_period)):
            return self.employees_period
        year, quarter, month = found.groups()
        if quarter:
            return _("quarter %(quarter)s of %(year)s") % {"quarter": quarter, "year": year}
        return date_format(date(int(year), int(month), 1), "YEAR_MONTH_FORMAT") if month else year

    def derive(self):
        """Set the columns that follow from register facts."""
        facts = derived(
            name=self.name,
            company_name=self.company.name,
            cvr_number=self.company.cvr_number,
            p_number=self.p_number,
            phone=self.phone,
            street=self.street,
            postcode=self.postcode,
            town=self.town,
        )
        for column, value in facts._asdict().items():
            setattr(self, column, value)


class Derived(NamedTuple):
    """What follows from register facts: the order of a list, what a search looks in, and how a place is known again."""

    sort_name: str
    search_text: str
    address_key: str
    name_key: str
    phone_key: str


def derived(*, name, company_name, cvr_number, p_number, phone, street, postcode, town):
    """The `Derived` columns of a workplace; the CVR number is part of what is searched."""
    number = digits(phone)
    return Derived(
        sort_key(name)[:600],
        search_text(name, company_name, cvr_number, p_number, number, street, town),
        address_key(street, postcode),
        name_key(name),
        phone_key(number),
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


_FORMS = {"aps", "as", "is", "ivs", "ks", "ps", "amba", "smba", "fmba", "pmv"}
_SPLIT_FORMS = {("a", "s"), ("i", "s"), ("k", "s"), ("p", "s")}


@lru_cache(4096)
def name_key(name):
    """A name as it is compared: folded, without blanks, "og", and the company form it ends in ("Bødker & Søn A/S")."""
    words = [word for word in search_key(name).split() if word != "og"]
    while len(words) > 1 and words[-1] in _FORMS:
        words.pop()
    if len(words) > 2 and tuple(words[-2:]) in _SPLIT_FORMS:
        del words[-2:]
    return "".join(words)[:255]


def phone_key(number):
    """The eight digits of a Danish telephone number, from its `digits`; empty for a shorter or a foreign one."""
    national = number.removeprefix("0045").removeprefix("45") if len(number) > 8 else number
    return national if len(national) == 8 else ""
