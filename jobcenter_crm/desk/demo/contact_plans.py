"""Contact plans: one that has ended, one half done, and the next in order."""

from datetime import time, timedelta

from django.http import QueryDict

from companies import selections
from companies.models import Selection, TargetGroup
from contacts import contact_plans
from contacts.models import Channel, ContactPlan, ContactPlanTarget
from jobcenter_crm.desk.demo.calendar import moment, working_day

# A plan runs for so long, in days; the one that runs is as old as it takes to be half done.
ENDED_AFTER, RUNS_FOR = 60, 120
LEFT_OUT = "Flytter til nye lokaler, vender selv tilbage"


def make(people, today):
    """Three plans one after the other, on shared selections of their own."""
    karen, mette = people["karen"], people["mette"]
    kitchens = _selection("Køkken og servering", "branch=56", karen, today)
    shops = _selection("Butikker med mindst 5 ansatte", "branch=47&employees_from=5", mette, today)
    crafts = _selection("Håndværkere med 2-20 ansatte", "branch=43&employees_from=2&employees_to=20", karen, today)

    past = _plan(
        shops, name="Butikker, fritidsjob", purpose="Fritidsjob og småjob i butikken", channel=Channel.PHONE, by=mette,
        group="lab-06-04", starts_on=today - timedelta(days=240), ends_on=today - timedelta(days=240 - ENDED_AFTER),
        participants=[people["jonas"], mette],
    )  # fmt: skip
    _run(past, karen, today)
    _leave_one_out(past)
    contact_plans.end(plan=past, by=mette, today=today - timedelta(days=240 - ENDED_AFTER))

    running = _plan(
        kitchens, name="Køkkener, der mangler hænder", purpose="Lønnede timer i køkkenet, et par timer om ugen",
        channel=Channel.VISIT, by=karen, group="lab-06-03", starts_on=today, ends_on=today + timedelta(days=30),
        participants=[people["ali"], mette, people["sara"]],
    )  # fmt: skip
    _run(running, karen, today)
    for days in range(10, RUNS_FOR, 10):
        _begin(running, working_day(today - timedelta(days=days)))
        if running.targets.contacted().count() * 2 >= running.targets.count():
            break
    _leave_one_out(running)

    _plan(
        crafts, name="Håndværkere, der kan tage en voksenlærling", purpose="Voksenlærlinge: hvem kan tage én til foråret?",
        channel=Channel.PHONE, by=karen, group=None, starts_on=today + timedelta(days=35),
        ends_on=today + timedelta(days=95), participants=[people["jonas"], mette],
    )  # fmt: skip


def _selection(name, query, by, today):
    known = Selection.objects.shared().filter(name=name).first()
    return known or selections.save(name=name, data=QueryDict(query), is_shared=True, by=by, today=today)


def _plan(selection, *, group, by, participants, **facts):
    group = TargetGroup.objects.filter(code=group).first() if group else None
    plan = ContactPlan(selection=selection, target_group=group, **facts)
    contact_plans.draft(plan, by=by, participants=participants)
    return plan


def _run(plan, by, today):
    """Start it as it would have been, and share it out; it began on its own day."""
    begun = plan.starts_on
    contact_plans.start(plan=plan, mark=contact_plans.find(plan, today).mark, by=by, today=today)
    plan.refresh_from_db()
    _begin(plan, begun)
    people = list(plan.participants.in_order())
    given = contact_plans.outcome(plan, people, how=contact_plans.EVENLY, anew=True, others_too=True).given
    contact_plans.share_out(plan=plan, given=given)


def _leave_one_out(plan):
    last = plan.targets.waiting().order_by("-workplace__sort_name").first()
    if last:
        last.leave_out(LEFT_OUT, by=last.consultant)


def _begin(plan, day):
    """Let the plan have begun on `day`, with the contacts since then."""
    plan.starts_on = min(day, plan.ends_on)
    plan.save(update_fields=["starts_on"])
    ContactPlanTarget.objects.filter(plan=plan).update(added_at=moment(day, time(9, 40)))
    contact_plans.refresh(plan)
