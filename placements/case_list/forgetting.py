"""What a list has left behind is forgotten as well: rejected rows hold case references."""

from companies.models import RejectedRow
from placements.effect import ERASED_AFTER


def forget_rows(now):
    """Empty the cells of rows that lists brought 90 days ago; returns how many. Why they were rejected stays."""
    rows = RejectedRow.objects.filter(
        register_import__kind="placements", register_import__created_at__lte=now - ERASED_AFTER
    )
    rows.exclude(corrected=None).update(corrected=[])
    return rows.exclude(raw=[], value="").update(raw=[], value="")
