"""What every page shows of the organisation."""

from jobcenter_crm.staff.models import Organisation


def organisation(request):
    """Whose pages these are; asked for once, and only by a page that shows it."""
    return {"organisation": Organisation.of(request)}
