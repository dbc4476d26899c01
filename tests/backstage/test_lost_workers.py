"""Real workers, killed by -9 in the middle of their work: nothing is lost, and nothing is done twice."""

import os
import signal
from datetime import timedelta

from django.utils import timezone

from jobcenter_crm.backstage import bulk, clock, jobs
from jobcenter_crm.backstage.models import Job, JobTarget, Message, Pulse
from jobcenter_crm.backstage.querysets import CLAIM_LIMIT, HEARTBEAT_LIMIT, QUEUE_LIMIT
from jobcenter_crm.staff.models import Team, User
from tests.backstage.conftest import wait_until
from tests.backstage.post_office import PostOffice
from tests.factories import MessageFactory, TeamFactory, UserFactory

State = Job.State
ROWS = 200


def saved(job):
    return job.targets.exclude(state=JobTarget.State.WAITING).count()


def state_of(job):
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def tick_after_silence():
    """What the clock does once a dead worker has been silent for long enough."""
    clock.tick(timezone.now() + HEARTBEAT_LIMIT + timedelta(seconds=1))


def order_titles(by, pause=0.004):
    """A job that gives 200 people a title, 20 in a transaction, which takes it about a second."""
    User.objects.bulk_create(UserFactory.build_batch(ROWS, title="Consultant", phone=""))
    return bulk.start(
        "tests.give_title",
        by=by,
        rows=User.objects.filter(title="Consultant"),
        values={"title": "New"},
        arguments={"pause": pause},
    )


def how_often_done():
    """The number of times each of the 200 was done, as the set of what there is."""
    return {len(phone) for phone in User.objects.filter(title="New").values_list("phone", flat=True)}


def test_a_bulk_job_whose_workers_are_killed_again_and_again_does_every_row_once(workers):
    job = order_titles(by=UserFactory())

    # In its first transaction, half way, and just before the end.
    for rows in (0, 100, 180):
        worker = workers.start()
        wait_until(lambda rows=rows: state_of(job) == State.RUNNING and saved(job) >= rows, f"{rows} rows")
        workers.kill(worker)
        assert (state_of(job), saved(job) < ROWS) == (State.RUNNING, True)
        tick_after_silence()
    workers.start()
    wait_until(lambda: state_of(job) == State.DONE, "the end of the job")

    job.refresh_from_db()
    assert (job.done, job.total, job.counts) == (ROWS, ROWS, {"changed": ROWS, "left": 0})
    assert job.attempts == 4
    assert how_often_done() == {1}


def test_an_undo_whose_worker_is_killed_restores_every_row_once(workers):
    job = order_titles(by=UserFactory(), pause=0.002)
    worker = workers.start()
    wait_until(lambda: state_of(job) == State.DONE, "the end of the job")
    job.refresh_from_db()
    undoing = jobs.undo(job, by=job.created_by)
    restored = job.targets.filter(state=JobTarget.State.UNDONE)
    wait_until(lambda: restored.count() >= 60, "60 rows restored")

    workers.kill(worker)
    tick_after_silence()
    workers.start()
    wait_until(lambda: state_of(undoing) == State.DONE, "the end of the undo")

    undoing.refresh_from_db()
    assert undoing.counts == {"restored": ROWS, "left": 0}
    assert set(User.objects.filter(title="Consultant").values_list("phone", flat=True)) == {"||"}


def test_a_job_that_a_worker_held_without_having_begun_it_is_not_lost(workers):
    team = TeamFactory(name="")
    first = jobs.start("tests.tally", by=None, arguments={"team": team.pk, "pause": 0.05}, total=1000)
    second = jobs.start("tests.tally", by=None, arguments={"team": team.pk}, total=3)
    worker = workers.start()
    wait_until(lambda: state_of(first) == State.RUNNING, "the first job to begin")

    workers.kill(worker)
    Job.objects.filter(pk=first.pk).update(total=20)
    tick_after_silence()
    workers.start()
    wait_until(lambda: {state_of(first), state_of(second)} == {State.DONE}, "the end of both jobs")

    assert Team.objects.get().name.count("|") == Job.objects.get(pk=first.pk).done + 3


