"""Logging, planning, people and follow-ups over HTTP."""

import re
from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from contacts.models import FollowUp, Interaction, Person
from tests.factories import FollowUpFactory, InteractionFactory, PersonFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def log(client, workplace, **answers):
    asked = {
        "workplace": workplace.pk,
        "channel": "phone",
        "outcome": "interested",
        "next_when": "week",
        "on": "2026-11-24",
    }
    return client.post(reverse("contacts:log"), asked | answers)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_logging_returns_to_where_it_was_opened_from_and_says_what_was_saved(client_for, owner):
    workplace = WorkplaceFactory()
    client = client_for(owner)

    answer = log(client, workplace, staff=[owner.pk], next="/companies/?tier=1", next_step="Send the declaration")

    assert answer.url == "/companies/?tier=1"
    assert said(client.get("/")) == ["Logged. Follow-up on 1 December."]
    assert FollowUp.objects.get().title == "Send the declaration"


def test_an_address_elsewhere_is_not_followed(client_for, owner):
    workplace = WorkplaceFactory()

    answer = log(client_for(owner), workplace, staff=[owner.pk], next="https://elsewhere.example/")

    assert answer.url == workplace.get_absolute_url()


def test_a_form_with_an_error_keeps_all_that_was_typed(client_for, owner):
    answer = log(
        client_for(owner), WorkplaceFactory(), staff=[owner.pk], note="Ask for 010190-1234", next_step="Call Anna"
    )

    assert answer.status_code == 422
    assert 'value="Call Anna"' in answer.text
    assert "The text holds a CPR number" in answer.text
    assert not Interaction.objects.exists()


def test_a_new_person_is_not_kept_when_the_contact_is_not(client_for, owner):
    planned = InteractionFactory(state="planned", on=date(2026, 11, 24), created_by=owner)
    Interaction.objects.filter(pk=planned.pk).update(state="planned")
    client = client_for(owner)

    log(client, planned.workplace, staff=[owner.pk], planned=planned.pk, new_person="Anna Riis")
    again = log(
        client, planned.workplace, staff=[owner.pk], planned=planned.pk, new_person="Bo Lind", outcome="perfect"
    )

    assert again.status_code == 422
    assert [person.name for person in Person.objects.all()] == ["Anna Riis"]


def test_a_planned_contact_fills_the_form_in(client_for, owner):
    planned = InteractionFactory(
        state="planned", channel="visit", purpose="Agree two places", on=date(2026, 11, 24), created_by=owner
    )

    form = client_for(owner).get(reverse("contacts:log"), {"planned": planned.pk}).context["form"]

    assert (form["purpose"].value(), form["channel"].value()) == ("Agree two places", "visit")


def test_my_own_plan_for_today_is_the_one_that_is_logged(client_for, owner):
    planned = InteractionFactory(state="planned", on=date(2026, 11, 24), created_by=owner)
    client = client_for(owner)

    offered = client.get(reverse("contacts:log"), {"workplace": planned.workplace_id}).context["planned"]
    refused = client.get(reverse("contacts:log"), {"workplace": planned.workplace_id, "new": "1"}).context["planned"]

    assert (offered, refused) == (planned, None)


def test_a_follow_up_fills_the_form_in_and_is_done_by_it(client_for, owner):
    promised = FollowUpFactory(owner=owner, channel="email", title="Send the declaration")
    client = client_for(owner)

    form = client.get(reverse("contacts:log"), {"follow_up": promised.pk}).context["form"]
    log(client, promised.workplace, staff=[owner.pk], finished=[promised.pk])

    promised.refresh_from_db()
    assert (form["purpose"].value(), form["channel"].value()) == ("Send the declaration", "email")
    assert promised.done_by == owner


@pytest.mark.parametrize("query", [{}, {"workplace": "x"}, {"workplace": ""}, {"planned": "9" * 30}, {"q": "bød"}])
def test_without_a_workplace_one_is_looked_for_first(client_for, owner, query):
    answer = client_for(owner).get(reverse("contacts:log"), query)

    assert answer.status_code == 200
    assert "With which workplace?" in answer.text


def test_a_workplace_that_is_not_there_is_not_found(client_for, owner):
    assert client_for(owner).get(reverse("contacts:log"), {"workplace": "999999"}).status_code == 404


