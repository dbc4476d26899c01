from datetime import date

import pytest
from django.contrib.auth.models import Permission

from jobcenter_crm.backstage import bulk, jobs
from jobcenter_crm.backstage.kinds import UnknownKind
from jobcenter_crm.backstage.models import Job, JobTarget
from jobcenter_crm.staff.models import User
from tests.factories import UserFactory

TITLE = {"title": "Senior consultant"}


@pytest.fixture
def five(db):
    return UserFactory.create_batch(5, title="Consultant", phone="")


def titled(people):
    return User.objects.filter(pk__in=[person.pk for person in people])


def titles(people):
    return [User.objects.get(pk=person.pk).title for person in people]


def order_and_run(people, owner, **facts):
    job = bulk.start("tests.give_title", by=owner, rows=titled(people), values=TITLE, **facts)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_bulk_work_changes_exactly_the_rows_that_were_there_when_it_was_ordered(five, owner):
    job = bulk.start("tests.give_title", by=owner, rows=User.objects.filter(title="Consultant"), values=TITLE)
    newcomer = UserFactory(title="Consultant")

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.total, job.done, job.counts) == (5, 5, {"changed": 5, "left": 0})
    assert titles([*five, newcomer]) == ["Senior consultant"] * 5 + ["Consultant"]


def test_bulk_work_leaves_alone_what_somebody_changed_in_the_meantime(five, owner):
    job = bulk.start("tests.give_title", by=owner, rows=titled(five), values=TITLE)
    User.objects.filter(pk=five[0].pk).update(title="Head of section")
    five[1].delete()

    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.counts == {"changed": 3, "left": 2}
    assert titles(five[:1]) == ["Head of section"]


def test_each_row_can_have_a_value_of_its_own(five, owner):
    own = {person.pk: f"Title {person.pk}" for person in five}
    job = bulk.start("tests.give_title", by=owner, rows=titled(five), values=lambda pk: {"title": own[pk]})

    jobs.run(job.pk)

    assert titles(five) == list(own.values())


def test_values_are_those_of_the_kind_and_no_others(five, owner):
    with pytest.raises(ValueError, match="title"):
        bulk.start("tests.give_title", by=owner, rows=titled(five), values={"phone": "10 20 30 40"})

    assert not Job.objects.exists()


def test_only_bulk_work_takes_rows(five, owner):
    with pytest.raises(UnknownKind):
        bulk.start("tests.tally", by=owner, rows=titled(five), values=TITLE)


def test_undo_gives_every_row_its_earlier_value_back(five, owner, colleague):
    User.objects.filter(pk=five[0].pk).update(title="Trainee")
    job = order_and_run(five, owner)

    undoing = jobs.undo(job, by=colleague)
    jobs.run(undoing.pk)

    undoing.refresh_from_db()
    job.refresh_from_db()
    assert titles(five) == ["Trainee", *["Consultant"] * 4]
    assert (undoing.state, undoing.counts) == (Job.State.DONE, {"restored": 5, "left": 0})
    assert (job.state, job.undone_by, job.undone_in) == (Job.State.UNDONE, colleague, undoing)


def test_undo_leaves_what_was_changed_since_and_says_how_many(five, owner):
    job = order_and_run(five, owner)
    User.objects.filter(pk__in=[five[0].pk, five[1].pk]).update(title="Head of section")

    undoing = jobs.undo(job, by=owner)
    jobs.run(undoing.pk)

    undoing.refresh_from_db()
    assert undoing.counts == {"restored": 3, "left": 2}
    assert titles(five) == ["Head of section"] * 2 + ["Consultant"] * 3


def test_undo_does_not_touch_what_the_job_had_left_alone(five, owner):
    job = bulk.start("tests.give_title", by=owner, rows=titled(five), values=TITLE)
    User.objects.filter(pk=five[0].pk).update(title=TITLE["title"])
    jobs.run(job.pk)
    job.refresh_from_db()

    undoing = jobs.undo(job, by=owner)
    jobs.run(undoing.pk)

    undoing.refresh_from_db()
    assert undoing.counts == {"restored": 4, "left": 0}
    assert titles(five[:1]) == [TITLE["title"]]


def test_a_job_is_undone_once(five, owner):
    job = order_and_run(five, owner)
    jobs.undo(job, by=owner)

    with pytest.raises(jobs.NotPossible):
        jobs.undo(Job.objects.get(pk=job.pk), by=owner)

    assert Job.objects.filter(undoes=job).count() == 1


