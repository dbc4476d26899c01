"""Who works at the demo's job centre, and how to log in as them."""

from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from jobcenter_crm.staff.models import Organisation, Team, User
from jobcenter_crm.staff.roles import CASE_WORKER, CONSULTANT, JOB_CONSULTANT, MANAGER, STEWARD

# One for all of them, and known to everybody who reads this: it opens invented data only.
PASSWORD = "lindevig-2026-demo"
EMPLOYERS, CANDIDATES = "Virksomhedsteamet", "Jobteamet"
# A week, for outreach. A little less than the plans take in a municipality of the usual size: there is something to decide.
HOURS = {EMPLOYERS: 30}


class Colleague(NamedTuple):
    """One log-in. `role` is empty for the one who runs the system and may do everything."""

    username: str
    first_name: str
    last_name: str
    title: str
    role: str
    team: str
    phone: str


COLLEAGUES = (
    Colleague("mette", "Mette", "Holm", "Virksomhedskonsulent", CONSULTANT, EMPLOYERS, "10 60 11 22"),
    Colleague("jonas", "Jonas", "Friis", "Virksomhedskonsulent", CONSULTANT, EMPLOYERS, "10 60 11 24"),
    Colleague("sara", "Sara", "Lund", "Virksomhedskonsulent", CONSULTANT, EMPLOYERS, "10 60 11 27"),
    Colleague("ali", "Ali", "Demir", "Jobkonsulent", JOB_CONSULTANT, CANDIDATES, "10 60 11 31"),
    Colleague("nanna", "Nanna", "Kvist", "Jobkonsulent", JOB_CONSULTANT, CANDIDATES, "10 60 11 33"),
    Colleague("peter", "Peter", "Bjerre", "Sagsbehandler", CASE_WORKER, CANDIDATES, "10 60 11 38"),
    Colleague("inge", "Inge", "Skov", "Sagsbehandler", CASE_WORKER, CANDIDATES, "10 60 11 39"),
    Colleague("omar", "Omar", "Yildiz", "Sagsbehandler", CASE_WORKER, CANDIDATES, "10 60 11 41"),
    Colleague("karen", "Karen", "Dahl", "Teamleder", MANAGER, EMPLOYERS, "10 60 11 10"),
    Colleague("lone", "Lone", "Krogh", "Datakoordinator", STEWARD, EMPLOYERS, "10 60 11 15"),
    Colleague("admin", "Anders", "Vind", "It-ansvarlig", "", "", "10 60 11 02"),
)
LOG_INS = ("mette", "ali", "peter", "karen", "lone", "admin")


def hire():
    """Make the organisation, its teams and its people; returns them by user name."""
    Organisation.objects.create(
        name="Virksomhedsindgangen",
        municipality_name="Lindevig Kommune",
        municipality_code="0999",
        street="Rådhuspladsen 1",
        postcode="5010",
        town="Lindevig",
        phone="10 60 11 00",
        email="virksomhed@lindevig.example",
    )
    teams = {name: Team.objects.create(name=name, outreach_hours=HOURS.get(name)) for name in (EMPLOYERS, CANDIDATES)}
    groups = {group.name: group for group in Group.objects.all()}
    password = make_password(PASSWORD)
    people = {}
    for colleague in COLLEAGUES:
        user = User.objects.create(
            username=colleague.username,
            first_name=colleague.first_name,
            last_name=colleague.last_name,
            title=colleague.title,
            phone=colleague.phone,
            email=f"{colleague.username}@lindevig.example",
            team=teams.get(colleague.team),
            password=password,
            is_staff=colleague.role in ("", STEWARD),
            is_superuser=not colleague.role,
        )
        if colleague.role:
            user.groups.set([groups[colleague.role]])
        people[user.username] = user
    _set_managers(people, teams)
    return people


def _set_managers(people, teams):
    karen = people["karen"]
    for team in teams.values():
        team.leader = karen
        team.save(update_fields=["leader"])
    for user in people.values():
        if user not in (karen, people["admin"]):
            user.manager = karen
            user.save(update_fields=["manager"])


def log_ins():
    """The demo's log-ins as lines of a table: name, user name, role, password."""
    rows = [("Name", "User name", "Role", "Password")]
    for colleague in COLLEAGUES:
        if colleague.username in LOG_INS:
            name = f"{colleague.first_name} {colleague.last_name}"
            rows.append((name, colleague.username, colleague.role or "IT officer (superuser)", PASSWORD))
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
