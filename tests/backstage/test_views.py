import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from jobcenter_crm.backstage import bulk, jobs
from jobcenter_crm.backstage.models import Job
from jobcenter_crm.staff.models import User
from jobcenter_crm.staff.roles import MANAGER, STEWARD
from tests.factories import JobFactory, UserFactory

State = Job.State
HTMX = {"HX-Request": "true"}


@pytest.fixture
def job(owner):
    """A job of the owner, a third done."""
    return JobFactory(
        kind="tests.tally",
        created_by=owner,
        state=State.RUNNING,
        attempts=1,
        done=1200,
        total=3600,
        heartbeat_at=timezone.now(),
    )


def page(client, job, **headers):
    return client.get(reverse("backstage:job", args=[job.pk]), headers=headers)


def test_the_page_shows_how_far_a_job_is(client_for, owner, job):
    html = page(client_for(owner), job).content.decode()

    assert "Tally" in html
    assert 'max="3600" value="1200"' in html
    assert "1,200 of 3,600" in html


def test_the_fragment_asks_again_until_the_job_has_ended(client_for, owner, job):
    client = client_for(owner)
    running = page(client, job, **HTMX).content.decode()
    Job.objects.update(state=State.DONE, ended_at=timezone.now(), counts={"tallied": 3600, "secret": 1})

    ended = page(client, job, **HTMX).content.decode()

    assert 'hx-trigger="every 2s"' in running
    assert "<html" not in running
    assert "hx-" not in ended
    assert "<progress" not in ended
    assert re.search(r"<dt>Tallied</dt>\s*<dd>3,600</dd>", ended)
    assert "secret" not in ended
    assert 'href="/tallied/"' in ended


def test_the_page_that_waits_for_its_own_outcome_is_loaded_anew_when_the_job_has_ended(client_for, owner, job):
    client = client_for(owner)
    here = HTMX | {"HX-Current-URL": "http://testserver/tallied/"}
    running = page(client, job, **here)
    Job.objects.update(state=State.DONE, ended_at=timezone.now())

    assert "HX-Refresh" not in running
    assert page(client, job, **here)["HX-Refresh"] == "true"
    assert "HX-Refresh" not in page(client, job, **HTMX)


def test_a_job_whose_length_is_not_known_yet_has_a_bar_without_a_figure(client_for, owner, job):
    Job.objects.update(total=None, done=0)

    html = page(client_for(owner), job, **HTMX).content.decode()

    assert "<progress" in html
    assert "max=" not in html


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"state": State.WAITING, "attempts": 0}, "It starts by itself"),
        ({"state": State.WAITING, "attempts": 1}, "Broken off"),
        ({"state": State.FAILED, "failure": "No <b>CVR</b> column."}, "No &lt;b&gt;CVR&lt;/b&gt; column."),
        ({"state": State.FAILED, "failure": "No column."}, "Try again"),
    ],
)
def test_each_state_is_told_in_words(client_for, owner, job, facts, words):
    Job.objects.update(**facts)

    assert words in page(client_for(owner), job).content.decode()


def test_a_job_of_a_kind_that_is_gone_still_has_its_page(client_for, owner):
    job = JobFactory(created_by=owner)

    assert "tests.unknown" in page(client_for(owner), job).content.decode()


def test_a_job_is_seen_by_who_ordered_it_the_manager_and_the_steward(client_for, person_in, owner, colleague, job):
    seen = {
        str(person): page(client_for(person), job).status_code
        for person in (owner, colleague, person_in(MANAGER), person_in(STEWARD))
    }

    assert list(seen.values()) == [200, 404, 200, 200]


@pytest.mark.parametrize("htmx", [{}, HTMX])
def test_the_page_asks_few_questions(client_for, owner, job, htmx, django_assert_max_num_queries):
    client = client_for(owner)

    with django_assert_max_num_queries(8):
        page(client, job, **htmx)


@pytest.fixture
def titled(owner):
    """A job of the owner that gave three people a title, and may be undone."""
    owner.user_permissions.add(Permission.objects.get(codename="change_user"))
    UserFactory.create_batch(3, title="Consultant")
    job = bulk.start(
        "tests.give_title", by=owner, rows=User.objects.filter(title="Consultant"), values={"title": "New"}
    )
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_undo_orders_a_job_of_its_own_and_leads_to_it(client_for, owner, titled):
    client = client_for(owner)
    offered = page(client, titled).content.decode()

    answer = client.post(reverse("backstage:undo", args=[titled.pk]))

    titled.refresh_from_db()
    assert reverse("backstage:undo", args=[titled.pk]) in offered
    assert answer.url == titled.undone_in.get_absolute_url()
    jobs.run(titled.undone_in.pk)
    assert "Given their earlier value back" in client.get(answer.url).content.decode()
    assert "See how that went" in page(client, titled).content.decode()


def test_a_second_press_on_undo_undoes_nothing_more(client_for, owner, titled):
    client = client_for(owner)

    for _press in range(2):
        answer = client.post(reverse("backstage:undo", args=[titled.pk]))

    assert answer.status_code == 302
    assert Job.objects.filter(undoes=titled).count() == 1


def test_who_may_not_do_the_work_may_not_undo_it(client_for, person_in, titled):
    steward = client_for(person_in(STEWARD))

    offered = page(steward, titled).content.decode()
    answer = steward.post(reverse("backstage:undo", args=[titled.pk]))

    assert "Undo this job" not in offered
    assert answer.status_code == 403
    assert not Job.objects.filter(undoes=titled).exists()


def test_a_failed_job_is_tried_again(client_for, owner, job):
    Job.objects.update(state=State.FAILED, failure="No room on the disk.")

    answer = client_for(owner).post(reverse("backstage:retry", args=[job.pk]))

    job.refresh_from_db()
    assert answer.url == job.get_absolute_url()
    assert (job.state, job.attempts) == (State.WAITING, 0)


def test_a_job_that_runs_is_not_started_a_second_time(client_for, owner, job):
    answer = client_for(owner).post(reverse("backstage:retry", args=[job.pk]), follow=True)

    job.refresh_from_db()
    assert job.state == State.RUNNING
    assert "has not failed" in answer.content.decode()


@pytest.mark.parametrize("name", ["undo", "retry"])
def test_a_deed_needs_a_press_and_a_job_one_may_see(client_for, owner, colleague, job, name):
    url = reverse(f"backstage:{name}", args=[job.pk])

    assert client_for(owner).get(url).status_code == 405
    assert client_for(colleague).post(url).status_code == 404
