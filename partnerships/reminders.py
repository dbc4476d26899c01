"""What of agreements waits for whom: reviews to hold, late ones, and agreements that nobody is responsible for."""

from functools import partial

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from contacts.handover_parts import to_managers
from contacts.models import FollowUp
from contacts.waiting import Found, Line, first_of_each, of_rows, register
from jobcenter_crm.staff import leaving
from partnerships.agreement_list import list_url
from partnerships.models import Agreement, Review
from partnerships.querysets import PLANNED_AHEAD
from partnerships.review_days import KIND, title_of

AGREEMENTS = ngettext_lazy("%(n)s agreement", "%(n)s agreements", "n")


def _not_told(asked):
    """Open reviews of theirs, without those that stand among their follow-ups of today or before."""
    told = FollowUp.objects.open().filter(
        kind=KIND, cause_id=OuterRef("pk"), owner=OuterRef("agreement__owner"), due_on__lte=asked.today
    )
    return Review.objects.open().filter(~Exists(told), agreement__owner__in=asked.users)


def _tell(rows, asked, most):
    found = {}
    for review in first_of_each(
        rows.select_related("agreement__workplace"), "agreement__owner", ["due_on", "pk"], most
    ):
        agreement = review.agreement
        told = found.setdefault(agreement.owner_id, Found(review.in_all))
        what = title_of(agreement, review.due_on)
        told.lines.append(Line(what, review.get_absolute_url(), agreement.workplace.name, review.due_on))
    return found


def _late(asked):
    return _not_told(asked).overdue(asked.today)


def _to_hold(asked):
    return _not_told(asked).filter(due_on__range=(asked.today, asked.today + PLANNED_AHEAD))


def _without_responsible(today):
    """Agreements whose responsible consultant no longer works here."""
    left = Agreement.objects.standing().without_owner().select_related("owner", "workplace")
    return left.order_by("next_review_on", "pk")


def _line(agreement):
    what = _("%(agreement)s: %(name)s has left") % {"agreement": agreement, "name": agreement.owner}
    return Line(what, agreement.get_absolute_url(), agreement.workplace.name, agreement.next_review_on)


def declare():
    """These parts, and what a colleague leaves behind; once, when the app is ready."""
    register(
        of_rows(
            12,
            "reviews_late",
            gettext_lazy("Late reviews"),
            _late,
            _tell,
            url=partial(list_url, review="overdue", whose="me"),
            late=True,
        ),
        of_rows(
            50,
            "reviews",
            gettext_lazy("Reviews to hold"),
            _to_hold,
            _tell,
            url=partial(list_url, review="due", whose="me"),
            urgent=False,
        ),
        to_managers(
            75,
            "agreements_without_responsible",
            gettext_lazy("Agreements without responsible"),
            _without_responsible,
            _line,
            url=partial(list_url, whose="nobody"),
        ),
    )
    leaving.register(
        leaving.LeftBehind("agreements", AGREEMENTS, lambda user: Agreement.objects.standing().of(user).count())
    )
