"""What two agreements of the demo hold besides: a network of small craft firms, and help with sickness absence."""

from datetime import time, timedelta
from decimal import Decimal

from companies.models import TargetGroup, Workplace
from contacts.models import Person
from jobcenter_crm.desk.demo.calendar import moment, working_day
from partnerships import absence, centres, punch_cards, service_terms
from partnerships.models import AbsenceFigure, Mentor, Punch, PunchCard, ServiceTerms

GROUPS = ("lab-06-03", "lab-06-05")
# Around the core company, by name without the suffix of a form: how many of the places each has.
AROUND = (("Tømrer Skov og Søn", 2), ("Snedkeriet Kvist og Gren", 1))
PLACES = 6
# Percent of each quarter, the latest last, and of how many employees: a hard winter each year, and less year by year.
ABSENCE = (
    ("7.9", 112), ("7.2", 112), ("6.6", 114), ("6.9", 115), ("7.4", 115), ("6.5", 117), ("5.8", 118), ("6.0", 118),
    ("6.6", 118), ("5.7", 119), ("5.1", 118),
)  # fmt: skip
CLIPS = 12
# Days ago, help from, for what, whose of the employer's people asked for it (or nobody's), and who of us helped.
PUNCHES = (
    (170, "environment", "Gennemgang af løft og forflytninger på afdeling A", 0, "Ove Bang"),
    (121, "therapist", "Hjælpemidler til vaskerummet", 1, "Tine Aagaard"),
    (86, "job", "Plan for gradvis tilbagevenden, aftenvagten", 0, "Ali Demir"),
    (52, "therapist", "Indretning af kontor og møderum", 0, "Tine Aagaard"),
    (24, "social", "Møde om § 56-aftaler med lederne", 0, "Peter Bjerre"),
    (9, "job", "Skånehensyn ved genåbning af køkkenet", 1, "Ali Demir"),
)


def centre_for(agreement, by, today):
    """Make `agreement` a network of craft firms around the one where it was made, with two mentors.

    Best while it is a draft that says from when, so that all of it is in the first wording.
    """
    started_on = agreement.starts_on or working_day(today - timedelta(days=200))
    centre = centres.write(
        agreement=agreement, by=by, note="Virksomhedscentret er beskrevet", form="network", places=PLACES,
        target_groups=TargetGroup.objects.filter(code__in=GROUPS),
        tasks="Lettere værkstedsarbejde, oprydning, maling og samling.\nKørsel og lager hos dem, der har det.",
        support="Mentor alle dage. Jobkonsulenten kommer hver anden torsdag.",
        reception="Mentoren tager imod kl. 7.30 den første dag, viser rundt og spiser frokost med.",
        absence="Mentoren ringer inden kl. 9. Er der intet svar, ringer mentoren til jobkonsulenten samme formiddag.",
        follow_up="I uge 2, 6 og 12, med mentoren.",
        exit="Samtale i uge 12: timer i et af firmaerne, et andet sted i netværket eller tilbage til sagsbehandleren.",
        payment="Mentortimer betales hver måned efter timeseddel.",
    )  # fmt: skip
    for name, places in AROUND:
        workplace = Workplace.objects.active().filter(name__startswith=name).order_by("pk").first()
        if workplace and workplace.pk != agreement.workplace_id:
            centres.add_member(agreement=agreement, workplace=workplace, places=places, since=started_on, by=by)
    people = Person.objects.filter(workplace=agreement.workplace).current().order_by("pk")
    mentor = people.filter(role=Person.Role.MENTOR).first() or people.last()
    theirs = Person.objects.filter(workplace__centre_memberships__centre=centre).current().order_by("pk").first()
    for person, hours, trained_on in (
        (mentor, Decimal(4), working_day(started_on + timedelta(days=30))),
        (theirs, Decimal("2.5"), None),
    ):
        if person:
            centres.add_mentor(
                agreement=agreement, person=person, hours_a_week=hours, since=started_on, by=by,
                trained_on=trained_on if trained_on and trained_on <= today else None,
            )  # fmt: skip
    Mentor.history.filter(centre=centre).update(history_date=moment(started_on, time(10, 30)))
    return centre


def terms_for(agreement, people):
    """Write what a service agreement holds; best while it is a draft, so that it is in the first wording."""
    return service_terms.write(
        agreement=agreement,
        by=agreement.owner,
        note="Hjælpen ved sygefravær er beskrevet",
        hotline_by=people["nanna"],
        hotline_hours="Hverdage kl. 8-15",
        posted_by=people["peter"],
        posted_days="Hver anden tirsdag kl. 9-12, kontoret ved kantinen",
        readiness="Lederen ringer inden 5. dag. Er det længere end 14 dage, ringer lederen til hotlinen.",
        partial_return="Plan for gradvis tilbagevenden inden uge 4. Vi kommer ud, hvis lederen ønsker det.",
        other_municipalities="Vi udfylder og følger op på papirer for ansatte, der bor i andre kommuner.",
        in_return="Fire pladser om året til at afprøve arbejdsevne.",
    )


def service_for(agreement, people, today):
    """Give `agreement` a punch card of which half is used, the absence of almost three years, and terms if it has none.

    It must hold, and at a workplace of at least twenty employees; `people` are the colleagues by user name.
    """
    by = agreement.owner
    if not ServiceTerms.objects.filter(agreement=agreement).exists():
        terms_for(agreement, people)
    began_on = max(agreement.starts_on, today - timedelta(days=200))
    card = punch_cards.make(
        agreement=agreement, clips=CLIPS, experts=["therapist", "environment", "social", "job"], issued_on=began_on,
        expires_on=punch_cards.usual_end(began_on), by=by,
    )  # fmt: skip
    known = list(Person.objects.filter(workplace=agreement.workplace).current().order_by("pk"))
    for ago, expert, used_for, who, helper in PUNCHES:
        on = working_day(today - timedelta(days=ago), step=-1)
        if on < began_on:
            continue
        punch = punch_cards.punch(
            card=card, expert=expert, on=on, used_for=used_for, by=people["ali"], helper=helper,
            used_by=known[who % len(known)] if known else None,
        )  # fmt: skip
        Punch.objects.filter(pk=punch.pk).update(at=moment(on, time(14, 40)))
    quarters = absence.quarters(today)[: len(ABSENCE)]
    for (percent, employees), (year, quarter) in zip(reversed(ABSENCE), quarters, strict=True):
        absence.write(
            agreement=agreement, workplace=agreement.workplace, year=year, quarter=quarter, percent=Decimal(percent),
            employees=employees, source="Plejecentrets egen opgørelse", by=by, today=today,
        )  # fmt: skip
    _written_then(agreement, card)
    return card


def _written_then(agreement, card):
    """As if the card had been made when it begins, and each figure written some weeks after its quarter."""
    made_at = moment(working_day(card.issued_on), time(10, 20))
    PunchCard.objects.filter(pk=card.pk).update(created_at=made_at)
    card.history.update(history_date=made_at)
    for figure in AbsenceFigure.objects.filter(agreement=agreement):
        at = moment(working_day(figure.last_day + timedelta(days=20)), time(11, 15))
        AbsenceFigure.objects.filter(pk=figure.pk).update(at=at)
        figure.history.update(history_date=at)
