"""The places of the rail: each app registers its own, and a person sees those they may open."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.urls import reverse


@dataclass(frozen=True)
class Place:
    """One line of the rail. `permission` empty: everybody; `apart`: below the line, for those who keep the data.

    `may(user)` says it instead where it is not one permission that opens the page.
    """

    position: int
    label: str
    icon: str
    url_name: str
    permission: str = ""
    apart: bool = False
    on_phone: bool = False
    may: Callable | None = None

    def is_for(self, user):
        if self.may:
            return self.may(user)
        return not self.permission or user.has_perm(self.permission)

    @property
    def url(self):
        return _url_of(self.url_name)


@cache
def _url_of(url_name):
    # Every page asks for the address of each place several times.
    return reverse(url_name)


_places = []


def register(*places):
    """Add places; called from `AppConfig.ready()`."""
    _places.extend(place for place in places if place not in _places)
    _places.sort(key=lambda place: place.position)


def places_for(user):
    """The places that `user` may open, in order."""
    return [place for place in _places if place.is_for(user)]
