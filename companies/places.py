"""A point on the map, and how far something is from it.

Distances are as the crow flies. A workplace with no position of its own is taken to be where its postcode is,
so a distance is right to a kilometre or two: good enough to choose whom to visit, not to drive by.
"""

from math import cos, radians
from typing import NamedTuple

from django.db.models import ExpressionWrapper, FloatField, Value

# Kilometres a degree of latitude, and a degree of longitude at the equator.
KM_NORTH, KM_EAST = 111.2, 111.3


class Point(NamedTuple):
    """A position in degrees (WGS 84) with the name of what is there; the earth is flat enough for Denmark."""

    name: str
    latitude: float
    longitude: float

    @classmethod
    def amid(cls, name, places):
        """In the middle of `places`, which have a latitude and a longitude."""
        return cls(
            name,
            sum(place.latitude for place in places) / len(places),
            sum(place.longitude for place in places) / len(places),
        )

    @property
    def km_east(self):
        """Kilometres a degree of longitude here."""
        return KM_EAST * cos(radians(self.latitude))

    def km_to(self, latitude, longitude):
        """The distance to another position."""
        north, east = (latitude - self.latitude) * KM_NORTH, (longitude - self.longitude) * self.km_east
        return (north * north + east * east) ** 0.5

    def km_squared_to(self, latitude, longitude):
        """The same, squared, as an expression of two columns: no root has to be drawn to compare distances."""
        north = (latitude - Value(self.latitude)) * Value(KM_NORTH)
        east = (longitude - Value(self.longitude)) * Value(self.km_east)
        return ExpressionWrapper(north * north + east * east, output_field=FloatField())
