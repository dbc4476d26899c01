"""What a list has left behind is forgotten as well: rejected rows and files that nobody took in hold case references."""

from companies.models import RejectedRow
from companies.register import runs
from companies.register.kinds import kind_of
from placements.effect import ERASED_AFTER


def forget_rows(now):
    """Empty the cells of rows that lists brought 90 days ago; returns how many. Why they were rejected stays."""
    rows = RejectedRow.objects.filter(
        register_import__kind="placements", register_import__created_at__lte=now - ERASED_AFTER
    )
    rows.exclude(corrected=None).update(corrected=[])
    return rows.exclude(raw=[], value="").update(raw=[], value="")


def forget_lists(now):
    """Delete lists that were previewed and left, or whose taking in failed; returns how many. Harmless twice."""
    return runs.let_go(kind_of("placements"), now)
