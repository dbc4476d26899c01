"""The list of contacts across workplaces, and the same list as Excel."""

from datetime import date, datetime, time

import pytest

from companies import exports, merging
from companies.models import Selection
from jobcenter_crm.staff.actions import switch_staff_figures_on
from jobcenter_crm.staff.roles import CASE_WORKER, MANAGER
from tests.conftest import member
from tests.excel import sheets, table
from tests.factories import (
    CompanyFactory,
    InteractionFactory,
    MunicipalityFactory,
    PersonFactory,
    TeamFactory,
    UserFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

URL, EXCEL = "/contacts/", "/contacts/excel/"


def held(day=17, **facts):
    return InteractionFactory(on=date(2026, 11, day), **facts)


def planned(day, **facts):
    return InteractionFactory(on=date(2026, 11, day), state="planned", **facts)


@pytest.fixture
def page(client_for, owner):
    """The page as the owner sees it, for what the address says."""
    client = client_for(owner)
    return lambda **asked: client.get(URL, asked)


@pytest.fixture
def shown(page):
    """The contacts on it."""
    return lambda **asked: list(page(**asked).context["page_obj"].object_list)


# Which there are.


def test_those_that_were_held_are_listed_the_newest_first_whoever_held_them(page, shown, owner, colleague):
    older, newer = held(16, created_by=colleague), held(17, created_by=owner)
    planned(30)
    InteractionFactory(state="cancelled", cancelled_at=datetime(2026, 11, 1).astimezone(), cancelled_by=owner)

    assert shown() == [newer, older]
    assert "2 contacts were held." in page().text


def test_those_that_are_planned_are_a_part_of_their_own_the_soonest_first(page, shown):
    late, soon, later = planned(20), planned(25), planned(30)
    held()

    answer = page(state="planned")

    assert shown(state="planned") == [late, soon, later]
    assert "3 contacts are planned." in answer.text
    assert answer.text.count("not logged") == 1


def test_those_of_a_day_stand_by_the_clock_and_those_without_a_time_below(shown):
    early, late, without = held(at=time(8)), held(at=time(15)), held()

    assert shown() == [late, early, without]
    assert shown(sort="-day") == [early, late, without]


def test_the_list_is_read_from_either_end_or_by_workplace(shown):
    first = held(16, workplace=WorkplaceFactory(name="Ærø Kro"))
    second = held(17, workplace=WorkplaceFactory(name="Bageren"))
    third = held(18, workplace=first.workplace)

    assert shown(sort="-day") == [first, second, third]
    assert shown(sort="name") == [second, third, first]
    soon, later = planned(25), planned(30)
    assert shown(state="planned", sort="-day") == [later, soon]


def test_a_period_has_its_first_day_and_its_last_in_it_and_either_may_be_left_out(shown):
    before, first, last, after = held(9), held(10), held(12), held(13)

    assert shown(day_from="2026-11-10", day_until="2026-11-12") == [last, first]
    assert shown(day_from="2026-11-12") == [after, last]
    assert shown(day_until="2026-11-09") == [before]
    assert shown(day_from="2026-11-10", day_until="2026-11-10") == [first]


def test_they_are_told_apart_by_how_and_face_to_face_is_with_them_or_with_us(shown):
    visit, call, mail, meeting, letter, event = (
        held(day, channel=channel)
        for day, channel in enumerate(("visit", "phone", "email", "meeting", "letter", "event"), start=1)
    )

    each = {"visit": visit, "phone": call, "email": mail, "meeting": meeting, "letter": letter, "event": event}
    assert {how: shown(channel=how) for how in each} == {how: [one] for how, one in each.items()}
    assert shown(channel="face") == [meeting, visit]


def test_they_are_told_apart_by_what_came_of_them_and_by_who_took_contact(shown):
    agreed, called = held(outcome="agreed"), held(direction="in")

    assert shown(outcome="agreed") == [agreed]
    assert shown(direction="in") == [called]
    assert shown(direction="out") == [agreed]


def test_the_group_is_the_one_that_the_workplace_is_in_now(shown):
    first, second, none = (held(18 - at, workplace=WorkplaceFactory(tier=tier)) for at, tier in enumerate((1, 2, None)))

    assert shown(tier="1") == [first]
    assert shown(tier="2") == [second]
    assert shown(tier="none") == [none]


def test_a_workplace_is_found_by_its_name_and_its_company_by_number(shown):
    baker = held(workplace=WorkplaceFactory(name="Bageren"))
    other = held(16, workplace=WorkplaceFactory(name="Ærø Kro"))

    assert shown(q="bager") == [baker]
    assert shown(q="ærø") == [other]
    assert shown(q=other.workplace.company.cvr_number) == [other]
    assert shown(q="nobody") == []


def test_a_link_narrows_them_to_where_and_the_page_says_so(page, shown, owner, colleague):
    far = TeamFactory(name="Far")
    elsewhere = UserFactory.create_batch(5, team=far)[0]
    UserFactory.create_batch(4, team=owner.team)
    here = held(workplace=WorkplaceFactory(owner=owner, municipality=MunicipalityFactory(), tier=1))
    there = held(16, workplace=WorkplaceFactory(owner=elsewhere, tier=2))
    first = Selection.objects.create(name="The first", query="tier=1", is_shared=True, created_by=colleague)

    assert shown(team=owner.team_id) == [here]
    assert shown(team=far.pk) == [there]
    assert shown(municipality="0259") == [here]
    answer = page(among=first.pk)
    assert list(answer.context["page_obj"].object_list) == [here]
    assert "The first" in answer.text
    assert f'name="among" value="{first.pk}"' in answer.text


def test_what_was_held_at_the_workplaces_of_a_colleague_or_a_small_team_is_not_told(page, owner, colleague):
    held(workplace=WorkplaceFactory(owner=colleague))
    theirs = Selection.objects.create(name="Theirs", query=f"owner={colleague.pk}", created_by=owner)

    for asked in ({"among": theirs.pk}, {"team": colleague.team_id}):
        assert not page(**asked).context["is_readable"]
        assert page(state="planned", **asked).context["is_readable"]


def test_contacts_stay_when_the_workplace_ceases(shown):
    here = held(workplace=WorkplaceFactory(ceased_on=date(2026, 11, 20), tier=1))

    assert shown() == shown(tier="1") == shown(q=here.workplace.name) == [here]


def test_contacts_of_a_workplace_that_was_merged_stand_at_the_one_that_was_kept(page, shown, owner):
    company = CompanyFactory()
    kept = WorkplaceFactory(company=company, name="The kept one", tier=3)
    gone = WorkplaceFactory(company=company, name="The merged one")
    here = held(workplace=gone)

    merging.merge(kept=kept, merged=gone, choices=set(), by=owner)

    assert shown(q="kept") == shown(tier="3") == [here]
    answer = page()
    assert "The kept one" in answer.text
    assert "The merged one" not in answer.text


# Whose.


def test_one_s_own_are_those_one_took_part_in_and_no_colleague_s(shown, owner, colleague):
    mine = held(created_by=colleague, staff=[owner, colleague])
    held(16, created_by=owner, staff=[colleague])

    assert shown(whose="me") == [mine]


def test_a_contact_of_two_of_a_team_comes_once(shown, owner, colleague, stranger):
    UserFactory.create_batch(3, team=owner.team)
    both = held(created_by=owner, staff=[owner, colleague])
    held(created_by=stranger)

    assert shown(whose="team") == shown(whose=f"team-{owner.team_id}") == [both]


def test_they_are_not_asked_for_by_colleague(page, owner, colleague):
    held(created_by=colleague)

    for whose in (str(colleague.pk), str(owner.pk), "nobody"):
        answer = page(whose=whose)
        assert list(answer.context["page_obj"].object_list) == []
        assert "Contacts are listed by colleague only where your organisation has switched that on." in answer.text
    assert f"{colleague}</option>" not in page().text


def test_managers_ask_for_them_by_colleague_where_that_is_switched_on_and_it_is_written_down(
    client_for, page, owner, colleague, caplog
):
    theirs, manager = held(created_by=colleague), member(MANAGER, "manager")
    held(created_by=owner)
    switch_staff_figures_on(since=date(2026, 11, 24), reference="Works committee", by=manager)

    answer = client_for(manager).get(URL, {"whose": str(colleague.pk)})

    assert list(answer.context["page_obj"].object_list) == [theirs]
    assert [record.msg["colleagues"] for record in caplog.records] == [[colleague.pk]]
    assert not page(whose=str(colleague.pk)).context["is_readable"]


def test_a_small_team_is_told_to_nobody_but_who_is_alone_in_it(client_for, owner, colleague):
    alone = UserFactory(team=TeamFactory(name="Alone"))
    alone.groups.set(owner.groups.all())
    theirs = held(created_by=alone)
    asked = {"whose": f"team-{alone.team_id}"}

    refused = client_for(owner).get(URL, asked)

    assert list(refused.context["page_obj"].object_list) == []
    assert "There is no such team of 5 or more people." in refused.text
    assert list(client_for(alone).get(URL, asked).context["page_obj"].object_list) == [theirs]
    assert "Alone" not in client_for(owner).get(URL).text
    # Of two in a team each knows what they have done themselves.
    assert not client_for(owner).get(URL, {"whose": "team"}).context["is_readable"]


def test_who_has_no_team_is_not_offered_one(client_for, owner):
    manager = member(MANAGER, "manager")
    manager.team = None
    manager.save()

    assert client_for(manager).get(URL, {"whose": "team"}).context["is_readable"] is False


# What the address may say.


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"channel": "pigeon"}, "No contact is made like that."),
        ({"outcome": "x"}, "Nothing like that can come of a contact."),
        ({"direction": "up"}, "Contact is taken by us or by them."),
        ({"tier": "5"}, "There is no such group."),
        ({"whose": "team-99999"}, "There is no such team"),
        ({"day_from": "the 5th"}, "Enter a valid date."),
        ({"day_from": "2026-11-10", "day_until": "2026-11-09"}, "That is before the first day."),
        ({"state": "cancelled"}, "There is no such part of the list."),
        ({"sort": "whose"}, "The list can&#x27;t be sorted like that."),
        ({"teir": "1"}, "There is no filter called “teir”."),
        ({"among": "99"}, "no such selection"),
        ({"tier": ["1", "2"]}, "“tier” is asked for more than once."),
    ],
)
def test_what_can_not_be_read_lists_nothing_and_says_so(page, asked, words):
    held()

    answer = page(**asked)

    assert answer.status_code == 200
    assert list(answer.context["page_obj"].object_list) == []
    assert words in answer.text
    assert "The filter can't be read." in answer.text


