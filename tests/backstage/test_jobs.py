import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone, translation

from jobcenter_crm.backstage import jobs, kinds
from jobcenter_crm.backstage.models import Job
from jobcenter_crm.backstage.querysets import HEARTBEAT_LIMIT, QUEUE_LIMIT
from jobcenter_crm.staff.models import Team
from tests.backstage import work
from tests.backstage.conftest import at_once
from tests.factories import JobFactory, TeamFactory, UserFactory

State = Job.State


@pytest.fixture
def sent(monkeypatch):
    """Numbers of the jobs that the broker was told about."""
    numbers = []
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args, **options: numbers.extend(args))
    return numbers


@pytest.fixture
def kind(monkeypatch):
    """Registers work for one test only: `kind(work)` returns its name."""

    def register(work):
        monkeypatch.setitem(kinds._kinds, "tests.once", kinds.Kind("tests.once", "Once", work))
        return "tests.once"

    return register


def running(**facts):
    """A job that a worker has, and the progress in that worker's hands."""
    job = jobs.take(JobFactory(**facts).pk)
    return job, jobs.Progress(job)


def test_a_job_is_told_of_when_what_ordered_it_is_committed(owner, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.start("tests.tally", by=owner, arguments={"team": owner.team_id}, total=3)
        told_before = list(sent)

    assert (told_before, sent) == ([], [job.pk])
    assert (job.state, job.created_by, job.total) == (State.WAITING, owner, 3)


def test_a_job_that_a_command_runs_itself_is_told_to_nobody(sent, db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        jobs.start("tests.tally", by=None, queue_it=False)

    assert sent == []


def test_a_job_waits_when_there_is_no_broker_and_the_page_goes_on(
    owner, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(jobs.current_app, "send_task", raises(ConnectionRefusedError))

    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.start("tests.tally", by=owner)

    job.refresh_from_db()
    assert job.state == State.WAITING


def raises(error):
    def broken(*args, **kwargs):
        raise error

    return broken


def test_nobody_can_order_work_that_no_app_has_registered(owner):
    with pytest.raises(kinds.UnknownKind):
        jobs.start("tests.unknown", by=owner)


def test_a_kind_is_registered_once():
    with pytest.raises(ValueError, match="registered twice"):
        kinds.job_kind("tests.tally", label="Tally")(work.tally)


def test_a_job_runs_to_its_end_and_keeps_its_counts(owner):
    job = jobs.start("tests.tally", by=owner, arguments={"team": owner.team_id}, total=3)

    ran = jobs.run(job.pk)

    job.refresh_from_db()
    assert ran
    assert (job.state, job.done, job.total, job.counts, job.attempts) == (State.DONE, 3, 3, {"tallied": 3}, 1)
    assert job.started_at <= job.ended_at
    assert Team.objects.get().name == "Team North|||"


def test_a_job_is_taken_once(owner):
    job = jobs.start("tests.tally", by=owner, arguments={"team": owner.team_id}, total=3)

    assert [jobs.run(job.pk), jobs.run(job.pk)] == [True, False]
    assert Team.objects.get().name == "Team North|||"


@pytest.mark.django_db(transaction=True)
def test_workers_that_reach_for_a_job_in_the_same_instant_do_it_once(owner):
    job = jobs.start("tests.tally", by=owner, arguments={"team": owner.team_id}, total=3, queue_it=False)

    ran = at_once(lambda: jobs.run(job.pk))

    assert sorted(ran) == [False, False, False, True]
    assert Team.objects.get().name == "Team North|||"


def test_a_failure_is_told_in_the_words_of_the_work(owner):
    job = jobs.start("tests.refuse", by=owner)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.failure) == (State.FAILED, "The file has no column with the CVR number.")
    assert job.ended_at


def test_an_error_nobody_foresaw_is_told_without_what_was_in_it(owner):
    owner.language = "en"
    owner.save()
    job = jobs.start("tests.break", by=owner)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == State.FAILED
    assert str(job.pk) in job.failure
    assert "0102031234" not in job.failure


def test_work_that_no_version_knows_any_more_ends_in_words(db):
    job = JobFactory()

    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == State.FAILED
    assert job.failure


@pytest.mark.parametrize(("language", "heard"), [("en", "en"), ("da", "da"), ("", "da")])
def test_a_job_speaks_the_language_of_who_ordered_it(kind, language, heard, db):
    spoken = []
    name = kind(lambda job, progress: spoken.append(translation.get_language()))
    job = jobs.start(name, by=UserFactory(language=language))

    with translation.override("en"):
        jobs.run(job.pk)

    assert spoken == [heard]


def test_a_lost_database_leaves_the_job_to_be_resumed(kind, monkeypatch, db):
    monkeypatch.setattr(jobs.connection, "close", lambda: None)
    job = jobs.start(kind(raises(OperationalError("server closed the connection"))), by=None)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.failure) == (State.RUNNING, "")


def test_progress_is_written_once_a_second_however_often_it_is_told(db, django_assert_num_queries, monkeypatch):
    job, progress = running(total=100)

    with django_assert_num_queries(0):
        for done in range(50):
            progress(done=done)
    monkeypatch.setattr(jobs, "TELL_EVERY", 0)
    with django_assert_num_queries(1):
        progress(done=50, counts={"new": 7})

    job.refresh_from_db()
    assert (job.done, job.counts) == (50, {"new": 7})


def test_progress_beyond_what_was_expected_moves_the_end(db):
    job, progress = running(total=2)

    with progress.saving():
        progress(done=3)

    job.refresh_from_db()
    assert (job.done, job.total) == (3, 3)


def test_a_saving_that_fails_leaves_no_trace(db):
    job, progress = running(total=2)
    team = TeamFactory()

    with pytest.raises(ValueError, match="broken row"), progress.saving():
        team.delete()
        progress(done=1, counts={"new": 1})
        raise ValueError("broken row")

    job.refresh_from_db()
    assert (progress.done, progress.counts, job.done) == (0, {}, 0)
    assert Team.objects.exists()


def taken_over(job):
    """The same job in the hands of another worker, after its first one fell silent."""
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - HEARTBEAT_LIMIT - timedelta(seconds=1))
    jobs.sweep(timezone.now())
    return jobs.Progress(jobs.take(job.pk))


