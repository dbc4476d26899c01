"""Whom the named employers can host, and the slots that they have promised: open, paused, closed, and one long unheard of."""

from datetime import time, timedelta
from typing import NamedTuple

from django.utils import timezone

from contacts.models import Person
from jobcenter_crm.desk.demo.calendar import moment, working_day
from partnerships.models import Agreement
from placements import hosting, slots
from placements.models import HostingProfile, Slot

ACTIVITY_READY, JOB_READY, EDUCATION_READY, YOUNG = "lab-06-03", "lab-06-02", "lab-06-04", "lab-06-05"
INSURED, SICK, CLARIFIED, FLEX, PENSION = "lab-06-01", "lab-06-06", "lab-06-07", "lab-06-09", "lab-06-11"


class Hosts(NamedTuple):
    """What a workplace can host. `ago` is how many days ago it was last said to be true."""

    name: str
    tasks: str
    groups: tuple
    hours: tuple
    considerations: tuple
    ago: int


PROFILES = (
    Hosts("Bødker og Væver", "Værksted, pakkeri og lager", (ACTIVITY_READY, YOUNG), (6, 25),
          ("fixed_mentor", "own_pace", "few_hours"), 20),
    Hosts("Centralkøkkenet", "Køkken, opvask og pakning af kolde retter", (ACTIVITY_READY, JOB_READY, INSURED), (10, 37),
          ("bus", "little_danish", "fixed_mentor"), 34),
    Hosts("Lindevig Plejecenter", "Vaskeri, måltider og havearbejde", (ACTIVITY_READY, SICK, CLARIFIED), (4, 20),
          ("quiet", "few_hours", "breaks"), 75),
    Hosts("Rengøring Nord", "Rengøring af kontorer, morgen og aften", (JOB_READY, INSURED), (10, 30),
          ("little_danish", "flexible_hours", "no_customers"), 12),
    Hosts("Café Fyrtårnet", "Servering, opvask og lettere køkkenarbejde", (JOB_READY, EDUCATION_READY), (8, 25), ("bus",), 9),
    Hosts("Smedjen i Sønderby", "Slibning, oprydning og enkle svejseopgaver", (ACTIVITY_READY, YOUNG), (6, 30),
          ("fixed_mentor", "own_pace", "no_customers"), 41),
    Hosts("Gartneriet Løvsal", "Potning, pakning og arbejde i væksthus", (ACTIVITY_READY, FLEX), (5, 25),
          ("own_pace", "breaks", "quiet", "no_customers"), 96),
    Hosts("Rådhuskantinen", "Buffet, opvask og mødeforplejning", (ACTIVITY_READY, JOB_READY), (8, 30), ("bus", "seated"), 28),
)  # fmt: skip


class Places(NamedTuple):
    """A slot. `since` and `until` are days from today, `heard` how many days ago; `agreed` by an agreement that holds there."""

    name: str
    measure: str
    places: int
    tasks: str
    groups: tuple
    since: int
    until: int | None = None
    heard: int = 15
    owner: str = "mette"
    contact: str = ""
    mentor: str = ""
    agreed: bool = False
    hours: tuple = (None, None)
    considerations: tuple = ()
    state: str = "open"
    why: str = ""


