"""What of hand-overs waits for each colleague: those offered to them, and for managers those that nobody answers."""

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts import waiting
from contacts.models import Handover
from jobcenter_crm.staff.models import User


def _line(handover, who):
    # Not the note: what a colleague has written of an employer stays out of mail.
    number = ngettext("%(n)s thing", "%(n)s things", handover.count) % {"n": handover.count}
    if handover.is_everything:
        number = _("All they have")
    return waiting.Line(number, handover.get_absolute_url(), who)


def _offered(asked):
    return Handover.objects.offered().filter(to__in=asked.users)


def _tell_offered(rows, asked, most):
    found = {}
    rows = rows.select_related("giver", "offered_by").with_count()
    for one in waiting.first_of_each(rows, "to", ["offered_at", "pk"], most):
        told = found.setdefault(one.to_id, waiting.Found(one.in_all))
        told.lines.append(_line(one, _("From %(name)s") % {"name": one.giver or one.offered_by}))
    return found


def _unanswered(asked, most):
    if not (asked.may_assign or asked.leaders):
        return {}
    found = {}
    rows = list(Handover.objects.escalated().select_related("to").with_count().order_by("offered_at", "pk"))
    # Asked apart: mostly there is nothing, and the bell asks after every page.
    people = User.objects.with_leaders()
    givers = people.in_bulk({one.giver_id for one in rows if one.giver_id}) if rows else {}
    for one in rows:
        giver = givers.get(one.giver_id)
        leader = giver and giver.led_by
        for pk in {leader.pk} & asked.leaders if leader else asked.may_assign:
            told = found.setdefault(pk, waiting.Found())
            told.count += 1
            if len(told.lines) < most:
                words = _("From %(giver)s to %(to)s") % {"giver": giver or _("nobody"), "to": one.to}
                told.lines.append(_line(one, words))
    return found


def to_managers(position, name, label, rows, line, **more):
    """A `Part` told to managers: the queryset `rows(today)`, in order, of what nobody has any more; `line(row)` tells one."""

    def theirs(asked):
        found = rows(asked.today)
        return found if asked.may_assign else found.none()

    def tell(found, asked, most):
        first = list(found.annotate(in_all=Window(Count("pk")))[:most])
        lines = [line(row) for row in first]
        return {pk: waiting.Found(first[0].in_all, lines) for pk in asked.may_assign} if first else {}

    return waiting.of_rows(position, name, label, theirs, tell, passed_on=False, **more)


def declare():
    """The parts; once, when the app is ready."""
    waiting.register(
        waiting.of_rows(
            30,
            "handovers",
            gettext_lazy("Hand-overs to you"),
            _offered,
            _tell_offered,
            url=lambda: reverse("contacts:handovers"),
        ),
        waiting.Part(
            60,
            "handovers_unanswered",
            gettext_lazy("Hand-overs that nobody has answered"),
            _unanswered,
            url=lambda: f"{reverse('contacts:handovers')}?show=unanswered",
        ),
    )
