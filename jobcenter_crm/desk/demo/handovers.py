"""A hand-over that waits for Mette's answer, and a colleague to call about something at one of its places."""

from datetime import time, timedelta

from contacts import handovers, whom_to_call
from contacts.models import ColleagueRole, FollowUp, Handover, Interaction
from jobcenter_crm.desk.demo.calendar import moment, working_day

FOLLOW_UPS, VISITS = 3, 1


def offer(people, today):
    """Let Ali have offered Mette, on the last working day, some of what he has promised and planned."""
    ali, mette = people["ali"], people["mette"]
    promised = list(FollowUp.objects.open().of(ali).order_by("due_on", "workplace__sort_name", "title")[:FOLLOW_UPS])
    planned = Interaction.objects.planned().with_staff(ali).order_by("on", "at", "workplace__sort_name")[:VISITS]
    if not promised:
        return
    handover = handovers.offer(
        giver=ali, to=mette, by=ali, follow_ups=[one.pk for one in promised], visits=[one.pk for one in planned],
        note="Jeg har fået flere borgere i jobteamet og når ikke ud til dem i denne måned. Kan du tage dem?",
    )  # fmt: skip
    day = working_day(today - timedelta(days=1), step=-1)
    Handover.objects.filter(pk=handover.pk).update(offered_at=moment(day, time(14, 20)))
    whom_to_call.give(
        workplace=promised[0].workplace, colleague=people["nanna"], role=ColleagueRole.Role.ABOUT, about="Løntilskud",
        by=ali,
    )  # fmt: skip
