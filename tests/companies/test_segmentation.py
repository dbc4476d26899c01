"""The rules for the groups: the first that fits takes a workplace, exactly what was previewed moves, and comes back."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from companies import actions, merging, rules, segmentation, selections
from companies.models import SegmentationRule, Selection, TierChange, TierMove, Workplace
from companies.segmentation import Rules, RulesBroken, Stale
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import Job
from jobcenter_crm.staff.roles import MANAGER
from tests.factories import WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


@pytest.fixture
def manager(person_in):
    user = person_in(MANAGER)
    user.language = "en"
    user.save(update_fields=["language"])
    return user


@pytest.fixture
def shared(manager):
    def make(query, name=""):
        return selections.save(
            name=name or f"Found by {query}", data=QueryDict(query), is_shared=True, by=manager, today=TODAY
        )

    return make


@pytest.fixture
def rule(shared, manager):
    def make(query, tier, name=""):
        return rules.add(selection=shared(query, name), tier=tier, by=manager)

    return make


def sized(employees, **facts):
    return WorkplaceFactory(employees_min=employees, employees_max=employees, **facts)


def ordered(by):
    preview = Rules(TODAY).preview()
    return segmentation.order(mark=preview.mark, calculated_at=preview.at, by=by)


def done(job):
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def applied(by):
    return done(ordered(by))


def undone(job, by):
    return done(jobs.undo(job, by=by))


def test_the_first_rule_that_fits_takes_a_workplace(rule):
    large, middle, small = sized(100, tier=4), sized(20, tier=3), sized(2, tier=4)
    rule("employees_from=50", 1)
    rule("employees_from=10", 2)

    preview = Rules(TODAY).preview()

    assert preview.fits == {1: 1, 2: 2}
    assert preview.takes == {1: 1, 2: 1}
    assert preview.moves == {1: 1, 2: 1}
    assert preview.matrix == {(4, 1): 1, (3, 2): 1, (4, 4): 1}
    assert [(place, place.rule.number) for place in Rules(TODAY).sample()] == [(large, 1), (middle, 2)]
    assert small not in Rules(TODAY).moving()


def test_what_no_rule_takes_keeps_its_group_and_what_has_none_is_counted(rule, manager):
    kept, without = sized(2, tier=4), sized(2)
    rule("employees_from=10", 2)

    preview = Rules(TODAY).preview()
    applied(manager)

    assert (preview.total, preview.without, preview.workplaces) == (0, 1, 2)
    assert Workplace.objects.get(pk=kept.pk).tier == 4
    assert Workplace.objects.get(pk=without.pk).tier is None


def test_a_preview_writes_nothing(rule):
    sized(20)
    rule("", 2)

    with CaptureQueriesContext(connection) as asked:
        Rules(TODAY).preview()
        Rules(TODAY).sample()

    assert all(query["sql"].startswith("SELECT") for query in asked)


def test_those_set_by_hand_ceased_or_merged_are_left_alone(rule, manager, owner):
    by_hand, ceased = sized(20, tier=3, tier_by_hand=True), sized(20, tier=3, ceased_on=date(2026, 11, 1))
    kept, merged = sized(20, tier=2), sized(20, tier=3, p_number=None)
    merging.merge(kept=kept, merged=merged, choices=set(), by=owner)
    rule("ceased=too", 2)

    preview = Rules(TODAY).preview()
    job = applied(manager)

    assert (preview.total, preview.by_hand, preview.fits) == (0, 1, {1: 3})
    assert job.counts == {"moved": 0, "left": 0}
    for place in (by_hand, ceased, merged):
        assert Workplace.everything.get(pk=place.pk).tier == 3


def test_each_move_is_told_with_its_rule_and_by_whom(rule, manager):
    old, new = sized(20, tier=3), sized(30)
    rule("employees_from=10", 2, "Ten and up")

    job = applied(manager)

    assert job.state == Job.State.DONE
    assert (job.done, job.total, job.counts) == (2, 2, {"moved": 2, "left": 0})
    told = {change.workplace: change for change in TierChange.objects.select_related("workplace")}
    assert {place: (change.from_tier, change.to_tier) for place, change in told.items()} == {
        old: (3, 2),
        new: (None, 2),
    }
    assert {(change.why, change.by, change.by_rule) for change in told.values()} == {
        ("Rule “Ten and up”", manager, True)
    }
    for place in (old, new):
        place.refresh_from_db()
        assert (place.tier, place.tier_since, place.tier_by_hand) == (2, TODAY, False)


def test_the_history_of_our_own_facts_tells_it_as_if_each_had_been_saved(rule, manager, owner):
    place = sized(20, tier=3, owner=owner, do_not_contact=True, do_not_contact_why="Asked us")
    rule("", 2, "All")

    applied(manager)
    line = place.history.first()

    place.refresh_from_db()
    place._history_user, place._change_reason = manager, "Rule “All”"
    place.save()
    saved = place.history.first()
    columns = [field.attname for field in type(saved)._meta.fields if field.name not in ("history_id", "history_date")]
    assert saved.pk != line.pk
    assert [getattr(line, column) for column in columns] == [getattr(saved, column) for column in columns]


def test_the_second_run_moves_nobody(rule, manager):
    for size in (2, 20, 200):
        sized(size, tier=4)
    rule("employees_from=100", 1)
    rule("employees_from=10", 2)

    first, second = applied(manager), applied(manager)

    assert (first.counts["moved"], second.counts["moved"]) == (2, 0)
    assert TierChange.objects.count() == 2


def test_undo_gives_back_what_still_has_what_the_job_gave_it(rule, manager, owner):
    places = [sized(20, tier=3), sized(20, tier=4), sized(20)]
    changed, confirmed, twin = sized(20, tier=4), sized(20, tier=4), sized(20, tier=3, p_number=None)
    kept = sized(2, tier=2)
    rule("employees_from=10", 2, "Ten and up")
    job = applied(manager)
    actions.set_tier(workplace=changed, tier=1, by=owner)
    actions.set_tier(workplace=confirmed, tier=2, by=owner)
    merging.merge(kept=kept, merged=twin, choices=set(), by=owner)

    undoing = undone(job, manager)

    assert undoing.counts == {"restored": 3, "left": 3}
    for place, before in zip(places, (3, 4, None), strict=True):
        place.refresh_from_db()
        assert (place.tier, place.tier_since) == (before, date(2026, 1, 5) if before else None)
        told = place.tier_changes.first()
        assert (told.from_tier, told.to_tier, told.why, told.by) == (
            2,
            before,
            "Taken back: rule “Ten and up”",
            manager,
        )
        assert place.history.first().tier == before
    for place, now in ((changed, 1), (confirmed, 2), (kept, 2)):
        place.refresh_from_db()
        assert place.tier == now


def test_what_was_undone_is_proposed_again(rule, manager):
    sized(20, tier=3)
    rule("", 2)
    undone(applied(manager), manager)

    assert applied(manager).counts["moved"] == 1


def test_what_somebody_changes_between_the_order_and_the_work_is_left_and_counted(rule, manager, owner, monkeypatch):
    stays, moves = sized(20, tier=3), sized(20, tier=3)
    rule("", 2)
    job = ordered(manager)
    write_down = segmentation._write_down

    def and_then_somebody_comes(job, progress):
        write_down(job, progress)
        actions.set_tier(workplace=stays, tier=1, by=owner)

    monkeypatch.setattr(segmentation, "_write_down", and_then_somebody_comes)

    assert done(job).counts == {"moved": 1, "left": 1}
    stays.refresh_from_db()
    moves.refresh_from_db()
    assert (stays.tier, moves.tier) == (1, 2)
    assert TierChange.objects.filter(workplace=stays).count() == 1


def test_an_outcome_that_is_another_by_now_is_not_ordered(rule, manager):
    sized(20, tier=3)
    rule("employees_from=10", 2)
    preview = Rules(TODAY).preview()
    Workplace.objects.update(employees_min=1, employees_max=1)
    sized(20, tier=3)

    with pytest.raises(Stale, match=r"The register has changed since 9:30. Calculate again\."):
        segmentation.order(mark=preview.mark, calculated_at=preview.at, by=manager)

    assert preview.total == Rules(TODAY).preview().total
    assert not Job.objects.exists()


@pytest.mark.parametrize("change", ["tier", "selection", "order"])
def test_a_rule_that_was_changed_meanwhile_stops_the_order(rule, manager, shared, change):
    sized(20, tier=3)
    first = rule("employees_from=10", 2)
    rule("employees_from=15", 1)
    preview = Rules(TODAY).preview()

    if change == "tier":
        rules.change(rule=first, selection=first.selection, tier=1, by=manager)
    elif change == "selection":
        rules.change(rule=first, selection=shared("employees_from=11"), tier=2, by=manager)
    else:
        rules.move(rule=first, up=False, by=manager)

    with pytest.raises(Stale):
        segmentation.order(mark=preview.mark, calculated_at=preview.at, by=manager)


def test_what_changes_between_the_order_and_the_worker_stops_the_job_and_nothing_moves(rule, manager):
    place = sized(20, tier=3)
    rule("employees_from=10", 2)
    job = ordered(manager)
    sized(30, tier=3)

    done(job)

    assert job.state == Job.State.FAILED
    assert "Calculate again." in job.failure
    assert not TierMove.objects.exists()
    place.refresh_from_db()
    assert place.tier == 3


class Killed(BaseException):
    """The worker is gone in this very moment."""


@pytest.mark.parametrize("statement", range(1, 24))
def test_a_worker_that_dies_anywhere_is_followed_by_one_that_does_the_rest_once(rule, manager, statement):
    for size in (20, 200):
        sized(size, tier=4)
    rule("employees_from=100", 1)
    rule("employees_from=10", 2)
    job = ordered(manager)
    left = statement

    def die(execute, sql, params, many, context):
        nonlocal left
        if sql.lstrip("( ").split(" ", 1)[0] in ("INSERT", "UPDATE"):
            left -= 1
            if left == 0:
                raise Killed
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(die):
            jobs.run(job.pk)
    except Killed:
        Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING)
        done(job)

    assert sorted(TierChange.objects.values_list("from_tier", "to_tier")) == [(4, 1), (4, 2)]
    assert sorted(Workplace.objects.values_list("tier", flat=True)) == [1, 2]
    assert set(TierMove.objects.values_list("state", flat=True)) == {"done"}


def statements(act):
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def test_as_many_statements_for_many_workplaces_as_for_few(rule, manager):
    rule("employees_from=100", 1)
    rule("employees_from=10", 2)

    def round_trip(count):
        for _each in range(count):
            sized(200, tier=4)
            sized(20, tier=4)
        asked = [statements(lambda: Rules(TODAY).preview()), statements(lambda: Rules(TODAY).sample())]
        job = ordered(manager)
        asked.append(statements(lambda: jobs.run(job.pk)))
        job.refresh_from_db()
        undoing = jobs.undo(job, by=manager)
        asked.append(statements(lambda: jobs.run(undoing.pk)))
        Workplace.objects.update(tier_by_hand=True)
        return asked

    few, many = round_trip(1), round_trip(30)

    assert few == many
    assert TierMove.objects.count() == 62


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda selection: Selection.objects.filter(pk=selection.pk).update(is_shared=False), "not shared with all"),
        (lambda selection: Selection.objects.filter(pk=selection.pk).update(version=99), "a version of the system"),
        (lambda selection: Selection.objects.filter(pk=selection.pk).update(query="nonsense=1"), "“nonsense”"),
        (lambda selection: Selection.objects.filter(pk=selection.pk).update(query="tier=1"), "Group"),
    ],
    ids=["not shared", "another version", "not to be read", "asks for what rules change"],
)
def test_a_rule_that_can_not_be_followed_stops_all_and_names_itself(rule, manager, spoil, said):
    place = sized(20, tier=3)
    rule("employees_from=10", 2)
    broken = rule("employees_from=1", 1, "The broken one")
    job = ordered(manager)
    spoil(broken.selection)

    with pytest.raises(RulesBroken, match="Rule 2, “The broken one”") as raised:
        Rules(TODAY)
    done(job)

    assert said in str(raised.value)
    assert (job.state, said in job.failure) == (Job.State.FAILED, True)
    place.refresh_from_db()
    assert place.tier == 3


def test_a_selection_that_finds_nothing_by_construction_is_no_error(rule):
    sized(20, tier=3)
    rule("q=nobodyiscalledso", 1)
    rule("employees_from=10", 2)

    assert Rules(TODAY).preview().moves == {2: 1}


def test_without_rules_nobody_moves():
    sized(20, tier=3)

    preview = Rules(TODAY).preview()

    assert (preview.total, preview.matrix) == (0, {(3, 3): 1})
    assert list(Rules(TODAY).moving()) == []


def test_what_would_move_is_found_by_group_now_and_then(rule):
    one, two, three = sized(20, tier=3), sized(20), sized(200, tier=3)
    rule("employees_from=100", 1)
    rule("employees_from=10", 2)
    found = Rules(TODAY)

    assert set(found.moving()) == {one, two, three}
    assert set(found.moving(was=3)) == {one, three}
    assert set(found.moving(was=0, becomes=2)) == {two}
    assert set(found.moving(becomes=1)) == {three}
    assert set(found.moving(becomes=4)) == set()


def test_months_are_counted_from_today_and_not_from_when_the_selection_was_saved(rule):
    quiet = sized(20, tier=2, last_contact_on=date(2025, 10, 1))
    sized(20, tier=2, last_contact_on=date(2026, 10, 1))
    rule("quiet_months=12", 4)

    assert list(Rules(TODAY).moving()) == [quiet]


# --- The rules themselves --------------------------------------------------------------------


def numbers():
    return list(SegmentationRule.objects.values_list("position", "selection__name"))


def test_rules_change_places_and_close_ranks(rule, manager):
    a, _b, c = rule("employees_from=1", 1, "a"), rule("employees_from=2", 1, "b"), rule("employees_from=3", 1, "c")

    rules.move(rule=c, up=True, by=manager)
    rules.move(rule=a, up=True, by=manager)
    assert numbers() == [(1, "a"), (2, "c"), (3, "b")]

    rules.remove(rule=a, by=manager)
    assert numbers() == [(1, "c"), (2, "b")]
    assert c.history.first().history_user == manager


def test_a_selection_has_one_rule_and_is_kept_while_it_has(rule, shared, manager):
    first, other = rule("employees_from=1", 1), rule("employees_from=2", 1)

    with pytest.raises(rules.HasARule):
        rules.add(selection=first.selection, tier=2, by=manager)
    with pytest.raises(rules.HasARule):
        rules.change(rule=other, selection=first.selection, tier=2, by=manager)
    with pytest.raises(ProtectedError):
        first.selection.delete()

    assert SegmentationRule.objects.count() == 2


@pytest.mark.parametrize("facts", [{"tier": 0}, {"tier": 5}, {"position": 1}])
def test_the_database_keeps_rules_to_four_groups_and_one_number_each(rule, shared, facts):
    rule("employees_from=1", 1)

    with pytest.raises(IntegrityError), transaction.atomic():
        SegmentationRule.objects.create(**{"position": 2, "tier": 1, "selection": shared("employees_from=2")} | facts)


# --- The command -----------------------------------------------------------------------------


def segment(*arguments):
    said = StringIO()
    call_command("segment", *arguments, stdout=said)
    return said.getvalue()


def test_the_command_tells_what_it_would_do_and_changes_nothing(rule):
    sized(20, tier=3)
    sized(2)
    rule("employees_from=10", 2, "Ten and up")

    said = segment("--dry-run")

    assert "1. Ten and up → group 2: fits 1, takes 1, moves 1" in said
    assert "1  Group 3 → Group 2" in said
    assert "2 active workplaces; set by hand, and left there: 0; still in no group: 1." in said
    assert "dry run" in said
    assert not TierChange.objects.exists()
    assert not Job.objects.exists()


def test_the_command_moves_and_the_second_run_moves_nobody(rule):
    place = sized(20, tier=3)
    rule("employees_from=10", 2)

    first, second = segment(), segment()

    assert "Moved: 1." in first
    assert "The rules move nobody." in second
    place.refresh_from_db()
    assert place.tier == 2
    assert TierChange.objects.get().by is None
    assert Job.objects.get().created_by is None


def test_the_command_ends_with_2_when_a_rule_can_not_be_followed(rule):
    broken = rule("employees_from=10", 2)
    Selection.objects.filter(pk=broken.selection.pk).update(is_shared=False)

    with pytest.raises(CommandError, match="Nothing was changed") as ended:
        segment()

    assert ended.value.returncode == 2


def test_the_command_ends_with_2_without_rules():
    with pytest.raises(CommandError, match="There are no rules") as ended:
        segment()

    assert ended.value.returncode == 2
