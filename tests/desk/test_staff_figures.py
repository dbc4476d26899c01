"""The switch: whether managers see figures by colleague."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from structlog.testing import capture_logs

from companies.models import Selection
from jobcenter_crm.staff.actions import switch_staff_figures_off, switch_staff_figures_on
from jobcenter_crm.staff.discretion import note_read, sees_colleagues
from jobcenter_crm.staff.models import Organisation, Team
from jobcenter_crm.staff.roles import CASE_WORKER, CONSULTANT, STEWARD
from tests.conftest import member
from tests.factories import TargetFactory, TeamFactory, UserFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

URL = "/dashboard/colleagues/switch/"
TODAY = date(2026, 11, 24)
SAID = {"since": "2026-11-24", "reference": "Works committee, 12 November 2026"}


def test_a_manager_switches_it_on_with_a_day_and_a_reference(client_for, manager):
    page = client_for(manager).get(URL)
    answer = client_for(manager).post(URL, SAID, follow=True)

    assert "Switched off: each colleague alone sees their own." in page.text
    assert "Switched on by" in answer.text
    assert "Works committee, 12 November 2026" in answer.text
    organisation = Organisation.get()
    assert (organisation.staff_figures_since, organisation.staff_figures_by) == (TODAY, manager)
    assert organisation.history.first().history_user == manager


def test_it_is_switched_off_at_once_and_the_history_stays(client_for, manager):
    switch_staff_figures_on(since=TODAY, reference="Works committee", by=manager)

    answer = client_for(manager).post(URL, {"off": "1", "since": "", "reference": ""}, follow=True)

    assert "Figures by colleague are switched off." in answer.text
    organisation = Organisation.get()
    assert (organisation.staff_figures_since, organisation.staff_figures_reference) == (None, "")
    assert organisation.staff_figures_by is None
    assert [one.staff_figures_reference for one in organisation.history.all()] == ["", "Works committee"]
    assert not sees_colleagues(manager, TODAY)


def test_it_is_changed_by_who_changes_it(manager):
    other = UserFactory()
    switch_staff_figures_on(since=TODAY, reference="First", by=manager)
    switch_staff_figures_on(since=TODAY, reference="First", by=other)
    switch_staff_figures_on(since=TODAY, reference="Second", by=other)
    switch_staff_figures_off(by=other)
    switch_staff_figures_off(by=other)

    assert Organisation.objects.get().history.count() == 3


@pytest.mark.parametrize(
    "said",
    [{"since": ""}, {"reference": "  "}, {"since": "yesterday"}, {"since": "2029-01-01"}, {"since": "1999-01-01"},
     {"reference": "x" * 201}, {"reference": "a\0b"}],
)  # fmt: skip
def test_what_is_lacking_is_said_and_nothing_is_switched_on(client_for, manager, said):
    answer = client_for(manager).post(URL, SAID | said)

    assert answer.status_code == 422
    assert not Organisation.objects.exists()


def test_no_cpr_number_is_written_as_a_reference(client_for, manager):
    answer = client_for(manager).post(URL, SAID | {"reference": "Agreed with 010190-1235"})

    assert answer.status_code == 422
    assert "010190" not in answer.context["form"].errors.as_text()


@pytest.mark.parametrize("lacking", ["staff_figures_since", "staff_figures_reference", "staff_figures_by"])
def test_the_database_takes_all_three_or_none(manager, lacking):
    said = {"staff_figures_since": TODAY, "staff_figures_reference": "Works committee", "staff_figures_by": manager}
    said[lacking] = "" if lacking == "staff_figures_reference" else None

    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(name="Ours", **said)


def test_from_a_day_to_come_it_is_not_shown_before(manager):
    switch_staff_figures_on(since=date(2026, 12, 1), reference="Works committee", by=manager)

    assert [sees_colleagues(manager, day) for day in (date(2026, 11, 30), date(2026, 12, 1))] == [False, True]


@pytest.mark.parametrize("role", [CONSULTANT, CASE_WORKER, STEWARD])
def test_others_than_managers_see_no_colleagues_figures_and_switch_nothing(client_for, manager, role):
    switch_staff_figures_on(since=TODAY, reference="Works committee", by=manager)
    somebody = member(role, "somebody")

    assert not sees_colleagues(somebody, TODAY)
    assert client_for(somebody).post(URL, {"off": "1"}).status_code == 403
    assert Organisation.get().staff_figures_since == TODAY


def test_the_admin_only_shows_it(client_for, manager):
    switch_staff_figures_on(since=TODAY, reference="Works committee", by=manager)
    steward = member(STEWARD, "lone", is_staff=True, language="en")

    page = client_for(steward).get("/admin/staff/organisation/1/change/")

    assert "Works committee" in page.text
    assert 'name="staff_figures' not in page.text


def test_a_read_is_written_down_as_keys_and_not_of_oneself(manager, owner, caplog):
    note_read("by_colleague", reader=owner, colleagues=[owner.pk])
    assert not caplog.records

    note_read("by_colleague", reader=manager, colleagues=[owner.pk, manager.pk])

    (record,) = caplog.records
    assert record.msg["event"] == "staff_figures_read"
    assert (record.msg["reader"], record.msg["colleagues"]) == (manager.pk, [owner.pk])
    assert "Olga" not in str(record.msg)


@pytest.mark.parametrize(
    ("people", "is_in_it", "is_told"),
    [(5, False, True), (4, False, False), (5, True, True), (4, True, False), (2, True, False), (1, True, True), (1, False, False)],
)  # fmt: skip
def test_a_team_is_told_of_from_five_people_on_and_to_who_is_alone_in_it(people, is_in_it, is_told):
    team = TeamFactory(name="Harbour")
    members = UserFactory.create_batch(people, team=team)
    UserFactory.create_batch(5, team=team, is_active=False)
    reader = members[0] if is_in_it else UserFactory()

    told = Team.objects.told_to(reader)

    assert [one.people for one in told] == ([people] if is_told else [])


@pytest.mark.parametrize(
    ("url", "called"),
    [
        ("/dashboard/", "dashboard"),
        ("/dashboard/trend/", "dashboard_trend"),
        ("/dashboard/committee.pdf", "committee"),
        ("/dashboard/targets/here/", "targets_here"),
    ],
)
@pytest.mark.parametrize("of_whom", ["owner", "team", "large team", "register"])
def test_a_look_at_few_is_written_down_wherever_the_overview_is_narrowed(
    client_for, manager, owner, caplog, url, called, of_whom
):
    switch_staff_figures_on(since=TODAY, reference="Works committee", by=manager)
    UserFactory.create_batch(4 if of_whom == "large team" else 1, team=owner.team)
    query = {"owner": f"owner={owner.pk}", "register": "tier=1"}.get(of_whom, f"team={owner.team_id}")
    selection = Selection.objects.create(name="Some", query=query, created_by=manager)
    TargetFactory(among=selection)
    client = client_for(manager)
    caplog.clear()

    answer = client.get(f"{url}?among={selection.pk}", headers={"HX-Request": "true"})

    told = {
        "owner": [owner.pk],
        "team": sorted(owner.team.members.exclude(pk=manager.pk).values_list("pk", flat=True)),
    }.get(of_whom)
    notes = [record.msg for record in caplog.records if "staff_figures_read" in str(record.msg)]
    assert [(note["page"], note["colleagues"]) for note in notes] == ([(called, told)] if told else [])
    answer.close()


def test_the_page_asks_the_same_questions_on_and_off(client_for, manager, django_assert_num_queries):
    switch_staff_figures_on(since=TODAY, reference="Works committee", by=manager)
    client = client_for(manager)

    with django_assert_num_queries(6):
        client.get(URL)


def noted(logs):
    return [(one["page"], one["colleagues"]) for one in logs if one["event"] == "staff_figures_read"]


@pytest.mark.parametrize(("contact", "is_noted"), [("in_time", True), ("waiting", False)])
def test_a_look_at_what_was_done_at_the_workplaces_of_a_colleague_is_written_down(
    client_for, manager, owner, contact, is_noted
):
    switch_staff_figures_on(since=TODAY, reference="Works committee", by=manager)
    query = f"owner={owner.pk}&contact={contact}"
    Selection.objects.create(name="Theirs", query=query, created_by=manager)
    client = client_for(manager)
    WorkplaceFactory(owner=owner, tier=1, last_contact_on=TODAY)

    with capture_logs() as logs:
        client.get(f"/companies/?{query}")
        client.get("/companies/selections/")
        put_aside = client.post("/companies/bulk/", {"act": "export", "query": query, "all": "1"})
        b"".join(client.post(put_aside.url).streaming_content)

    pages = ["register", "selections", "register_chosen", "register_excel"] if is_noted else []
    assert noted(logs) == [(page, [owner.pk]) for page in pages]


@pytest.mark.parametrize("url", ["/follow-ups/", "/contacts/"])
def test_a_list_that_can_not_be_read_is_no_look(client_for, manager, owner, url):
    switch_staff_figures_on(since=TODAY, reference="Works committee", by=manager)
    asked = {"whose": owner.pk, "when": "done"} if url == "/follow-ups/" else {"whose": owner.pk}

    with capture_logs() as logs:
        client_for(manager).get(url, asked | {"sort": "x"})
    assert noted(logs) == []

    with capture_logs() as logs:
        client_for(manager).get(url, asked)
    assert noted(logs) == [(url.strip("/").replace("-", "_"), [owner.pk])]
