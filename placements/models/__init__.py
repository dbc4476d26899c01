"""The tables of places: what employers can host, slots, who takes them, what came of it, and job orders."""

from placements.models.job_orders import JobOrder, Referral
from placements.models.measures import Consideration, Measure
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
    "Placement",
    "Referral",
    "Reservation",
    "Slot",
    "Stay",
]
