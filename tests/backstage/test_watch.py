"""What should have run and has not is seen, and what is well is not called wrong."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from jobcenter_crm.backstage import clock, pulse, watch
from jobcenter_crm.backstage.models import ClockRun, LastTick, Message
from tests.factories import JobFactory, MessageFactory, UserFactory

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAY = date(2026, 11, 24)
AT_SIX = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


@pytest.fixture
def morning(monkeypatch):
    """A clock with one piece of daily work, due at six, that fails when told to, and one of every minute."""
    monkeypatch.setattr(clock, "_days", {})
    monkeypatch.setattr(clock, "_ticks", {})
    fails = []

    def work(moment):
        if fails:
            raise ValueError
        return {"told": 3}

    clock.every_day("tests.morning", at=time(6, 0), label="Morning", counts={"told": "told"})(work)
    clock.every_tick("tests.minutes", label="Minutes", counts={"told": "told"})(work)
    return fails


def state(now):
    return watch.daily(now)[0].state


def test_before_its_first_hour_it_is_to_come(morning):
    assert state(AT_SIX - MINUTE) == watch.TO_COME


def test_at_its_hour_it_has_a_while(morning):
    clock.tick(AT_SIX - timedelta(days=1))

    assert state(AT_SIX - MINUTE) == watch.OK
    assert state(AT_SIX + MINUTE) == watch.TO_COME
    assert state(AT_SIX + watch.GRACE + MINUTE) == watch.LATE
    assert watch.daily(AT_SIX + watch.GRACE + MINUTE)[0].missed == DAY


def test_where_nothing_has_ever_run_that_is_said(morning):
    assert state(AT_SIX + timedelta(hours=3)) == watch.NEVER


def test_yesterdays_that_was_missed_is_seen_before_todays_hour(morning):
    clock.tick(AT_SIX - timedelta(days=2))

    seen = watch.daily(AT_SIX - MINUTE)[0]

    assert (seen.state, seen.missed) == (watch.LATE, DAY - timedelta(days=1))


def test_a_day_to_come_that_was_done_by_hand_hides_nothing(morning):
    clock.run_day(DAY + timedelta(days=5), AT_SIX)

    assert state(AT_SIX + watch.GRACE + MINUTE) == watch.NEVER


def test_a_message_sent_again_by_hand_has_not_waited_since_it_was_written(morning, today):
    old = timezone.now() - timedelta(days=1)
    message = MessageFactory(state=Message.State.FAILED, problem="Refused.")
    Message.objects.update(created_at=old)

    message.resend(by=UserFactory())

    assert not watch.mail(timezone.now()).is_stuck


def test_done_it_tells_how_long_it_took_and_what_it_counted(morning):
    clock.tick(AT_SIX)

    seen = watch.daily(AT_SIX + MINUTE)[0]

    assert (seen.state, seen.figures) == (watch.OK, [("told", 3)])
    assert seen.seconds is not None


def test_a_failure_is_wrong_until_it_has_gone_well(morning, today):
    morning.append("fails")
    clock.tick(AT_SIX)
    assert state(AT_SIX + MINUTE) == watch.FAILED
    assert "ValueError" in watch.daily(AT_SIX + MINUTE)[0].run.failure

    morning.clear()
    clock.tick(AT_SIX + clock.RETRY_AFTER + timedelta(hours=10))
    assert state(AT_SIX + timedelta(hours=11)) == watch.OK


def test_one_under_way_is_late_after_an_hour(morning):
    ClockRun.objects.create(name="tests.morning", date=DAY, started_at=AT_SIX)

    assert state(AT_SIX + MINUTE) == watch.UNDER_WAY
    assert state(AT_SIX + clock.RUN_LIMIT + MINUTE) == watch.LATE


def test_new_work_has_missed_nothing_before_its_first_day(morning):
    ClockRun.objects.create(name="tests.older", date=DAY - timedelta(days=1), started_at=AT_SIX, ended_at=AT_SIX)

    assert state(AT_SIX - MINUTE) == watch.TO_COME


def test_the_work_of_every_minute_is_late_when_the_clock_stands_still(morning):
    assert watch.each_minute(AT_SIX)[0].state == watch.NEVER
    clock.tick(AT_SIX)

    assert watch.each_minute(AT_SIX + watch.TICK_LIMIT)[0].state == watch.OK
    assert watch.each_minute(AT_SIX + watch.TICK_LIMIT + MINUTE)[0].state == watch.LATE


def test_since_when_it_fails_is_kept_until_it_goes_well(morning):
    clock.tick(AT_SIX)
    morning.append("fails")
    clock.tick(AT_SIX + MINUTE)
    clock.tick(AT_SIX + 2 * MINUTE)

    last = LastTick.objects.get()
    assert (last.failing_since, last.at) == (AT_SIX + MINUTE, AT_SIX + 2 * MINUTE)
    assert watch.each_minute(AT_SIX + 2 * MINUTE)[0].state == watch.FAILED

    morning.clear()
    clock.tick(AT_SIX + 3 * MINUTE)
    last.refresh_from_db()
    assert (last.failing_since, last.failure, last.result) == (None, "", {"told": 3})


def test_mail_that_waits_for_its_turn_too_long_is_stuck(today):
    now = timezone.now()
    message = MessageFactory(next_try_at=now)
    assert not watch.mail(now).is_stuck

    Message.objects.filter(pk=message.pk).update(created_at=now - watch.MAIL_LIMIT - MINUTE)

    assert watch.mail(now).is_stuck
    assert (watch.mail(now).waiting, watch.mail(now).unsettled) == (1, 0)


def test_health_is_red_when_something_should_have_run_and_has_not(morning, client, today):
    for name in pulse.LIMITS:
        pulse.beat(name)
    now = timezone.now()
    clock.tick(now)
    assert client.get("/health/").status_code == 200

    ClockRun.objects.update(date=DAY - timedelta(days=1))

    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["scheduled_late"] == ["tests.morning"]


@pytest.fixture
def karen(person_in):
    return person_in("Manager")


def test_the_page_says_that_all_is_well(morning, client_for, karen, today):
    for name in pulse.LIMITS:
        pulse.beat(name)
    clock.tick(timezone.now())

    page = client_for(karen).get("/clock/").content.decode()

    assert "All is well." in page
    assert "3 told" in page


def test_the_page_says_what_is_wrong_and_sends_a_message_again(morning, client_for, karen, today):
    doubted = MessageFactory(state=Message.State.IN_DOUBT, problem="The connection broke.", subject="Your day")
    client = client_for(karen)

    page = client.get("/clock/").content.decode()
    assert "The clock gives no sign of life" in page
    assert "Morning: has never run" in " ".join(page.split())
    assert "The connection broke." in page

    client.post(f"/clock/messages/{doubted.pk}/resend/")
    doubted.refresh_from_db()
    assert (doubted.state, doubted.resent_by) == (Message.State.WAITING, karen)


def test_a_message_that_a_later_one_has_replaced_is_set_aside_instead_of_sent_again(morning, client_for, karen):
    doubted = MessageFactory(state=Message.State.IN_DOUBT, thread="visit:1")
    MessageFactory(thread="visit:1")

    answer = client_for(karen).post(f"/clock/messages/{doubted.pk}/resend/", follow=True)

    doubted.refresh_from_db()
    assert doubted.state == Message.State.REPLACED
    assert "A later mail says what holds now" in answer.text


def shown_in(page, state):
    """What the form of that state sends along."""
    form = page.split(f'name="state" value="{state}"')[1].split("</form>")[0]
    return {"state": state} | dict(re.findall(r'name="(newest|count)" value="(\d+)"', form))


@pytest.mark.parametrize(
    ("act", "said", "left"),
    [
        ("resend", "3 messages are sent again within minutes.", "waiting"),
        ("drop", "3 messages are never sent.", "in_doubt"),
    ],
)
def test_all_mail_in_doubt_is_decided_about_at_once(client_for, karen, act, said, left):
    MessageFactory.create_batch(3, state=Message.State.IN_DOUBT, subject="Your day")
    refused = MessageFactory(state=Message.State.FAILED)
    client = client_for(karen)

    page = client.get("/clock/messages/").text
    answer = client.post("/clock/messages/", shown_in(page, "in_doubt") | {"act": act}, follow=True)

    assert page.count("Your day") == 3
    assert said in answer.text
    assert set(Message.objects.exclude(pk=refused.pk).values_list("state", flat=True)) == {left}
    assert list(Message.objects.unsettled()) == [refused]
    assert (watch.mail(timezone.now()).in_doubt, watch.mail(timezone.now()).failed) == (0, 1)


def test_it_is_said_how_many_are_sent_again_where_later_ones_have_replaced_some(client_for, karen):
    MessageFactory.create_batch(2, state=Message.State.IN_DOUBT)
    overtaken = MessageFactory(state=Message.State.IN_DOUBT, thread="visit:1")
    MessageFactory(thread="visit:1", state=Message.State.SENT, sent_at=timezone.now())
    client = client_for(karen)

    page = client.get("/clock/messages/").text
    answer = client.post("/clock/messages/", shown_in(page, "in_doubt") | {"act": "resend"}, follow=True)

    assert "Send 2 messages again" in page
    assert "Never send 3 messages" in page
    assert "2 messages are sent again within minutes." in answer.text
    overtaken.refresh_from_db()
    assert overtaken.state == Message.State.REPLACED


def test_where_later_ones_have_replaced_all_none_is_sent_again(client_for, karen):
    overtaken = MessageFactory(state=Message.State.IN_DOUBT, thread="visit:1")
    MessageFactory(thread="visit:1", state=Message.State.SENT, sent_at=timezone.now())
    client = client_for(karen)

    page = client.get("/clock/messages/").text
    sent = shown_in(page, "in_doubt") | {"act": "resend"}
    answer = client.post("/clock/messages/", sent, follow=True)

    assert 'value="resend"' not in page
    assert "none of these is sent again" in answer.text
    overtaken.refresh_from_db()
    assert overtaken.state == Message.State.REPLACED


def test_mail_that_changed_since_it_was_shown_is_shown_anew(client_for, karen):
    first, second = MessageFactory.create_batch(2, state=Message.State.IN_DOUBT)
    client = client_for(karen)
    shown = shown_in(client.get("/clock/messages/").text, "in_doubt")
    second.resend(by=karen)

    answer = client.post("/clock/messages/", shown | {"act": "drop"}, follow=True)

    assert "Something has changed meanwhile" in answer.text
    assert list(Message.objects.unsettled()) == [first]


@pytest.mark.parametrize("wrong", [{"state": "sent"}, {"count": "0"}, {"newest": "x"}, {"act": "burn"}])
def test_what_no_page_sends_does_nothing(client_for, karen, wrong):
    message = MessageFactory(state=Message.State.IN_DOUBT)
    good = {"state": "in_doubt", "count": "1", "newest": str(message.pk), "act": "drop"}

    answer = client_for(karen).post("/clock/messages/", good | wrong, follow=True)

    assert "Something has changed meanwhile" in answer.text
    assert list(Message.objects.unsettled()) == [message]


def test_the_page_of_unsettled_mail_is_for_those_who_may_send_it_again(client_for, owner):
    assert client_for(owner).get("/clock/messages/").status_code == 403


@pytest.mark.parametrize("many", [1, 30])
def test_the_page_of_unsettled_mail_takes_as_many_statements_with_many(
    client_for, karen, many, django_assert_num_queries
):
    MessageFactory.create_batch(many, state=Message.State.FAILED)
    client = client_for(karen)
    client.get("/clock/messages/")

    with django_assert_num_queries(8):
        client.get("/clock/messages/")


def test_the_page_takes_as_many_statements_with_many_messages(morning, client_for, karen, django_assert_num_queries):
    MessageFactory.create_batch(3, state=Message.State.FAILED, problem="Refused.")
    JobFactory.create_batch(3)
    client = client_for(karen)
    client.get("/clock/")

    with django_assert_num_queries(12):
        client.get("/clock/")
