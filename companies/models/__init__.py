"""The register's tables: code lists, companies and workplaces, groups and their rules, figures, selections, bulk acts, imports, merges."""

from companies.models.bulk import BulkDraft, BulkDraftRow, Export
from companies.models.codes import Branch, CompanyForm, Municipality, Postcode
from companies.models.figures import Figure, WorkplaceFigure
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
from companies.models.target_groups import TargetGroup
from companies.models.tiers import SegmentationRule, TierChange, TierMove, TierPlan

__all__ = [
    "TIERS",
    "Branch",
    "BulkDraft",
    "BulkDraftRow",
    "ColumnMapping",
    "Company",
    "CompanyForm",
    "Export",
    "Figure",
    "KnownDifferent",
    "Merge",
    "Mergeable",
    "Municipality",
    "Postcode",
    "RegisterChange",
    "RegisterImport",
    "RejectedRow",
    "SegmentationRule",
    "Selection",
    "StandingManager",
    "TargetGroup",
    "TierChange",
    "TierMove",
    "TierPlan",
    "Workplace",
    "WorkplaceFigure",
    "address_key",
    "derived",
    "digits",
    "name_key",
    "phone_key",
    "search_text",
]