SLOTS = (
    Places("Bødker og Væver", "work_placement", 3, "Pakkeri og lager, med oplæring i værkstedet", (ACTIVITY_READY, YOUNG),
           -240, heard=20, contact="Anna Riis", mentor="Bo Lind", agreed=True, hours=(6, 25),
           considerations=("fixed_mentor", "own_pace", "few_hours")),
    Places("Bødker og Væver", "paid_hours", 1, "Færdiggørelse og forsendelse", (ACTIVITY_READY,), -90,
           contact="Anna Riis", mentor="Bo Lind", agreed=True, hours=(4, 12)),
    Places("Centralkøkkenet", "work_placement", 4, "Kolde retter, opvask og pakning", (ACTIVITY_READY, JOB_READY), -400,
           heard=34, owner="ali", contact="Merete Vig", agreed=True, hours=(10, 37), considerations=("bus", "little_danish")),
    Places("Centralkøkkenet", "wage_subsidy_public", 2, "Køkkenmedhjælper, alle vagter", (JOB_READY, INSURED), -120,
           until=240, owner="ali", contact="Merete Vig", agreed=True, hours=(25, 37)),
    Places("Lindevig Plejecenter", "work_placement", 2, "Vaskeri og linnedvogn", (SICK, CLARIFIED), -300, heard=75,
           contact="Birgit Lauge", mentor="Tove Dam", agreed=True, hours=(4, 15), considerations=("few_hours", "breaks")),
    Places("Lindevig Plejecenter", "flex_job", 1, "Måltider og anretning på afdeling B", (FLEX,), -60,
           contact="Birgit Lauge", mentor="Tove Dam", hours=(8, 20), considerations=("quiet",)),
    Places("Rengøring Nord", "work_placement", 3, "Kontorer i Vesterlund, hverdage fra kl. 6", (JOB_READY, INSURED), -75,
           heard=12, contact="Iben Falk", hours=(15, 30), considerations=("little_danish", "no_customers")),
    Places("Rengøring Nord", "wage_subsidy_private", 1, "Teamleder i oplæring", (INSURED,), 14, until=200,
           contact="Iben Falk", hours=(30, 37)),
    Places("Café Fyrtårnet", "work_placement", 1, "Opvask og anretning", (JOB_READY, EDUCATION_READY), -45, heard=9,
           contact="Amira Saleh", hours=(8, 25), considerations=("bus",)),
    Places("Smedjen i Sønderby", "work_placement", 2, "Slibning og oprydning i værkstedet", (ACTIVITY_READY, YOUNG), -280,
           heard=41, owner="ali", contact="Verner Smed", agreed=True, hours=(6, 30), considerations=("fixed_mentor", "own_pace")),
    Places("Gartneriet Løvsal", "work_placement", 2, "Potning og pakning i væksthus", (ACTIVITY_READY, FLEX), -200,
           heard=96, contact="Aksel Løvsal", hours=(5, 25), considerations=("own_pace", "breaks", "quiet")),
    Places("Rådhuskantinen", "work_placement", 2, "Buffet og opvask", (ACTIVITY_READY,), -150, heard=28, owner="ali",
           contact="Hanne Toft", hours=(8, 30), considerations=("bus",)),
    Places("Rådhuskantinen", "utility_placement", 2, "Borde, stole og opdækning til møder", (JOB_READY,), -80, owner="ali",
           contact="Hanne Toft"),
    Places("Hotel Vestkysten", "work_placement", 2, "Værelser og vaskeri i sæsonen", (JOB_READY, EDUCATION_READY), -210,
           heard=50, contact="Helle Klit", state="paused", why="Hotellet holder lukket til foråret"),
    Places("Elinstallatør Strømberg", "adult_apprentice", 1, "Installationer i boliger og landbrug", (INSURED, JOB_READY), -60,
           owner="sara", contact="Lars Strømberg", agreed=True, hours=(37, 37)),
    Places("Bådværft Ærling", "work_placement", 2, "Klargøring og maling af både", (ACTIVITY_READY,), -420, heard=70,
           contact="Poul Ærling", state="closed", why="Værftet har nok for nu"),
)  # fmt: skip


def make(showcase, people, today):
    """The profiles, and then the slots, as of their own days."""
    at = {name: place.workplace for name, place in showcase.by_name.items()}
    for hosts in PROFILES:
        _profile(at[hosts.name], hosts, people["mette"], today)
    for place in SLOTS:
        _slot(at[place.name], place, people, today)


def _back(today, days):
    return working_day(today - timedelta(days=days), step=-1)


def _profile(workplace, hosts, by, today):
    profile = hosting.write(
        workplace=workplace, by=by, tasks=hosts.tasks, target_groups=hosts.groups, hours_from=hosts.hours[0],
        hours_to=hosts.hours[1], considerations=hosts.considerations,
    )  # fmt: skip
    told_on = _back(today, hosts.ago)
    HostingProfile.objects.filter(pk=profile.pk).update(confirmed_on=told_on)
    profile.history.update(confirmed_on=told_on, history_date=moment(told_on, time(11, 40)))


def _slot(workplace, place, people, today):
    owner, told_on = people[place.owner], _back(today, place.heard)
    starts_on = today + timedelta(days=place.since)
    made_on = min(working_day(starts_on - timedelta(days=10), step=-1), told_on)
    somebody = Person.objects.filter(workplace=workplace)
    slot = slots.make(
        workplace=workplace, owner=owner, by=owner, measure_id=place.measure, places=place.places, tasks=place.tasks,
        starts_on=starts_on, ends_on=today + timedelta(days=place.until) if place.until else None,
        target_groups=place.groups, considerations=place.considerations, hours_from=place.hours[0],
        hours_to=place.hours[1], contact=somebody.filter(name=place.contact).first(),
        mentor=somebody.filter(name=place.mentor).first() if place.mentor else None,
        agreement=_agreement(workplace, today) if place.agreed else None,
        employees_heard_on=made_on if place.agreed else None,
    )  # fmt: skip
    if place.state != "open":
        slot, _before = slots.set_state(slot=slot, state=place.state, by=owner, why=place.why)
    Slot.objects.filter(pk=slot.pk).update(confirmed_on=told_on, created_at=moment(made_on, time(13, 10)))
    slot.history.update(confirmed_on=told_on, created_at=moment(made_on, time(13, 10)))
    first = slot.history.earliest()
    slot.history.filter(pk=first.pk).update(history_date=moment(made_on, time(13, 10)))
    slot.history.exclude(pk=first.pk).update(history_date=moment(told_on, time(13, 10)))


def _agreement(workplace, today):
    # Also by the clock, which the demo's day need not be.
    holding = Agreement.objects.in_force(today).in_force(timezone.localdate())
    return holding.at(workplace).order_by("pk").first()
