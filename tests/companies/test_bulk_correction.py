"""Bulk corrections in the admin: exactly the rows that were shown, with history, and a way back."""

import re
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from companies import merging
from companies.bulk_correction import CORRECTIONS, order
from companies.models import Branch, Municipality, RegisterChange, Workplace
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import Job
from jobcenter_crm.staff.roles import STEWARD
from tests.factories import UserFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

LIST = "admin:companies_workplace_changelist"


@pytest.fixture
def steward(person_in):
    user = person_in(STEWARD)
    user.is_staff, user.language = True, "en"
    user.save()
    return user


@pytest.fixture
def maintainer(client_for, steward):
    return client_for(steward)


@pytest.fixture
def branch():
    return Branch.objects.filter(scheme="DB25", level=4).first()


def unnumbered(count, **facts):
    return [WorkplaceFactory(p_number=None, name=f"Place {at:03}", **facts) for at in range(count)]


def choose(maintainer, chosen, what="", across=False, query="", **more):
    answers = {
        "action": "correct",
        "select_across": "1" if across else "0",
        "_selected_action": [row.pk for row in chosen],
        "what": what,
    } | more
    return maintainer.post(reverse(LIST) + query, answers)


def confirm(maintainer, rows, what, value, **how):
    """Both steps: see the rows, then set them."""
    mark = choose(maintainer, rows, what, **how).context["mark"]
    return choose(maintainer, rows, what, rows=mark, value=value, **how)


def run(job):
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_the_first_step_shows_count_and_sample_and_changes_nothing(maintainer):
    rows = unnumbered(12)

    page = choose(maintainer, rows)

    assert "12 workplaces can be corrected." in page.text
    assert "The first 10 of 12" in page.text
    assert "Place 009" in page.text
    assert "Place 010" not in page.text
    assert not Job.objects.exists()


def test_exactly_the_chosen_rows_are_corrected(maintainer, steward, branch):
    rows, others = unnumbered(3), unnumbered(2)

    answer = confirm(maintainer, rows, "branch", branch.code)
    job = run(Job.objects.get())

    assert answer.url == job.get_absolute_url()
    assert set(Workplace.objects.filter(branch=branch)) == set(rows)
    assert {row.branch for row in Workplace.objects.filter(pk__in=[other.pk for other in others])} == {None}
    assert job.counts == {"changed": 3, "left": 0}
    assert job.created_by == steward


def test_all_rows_of_a_filter_are_corrected_not_only_those_of_its_page(maintainer):
    koege = Municipality.objects.get(name="Køge")
    rows = unnumbered(60)
    WorkplaceFactory(p_number=None, municipality=Municipality.objects.exclude(pk=koege.pk).first())

    confirm(maintainer, rows[:50], "municipality", koege.pk, across=True, query="?wrong=municipality")
    job = run(Job.objects.get())

    assert job.total == 60
    assert Workplace.objects.filter(municipality=koege).count() == 60


def test_what_the_register_owns_is_left_out_and_counted(maintainer, branch):
    (ours,), theirs = unnumbered(1), WorkplaceFactory()

    page = choose(maintainer, [ours, theirs], "branch")
    confirm(maintainer, [ours, theirs], "branch", branch.code)
    run(Job.objects.get())

    theirs.refresh_from_db()
    assert "1 workplace can be corrected." in page.text
    assert "1 is left out: it has a P-number" in page.text
    assert theirs.branch is None


def test_a_row_that_gets_its_p_number_meanwhile_is_left_alone(maintainer, branch):
    rows = unnumbered(2)
    confirm(maintainer, rows, "branch", branch.code)
    Workplace.objects.filter(pk=rows[0].pk).update(p_number="9911111111")

    job = run(Job.objects.get())

    assert job.counts == {"changed": 1, "left": 1}
    assert Workplace.objects.get(branch=branch) == rows[1]


def test_the_timeline_tells_what_was_corrected_and_by_whom(maintainer, steward, branch):
    (row,) = unnumbered(1)

    confirm(maintainer, [row], "branch", branch.code)
    run(Job.objects.get())

    change = RegisterChange.objects.get()
    assert (change.workplace, change.kind, change.by, change.register_import) == (row, "changed", steward, None)
    assert (change.before, change.after) == ({"branch": None}, {"branch": str(branch)})
    card = re.sub(r"\s+", " ", maintainer.get(row.get_absolute_url()).text)
    assert f"<strong>Facts corrected</strong> by {steward}" in card
    assert f"Branch: from – to {branch}" in card


def test_rows_that_changed_since_they_were_shown_are_shown_again(maintainer, branch):
    rows = unnumbered(2)
    mark = choose(maintainer, rows, "branch", across=True, query="?wrong=branch").context["mark"]
    WorkplaceFactory(p_number=None)

    answer = choose(maintainer, rows, "branch", across=True, query="?wrong=branch", rows=mark, value=branch.code)

    assert answer.status_code == 422
    assert "The rows have changed since they were shown." in answer.text
    assert "3 workplaces can be corrected." in answer.text
    assert not Job.objects.exists()


