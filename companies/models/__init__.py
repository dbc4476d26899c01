"""The register's tables: code lists, companies and workplaces, groups, saved searches, acts in bulk, what files brought in, and merges."""

from companies.models.bulk import BulkDraft, BulkDraftRow, Export
from companies.models.codes import Branch, CompanyForm, Municipality, Postcode
from companies.models.imports import ColumnMapping, RegisterChange, RegisterImport, RejectedRow
from companies.models.merging import KnownDifferent, Merge, Mergeable, StandingManager
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
from companies.models.selections import Selection
from companies.models.tiers import TierChange, TierPlan

__all__ = [
    "TIERS",
    "Branch",
    "BulkDraft",
    "BulkDraftRow",
    "ColumnMapping",
    "Company",
    "CompanyForm",
    "Export",
    "KnownDifferent",
    "Merge",
    "Mergeable",
    "Municipality",
    "Postcode",
    "RegisterChange",
    "RegisterImport",
    "RejectedRow",
    "Selection",
    "StandingManager",
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
