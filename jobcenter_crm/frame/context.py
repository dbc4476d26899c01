"""What the base template shows around every page."""

from django.utils.functional import SimpleLazyObject

from jobcenter_crm.frame.rail import places_for


def frame(request):
    """The rail of the person who is logged in, and which of its places this page is in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"rail": []}
    return {"rail": SimpleLazyObject(lambda: _marked(places_for(user), request.path))}


def _marked(places, path):
    """Each place, and whether this page is in it: the place with the longest address that the page's begins with."""
    around = [place for place in places if path == place.url or (place.url != "/" and path.startswith(place.url))]
    here = max(around, key=lambda place: len(place.url), default=None)
    return [(place, place is here) for place in places]