def test_twice_does_nothing_the_second_time(maintainer, branch):
    rows = unnumbered(2)
    confirm(maintainer, rows, "branch", branch.code)
    confirm(maintainer, rows, "branch", branch.code)
    for job in Job.objects.order_by("pk"):
        run(job)

    third = confirm(maintainer, rows, "branch", branch.code)

    assert [job.counts["changed"] for job in Job.objects.order_by("pk")] == [2, 0]
    assert third.status_code == 302
    assert Job.objects.count() == RegisterChange.objects.count() == 2


def test_undo_gives_back_what_was_there_and_tells_so(maintainer, steward, branch):
    other = Branch.objects.filter(level=4).last()
    (row,) = unnumbered(1, branch=other)
    confirm(maintainer, [row], "branch", branch.code)
    job = run(Job.objects.get())

    page = maintainer.get(job.get_absolute_url())
    maintainer.post(reverse("backstage:undo", args=[job.pk]))
    undoing = run(Job.objects.latest("pk"))

    row.refresh_from_db()
    assert "Undo" in page.text
    assert undoing.counts == {"restored": 1, "left": 0}
    assert row.branch == other
    assert RegisterChange.objects.first().after == {"branch": str(other)}


def test_own_facts_go_the_way_of_the_card_with_who_and_why(maintainer, steward):
    rows = [WorkplaceFactory(), WorkplaceFactory(labour_conflict=True)]

    confirm(maintainer, rows, "do_not_contact", "They asked for peace until summer.")
    job = run(Job.objects.get())

    for row in rows:
        row.refresh_from_db()
        assert (row.do_not_contact, row.do_not_contact_why) == (True, "They asked for peace until summer.")
        newest = row.history.first()
        assert newest.history_user == steward
        assert newest.history_change_reason == f"Bulk correction, job {job.pk}"
    assert rows[1].labour_conflict


def test_one_that_is_marked_keeps_its_own_reason(maintainer):
    marked = WorkplaceFactory(do_not_contact=True, do_not_contact_why="Their own words.")
    other = WorkplaceFactory()

    confirm(maintainer, [marked, other], "do_not_contact", "Another reason.")
    run(Job.objects.get())

    marked.refresh_from_db()
    assert marked.do_not_contact_why == "Their own words."