def test_a_worker_that_was_only_slow_can_save_nothing_once_another_has_its_job(db, sent):
    job, slow = running(total=2)
    team = TeamFactory()
    taken_over(job)

    with pytest.raises(jobs.JobLost), slow.saving():
        team.delete()

    assert Team.objects.exists()


def test_a_worker_that_was_only_slow_cannot_end_the_job_of_another(db, sent):
    job, slow = running(total=2)
    fast = taken_over(job)

    with pytest.raises(jobs.JobLost):
        slow.end(state=State.FAILED, failure="Too slow.")
    fast.end(state=State.DONE)

    job.refresh_from_db()
    assert (job.state, job.failure, job.attempts) == (State.DONE, "", 2)


def test_a_worker_hears_that_it_lost_its_job_and_says_nothing_more(kind, sent, db):
    def slow(job, progress):
        taken_over(job)
        with progress.saving():
            pass

    job = jobs.start(kind(slow), by=None)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.failure, job.attempts) == (State.RUNNING, "", 2)


def test_a_resumed_job_goes_on_from_what_was_saved(owner, sent):
    job = jobs.start("tests.tally", by=owner, arguments={"team": owner.team_id}, total=3)
    broken = jobs.Progress(jobs.take(job.pk))
    with broken.saving():
        work.mark(Team, owner.team_id, "name", "|")
        broken(done=1)
    Job.objects.update(heartbeat_at=timezone.now() - HEARTBEAT_LIMIT - timedelta(seconds=1))

    jobs.sweep(timezone.now())
    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done, job.attempts) == (State.DONE, 3, 2)
    assert Team.objects.get().name == "Team North|||"