def test_an_undo_that_was_broken_off_goes_on_where_it_came_to(owner):
    people = UserFactory.create_batch(50, title="Consultant", phone="")
    job = order_and_run(people, owner)
    User.objects.filter(pk=people[0].pk).update(title="Head of section")
    undoing = jobs.undo(job, by=owner)
    work_of_undo = work_on_one_batch(undoing)

    Job.objects.filter(pk=undoing.pk).update(state=Job.State.WAITING)
    jobs.run(undoing.pk)

    undoing.refresh_from_db()
    assert work_of_undo == 19
    assert undoing.counts == {"restored": 49, "left": 1}
    # One sign for the job, one for its undo: nothing was restored twice.
    assert set(titled(people[1:]).values_list("phone", flat=True)) == {"||"}


def work_on_one_batch(undoing):
    """Take the job and let it die after its first batch; returns how many rows were restored by then."""
    progress = jobs.Progress(jobs.take(undoing.pk))
    job = undoing.undoes
    bulk._changes[job.kind]._batch(
        job.targets.filter(state=JobTarget.State.DONE),
        progress,
        expected="new",
        given="old",
        states=(JobTarget.State.UNDONE, JobTarget.State.DONE),
        deed={"job": job, "by": undoing.created_by},
    )
    return job.targets.filter(state=JobTarget.State.UNDONE).count()


def test_foreign_keys_and_dates_survive_the_way_there_and_back(five, owner, colleague):
    titled(five).update(manager=colleague, absent_until=date(2026, 12, 1))
    job = bulk.start(
        "tests.hand_over", by=owner, rows=titled(five), values={"manager_id": owner.pk, "absent_until": None}
    )

    jobs.run(job.pk)
    job.refresh_from_db()
    given = set(titled(five).values_list("manager_id", "absent_until"))
    undoing = jobs.undo(job, by=owner)
    jobs.run(undoing.pk)

    assert given == {(owner.pk, None)}
    assert set(titled(five).values_list("manager_id", "absent_until")) == {(colleague.pk, date(2026, 12, 1))}


def test_a_job_is_decided_about_by_who_ordered_it_or_sees_every_job_and_may_do_the_work(
    five, owner, colleague, person_in
):
    job = order_and_run(five, owner)
    manager = person_in("Manager")
    before = [job.may_be_decided_by(person) for person in (owner, colleague, manager)]
    for person in (owner, colleague, manager):
        person.user_permissions.add(Permission.objects.get(codename="change_user"))

    after = [job.may_be_decided_by(User.objects.get(pk=person.pk)) for person in (owner, colleague, manager)]

    assert before == [False, False, False]
    assert after == [True, False, True]


@pytest.mark.parametrize("rows", [20, 60])
def test_a_batch_asks_the_same_questions_however_many_rows_it_has_changed(rows, owner, django_assert_max_num_queries):
    people = UserFactory.create_batch(rows, title="Consultant")

    with django_assert_max_num_queries(12 + rows // 1000):
        bulk.start("tests.give_title", by=owner, rows=titled(people), values=TITLE)


# --- Many rows in a statement ----------------------------------------------------------------


def test_a_set_is_changed_and_given_back_and_what_the_work_left_is_told(owner):
    people = UserFactory.create_batch(5, title="Consultant", phone="")
    job = bulk.start("tests.mark_all", by=owner, rows=titled(people), values={})
    people[0].delete()
    User.objects.filter(pk=people[1].pk).update(title="Head of section")

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.done, job.total, job.counts) == (5, 5, {"changed": 3, "left": 2})
    assert [User.objects.get(pk=person.pk).phone for person in people[1:]] == ["", "|", "|", "|"]
    User.objects.filter(pk=people[4].pk).update(phone="10 20 30 40")
    undone = jobs.undo(job, by=owner)
    jobs.run(undone.pk)
    undone.refresh_from_db()
    assert undone.counts == {"restored": 2, "left": 1}
    assert [User.objects.get(pk=person.pk).phone for person in people[1:]] == ["", "", "", "10 20 30 40"]


def test_a_set_takes_its_rows_in_batches(owner):
    people = UserFactory.create_batch(5, title="Consultant", phone="")
    job = bulk.start("tests.mark_all", by=owner, rows=titled(people), values={})

    some = bulk._changes["tests.mark_all"]
    last = some._batch(
        job.targets.filter(state=JobTarget.State.WAITING),
        jobs.Progress(jobs.take(job.pk)),
        states=(JobTarget.State.DONE, JobTarget.State.SKIPPED),
        deed={"job": job, "by": owner},
    )

    assert list(job.targets.filter(pk__lte=last).values_list("state", flat=True)) == ["done", "done"]
    assert job.targets.filter(state="waiting").count() == 3