def test_two_workers_that_hear_of_the_same_job_do_it_once(workers):
    job = order_titles(by=UserFactory())
    for _time in range(6):
        jobs.queue(job.pk)

    workers.start(concurrency=2, how_many=2)
    wait_until(lambda: state_of(job) == State.DONE, "the end of the job")

    job.refresh_from_db()
    assert job.attempts == 1
    assert how_often_done() == {1}


def test_a_worker_that_wakes_up_after_its_job_was_taken_over_does_nothing_more(workers):
    team = TeamFactory(name="")
    job = jobs.start("tests.tally", by=None, arguments={"team": team.pk, "rest": 0.1}, total=30)
    sleeper = workers.start()
    wait_until(lambda: Team.objects.get().name.count("|") >= 5, "5 steps")

    fall_asleep(sleeper, team)
    tick_after_silence()
    workers.start()
    tell_again(job)
    wait_until(lambda: state_of(job) == State.DONE, "the end of the job")
    os.killpg(sleeper.pid, signal.SIGCONT)
    wait_until(lambda: "job_lost_to_another_worker" in sleeper.log.read_text(), "the sleeper to notice")

    job.refresh_from_db()
    assert (job.state, job.attempts, job.done) == (State.DONE, 2, 30)
    assert Team.objects.get().name == "|" * 30


def tell_again(job):
    """What a later tick does: Redis may have handed the first word to the sleeper, whose line is still open."""
    Job.objects.filter(pk=job.pk).update(queued_at=timezone.now() - QUEUE_LIMIT - timedelta(seconds=1))
    jobs.sweep(timezone.now())


def fall_asleep(worker, team):
    """Stop the worker while it rests between two transactions; within one it would keep all others waiting."""
    steps = Team.objects.get(pk=team.pk).name.count("|")
    wait_until(lambda: Team.objects.get(pk=team.pk).name.count("|") > steps, "one more step")
    os.killpg(worker.pid, signal.SIGSTOP)


def test_a_message_whose_sender_is_killed_is_in_doubt_and_the_next_one_leaves(workers):
    office = PostOffice()
    office.mute.set()
    post = {"EMAIL_URL": f"smtp://127.0.0.1:{office.port}"}
    due = timezone.now() - timedelta(minutes=1)
    held, other = MessageFactory(next_try_at=due), MessageFactory(next_try_at=due)
    worker = workers.start(**post)
    tell_to_tick()
    wait_until(office.holding.is_set, "the first message to be on the line")

    workers.kill(worker)
    office.mute.clear()
    Message.objects.filter(pk=held.pk).update(claimed_at=timezone.now() - CLAIM_LIMIT - timedelta(seconds=1))
    workers.start(**post)
    tell_to_tick()
    wait_until(lambda: Message.objects.filter(state=Message.State.SENT).exists(), "the second message to leave")
    office.close()

    held.refresh_from_db()
    other.refresh_from_db()
    assert (held.state, other.state) == (Message.State.IN_DOUBT, Message.State.SENT)
    assert office.received == [held.message_id, other.message_id]


def tell_to_tick():
    jobs.current_app.send_task("jobcenter_crm.backstage.tasks.tick")


def test_worker_and_clock_under_one_command_are_well_and_fall_silent_when_killed(workers, client, tmp_path):
    before = client.get("/health/").json()

    worker = workers.start("--beat", f"--schedule={tmp_path / 'schedule'}")
    wait_until(lambda: client.get("/health/").status_code == 200, "worker and clock to live")
    workers.kill(worker)
    Pulse.objects.update(beat_at=timezone.now() - timedelta(minutes=5))

    after = client.get("/health/").json()
    assert (before["worker"], before["clock"]) == ("never", "never")
    assert (after["worker"], after["clock"], after["status"]) == ("late", "late", "unwell")


def test_no_line_of_a_worker_holds_what_somebody_typed(workers):
    job = jobs.start("tests.break", by=UserFactory(first_name="Jens", last_name="Hansen"))
    worker = workers.start()

    wait_until(lambda: state_of(job) == State.FAILED, "the job to fail")

    wait_until(lambda: "job_broke" in worker.log.read_text(), "the line about it")
    said = worker.log.read_text()
    assert '"type": "builtins.ValueError"' in said
    assert "0102031234" not in said
    assert "Hansen" not in said
