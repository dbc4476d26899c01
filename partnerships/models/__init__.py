"""The tables of cooperation in writing: agreements with their goals, reviews, papers, and what two kinds of them hold besides."""

from partnerships.models.agreements import (
    UNDO_FOR,
    Agreement,
    AgreementContact,
    AgreementPlace,
    AgreementStep,
    AgreementVersion,
    lines_of,
)
from partnerships.models.centres import CentreMember, CompanyCentre, Mentor
from partnerships.models.documents import Document, Filing
from partnerships.models.goals import AgreementGoal
from partnerships.models.reviews import Review
from partnerships.models.service_agreements import AbsenceFigure, Punch, PunchCard, ServiceTerms, last_day_of

__all__ = [
    "UNDO_FOR",
    "AbsenceFigure",
    "Agreement",
    "AgreementContact",
    "AgreementGoal",
    "AgreementPlace",
    "AgreementStep",
    "AgreementVersion",
    "CentreMember",
    "CompanyCentre",
    "Document",
    "Filing",
    "Mentor",
    "Punch",
    "PunchCard",
    "Review",
    "ServiceTerms",
    "last_day_of",
    "lines_of",
]
