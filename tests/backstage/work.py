"""Work for the tests to order, also in a real worker (`celery worker --include tests.backstage.work`)."""

from time import sleep

from django.db.models import F, Value
from django.db.models.functions import Concat

from jobcenter_crm.backstage import bulk
from jobcenter_crm.backstage.kinds import JobFailed, job_kind
from jobcenter_crm.backstage.models import Job
from jobcenter_crm.staff.models import Team, User


def mark(model, pk, column, sign):
    """Append one sign: a row that was done twice has two."""
    model.objects.filter(pk=pk).update(**{column: Concat(F(column), Value(sign))})


@bulk.bulk_kind(
    "tests.give_title", label="Give a title", model=User, fields=["title"], permission="staff.change_user", batch=20
)
def give_title(user, values, *, job, by):
    mark(User, user.pk, "phone", "|")
    user.title = values["title"]
    user.save(update_fields=["title"])
    sleep(job.arguments.get("pause", 0))


@bulk.bulk_kind("tests.hand_over", label="Hand over", model=User, fields=["manager_id", "absent_until"])
def hand_over(user, values, *, job, by):
    for column, value in values.items():
        setattr(user, column, value)
    user.save()


@bulk.set_kind("tests.mark_all", label="Mark all", model=User, batch=2)
def mark_all(keys, *, job, by):
    sign, other = ("", "|") if job.state == Job.State.UNDONE else ("|", "")
    wanted = User.objects.filter(pk__in=keys, title="Consultant", phone=other)
    marked = list(wanted.values_list("pk", flat=True))
    wanted.update(phone=sign)
    return marked


@job_kind("tests.tally", label="Tally", counts={"tallied": "Tallied", "left": "Left"}, result=lambda job: "/tallied/")
def tally(job, progress):
    """Append a sign to the name of a team for each step, each in a transaction of its own."""
    while progress.done < progress.total:
        with progress.saving():
            mark(Team, job.arguments["team"], "name", "|")
            sleep(job.arguments.get("pause", 0))
            progress(done=progress.done + 1)
        sleep(job.arguments.get("rest", 0))
    return {"tallied": progress.done}


@job_kind("tests.refuse", label="Refuse")
def refuse(job, progress):
    raise JobFailed("The file has no column with the CVR number.")


@job_kind("tests.break", label="Break")
def break_down(job, progress):
    raise ValueError("0102031234")
