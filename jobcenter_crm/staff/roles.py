"""The five roles as one table: who may do what.

A row names a permission, a column a role; `x` where the role has it. Roles are Django groups and
are loaded after every `migrate`, so this table is the truth: a permission that a person changed on
one of these groups in the admin is set back. Give somebody more by putting them in two groups.
"""

from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext_noop

CONSULTANT = gettext_noop("Employer consultant")
JOB_CONSULTANT = gettext_noop("Job consultant")
CASE_WORKER = gettext_noop("Case worker")
MANAGER = gettext_noop("Manager")
STEWARD = gettext_noop("Data steward")

ROLES = [CONSULTANT, JOB_CONSULTANT, CASE_WORKER, MANAGER, STEWARD]

TABLE = """
                                    consultant  job consultant  case worker  manager  steward
companies.view_company              x           x               x            x        x
companies.view_workplace            x           x               x            x        x
companies.add_workplace             x           x               -            x        x
companies.set_tier                  x           x               -            x        -
companies.set_owner                 x           x               -            x        -
companies.set_flags                 x           x               -            x        x
companies.agree_centrally           -           -               -            x        -
companies.reach_protected           -           -               -            x        -
companies.export_workplaces         x           x               -            x        x
companies.view_export               -           -               -            x        x
companies.import_register           -           -               -            -        x
companies.change_registerchange     x           x               -            x        x
companies.merge_records             -           -               -            -        x
companies.view_registerimport       -           -               -            -        x
companies.view_selection            x           x               x            x        x
companies.add_selection             x           x               x            x        x
companies.share_selection           x           x               -            x        x
companies.change_selection          -           -               -            x        -
companies.view_tierplan             x           x               x            x        x
companies.change_tierplan           -           -               -            x        -
companies.change_segmentationrule   -           -               -            x        -
staff.deactivate_user               -           -               -            x        x
staff.set_hours                     -           -               -            x        x
staff.switch_staff_figures          -           -               -            x        -
contacts.view_person                x           x               x            x        x
contacts.add_person                 x           x               -            x        x
contacts.change_person              x           x               -            x        x
contacts.view_otherjobcentre        x           x               x            x        x
contacts.add_otherjobcentre         x           x               -            x        x
contacts.change_otherjobcentre      x           x               -            x        x
contacts.view_interaction           x           x               x            x        x
contacts.add_interaction            x           x               -            x        -
contacts.change_interaction         x           x               -            x        -
contacts.view_barrieranswer         x           x               x            x        x
contacts.change_barrieranswer       -           -               -            x        -
contacts.view_followup              x           x               x            x        x
contacts.add_followup               x           x               x            x        x
contacts.change_followup            x           x               x            x        x
contacts.view_handover              x           x               x            x        x
contacts.add_handover               x           x               x            x        x
contacts.change_handover            x           x               x            x        x
contacts.assign_handover            -           -               -            x        -
contacts.view_colleaguerole         x           x               x            x        x
contacts.add_colleaguerole          x           x               -            x        -
contacts.change_colleaguerole       x           x               -            x        -
contacts.view_service               x           x               x            x        x
contacts.add_service                -           -               -            x        x
contacts.change_service             -           -               -            x        x
contacts.view_serviceuse            x           x               x            x        x
contacts.add_serviceuse             x           x               -            x        -
contacts.change_serviceuse          x           x               -            x        -
contacts.view_contactplan           x           x               -            x        x
contacts.add_contactplan            x           -               -            x        -
contacts.change_contactplan         x           -               -            x        -
partnerships.view_agreement         x           x               x            x        x
partnerships.add_agreement          x           x               -            x        -
partnerships.change_agreement       x           x               -            x        -
partnerships.view_review            x           x               x            x        x
partnerships.change_review          x           x               -            x        -
partnerships.view_document          x           x               -            x        -
partnerships.add_document           x           x               -            x        -
partnerships.change_document        x           x               -            x        -
partnerships.add_filing             x           x               -            x        -
partnerships.change_punchcard       x           x               -            x        -
partnerships.take_back_punch        -           -               -            x        -
partnerships.view_absencefigure     x           x               -            x        -
partnerships.change_absencefigure   x           x               -            x        -
partnerships.view_every_absencefigure  -        -               -            x        -
placements.view_slot                x           x               x            x        x
placements.add_slot                 x           x               -            x        -
placements.change_slot              x           x               -            x        -
placements.change_hostingprofile    x           x               -            x        -
placements.view_reservation         x           x               x            x        -
placements.add_reservation          -           x               x            x        -
placements.change_reservation       -           x               x            x        -
placements.view_placement           x           x               x            x        -
placements.add_placement            x           x               -            x        -
placements.change_placement         x           x               -            x        -
placements.import_placements        -           -               -            x        x
placements.view_effect              x           x               x            x        -
placements.add_effect               x           x               -            x        -
placements.add_officialfigure       -           -               -            x        -
placements.change_officialfigure    -           -               -            x        -
placements.view_joborder            x           x               x            x        x
placements.add_joborder             x           x               -            x        -
placements.change_joborder          x           x               -            x        -
placements.add_referral             x           x               x            x        -
desk.view_dashboard                 -           -               -            x        -
desk.view_target                    -           -               -            x        -
desk.add_target                     -           -               -            x        -
desk.change_target                  -           -               -            x        -
backstage.view_job                  x           x               x            x        x
backstage.view_every_job            -           -               -            x        x
backstage.view_clockrun             -           -               -            x        x
backstage.resend_message            -           -               -            x        x
backstage.change_documenttemplate   -           -               -            -        x
"""

