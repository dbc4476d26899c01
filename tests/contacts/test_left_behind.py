"""What colleagues who have left leave behind: nobody's wherever the product says so, and taken over in one tap."""

from datetime import date

import pytest

from companies.models import RegisterChange, Workplace
from companies.quality import counts
from contacts import waiting
from contacts.models import FollowUp, Handover, Interaction
from jobcenter_crm.backstage.models import Message
from jobcenter_crm.desk.segments import groups
from jobcenter_crm.staff import actions
from jobcenter_crm.staff.roles import MANAGER
from tests.factories import (
    FollowUpFactory,
    InteractionFactory,
    RegisterChangeFactory,
    TeamFactory,
    UserFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
QUEUE, TAKE = "/handovers/without/", "/handovers/without/take/"


@pytest.fixture
def leaver(owner):
    """A colleague of the owner's team who has left."""
    return UserFactory(is_active=False, team=owner.team, first_name="Lis", last_name="Leaver")


@pytest.fixture
def left(leaver):
    return WorkplaceFactory(owner=leaver, name="Bageren", tier=1)


def planned(workplace, *staff):
    return InteractionFactory(state="planned", workplace=workplace, on=TODAY, created_by=staff[0], staff=list(staff))


def test_the_verbs_know_who_no_longer_works_here(owner, leaver, left):
    nobodys, taken = WorkplaceFactory(), WorkplaceFactory(owner=owner)
    lost, kept = FollowUpFactory(workplace=left, owner=leaver), FollowUpFactory(workplace=taken, owner=owner)
    alone, together = planned(left, leaver), planned(left, leaver, owner)

    assert set(Workplace.objects.without_owner()) == {nobodys, left}
    assert list(FollowUp.objects.without_owner()) == [lost]
    assert kept not in FollowUp.objects.without_owner()
    assert list(Interaction.objects.without_staff()) == [alone]
    assert together not in Interaction.objects.without_staff()
    assert (left.responsible, taken.responsible, nobodys.responsible) == (None, owner, None)


def test_everywhere_it_is_nobodys(client_for, owner, left):
    client = client_for(owner)
    Workplace.objects.filter(pk=left.pk).update(last_contact_on=date(2025, 1, 1))
    change = RegisterChangeFactory(workplace=left)

    assert "Bageren" in client.get("/companies/?owner=none").text
    assert "Lis Leaver has left" in client.get("/companies/?owner=none").text
    assert "Bageren" in client.get("/due/?whose=nobody").text
    assert "Lis Leaver no longer works here: nobody is responsible" in client.get(left.get_absolute_url()).text
    assert counts(TODAY)["owner"] == 1
    assert [group.without_owner for group in groups(TODAY)[0]] == [1, 0, 0, 0]
    assert list(RegisterChange.objects.with_owner(False)) == [change]
    assert not RegisterChange.objects.with_owner().exists()
    assert "Take over" in client.get("/due/?whose=nobody").text
    client.post("/due/take/", {"at": left.pk})
    left.refresh_from_db()
    assert left.owner == owner


def test_the_team_takes_it_over_in_one_tap_with_what_goes_along(client_for, owner, leaver, left):
    promised, visit = FollowUpFactory(workplace=left, owner=leaver), planned(left, leaver)
    client = client_for(owner)

    page = client.get(QUEUE)
    answer = client.post(TAKE, {"at": left.pk}, follow=True)

    assert "Bageren" in page.text
    assert "Lis Leaver" in page.text
    left.refresh_from_db()
    promised.refresh_from_db()
    assert {left.owner, promised.owner, *visit.staff.all()} == {owner}
    assert "1 handed over. Along went 1 open follow-up, 1 planned contact." in answer.text
    assert "Nothing is ticked, or a colleague was quicker." in client.post(TAKE, {"at": left.pk}, follow=True).text


@pytest.mark.parametrize(("show", "tick"), [("follow_ups", "follow_up"), ("visits", "visit")])
def test_follow_ups_and_visits_are_taken_by_themselves(client_for, owner, leaver, show, tick):
    place = WorkplaceFactory(owner=owner, name="Smeden")
    rows = {"follow_ups": FollowUpFactory(workplace=place, owner=leaver), "visits": planned(place, leaver)}
    client = client_for(owner)

    assert "Smeden" in client.get(f"{QUEUE}?show={show}").text
    client.post(TAKE, {tick: rows[show].pk})

    assert "There is nothing of this kind." in client.get(f"{QUEUE}?show={show}").text


def test_another_team_sees_its_own_and_a_manager_all(client_for, person_in, left):
    stranger_team = UserFactory(team=TeamFactory(name="Team South"))
    stranger_team.groups.set(left.owner.groups.all())
    outsider = person_in("Employer consultant")
    outsider.team = TeamFactory(name="Team South")
    outsider.save()

    assert "Bageren" not in client_for(outsider).get(QUEUE).text
    assert "Bageren" in client_for(person_in(MANAGER)).get(QUEUE).text


def test_a_manager_gives_it_to_a_colleague(client_for, person_in, colleague, left):
    client = client_for(person_in(MANAGER))
    url = f"/handovers/new/?from=nobody&at={left.pk}"
    mark = client.get(url).text.split('name="mark" value="')[1].split('"')[0]

    client.post(url, {"to": colleague.pk, "mark": mark})

    left.refresh_from_db()
    assert left.owner == colleague
    assert Handover.objects.get().was_assigned


def test_the_leader_is_told_when_a_colleague_leaves(owner, person_in):
    manager, leader = person_in(MANAGER), UserFactory()
    owner.manager = leader
    owner.save()
    WorkplaceFactory(owner=owner)
    FollowUpFactory(owner=owner)

    actions.deactivate(user=owner, by=manager)
    actions.deactivate(user=owner, by=manager)

    message = Message.objects.get()
    assert message.to == leader.email
    assert message.key.startswith(f"left:{owner.pk}:2026-11-24")
    assert "Olga Owner" in message.subject
    for user in (leader, manager):
        parts = {part.name: found for part, found in waiting.waiting([user.pk], TODAY)[user.pk]}
        assert [line.what for line in parts["without_responsible"].lines] == [
            "Olga Owner has left: 1 workplace, 1 follow-up"
        ]


def test_let_in_again_they_have_back_what_nobody_has_taken_over(owner, colleague, person_in):
    manager = person_in(MANAGER)
    mine, taken = WorkplaceFactory(owner=owner), WorkplaceFactory(owner=owner)
    actions.deactivate(user=owner, by=manager)
    Workplace.objects.filter(pk=taken.pk).update(owner=colleague)

    actions.reactivate(user=owner, by=manager)

    assert list(Workplace.objects.filter(owner=owner)) == [mine]
    assert not Workplace.objects.without_owner().exists()


@pytest.mark.parametrize("rows", [1, 20])
@pytest.mark.parametrize("show", ["", "follow_ups", "visits"])
def test_the_queue_asks_the_same_questions_however_long_it_is(
    client_for, owner, leaver, rows, show, django_assert_num_queries
):
    for _one in range(rows):
        place = WorkplaceFactory(owner=leaver)
        FollowUpFactory(workplace=place, owner=leaver)
        planned(place, leaver)
    client = client_for(owner)

    with django_assert_num_queries(10 if show == "visits" else 9):
        client.get(f"{QUEUE}?show={show}")
