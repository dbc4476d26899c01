"""The pages of follow-ups: the list, one by hand, given on, several at once."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from structlog.testing import capture_logs

from companies.models import Selection
from contacts import follow_up_kinds
from contacts.models import FollowUp
from jobcenter_crm.desk.my_day import my_day
from jobcenter_crm.staff.actions import switch_staff_figures_on
from jobcenter_crm.staff.roles import CASE_WORKER, MANAGER
from tests.conftest import member
from tests.excel import sheets, table
from tests.factories import FollowUpFactory, PersonFactory, TeamFactory, UserFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
URL, EXCEL = "/follow-ups/", "/follow-ups/excel/"


def due(day, **facts):
    return FollowUpFactory(due_on=date(2026, 11, day), **facts)


@pytest.fixture
def manager(db):
    return member(MANAGER, "karen", language="en")


@pytest.fixture
def page(client_for, owner):
    """The page as the owner sees it, for what the address says."""
    client = client_for(owner)
    return lambda **asked: client.get(URL, asked)


def shown(answer):
    return list(answer.context["follow_ups"])


def said(answer):
    return [str(message) for message in answer.context["messages"]]


# --- The list ----------------------------------------------------------------------------------


def test_mine_are_listed_soonest_first_and_counted_by_how_late_they_are(page, owner, colleague):
    later, now, late, week = due(30, owner=owner), due(24, owner=owner), due(20, owner=owner), due(27, owner=owner)
    due(24, owner=colleague)
    due(24, owner=owner).finish(by=owner)

    answer = page()

    assert shown(answer) == [late, now, week, later]
    assert answer.context["counts"] == {"open": 4, "overdue": 1, "today": 1, "week": 1, "later": 1}
    spans = {"overdue": late, "today": now, "week": week, "later": later}
    assert {when: shown(page(when=when)) for when in spans} == {when: [one] for when, one in spans.items()}


def test_an_employer_who_should_have_had_an_answer_comes_first(page, owner):
    older = due(2, owner=owner)
    matter, to_come = due(23, owner=owner, kind="matter"), due(25, owner=owner, kind="matter")

    answer = page()

    assert shown(answer) == [matter, older, to_come]
    assert answer.text.count("Unanswered: they await an answer") == 1
    assert my_day(owner, TODAY).overdue.shown[0].follow_up == matter


def test_one_chooses_whose(page, owner, colleague, person_in):
    gone, elsewhere = person_in("Manager"), person_in("Job consultant")
    gone.is_active = False
    gone.save()
    south = elsewhere.team = TeamFactory(name="Team South")
    elsewhere.save()
    mine, theirs, left, far = [due(24, owner=one) for one in (owner, colleague, gone, elsewhere)]

    assert set(shown(page(whose="all"))) == {mine, theirs, left, far}
    assert set(shown(page(whose="team"))) == {mine, theirs, left}
    assert shown(page(whose=f"team-{south.pk}")) == [far]
    assert shown(page(whose="nobody")) == [left]
    assert shown(page(whose=str(colleague.pk))) == [theirs]
    assert "no longer here" in page(whose="nobody").text


def test_kind_and_order_are_in_the_address(page, owner):
    first = due(24, owner=owner, workplace=WorkplaceFactory(name="Bageren"))
    second = due(23, owner=owner, workplace=WorkplaceFactory(name="Ærø Kro"), kind="next_step")

    assert shown(page(kind="next_step")) == [second]
    assert shown(page(sort="name")) == [first, second]
    assert shown(page(sort="-day")) == [first, second]


def test_those_that_are_done_are_listed_by_choice_the_latest_first(page, owner):
    long_ago, earlier, lately = (due(20, owner=owner) for _ in range(3))
    long_ago.finish(by=owner, at=datetime(2026, 5, 1, 9, tzinfo=UTC))
    earlier.finish(by=owner, at=datetime(2026, 11, 20, 9, tzinfo=UTC))
    lately.finish(by=owner, at=datetime(2026, 11, 23, 9, tzinfo=UTC))

    answer = page(when="done")

    assert shown(answer) == [lately, earlier]
    assert f"Ticked off by {owner}" in answer.text
    assert 'name="at"' not in answer.text


def done(owner, **facts):
    follow_up = due(20, owner=owner, **facts)
    follow_up.finish(by=owner, at=datetime(2026, 11, 23, 9, tzinfo=UTC))
    return follow_up


def test_what_a_colleague_has_done_is_not_told(page, owner, colleague, person_in):
    mine, theirs = done(owner), done(colleague)
    small = person_in(CASE_WORKER).team = TeamFactory(name="Small")

    assert shown(page(when="done")) == [mine]
    assert set(shown(page(when="done", whose="all"))) == {mine, theirs}
    for whose in (str(colleague.pk), "nobody", "team", f"team-{owner.team_id}", f"team-{small.pk}"):
        answer = page(when="done", whose=whose)
        assert shown(answer) == []
        assert "not told by colleague" in answer.text
    assert "The list can&#x27;t be sorted like that." in page(when="done", whose="all", sort="whose").text


def test_nor_at_the_workplaces_of_a_colleague(page, owner, colleague):
    done(colleague, workplace=WorkplaceFactory(owner=colleague))
    theirs = Selection.objects.create(name="Theirs", query=f"owner={colleague.pk}", created_by=owner, is_shared=True)

    for asked in ({"among": theirs.pk}, {"team": owner.team_id}):
        answer = page(when="done", whose="all", **asked)
        assert shown(answer) == []
        assert "The filter can't be read." in answer.text
        assert page(whose="all", **asked).context["is_readable"]


def test_a_team_of_five_is_told_what_it_has_done(page, owner, colleague):
    UserFactory.create_batch(4, team=owner.team)
    mine = done(owner)

    assert shown(page(when="done", whose="team")) == shown(page(when="done", whose=f"team-{owner.team_id}"))
    assert mine in shown(page(when="done", whose="team"))


def test_where_it_is_switched_on_managers_see_what_a_colleague_has_done_and_it_is_noted(
    client_for, manager, page, colleague
):
    theirs = done(colleague)
    switch_staff_figures_on(since=TODAY, reference="Works committee", by=manager)
    asked = {"when": "done", "whose": colleague.pk}

    with capture_logs() as logs:
        answer = client_for(manager).get(URL, asked)

    assert shown(answer) == [theirs]
    assert [(log["page"], log["colleagues"]) for log in logs if log["event"] == "staff_figures_read"] == [
        ("follow_ups", [colleague.pk])
    ]
    assert shown(page(**asked)) == []


def test_the_way_to_what_is_done_is_there_only_where_it_is_told(page, owner, colleague):
    assert "when=done" in page().text
    assert "when=done" in page(whose="all", sort="whose").text
    assert "sort=whose&amp;when=done" not in page(whose="all", sort="whose").text
    assert "when=done" not in page(whose=colleague.pk).text


# --- Excel -------------------------------------------------------------------------------------


def test_excel_has_the_rows_of_the_list_and_nothing_that_somebody_wrote_freely(client_for, owner):
    workplace = WorkplaceFactory(name="Bageren", tier=2, do_not_contact=True)
    due(20, owner=owner, workplace=workplace, title="Written freely", channel="phone")
    due(25, owner=owner)

    (row,) = table(client_for(owner).get(EXCEL, {"when": "overdue"}))

    assert row == {
        "Due": date(2026, 11, 20),
        "Kind": "By hand",
        "How": "Call",
        "Workplace": "Bageren",
        "Company": workplace.company.name,
        "CVR number": workplace.company.cvr_number,
        "P-number": workplace.p_number,
        "Group": 2,
        "Responsible": str(owner),
        "Note well": "Do not contact",
    }


def test_excel_of_what_is_done_says_when_and_not_whose(client_for, owner, colleague):
    done(colleague)

    (row,) = table(client_for(owner).get(EXCEL, {"when": "done", "whose": "all"}))

    assert row["Ticked off"] == date(2026, 11, 23)
    assert "Responsible" not in row


def test_excel_says_what_was_chosen(client_for, owner):
    due(20, owner=owner)
    book = sheets(b"".join(client_for(owner).get(EXCEL, {"when": "overdue", "whose": "all"}).streaming_content))

    assert dict(book["About this file"])["Filter"] == "Overdue, Whose follow-ups: Everybody's, Kind: All kinds"


def test_excel_goes_back_to_the_list_with_a_filter_that_can_not_be_read(client_for, owner, colleague):
    assert client_for(owner).get(EXCEL, {"when": "soon"}).url == f"{URL}?when=soon"
    assert client_for(owner).get(EXCEL, {"when": "done", "whose": colleague.pk}).status_code == 302


def test_who_may_not_take_lists_out_is_not_offered_excel(client_for, owner, person_in):
    due(20, owner=owner)
    reader = client_for(person_in(CASE_WORKER))

    assert EXCEL in client_for(owner).get(URL).text
    assert EXCEL not in reader.get(URL, {"whose": "all"}).text
    assert reader.get(EXCEL).status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_excel_asks_the_same_questions_however_long_it_is(client_for, owner, rows, django_assert_max_num_queries):
    for _ in range(rows):
        due(20, owner=owner)
    client = client_for(owner)
    client.get(URL)

    with django_assert_max_num_queries(14):
        assert len(table(client.get(EXCEL))) == rows


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"whose": "99999"}, "There is no such colleague or team here any more."),
        ({"kind": "letter"}, "There is no such kind of follow-up."),
        ({"when": "soon"}, "There is no such part of the list."),
        ({"sort": "size"}, "The list can&#x27;t be sorted like that."),
        ({"teir": "1"}, "There is no filter called “teir”."),
        ({"when": ["today", "later"]}, "“when” is asked for more than once."),
    ],
)
def test_what_cannot_be_read_lists_nothing_and_says_so(page, owner, asked, words):
    due(24, owner=owner)

    answer = page(**asked)

    assert answer.status_code == 200
    assert shown(answer) == []
    assert words in answer.text
    assert "The filter can't be read." in answer.text


def test_an_empty_list_says_so(page):
    assert "Nothing is waiting." in page().text
    assert "No follow-up is here." in page(when="later").text
    assert "Nothing has been ticked off" in page(when="done").text


@pytest.mark.parametrize("rows", [1, 60])
def test_the_list_asks_the_same_questions_however_long_it_is(page, owner, colleague, rows, django_assert_num_queries):
    for _ in range(rows):
        workplace = WorkplaceFactory()
        facts = {"workplace": workplace, "person": PersonFactory(workplace=workplace), "repeat_every": 2}
        due(
            24, owner=owner, given_by=colleague, given_at=datetime(2026, 11, 1, tzinfo=UTC), repeat_unit="week", **facts
        )

    with django_assert_num_queries(11):
        answer = page()

    assert len(shown(answer)) == min(rows, 25)


# --- Ticked off, postponed, given --------------------------------------------------------------


def test_postponing_can_be_undone_and_never_lands_on_a_day_off(client_for, owner):
    client, promised = client_for(owner), due(20, owner=owner)

    answer = client.post(
        reverse("contacts:postpone", args=[promised.pk]), {"to": "pick", "on": "2026-12-26", "next": URL}, follow=True
    )

    promised.refresh_from_db()
    assert promised.due_on == date(2026, 12, 28)
    assert said(answer) == ["Postponed to 28 December."]
    undo = next(iter(answer.context["messages"])).extra_tags.removeprefix("undo:")
    client.post(undo)
    promised.refresh_from_db()
    assert promised.due_on == date(2026, 11, 20)


def test_a_quick_day_never_brings_it_forward(client_for, owner):
    client, promised = client_for(owner), due(30, owner=owner)

    client.post(reverse("contacts:postpone", args=[promised.pk]), {"to": "tomorrow"})
    promised.refresh_from_db()
    stayed = promised.due_on
    client.post(reverse("contacts:postpone", args=[promised.pk]), {"to": "week"})

    promised.refresh_from_db()
    assert stayed == date(2026, 11, 30)
    assert promised.due_on == date(2026, 12, 7)


def test_one_is_given_with_a_word_and_the_colleague_sees_from_whom(client_for, owner, colleague):
    promised = due(24, owner=owner)
    client, url = client_for(owner), reverse("contacts:give", args=[promised.pk])

    nobody = client.post(url, {"to": "", "word": "Ask about May", "act": "give"})
    himself = client.post(url, {"to": owner.pk, "word": ""})
    answer = client.post(url, {"to": colleague.pk, "word": "Ask about May", "next": URL}, follow=True)

    assert (nobody.status_code, himself.status_code) == (422, 422)
    assert 'value="Ask about May"' in nobody.text
    assert said(answer) == [f"Given to {colleague}: {promised.title}"]
    theirs = client_for(colleague).get(reverse("desk:home")).text
    assert f"From {owner}: “Ask about May”" in theirs
    undo = next(iter(answer.context["messages"])).extra_tags.removeprefix("undo:")
    client_for(colleague).post(undo)
    assert FollowUp.objects.get().owner == colleague
    client.post(undo)
    assert FollowUp.objects.get().owner == owner


def test_it_can_not_be_undone_after_ten_minutes(client_for, owner, colleague, today):
    promised, client = due(24, owner=owner), client_for(owner)
    answer = client.post(reverse("contacts:give", args=[promised.pk]), {"to": colleague.pk, "next": URL}, follow=True)
    undo = next(iter(answer.context["messages"])).extra_tags.removeprefix("undo:")

    today.shift(601)
    late = client.post(undo, {"next": URL}, follow=True)

    assert FollowUp.objects.get().owner == colleague
    assert "ten minutes" in said(late)[0]
    assert client.post(reverse("contacts:undo_follow_ups") + "?of=made-up").status_code == 302


def test_a_matter_is_not_given_but_offered(client_for, owner, colleague):
    matter = due(24, owner=owner, kind="matter")

    client_for(owner).post(reverse("contacts:give", args=[matter.pk]), {"to": colleague.pk})

    matter.refresh_from_db()
    assert matter.owner == owner


def test_follow_ups_are_offered_to_those_whose_role_it_is_to_do_them(client_for, owner, colleague, stranger, person_in):
    case_worker, runs_it = person_in(CASE_WORKER), UserFactory(is_superuser=True)
    promised = due(24, owner=owner)

    def offered(user, name, field, **asked):
        form = client_for(user).get(reverse(name, **asked)).context["form"]
        return set(form.fields[field].queryset)

    assert offered(owner, "contacts:give", "to", args=[promised.pk]) == {colleague, case_worker}
    new = {"query": {"workplace": promised.workplace_id}}
    assert offered(owner, "contacts:add_follow_up", "owner", **new) == {owner, colleague, case_worker}
    assert offered(runs_it, "contacts:add_follow_up", "owner", **new) == {owner, colleague, case_worker, runs_it}
    assert offered(owner, "contacts:log", "matter_owner", **new) == {owner, colleague, case_worker}


def test_what_is_put_off_before_days_off_is_told_to_which_day(client_for, owner, today):
    promised = due(20, owner=owner)
    tuesday = client_for(owner).get(URL).text
    today.move_to(datetime(2026, 11, 27, 9, tzinfo=UTC))
    client = client_for(owner)

    friday = client.get(URL).text
    sheet = client.post(reverse("contacts:several_follow_ups"), {"at": [promised.pk], "act": "postpone"}).text
    new = client.get(reverse("contacts:add_follow_up"), {"workplace": promised.workplace_id}).text

    assert "Postpone to tomorrow" in tuesday
    assert "Postpone to Monday" in friday
    assert '<button class="btn btn-outline" name="to" value="tomorrow">Monday</button>' in sheet
    assert "Tomorrow" not in friday + sheet + new
    assert "Monday" in new


def test_what_an_employer_awaits_is_left_among_several_and_it_says_why(client_for, owner, colleague):
    client, url = client_for(owner), reverse("contacts:several_follow_ups")
    plain, matter = due(24, owner=owner), due(24, owner=owner, kind="matter")

    both = client.post(url, {"at": [plain.pk, matter.pk], "act": "give", "to": colleague.pk, "next": URL}, follow=True)
    alone = client.post(url, {"at": [matter.pk], "act": "give", "to": colleague.pk, "next": URL}, follow=True)

    words = "1 was left: an employer awaits the answer. Hand it over, so that the colleague can say yes."
    assert said(both) == [f"Given to {colleague}: {plain.title} {words}"]
    assert said(alone) == [words]


def test_several_that_are_ticked_are_ticked_off_postponed_or_given(client_for, owner, colleague):
    client, url = client_for(owner), reverse("contacts:several_follow_ups")
    rows = [due(20, owner=owner), due(23, owner=owner)]
    at = [one.pk for one in rows]

    sheet = client.post(url, {"at": at, "act": "give", "next": URL})
    given = client.post(url, {"at": at, "act": "give", "to": colleague.pk, "word": "", "next": URL}, follow=True)
    moved = client.post(url, {"at": at, "act": "postpone", "to": "week", "next": URL}, follow=True)
    wrong = client.post(url, {"at": at, "act": "postpone", "to": "pick", "on": "2026-01-01"})
    done = client.post(url, {"at": at, "act": "done", "next": URL}, follow=True)

    assert sheet.status_code == 200
    assert f'value="{colleague.pk}"' in sheet.text
    assert said(given) == [f"2 follow-ups given to {colleague}."]
    assert said(moved) == ["2 follow-ups postponed to 1 December."]
    assert wrong.status_code == 422
    assert said(done) == ["2 follow-ups ticked off."]
    assert FollowUp.objects.filter(owner=colleague, due_on=date(2026, 12, 1), done_by=owner).count() == 2


@pytest.mark.parametrize("at", [[], ["x"], ["999999"], ["9" * 30]])
def test_nothing_ticked_is_said(client_for, owner, at):
    answer = client_for(owner).post(
        reverse("contacts:several_follow_ups"), {"at": at, "act": "done", "next": URL}, follow=True
    )

    assert said(answer) == ["No open follow-up is ticked. Tick those you mean, and try again."]


def test_what_its_app_ends_leads_there(page, owner, monkeypatch):
    monkeypatch.setattr(follow_up_kinds, "_kinds", dict(follow_up_kinds._kinds))
    follow_up_kinds.register(follow_up_kinds.FollowUpKind("kept", "Kept", lambda one: "/kept/", is_kept=True))
    review = due(24, owner=owner, kind="kept")

    answer = page(kind="kept")

    assert 'href="/kept/"' in answer.text
    assert reverse("contacts:finish", args=[review.pk]) not in answer.text


# --- By hand -----------------------------------------------------------------------------------


def test_one_is_written_by_hand(client_for, owner):
    workplace = WorkplaceFactory()
    client, url = client_for(owner), reverse("contacts:add_follow_up")
    answers = {"workplace": workplace.pk, "title": "Call about May", "when": "month", "owner": owner.pk, "again": "3m"}

    first = client.get(url)
    empty = client.post(url, {"workplace": workplace.pk, "title": ""})
    answer = client.post(url, answers, follow=True)

    made = FollowUp.objects.get()
    assert "With which workplace?" in first.text
    assert empty.status_code == 422
    assert (made.title, made.due_on, made.owner) == ("Call about May", date(2026, 12, 24), owner)
    assert (made.repeat_every, made.repeat_unit, made.kind) == (3, "month", "by_hand")
    assert said(answer) == ["Follow-up on 24 December."]
    assert "Every 3 months" in answer.text


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"title": "Ring 010190-1234"}, "title"),
        ({"when": "pick"}, "due_on"),
        ({"when": "pick", "due_on": "2026-11-01"}, "due_on"),
        ({"again": "own"}, "repeat_every"),
        ({"again": "own", "repeat_every": "61"}, "repeat_every"),
        ({"again": "own", "repeat_every": "x"}, "repeat_every"),
        ({"again": "some day"}, "again"),
        ({"owner": "999999"}, "owner"),
        ({"person": "999999"}, "person"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_written(client_for, owner, answers, field):
    known = {"workplace": WorkplaceFactory().pk, "title": "Call", "when": "week", "owner": owner.pk, "again": "never"}

    answer = client_for(owner).post(reverse("contacts:add_follow_up"), known | answers)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not FollowUp.objects.exists()


def test_one_is_changed_and_its_recurrence_stopped(client_for, owner):
    promised = due(20, owner=owner, repeat_every=2, repeat_unit="week")
    client, url = client_for(owner), reverse("contacts:change_follow_up", args=[promised.pk])

    form = client.get(url).context["form"]
    kept = {name: form[name].value() for name in ("when", "due_on", "again")}
    client.post(url, {"title": "Write", "when": "pick", "due_on": "2026-11-20", "again": "never"})

    promised.refresh_from_db()
    assert kept == {"when": "pick", "due_on": date(2026, 11, 20), "again": "2w"}
    assert (promised.title, promised.due_on, promised.repeat_every) == ("Write", date(2026, 11, 20), None)


def test_a_tick_says_when_it_comes_again(client_for, owner):
    promised = due(24, owner=owner, repeat_every=1, repeat_unit="month")

    answer = client_for(owner).post(reverse("contacts:finish", args=[promised.pk]), {"next": URL}, follow=True)

    assert said(answer) == [f"Done: {promised.title} Again on 24 December."]
