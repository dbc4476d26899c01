"""Two webs, two workers and two clocks, started by the commands of docker-compose.yml, on PostgreSQL and Redis.

They keep nothing to themselves: what one has done, the other knows; and one may stop or die without anybody noticing.
Between them and the database stands the pool, where PgBouncer is installed.
"""

import json
from collections import Counter
from contextlib import contextmanager
from datetime import time, timedelta

import psycopg2
import pytest
from celery import current_app
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone

from bench.rows import write
from bench.served import Samples, Served, clients, pool_is_here
from bench.visitor import Visitor, number_in
from companies.models import RegisterImport, Workplace
from contacts.models import Digest
from jobcenter_crm.backstage.models import ClockRun, Job, Message
from jobcenter_crm.backstage.querysets import HEARTBEAT_LIMIT
from jobcenter_crm.staff.roles import MANAGER, STEWARD
from tests.backstage.conftest import database_url, wait_until
from tests.factories import FollowUpFactory, UserFactory, WorkplaceFactory

pytestmark = pytest.mark.served

PASSWORD = "lang-nok-til-at-logge-ind-2026"
# Large enough that a worker reads it, and that it takes some seconds to take in.
ROWS = 9000
PAGES = ["/", "/companies/", "/search/?q=hav", "/dashboard/", "/health/"]
PEOPLE = 8
# Connections for pages, and for workers and clocks.
POOL = (4, 4)


@pytest.fixture
def serve(transactional_db, tmp_path, settings):
    """Starts the served size on the database and the Redis of this test run; all of it ends with the test."""
    if not (settings.REDIS_URL and connection.vendor == "postgresql"):
        pytest.skip("needs PostgreSQL in DATABASE_URL and Redis in REDIS_URL")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    current_app.control.purge()
    running = []

    def begin(**said):
        served = Served(
            tmp_path, database_url(), settings.REDIS_URL, WEB_CONCURRENCY="1", WORKER_CONCURRENCY="1", **said
        )
        running.append(served)
        return served.__enter__()

    yield begin
    for served in running:
        served.__exit__()
    current_app.control.purge()


def colleague(name, *roles):
    person = UserFactory(username=name, digest_at=time(0, 0), digest_on_days_off=True)
    person.set_password(PASSWORD)
    person.save()
    person.groups.set(Group.objects.filter(name__in=roles))
    return person


def answers(process):
    """Whether a web answers, and reaches its database."""
    assert process.poll() is None, process.log.read_text()
    try:
        return json.loads(Visitor().get(process.port, "/health/").body)["database"] == "ok"
    except OSError:
        return False


def lines(process):
    """What a process has written, read as the JSON that each line must be."""
    return [json.loads(line) for line in process.log.read_text(encoding="utf-8").splitlines()]


def took(process, job):
    return sum(line["event"] == "job_taken" and line["job"] == job for line in lines(process))