@pytest.mark.parametrize(
    "asked", [{"day_from": "0001-01-01"}, {"day_until": "9999-12-31"}, {"page": "99"}, {"page": "x"}]
)
def test_the_far_ends_of_what_can_be_asked_are_no_server_error(shown, asked):
    here = held()

    assert shown(**asked) == [here]


def test_what_is_set_of_the_folded_filters_is_unfolded(page):
    assert '<details class="fold">' in page().text
    assert '<details class="fold" open>' in page(tier="1").text
    assert '<details class="fold" open>' in page(tier="x").text


def test_an_empty_list_says_why(page):
    assert "No contact has been logged yet." in page().text
    assert "No contact is planned." in page(state="planned").text
    assert "No contact is here." in page(q="x").text


# What a row says.


def test_a_row_says_how_with_whom_why_and_what_came_of_it_and_leads_to_the_card(page, owner):
    workplace = WorkplaceFactory(name="Bageren", tier=2)
    contact = held(
        workplace=workplace, channel="visit", at=time(9, 30), created_by=owner, purpose="Two places in the kitchen",
        outcome="not_now", barrier="no_time", direction="in", note="Not before Easter.",
    )  # fmt: skip
    contact.persons.add(PersonFactory(workplace=workplace, name="Karl Bødker"))

    text = page().text

    for said in (
        "Visit",
        "They contacted us",
        "at 9:30",
        "Two places in the kitchen",
        "Not now",
        "No time",
        "Karl Bødker",
    ):
        assert said in text
    assert "Olga Owner" in text
    assert "Not before Easter." not in text
    assert f'href="/companies/{workplace.pk}/?all=1#contact-{contact.pk}"' in text


