"""One's own figures, and figures by colleague: checked by hand, each number that of its list, and told to nobody else."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from companies.models import TierPlan, Workplace
from contacts.due import longest_over, plans_with_cadence
from jobcenter_crm.staff.actions import switch_staff_figures_on
from jobcenter_crm.staff.roles import CASE_WORKER, CONSULTANT, JOB_CONSULTANT, MANAGER, ROLES, STEWARD
from partnerships.models import Agreement
from placements.models import Placement
from tests.conftest import member
from tests.desk.dashboard import TODAY, numbers, rows_behind
from tests.factories import (
    EffectFactory,
    FollowUpFactory,
    InteractionFactory,
    PlacementFactory,
    ReservationFactory,
    SlotFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

MINE, COLLEAGUES = "desk:mine", "desk:by_colleague"


@pytest.fixture
def switched_on(manager):
    switch_staff_figures_on(since=date(2026, 11, 1), reference="Works committee, 12 October 2026", by=manager)


def has_of_everything(owner, other):
    """What `owner` has one of, or a few, and of each one that is `other`'s."""
    for user in (owner, other):
        first = WorkplaceFactory(tier=1, owner=user)
        second = WorkplaceFactory(tier=2, owner=user)
        WorkplaceFactory(tier=None, owner=user)
        WorkplaceFactory(tier=1, owner=user, ceased_on=date(2026, 11, 1))
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 11, 2), date(2026, 11, 24)):
            InteractionFactory(workplace=first, on=day, created_by=user, outcome="interested")
        InteractionFactory(workplace=second, on=date(2026, 11, 3), created_by=user, outcome="interested")
        InteractionFactory(workplace=first, on=date(2026, 11, 26), created_by=user, state="planned")
        for late in (1, 15):
            FollowUpFactory(workplace=second, owner=user, due_on=TODAY - timedelta(days=late))
        FollowUpFactory(workplace=second, owner=user, due_on=TODAY)
        for kind, due in (
            ("partnership", date(2026, 11, 1)),
            ("service", date(2027, 1, 23)),
            ("intent", date(2027, 1, 24)),
        ):
            agreement = active_agreement(workplace=first, owner=user, kind=kind)
            Agreement.objects.filter(pk=agreement.pk).update(next_review_on=due)
        slot = SlotFactory(workplace=first, owner=user, places=4)
        ReservationFactory(slot=slot)
        PlacementFactory(slot=slot, consultant=user, starts_on=date(2026, 10, 1))
        ended = EffectFactory(placement__slot=SlotFactory(workplace=first, owner=user, state="closed")).placement
        Placement.objects.filter(pk=ended.pk).update(consultant=user)
        # An act on a workplace reads its last contact and its next step out of the log.
        Workplace.objects.filter(pk=first.pk).update(last_contact_on=TODAY, next_contact_on=date(2026, 11, 26))
        Workplace.objects.filter(pk=second.pk).update(last_contact_on=date(2026, 1, 1), next_contact_on=None)


@pytest.fixture
def everything(owner, colleague):
    has_of_everything(owner, colleague)


# Figure -> group 1, group 2, no group, all; counted on paper.
BY_HAND = """
places       1 1 1 3
in_time      1 0 0 1
never        0 0 1 1
waiting      0 1 0 1
late         0 2 0 2
active       3 0 0 3
reviews_due  2 0 0 2
reviews_late 1 0 0 1
open_places  4 0 0 4
filled       2 0 0 2
free_places  2 0 0 2
running      1 0 0 1
contacts     3 1 0 4
started      1 0 0 1
"""


@pytest.mark.usefixtures("everything")
def test_one_s_own_figures_are_those_that_were_counted_by_hand(client_for, owner):
    page = client_for(owner).get(reverse(MINE))

    heads = [*page.context["heads"], None]
    at = [heads.index(tier) for tier in (1, 2, 0, None)]
    lines = page.context["now"] + page.context["period"]
    told = {line.figure.name: [int(line.cells[cell].text) for cell in at] for line in lines}
    wanted = {line.split()[0]: [int(n) for n in line.split()[1:]] for line in BY_HAND.strip().splitlines()}
    started = wanted.pop("started"), told.pop("started")
    assert told == wanted
    # One of them has ended.
    assert started[1][-1] == Placement.objects.filter(consultant=owner, starts_on__year=2026).count()


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("query", ["", "since=2025-12-31&until=2026-11-02", "since=2026-11-01&until=2026-12-31"])
def test_every_number_is_that_of_one_s_own_rows_behind_it(client_for, owner, query):
    client = client_for(owner)

    found = numbers(client.get(f"{reverse(MINE)}?{query}"))

    assert len(found) > 25
    for url, number in found:
        assert rows_behind(client, url) == number, url