@pytest.mark.parametrize(
    ("what", "value", "told"),
    [
        ("branch", "", "Fill this in"),
        ("branch", "000000", "Write the six digits"),
        ("branch", "detail", "Several branches"),
        ("branch", "\0", "Null characters"),
        ("branch", "x" * 500, "at most 100"),
        ("municipality", "9999", "Select a valid choice"),
        ("municipality", "x\0", "Null characters"),
        ("sector", "none", "Select a valid choice"),
        ("do_not_contact", "Call 010190-1234", "CPR"),
        ("do_not_contact", "", "Fill this in"),
        ("labour_conflict", "", "Choose one"),
        ("may_contact", "", "Tick this"),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field(maintainer, what, value, told):
    rows = unnumbered(1)

    answer = confirm(maintainer, rows, what, value)

    assert answer.status_code == 422
    assert told in str(answer.context["form"].errors["value"])
    assert not Job.objects.exists()


@pytest.mark.parametrize("what", ["nonsense", "owner", "\0"])
def test_what_one_may_not_set_is_not_on_offer(maintainer, what):
    rows = unnumbered(1)

    answer = choose(maintainer, rows, what, rows="x", value="1")

    assert answer.status_code == 200
    assert "owner" not in dict(answer.context["form"].fields["what"].choices)
    assert not Job.objects.exists()


def test_the_responsible_consultant_is_set_by_those_who_may(maintainer, steward, owner):
    steward.user_permissions.add(Permission.objects.get(codename="set_owner"))
    rows = [WorkplaceFactory(), WorkplaceFactory()]

    confirm(maintainer, rows, "owner", owner.pk)
    run(Job.objects.get())

    assert set(Workplace.objects.filter(owner=owner)) == set(rows)


def test_undo_gives_back_what_was_a_colleagues_who_has_left_since_and_so_it_is_nobodys(steward, owner):
    before = UserFactory()
    row = WorkplaceFactory(owner=before)
    job = run(
        order(CORRECTIONS["owner"], workplaces=Workplace.objects.all(), values={"owner_id": owner.pk}, by=steward)
    )
    type(before).objects.filter(pk=before.pk).update(is_active=False)

    undoing = run(jobs.undo(job, by=steward))

    row.refresh_from_db()
    assert (row.owner, row.responsible) == (before, None)
    assert undoing.counts == {"restored": 1, "left": 0}


def test_a_colleague_who_left_after_it_was_ordered_gets_nothing(steward):
    gone, row = UserFactory(), WorkplaceFactory()
    job = order(CORRECTIONS["owner"], workplaces=Workplace.objects.all(), values={"owner_id": gone.pk}, by=steward)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)

    run(job)

    row.refresh_from_db()
    assert row.owner is None


def test_somebody_who_may_only_look_is_not_offered_it(client_for, owner):
    owner.is_staff = True
    owner.save()
    rows = unnumbered(1)

    page = client_for(owner).get(reverse(LIST))
    choose(client_for(owner), rows, "sector", rows="x", value="public")

    assert "Correct the chosen" not in page.text
    assert not Job.objects.exists()


@pytest.mark.parametrize("count", [2, 30])
def test_the_page_asks_the_same_questions_however_many_are_chosen(maintainer, count, django_assert_max_num_queries):
    rows = unnumbered(count)
    choose(maintainer, rows, "branch")

    with django_assert_max_num_queries(14):
        choose(maintainer, rows, "branch")


def test_each_correction_sets_what_it_says(steward, owner):
    """Every kind of work is registered, for the columns that its values name."""
    answers = {
        "branch": Branch.objects.filter(level=4).first(),
        "municipality": Municipality.objects.first(),
        "sector": "public",
        "owner": owner,
        "do_not_contact": "Not now.",
        "may_contact": True,
        "labour_conflict": True,
    }
    assert set(answers) == set(CORRECTIONS)
    for name, correction in CORRECTIONS.items():
        row = WorkplaceFactory(p_number=None, do_not_contact=name == "may_contact", ceased_on=date(2026, 1, 1))
        values = correction.values(answers[name])
        job = run(order(correction, workplaces=Workplace.objects.filter(pk=row.pk), values=values, by=steward))
        row.refresh_from_db()
        assert job.counts == {"changed": 1, "left": 0}
        assert {column: getattr(row, column) for column in values} == values


def test_a_workplace_merged_meanwhile_is_left_and_so_is_the_one_that_was_kept(steward):
    mine, his = UserFactory(), UserFactory()
    kept = WorkplaceFactory(owner=mine)
    chosen = WorkplaceFactory(company=kept.company)
    job = order(
        CORRECTIONS["owner"], workplaces=Workplace.objects.filter(pk=chosen.pk), values={"owner_id": his.pk}, by=steward
    )
    merging.merge(kept=kept, merged=chosen, choices=set(), by=steward)

    run(job)

    kept.refresh_from_db()
    assert kept.owner == mine
    assert job.targets.get().state == "skipped"


def test_undo_leaves_the_one_that_a_workplace_was_merged_into(steward):
    mine, his = UserFactory(), UserFactory()
    kept = WorkplaceFactory(owner=mine)
    chosen = WorkplaceFactory(company=kept.company)
    job = order(
        CORRECTIONS["owner"], workplaces=Workplace.objects.filter(pk=chosen.pk), values={"owner_id": his.pk}, by=steward
    )
    run(job)
    merging.merge(kept=kept, merged=chosen, choices=set(), by=steward)

    run(jobs.undo(job, by=steward))

    kept.refresh_from_db()
    assert kept.owner == mine


@pytest.mark.parametrize(
    ("what", "value", "told"),
    [
        ("branch", "BRANCH", "New value: BRANCH"),
        ("sector", "public", "New value: Public"),
        ("owner", "", "New value: Nobody"),
        ("owner", "OWNER", "New value: Olga Owner"),
        ("do_not_contact", "Not before May", "New value: Not before May"),
        ("labour_conflict", "yes", "New value: yes"),
        ("may_contact", "on", ""),
    ],
)
def test_the_page_of_the_job_tells_what_was_set_and_leads_back_to_the_list(
    maintainer, steward, owner, branch, what, value, told
):
    steward.user_permissions.add(Permission.objects.get(codename="set_owner"))
    has = {"owner": steward} if what == "owner" and not value else {}
    has |= {"do_not_contact": True, "do_not_contact_why": "No"} if what == "may_contact" else {}
    rows = unnumbered(2, **has)
    value = {"BRANCH": branch.code, "OWNER": owner.pk}.get(value, value)
    confirm(maintainer, rows, what, value)
    job = run(Job.objects.get())

    page = maintainer.get(job.get_absolute_url())

    assert told.replace("BRANCH", str(branch)) in page.text
    assert ("New value" in page.text) == bool(told)
    assert f'href="{reverse(LIST)}"' in page.text

    undoing = run(jobs.undo(job, by=steward))

    assert f'href="{reverse(LIST)}"' in maintainer.get(undoing.get_absolute_url()).text


def test_the_list_shows_those_without_p_number_when_asked(maintainer):
    ours, theirs = unnumbered(1)[0], WorkplaceFactory(name="Known by number")

    without = maintainer.get(reverse(LIST), {"has_p": "no"})
    filtered = [url for url in re.findall(r'href="[?]([^"]+)"', without.text) if url.startswith("has_p=yes")]

    assert list(without.context["cl"].result_list) == [ours]
    assert list(maintainer.get(f"{reverse(LIST)}?{filtered[0]}").context["cl"].result_list) == [theirs]
