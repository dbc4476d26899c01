"""Every page as people see it: no complaint of the browser, nothing wider than the screen, and axe finds nothing."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from companies.models import (
    ColumnMapping,
    RegisterChange,
    RegisterImport,
    RejectedRow,
    Selection,
    TierChange,
    Workplace,
)
from contacts import actions
from contacts.models import Service
from jobcenter_crm.backstage.models import Job
from tests.browser.conftest import each_look
from tests.conftest import member
from tests.factories import (
    FollowUpFactory,
    InteractionFactory,
    OtherJobCentreFactory,
    PersonFactory,
    RegisterChangeFactory,
    ServiceUseFactory,
    WorkplaceFactory,
    WorkplaceFigureFactory,
)


@pytest.fixture
def busy(mette):
    """A register with something in every part of every page."""
    today = timezone.localdate()
    workplace = WorkplaceFactory(
        name="Bødker og Væver ApS", owner=mette, tier=1, phone="10332041", email="post@boedker.example",
        advertising_protected=True, labour_conflict=True, do_not_contact=True, do_not_contact_why="Busy until spring",
        employees_min=10, employees_max=19, last_contact_on=date(2025, 1, 5),
    )  # fmt: skip
    karl = PersonFactory(workplace=workplace, name="Karl Bødker", email="karl@boedker.example", remark="before ten")
    for tier in (2, 3, 4, None):
        WorkplaceFactory(company=workplace.company, tier=tier, owner=mette, tier_since=tier and date(2024, 1, 5))
    WorkplaceFactory(company=workplace.company, p_number=None)
    OtherJobCentreFactory(workplace=workplace, email="anna@koege.example", remark="has a trainee there")
    held = InteractionFactory(
        workplace=workplace,
        created_by=mette,
        note="No tasks",
        outcome="not_now",
        barrier="no_tasks",
        on=today - timedelta(days=6),
    )
    held.persons.add(karl)
    held.services.set(Service.objects.exclude(code="network"))
    ServiceUseFactory(workplace=workplace, service=Service.objects.get(code="network"))
    InteractionFactory(
        workplace=workplace, state="planned", channel="visit", on=today, at=time(9, 30), created_by=mette
    )
    FollowUpFactory(workplace=workplace, owner=mette, due_on=today - timedelta(days=5), channel="phone", person=karl)
    FollowUpFactory(workplace=workplace, owner=mette, due_on=today, channel="email", person=karl)
    TierChange.objects.create(
        workplace=workplace, from_tier=3, to_tier=1, why="Wants more", by=mette, at=timezone.now()
    )
    RegisterChangeFactory(workplace=workplace)
    closed = WorkplaceFactory(name="Væver og Søn ApS", owner=mette, tier=2, ceased_on=date(2026, 11, 1))
    FollowUpFactory(workplace=closed, owner=mette, due_on=today + timedelta(days=30))
    InteractionFactory(workplace=closed, state="planned", on=today + timedelta(days=30), created_by=mette)
    RegisterChangeFactory(workplace=closed, ended=True)
    RegisterChangeFactory(
        workplace=closed,
        before={"street": "Torvet 2", "postcode": "4600", "town": "Køge"},
        after={"street": "Strandvej 4", "postcode": "2670", "town": "Greve"},
    ).see(by=mette)
    actions.refresh_contact_dates(Workplace.objects.all())
    WorkplaceFigureFactory(workplace=workplace)
    Selection.objects.create(name="Ours in group 1", query="tier=1&owner=me", created_by=mette)
    return workplace


def paths(workplace):
    closed = Workplace.objects.ceased().get()
    return [
        "/",
        "/companies/",
        "/companies/?tier=1&owner=me&sort=-last",
        "/companies/?filter=1",
        "/companies/?tier=9",
        "/companies/?q=nobody+is+called+this",
        "/companies/selections/",
        "/companies/selections/new/?search=tier%3D1",
        *[
            page
            for one in Selection.objects.all()
            for page in (
                one.get_absolute_url(),
                f"{one.get_absolute_url()}&sector=public",
                f"/companies/selections/{one.pk}/",
                f"/companies/selections/{one.pk}/delete/",
            )
        ],
        f"/companies/{workplace.pk}/",
        f"/companies/{workplace.pk}/?show=changes",
        f"/companies/{workplace.pk}/about/",
        f"/companies/{closed.pk}/",
        f"/companies/{closed.pk}/close/",
        "/companies/changes/",
        "/companies/changes/?news=moved&seen=too&whose=all",
        "/companies/changes/?news=renamed",
        f"/companies/{workplace.pk}/group/",
        f"/companies/{workplace.pk}/responsible/",
        f"/companies/{workplace.pk}/warnings/",
        f"/companies/{workplace.pk}/people/add/",
        f"/companies/{workplace.pk}/job-centres/add/",
        "/companies/add/",
        f"/companies/add/?q={workplace.company.cvr_number}",
        f"/companies/{workplace.pk}/facts/",
        f"/companies/{workplace.company.workplaces.get(p_number=None).pk}/facts/",
        f"/companies/{workplace.pk}/services/add/",
        "/services/",
        Service.objects.get(code="placement").get_absolute_url(),
        Service.objects.get(code="job-rotation").get_absolute_url(),
        "/services/print/",
        "/contacts/log/",
        f"/contacts/log/?workplace={workplace.pk}",
        f"/contacts/plan/?workplace={workplace.pk}",
        f"/follow-ups/{workplace.follow_ups.first().pk}/postpone/",
        "/search/?q=b%C3%B8dker",
        "/profile/",
        "/accounts/password/",
        "/no/such/page/",
    ]


def looked_at(visitor, where):
    """What there is to complain about on one page; a page that is meant to be missing may say so."""
    visitor.open(where)
    found = [f"axe {one}" for one in visitor.axe()]
    if (wider := visitor.overflow()) > 0:
        found.append(f"wider than the screen by {wider} px")
    found += [said for said in visitor.heard if "404" not in said]
    visitor.heard.clear()
    return [f"{where}: {one}" for one in found]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "language"), [("desktop", "en"), ("phone", "da")])
def test_no_page_of_a_consultant_has_anything_to_complain_about(visitor, mette, busy, width, theme, language):
    looker = visitor(width=width, theme=theme, language=language)
    looker.open("/accounts/login/")
    complaints = looker.axe()
    looker.log_in(mette)

    for where in paths(busy):
        complaints += looked_at(looker, where)

    assert complaints == []


@each_look
def test_no_page_about_plans_has_anything_to_complain_about(visitor, mette, busy, width, theme, language):
    karen = member("Manager", "karen", first_name="Karen", last_name="Dahl")
    mette.team.outreach_hours = 5
    mette.team.save()
    looker = visitor(width=width, theme=theme, language=language)
    page = looker.log_in(karen)
    complaints = []

    for where in ("/segments/hours/", "/segments/plans/1/", "/segments/barriers/", "/segments/barriers/no_time/"):
        complaints += looked_at(looker, where)
    looker.open("/segments/plans/1/")
    page.locator("#id_cadence_days").fill("45")
    page.locator("main form .btn-primary").click()
    page.wait_for_selector("[name=step]")
    complaints += [*looker.axe(), *looker.heard]

    assert complaints == []
    assert looker.overflow() <= 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_sheet_has_anything_to_complain_about(visitor, mette, busy, theme):
    looker = visitor(theme=theme)
    page = looker.log_in(mette)
    page.goto(page.url.rstrip("/") + busy.get_absolute_url())

    page.keyboard.press("l")
    page.wait_for_selector("dialog[open] form")

    assert looker.axe() == []
    assert looker.heard == []


def to_correct(steward):
    """An import with rejected rows in every state, one of its rows, and a remembered mapping."""
    faulty = RegisterImport.objects.create(
        name="faulty.csv", sha256="1" * 64, state="previewed", by=steward, headings=["cvrnr", "navn", "note"],
        rows_read=3, rows_rejected=3, sample={"columns": [["9900001"], ["Shop", "Bakery"], []], "mapping": "Our list"},
    )  # fmt: skip
    again = RegisterImport.objects.create(name="corrected.csv", sha256="2" * 64, state="previewed", corrects=faulty)
    put_right = {"corrected": ["1", "x", ""], "corrected_at": timezone.now(), "corrected_by": steward}
    rows = [
        RejectedRow.objects.create(
            register_import=faulty, line=line, column="cvrnr", value="9900001", reason="cvr_digits",
            details={"digits": 7}, raw=["9900001", "A shop with a name that takes more than one line to write " * 2, "x"],
            **facts,
        )
        for line, facts in ((2, {}), (3, put_right), (4, put_right | {"taken_with": again}))
    ]  # fmt: skip
    return faulty, rows[0], ColumnMapping.objects.create(name="Our list", columns={"nr": "cvr", "note": ""})


@pytest.mark.parametrize(("width", "theme"), [("desktop", "dark"), ("phone", "light")])
def test_no_page_of_a_steward_has_anything_to_complain_about(visitor, mette, busy, width, theme):
    steward = member("Data steward", "lone", is_staff=True)
    read = RegisterImport.objects.create(name="file.csv", sha256="0" * 64, state="previewed", by=steward)
    job = Job.objects.create(kind="companies.import_register", created_by=steward, done=3, total=10)
    faulty, row, known = to_correct(steward)
    looker = visitor(width=width, theme=theme)
    looker.log_in(steward)

    taken_in = RegisterChange.objects.of("closed").get().register_import
    changes = f"{taken_in.get_absolute_url()}changes/"
    complaints = []
    for where in (
        "/",
        "/companies/import/",
        "/companies/import/columns/",
        f"/companies/import/columns/{known.pk}/",
        read.get_absolute_url(),
        faulty.get_absolute_url(),
        f"/companies/import/{faulty.pk}/columns/?use={known.pk}",
        f"/companies/import/rows/{row.pk}/",
        job.get_absolute_url(),
        changes,
        f"{changes}?owner=without",
        taken_in.get_absolute_url(),
    ):
        complaints += looked_at(looker, where)

    assert complaints == []
