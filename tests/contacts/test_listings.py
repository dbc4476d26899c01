"""Due work and contact plans as Excel: what is on screen, typed, without the protected, and recorded."""

from datetime import date

import pytest
from django.urls import reverse

from companies import exports
from companies.models import Export, Postcode
from contacts.models import Interaction
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import Job
from jobcenter_crm.staff.roles import CASE_WORKER, MANAGER
from tests.excel import ask, download, sheets, table
from tests.factories import (
    CompanyFactory,
    ContactPlanFactory,
    ContactPlanTargetFactory,
    InteractionFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DUE, PLAN = "contacts.due", "contacts.plan"


def waiting(**facts):
    """A workplace that has waited far too long."""
    return WorkplaceFactory(**{"tier": 1, "last_contact_on": date(2025, 1, 1)} | facts)


@pytest.fixture
def mine(client_for, owner):
    owner.language = "en"
    owner.save()
    return client_for(owner)


# --- Due work ---------------------------------------------------------------------------------


def test_due_work_tells_since_when_and_how_late_in_the_order_of_the_screen(mine, owner):
    waiting(owner=owner, name="second", tier=2)
    waiting(owner=owner, name="first", company=CompanyFactory(name="Bødker ApS"), phone="01020304")
    waiting(name="nobody's")

    answer = download(mine, of=DUE)
    first, second = table(answer)

    assert (first["Workplace"], second["Workplace"]) == ("first", "second")
    told = {name: first[name] for name in ("Group", "Waiting since", "Due on", "How", "Responsible", "Company")}
    assert told == {
        "Group": 1.0,
        "Waiting since": date(2025, 1, 1),
        "Due on": date(2025, 4, 1),
        "How": "Visit",
        "Responsible": "Olga Owner",
        "Company": "Bødker ApS",
    }
    assert first["CVR number"].isdigit()
    assert "Kilometres away" not in first
    assert answer["Content-Disposition"] == 'attachment; filename="Due for contact 2026-11-24.xlsx"'


def test_due_work_around_a_town_comes_nearest_first_with_how_far(mine, owner):
    Postcode.objects.update_or_create(code="4600", defaults={"town": "Køge", "latitude": 55.45, "longitude": 12.18})
    waiting(name="far", latitude=55.45, longitude=12.34)
    waiting(name="near", latitude=55.45, longitude=12.20)
    waiting(name="lost", postcode="")
    waiting(name="mine", owner=owner, latitude=55.45, longitude=12.18)

    rows = table(download(mine, "whose=nobody&near=4600&page=3", of=DUE))

    assert [(row["Workplace"], row["Kilometres away"] and round(row["Kilometres away"], 1)) for row in rows] == [
        ("near", 1.3),
        ("far", 10.1),
        ("lost", ""),
    ]


def test_an_export_of_due_work_is_recorded_as_such_and_leaves_the_protected_out(client_for, person_in):
    manager = person_in(MANAGER)
    manager.language = "en"
    manager.save()
    client = client_for(manager)
    waiting(name="open")
    waiting(name="quiet", advertising_protected=True)

    answer = download(client, "whose=nobody", of=DUE)
    book = sheets(b"".join(answer.streaming_content))

    export = Export.objects.get()
    assert [row[0] for row in book["Workplaces"][1:]] == ["open"]
    assert (export.listing, export.words, export.rows, export.left_out) == (DUE, "Nobody's", 1, 1)
    about = dict(book["About this file"])
    assert (about["List"], about["Filter"]) == ("Due for contact", "Nobody's")
    exported = client.get(reverse("companies:exports")).text
    assert "Due for contact<small>Nobody&#x27;s</small>" in exported
    taken = download(client, "whose=nobody", of=DUE, include="on", basis="They asked for it")
    assert {row["Workplace"]: row["Note well"] for row in table(taken)} == {
        "open": "", "quiet": "Advertising-protected"
    }  # fmt: skip


def test_a_large_one_is_written_in_the_background_as_it_was_shown(mine, owner, monkeypatch):
    monkeypatch.setattr(exports, "ROWS_AT_ONCE", 1)
    monkeypatch.setattr("companies.bulk_pages.ROWS_AT_ONCE", 1)
    waiting(owner=owner, name="b", tier=2)
    waiting(owner=owner, name="a")

    download(mine, of=DUE)
    job = Job.objects.get()
    jobs.run(job.pk)
    job.refresh_from_db()

    assert [row["Workplace"] for row in table(mine.get(job.result_url))] == ["a", "b"]


def test_an_address_of_due_work_that_can_not_be_read_takes_nothing_out(mine, owner):
    waiting(owner=owner)

    answer = mine.post(reverse("companies:bulk"), {"act": "export", "all": "1", "list": DUE, "query": "whose=9999"})

    assert answer.url == "/due/?whose=9999"
    assert "There is no such colleague here any more." in mine.get(answer.url).text
    assert not Export.objects.exists()


def test_the_button_stands_where_something_is_shown_for_those_who_may(mine, owner, client_for, person_in):
    button = 'name="list" value="contacts.due"'
    assert button not in mine.get("/due/").text

    waiting(owner=owner)

    assert button in mine.get("/due/").text
    reader = client_for(person_in(CASE_WORKER))
    assert button not in reader.get(f"/due/?whose={owner.pk}").text
    assert reader.post(reverse("companies:bulk"), {"act": "export", "all": "1", "list": DUE}).status_code == 403


def test_a_list_that_nobody_knows_is_not_there(mine):
    answer = mine.post(reverse("companies:bulk"), {"act": "export", "all": "1", "list": "salaries"})

    assert answer.status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_due_work_asks_no_more_for_more_rows(mine, owner, rows, django_assert_num_queries):
    for _row in range(rows):
        waiting(owner=owner)
    url = ask(mine, list=DUE)

    with django_assert_num_queries(12):
        answer = mine.post(url)
    assert len(table(answer)) == rows


# --- Contact plans ----------------------------------------------------------------------------


@pytest.fixture
def plan(owner):
    return ContactPlanFactory(name="Shops", participants=[owner], starts_on=date(2026, 11, 1))


def in_plan(plan, name, **facts):
    return ContactPlanTargetFactory(plan=plan, workplace=WorkplaceFactory(name=name, tier=2), **facts)


def test_a_plan_tells_whose_each_is_when_it_was_contacted_and_why_it_is_left_out(mine, owner, colleague, plan):
    contact = InteractionFactory(state=Interaction.State.HELD, on=date(2026, 11, 3), channel="phone")
    in_plan(plan, "a", consultant=owner, contact=contact)
    target = in_plan(plan, "b")
    target.leave_out("Has moved abroad", by=colleague)
    in_plan(plan, "c", consultant=colleague)
    in_plan(ContactPlanFactory(), "another plan's")

    rows = table(download(mine, f"plan={plan.pk}&show=all", of=PLAN))

    names = ("Workplace", "Group", "Who contacts", "State", "Contacted on", "How", "Why it is left out")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("a", 2.0, "Olga Owner", "Contacted", date(2026, 11, 3), "Call", ""),
        ("b", 2.0, "", "Left out", "", "", "Has moved abroad"),
        ("c", 2.0, "Carl Colleague", "Not contacted yet", "", "", ""),
    ]