def test_planning_where_a_colleague_has_plans_asks_once(client_for, owner, colleague):
    workplace = WorkplaceFactory()
    InteractionFactory(workplace=workplace, state="planned", on=date(2026, 11, 30), created_by=colleague)
    asked = {"workplace": workplace.pk, "channel": "visit", "purpose": "Hello", "on": "2026-11-26", "staff": [owner.pk]}
    client = client_for(owner)

    first = client.post(reverse("contacts:plan"), asked)
    client.post(reverse("contacts:plan"), asked | {"coordination": "together"})

    assert first.status_code == 422
    assert "Carl Colleague has planned a call on 30 November" in first.text
    assert set(Interaction.objects.get().staff.all()) == {owner, colleague}


def test_taking_back_opens_the_form_with_what_was_written(client_for, owner):
    workplace = WorkplaceFactory()
    client = client_for(owner)
    log(client, workplace, staff=[owner.pk], note="Too early")

    answer = client.post(reverse("contacts:take_back", args=[Interaction.objects.get().pk]), follow=True)

    assert "Too early" in answer.text
    assert not Interaction.objects.exists()


def test_what_a_colleague_took_back_is_not_shown_to_me(client_for, owner, colleague):
    workplace = WorkplaceFactory()
    client = client_for(colleague)
    log(client, workplace, staff=[colleague.pk], note="Between us")
    back = client.post(reverse("contacts:take_back", args=[Interaction.objects.get().pk]))

    assert "Between us" not in client_for(owner).get(back.url).text


def test_a_note_is_changed_and_later_added_to(client_for, owner, today):
    contact = InteractionFactory(created_by=owner, note="First", logged_at="2026-11-24T08:00:00Z")
    client, page = client_for(owner), reverse("contacts:note", args=[contact.pk])

    client.post(page, {"note": "Second"})
    today.shift(25 * 3600)
    later = client_for(owner)
    later.post(page, {"note": "Third"})

    contact.refresh_from_db()
    assert contact.note == "Second"
    assert contact.amendments.get().text == "Third"


def test_moving_and_cancelling_a_visit(client_for, owner):
    contact = InteractionFactory(state="planned", on=date(2026, 11, 26), created_by=owner)
    client = client_for(owner)

    wrong = client.post(reverse("contacts:move", args=[contact.pk]), {"on": "2026-11-01"})
    client.post(reverse("contacts:move", args=[contact.pk]), {"on": "2026-11-30", "at": "10.30"})
    contact.refresh_from_db()
    moved_to = contact.on
    client.post(reverse("contacts:cancel", args=[contact.pk]))
    client.post(reverse("contacts:cancel", args=[contact.pk]))

    contact.refresh_from_db()
    assert wrong.status_code == 422
    assert moved_to == date(2026, 11, 30)
    assert (contact.state, contact.cancelled_by) == ("cancelled", owner)


def test_a_move_is_undone_from_the_line_at_the_foot(client_for, owner, colleague):
    contact = InteractionFactory(state="planned", on=date(2026, 11, 20), at=time(9), created_by=owner)
    client = client_for(owner)

    moved = client.post(reverse("contacts:move", args=[contact.pk]), {"on": "2026-11-30", "at": ""}, follow=True)
    undo = re.search(r'action="(/contacts/put-back/[^"]+)"', moved.text)[1]
    by_another = client_for(colleague).post(undo, follow=True)
    undone = client.post(undo, {"next": "/due/"})

    contact.refresh_from_db()
    assert said(by_another) == ["It can only be undone within ten minutes, by the one who did it."]
    assert undone.url == "/due/"
    assert (contact.on, contact.at) == (date(2026, 11, 20), time(9))


def test_a_cancellation_is_undone_and_the_calendar_hears_of_it(client_for, owner):
    contact = InteractionFactory(state="planned", channel="visit", on=date(2026, 11, 26), created_by=owner)
    client = client_for(owner)

    cancelled = client.post(reverse("contacts:cancel", args=[contact.pk]), follow=True)
    undo = re.search(r'action="(/contacts/put-back/[^"]+)"', cancelled.text)[1]
    undone = client.post(undo, follow=True)
    again = client.post(undo, follow=True)

    contact.refresh_from_db()
    assert said(undone) == ["Undone. It is planned for 26 November as before."]
    assert said(again) == ["It has been changed since, and was left."]
    assert (contact.state, contact.cancelled_by, contact.cancelled_at) == ("planned", None, None)
    assert contact.workplace.next_contact_on == date(2026, 11, 26)
    assert not contact.invitations.get().is_cancelled


