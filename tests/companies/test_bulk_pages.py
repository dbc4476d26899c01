"""Acts on many workplaces from the register: exactly the rows that were shown, once, and with a way back."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from companies import bulk_acts, bulk_drafts, merging
from companies.bulk_acts import BulkAct, Said
from companies.models import BulkDraft, BulkDraftRow, Selection, TierChange, Workplace
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import Job
from jobcenter_crm.staff.roles import CASE_WORKER, MANAGER, STEWARD
from tests.factories import CompanyFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "row_by_row")]

REGISTER = "/companies/"


def choose(client, act, *, rows=None, query="", **more):
    chosen = {"all": "1"} if rows is None else {"row": [row.pk for row in rows]}
    return client.post(reverse("companies:bulk"), {"act": act, "query": query} | chosen | more)


def names(count, **facts):
    return [WorkplaceFactory(name=f"Place {at:03}", **facts) for at in range(count)]


def owners(rows):
    return [row.owner for row in Workplace.everything.filter(pk__in=[row.pk for row in rows]).order_by("pk")]


def said(client, url=REGISTER):
    return re.search(r'<div class="said.*?</div>', client.get(url).text, re.DOTALL)[0]


def undo_from(text):
    return re.search(r'action="(/companies/bulk/undo/[0-9]+/)"', text)[1]


@pytest.fixture
def mine(client_for, owner):
    owner.language = "en"
    owner.save()
    return client_for(owner)


def test_choosing_shows_count_and_sample_and_changes_nothing(mine, owner):
    rows = names(12)

    answer = choose(mine, "owner")
    page = mine.get(answer.url)

    assert "12 workplaces, the whole register." in " ".join(page.text.split())
    assert "The first 10 of 12" in page.text
    assert "Place 009" in page.text
    assert "Place 010" not in page.text
    assert owners(rows) == [None] * 12


def test_each_choice_says_how_many_have_it_already(mine, owner, colleague):
    names(2, owner=colleague)
    names(3)

    page = mine.get(choose(mine, "owner").url)

    assert f"{colleague} (2 already)" in page.text
    assert "Nobody (3 already)" in page.text


def test_nobody_is_never_the_choice_that_is_preset(mine, colleague):
    rows = names(2, owner=colleague)
    url = choose(mine, "owner").url

    page = mine.post(url, {"owner": ""})

    assert page.status_code == 422
    assert owners(rows) == [colleague, colleague]


def test_exactly_the_shown_rows_are_changed_also_when_the_result_has_changed_since(mine, owner, colleague):
    rows = names(3, owner=None)
    url = choose(mine, "owner", query="owner=none").url
    newcomer = WorkplaceFactory(name="Newcomer")
    Workplace.objects.filter(pk=rows[0].pk).update(name="Elsewhere", ceased_on=date(2026, 11, 1))

    mine.post(url, {"owner": colleague.pk})

    assert owners(rows) == [colleague] * 3
    assert owners([newcomer]) == [None]


def test_only_the_ticked_are_changed_and_history_says_who(mine, owner, colleague):
    rows, others = names(2), names(2)

    answer = mine.post(choose(mine, "owner", rows=rows).url, {"owner": colleague.pk})

    line = Workplace.objects.get(pk=rows[0].pk).history.first()
    assert answer.url.startswith(REGISTER)
    assert owners(rows) == [colleague] * 2
    assert owners(others) == [None] * 2
    assert (line.history_user, line.history_change_reason) == (owner, f"Bulk correction, job {Job.objects.get().pk}")


def test_a_small_change_is_done_at_once_says_what_it_did_and_is_undone_from_the_line_at_the_foot(
    mine, owner, colleague
):
    changed, same = names(3), names(2, owner=colleague)
    mine.post(choose(mine, "owner").url, {"owner": colleague.pk})
    line = said(mine)

    Workplace.objects.filter(pk=changed[0].pk).update(owner=owner)
    mine.post(undo_from(line), {"next": REGISTER})

    assert "3 workplaces changed. 2 were so already." in line
    assert "2 workplaces changed back. 1 was left: somebody has changed it since." in said(mine)
    assert owners(changed) == [owner, None, None]
    assert owners(same) == [colleague, colleague]


def test_a_change_of_more_rows_than_a_browser_waits_for_is_a_job_with_progress(mine, colleague, monkeypatch):
    monkeypatch.setattr("companies.bulk_pages.ROWS_AT_ONCE", 2)
    rows = names(3)

    answer = mine.post(choose(mine, "owner").url, {"owner": colleague.pk})
    job = Job.objects.get()

    assert answer.url == job.get_absolute_url()
    assert (job.state, job.total, owners(rows)) == (Job.State.WAITING, 3, [None] * 3)
    jobs.run(job.pk)
    assert owners(rows) == [colleague] * 3
    assert "Undo this job" in mine.get(job.get_absolute_url()).text


def test_all_being_so_already_orders_nothing(mine, colleague):
    names(2, owner=colleague)

    mine.post(choose(mine, "owner").url, {"owner": colleague.pk})

    assert "All the chosen workplaces are so already." in said(mine)
    assert not Job.objects.exists()


def test_a_page_is_sent_once(mine, owner, colleague):
    names(2)
    url = choose(mine, "owner").url
    mine.post(url, {"owner": colleague.pk})

    mine.post(url, {"owner": owner.pk})

    assert set(Workplace.objects.values_list("owner", flat=True)) == {colleague.pk}
    assert "This has been done already." in mine.get(url).text


def test_nobody_elses_page_can_be_seen_or_sent(mine, client_for, colleague):
    rows = names(2)
    url = choose(mine, "owner").url
    other = client_for(colleague)

    assert other.get(url).status_code == 404
    assert other.post(url, {"owner": colleague.pk}).status_code == 404
    assert mine.get(reverse("companies:bulk_draft", args=[uuid.uuid4()])).status_code == 404
    assert owners(rows) == [None] * 2


def test_a_search_that_cannot_be_read_stops_it_in_words(mine):
    names(2)

    answer = choose(mine, "owner", query="colour=red")

    assert "There is no filter called “colour”." in said(mine, answer.url)
    assert not BulkDraft.objects.exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"act": "owner"}, "Tick the workplaces first"),
        ({"act": "owner", "row": ["x", "-1", "²", "9" * 30]}, "Tick the workplaces first"),
        ({"all": "1"}, "press a button of the bar"),
        ({"act": "nonsense", "all": "1"}, "press a button of the bar"),
    ],
)
def test_choosing_nothing_leads_back_to_the_list_with_what_to_do(mine, sent, words):
    names(1)

    answer = mine.post(reverse("companies:bulk"), {"query": "sort=town&page=2"} | sent)

    assert answer.url == "/companies/?sort=town"
    assert words in said(mine, answer.url)


def test_each_act_takes_its_own_permission(client_for, person_in):
    rows = names(1)
    case_worker, steward = client_for(person_in(CASE_WORKER)), client_for(person_in(STEWARD))

    assert [choose(case_worker, act).status_code for act in ("owner", "tier", "export")] == [403, 403, 403]
    assert [choose(steward, act).status_code for act in ("owner", "tier", "export")] == [403, 403, 302]
    assert "data-tick" not in case_worker.get(REGISTER).text.replace("data-ticked", "")
    assert f'name="row" value="{rows[0].pk}"' in steward.get(REGISTER).text


def test_what_was_merged_since_is_counted_and_left_alone(mine, owner, colleague):
    company = CompanyFactory()
    kept, merged = WorkplaceFactory(company=company), WorkplaceFactory(company=company, p_number=None, street="B 2")
    url = choose(mine, "owner", rows=[merged]).url
    merging.merge(kept=kept, merged=merged, choices=set(), by=owner)

    page = mine.get(url)
    mine.post(url, {"owner": colleague.pk})

    assert "1 has been merged into another workplace since" in page.text
    assert owners([kept]) == [None]


def test_a_group_is_set_by_hand_with_its_reason_on_the_timeline(mine, owner):
    rule_set = WorkplaceFactory(tier=2, tier_since=date(2026, 1, 5), tier_by_hand=False)
    other = WorkplaceFactory(tier=3, tier_since=date(2026, 2, 5), tier_by_hand=True)
    none = WorkplaceFactory()

    mine.post(choose(mine, "tier").url, {"tier": "2", "why": "Agreed at the meeting"})

    moves = TierChange.objects.order_by("workplace")
    assert [(move.workplace, move.from_tier, move.to_tier, move.why, move.by) for move in moves] == [
        (other, 3, 2, "Agreed at the meeting", owner),
        (none, None, 2, "Agreed at the meeting", owner),
    ]
    assert list(Workplace.objects.order_by("pk").values_list("tier", "tier_since", "tier_by_hand")) == [
        (2, date(2026, 1, 5), True),
        (2, date(2026, 11, 24), True),
        (2, date(2026, 11, 24), True),
    ]
    assert rule_set.history.count() == 2


def test_undo_of_a_group_gives_back_since_when_and_how_it_was_set(mine, owner):
    before = [(2, date(2026, 1, 5), False), (3, date(2026, 2, 5), True), (None, None, False)]
    for tier, since, by_hand in before:
        WorkplaceFactory(tier=tier, tier_since=since, tier_by_hand=by_hand)
    mine.post(choose(mine, "tier").url, {"tier": "2", "why": "Agreed"})

    mine.post(undo_from(said(mine)), {"next": REGISTER})

    assert list(Workplace.objects.order_by("pk").values_list("tier", "tier_since", "tier_by_hand")) == before
    assert TierChange.objects.first().why == "Taken back: Agreed"


def test_workplaces_can_be_taken_out_of_their_groups(mine):
    WorkplaceFactory(tier=2, tier_by_hand=True)

    mine.post(choose(mine, "tier").url, {"tier": "none", "why": "Not for us"})

    assert Workplace.objects.values_list("tier", "tier_since", "tier_by_hand").get() == (None, None, False)


@pytest.mark.parametrize(
    "answer", [{"tier": "2"}, {"why": "Because"}, {"tier": "2", "why": "070761-4285"}, {"tier": "9"}]
)
def test_a_group_needs_a_choice_and_a_reason_and_keeps_what_was_typed(mine, answer):
    WorkplaceFactory()
    url = choose(mine, "tier").url

    page = mine.post(url, answer)

    assert page.status_code == 422
    assert Workplace.objects.get().tier is None
    assert 'value="Because"' in page.text or "why" not in answer or "070761" in answer["why"]


def test_setting_owner_or_group_takes_the_protected_too(mine, colleague):
    rows = [
        WorkplaceFactory(do_not_contact=True, do_not_contact_why="No"),
        WorkplaceFactory(advertising_protected=True),
        WorkplaceFactory(ceased_on=date(2026, 11, 1)),
    ]

    mine.post(choose(mine, "owner", query="ceased=too").url, {"owner": colleague.pk})

    assert owners(rows) == [colleague] * 3


@pytest.fixture
def invited():
    """An act of contact as another app would register it: keeps what it was given."""
    got = {}

    def invite(*, draft, workplaces, answer, by, basis):
        got.update(rows=set(workplaces), basis=basis, by=by)
        return Said("Invited.", undo_url="/companies/")

    bulk_acts.register(
        BulkAct(50, "invite", "Invite", "Invite", "Invite", "envelope", "companies.set_owner", invite, is_contact=True)
    )
    yield got
    bulk_acts.unregister("invite")


@pytest.fixture
def some_protected():
    return {
        "open": WorkplaceFactory(),
        "asks": WorkplaceFactory(do_not_contact=True, do_not_contact_why="No", advertising_protected=True),
        "quiet": WorkplaceFactory(advertising_protected=True),
        "quiet company": WorkplaceFactory(company=CompanyFactory(advertising_protected=True)),
        "ceased": WorkplaceFactory(ceased_on=date(2026, 11, 1), do_not_contact=True, do_not_contact_why="No"),
    }


def test_an_act_of_contact_leaves_the_protected_out_and_says_how_many_and_why(mine, invited, some_protected):
    url = choose(mine, "invite", query="ceased=too").url

    words = " ".join(mine.get(url).text.split())
    mine.post(url, {"include": "on", "basis": "I would like to"})

    assert "1 workplace comes along." in words
    assert "4 are left out: 1 has asked us not to make contact, 2 are advertising-protected, 1 has ceased." in words
    assert "A manager can state on what basis" in words
    assert (invited["rows"], invited["basis"]) == ({some_protected["open"]}, "")
    assert "Invited." in said(mine)


def test_the_sample_of_an_act_of_contact_is_of_those_who_come_along(mine, invited, some_protected):
    names(10)
    some_protected["asks"].name = some_protected["asks"].sort_name = "0000"
    some_protected["asks"].save()

    words = mine.get(choose(mine, "invite", query="ceased=too").url).text

    assert "The first 10 of 11" in words
    assert "Place 008" in words
    assert "0000" not in words
    assert "Advertising-protected</" not in words


def test_those_who_do_not_contact_employers_are_not_offered_as_responsible(mine, owner, colleague, person_in):
    case_worker, has_some = person_in(CASE_WORKER), person_in(STEWARD)
    place = WorkplaceFactory(owner=has_some)
    other = WorkplaceFactory()

    def offered(url):
        return [str(value) for value, _label in mine.get(url).context["form"].fields["owner"].choices]

    one = offered(reverse("companies:owner", args=[place.pk]))
    many = offered(choose(mine, "owner", rows=[place, other]).url)
    without = offered(reverse("companies:owner", args=[other.pk]))

    assert set(one) == {"", str(colleague.pk), str(owner.pk), str(has_some.pk)}
    assert set(many) == {*one, "none"}
    assert str(has_some.pk) not in without
    assert str(case_worker.pk) not in one


def test_a_manager_includes_them_on_a_stated_basis(client_for, person_in, invited, some_protected):
    manager = person_in(MANAGER)
    client = client_for(manager)
    url = choose(client, "invite", query="ceased=too").url

    refused = client.post(url, {"include": "on", "basis": ""})
    assert refused.status_code == 422
    assert "Write on what basis they are included" in refused.text
    assert invited == {}

    client.post(url, {"include": "on", "basis": "They asked for it"})
    assert (invited["rows"], invited["basis"]) == (set(some_protected.values()), "They asked for it")


def test_two_acts_of_one_name_are_refused(invited):
    with pytest.raises(ValueError, match="invite"):
        bulk_acts.register(bulk_acts.act_named("invite"))


@pytest.mark.parametrize("sort", ["", "name", "town", "branch", "-employees", "tier", "owner", "last", "-last", "next"])
def test_the_rows_are_kept_in_the_order_of_the_screen(mine, owner, sort):
    for at in range(6):
        WorkplaceFactory(
            name=f"{'cafbde'[at]}", tier=[None, 2, 1, 2, None, 3][at], employees_min=[3, None, 7, 1, 9, 2][at],
            last_contact_on=[None, date(2026, 3, 1), date(2026, 1, 1), None, date(2026, 2, 1), date(2026, 5, 1)][at],
            owner=owner if at % 2 else None, postcode=["4600", "4000", "2000"][at % 3],
        )  # fmt: skip

    choose(mine, "owner", query=f"sort={sort}" if sort else "")

    shown = [one.pk for one in mine.get(REGISTER, {"sort": sort} if sort else {}).context["workplaces"]]
    assert list(BulkDraftRow.objects.order_by("position").values_list("workplace_id", flat=True)) == shown


def test_the_draft_names_the_selection_that_the_list_shows_and_no_other(mine, owner):
    names(1, tier=1)
    selection = Selection.objects.create(name="First", query="tier=1", created_by=owner)

    for query in (f"tier=1&selection={selection.pk}", f"tier=1&owner=me&selection={selection.pk}", "selection=x"):
        choose(mine, "owner", query=query)

    assert list(BulkDraft.objects.order_by("pk").values_list("selection", flat=True)) == [selection.pk, None, None]


def test_drafts_are_forgotten_after_a_day(owner, today):
    def put_aside(act):
        bulk_drafts.put_aside(bulk_acts.act_named(act), by=owner, query="", today=date(2026, 11, 24))

    names(2)
    put_aside("owner")
    today.shift(timedelta(hours=23))
    put_aside("tier")
    assert bulk_drafts.forget(timezone.now()) == 0

    today.shift(timedelta(hours=2))
    assert bulk_drafts.forget(timezone.now()) == 1

    assert (BulkDraft.objects.get().act, BulkDraftRow.objects.count()) == ("tier", 2)


@pytest.mark.parametrize("rows", [2, 60])
def test_choosing_and_its_page_ask_the_same_questions_however_many_rows_there_are(
    mine, owner, rows, django_assert_num_queries
):
    names(rows, owner=owner)
    choose(mine, "owner")

    with django_assert_num_queries(9):
        url = choose(mine, "owner").url
    with django_assert_num_queries(11):
        mine.get(url)


def test_ordering_the_change_takes_no_more_statements_for_more_rows(mine, owner, colleague, monkeypatch):
    monkeypatch.setattr("companies.bulk_pages.ROWS_AT_ONCE", 1)
    counts = []
    # The first one also asks what is kept in memory from then on.
    for more in (2, 2, 60):
        names(more)
        url = choose(mine, "owner").url
        with CaptureQueriesContext(connection) as asked:
            mine.post(url, {"owner": colleague.pk})
        counts.append(len(asked))

    assert counts[1] == counts[2]
