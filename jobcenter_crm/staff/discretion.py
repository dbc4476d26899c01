"""Figures about one member of staff: seen by that person, and by managers where the organisation has switched it on.

Decision 19 says what is a figure about a colleague and what is a list to work with.
"""

import structlog

from jobcenter_crm.staff.models import Organisation, Team, User

DASHBOARD = "desk.view_dashboard"
SWITCH = "staff.switch_staff_figures"

log = structlog.get_logger(__name__)


def sees_colleagues(user, today):
    """Whether `user` may be told figures by colleague today."""
    return user.has_perm(DASHBOARD) and Organisation.get().shows_staff_figures(today)


def told_of(user, today):
    """`(teams, colleagues)`, querysets: of whose work `user` may be told besides their own, today."""
    colleagues = User.objects.working().exclude(pk=user.pk).in_order()
    return Team.objects.told_to(user), colleagues if sees_colleagues(user, today) else colleagues.none()


def note_read(page, *, reader, colleagues):
    """Write to the log that `reader` was shown figures about each of `colleagues` (keys): ids, and nothing else of them."""
    others = sorted(set(colleagues) - {reader.pk})
    if others:
        log.info("staff_figures_read", page=page, reader=reader.pk, colleagues=others)