def test_a_move_is_not_undone_when_it_was_moved_again_or_is_too_old(client_for, owner, colleague, today):
    contact = InteractionFactory(state="planned", on=date(2026, 11, 26), created_by=owner)
    client = client_for(owner)
    undo = []
    for day in (27, 30):
        url = reverse("contacts:move", args=[contact.pk])
        answer = client.post(url, {"on": f"2026-11-{day}"}, follow=True)
        undo.append(re.search(r'action="(/contacts/put-back/[^"]+)"', answer.text)[1])

    again = client.post(undo[0], follow=True)
    today.shift(timedelta(minutes=11))
    late = client.post(undo[1], follow=True)
    made_up = client.post("/contacts/put-back/?of=made-up", follow=True)

    contact.refresh_from_db()
    assert said(again) == ["It has been changed since, and was left."]
    assert said(late) == said(made_up) == ["It can only be undone within ten minutes, by the one who did it."]
    assert contact.on == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("answers", "day"),
    [({"to": "tomorrow"}, 25), ({"to": "pick", "on": "2026-11-27"}, 27), ({"to": "pick", "on": "27.11.2026"}, 27)],
)
def test_a_follow_up_is_postponed(client_for, owner, answers, day):
    promised = FollowUpFactory(owner=owner, due_on=date(2026, 11, 20))

    client_for(owner).post(reverse("contacts:postpone", args=[promised.pk]), answers)

    promised.refresh_from_db()
    assert promised.due_on == date(2026, 11, day)


@pytest.mark.parametrize("answers", [{}, {"to": "pick"}, {"to": "pick", "on": "2026-11-01"}, {"to": "some day"}])
def test_a_follow_up_is_not_postponed_to_nowhere(client_for, owner, answers):
    promised = FollowUpFactory(owner=owner, due_on=date(2026, 11, 20))

    answer = client_for(owner).post(reverse("contacts:postpone", args=[promised.pk]), answers)

    promised.refresh_from_db()
    assert answer.status_code == 422
    assert promised.due_on == date(2026, 11, 20)


def test_a_tick_can_be_taken_back(client_for, owner):
    promised = FollowUpFactory(owner=owner)
    client = client_for(owner)

    client.post(reverse("contacts:finish", args=[promised.pk]))
    client.post(reverse("contacts:finish", args=[promised.pk]))
    done = FollowUp.objects.get().done_at
    client.post(reverse("contacts:reopen", args=[promised.pk]))

    assert done is not None
    assert FollowUp.objects.get().done_at is None


def test_people_are_added_and_changed_in_place(client_for, owner):
    workplace = WorkplaceFactory()
    client = client_for(owner)

    client.post(
        reverse("contacts:add_person", args=[workplace.pk]),
        {"name": "Anna Riis", "role": "foreman", "phone": "10331805"},
    )
    anna = Person.objects.get()
    client.post(
        reverse("contacts:person", args=[anna.pk]), {"name": "Anna Riis", "role": "director", "for_company": "on"}
    )

    anna.refresh_from_db()
    assert anna.created_by == owner
    assert (anna.role, anna.workplace) == ("director", None)


def test_a_form_that_is_sent_twice_adds_one_person(client_for, owner, colleague):
    workplace = WorkplaceFactory()
    url, facts = reverse("contacts:add_person", args=[workplace.pk]), {"name": "Anna Riis", "role": "hr"}
    client = client_for(owner)

    first = client.post(url, facts, follow=True)
    again = client.post(url, facts, follow=True)
    client.post(url, facts | {"phone": "10331805"})
    client_for(colleague).post(url, facts)

    assert said(first) == said(again) == ["Anna Riis is saved."]
    assert [one.phone for one in Person.objects.order_by("pk")] == ["", "10331805", ""]
    assert Person.objects.first().history.count() == 1


def test_changing_a_person_keeps_the_workplace(client_for, owner):
    person = PersonFactory()

    client_for(owner).post(reverse("contacts:person", args=[person.pk]), {"name": "Bo", "role": "hr"})

    person.refresh_from_db()
    assert person.workplace is not None