@pytest.mark.usefixtures("everything")
def test_contacts_are_drawn_by_month_and_only_those_one_took_part_in(client_for, owner):
    chart = client_for(owner).get(reverse(MINE)).context["chart"]

    assert [row.cells[0].value for row in chart.rows] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]
    assert [row.is_unfinished for row in chart.rows] == [False] * 10 + [True]
    assert "whose=me" in chart.rows[0].cells[0].url


@pytest.mark.usefixtures("everything")
def test_what_is_due_is_what_waits_on_my_day(client_for, owner):
    Workplace.objects.filter(owner=owner, tier=1).update(
        last_contact_on=date(2026, 1, 1), next_contact_on=date(2026, 11, 1)
    )

    lines = {line.figure.name: line for line in client_for(owner).get(reverse(MINE)).context["now"]}

    _oldest, waiting = longest_over(owner, TODAY, plans_with_cadence(), 12)
    assert int(lines["waiting"].cells[-1].text) == waiting == 1
    assert Workplace.objects.filter(owner=owner).due(TODAY, TierPlan.cadences()).count() == 2


def test_what_came_of_placements_is_not_told_by_colleague(client_for, owner, manager, everything, switched_on):
    for client, name in ((client_for(owner), MINE), (client_for(manager), COLLEAGUES)):
        text = client.get(reverse(name)).text
        assert "outcome=" not in text
        assert "Self-supporting" not in text


