"""The card: who are we to each other, who talks to them, what happens next."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from companies.models import TierChange
from contacts.at_workplace import log_of
from jobcenter_crm.desk import card as parts
from jobcenter_crm.desk.card import SHOWN, warnings
from tests.factories import (
    CompanyFactory,
    ContactPlanTargetFactory,
    EffectFactory,
    FollowUpFactory,
    InteractionFactory,
    JobOrderFactory,
    MunicipalityFactory,
    OtherJobCentreFactory,
    PersonFactory,
    PlacementFactory,
    RegisterChangeFactory,
    ReservationFactory,
    SlotFactory,
    StayFactory,
    UserFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


TODAY = date(2026, 11, 24)


def card(client, workplace, query=""):
    return client.get(reverse("desk:card", args=[workplace.pk]) + query)


def coming(workplace):
    return parts.coming(workplace, log_of(workplace, SHOWN))


def past(workplace, part="", everything=False, *, user):
    most = parts.shown(everything)
    log, changes = log_of(workplace, most), parts.changes(workplace, most)
    return parts.past(workplace, log, changes, part, everything, user=user, today=TODAY)


def news(workplace, now):
    return parts.news(workplace, parts.changes(workplace, SHOWN), coming(workplace), now)


def test_what_is_planned_and_promised_comes_soonest_first(owner):
    workplace = WorkplaceFactory()
    promised = FollowUpFactory(workplace=workplace, due_on=date(2026, 11, 28), owner=owner)
    planned = InteractionFactory(workplace=workplace, state="planned", on=date(2026, 11, 26), created_by=owner)

    assert [entry.what for entry in coming(workplace)] == [planned, promised]


def test_contacts_and_changes_stand_on_one_timeline_newest_first(owner):
    workplace = WorkplaceFactory()
    old = InteractionFactory(workplace=workplace, on=date(2026, 9, 8), created_by=owner)
    new = InteractionFactory(workplace=workplace, on=date(2026, 11, 17), created_by=owner)
    TierChange.objects.create(
        workplace=workplace, from_tier=3, to_tier=1, by=owner, at=datetime(2026, 10, 2, 9, tzinfo=UTC)
    )

    whole = [entry.what for entry in past(workplace, user=owner)[0]]
    assert (whole[0], whole[1].words, whole[2]) == (new, "Moved from group 3 to 1", old)
    assert [entry.what for entry in past(workplace, "contacts", user=owner)[0]] == [new, old]
    assert [entry.what for entry in past(workplace, "changes", user=owner)[0]] == [whole[1]]


def test_those_who_took_part_stand_in_danish_order(owner):
    place = WorkplaceFactory(owner=owner)
    contact = InteractionFactory(workplace=place, on=date(2026, 11, 3))
    contact.staff.set(UserFactory(first_name=name, last_name="Holm") for name in ("Åse", "Ærø", "Øre", "bo"))
    contact.persons.set(PersonFactory(company=place.company, name=name) for name in ("Ågot", "Ærlig", "Østen", "anna"))

    (told,) = log_of(place, None).past

    assert [one.first_name for one in told.ours] == ["bo", "Ærø", "Øre", "Åse"]
    assert told.theirs == ["anna", "Ærlig", "Østen", "Ågot"]


def test_a_long_past_is_cut_and_says_so(owner):
    workplace = WorkplaceFactory()
    for day in range(1, 23):
        InteractionFactory(workplace=workplace, on=date(2026, 10, day), created_by=owner)

    shown, is_more = past(workplace, user=owner)
    everything, more_still = past(workplace, everything=True, user=owner)

    assert (len(shown), is_more) == (20, True)
    assert (len(everything), more_still) == (22, False)


def test_the_last_contact_may_have_been_at_another_workplace_of_the_company(client_for, owner, colleague):
    company = CompanyFactory()
    here, there = WorkplaceFactory(company=company), WorkplaceFactory(company=company, name="The warehouse")
    InteractionFactory(workplace=there, created_by=colleague)

    answer = card(client_for(owner), here)

    assert answer.context["last"].workplace == there
    assert "The warehouse" in answer.text
    assert "Carl Colleague" in answer.text


def test_warnings_are_sentences(owner):
    workplace = WorkplaceFactory(
        do_not_contact=True, do_not_contact_why="Busy until spring", labour_conflict=True, advertising_protected=True
    )
    workplace.company.agreed_centrally, workplace.company.central_owner = True, owner

    said = " ".join(str(sentence) for _, sentence in warnings(workplace))

    assert "Busy until spring" in said
    assert "labour conflict" in said
    assert "Talk to Olga Owner first" in said
    assert "Advertising-protected" in said
    assert warnings(WorkplaceFactory()) == []


def test_a_ceased_workplace_says_so_and_has_no_log_button(client_for, owner):
    answer = card(client_for(owner), WorkplaceFactory(ceased_on=date(2026, 11, 1)))

    assert "ceased on 1" in answer.text
    assert 'data-key="l"' not in answer.text


def test_a_workplace_nobody_has_met_shows_the_guideline(client_for, owner):
    from companies.models import TierPlan

    TierPlan.objects.update_or_create(
        tier=1,
        defaults={
            "aim_da": "x",
            "channel": "visit",
            "whom_da": "x",
            "guideline_da": "x",
            "guideline_en": "Say who you are.",
        },
    )

    answer = card(client_for(owner), WorkplaceFactory(tier=1))

    assert "Say who you are." in answer.text


def test_only_those_who_may_log_see_the_button(client_for, person_in):
    answer = card(client_for(person_in("Case worker")), WorkplaceFactory())

    assert reverse("contacts:log") not in answer.text


def test_somebody_of_the_whole_company_is_shown_at_each_of_its_workplaces(client_for, owner):
    workplace = WorkplaceFactory()
    PersonFactory(company=workplace.company, workplace=None, name="Birgit for all")
    PersonFactory(workplace=workplace, name="Gone Long Ago", left_on=date(2026, 1, 1))

    answer = card(client_for(owner), workplace)

    assert "Birgit for all" in answer.text
    assert "Gone Long Ago" not in answer.text


def test_what_people_typed_is_never_markup(client_for, owner):
    workplace = WorkplaceFactory(name="<script>alert(1)</script>")
    InteractionFactory(workplace=workplace, note="<b>bold</b>", created_by=owner)

    answer = card(client_for(owner), workplace)

    assert "<script>alert" not in answer.text
    assert "<b>bold" not in answer.text


@pytest.mark.parametrize("rows", [1, 12])
def test_the_card_asks_the_same_questions_however_much_has_happened(
    client_for, each_role, owner, rows, django_assert_max_num_queries
):
    workplace = WorkplaceFactory(owner=owner, tier=1)
    agreement = active_agreement(owner=owner, workplace=workplace, company=workplace.company)
    for _number in range(rows):
        contact = InteractionFactory(workplace=workplace, created_by=owner)
        contact.persons.add(PersonFactory(workplace=workplace))
        contact.staff.add(owner)
        contact.amendments.create(text="They called back.", by=owner, at=datetime(2026, 11, 20, tzinfo=UTC))
        FollowUpFactory(workplace=workplace, owner=owner)
        WorkplaceFactory(company=workplace.company)
        RegisterChangeFactory(workplace=workplace)
        RegisterChangeFactory(workplace=workplace).see(by=owner)
        ContactPlanTargetFactory(workplace=workplace, plan__state="running")
        JobOrderFactory(workplace=workplace)
        slot = SlotFactory(workplace=workplace, agreement=agreement)
        ReservationFactory(slot=slot)
        StayFactory(placement=EffectFactory(placement__slot=slot).placement)
    client = client_for(each_role)

    with django_assert_max_num_queries(19):
        card(client, workplace)


@pytest.mark.parametrize("rows", [0, 12])
def test_what_is_told_of_the_place_itself_takes_as_many_statements_however_much_there_is(
    client_for, each_role, rows, django_assert_max_num_queries
):
    workplace = WorkplaceFactory()
    for number in range(rows):
        WorkplaceFactory(company=workplace.company)
        SlotFactory(workplace=workplace)
        OtherJobCentreFactory(workplace=workplace, municipality=MunicipalityFactory(code=f"02{number + 10}"))
    client = client_for(each_role)

    with django_assert_max_num_queries(15):
        client.get(reverse("desk:about", args=[workplace.pk]))


def test_the_card_brings_what_is_told_of_the_place_itself_when_it_is_scrolled_to(client_for, owner):
    workplace = WorkplaceFactory()
    address, client = reverse("desk:about", args=[workplace.pk]), client_for(owner)

    whole, part = client.get(address), client.get(address, headers={"HX-Request": "true"})

    assert f'hx-get="{address}" hx-trigger="revealed"' in card(client, workplace).text
    assert workplace.company.cvr_number in part.text
    assert "<html" not in part.text
    # Without JavaScript the same is a page that leads back.
    assert f'href="{address}"' in card(client, workplace).text
    assert workplace.company.cvr_number in whole.text
    assert f'href="{workplace.get_absolute_url()}"' in whole.text


def test_each_reads_on_the_timeline_of_a_place_what_happened_there_and_what_they_may(client_for, person_in, owner):
    here, there = SlotFactory(tasks="In the kitchen"), SlotFactory(tasks="In the store")
    PlacementFactory(slot=here)
    active_agreement(owner=owner, workplace=here.workplace, company=here.workplace.company)

    told = {
        (role, slot): [entry.what.words for entry in card(client_for(person), slot.workplace).context["past"]]
        for role, person in (("consultant", owner), ("steward", person_in("Data steward")))
        for slot in (here, there)
    }

    assert "Placement started" in told["consultant", here]
    assert "Placement started" not in told["steward", here]
    assert "Partnership" in told["steward", here]
    assert told["consultant", there] == told["steward", there] == ["Slot opened"]


@pytest.mark.parametrize("query", ["?show=nothing", "?all=1&show=changes", "?show=contacts&all="])
def test_whatever_the_url_says_the_card_opens(client_for, owner, query):
    assert card(client_for(owner), WorkplaceFactory(), query).status_code == 200


# --- What the register has told --------------------------------------------------------------


def test_what_nobody_has_seen_stands_above_the_timeline_until_somebody_has(client_for, owner, colleague):
    workplace = WorkplaceFactory()
    change = RegisterChangeFactory(workplace=workplace)
    client, button = client_for(owner), reverse("companies:change_seen", args=[change.pk])

    before = card(client, workplace)
    change.see(by=colleague)
    after = card(client, workplace)

    assert button in before.text
    assert "from 12 to 40 employees." in before.text
    assert button not in after.text
    assert "Seen by Carl Colleague" in after.text


def test_old_news_is_only_on_the_timeline(client_for, owner):
    workplace = WorkplaceFactory()
    RegisterChangeFactory(workplace=workplace, at=datetime(2026, 8, 1, tzinfo=UTC))

    answer = card(client_for(owner), workplace)

    assert answer.context["news"].unseen == []
    assert "Employees: from 12 to 40" in answer.text


def test_a_case_worker_reads_the_news_and_has_no_button(client_for, person_in):
    change = RegisterChangeFactory()

    answer = card(client_for(person_in("Case worker")), change.workplace)

    assert "from 12 to 40 employees." in answer.text
    assert reverse("companies:change_seen", args=[change.pk]) not in answer.text


def test_a_correction_by_hand_is_told_with_the_name_of_who_made_it(client_for, owner, colleague):
    change = RegisterChangeFactory(
        register_import=None, by=colleague, before={"phone": None}, after={"phone": "10203040"}
    )

    answer = card(client_for(owner), change.workplace)

    assert "Facts corrected</strong> by Carl Colleague" in answer.text


@pytest.fixture
def ceased(owner):
    workplace = WorkplaceFactory(owner=owner, ceased_on=date(2026, 11, 1))
    return RegisterChangeFactory(workplace=workplace, ended=True).workplace


def test_a_ceased_workplace_asks_what_is_to_happen_to_what_is_open(client_for, owner, ceased):
    FollowUpFactory.create_batch(2, workplace=ceased, owner=owner)
    InteractionFactory(workplace=ceased, state="planned", created_by=owner)
    client = client_for(owner)

    answer = card(client, ceased)

    assert "2 follow-ups and 1 planned contact are still open." in " ".join(answer.text.split())
    assert reverse("contacts:close", args=[ceased.pk]) in answer.text
    assert "Keep them" in answer.text

    client.post(reverse("companies:change_seen", args=[answer.context["news"].closing.pk]))

    again = card(client, ceased)
    assert again.context["news"].closing is None
    assert "Keep them" not in again.text
    assert ceased.follow_ups.open().count() == 2


def test_it_asks_however_long_ago_it_closed(ceased, owner):
    FollowUpFactory(workplace=ceased, owner=owner)
    later = datetime(2027, 11, 24, tzinfo=UTC)

    found = news(ceased, later)

    assert found.closing is not None
    assert (found.promised, found.planned, found.unseen) == (1, 0, [])


def test_where_nothing_is_open_or_it_lives_again_nothing_is_asked(ceased, owner):
    assert news(ceased, datetime(2026, 11, 24, 9, tzinfo=UTC)).closing is None

    FollowUpFactory(workplace=ceased, owner=owner)
    ceased.ceased_on = None

    found = news(ceased, datetime(2026, 11, 24, 9, tzinfo=UTC))
    assert found.closing is None
    assert [change.closed for change in found.unseen] == [True]


def test_a_case_worker_reads_the_question_and_can_not_answer_it(client_for, person_in, owner, ceased):
    FollowUpFactory(workplace=ceased, owner=owner)

    answer = card(client_for(person_in("Case worker")), ceased)

    assert "1 follow-up is still open." in " ".join(answer.text.split())
    assert "Keep them" not in answer.text
    assert reverse("contacts:close", args=[ceased.pk]) not in answer.text


def test_what_somebody_has_corrected_is_news_to_others_and_not_to_them(client_for, owner, colleague):
    change = RegisterChangeFactory(
        register_import=None, by=colleague, renamed=True, before={"name": "Old"}, after={"name": "New"}
    )

    assert "new name: New" in card(client_for(owner), change.workplace).text
    assert "new name: New" not in card(client_for(colleague), change.workplace).text