@pytest.mark.parametrize(
    ("show", "found"), [("mine", ["a"]), ("waiting", ["a", "c"]), ("left_out", ["b"]), ("nonsense", ["a", "b", "c"])]
)
def test_what_of_a_plan_is_shown_is_what_comes(mine, owner, plan, show, found):
    in_plan(plan, "a", consultant=owner)
    in_plan(plan, "b").leave_out("No", by=owner)
    in_plan(plan, "c")

    rows = table(download(mine, f"plan={plan.pk}&show={show}", of=PLAN))

    assert [row["Workplace"] for row in rows] == found


def test_the_page_of_a_plan_offers_what_it_shows_and_the_record_names_it(mine, owner, plan):
    in_plan(plan, "a", consultant=owner)
    page = mine.get(plan.get_absolute_url())
    assert f'name="query" value="plan={plan.pk}&amp;show=mine"' in page.text

    url = ask(mine, f"plan={plan.pk}&show=mine", list=PLAN)
    shown = " ".join(mine.get(url).text.split())
    table(mine.post(url))

    assert "1 workplace from “Contact plan”: Shops: Mine." in shown
    assert f'href="{plan.get_absolute_url()}?show=mine#workplaces"' in shown
    assert (Export.objects.get().listing, Export.objects.get().words) == (PLAN, "Shops: Mine")


@pytest.mark.parametrize("plan", ["", "plan=x", "plan=999999"])
def test_a_plan_that_is_not_there_takes_nothing_out(mine, plan):
    mine.post(reverse("companies:bulk"), {"act": "export", "all": "1", "list": PLAN, "query": plan})

    assert not Export.objects.exists()


@pytest.mark.parametrize("rows", [1, 30])
def test_a_plan_asks_no_more_for_more_rows(mine, owner, plan, rows, django_assert_num_queries):
    for row in range(rows):
        in_plan(plan, f"{row}", consultant=owner)
    url = ask(mine, f"plan={plan.pk}&show=all", list=PLAN)

    with django_assert_num_queries(12):
        answer = mine.post(url)
    assert len(table(answer)) == rows
