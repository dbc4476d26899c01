"""What crosses the municipal border: job centres that talk with the same employers, and a place written by hand."""

from datetime import time, timedelta

from django.db.models import Count

from companies import actions
from companies.models import RegisterChange, Workplace
from contacts.models import OtherJobCentre
from jobcenter_crm.desk.demo import places
from jobcenter_crm.desk.demo.calendar import moment, working_day
from jobcenter_crm.desk.demo.showcase import BOEDKER

# Employer, their colleague, telephone, good to know, since and ended (days ago), whether for the whole company.
TALKS = (
    (BOEDKER, "Dorte Hald", "10 80 20 14", "har en i praktik i væveriet", 230, None, True),
    ("Hotel Vestkysten", "Mikkel Juhl", "10 80 20 19", "skaffer sæsonfolk til køkkenet", 140, None, False),
    ("Rengøring Nord", "Dorte Hald", "10 80 20 14", "", 400, 120, False),
)


def job_centres(registry, showcase, people):
    """The neighbours' job centre at some of the named employers; not saved yet."""
    rows = []
    for name, colleague, phone, remark, since, ended, is_for_all in TALKS:
        workplace = showcase.by_name[name].workplace
        begun = working_day(registry.today - timedelta(days=since))
        rows.append(
            OtherJobCentre(
                company=workplace.company,
                workplace=None if is_for_all else workplace,
                municipality_id=places.NEIGHBOUR,
                name=colleague,
                phone=phone,
                email=f"{colleague.split()[0].lower()}@havreby.example",
                remark=remark,
                since=begun,
                ended_on=working_day(registry.today - timedelta(days=ended)) if ended else None,
                created_by=people["mette"],
                created_at=moment(begun, time(14, 10)),
            )
        )
    return rows


def write_by_hand(registry, people):
    """Let a place across the border that nobody has met be one that Mette wrote by hand last week."""
    untouched = Workplace.objects.active().filter(
        municipality=places.NEIGHBOUR, sector="private", last_contact_on=None, next_contact_on=None, tier_by_hand=False,
        do_not_contact=False, labour_conflict=False, register_changes=None, people=None,
    )  # fmt: skip
    alone = untouched.annotate(sisters=Count("company__workplaces")).filter(sisters=1)
    workplace = alone.select_related("company", "branch", "municipality").order_by("pk").first()
    if workplace is None:
        return
    workplace.p_number = workplace.register_date = workplace.started_on = workplace.tier = workplace.tier_since = None
    workplace.employees_period = workplace.employees_source = ""
    workplace.owner = workplace._history_user = people["mette"]
    workplace._history_date = moment(working_day(registry.today - timedelta(days=7), step=-1), time(10, 25))
    workplace.save()
    actions.tell(workplace, None, by=people["mette"])
    RegisterChange.objects.filter(workplace=workplace).update(at=workplace._history_date)
