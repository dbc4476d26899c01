"""The pages of placements over HTTP."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from structlog.testing import capture_logs

from companies.filters import WorkplaceFilter
from companies.models import Selection, Workplace
from contacts.models import FollowUp
from jobcenter_crm.staff.actions import switch_staff_figures_on
from jobcenter_crm.staff.roles import CASE_WORKER
from placements import placement_pages, steps
from placements.models import Effect, Placement, Reservation
from tests.conftest import member
from tests.excel import table
from tests.factories import (
    CentreMemberFactory,
    CompanyCentreFactory,
    EffectFactory,
    PersonFactory,
    PlacementFactory,
    ReservationFactory,
    SlotFactory,
    StayFactory,
    UserFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TODAY = date(2026, 11, 24)


def page(name, *args):
    return reverse(f"placements:{name}", args=args)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def ended(on=date(2026, 10, 20), **facts):
    return PlacementFactory(starts_on=date(2026, 9, 1), planned_end=on, ended_on=on, end_reason="as_planned", **facts)


# The start.


def typed(owner, **changed):
    return {
        "case_reference": "26/00042",
        "starts_on": "2026-11-24",
        "planned_end": "2026-12-22",
        "consultant": owner.pk,
        "token": "6f1d7c52-3c0c-4c7e-8f0e-0a4d5f2b9a11",
    } | changed


def test_a_placement_starts_on_the_card_of_a_slot_and_a_double_press_makes_one(client_for, owner):
    slot, client = SlotFactory(), client_for(owner)

    answer = client.post(page("start", slot.pk), typed(owner))
    client.post(page("start", slot.pk), typed(owner))

    placement = Placement.objects.get()
    assert answer.url == placement.get_absolute_url()
    assert (placement.case_reference, placement.slot, placement.consultant) == ("26/00042", slot, owner)
    told = client.get(answer.url)
    assert said(told)[0] == "The placement is written. It is followed up for the first time on 26 November 2026."


def test_the_form_begins_with_the_usual_length_and_tells_the_limit_in_words(client_for, owner):
    answer = client_for(owner).get(page("start", SlotFactory().pk))

    assert answer.context["form"]["planned_end"].initial == date(2026, 12, 21)
    assert "4, 8 or 13 weeks by target group" in answer.text


def test_it_starts_out_of_a_reservation_with_what_that_says(client_for, owner):
    held = ReservationFactory(starts_on=TODAY, planned_end=date(2026, 12, 20))
    client = client_for(owner)

    form = client.get(page("start", held.slot_id), {"reservation": held.pk}).context["form"]
    assert form.initial["case_reference"] == held.case_reference
    client.post(page("start", held.slot_id), typed(owner, reservation=held.pk))

    held.refresh_from_db()
    assert (held.state, held.case_reference) == (Reservation.State.STARTED, "")
    assert Placement.objects.get().reservation == held
    assert said(client.get(page("start", held.slot_id), {"reservation": held.pk}, follow=True))[-1] == (
        "This reservation is settled already."
    )


@pytest.mark.parametrize("key", ["0", "99999999999999999999", "x"])
def test_a_reservation_that_there_is_not_is_no_server_error(client_for, owner, key):
    answer = client_for(owner).get(page("start", SlotFactory().pk), {"reservation": key})

    assert answer.status_code in (200, 404)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"case_reference": ""}, "case_reference"),
        ({"case_reference": "010190-1234"}, "case_reference"),
        ({"case_reference": "0101901234"}, "case_reference"),
        ({"starts_on": "2024-01-01"}, "starts_on"),
        ({"starts_on": "9999-12-31"}, "starts_on"),
        ({"planned_end": "2026-11-23"}, "planned_end"),
        ({"planned_end": "9999-12-31"}, "planned_end"),
        ({"consultant": "0"}, "consultant"),
    ],
)
def test_what_can_not_be_is_said_at_its_field_and_the_number_not_repeated_in_words(client_for, owner, changed, field):
    answer = client_for(owner).post(page("start", SlotFactory().pk), typed(owner, **changed))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "010190" not in str(answer.context["form"].errors)
    assert not Placement.objects.exists()


def test_a_full_slot_says_from_when_there_is_a_place_and_keeps_what_was_typed(client_for, owner):
    slot = SlotFactory(places=1)
    PlacementFactory(slot=slot, planned_end=date(2026, 12, 31))

    answer = client_for(owner).post(page("start", slot.pk), typed(owner))

    assert answer.status_code == 422
    assert "From 1 January 2027 there is one." in answer.text
    assert "26/00042" in answer.text


# Extending and ending.


def test_it_is_extended_with_one_button_and_the_follow_ups_move(client_for, owner):
    slot = SlotFactory(owner=owner)
    placement = steps.start(
        slot=slot, by=owner, consultant=owner, case_reference="26/1", starts_on=TODAY, planned_end=date(2026, 12, 22)
    )
    client = client_for(owner)
    assert "may be extended to 26 weeks" in client.get(page("extend", placement.pk)).text

    answer = client.post(page("extend", placement.pk), {"to": "4", "granted_in": "vitas"})

    placement.refresh_from_db()
    assert placement.planned_end == date(2027, 1, 19)
    text = client.get(answer.url).text
    assert "granted in VITAS" in text
    assert FollowUp.objects.open().caused_by(placement).get(occurrence="last").due_on == date(2027, 1, 5)


def test_longer_than_the_measure_may_last_is_said_and_not_refused(client_for, owner):
    placement = PlacementFactory(starts_on=date(2026, 6, 1), planned_end=date(2026, 11, 25))
    client = client_for(owner)

    answer = client.post(page("extend", placement.pk), {"to": "13"}, follow=True)

    assert "longer than the measure usually may last" in said(answer)[0]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "to"),
        ({"to": "5"}, "to"),
        ({"to": "pick"}, "on"),
        ({"to": "pick", "on": "x"}, "on"),
        ({"to": "pick", "on": "9999-12-31"}, "on"),
        ({"to": "pick", "on": "2026-12-01"}, "__all__"),
        ({"to": "4", "granted_in": "nowhere"}, "granted_in"),
    ],
)
def test_an_extension_that_can_not_be_is_said(client_for, owner, sent, field):
    placement = PlacementFactory()

    answer = client_for(owner).post(page("extend", placement.pk), sent)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not placement.extensions.exists()


def test_an_extension_into_days_that_are_taken_is_refused_and_what_was_typed_stays(client_for, owner):
    placement = PlacementFactory(slot__places=1)
    PlacementFactory(slot=placement.slot, starts_on=date(2027, 1, 4), planned_end=date(2027, 2, 1))

    answer = client_for(owner).post(
        page("extend", placement.pk), {"to": "pick", "on": "2027-01-20", "granted_in": "case"}
    )

    assert answer.status_code == 422
    assert "The place is taken on 4 January 2027." in answer.text
    assert 'value="2027-01-20"' in answer.text


def test_it_ends_early_with_a_reason_of_the_short_list(client_for, owner):
    placement = PlacementFactory()
    client = client_for(owner)

    answer = client.post(page("end", placement.pk), {"on": "2026-11-20", "reason": "candidate"}, follow=True)

    assert said(answer) == ["The placement has ended. On 18 December 2026 it is asked what came of it."]
    assert "Ended before time" in answer.text
    assert "The candidate stopped" in answer.text
    assert said(client.get(page("extend", placement.pk), follow=True)) == ["This placement has ended."]


@pytest.mark.parametrize(
    "sent", [{}, {"on": "2026-11-20", "reason": "ill"}, {"on": "2026-11-25", "reason": "other"},
             {"on": "2026-09-30", "reason": "other"}],
)  # fmt: skip
def test_an_end_that_can_not_be_is_said(client_for, owner, sent):
    placement = PlacementFactory()

    assert client_for(owner).post(page("end", placement.pk), sent).status_code == 422
    placement.refresh_from_db()
    assert not placement.is_over


def test_an_end_said_by_mistake_is_undone_from_the_line_at_the_foot_and_from_the_card(client_for, owner, colleague):
    placement, client = PlacementFactory(), client_for(owner)

    told = client.post(page("end", placement.pk), {"on": "2026-11-20", "reason": "candidate"}, follow=True).text
    assert told.count(page("reopen", placement.pk)) == 2
    assert page("reopen", placement.pk) not in client_for(colleague).get(placement.get_absolute_url()).text
    answer = client.post(page("reopen", placement.pk), follow=True)

    assert said(answer) == ["Undone. The placement and its follow-ups are as they were."]
    assert page("reopen", placement.pk) not in answer.text
    assert said(client.post(page("reopen", placement.pk), follow=True)) == [
        "It can only be undone within ten minutes, by the one who did it."
    ]


# It came to nothing.


def test_one_that_has_not_begun_comes_to_nothing_with_a_reason_and_that_is_undone(client_for, owner):
    placement, client = PlacementFactory(starts_on=date(2026, 12, 1)), client_for(owner)
    card = client.get(placement.get_absolute_url()).text
    assert page("withdraw", placement.pk) in card
    assert page("end", placement.pk) not in card

    answer = client.post(page("withdraw", placement.pk), {"reason": "no_grant"}, follow=True)

    assert said(answer) == ["It came to nothing. The place is free again, and nothing more is followed up."]
    for words in ("Came to nothing", "It was not granted", page("reopen", placement.pk)):
        assert words in answer.text
    for name in ("extend", "end", "withdraw", "effect"):
        assert page(name, placement.pk) not in answer.text
        assert said(client.get(page(name, placement.pk), follow=True)) == ["This placement came to nothing."]
    client.post(page("reopen", placement.pk))
    placement.refresh_from_db()
    assert not placement.is_over


@pytest.mark.parametrize("sent", [{}, {"reason": "ill"}, {"reason": "as_planned"}, {"reason": "no_show"}])
def test_a_reason_that_there_is_not_is_said(client_for, owner, sent):
    placement = PlacementFactory(starts_on=date(2026, 12, 1))

    answer = client_for(owner).post(page("withdraw", placement.pk), sent)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])


def test_no_reason_for_an_end_or_for_nothing_says_anything_about_health():
    words = " ".join(str(label) for label in Placement.Reason.labels).lower()

    assert not any(word in words for word in ("ill", "sick", "health", "doctor"))


def test_whether_it_ends_or_comes_to_nothing_is_known_by_its_first_day(client_for, owner):
    begun = PlacementFactory(starts_on=date(2026, 11, 23))
    today = PlacementFactory(starts_on=TODAY)
    coming = PlacementFactory(starts_on=date(2026, 11, 25))
    client = client_for(owner)

    assert client.get(page("end", coming.pk)).url == page("withdraw", coming.pk)
    assert client.get(page("withdraw", begun.pk)).url == page("end", begun.pk)
    assert page("withdraw", today.pk) in client.get(page("end", today.pk)).text
    assert page("end", today.pk) in client.get(page("withdraw", today.pk)).text
    assert page("withdraw", begun.pk) not in client.get(page("end", begun.pk)).text


def test_what_came_to_nothing_is_in_a_part_of_its_own_and_counts_nowhere(client_for, owner):
    slot = SlotFactory(places=1, owner=owner)
    off = PlacementFactory(slot=slot, starts_on=TODAY, withdrawn_on=TODAY, end_reason="declined")
    client = client_for(owner)

    counts = client.get(page("placements")).context["counts"]
    assert counts == {"running": 0, "overdue": 0, "ended": 0, "effect": 0, "withdrawn": 1, "all": 0}
    found = client.get(page("placements"), {"state": "withdrawn"})
    assert list(found.context["page_obj"].object_list) == [off]
    assert "The candidate said no" in found.text
    assert off.get_absolute_url() not in client.get(slot.get_absolute_url()).text
    assert "The candidate said no" in str(table(client.get(page("placements_excel"), {"state": "withdrawn"})))
    assert type(slot).objects.with_free(TODAY).get(pk=slot.pk).free == 1


# Stays in a company centre.


@pytest.fixture
def in_a_centre(owner):
    centre = CompanyCentreFactory(agreement__owner=owner)
    return PlacementFactory(slot__agreement=centre.agreement, slot__workplace=centre.agreement.workplace)


def test_stays_follow_one_another_among_the_centres_workplaces(client_for, owner, in_a_centre):
    one, two = (CentreMemberFactory(centre=in_a_centre.slot.agreement.centre).workplace for _ in range(2))
    client = client_for(owner)

    client.post(page("add_stay", in_a_centre.pk), {"workplace": one.pk, "starts_on": "2026-10-01"})
    client.post(page("add_stay", in_a_centre.pk), {"workplace": two.pk, "starts_on": "2026-11-24"})

    assert list(in_a_centre.stays.values_list("workplace", "starts_on", "ends_on")) == [
        (one.pk, date(2026, 10, 1), date(2026, 11, 23)), (two.pk, TODAY, None),
    ]  # fmt: skip
    text = client.get(in_a_centre.get_absolute_url()).text
    assert one.name in text
    stay = in_a_centre.stays.last()
    assert (
        client.post(page("stay", stay.pk), {"workplace": two.pk, "starts_on": "2026-11-20"}).status_code == 422
    )  # the one before is there then
    client.post(page("stay", stay.pk), {"workplace": two.pk, "starts_on": "2026-11-24", "ends_on": "2026-12-01"})
    assert in_a_centre.stays.last().ends_on == date(2026, 12, 1)


@pytest.mark.parametrize(
    "sent",
    [
        {"starts_on": "2026-09-30"},
        {"starts_on": "2027-01-01"},
        {"starts_on": "2026-11-02", "ends_on": "2026-11-01"},
        {"starts_on": "2026-11-02", "ends_on": "2027-01-01"},
        {"starts_on": ""},
    ],
)
def test_a_stay_outside_the_placement_is_refused(client_for, owner, in_a_centre, sent):
    answer = client_for(owner).post(
        page("add_stay", in_a_centre.pk), {"workplace": in_a_centre.slot.workplace_id} | sent
    )

    assert answer.status_code == 422
    assert not in_a_centre.stays.exists()


def test_a_workplace_outside_the_centre_takes_no_stay(client_for, owner, in_a_centre):
    sent = {"workplace": WorkplaceFactory().pk, "starts_on": "2026-11-02"}

    assert client_for(owner).post(page("add_stay", in_a_centre.pk), sent).status_code == 422
    elsewhere = PlacementFactory()
    assert client_for(owner).get(page("add_stay", elsewhere.pk)).status_code == 302


def test_the_end_of_a_placement_ends_its_stays(owner, in_a_centre):
    open_one = StayFactory(placement=in_a_centre, starts_on=date(2026, 10, 1), ends_on=date(2026, 11, 30))
    StayFactory(placement=in_a_centre, starts_on=date(2026, 12, 1))

    steps.end(placement=in_a_centre, by=owner, on=TODAY, reason="other")

    open_one.refresh_from_db()
    assert [open_one] == list(in_a_centre.stays.all())
    assert open_one.ends_on == TODAY


# What came of it.


def test_what_came_of_it_is_one_tap_and_can_be_undone(client_for, owner):
    placement, client = ended(), client_for(owner)

    answer = client.post(page("effect", placement.pk), {"outcome": "job"}, follow=True)
    assert said(answer) == ["Noted: ordinary job."]
    assert placement.effect.outcome == "job"
    assert page("undo_effect", placement.pk) in answer.text

    client.post(page("undo_effect", placement.pk))
    assert not Effect.objects.exists()


def test_a_correction_begins_with_what_was_told_and_can_be_undone_too(client_for, owner, colleague):
    placement, client = ended(), client_for(owner)
    EffectFactory(
        placement=placement, outcome="hours", hours=12, self_supporting=False, recorded_by=colleague,
        recorded_at=timezone.now() - timedelta(days=3),
    )  # fmt: skip

    form = client.get(page("effect", placement.pk))
    assert form.context["form"].initial == {"outcome": "hours", "hours": 12, "self_supporting": "no"}
    assert 'value="hours" aria-current="true"' in form.text
    assert (
        page("undo_effect", placement.pk)
        in client.post(page("effect", placement.pk), {"outcome": "job"}, follow=True).text
    )
    answer = client.post(page("undo_effect", placement.pk), follow=True)

    assert said(answer) == ["Taken back. It says again: paid hours."]
    told = Effect.objects.get()
    assert (told.outcome, told.hours, told.self_supporting, told.recorded_by) == ("hours", 12, False, colleague)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"outcome": "hours", "hours": "12", "self_supporting": "no"}, ("hours", 12, False)),
        ({"outcome": "education", "hours": "x", "self_supporting": "yes"}, ("education", None, True)),
        ({"outcome": "unknown", "self_supporting": "yes"}, ("unknown", None, None)),
    ],
)
def test_hours_and_self_supporting_go_with_what_was_pressed(client_for, owner, sent, kept):
    placement = ended()

    client_for(owner).post(page("effect", placement.pk), sent)

    told = Effect.objects.get()
    assert (told.outcome, told.hours, told.self_supporting) == kept


@pytest.mark.parametrize(
    "sent",
    [{}, {"outcome": "rich"}, {"outcome": "hours"}, {"outcome": "hours", "hours": "0"},
     {"outcome": "hours", "hours": "38"}, {"outcome": "job", "self_supporting": "perhaps"}],
)  # fmt: skip
def test_an_effect_that_can_not_be_is_said(client_for, owner, sent):
    placement = ended()

    assert client_for(owner).post(page("effect", placement.pk), sent).status_code == 422
    assert not Effect.objects.exists()


def test_before_four_weeks_have_passed_it_is_not_asked(client_for, owner):
    placement = ended(on=date(2026, 11, 1))

    answer = client_for(owner).get(page("effect", placement.pk), follow=True)

    assert said(answer) == ["What came of it is asked four weeks after the end."]


# The card and the list.


def test_the_card_tells_whom_to_call_and_how_far_it_is(client_for, owner):
    slot = SlotFactory()
    slot.contact = PersonFactory(workplace=slot.workplace, name="Grete Holm", phone="+45 20 30 40 50")
    slot.mentor = PersonFactory(workplace=slot.workplace, name="Jonas Bak", phone="+45 20 30 40 51")
    slot.save()
    placement = PlacementFactory(slot=slot)

    text = client_for(owner).get(placement.get_absolute_url()).text

    for words in ("Grete Holm", "20 30 40 50", "Jonas Bak", "20 30 40 51", placement.case_reference, "Running"):
        assert words in text


def test_whoever_has_nothing_to_do_with_cases_sees_no_reference(client_for, stranger):
    from django.contrib.auth.models import Permission

    stranger.user_permissions.set(
        Permission.objects.filter(codename__in=["view_placement", "export_workplaces", "view_workplace"])
    )
    placement = PlacementFactory()
    client = client_for(stranger)

    assert placement.case_reference not in client.get(placement.get_absolute_url()).text
    assert placement.case_reference not in client.get(page("placements")).text
    rows = table(client.get(page("placements_excel")))
    assert placement.case_reference not in str(rows)


def test_the_list_has_its_parts_and_its_filters(client_for, owner, colleague):
    mine = PlacementFactory(consultant=owner, slot__workplace__name="Kantinen", slot__workplace__tier=1)
    late = PlacementFactory(consultant=colleague, planned_end=date(2026, 11, 20), slot__measure_id="flex_job")
    due, over = ended(), ended(on=date(2026, 11, 20))
    client = client_for(owner)

    def found(**asked):
        return set(client.get(page("placements"), asked).context["page_obj"].object_list)

    assert found() == {mine, late}
    assert found(state="overdue") == {late}
    assert found(state="ended") == {due, over}
    assert found(state="effect") == {due}
    assert found(whose="me") == {mine}
    assert found(whose=colleague.pk) == {late}
    assert found(q="kantinen") == {mine}
    assert found(tier="1") == {mine}
    assert found(measure="flex_job") == {late}
    for order in ("name", "whose", "-new"):
        assert found(sort=order) == {mine, late}
    assert client.get(page("placements")).context["counts"] == {
        "running": 2, "overdue": 1, "ended": 2, "effect": 1, "withdrawn": 0, "all": 4,
    }  # fmt: skip


def test_the_list_tells_those_that_began_or_ended_in_a_period_and_what_came_of_them(client_for, owner):
    client = client_for(owner)
    job = EffectFactory(outcome="job").placement
    unknown = EffectFactory(outcome="unknown", self_supporting=None).placement
    later = PlacementFactory(starts_on=date(2026, 10, 1), planned_end=date(2026, 12, 24))

    def found(**asked):
        return set(client.get(page("placements"), {"state": "all"} | asked).context["page_obj"].object_list)

    assert found(started_from="2026-07-01", started_until="2026-07-01") == {job, unknown}
    assert found(ended_until="2026-09-30") == {job, unknown}
    assert found(started_from="2026-10-01", started_until="2026-10-01") == {later}
    assert found(outcome="job") == {job}
    assert found(outcome="known") == {job}
    answer = client.get(page("placements"), {"state": "all", "started_from": "2026-07-01"})
    assert "Begun 01/07/2026 – …" in answer.text
    assert "?state=all" in answer.text


@pytest.mark.parametrize("asked", ["state=x", "nope=1", "tier=9", "measure=x", "whose=0", "sort=x", "q=a&q=b"])
def test_a_filter_that_can_not_be_read_lists_nothing_and_says_so(client_for, owner, asked):
    PlacementFactory()

    answer = client_for(owner).get(f"{page('placements')}?{asked}")

    assert answer.context["page_obj"] is None
    assert client_for(owner).get(f"{page('placements_excel')}?{asked}").status_code == 302


def test_excel_has_the_rows_with_their_reference_and_never_the_colleague(client_for, owner):
    placement = PlacementFactory(consultant=owner)

    rows = table(client_for(owner).get(page("placements_excel")))

    assert placement.case_reference in str(rows)
    assert str(owner) not in str(rows)


def test_what_came_of_them_is_told_with_the_list_but_not_by_colleague(client_for, owner):
    slot = SlotFactory()
    for _ in range(5):
        EffectFactory(placement=ended(slot=slot, consultant=owner))
    client = client_for(owner)

    assert "Known of 5" in client.get(page("placements")).text
    for whose in ("me", owner.pk, "team"):
        text = client.get(page("placements"), {"whose": whose}).text
        assert "Known of 5" not in text
    assert "at least 5" in client.get(page("placements"), {"tier": "4"}).text


def test_what_came_of_a_long_list_is_told_when_it_is_asked_for(client_for, owner, monkeypatch):
    monkeypatch.setattr("placements.placement_pages.COUNTED_TO", 5)
    EffectFactory.create_batch(6)
    client = client_for(owner)

    text = client.get(page("placements")).text
    assert "There are too many placements here to tell it at once." in text
    assert "Known of 6" not in text
    assert 'href="?shares=yes#shares-head"' in text

    assert "Known of 6" in client.get(page("placements"), {"shares": "yes"}).text


@pytest.mark.parametrize("rows", [1, 20])
def test_the_list_asks_the_same_questions_however_long_it_is(client_for, owner, rows, django_assert_num_queries):
    for _ in range(rows):
        PlacementFactory()
        EffectFactory()
    client = client_for(owner)
    client.get(page("placements"))

    with django_assert_num_queries(13 if rows == 1 else 15):
        client.get(page("placements"))


@pytest.mark.parametrize("number", [1, 8])
def test_the_card_asks_the_same_questions_however_much_there_is(client_for, owner, number, django_assert_num_queries):
    centre = CompanyCentreFactory(agreement__owner=owner)
    placement = PlacementFactory(slot__agreement=centre.agreement)
    for n in range(number):
        StayFactory(placement=placement, workplace=WorkplaceFactory())
        placement.extensions.create(before=TODAY, after=TODAY + timedelta(days=n + 1), by=owner)
        FollowUp.objects.create(
            kind="placement", cause=placement, occurrence=str(n), workplace=placement.slot.workplace, title="x",
            due_on=TODAY, owner=owner,
        )  # fmt: skip
    client = client_for(owner)
    client.get(placement.get_absolute_url())

    with django_assert_num_queries(9):
        client.get(placement.get_absolute_url())


def test_the_card_of_a_slot_tells_of_its_placements(owner, stranger, django_assert_num_queries):
    slot = SlotFactory()
    running = PlacementFactory(slot=slot)
    EffectFactory(placement=ended(slot=slot), outcome="education")
    for _ in range(5):
        ended(slot=slot)
    owner.has_perm("placements.view_placement")

    with django_assert_num_queries(2):
        context = placement_pages.for_card(slot, owner, TODAY)
    text = render_to_string("placements/_placements.html", context | {"slot": slot, "today": TODAY})

    assert running.case_reference in text
    assert page("start", slot.pk) in text
    assert "See all that have ended" in text
    assert placement_pages.for_card(slot, stranger, TODAY) == {}
    assert render_to_string("placements/_placements.html", {"slot": slot}).strip() == ""


def test_a_case_worker_reads_and_does_not_start(client_for, owner):
    worker = member(CASE_WORKER, "worker")
    placement = PlacementFactory()
    client = client_for(worker)

    assert client.get(placement.get_absolute_url()).status_code == 200
    assert not placement_pages.for_card(placement.slot, worker, TODAY)["may_start"]
    assert client.get(page("start", placement.slot_id)).status_code == 403


# The register's filter.


def test_the_register_finds_who_has_had_and_never_had_a_placement(owner):
    now, had, never = WorkplaceFactory(), WorkplaceFactory(), WorkplaceFactory()
    PlacementFactory(slot__workplace=never, withdrawn_on=date(2026, 9, 30), end_reason="refused")
    running = PlacementFactory(slot__workplace=now)
    ended(slot__workplace=had)
    stays = StayFactory(placement=running, workplace=WorkplaceFactory()).workplace

    def found(asked):
        data = QueryDict(f"placement={asked}")
        return set(WorkplaceFilter(data, Workplace.objects.all(), today=TODAY, user=owner).rows())

    assert found("now") == {now, stays}
    assert found("ever") == {now, had, stays}
    assert found("never") == {never}


def test_an_extension_sent_twice_extends_once(client_for, owner):
    placement = PlacementFactory(starts_on=date(2026, 11, 2), planned_end=date(2026, 12, 1))
    client, url = client_for(owner), reverse("placements:extend", args=[placement.pk])
    typed = {"to": "4", "granted_in": "vitas", "seen": "2026-12-01"}

    client.post(url, typed)
    again = client.post(url, typed)

    assert again.status_code == 422
    assert "It has been extended meanwhile" in again.text
    placement.refresh_from_db()
    assert placement.planned_end == date(2026, 12, 29)


def test_what_began_or_ended_in_a_period_is_not_told_by_colleague(client_for, owner, colleague, person_in):
    manager = person_in("Manager")
    asked = {"state": "all", "started_from": "2026-01-01", "whose": colleague.pk}

    for reader in (owner, manager):
        answer = client_for(reader).get("/placements/", asked)
        assert not answer.context["is_readable"]
        assert "not told by colleague" in answer.text
        assert client_for(reader).get("/placements/", asked | {"whose": "me"}).context["is_readable"]
        assert client_for(reader).get("/placements/", {"state": "all", "whose": colleague.pk}).context["is_readable"]

    switch_staff_figures_on(since=date(2026, 11, 1), reference="Works committee", by=manager)
    assert client_for(manager).get("/placements/", asked).context["is_readable"]


PERIOD = {"state": "all", "started_from": "2026-01-01", "started_until": "2026-12-31"}


@pytest.fixture
def of_few(owner, colleague):
    """Ways to ask by a colleague, or by their team of two."""
    asked = [
        ("whose", colleague.pk),
        ("whose", f"team-{colleague.team_id}"),
        ("whose", "team"),
        ("team", colleague.team_id),
    ]
    for query in (f"owner={colleague.pk}", f"team={colleague.team_id}"):
        found = Selection.objects.create(name=query, query=query, created_by=owner, is_shared=True)
        asked.append(("among", found.pk))
    return asked


def test_nor_of_a_team_of_two_nor_at_their_workplaces(client_for, owner, of_few):
    client = client_for(owner)

    for name, value in of_few:
        answer = client.get("/placements/", PERIOD | {name: value})
        assert not answer.context["is_readable"], name
        assert answer.context["page_obj"] is None
        assert client.get(page("placements_excel"), PERIOD | {name: value}).status_code == 302
        assert client.get("/placements/", {"state": "all", name: value}).context["is_readable"]
    assert not client.get("/placements/", PERIOD | {"whose": "nobody"}).context["is_readable"]


def test_nor_is_what_came_of_their_placements(client_for, person_in, of_few):
    """Not where figures by colleague are switched on either."""
    manager = person_in("Manager")
    switch_staff_figures_on(since=TODAY, reference="Works committee", by=manager)
    client = client_for(manager)

    for name, value in of_few:
        if value != "team":
            for period in ({}, {"ended_from": "2026-01-01"}):
                asked = {"state": "ended", "outcome": "job", name: value} | period
                assert "is never told by colleague." in client.get("/placements/", asked).text, asked
    for whose in ("", "me"):
        assert client.get("/placements/", {"state": "ended", "outcome": "job", "whose": whose}).context["is_readable"]


def test_a_team_of_five_is_told_what_began(client_for, owner):
    UserFactory.create_batch(4, team=owner.team)

    for name, value in (("whose", "team"), ("whose", f"team-{owner.team_id}"), ("team", owner.team_id)):
        assert client_for(owner).get("/placements/", PERIOD | {name: value}).context["is_readable"]


def test_where_it_is_switched_on_managers_are_told_and_each_look_is_noted(
    client_for, owner, colleague, person_in, of_few
):
    manager = person_in("Manager")
    switch_staff_figures_on(since=TODAY, reference="Works committee", by=manager)
    manager.team = colleague.team
    manager.save()
    client = client_for(manager)
    both = sorted([owner.pk, colleague.pk])
    of_whom = [[colleague.pk], both, both, both, [colleague.pk], both]

    for (name, value), told in zip(of_few, of_whom, strict=True):
        with capture_logs() as logs:
            assert client.get("/placements/", PERIOD | {name: value}).context["is_readable"]
            table(client.get(page("placements_excel"), PERIOD | {name: value}))
        noted = [(one["page"], one["colleagues"]) for one in logs if one["event"] == "staff_figures_read"]
        assert noted == [("placements", told), ("placements_excel", told)]


def test_a_list_to_work_with_and_one_that_can_not_be_read_are_no_looks(client_for, colleague, person_in):
    manager = person_in("Manager")
    switch_staff_figures_on(since=TODAY, reference="Works committee", by=manager)

    with capture_logs() as logs:
        client_for(manager).get("/placements/", {"state": "all", "whose": colleague.pk})
        client_for(manager).get("/placements/", PERIOD | {"whose": colleague.pk, "sort": "x"})

    assert not [one for one in logs if one["event"] == "staff_figures_read"]