HELD_BY = {
    CONSULTANT: {"placements", "slots", "agreements"},
    JOB_CONSULTANT: {"placements", "slots", "agreements"},
    CASE_WORKER: {"placements", "slots", "agreements"},
    MANAGER: {"placements", "slots", "agreements"},
    STEWARD: {"slots", "agreements"},
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_what_it_holds_lists_of(client_for, role):
    user = member(role, "somebody")

    page = client_for(user).get(reverse(MINE))

    told = {line.figure.name for line in page.context["now"]}
    assert "Only you see this page." in page.text
    assert {"places", "late", "free_places", "active"} <= told
    assert ("running" in told) == ("placements" in HELD_BY[role])
    assert reverse(MINE) in page.text.split('class="person"')[1]


@pytest.mark.usefixtures("everything")
def test_each_source_is_told_to_those_who_may_see_its_list(client_for, stranger):
    stranger.user_permissions.set(Permission.objects.filter(codename__in=["view_slot"]))

    page = client_for(stranger).get(reverse(MINE))

    assert [line.figure.name for line in page.context["now"]] == ["open_places", "filled", "free_places"]
    assert (page.context["period"], page.context["chart"]) == ([], None)


def test_without_a_role_there_is_nothing_and_the_page_says_so(client_for, stranger):
    assert "Your role holds no lists" in client_for(stranger).get(reverse(MINE)).text


@pytest.mark.usefixtures("switched_on")
def test_who_sees_them_too_is_said_where_it_is_switched_on(client_for, owner):
    text = client_for(owner).get(reverse(MINE)).text

    assert "Your managers see these figures too since 1 November 2026, by “Works committee, 12 October 2026”." in text
    assert "Only you" not in text


def test_that_they_will_see_them_is_said_before(client_for, owner, manager):
    switch_staff_figures_on(since=date(2026, 12, 1), reference="Works committee", by=manager)

    text = client_for(owner).get(reverse(MINE)).text

    assert "Only you see this page. From 1 December 2026 your managers" in text


@pytest.mark.parametrize("query", ["since=x", "until=1900-01-01", "oddity=1", "colleague=7", "since=2020-01-01"])
@pytest.mark.parametrize("name", [MINE, COLLEAGUES])
def test_what_can_not_be_read_is_said_and_nothing_is_counted(client_for, manager, switched_on, name, query):
    page = client_for(manager).get(f"{reverse(name)}?{query}")

    assert page.status_code == 200
    assert page.context["is_readable"] is False
    assert "asked" not in page.context


# By colleague.


def by_colleague(page):
    return {line.name: [cell.text for cell in line.cells] for line in page.context["people"]}


def test_managers_do_not_see_colleagues_until_it_is_switched_on(client_for, manager, everything):
    page = client_for(manager).get(reverse(COLLEAGUES))

    assert page.status_code == 403
    assert "Figures by colleague are switched off" in page.text
    assert "It takes an agreement with the staff" in page.text
    assert "Olga" not in page.text
    dashboard = client_for(manager).get(reverse("desk:dashboard")).text
    assert f'"{reverse("desk:staff_figures")}"' in dashboard
    assert f'"{reverse(COLLEAGUES)}?' not in dashboard


@pytest.mark.parametrize("role", [CONSULTANT, JOB_CONSULTANT, CASE_WORKER, STEWARD])
def test_others_never_do(client_for, switched_on, role):
    assert client_for(member(role, "somebody")).get(reverse(COLLEAGUES)).status_code == 403


@pytest.mark.usefixtures("switched_on")
def test_switched_on_the_same_figures_are_told_by_colleague_and_it_is_written_down(
    client_for, manager, owner, colleague, everything, caplog
):
    page = client_for(manager).get(reverse(COLLEAGUES))

    figures = [figure.name for figure in page.context["people_heads"]]
    assert figures == ["places", "in_time", "contacts", "late", "late_long"]
    assert by_colleague(page) == {"Carl Colleague": ["3", "1", "4", "2", "1"], "Olga Owner": ["3", "1", "4", "2", "1"]}
    assert "by “Works committee, 12 October 2026”" in page.text
    (record,) = caplog.records
    assert (record.msg["reader"], record.msg["colleagues"]) == (manager.pk, sorted([owner.pk, colleague.pk]))
    assert f'"{reverse(COLLEAGUES)}?' in client_for(manager).get(reverse("desk:dashboard")).text


@pytest.mark.usefixtures("switched_on", "everything")
def test_every_number_of_a_colleague_is_that_of_the_list_behind_it(client_for, manager):
    client = client_for(manager)

    found = numbers(client.get(reverse(COLLEAGUES)))

    assert len(found) == 10
    for url, number in found:
        assert rows_behind(client, url) == number, url


@pytest.mark.usefixtures("switched_on")
def test_who_has_left_and_who_has_nothing_is_not_told_of(client_for, manager, owner, colleague, everything):
    owner.is_active = False
    owner.save()

    assert list(by_colleague(client_for(manager).get(reverse(COLLEAGUES)))) == ["Carl Colleague"]


def test_what_came_of_placements_is_not_asked_of_a_colleague_in_the_list_either(client_for, manager, everything, owner):
    refused = client_for(manager).get(reverse("placements:placements"), {"whose": str(owner.pk), "outcome": "job"})
    of_all = client_for(manager).get(reverse("placements:placements"), {"state": "ended", "outcome": "job"})

    assert "What came of placements is never told by colleague." in refused.text
    assert not refused.context["page_obj"]
    assert of_all.context["page_obj"].paginator.count == 2


# Statements: who is asking and whose house it is are five, the plans one, and one for each list.


@pytest.mark.parametrize("times", [1, 4])
def test_one_s_own_page_asks_one_question_of_each_list(client_for, owner, colleague, times, django_assert_num_queries):
    for _time in range(times):
        has_of_everything(owner, colleague)
    client = client_for(owner)

    with django_assert_num_queries(12):
        client.get(reverse(MINE))


@pytest.mark.usefixtures("switched_on", "everything")
@pytest.mark.parametrize("people", [1, 6])
def test_the_page_by_colleague_asks_the_same_however_many_they_are(
    client_for, manager, people, django_assert_num_queries
):
    for number in range(people):
        FollowUpFactory(owner=member(CONSULTANT, f"one{number}"), due_on=date(2026, 11, 1))
    client = client_for(manager)

    with django_assert_num_queries(10):
        client.get(reverse(COLLEAGUES))