# What the steward maintains in the admin: sees, adds and changes. Nobody deletes what has a history.
STEWARD_KEEPS = [
    "companies.branch",
    "companies.company",
    "companies.companyform",
    "companies.figure",
    "companies.municipality",
    "companies.postcode",
    "companies.targetgroup",
    "companies.workplace",
    "contacts.otherjobcentre",
    "contacts.person",
    "placements.consideration",
    "placements.measure",
    "staff.organisation",
    "staff.team",
]
# What the steward may look up there, but which only the work itself writes.
STEWARD_READS = [
    "backstage.job",
    "backstage.message",
    "backstage.storedfile",
    "companies.columnmapping",
    "companies.export",
    "companies.knowndifferent",
    "companies.merge",
    "companies.registerchange",
    "companies.registerimport",
    "companies.rejectedrow",
    "companies.segmentationrule",
    "companies.tierchange",
    "companies.tierplan",
    "companies.workplacefigure",
    "contacts.digest",
    "contacts.followup",
    "contacts.interaction",
    "partnerships.review",
]


def permissions_of():
    """Role name -> set of "app.codename", as the tables above say.

    Raises `ValueError` for a line that has not one mark for each role.
    """
    granted = {role: set() for role in ROLES}
    for line in TABLE.strip().splitlines()[1:]:
        permission, *marks = line.split()
        for role, mark in zip(ROLES, marks, strict=True):
            if mark == "x":
                granted[role].add(permission)
    for model in STEWARD_KEEPS:
        app, name = model.split(".")
        granted[STEWARD] |= {f"{app}.{verb}_{name}" for verb in ("view", "add", "change")}
    for model in STEWARD_READS:
        app, name = model.split(".")
        granted[STEWARD].add(f"{app}.view_{name}")
    return granted


def load_roles(using="default"):
    """Write the tables to the database; permissions of apps not migrated yet follow with their own run."""
    ids = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.using(using).values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for role, names in permissions_of().items():
        group, _created = Group.objects.using(using).get_or_create(name=role)
        wanted = {ids[name] for name in names if name in ids}
        if set(group.permissions.using(using).values_list("pk", flat=True)) != wanted:
            group.permissions.set(wanted)