def test_two_of_each_work_as_one(serve, tmp_path):
    people = [colleague("steward", STEWARD, MANAGER), colleague("guessed-at")]
    people += [colleague(f"other-{number}", MANAGER) for number in range(len(people), PEOPLE)]
    place = WorkplaceFactory()
    for person in people:
        FollowUpFactory(owner=person, workplace=place, due_on=timezone.localdate())
    served = serve(pool=POOL if pool_is_here() else None)
    webs, workers, clocks = ([served.start(service) for _two in range(2)] for service in ("web", "worker", "clock"))
    for web in webs:
        wait_until(lambda web=web: answers(web), "the web to answer", seconds=90)
    one, two = (web.port for web in webs)

    # Who has logged in at one is logged in at the other.
    browser = Visitor("steward")
    assert browser.get(two, "/companies/import/").status == 302
    assert browser.log_in(one, PASSWORD).status == 302
    assert browser.get(two, "/companies/import/").status == 200

    # Wrong guesses are counted over both.
    guesser = Visitor("guessed-at")
    for turn in range(5):
        assert guesser.log_in((one, two)[turn % 2], "wrong").status == 200
    for port in (one, two):
        refused = guesser.log_in(port, PASSWORD)
        assert refused.status == 200
        assert "Too many wrong attempts" in refused.text

    # A file that came in through one is read through the other.
    template = "/documents/agreement/da/"
    taken = browser.post(one, template, {}, {"file": ("own.docx", browser.get(one, f"{template}file/").body)})
    assert taken.status == 302
    assert browser.get(two, f"{template}file/").body == browser.get(one, f"{template}file/").body != b""

    # A job that was ordered at one is done by one of the workers, once, and followed at the other.
    register = tmp_path / "register.csv"
    write(register, ROWS)
    sent = browser.post(one, "/companies/import/", {}, {"file": ("register.csv", register.read_bytes())})
    page, number = sent.headers["Location"], number_in(sent.headers["Location"])
    reading = RegisterImport.objects.get(pk=number).job_id
    wait_until(lambda: RegisterImport.objects.get(pk=number).state == "previewed", "the file to be read")
    assert sum(took(worker, reading) for worker in workers) == 1
    assert "register.csv" in browser.get(two, page).text

    # A worker that is killed in the middle of it: the other goes on from where it had come to.
    assert browser.post(two, f"{page}apply/", {}).status == 302
    job = RegisterImport.objects.get(pk=number).job_id
    wait_until(lambda: 0 < Job.objects.get(pk=job).done < ROWS, "the middle of the job")
    assert "of 9,000" in browser.get(one, f"/jobs/{job}/").text
    [at_work] = [worker for worker in workers if took(worker, job)]
    served.kill(at_work)
    Job.objects.filter(pk=job, state="running").update(
        heartbeat_at=timezone.now() - HEARTBEAT_LIMIT - timedelta(seconds=1)
    )
    current_app.send_task("jobcenter_crm.backstage.tasks.tick")

    # Meanwhile the pages are asked for by more people than there are connections.
    others = [person.username for person in people[2:]]
    connection.ensure_connection()
    ours = connection.connection.get_backend_pid()
    with Samples(database_url(), leave_out=[ours]) as samples, clients([one, two], others, PAGES, PASSWORD) as came:
        wait_until(lambda: Job.objects.get(pk=job).state == "done", "the other worker to end it")
        wait_until(lambda: len(came) > 100, "a hundred pages")
    assert {status for status, _seconds in came} == {200}
    if served.pool:
        assert 0 < samples.most <= sum(served.pool)
    assert Job.objects.get(pk=job).attempts == 2
    assert sum(RegisterImport.objects.get(pk=number).tally.values()) == ROWS <= Workplace.objects.count()

    # With two clocks each scheduled thing is done once.
    wait_until(lambda: Visitor().get(two, "/health/").status == 200, "all to be well")
    assert set(ClockRun.objects.filter(date=timezone.localdate()).values_list("attempts", flat=True)) == {1}
    assert Digest.objects.filter(date=timezone.localdate()).count() == PEOPLE
    assert set(Counter(Message.objects.values_list("to", flat=True)).values()) == {1}
    sent = Message.objects.filter(state=Message.State.SENT)
    # The minute that writes the overviews may have swept the mail before it wrote them: they leave in the next.
    wait_until(
        lambda: sent.count() == PEOPLE == len(list((tmp_path / "mail").iterdir())), "the mails to be sent", seconds=150
    )

    # One web is stopped: the other knows the same people.
    served.stop(webs[0])
    assert browser.get(two, "/companies/").status == 200

    # Each line that any of them wrote is one JSON object, and names nobody.
    written = [line for process in (*webs, *workers, *clocks) for line in lines(process)]
    assert {"event", "level", "timestamp"} <= set.intersection(*(set(line) for line in written))
    said = json.dumps(written)
    assert not [word for word in ("steward", "guessed-at", PASSWORD, people[0].email) if word in said]


@contextmanager
def taken(served, service):
    """Holds a connection of those that a service has, as long as the block lasts: a cursor in a transaction of it."""
    held = psycopg2.connect(served.environment_of(service)["DATABASE_URL"].partition("?")[0])
    try:
        cursor = held.cursor()
        cursor.execute("SELECT 1")
        yield cursor
    finally:
        held.close()


def connects(served, service):
    try:
        with taken(served, service):
            return True
    except psycopg2.OperationalError:
        return False


def test_whoever_gets_no_connection_in_time_is_told_to_wait(serve):
    if not pool_is_here():
        pytest.skip("needs PgBouncer (on Debian: apt install pgbouncer)")
    colleague("consultant")
    served = serve(pool=(1, 1), POOL_WAIT="1")
    web = served.start("web")
    wait_until(lambda: answers(web), "the web to answer", seconds=90)
    browser = Visitor("consultant")
    browser.log_in(web.port, PASSWORD)

    with taken(served, "worker"):
        beside_all_jobs = browser.get(web.port, "/")
    with taken(served, "web"):
        refused = browser.get(web.port, "/")
        report = json.loads(Visitor().get(web.port, "/health/").body)

    # Jobs have connections of their own.
    assert beside_all_jobs.status == 200
    assert (refused.status, refused.headers["Retry-After"]) == (503, "30")
    assert "The system can't answer just now" in refused.text
    assert report == {"status": "unwell", "database": "unreachable"}
    wait_until(lambda: browser.get(web.port, "/").status == 200, "the page")


def test_statements_are_planned_as_they_are_read_behind_a_pool_too(serve):
    if not pool_is_here():
        pytest.skip("needs PgBouncer (on Debian: apt install pgbouncer)")
    served = serve(pool=(1, 1))

    for service in ("web", "worker"):
        wait_until(lambda service=service: connects(served, service), "the pool to answer")
        with taken(served, service) as cursor:
            cursor.execute("SELECT current_setting('jit'), current_setting('cursor_tuple_fraction')")
            assert cursor.fetchone() == ("off", "1")
