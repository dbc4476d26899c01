"""People whom the named employers ask for: open orders with candidates referred, one late, one filled, one withdrawn."""

from datetime import time, timedelta
from typing import NamedTuple

from contacts.models import FollowUp, Person
from jobcenter_crm.desk.demo.calendar import moment, working_day
from placements import job_order_days
from placements.models import JobOrder, Referral

REFERRED, HIRED, DECLINED = Referral.State.REFERRED, Referral.State.HIRED, Referral.State.DECLINED


class Order(NamedTuple):
    """A job order. `ago` is how many days ago it was received, `deadline` and `closed` days from today."""

    name: str
    title: str
    positions: int
    ago: int
    deadline: int
    skills: str = ""
    owner: str = "mette"
    contact: str = ""
    measure: str = ""
    referrals: tuple = ()
    found_elsewhere: int = 0
    closed: int | None = None
    why: str = ""


ORDERS = (
    Order("Café Fyrtårnet", "Tjenere til højsæsonen", 3, 9, 1, "Kan arbejde i weekender, taler dansk med gæsterne",
          contact="Amira Saleh", referrals=(HIRED, REFERRED, DECLINED)),
    Order("Centralkøkkenet", "Køkkenmedhjælper, dagvagt", 2, 5, 11, "Hygiejnebevis, kan stå op hele dagen", owner="ali",
          contact="Merete Vig", referrals=(REFERRED, REFERRED)),
    Order("Rengøring Nord", "Rengøringsassistent, morgen", 2, 14, -2, "Kørekort B, møder kl. 5.30", contact="Iben Falk",
          referrals=(DECLINED,), found_elsewhere=1),
    Order("Bødker og Væver", "Lagermedarbejder med truckcertifikat", 1, 3, 16, "Truckcertifikat B", contact="Anna Riis"),
    Order("Elinstallatør Strømberg", "Voksenlærling, elektriker", 1, 6, 30, "Mindst 25 år, kørekort B", owner="sara",
          contact="Lars Strømberg", measure="adult_apprentice", referrals=(REFERRED,)),
    Order("Lindevig Plejecenter", "Ufaglært aftenvagt", 2, 41, -12, "Erfaring fra pleje er en fordel",
          contact="Birgit Lauge", referrals=(HIRED, DECLINED), found_elsewhere=1, closed=-16),
    Order("Hotel Vestkysten", "Stuepige, lørdag og søndag", 1, 30, -8, contact="Helle Klit", referrals=(REFERRED,), closed=-10,
          why="De klarer sig med dem, de har, til foråret"),
)  # fmt: skip


def make(showcase, people, today):
    """The orders, as of their own days; the open ones are to be followed up today."""
    number = 0
    for known in ORDERS:
        workplace = showcase.by_name[known.name].workplace
        order = _order(workplace, known, people[known.owner], today)
        for state in known.referrals:
            number += 1
            day = working_day(today - timedelta(days=max(known.ago - 2, 1)), step=-1)
            Referral.objects.create(
                job_order=order, case_reference=f"{day.year % 100}-{733 + number * 41:05}", state=state, on=day, by=order.owner,
            )  # fmt: skip
        if order.is_open:
            job_order_days.write(order, by=order.owner, today=today)
            promised = job_order_days.promised_for(order)
            promised.update(created_at=moment(order.history.earliest().history_date.date(), time(14, 25)))
            FollowUp.history.filter(id__in=promised.values("pk")).update(history_date=moment(today, time(4, 40)))


def _order(workplace, known, owner, today):
    filled = known.referrals.count(HIRED) + known.found_elsewhere
    state = JobOrder.State.OPEN
    if known.closed is not None:
        state = JobOrder.State.WITHDRAWN if known.why else JobOrder.State.FILLED
    order = JobOrder(
        workplace=workplace, title=known.title, measure_id=known.measure or None, positions=known.positions,
        filled=filled, deadline=working_day(today + timedelta(days=known.deadline), 1 if known.deadline > 0 else -1), skills=known.skills, owner=owner,
        contact=Person.objects.filter(workplace=workplace, name=known.contact).first(), state=state,
        closed_on=None if known.closed is None else working_day(today + timedelta(days=known.closed), step=-1),
        closed_why=known.why, created_by=owner,
    )  # fmt: skip
    received = moment(working_day(today - timedelta(days=known.ago), step=-1), time(14, 25))
    order._history_user, order._history_date = owner, received
    order.save()
    JobOrder.objects.filter(pk=order.pk).update(created_at=received)
    order.history.update(created_at=received)
    order.created_at = received
    return order