def test_without_a_purpose_the_beginning_of_the_note_stands_there(page):
    held(purpose="", note="They build a new kitchen. " + "More of it. " * 20)

    text = page().text

    assert "They build a new kitchen." in text
    assert "…" in text


@pytest.mark.parametrize("rows", [1, 60])
@pytest.mark.parametrize("state", ["", "planned"])
def test_the_list_asks_the_same_questions_however_long_it_is(page, rows, state, django_assert_num_queries):
    page()
    for _ in range(rows):
        workplace = WorkplaceFactory(tier=1)
        contact = planned(25, workplace=workplace) if state else held(workplace=workplace)
        contact.persons.add(PersonFactory(workplace=workplace))

    with django_assert_num_queries(11):
        answer = page(state=state, channel="phone", tier="1", whose="") if state else page(channel="phone", tier="1")

    assert len(answer.context["page_obj"].object_list) == min(rows, 50)


# The ways to it.


def test_follow_ups_and_the_week_lead_there(client_for, owner):
    client = client_for(owner)

    assert f'href="{URL}"' in client.get("/follow-ups/").text
    span = "day_from=2026-11-23&amp;day_until=2026-11-29"
    assert f'href="{URL}?whose=me&amp;{span}"' in client.get("/follow-ups/week/").text
    assert f'href="{URL}?{span}"' in client.get("/follow-ups/week/", {"whose": "all"}).text


