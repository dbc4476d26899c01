"""A day of reminders under failure, with real workers, brokers and a mail server that misbehaves.

After each drill: every follow-up is there once, everybody has one overview or a doubt that is shown, nobody has two,
and nobody has been left out without a word.
"""

import shutil
import subprocess
from collections import Counter
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from contacts.models import Digest, FollowUp
from jobcenter_crm.backstage import clock, jobs, watch
from jobcenter_crm.backstage.models import ClockRun, Message
from jobcenter_crm.backstage.querysets import CLAIM_LIMIT
from jobcenter_crm.staff.models import User
from tests.backstage.conftest import at_once, wait_until
from tests.backstage.post_office import PostOffice
from tests.factories import FollowUpFactory, UserFactory, WorkplaceFactory

PEOPLE = 60
MOMENTS = 20
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
State = Message.State


@pytest.fixture
def office():
    office = PostOffice()
    yield office
    office.close()


def people_with_a_promise(how_many=PEOPLE, due_on=None):
    """So many colleagues, each with a follow-up for today, who want their overview at midnight, also at weekends."""
    place, due_on = WorkplaceFactory(), due_on or timezone.localdate()
    people = UserFactory.create_batch(how_many, digest_at=time(0, 0), digest_on_days_off=True)
    for person in people:
        FollowUpFactory(owner=person, workplace=place, due_on=due_on)
    return people


def orphans_are_seen():
    """As though the time had passed after which a claimed message counts as left behind."""
    long_ago = timezone.now() - CLAIM_LIMIT - timedelta(seconds=1)
    Message.objects.filter(state=State.SENDING).update(claimed_at=long_ago)


def tell_to_tick():
    jobs.current_app.send_task("jobcenter_crm.backstage.tasks.tick")


def how_far():
    """Steps of the day that can be seen from outside: overviews decided, and mails claimed or gone."""
    return Digest.objects.count() + Message.objects.exclude(state=State.WAITING).count()


def is_over():
    waiting = Message.objects.filter(state__in=[State.WAITING, State.SENDING]).exists()
    return Digest.objects.count() == PEOPLE and not waiting


def everything_was_kept(people, office, day):
    """What must hold after every drill."""
    assert Counter(FollowUp.objects.values_list("owner", flat=True)) == Counter(person.pk for person in people)
    assert set(Digest.objects.filter(date=day).values_list("user", flat=True)) == {person.pk for person in people}
    arrived = Counter(office.received)
    assert max(arrived.values(), default=0) <= 1
    told = Message.objects.filter(to__in=[person.email for person in people])
    assert set(told.values_list("to", flat=True)) == {person.email for person in people}
    for message in told:
        # In doubt: arrived or not, but shown. Sent: arrived.
        assert message.state in (State.SENT, State.IN_DOUBT), message.problem
        assert message.state == State.IN_DOUBT or arrived[message.message_id] == 1


def test_a_worker_that_is_killed_at_twenty_moments_of_the_day_loses_nothing_and_sends_nothing_twice(workers, office):
    people = people_with_a_promise()
    post = {"EMAIL_URL": f"smtp://127.0.0.1:{office.port}"}
    # Slow enough that no two moments come to the same mail, and the last one before the last mail.
    office.pause = 0.15

    for moment in range(MOMENTS):
        if is_over():
            break
        before = how_far()
        worker = workers.start(**post)
        tell_to_tick()
        wait_until(lambda before=before, moment=moment: how_far() > before + moment % 4 or is_over(), "some progress")
        workers.kill(worker)
        orphans_are_seen()
    assert moment == MOMENTS - 1, "the day was over before the worker had been killed twenty times"
    workers.start(**post)
    wait_until(lambda: tell_to_tick() or is_over(), "the end of the day")

    everything_was_kept(people, office, timezone.localdate())
    doubts = Message.objects.filter(state=State.IN_DOUBT).count()
    assert doubts <= MOMENTS
    assert watch.mail(timezone.now()).in_doubt == doubts


def test_two_clocks_and_two_workers_at_once_tell_everybody_once(workers, office, tmp_path):
    people = people_with_a_promise()
    post = {"EMAIL_URL": f"smtp://127.0.0.1:{office.port}"}

    for number in range(2):
        workers.start("--beat", f"--schedule={tmp_path / f'schedule-{number}'}", **post)
    wait_until(lambda: tell_to_tick() or is_over(), "the end of the day", seconds=90)

    everything_was_kept(people, office, timezone.localdate())
    assert not Message.objects.filter(state=State.IN_DOUBT).exists()
    daily = ClockRun.objects.filter(date=timezone.localdate())
    assert set(daily.values_list("attempts", flat=True)) <= {1}


@pytest.fixture
def own_redis(tmp_path, monkeypatch):
    """A Redis of this test's own, which may be stopped: its port, and functions that start and stop it."""
    if connection.vendor != "postgresql" or not settings.REDIS_URL:
        pytest.skip("needs PostgreSQL in DATABASE_URL and Redis in REDIS_URL")
    if not shutil.which("redis-server"):
        pytest.skip("needs redis-server, to start one that can be stopped")
    redis = OwnRedis(tmp_path)
    redis.start()
    yield redis
    redis.stop()


