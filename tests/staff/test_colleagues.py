"""The list of colleagues, and letting one who leaves no longer log in."""

from datetime import date

import pytest

from jobcenter_crm.staff import actions
from jobcenter_crm.staff.models import User
from jobcenter_crm.staff.roles import CONSULTANT, MANAGER
from tests.factories import FollowUpFactory, UserFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PAGE = "/colleagues/"


@pytest.fixture
def boss(client_for, person_in):
    return client_for(person_in(MANAGER))


def leaves(user):
    return f"/colleagues/{user.pk}/leaves/"


def test_it_says_how_to_reach_them_and_who_stands_in(client_for, stranger, owner, colleague):
    User.objects.filter(pk=owner.pk).update(absent_until=date(2026, 11, 30), deputy=colleague, phone="10 60 11 22")
    User.objects.filter(pk=colleague.pk).update(absent_until=date(2026, 11, 20))

    text = client_for(stranger).get(PAGE).text

    assert "Olga Owner" in text
    assert "10 60 11 22" in text
    assert text.count("away until") == 2  # in its column, and under the name on a phone
    assert "Carl Colleague" in text
    assert "No longer works here" not in text


def test_it_is_searched_by_name_and_team(client_for, owner, colleague):
    client = client_for(owner)

    assert "Carl Colleague" not in client.get(f"{PAGE}?q=olga").text.split("<tbody>")[1]
    assert "Carl Colleague" in client.get(f"{PAGE}?q=north").text.split("<tbody>")[1]
    assert "Nobody here fits" in client.get(f"{PAGE}?q=zz").text


def test_a_colleague_who_leaves_is_out_at_the_next_press(boss, client_for, owner):
    theirs = client_for(owner)
    WorkplaceFactory(owner=owner)
    FollowUpFactory(owner=owner)
    other = client_for(UserFactory())

    page = boss.get(leaves(owner))
    answer = boss.post(leaves(owner), follow=True)

    assert "1 workplace" in page.text
    assert "1 follow-up" in page.text
    assert "Olga Owner can no longer log in." in answer.text
    assert theirs.get("/").status_code == 302
    assert other.get("/").status_code == 200
    owner.refresh_from_db()
    assert not owner.is_active
    assert owner.history.first().history_user is not None
    # Let in again one logs in anew: the old log-in is gone.
    actions.reactivate(user=owner, by=UserFactory())
    assert theirs.get("/").status_code == 302


def test_who_has_left_is_let_in_again(boss, owner, client_for):
    User.objects.filter(pk=owner.pk).update(is_active=False)

    assert "Olga Owner" in boss.get(f"{PAGE}?show=left").text
    boss.post(f"/colleagues/{owner.pk}/comes-back/")

    owner.refresh_from_db()
    assert owner.is_active
    assert "Have left" not in client_for(owner).get(f"{PAGE}?show=left").text


def test_nobody_does_it_to_themselves_or_to_who_runs_the_system(client_for, person_in):
    manager, runs_it = person_in(MANAGER), UserFactory(is_superuser=True)
    client = client_for(manager)

    for somebody in (manager, runs_it):
        client.post(leaves(somebody))
        somebody.refresh_from_db()
        assert somebody.is_active
    with pytest.raises(actions.NotThem):
        actions.deactivate(user=manager, by=manager)


def test_the_admin_ends_log_ins_too_and_shows_what_is_left_first(client_for, owner):
    admin = client_for(UserFactory(is_superuser=True, is_staff=True))
    theirs = client_for(owner)

    chosen = admin.post("/admin/staff/user/", {"action": "deactivate", "_selected_action": [owner.pk], "index": 0})
    page = admin.get(f"/admin/staff/user/{owner.pk}/change/")
    fields = page.context["adminform"].form.initial
    data = {name: value for name, value in fields.items() if value not in (None, False) and name != "password"}
    data |= {"groups": [group.pk for group in owner.groups.all()], "digest_at": "07:00:00"}
    data.pop("is_active")
    answer = admin.post(f"/admin/staff/user/{owner.pk}/change/", data)

    assert chosen.url == leaves(owner)
    assert answer.status_code == 302
    assert theirs.get("/").status_code == 302
    owner.refresh_from_db()
    assert not owner.is_active


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_asks_the_same_questions_however_many_there_are(boss, person_in, rows, django_assert_num_queries):
    for number in range(rows):
        UserFactory(team=User.objects.first().team, deputy=UserFactory(), absent_until=date(2026, 11, 30 - number % 2))
    person_in(CONSULTANT)

    with django_assert_num_queries(8):
        boss.get(PAGE)


def test_the_address_of_a_calendar_does_not_come_back_with_the_log_in(boss, owner):
    token = owner.open_feed()
    boss.post(leaves(owner))
    owner.refresh_from_db()

    assert (owner.is_active, owner.feed_hash) == (False, None)
    assert not User.objects.with_feed(token).exists()