def test_a_fragment_is_told_where_to_go_instead_of_being_redirected(client_for, owner):
    workplace = WorkplaceFactory()

    answer = client_for(owner).post(
        reverse("contacts:log"),
        {
            "workplace": workplace.pk,
            "channel": "phone",
            "outcome": "no",
            "next_when": "none",
            "on": "2026-11-24",
            "staff": [owner.pk],
        },
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 204
    assert answer["HX-Redirect"] == workplace.get_absolute_url()


def test_an_ended_session_never_puts_a_log_in_page_into_a_fragment(client):
    answer = client.post(
        reverse("contacts:log"),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/companies/7/?show=changes"},
    )

    assert answer.status_code == 401
    assert answer["HX-Redirect"].startswith(reverse("account_login"))


@pytest.mark.parametrize("rows", [1, 12])
def test_the_form_asks_the_same_questions_however_many_people_there_are(
    client_for, owner, rows, django_assert_max_num_queries
):
    workplace = WorkplaceFactory(tier=1)
    for _number in range(rows):
        PersonFactory(workplace=workplace)
        FollowUpFactory(workplace=workplace, owner=owner)
        InteractionFactory(workplace=workplace, created_by=owner)
    client = client_for(owner)

    with django_assert_max_num_queries(20):
        client.get(reverse("contacts:log"), {"workplace": workplace.pk})


# --- A workplace that has ceased -------------------------------------------------------------


@pytest.fixture
def ceased(owner):
    workplace = WorkplaceFactory(name="Bødker", owner=owner, ceased_on=date(2026, 11, 1))
    InteractionFactory(
        workplace=workplace, state="planned", channel="visit", on=date(2026, 12, 2), purpose="Meet", created_by=owner
    )
    FollowUpFactory(workplace=workplace, owner=owner, title="Call about the places")
    return workplace


def test_closing_lists_exactly_what_would_be_closed_and_all_is_ticked(client_for, owner, ceased):
    FollowUpFactory(workplace=ceased, owner=owner, title="Done before").finish(by=owner)

    answer = client_for(owner).get(reverse("contacts:close", args=[ceased.pk]))

    assert "Visit 2 December, Olga Owner: Meet" in answer.text
    assert "30 November, Olga Owner: Call about the places" in answer.text
    assert "Done before" not in answer.text
    assert answer.text.count("checked") == 2


def test_closing_says_so_and_can_be_undone_from_the_line_at_the_foot(client_for, owner, ceased):
    client = client_for(owner)
    ticked = {"contacts": [ceased.interactions.get().pk], "follow_ups": [ceased.follow_ups.get().pk]}

    answer = client.post(reverse("contacts:close", args=[ceased.pk]), ticked)

    assert answer.url == ceased.get_absolute_url()
    assert (ceased.interactions.get().state, ceased.follow_ups.get().done_by) == ("cancelled", owner)
    after = client.get(answer.url)
    assert said(after) == ["Closed at Bødker."]
    undo = re.search(r'action="(/companies/\d+/close/undo/\?at=\d+)"', after.text)[1]

    client.post(undo)

    assert (ceased.interactions.get().state, ceased.follow_ups.get().done_by) == ("planned", None)


def test_closing_nothing_is_no_answer(client_for, owner, ceased):
    answer = client_for(owner).post(reverse("contacts:close", args=[ceased.pk]), {})

    assert answer.status_code == 422
    assert "Tick what is to be closed" in answer.text
    assert not FollowUp.objects.exclude(done_at=None).exists()


@pytest.mark.parametrize("ids", ["0", "99999999999999999999999", "x", "\0"])
def test_what_is_not_open_there_is_not_closed(client_for, owner, ceased, ids):
    answer = client_for(owner).post(reverse("contacts:close", args=[ceased.pk]), {"follow_ups": [ids]})

    assert answer.status_code == 422
    assert not FollowUp.objects.exclude(done_at=None).exists()


def test_only_a_place_that_has_ceased_is_closed_at_once(client_for, owner):
    assert client_for(owner).get(reverse("contacts:close", args=[WorkplaceFactory().pk])).status_code == 404


def test_where_nothing_is_open_the_page_says_so(client_for, owner):
    workplace = WorkplaceFactory(ceased_on=date(2026, 11, 1))

    assert "Nothing is open here" in client_for(owner).get(reverse("contacts:close", args=[workplace.pk])).text


@pytest.mark.parametrize("at", ["", "1", "x", "9" * 18, "9" * 40])
def test_what_nobody_closed_can_not_be_opened_again(client_for, owner, ceased, at):
    client = client_for(owner)

    answer = client.post(f"{reverse('contacts:close_undo', args=[ceased.pk])}?at={at}")

    assert said(client.get(answer.url)) == [
        "Only the one who closed it can open it again, and only within ten minutes."
    ]


@pytest.mark.parametrize("rows", [1, 9])
def test_closing_asks_the_same_questions_however_much_is_open(client_for, owner, rows, django_assert_num_queries):
    workplace = WorkplaceFactory(ceased_on=date(2026, 11, 1))
    for _number in range(rows):
        InteractionFactory(workplace=workplace, state="planned", created_by=owner)
        FollowUpFactory(workplace=workplace)
    client = client_for(owner)

    with django_assert_num_queries(9):
        client.get(reverse("contacts:close", args=[workplace.pk]))
