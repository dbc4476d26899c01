"""What of placements waits for whom: those past their end, what nobody has told of, and what nobody is responsible for.

Each is told once: what stands among a colleague's follow-ups is left out.
"""

from functools import partial

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.handover_parts import to_managers
from contacts.models import FollowUp
from contacts.waiting import Found, Line, first_of_each, of_rows, register
from placements import effect
from placements.follow_ups import EFFECT, KIND
from placements.models import JobOrder, Placement, Slot
from placements.placement_list import EFFECT_DUE, OVERDUE


def list_url(page, **asked):
    """The address of a list, narrowed."""
    return f"{reverse(page)}?{urlencode(asked)}"


def _not_told(rows, asked, kind):
    """Those of the colleagues asked for, of which nothing stands among their follow-ups, also none that they have put off."""
    told = FollowUp.objects.open().filter(kind=kind, cause_id=OuterRef("pk"), owner=OuterRef("consultant"))
    return rows.filter(~Exists(told), consultant__in=asked.users)


def _found(rows, order, line, most):
    found = {}
    rows = rows.select_related("slot__workplace", "slot__measure")
    for one in first_of_each(rows, "consultant", order, most):
        found.setdefault(one.consultant_id, Found(one.in_all)).lines.append(line(one))
    return found


def _overdue(asked):
    return _not_told(Placement.objects.overdue(asked.today), asked, KIND)


def _tell_overdue(rows, asked, most):
    return _found(rows, ["planned_end", "pk"], _past_its_end, most)


def _past_its_end(one):
    what = _("Has it ended? %(slot)s") % {"slot": one.slot}
    return Line(what, one.get_absolute_url(), one.slot.workplace.name, one.planned_end)


def _untold(asked):
    return _not_told(Placement.objects.effect_due(asked.today), asked, EFFECT)


def _tell_untold(rows, asked, most):
    return _found(rows, ["ended_on", "pk"], _to_tell, most)


def _to_tell(one):
    what = _("What came of it? %(slot)s") % {"slot": one.slot}
    url = reverse("placements:effect", args=[one.pk])
    return Line(what, url, one.slot.workplace.name, effect.asked_on(one))


def _slots_of_nobody(today):
    rows = Slot.objects.not_over(today).filter(owner__is_active=False).select_related("owner", "workplace", "measure")
    return rows.order_by("workplace__sort_name", "pk")


def _placements_of_nobody(today):
    rows = Placement.objects.running().filter(consultant__is_active=False)
    return rows.select_related("consultant", "slot__workplace", "slot__measure").order_by("planned_end", "pk")


def _job_orders_of_nobody(today):
    rows = JobOrder.objects.open().filter(owner__is_active=False).select_related("owner", "workplace")
    return rows.order_by("deadline", "pk")


def _left(one, slot, who, day=None):
    what = _("%(slot)s: %(name)s has left") % {"slot": slot, "name": who}
    return Line(what, one.get_absolute_url(), slot.workplace.name, day)


def declare():
    """These parts; once, when the app is ready."""
    of_placements = partial(list_url, "placements:placements")
    register(
        of_rows(
            13, "placements_overdue", gettext_lazy("Placements past their planned end"), _overdue, _tell_overdue,
            url=partial(of_placements, state=OVERDUE, whose="me"), late=True,
        ),
        of_rows(
            55, "effects", gettext_lazy("What came of placements, to be told"), _untold, _tell_untold,
            url=partial(of_placements, state=EFFECT_DUE, whose="me"), urgent=False,
        ),
        to_managers(
            74, "job_orders_without_responsible", gettext_lazy("Job orders without responsible"),
            _job_orders_of_nobody, lambda one: _left(one, one, one.owner, one.deadline),
            url=partial(list_url, "placements:job_orders", whose="nobody"),
        ),
        to_managers(
            76, "slots_without_responsible", gettext_lazy("Slots without responsible"),
            _slots_of_nobody, lambda one: _left(one, one, one.owner),
            url=partial(list_url, "placements:slots", whose="nobody"),
        ),
        to_managers(
            77, "placements_without_responsible", gettext_lazy("Placements without consultant"),
            _placements_of_nobody, lambda one: _left(one, one.slot, one.consultant, one.planned_end),
            url=partial(of_placements, whose="nobody"),
        ),
    )  # fmt: skip
