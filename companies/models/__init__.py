"""The register's tables: code lists, companies and workplaces, groups, and what files brought in."""

from companies.models.codes import Branch, CompanyForm, Municipality, Postcode
from companies.models.imports import ColumnMapping, RegisterChange, RegisterImport, RejectedRow
from companies.models.register import (
    TIERS,
    Company,
    Workplace,
    address_key,
    derived,
    digits,
    name_key,
    phone_key,
    search_text,
)
from companies.models.tiers import TierChange, TierPlan

__all__ = [
    "TIERS",
    "Branch",
    "ColumnMapping",
    "Company",
    "CompanyForm",
    "Municipality",
    "Postcode",
    "RegisterChange",
    "RegisterImport",
    "RejectedRow",
    "TierChange",
    "TierPlan",
    "Workplace",
    "address_key",
    "derived",
    "digits",
    "name_key",
    "phone_key",
    "search_text",
]
