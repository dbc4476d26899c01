"""Contact plans: which workplaces are in them, whose they are, and which contact ticks one off."""

import threading
from datetime import date, datetime
from importlib import import_module
from time import sleep
from unittest.mock import Mock

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from companies import merging, selections
from companies.filters import BrokenSelection, WorkplaceFilter
from companies.models import Workplace
from contacts import actions, contact_plans
from contacts.models import ContactPlan, ContactPlanTarget, Interaction
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import Job
from jobcenter_crm.staff.roles import MANAGER
from tests.factories import (
    CompanyFactory,
    ContactPlanFactory,
    ContactPlanTargetFactory,
    InteractionFactory,
    SelectionFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


def draft(**facts):
    return ContactPlanFactory(state="draft", starts_on=date(2026, 12, 1), **facts)


def begin(plan, by, basis=""):
    mark = contact_plans.find(plan, TODAY).mark
    job = contact_plans.start(plan=plan, mark=mark, by=by, today=TODAY, basis=basis)
    plan.refresh_from_db()
    return job


def bring(plan, places, by, basis=""):
    """Put exactly these places in as the bar of the register does; what the job counts."""
    rows = Workplace.objects.filter(pk__in=[place.pk for place in places])
    job = contact_plans.put_in(plan, rows, by, basis)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job.counts


def log(workplace, by, **facts):
    facts = {"channel": "phone", "on": TODAY, "outcome": "interested"} | facts
    return actions.log(workplace=workplace, by=by, **facts)[0]


def in_plan(plan):
    return set(Workplace.objects.filter(contact_plan_targets__plan=plan))


# --- Starting --------------------------------------------------------------------------------


def test_it_begins_today_with_what_its_selection_finds(owner):
    plan = draft(selection=SelectionFactory(query="tier=1"))
    wanted = WorkplaceFactory(tier=1)
    WorkplaceFactory(tier=2)

    begin(plan, owner)

    assert (plan.state, plan.starts_on) == ("running", TODAY)
    assert in_plan(plan) == {wanted}
    with pytest.raises(actions.NotNow):
        begin(plan, owner)


def test_those_who_want_no_contact_are_left_out_and_counted(owner):
    plan = draft(selection=SelectionFactory(query="ceased=too"))
    wanted = WorkplaceFactory()
    WorkplaceFactory(do_not_contact=True, advertising_protected=True)
    WorkplaceFactory(company=CompanyFactory(advertising_protected=True))
    WorkplaceFactory(ceased_on=date(2026, 11, 1))

    found = contact_plans.find(plan, TODAY)
    begin(plan, owner)

    assert (found.count, found.protected_count) == (1, 2)
    assert [str(why) for why in found.left_out] == [
        "1 has asked not to be contacted", "1 is advertising-protected", "1 has ceased",
    ]  # fmt: skip
    assert in_plan(plan) == {wanted}


def test_a_manager_says_on_what_basis_the_protected_ones_are_contacted(owner, person_in):
    manager = person_in(MANAGER)
    plan, open_one = draft(), WorkplaceFactory()
    protected = WorkplaceFactory(advertising_protected=True)
    WorkplaceFactory(ceased_on=date(2026, 11, 1))

    with pytest.raises(PermissionDenied):
        begin(plan, owner, basis="They have asked us to come")
    assert not plan.targets.exists()
    begin(plan, manager, basis="They have asked us to come")

    assert in_plan(plan) == {open_one, protected}
    assert (plan.basis, plan.basis_by) == ("They have asked us to come", manager)
    assert plan.targets.get(workplace=protected).basis == "They have asked us to come"
    assert plan.targets.get(workplace=open_one).basis == ""


@pytest.mark.parametrize("query", ["owner=me", "teir=1"])
def test_a_selection_that_means_something_else_to_each_or_nothing_at_all_stops_it(owner, query):
    WorkplaceFactory(owner=owner)

    with pytest.raises(BrokenSelection):
        contact_plans.find(draft(selection=SelectionFactory(query=query, created_by=owner)), TODAY)


def test_a_selection_that_is_no_longer_shared_stops_it(owner):
    with pytest.raises(BrokenSelection):
        contact_plans.find(draft(selection=SelectionFactory(is_shared=False)), TODAY)


def test_what_fits_later_is_found_and_comes_in_only_when_somebody_says_so(owner):
    plan = draft()
    WorkplaceFactory()
    begin(plan, owner)
    later = WorkplaceFactory()

    found = contact_plans.find(plan, TODAY)

    assert (list(found.rows), plan.targets.count()) == ([later], 1)
    contact_plans.take_in(plan=plan, mark=found.mark, by=owner, today=TODAY)
    assert plan.targets.count() == 2
    assert contact_plans.find(plan, TODAY).count == 0


def test_many_come_in_by_a_job_exactly_those_and_it_can_be_undone(owner, monkeypatch):
    monkeypatch.setattr(contact_plans.bulk, "ROWS_AT_ONCE", 2)
    owner.is_superuser = True
    plan, places = draft(), {WorkplaceFactory() for _one in range(3)}

    job = begin(plan, owner)
    too_late = WorkplaceFactory()
    gone = places.pop()
    Workplace.objects.filter(pk=gone.pk).update(do_not_contact=True)
    jobs.run(job.pk)

    assert plan.job == job
    assert in_plan(plan) == places
    assert too_late not in in_plan(plan)
    job.refresh_from_db()
    assert job.counts == {"changed": 2, "left": 1}
    kept = places.pop()
    log(kept, owner)
    undone = jobs.undo(job, by=owner)
    jobs.run(undone.pk)
    assert in_plan(plan) == {kept}
    undone.refresh_from_db()
    assert undone.state == Job.State.DONE


def test_what_is_found_by_then_is_not_taken_in_unseen(owner):
    plan = draft()
    WorkplaceFactory()
    seen = contact_plans.find(plan, TODAY).mark
    WorkplaceFactory()

    with pytest.raises(contact_plans.Changed):
        contact_plans.start(plan=plan, mark=seen, by=owner, today=TODAY)

    plan.refresh_from_db()
    assert plan.is_draft
    assert not plan.targets.exists()
    begin(plan, owner)
    with pytest.raises(contact_plans.Changed):
        contact_plans.take_in(plan=plan, mark=seen, by=owner, today=TODAY)


def test_those_in_it_already_stay_and_those_who_may_not_be_reached_are_left_out(owner):
    plan = ContactPlanFactory()
    known = ContactPlanTargetFactory(plan=plan, consultant=owner).workplace
    fresh, asked = WorkplaceFactory(), WorkplaceFactory(do_not_contact=True)

    counts = bring(plan, [known, fresh, asked], owner)

    assert counts == {"changed": 1, "left": 1}
    assert in_plan(plan) == {known, fresh}
    assert plan.targets.get(workplace=fresh).added_by == owner


def test_adding_with_a_basis_takes_a_manager_and_keeps_it_with_the_row(owner, person_in):
    plan, asked, open_one = ContactPlanFactory(), WorkplaceFactory(do_not_contact=True), WorkplaceFactory()

    with pytest.raises(PermissionDenied):
        bring(plan, [asked], owner, basis="Agreed on the telephone")
    bring(plan, [asked, open_one], person_in(MANAGER), basis="Agreed on the telephone")

    assert plan.targets.get(workplace=asked).basis == "Agreed on the telephone"
    assert plan.targets.get(workplace=open_one).basis == ""
    assert plan.targets.waiting().count() == 2


def test_nothing_is_added_to_a_plan_that_has_ended(owner):
    plan, over = ContactPlanFactory(), ContactPlanFactory(state="ended")
    places = [WorkplaceFactory()]
    job = contact_plans.put_in(plan, Workplace.objects.all(), owner)
    contact_plans.end(plan=plan, by=owner, today=TODAY)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.counts == {"changed": 0, "left": 1}
    assert not plan.targets.exists()
    with pytest.raises(actions.NotNow):
        bring(over, places, owner)


@pytest.mark.parametrize("rows", [2, 12])
def test_filling_costs_the_same_however_many_come_in(owner, rows, django_assert_num_queries):
    plan = ContactPlanFactory()
    WorkplaceFactory.create_batch(rows)
    job = contact_plans.put_in(plan, Workplace.objects.all(), owner)

    with django_assert_num_queries(22):
        jobs.run(job.pk)

    assert plan.targets.count() == rows
    job.refresh_from_db()
    undone = jobs.undo(job, by=owner)
    with django_assert_num_queries(24):
        jobs.run(undone.pk)
    assert not plan.targets.exists()


def test_a_job_that_was_broken_off_goes_on_where_it_came_to(owner, monkeypatch):
    plan, places = ContactPlanFactory(), WorkplaceFactory.create_batch(5)
    monkeypatch.setattr(contact_plans.bulk._changes[contact_plans.FILL], "batch", 2)
    job = contact_plans.put_in(plan, Workplace.objects.all(), owner)
    break_off(monkeypatch, job, after=2)
    assert (plan.targets.count(), job.targets.filter(state="done").count()) == (4, 4)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert in_plan(plan) == set(places)
    assert job.counts == {"changed": 5, "left": 0}
    undone = jobs.undo(job, by=owner)
    break_off(monkeypatch, undone, after=1)
    again = plan.targets.create(workplace=places[0], added_by=owner)
    jobs.run(undone.pk)
    undone.refresh_from_db()
    assert list(plan.targets.all()) == [again]
    assert undone.counts == {"restored": 5, "left": 0}


def break_off(monkeypatch, job, after):
    """Let the worker of `job` die when it has saved so many batches, and the clock put it back."""
    rows = contact_plans.bulk._changes[contact_plans.FILL]
    change, calls = rows.change, []

    def die(keys, **deed):
        calls.append(keys)
        if len(calls) > after:
            raise OperationalError("The worker is gone.")
        return change(keys, **deed)

    with monkeypatch.context() as until_it_dies:
        until_it_dies.setattr(rows, "change", die)
        # It would close the connection, which here is the test's.
        until_it_dies.setattr(jobs, "connection", Mock())
        jobs.run(job.pk)
    Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time.")
@pytest.mark.django_db(transaction=True)
def test_a_page_that_adds_while_a_job_fills_the_plan_waits_for_it_and_never_locks_it_out(owner):
    plan, places = draft(), WorkplaceFactory.create_batch(3)
    bring(plan, places[:1], owner)
    job = contact_plans.put_in(plan, Workplace.objects.all(), owner)
    mark = contact_plans.find(plan, TODAY).mark
    worker = threading.Thread(target=run_and_close, args=[job.pk])

    with transaction.atomic():
        contact_plans._locked(plan)
        worker.start()
        wait_until_somebody_waits_for_us()
        contact_plans.start(plan=plan, mark=mark, by=owner, today=TODAY)
    worker.join()

    job.refresh_from_db()
    assert (job.state, job.counts) == ("done", {"changed": 0, "left": 2})
    assert in_plan(plan) == set(places)


def run_and_close(pk):
    try:
        jobs.run(pk)
    finally:
        connection.close()


def wait_until_somebody_waits_for_us():
    for _turn in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        sleep(0.05)
    pytest.fail("Nobody came to wait.")


# --- Which contact ticks it off --------------------------------------------------------------


def test_the_first_contact_since_it_began_ticks_it_off(owner):
    target = ContactPlanTargetFactory()
    log(target.workplace, owner, on=date(2026, 11, 1))
    log(target.workplace, owner, on=TODAY, outcome="no_answer")
    target.refresh_from_db()
    assert target.state == "waiting"

    second = log(target.workplace, owner, on=date(2026, 11, 20))
    first = log(target.workplace, owner, on=date(2026, 11, 2))

    target.refresh_from_db()
    assert (target.contact, target.state) == (first, "contacted")
    actions.take_back(contact=first, by=owner)
    target.refresh_from_db()
    assert target.contact == second
    actions.take_back(contact=second, by=owner)
    target.refresh_from_db()
    assert (target.contact, target.state) == (None, "waiting")


def test_a_contact_of_the_same_day_counts_when_the_workplace_is_added(owner):
    workplace = WorkplaceFactory()
    contact = log(workplace, owner)
    plan = ContactPlanFactory()

    bring(plan, [workplace], owner)

    assert plan.targets.get().contact == contact


def test_what_was_put_into_a_draft_is_ticked_off_from_the_day_it_begins(owner):
    plan = draft()
    before, since = WorkplaceFactory(name="Before"), WorkplaceFactory(name="Since")
    bring(plan, [before, since], owner)
    log(before, owner, on=date(2026, 11, 20))
    contact = log(since, owner)
    assert not plan.targets.exclude(contact=None).exists()

    begin(plan, owner)

    assert [target.contact for target in plan.targets.order_by("workplace__name")] == [None, contact]


def test_a_draft_that_is_given_up_never_counts_a_contact(owner):
    plan, place = draft(ends_on=date(2026, 12, 20)), WorkplaceFactory()
    bring(plan, [place], owner)

    contact_plans.end(plan=plan, by=owner, today=TODAY)
    log(place, owner, on=date(2026, 12, 1))

    plan.refresh_from_db()
    assert (plan.state, plan.is_over, plan.ends_on) == ("given_up", True, date(2026, 12, 20))
    assert plan.targets.get().contact is None
    with pytest.raises(actions.NotNow):
        contact_plans.end(plan=plan, by=owner, today=TODAY)


def test_a_draft_counts_nothing_and_an_ended_plan_nothing_new(owner):
    not_yet = ContactPlanTargetFactory(plan__state="draft")
    over = ContactPlanTargetFactory(plan__state="ended", plan__ends_on=date(2026, 11, 20))

    for target in (not_yet, over):
        log(target.workplace, owner)
        target.refresh_from_db()
        assert target.contact is None
    in_time = log(over.workplace, owner, on=date(2026, 11, 20))
    over.refresh_from_db()
    assert over.contact == in_time


def test_every_target_says_what_the_log_says(owner):
    """Held against the log by hand, after acts of all sorts."""
    plans = [
        ContactPlanFactory(),
        ContactPlanFactory(starts_on=date(2026, 11, 10)),
        ContactPlanFactory(state="ended", ends_on=date(2026, 11, 12)),
    ]
    places = [WorkplaceFactory() for _one in range(4)]
    for plan in plans:
        bring(plan, places, owner) if plan.is_running else None
        for place in places if not plan.is_running else []:
            ContactPlanTargetFactory(plan=plan, workplace=place)
    for at, place in enumerate(places):
        for day in (1, 5, 12, 20)[at:]:
            log(place, owner, on=date(2026, 11, day), outcome="no_answer" if day == 5 else "interested")
    planned = actions.plan(workplace=places[3], by=owner, channel="visit", on=TODAY, purpose="See the place")
    log(places[3], owner, planned=planned)

    for target in ContactPlanTarget.objects.select_related("plan"):
        told = [
            contact
            for contact in Interaction.objects.filter(workplace=target.workplace).order_by("on", "pk")
            if contact.state == "held"
            and contact.outcome != "no_answer"
            and contact.on >= target.plan.starts_on
            and (target.plan.is_running or contact.on <= target.plan.ends_on)
        ]
        assert target.contact == (told[0] if told else None)
    assert ContactPlanTarget.objects.contacted().count() > 4


def test_what_is_left_out_or_closed_is_not_waited_for(owner):
    plan = ContactPlanFactory()
    targets = [ContactPlanTargetFactory(plan=plan) for _one in range(4)]
    targets[0].leave_out("They move house", by=owner)
    Workplace.objects.filter(pk=targets[1].workplace_id).update(ceased_on=TODAY)
    Workplace.objects.filter(pk=targets[2].workplace_id).update(do_not_contact=True)

    shown = {target.pk: target for target in plan.targets.for_plan_page()}

    assert list(plan.targets.waiting()) == [targets[3]]
    assert [shown[target.pk].state for target in targets] == ["left_out", "left_out", "left_out", "waiting"]
    assert shown[targets[0].pk].why_left_out == "They move house"
    progress = ContactPlan.objects.annotate_progress().get()
    assert (progress.contacted, progress.in_all) == (0, 1)
    targets[0].leave_out("", by=owner)
    assert plan.targets.waiting().count() == 2


def test_of_two_workplaces_that_are_merged_the_plan_has_one(owner):
    plan = ContactPlanFactory()
    kept, merged = WorkplaceFactory(), WorkplaceFactory(p_number=None)
    for place in (kept, merged):
        ContactPlanTargetFactory(plan=plan, workplace=place)
    other = ContactPlanTargetFactory(workplace=merged)
    contact = log(merged, owner)

    merge = merging.merge(kept=kept, merged=merged, choices=set(), by=owner)

    assert [target.contact for target in plan.targets.standing()] == [contact]
    other.refresh_from_db()
    assert (other.workplace, other.contact) == (kept, contact)
    merging.undo_merge(merge=merge, by=owner)
    assert plan.targets.get(workplace=kept).contact is None
    assert plan.targets.get(workplace=merged).contact == contact


# --- The order -------------------------------------------------------------------------------


def test_plans_come_one_after_the_other(owner):
    first, second, third = (draft(position=at) for at in (1, 2, 3))
    begin(first, owner)

    assert contact_plans.next_after(first) == second
    contact_plans.earlier(plan=third, by=owner)
    assert contact_plans.next_after(first) == third
    contact_plans.end(plan=first, by=owner, today=TODAY)
    first.refresh_from_db()
    assert (first.state, first.ends_on) == ("ended", TODAY)
    with pytest.raises(actions.NotNow):
        contact_plans.end(plan=first, by=owner, today=TODAY)


def test_drafts_that_came_to_the_same_place_change_places_all_the_same(owner):
    """Two managers who make one at the same moment get the same number."""
    one, other, last = draft(position=4), draft(position=4), draft(position=4)
    running = ContactPlanFactory(position=4)

    assert contact_plans.next_after(one) == other
    assert contact_plans.next_after(other) == last
    assert contact_plans.next_after(running) == one
    contact_plans.earlier(plan=last, by=owner)
    assert list(ContactPlan.objects.drafts()) == [one, last, other]
    contact_plans.earlier(plan=last, by=owner)
    assert list(ContactPlan.objects.drafts()) == [last, one, other]


def test_a_new_plan_is_the_last_in_order(owner):
    before = draft(position=7)
    plan = ContactPlan(
        name="New", selection=before.selection, purpose="Ask", channel="phone", starts_on=TODAY, ends_on=TODAY
    )

    contact_plans.draft(plan, by=owner, participants=[owner])

    assert (plan.position, plan.state, list(plan.participants.all())) == (8, "draft", [owner])
    assert plan.history.get().history_user == owner


def test_what_was_given_up_before_there_was_a_word_for_it_is_told_from_what_ran(owner):
    given_up, ran, no_past = draft(), draft(), ContactPlanFactory(state="ended")
    begin(ran, owner)
    contact_plans.end(plan=ran, by=owner, today=TODAY)
    given_up.state = "ended"
    given_up.save()
    ContactPlanTargetFactory(plan=given_up, contact=InteractionFactory())

    import_module("contacts.migrations.0012_plans_given_up_so_far").tell_apart(apps, None)

    states = dict(ContactPlan.objects.values_list("pk", "state"))
    assert states == {given_up.pk: "given_up", ran.pk: "ended", no_past.pk: "ended"}
    assert given_up.targets.get().contact is None


# --- What a database refuses -----------------------------------------------------------------


@pytest.mark.parametrize(
    "facts",
    [{"name": ""}, {"purpose": ""}, {"ends_on": date(2026, 11, 1)}, {"basis": "Because"}, {"basis_at": timezone.now()}],
    ids=["no name", "no purpose", "ends before it begins", "a basis of nobody", "somebody without a basis"],
)
def test_a_plan_that_is_not_whole_is_refused(facts):
    plan = ContactPlanFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        ContactPlan.objects.filter(pk=plan.pk).update(**facts)


def test_a_workplace_is_in_a_plan_once_and_left_out_only_with_a_reason():
    target = ContactPlanTargetFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        ContactPlanTargetFactory(plan=target.plan, workplace=target.workplace)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactPlanTarget.objects.update(left_out_at=datetime(2026, 11, 24, tzinfo=timezone.get_current_timezone()))


# --- The register's filter -------------------------------------------------------------------


def test_the_register_is_filtered_by_plan_and_by_what_is_left_of_it(owner):
    plan = ContactPlanFactory(name="Kitchens")
    waiting, reached = ContactPlanTargetFactory(plan=plan), ContactPlanTargetFactory(plan=plan)
    WorkplaceFactory()
    log(reached.workplace, owner)

    def found(**asked):
        return set(WorkplaceFilter(_query(asked), Workplace.objects.all(), today=TODAY, user=owner).rows())

    assert found(plan=plan.pk) == {waiting.workplace, reached.workplace}
    assert found(plan=plan.pk, plan_state="waiting") == {waiting.workplace}
    assert found(plan=plan.pk, plan_state="contacted") == {reached.workplace}
    for asked in ({"plan": 0}, {"plan_state": "waiting"}, {"plan": "x"}):
        with pytest.raises(BrokenSelection):
            found(**asked)
    chips = WorkplaceFilter(_query({"plan": plan.pk}), today=TODAY, user=owner).chips()
    assert [str(chip["text"]) for chip in chips] == ["Contact plan: Kitchens"]


def _query(asked):
    query = selections.Selection(query="").data.copy()
    for name, value in asked.items():
        query[name] = str(value)
    return query


def test_the_contact_of_an_import_ticks_off_too():
    target = ContactPlanTargetFactory()
    contact = InteractionFactory(workplace=target.workplace)

    actions.refresh_contact_dates(Workplace.objects.all())

    target.refresh_from_db()
    assert target.contact == contact