@pytest.mark.django_db(transaction=True)
def test_a_long_step_keeps_the_heart_beating(monkeypatch):
    monkeypatch.setattr(jobs, "BEAT_EVERY", 0.02)
    _job, progress = running()
    long_ago = timezone.now() - timedelta(hours=1)
    Job.objects.update(heartbeat_at=long_ago)

    with progress.beating():
        wait_for(lambda: Job.objects.get().heartbeat_at > long_ago)

    assert threading.active_count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_long_step_whose_job_was_taken_over_ends_with_that(monkeypatch):
    monkeypatch.setattr(jobs, "BEAT_EVERY", 0.02)
    _job, progress = running()
    Job.objects.update(attempts=2)

    with pytest.raises(jobs.JobLost), progress.beating():
        wait_for(lambda: progress._lost)


def wait_for(condition, seconds=10):
    until = timezone.now() + timedelta(seconds=seconds)
    while not condition():
        assert timezone.now() < until
        threading.Event().wait(0.01)


def test_the_sweep_puts_back_what_fell_silent_and_nothing_else(db, sent):
    now = timezone.now()
    silent = JobFactory(state=State.RUNNING, attempts=1, heartbeat_at=now - HEARTBEAT_LIMIT - timedelta(seconds=1))
    alive = JobFactory(state=State.RUNNING, attempts=1, heartbeat_at=now - timedelta(seconds=30))

    counts = jobs.sweep(now)

    assert counts == {"put_back": 1, "given_up": 0, "queued": 0}
    assert sent == [silent.pk]
    assert [Job.objects.get(pk=job.pk).state for job in (silent, alive)] == [State.WAITING, State.RUNNING]


def test_the_sweep_is_harmless_twice(db, sent):
    now = timezone.now()
    JobFactory(
        state=State.RUNNING,
        attempts=1,
        heartbeat_at=now - HEARTBEAT_LIMIT * 2,
        queued_at=now - HEARTBEAT_LIMIT * 2,
    )

    jobs.sweep(now)
    counts = jobs.sweep(now)

    assert counts == {"put_back": 0, "given_up": 0, "queued": 0}
    assert len(sent) == 1


def test_the_sweep_tells_again_of_a_job_whose_message_was_lost(db, sent):
    now = timezone.now()
    lost = JobFactory(queued_at=now - QUEUE_LIMIT - timedelta(seconds=1))
    JobFactory(queued_at=now)

    jobs.sweep(now)

    assert sent == [lost.pk]


def test_a_job_that_loses_every_worker_is_given_up_in_words(db, sent):
    silence = timezone.now() - HEARTBEAT_LIMIT * 2
    job = JobFactory(state=State.RUNNING, attempts=jobs.ATTEMPTS, heartbeat_at=silence)

    counts = jobs.sweep(timezone.now())

    job.refresh_from_db()
    assert counts["given_up"] == 1
    assert (job.state, sent) == (State.FAILED, [])
    assert str(jobs.ATTEMPTS) in job.failure


def test_a_failed_job_can_be_tried_again(owner, sent, django_capture_on_commit_callbacks):
    job = JobFactory(state=State.FAILED, failure="No room on the disk.", attempts=5, created_by=owner)

    with django_capture_on_commit_callbacks(execute=True):
        jobs.retry(job, by=owner)

    job.refresh_from_db()
    assert (job.state, job.failure, job.attempts, job.ended_at, sent) == (State.WAITING, "", 0, None, [job.pk])


@pytest.mark.parametrize("state", [State.WAITING, State.RUNNING, State.DONE, State.UNDONE])
def test_only_a_failed_job_can_be_tried_again(owner, state, sent):
    job = JobFactory(state=state, created_by=owner)

    with pytest.raises(jobs.NotPossible):
        jobs.retry(job, by=owner)


def test_work_that_knows_no_way_back_cannot_be_undone(owner):
    job = JobFactory(kind="tests.tally", state=State.DONE, done=3, created_by=owner)

    with pytest.raises(jobs.NotPossible):
        jobs.undo(job, by=owner)


def test_a_failed_job_must_say_why(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        JobFactory(state=State.FAILED)