class OwnRedis:
    def __init__(self, folder):
        self.folder, self.process = folder, None
        self.port = PostOffice.free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def test_a_redis_that_stops_in_the_middle_of_the_day_and_comes_back_empty_costs_nothing(
    workers, office, own_redis, tmp_path
):
    people = people_with_a_promise()
    office.pause = 0.05
    environment = {"EMAIL_URL": f"smtp://127.0.0.1:{office.port}", "REDIS_URL": own_redis.url}
    workers.start("--beat", f"--schedule={tmp_path / 'schedule'}", **environment)
    wait_until(lambda: how_far() > PEOPLE // 2, "half of the overviews", seconds=90)

    own_redis.stop()
    # What a worker has begun it goes on with; nothing new is heard.
    own_redis.start()
    wait_until(is_over, "the end of the day", seconds=150)

    everything_was_kept(people, office, timezone.localdate())


def test_an_embedded_broker_whose_folder_is_gone_for_a_while_costs_nothing(workers, office, tmp_path):
    if settings.REDIS_URL:
        pytest.skip("this run has Redis as its broker")
    people = people_with_a_promise()
    office.pause = 0.05
    broker = tmp_path / "broker"
    post = {"EMAIL_URL": f"smtp://127.0.0.1:{office.port}", "BROKER_DIR": str(broker)}
    worker = workers.start("--beat", f"--schedule={tmp_path / 'schedule'}", **post)
    wait_until(lambda: how_far() > PEOPLE // 2, "half of the overviews", seconds=90)

    workers.kill(worker)
    orphans_are_seen()
    shutil.rmtree(broker)
    workers.start("--beat", f"--schedule={tmp_path / 'schedule'}", **post)
    wait_until(is_over, "the end of the day", seconds=150)

    everything_was_kept(people, office, timezone.localdate())


def minutes_of(day, first=time(0, 0), hours=30, step=7):
    """Instants of `day` here in Denmark and the morning after, so many minutes apart."""
    begin = datetime.combine(day, first, tzinfo=COPENHAGEN).astimezone(ZoneInfo("UTC"))
    return [begin + timedelta(minutes=minutes) for minutes in range(0, hours * 60, step)]


@pytest.fixture
def by_smtp(office):
    """Mail in this process goes to the office. A busy machine may take its time over a greeting."""
    mail = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1"}
    with override_settings(**mail, EMAIL_PORT=office.port, EMAIL_TIMEOUT=15):
        yield office


def through_the_day(day, time_machine, **how):
    """Let the clock tick through a day, as it would."""
    for now in minutes_of(day, **how):
        with time_machine.travel(now, tick=False):
            clock.tick(now)


DAY = date(2026, 11, 24)


@pytest.fixture
def travel():
    import time_machine

    return time_machine


def test_a_mail_server_that_refuses_half_of_the_time_gets_each_mail_once_in_the_end(by_smtp, db, travel):
    people = people_with_a_promise(8, due_on=DAY)
    by_smtp.refuse_every_second("451 come back later")

    through_the_day(DAY, travel)

    everything_was_kept(people, by_smtp, DAY)
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}
    assert Message.objects.filter(attempts__gt=1).exists()


def test_a_mail_server_that_hangs_leaves_a_doubt_and_not_a_second_mail(by_smtp, db, travel):
    people = people_with_a_promise(3, due_on=DAY)
    by_smtp.mute.set()

    with override_settings(EMAIL_TIMEOUT=1):
        through_the_day(DAY, travel, hours=1)
    by_smtp.mute.clear()
    through_the_day(DAY, travel, first=time(1, 0), hours=28, step=30)

    everything_was_kept(people, by_smtp, DAY)
    assert {message.state for message in Message.objects.filter(key__contains=str(DAY))} == {State.IN_DOUBT}


def test_a_mail_server_that_never_comes_back_is_given_up_within_a_day_and_shown(by_smtp, db, travel):
    people_with_a_promise(2, due_on=DAY)
    by_smtp.refusal = "451 not today"

    through_the_day(DAY, travel, hours=40, step=20)

    assert set(Message.objects.filter(created_at__date=DAY).values_list("state", flat=True)) == {State.FAILED}
    given_up = Message.objects.filter(state=State.FAILED).first()
    by_smtp.refusal = None
    with travel.travel("2026-11-25T17:00:00+01:00", tick=False):
        assert given_up.resend(by=User.objects.first())
        clock.tick(timezone.now())
    given_up.refresh_from_db()
    assert given_up.state == State.SENT


def test_a_machine_that_was_off_at_six_and_wakes_at_nine_tells_everybody_then(by_smtp, db, travel):
    people = people_with_a_promise(3, due_on=DAY)
    User.objects.update(digest_at=time(6, 0))

    through_the_day(DAY, travel, first=time(4, 0), hours=1)
    assert not Digest.objects.exists()
    through_the_day(DAY, travel, first=time(9, 0), hours=2)

    everything_was_kept(people, by_smtp, DAY)


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)], ids=["to winter", "to summer"])
@pytest.mark.parametrize("at", [time(2, 30), time(6, 0)])
def test_the_change_of_the_hour_tells_everybody_once(by_smtp, db, travel, day, at):
    people = people_with_a_promise(2, due_on=day)
    User.objects.update(digest_at=at)

    through_the_day(day, travel, hours=23, step=15)

    everything_was_kept(people, by_smtp, day)
    assert len(by_smtp.received) == 2


@pytest.mark.django_db(transaction=True)
def test_clocks_that_tick_in_the_same_instant_tell_everybody_once(by_smtp):
    people = people_with_a_promise(6)
    now = timezone.now()

    at_once(lambda: clock.tick(now), how_many=3)
    at_once(lambda: clock.tick(now), how_many=3)

    everything_was_kept(people, by_smtp, timezone.localdate())
