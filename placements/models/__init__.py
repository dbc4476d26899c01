"""The tables of places: what employers can host, slots, who takes them, what came of it, job orders, and official figures."""

from placements.models.job_orders import JobOrder, Referral
from placements.models.measures import Consideration, Measure
from placements.models.official_figures import OfficialFigure
from placements.models.placements import Effect, Extension, Placement, Stay
from placements.models.reservations import Reservation
from placements.models.slots import HostingProfile, Slot

__all__ = [
    "Consideration",
    "Effect",
    "Extension",
    "HostingProfile",
    "JobOrder",
    "Measure",
    "OfficialFigure",
    "Placement",
    "Referral",
    "Reservation",
    "Slot",
    "Stay",
]
