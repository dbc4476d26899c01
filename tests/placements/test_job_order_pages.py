"""The pages of job orders over HTTP."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from contacts import waiting
from contacts.models import FollowUp
from jobcenter_crm.staff.roles import CASE_WORKER, MANAGER, STEWARD
from placements import job_order_days, job_orders
from placements.models import JobOrder, Referral
from tests.conftest import member
from tests.excel import table
from tests.factories import (
    FollowUpFactory,
    JobOrderFactory,
    PersonFactory,
    ReferralFactory,
    SlotFactory,
    UserFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TODAY = date(2026, 11, 24)


def page(name, *args):
    return reverse(f"placements:{name}", args=args)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def words(answer):
    return " ".join(answer.text.replace("&#x27;", "'").split())


def undo_of(answer):
    """The address at which the last act can be undone."""
    (tag,) = [tag for message in answer.context["messages"] for tag in message.tags.split() if tag.startswith("undo:")]
    return tag.removeprefix("undo:")


def received(owner, **facts):
    facts = {"title": "Cook", "positions": 2, "deadline": date(2026, 12, 15)} | facts
    place = facts.pop("workplace", None) or WorkplaceFactory()
    return job_orders.receive(workplace=place, owner=owner, by=owner, **facts)


# The list.


@pytest.fixture
def several(owner):
    """Job orders by what each of them has that others have not."""
    return {
        "here": JobOrderFactory(owner=owner, workplace__town="Ribe", workplace__tier=1, title="Baker", positions=3),
        "late": JobOrderFactory(deadline=date(2026, 11, 20)),
        "soon": JobOrderFactory(deadline=date(2026, 12, 1)),
        "apprentice": JobOrderFactory(measure_id="adult_apprentice"),
        "filled": JobOrderFactory(positions=1, filled=1, state="filled", closed_on=TODAY),
        "withdrawn": JobOrderFactory(state="withdrawn", closed_on=TODAY, closed_why="Enough"),
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"here", "late", "soon", "apprentice"}),
        ({"q": "ribe"}, {"here"}),
        ({"q": "baker", "whose": "me"}, {"here"}),
        ({"kind": "adult_apprentice"}, {"apprentice"}),
        ({"kind": "ordinary"}, {"here", "late", "soon"}),
        ({"deadline": "passed"}, {"late"}),
        ({"deadline": "week"}, {"soon"}),
        ({"tier": "1"}, {"here"}),
        ({"state": "filled"}, {"filled"}),
        ({"state": "withdrawn"}, {"withdrawn"}),
    ],
)
def test_the_list_is_narrowed(client_for, owner, several, asked, found):
    shown = client_for(owner).get(page("job_orders"), asked).context["page_obj"].object_list
    names = {order.pk: name for name, order in several.items()}
    assert {names[order.pk] for order in shown} == found


def test_the_nearest_deadline_comes_first_and_what_is_missing_is_said(client_for, owner, several):
    answer = client_for(owner).get(page("job_orders"))

    deadlines = [order.deadline for order in answer.context["page_obj"]]
    assert deadlines == sorted(deadlines)
    assert "6 positions are still to be filled. The deadline of 1 order has passed." in words(answer).replace(
        '<span class="late">', ""
    )
    assert "3 of 3" in words(answer)


@pytest.mark.parametrize(
    "asked", ["kind=nonsense", "deadline=maybe", "whose=0", "sort=shoe", "state=lost", "x=1", "q=a&q=b"]
)
def test_what_the_address_can_not_say_lists_nothing_and_is_told(client_for, owner, asked):
    JobOrderFactory()
    answer = client_for(owner).get(f"{page('job_orders')}?{asked}")

    assert answer.context["page_obj"] is None
    assert "The filter can't be read" in words(answer)
    assert client_for(owner).get(f"{page('job_orders_excel')}?{asked}").url.startswith(page("job_orders"))


@pytest.mark.parametrize("sort", ["name", "-missing", "whose", "-new"])
def test_the_list_is_sorted(client_for, owner, sort):
    JobOrderFactory.create_batch(2)
    assert len(client_for(owner).get(page("job_orders"), {"sort": sort}).context["page_obj"].object_list) == 2


def test_the_same_rows_come_as_excel(client_for, owner, several):
    ReferralFactory(job_order=several["here"])

    rows = table(client_for(owner).get(page("job_orders_excel"), {"q": "baker"}))

    assert [(row["Vacancy"], row["What kind"], row["Positions"], row["Filled"], row["Referred, not answered"])
            for row in rows] == [("Baker", "Ordinary vacancy", 3, 0, 1)]  # fmt: skip
    assert "26/" not in str(rows)


def test_nothing_is_told_as_nothing(client_for, owner):
    client = client_for(owner)
    assert "No employer asks for people now" in client.get(page("job_orders")).text
    assert "No job order is here" in client.get(page("job_orders"), {"q": "zzz"}).text


def test_a_case_worker_sees_them_and_refers_and_no_more(client_for, owner):
    order = received(owner)
    client = client_for(member(CASE_WORKER, "peter"))

    assert f'href="{page("job_orders")}"' in client.get("/").text
    assert page("add_job_order") not in client.get(page("job_orders")).text
    text = client.get(order.get_absolute_url()).text

    assert page("refer", order.pk) in text
    for name in ("change_job_order", "fill_job_order", "withdraw_job_order"):
        assert page(name, order.pk) not in text


# A new one.


def sent(workplace, owner, **changed):
    facts = {
        "workplace": workplace.pk, "title": "Cook", "positions": 2, "deadline": "2026-12-15", "owner": owner.pk,
        "token": uuid4(),
    }  # fmt: skip
    return facts | changed


def test_the_workplace_is_found_first(client_for, owner):
    place = WorkplaceFactory(name="The Bakery")
    answer = client_for(owner).get(page("add_job_order"), {"q": "bakery"})
    assert f"{page('add_job_order')}?workplace={place.pk}" in answer.text


def test_an_order_is_received_once_also_when_it_is_sent_twice(client_for, owner):
    place = WorkplaceFactory()
    person = PersonFactory(workplace=place)
    facts = sent(place, owner, contact=person.pk, measure="adult_apprentice", skills="Can bake")
    client = client_for(owner)
    form = client.get(page("add_job_order"), {"workplace": place.pk}).context["form"]
    assert (form["owner"].value(), form["deadline"].value()) == (owner.pk, date(2026, 12, 8))

    answer = client.post(page("add_job_order"), facts)
    again = client.post(page("add_job_order"), facts)

    order = JobOrder.objects.get()
    assert answer.url == again.url == order.get_absolute_url()
    assert (order.contact, order.measure_id, order.positions, order.skills) == (
        person,
        "adult_apprentice",
        2,
        "Can bake",
    )


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"measure": "job_rotation"}, "not in force today"),
        ({"positions": 0}, "greater than or equal to 1"),
        ({"positions": 201}, "less than or equal to 200"),
        ({"title": ""}, "Fill this in"),
        ({"title": "Ask for 010190-1234"}, "The text holds a CPR number"),
        ({"skills": "Ask for 010190-1234"}, "The text holds a CPR number"),
        ({"deadline": "2026-11-23"}, "from today on, within two years"),
        ({"deadline": "3026-11-23"}, "from today on, within two years"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client_for, owner, changed, why):
    answer = client_for(owner).post(page("add_job_order"), sent(WorkplaceFactory(), owner, **changed))

    assert answer.status_code == 422
    assert why in words(answer)
    assert all(str(value) in answer.text for name, value in changed.items() if name != "measure")
    assert not JobOrder.objects.exists()


def test_people_of_other_workplaces_are_not_taken(client_for, owner):
    answer = client_for(owner).post(page("add_job_order"), sent(WorkplaceFactory(), owner, contact=PersonFactory().pk))
    assert set(answer.context["form"].errors) == {"contact"}


def test_a_labour_conflict_is_said_before_and_after(client_for, owner):
    place = WorkplaceFactory(labour_conflict=True)
    client = client_for(owner)

    assert "Nobody can be referred" in client.get(page("add_job_order"), {"workplace": place.pk}).text
    answer = client.post(page("add_job_order"), sent(place, owner))
    assert (answer.status_code, "Nobody can be referred" in answer.text) == (422, True)


def test_from_a_call_one_tap_leads_to_a_new_order_there(client_for, owner):
    place = WorkplaceFactory(name="The Bakery")
    link = f'href="{page("add_job_order")}?workplace={place.pk}"'

    assert link in client_for(owner).get(reverse("contacts:inbound"), {"q": "bakery"}).text
    place.ceased_on = TODAY
    place.save()
    assert link not in client_for(owner).get(reverse("contacts:inbound"), {"q": "bakery"}).text


# The card, and what is done there.


def test_the_card_tells_what_a_consultant_needs(client_for, owner):
    place = WorkplaceFactory()
    order = received(
        owner, workplace=place, positions=4, skills="Can bake", contact=PersonFactory(workplace=place, phone="10331802")
    )
    job_orders.answer(referral=ReferralFactory(job_order=order, case_reference="26-00001"), by=owner, hired=True)
    job_orders.fill(order=order, by=owner)
    ReferralFactory(job_order=order, case_reference="26-00002")

    text = words(client_for(owner).get(order.get_absolute_url()))

    for told in ("2 of 4", "1 referred, not answered", "1 through us, 1 found without us", "Can bake", "tel:10331802",
                 "26-00001", "26-00002", "15 December 2026", "Ordinary vacancy", "followed up every working day"):  # fmt: skip
        assert told in text, told


def test_who_does_not_work_with_cases_sees_no_reference(client_for, owner):
    order = received(owner)
    job_orders.refer(order=order, by=owner, case_reference="26-00001")

    text = client_for(member(STEWARD, "lone")).get(order.get_absolute_url()).text

    assert "26-00001" not in text
    assert "A candidate" in text


def test_a_deadline_that_has_passed_is_said(client_for, owner):
    order = JobOrderFactory(owner=owner, deadline=date(2026, 11, 20))
    assert "The deadline has passed. Agree a new one" in client_for(owner).get(order.get_absolute_url()).text


def test_a_candidate_is_referred_and_that_is_undone(client_for, owner):
    order = received(owner)
    client = client_for(member(CASE_WORKER, "peter"))

    answer = client.post(page("refer", order.pk), {"case_reference": "26-00001"}, follow=True)

    assert said(answer) == [f"Referred. {owner} sees it today."]
    assert job_order_days.promised_for(order).get().due_on == TODAY
    undone = client.post(undo_of(answer), follow=True)
    assert said(undone) == ["Undone. Nobody is referred by it."]
    assert not Referral.objects.exists()


def test_a_referral_that_is_undone_leaves_what_is_to_be_done_today(client_for, owner):
    order, client = received(owner), client_for(owner)
    FollowUp.objects.update(due_on=TODAY, occurrence="2026-11-24")

    answer = client.post(page("refer", order.pk), {"case_reference": "26-00001"}, follow=True)
    assert job_order_days.promised_for(order).open().get().due_on > TODAY
    client.post(undo_of(answer))

    assert job_order_days.promised_for(order).get().done_at is None


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("010190-1234", "may be a CPR number"),
        ("0101901234", "may be a CPR number"),
        ("Bo Lind er sød", "not how"),
        ("", "Fill this in"),
    ],
)
def test_a_candidate_is_a_case_reference_and_nothing_else(client_for, owner, typed, why):
    order = received(owner)
    answer = client_for(owner).post(page("refer", order.pk), {"case_reference": typed})

    assert (answer.status_code, why in words(answer), Referral.objects.exists()) == (422, True, False)


def test_who_comes_too_late_is_told_and_keeps_what_was_typed(client_for, owner):
    order = received(owner, positions=1)
    job_orders.fill(order=order, by=owner)
    client = client_for(owner)

    answer = client.post(page("refer", order.pk), {"case_reference": "26-00009"})
    assert (answer.status_code, "26-00009" in answer.text) == (422, True)
    assert "The position has been filled already." in words(answer)
    for name, data in (("change_job_order", sent(order.workplace, owner, title="Baker")), ("fill_job_order", {"number": 1}),
                       ("withdraw_job_order", {"why": "Too many"})):  # fmt: skip
        answer = client.post(page(name, order.pk), data)
        assert (answer.status_code, "The position has been filled already." in words(answer)) == (422, True)
        assert client.get(page(name, order.pk)).url == order.get_absolute_url()
    assert "Too many" in answer.text


def test_hired_fills_it_and_is_undone(client_for, owner):
    order = received(owner, positions=1)
    referral = job_orders.refer(order=order, by=owner, case_reference="26-00001")
    client = client_for(owner)

    answer = client.post(page("hired", referral.pk), follow=True)
    assert said(answer) == ["The position is filled. The order is closed."]
    assert "Open the job order again" in answer.text

    answer = client.post(undo_of(answer), follow=True)
    assert said(answer) == ["Taken back. The candidate is referred, and not answered for."]
    order.refresh_from_db()
    assert (order.state, order.filled) == ("open", 0)


def test_an_answer_is_undone_from_the_line_at_the_foot_and_the_follow_up_of_the_day_with_it(client_for, owner):
    order = received(owner)
    referral = ReferralFactory(job_order=order, by=owner)
    FollowUp.objects.update(due_on=TODAY, occurrence="2026-11-24")
    client = client_for(owner)

    answer = client.post(page("declined", referral.pk), follow=True)
    client.post(undo_of(answer))

    referral.refresh_from_db()
    (promised,) = job_order_days.promised_for(order)
    assert (referral.state, promised.due_on, promised.done_at) == ("referred", TODAY, None)


def test_a_wrong_found_without_us_is_corrected_on_the_card_long_after(client_for, owner, today):
    order, _before = job_orders.fill(order=received(owner), by=owner, number=2)
    today.shift(timedelta(days=3))
    client = client_for(owner)
    assert page("correct_found", order.pk) in client.get(order.get_absolute_url()).text
    form = client.get(page("correct_found", order.pk)).context["form"]
    assert (form["number"].initial, form["seen"].initial) == (2, 2)

    answer = client.post(page("correct_found", order.pk), {"number": 1, "seen": 2}, follow=True)

    order.refresh_from_db()
    assert (order.state, order.filled) == ("open", 1)
    assert said(answer) == ["Noted. 1 of 2 still to find."]
    client.post(undo_of(answer))
    order.refresh_from_db()
    assert order.state == "filled"
    assert client_for(member(CASE_WORKER, "peter")).get(page("correct_found", order.pk)).status_code == 403


def test_a_closed_order_says_where_it_stands_and_asks_nothing_of_its_candidates(client_for, owner):
    order = received(owner)
    ReferralFactory(job_order=order)
    client = client_for(owner)
    assert "Not this time" in client.get(order.get_absolute_url()).text
    assert "2 of 2 still to find" in words(client.get(order.get_absolute_url()))

    job_orders.fill(order=order, by=owner, number=2)
    text = words(client.get(order.get_absolute_url()))

    assert "Not this time" not in text
    assert "Not answered" in text
    assert "<dt>To find</dt>" not in text


def test_not_this_time_is_noted_and_another_answer_refused(client_for, owner):
    referral = job_orders.refer(order=received(owner), by=owner, case_reference="26-00001")
    client = client_for(owner)

    assert said(client.post(page("declined", referral.pk), follow=True)) == ["Noted: not this time."]
    assert "answered already: not this time" in said(client.post(page("hired", referral.pk), follow=True))[0]
    client.post(page("take_back_answer", referral.pk))
    assert "nothing to take back" in said(client.post(page("take_back_answer", referral.pk), follow=True))[-1]


def test_one_found_without_us_counts_once_also_when_it_is_sent_twice(client_for, owner):
    order, client = received(owner, positions=3), client_for(owner)
    form = client.get(page("fill_job_order", order.pk)).context["form"]
    facts = {"seen": form["seen"].value(), "number": 1}

    answer = client.post(page("fill_job_order", order.pk), facts, follow=True)
    again = client.post(page("fill_job_order", order.pk), facts)

    assert said(answer) == ["Noted. 2 of 3 still to find."]
    assert (again.status_code, "1 of 3 are filled now" in again.text) == (422, True)
    assert said(client.post(undo_of(answer), follow=True)) == ["Undone. The job order is as it was."]
    order.refresh_from_db()
    assert order.filled == 0


def test_it_is_withdrawn_with_a_reason_opened_again_and_each_can_be_undone(client_for, owner, colleague):
    order, client = received(owner), client_for(owner)
    assert client.post(page("withdraw_job_order", order.pk), {"why": ""}).status_code == 422
    assert "CPR number" in client.post(page("withdraw_job_order", order.pk), {"why": "010190-1234"}).text

    answer = client.post(page("withdraw_job_order", order.pk), {"why": "A machine does it"}, follow=True)
    assert "A machine does it" in answer.text
    undo = undo_of(answer)
    assert "by the one who did it" in said(client_for(colleague).post(undo, follow=True))[0]

    form = client.get(page("reopen_job_order", order.pk)).context["form"]
    assert (form["positions"].value(), form["deadline"].value()) == (2, date(2026, 12, 15))
    answer = client.post(page("reopen_job_order", order.pk), {"positions": 3, "deadline": "2027-01-05"}, follow=True)
    assert said(answer) == ["The job order is open again."]
    assert "changed since" in said(client.post(undo, follow=True))[0]
    client.post(undo_of(answer))
    order.refresh_from_db()
    assert (order.state, order.positions) == ("withdrawn", 2)


def test_one_that_is_open_is_not_opened_again(client_for, owner):
    order, client = received(owner), client_for(owner)
    assert client.get(page("reopen_job_order", order.pk)).url == order.get_absolute_url()
    answer = client.post(page("reopen_job_order", order.pk), {"positions": 3, "deadline": "2026-11-23"})
    assert "from today on" in answer.text


def test_a_changed_deadline_is_to_come_and_an_old_one_may_stay(client_for, owner):
    order = JobOrderFactory(owner=owner, deadline=date(2026, 11, 20))
    client, facts = client_for(owner), sent(order.workplace, owner, title="Baker", deadline="2026-11-20")

    assert client.post(page("change_job_order", order.pk), facts | {"deadline": "2026-11-21"}).status_code == 422
    assert client.post(page("change_job_order", order.pk), facts).url == order.get_absolute_url()
    order.refresh_from_db()
    assert order.title == "Baker"


def test_as_many_positions_as_are_filled_close_it(client_for, owner):
    order, _before = job_orders.fill(order=received(owner, positions=3), by=owner, number=2)
    client = client_for(owner)

    answer = client.post(page("change_job_order", order.pk), sent(order.workplace, owner, positions=1))
    assert "The order can't have fewer." in words(answer)
    answer = client.post(page("change_job_order", order.pk), sent(order.workplace, owner, positions=2), follow=True)
    assert said(answer) == ["All 2 positions are filled. The order is closed."]


# Where else it is told.


def test_open_orders_stand_on_the_card_of_their_workplace(client_for, owner):
    place = WorkplaceFactory(owner=owner)
    received(owner, workplace=place, title="Cook for the evening", positions=3)
    JobOrderFactory(workplace=place, title="Long gone", state="withdrawn", closed_on=TODAY, closed_why="Over")

    answer = client_for(owner).get(place.get_absolute_url())

    assert "3 of 3 still to find" in (text := words(answer))
    assert [order.title for order in answer.context["job_orders"]] == ["Cook for the evening"]
    assert f"{page('add_job_order')}?workplace={place.pk}" in text


def test_my_orders_stand_above_everything_else_on_my_day_by_deadline(client_for, owner, colleague):
    later, sooner = received(owner, title="Later"), received(owner, title="Sooner", deadline=date(2026, 11, 25))
    theirs = received(colleague, title="Given to me")
    job_order_days.promised_for(theirs).get().give(to=owner, by=colleague, at="2026-11-24T08:00:00+00:00")
    received(colleague, title="Not mine")
    FollowUpFactory(owner=owner, due_on=date(2026, 11, 2), title="Overdue for weeks")
    ReferralFactory(job_order=sooner)

    answer = client_for(owner).get("/")

    assert answer.context["day"].job_orders == [sooner, later, theirs]
    text = words(answer)
    assert text.index("Sooner") < text.index("Later") < text.index("Given to me") < text.index("Overdue for weeks")
    assert "Not mine" not in text
    assert f"{sooner.get_absolute_url()}#referrals" in text
    assert f'href="{page("refer", later.pk)}"' in text
    assert "Job order, Sooner" not in text


def test_what_is_followed_up_today_is_ticked_off_on_my_day(client_for, owner):
    order = received(owner)
    FollowUp.objects.update(due_on=TODAY)
    promised, client = FollowUp.objects.get(), client_for(owner)
    assert reverse("contacts:finish", args=[promised.pk]) in client.get("/").text

    client.post(reverse("contacts:finish", args=[promised.pk]), {"next": "/"})

    text = client.get("/").text
    assert order.title in text
    assert "followed up today" in text


def test_it_comes_first_among_what_waits_and_only_there(client_for, owner):
    received(owner, title="Later", deadline=date(2026, 12, 24))
    received(owner, title="Sooner", deadline=TODAY)
    received(owner, title="Seen to")
    FollowUp.objects.exclude(title__contains="Seen to").update(due_on=TODAY)
    FollowUpFactory(owner=owner, due_on=date(2026, 11, 2))

    told = waiting.waiting([owner.pk], TODAY)[owner.pk]

    assert [(part.name, found.count) for part, found in told] == [("job_orders", 2), ("overdue", 1)]
    assert ["Sooner" in line.what for line in told[0][1].lines] == [True, False]
    assert told[0][1].lines[0].day == TODAY


@pytest.mark.parametrize("many", [1, 6])
def test_the_pages_ask_the_same_questions_however_much_there_is(client_for, many, django_assert_num_queries):
    manager = member(MANAGER, "karen")
    order = received(manager, positions=50)
    for number in range(many):
        ReferralFactory(job_order=order)
        other = received(manager, contact=PersonFactory(), measure_id="adult_apprentice")
        ReferralFactory(job_order=other)
        done = job_order_days.promised_for(order).open().get()
        done.finish(by=UserFactory())
        job_order_days.plan(date(2026, 11, 25 + number % 2))
    SlotFactory()
    client = client_for(manager)

    with django_assert_num_queries(CARD):
        client.get(order.get_absolute_url())
    with django_assert_num_queries(LIST):
        client.get(page("job_orders"))


CARD, LIST = 9, 11


def test_where_a_link_has_narrowed_the_list_to_can_be_seen_and_taken_out(client_for, owner):
    ours = received(owner, workplace=WorkplaceFactory(owner=owner))
    received(owner, workplace=WorkplaceFactory(owner=None))

    answer = client_for(owner).get(page("job_orders"), {"team": owner.team_id})

    assert list(answer.context["page_obj"]) == [ours]
    assert f"Team of the responsible: {owner.team}" in words(answer)
    assert f'name="team" value="{owner.team_id}"' in answer.text
