"""What of hand-overs waits for each colleague: those offered to them, and for managers those that nobody answers."""

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts import handovers, waiting
from contacts.models import Handover


def _line(handover, who):
    # Not the note: what a colleague has written of an employer stays out of mail.
    number = ngettext("%(n)s thing", "%(n)s things", handover.count) % {"n": handover.count}
    if handover.is_everything:
        number = _("All they have")
    return waiting.Line(number, handover.get_absolute_url(), who)


def _offered(users, today, most):
    # How many things each is about is asked apart: within a window every item would be counted as an offer.
    rows = Handover.objects.offered().filter(to__in=users).select_related("giver", "offered_by")
    ordered = list(waiting.first_of_each(rows, "to", ["offered_at", "pk"], most))
    counts = dict(
        Handover.objects.filter(pk__in=[one.pk for one in ordered])
        .order_by()
        .values_list("pk")
        .annotate(Count("items"))
    )
    found = {}
    for one in ordered:
        one.count = counts[one.pk]
        told = found.setdefault(one.to_id, waiting.Found(one.in_all))
        told.lines.append(_line(one, _("From %(name)s") % {"name": one.giver or one.offered_by}))
    return found


def _unanswered(users, today, most):
    found, wanted = {}, set(users)
    managers = set(handovers.managers().filter(pk__in=users).values_list("pk", flat=True))
    for one in Handover.objects.escalated().for_page().order_by("offered_at", "pk"):
        leader = one.giver and one.giver.led_by
        for pk in ({leader.pk} if leader else managers) & wanted:
            told = found.setdefault(pk, waiting.Found())
            told.count += 1
            if len(told.lines) < most:
                words = _("From %(giver)s to %(to)s") % {"giver": one.giver or _("nobody"), "to": one.to}
                told.lines.append(_line(one, words))
    return found


def to_managers(users, rows, line, most):
    """For a part told to managers: what of `rows` nobody has any more, with `line(row)` for the first; two statements."""
    managers = list(handovers.managers().filter(pk__in=users).values_list("pk", flat=True))
    found = list(rows.annotate(in_all=Window(Count("pk")))[:most]) if managers else []
    lines = [line(row) for row in found]
    return {pk: waiting.Found(found[0].in_all, lines) for pk in managers} if found else {}


def declare():
    """The parts; once, when the app is ready."""
    waiting.register(
        waiting.Part(
            30, "handovers", gettext_lazy("Hand-overs to you"), _offered, url=lambda: reverse("contacts:handovers")
        ),
        waiting.Part(
            60,
            "handovers_unanswered",
            gettext_lazy("Hand-overs that nobody has answered"),
            _unanswered,
            url=lambda: f"{reverse('contacts:handovers')}?show=unanswered",
        ),
    )