# Excel.


def test_excel_has_the_rows_of_the_list_and_nothing_that_somebody_wrote_freely(client_for, owner):
    workplace = WorkplaceFactory(name="Bageren", tier=2, do_not_contact=True)
    held(
        workplace=workplace, channel="visit", at=time(9, 30), created_by=owner, purpose="The purpose", note="The note",
        outcome="not_now", barrier="no_time",
    )  # fmt: skip
    held(channel="phone")

    (row,) = table(client_for(owner).get(EXCEL, {"channel": "visit"}))

    assert row == {
        "Day": date(2026, 11, 17),
        "Time": "09:30",
        "How": "Visit",
        "Who took contact": "We contacted them",
        "Outcome": "Not now",
        "Barrier": "No time",
        "Workplace": "Bageren",
        "Company": workplace.company.name,
        "CVR number": workplace.company.cvr_number,
        "P-number": workplace.p_number,
        "Group": 2,
        "Note well": "Do not contact",
    }


def test_excel_says_what_was_chosen_and_when_it_was_cut(client_for, owner, monkeypatch):
    held(channel="visit", workplace=WorkplaceFactory(tier=1))
    held(16, channel="visit", workplace=WorkplaceFactory(tier=1))
    asked = {"channel": "visit", "tier": "1", "whose": "", "day_from": "2026-11-01"}

    def about():
        book = sheets(b"".join(client_for(owner).get(EXCEL, asked).streaming_content))
        return len(book["Contacts"]) - 1, dict(book["About this file"])

    rows, facts = about()
    assert rows == 2
    assert facts["Filter"] == "Held, How: Visit, From: 01/11/2026, Group now: Group 1"
    assert "Rows" not in facts

    monkeypatch.setattr(exports, "ROWS_OF_A_LIST", 1)
    rows, facts = about()
    assert rows == 1
    assert facts["Rows"] == "The first 1; the list has more."


def test_excel_goes_back_to_the_list_with_a_filter_that_can_not_be_read(client_for, owner):
    assert client_for(owner).get(EXCEL, {"tier": "9"}).url == f"{URL}?tier=9"


def test_who_may_not_take_lists_out_is_not_offered_excel(client_for, owner, person_in):
    held()
    reader = client_for(person_in(CASE_WORKER))

    assert EXCEL in client_for(owner).get(URL).text
    assert EXCEL not in reader.get(URL).text
    assert reader.get(EXCEL).status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_excel_asks_the_same_questions_however_long_it_is(client_for, owner, rows, django_assert_num_queries):
    for _ in range(rows):
        held()
    client = client_for(owner)
    client.get(URL)

    with django_assert_num_queries(7):
        assert len(table(client.get(EXCEL))) == rows
