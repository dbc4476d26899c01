from datetime import timedelta

import pytest
from celery.signals import after_task_publish, heartbeat_sent
from django.db import OperationalError, connection
from django.utils import timezone

from jobcenter_crm.backstage import clock, pulse
from jobcenter_crm.backstage.models import Pulse


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch):
    """As in a process that has not beaten yet, and may not close the connection of the test."""
    monkeypatch.setattr(pulse, "_last_beat", {})
    monkeypatch.setattr(pulse.connection, "close", lambda: None)


@pytest.fixture(autouse=True)
def nothing_scheduled(monkeypatch):
    """Of what should have run, `test_watch` tells."""
    monkeypatch.setattr(clock, "_days", {})
    monkeypatch.setattr(clock, "_ticks", {})


def beat(name, ago=timedelta(0)):
    Pulse.objects.create(name=name, beat_at=timezone.now() - ago)


def test_all_is_well_when_worker_and_clock_live(client, db):
    beat("worker", timedelta(seconds=12))
    beat("clock", timedelta(seconds=70))

    answer = client.get("/health/")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "well",
        "database": "ok",
        "worker": "ok",
        "worker_age_seconds": 12,
        "clock": "ok",
        "clock_age_seconds": 70,
        "scheduled": "ok",
        "scheduled_late": [],
        "mail": "ok",
        "mail_waiting": 0,
        "mail_failed": 0,
        "mail_in_doubt": 0,
    }


def test_an_installation_without_worker_and_clock_says_never(client, db):
    answer = client.get("/health/")

    assert answer.status_code == 503
    assert (answer.json()["worker"], answer.json()["clock"]) == ("never", "never")
    assert answer.json()["worker_age_seconds"] is None


@pytest.mark.parametrize(("late", "well"), [("worker", "clock"), ("clock", "worker")])
def test_one_that_has_fallen_silent_is_late(client, late, well, db):
    beat(late, pulse.LIMITS[late] + timedelta(seconds=1))
    beat(well)

    answer = client.get("/health/")

    assert answer.status_code == 503
    assert (answer.json()[late], answer.json()[well]) == ("late", "ok")


def test_without_a_database_it_says_so_and_nothing_more(client, monkeypatch):
    def unreachable(*args):
        raise OperationalError("connection to server at 10.0.0.5 failed for user jobcenter")

    monkeypatch.setattr(Pulse.objects, "values_list", unreachable)

    answer = client.get("/health/")

    assert answer.status_code == 503
    assert answer.json() == {"status": "unwell", "database": "unreachable"}


def test_it_may_only_be_asked(client, django_assert_num_queries, db):
    with django_assert_num_queries(4):
        answer = client.get("/health/")

    assert "no-store" in answer["Cache-Control"]
    assert client.head("/health/").status_code == 503
    assert client.post("/health/").status_code == 405


def test_a_worker_that_beats_every_other_second_is_written_down_every_fifteen(django_assert_num_queries, db):
    with django_assert_num_queries(1):
        for _second in range(5):
            heartbeat_sent.send(sender=None)

    assert Pulse.objects.get().name == "worker"


def test_the_clock_beats_with_each_tick_it_publishes_and_with_nothing_else(db):
    after_task_publish.send(sender="jobcenter_crm.backstage.tasks.run_job")
    before = Pulse.objects.count()
    after_task_publish.send(sender="jobcenter_crm.backstage.tasks.tick")
    after_task_publish.send(sender="jobcenter_crm.backstage.tasks.tick")

    assert (before, Pulse.objects.get().name) == (0, "clock")


def test_a_worker_goes_on_when_its_beat_cannot_be_written(monkeypatch, db):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(Pulse.objects, "bulk_create", locked)

    pulse.worker_lives()

    assert connection.is_usable()
