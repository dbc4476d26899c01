"""The tables of contact: people at employers, the contact log and follow-ups, contact plans, services, and what calendars were told."""

from contacts.models.calendar import Invitation
from contacts.models.colleague_roles import ColleagueRole
from contacts.models.contact_plans import ContactPlan, ContactPlanTarget
from contacts.models.follow_ups import FollowUp
from contacts.models.handovers import Handover, HandoverItem
from contacts.models.log import (
    FACE_TO_FACE,
    NOTE_OPEN_FOR,
    UNDO_FOR,
    Amendment,
    BarrierAnswer,
    Channel,
    Interaction,
    OtherJobCentre,
    Person,
)
from contacts.models.overview import Digest
from contacts.models.services import Service, ServiceUse

__all__ = [
    "FACE_TO_FACE",
    "NOTE_OPEN_FOR",
    "UNDO_FOR",
    "Amendment",
    "BarrierAnswer",
    "Channel",
    "ColleagueRole",
    "ContactPlan",
    "ContactPlanTarget",
    "Digest",
    "FollowUp",
    "Handover",
    "HandoverItem",
    "Interaction",
    "Invitation",
    "OtherJobCentre",
    "Person",
    "Service",
    "ServiceUse",
]
