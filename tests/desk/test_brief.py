"""The brief before a visit: one page with who they are to us, and what to ask for now."""

from datetime import date, time, timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from companies.models import TierPlan
from contacts.models import Amendment, BarrierAnswer, ColleagueRole
from jobcenter_crm.staff.models import Organisation
from placements import debt
from placements.models import Slot
from tests.factories import (
    CompanyFactory,
    EffectFactory,
    FollowUpFactory,
    InteractionFactory,
    OtherJobCentreFactory,
    PersonFactory,
    PlacementFactory,
    SlotFactory,
    StayFactory,
    WorkplaceFactory,
    WorkplaceFigureFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def asked(client, workplace, query="?lang=en"):
    return client.get(reverse("desk:brief", args=[workplace.pk]) + query)


def text_of(answer):
    """The words of the one page, on one line."""
    [page] = PdfReader(BytesIO(answer.getvalue())).pages
    return " ".join(page.extract_text().split())


def test_it_is_a_pdf_that_no_cache_keeps(client_for, owner):
    answer = asked(client_for(owner), WorkplaceFactory(name="Ærø Bådværft"))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == "inline; filename*=utf-8''Brief%20%C3%86r%C3%B8%20B%C3%A5dv%C3%A6rft.pdf"
    answer.close()


def test_it_says_who_and_where_they_are(client_for, owner):
    Organisation(name="Jobcenter Ærø").save()
    place = WorkplaceFactory(
        company__name="Bødker Holding",
        name="Bødker & Væver",
        street="Ålborggade 4",
        phone="24601122",
        employees_min=12,
        employees_max=12,
    )
    figure = WorkplaceFigureFactory(workplace=place)

    text = text_of(asked(client_for(owner), place))

    for words in (
        "Jobcenter Ærø", "Bødker & Væver", "Bødker Holding", "Ålborggade 4", "24 60 11 22",
        place.company.cvr_number, place.p_number, "Employees: 12", figure.figure.name,
    ):  # fmt: skip
        assert words in text


def test_what_is_planned_next_comes_first_with_its_purpose(client_for, owner, colleague):
    place = WorkplaceFactory()
    karl = PersonFactory(workplace=place, name="Karl Bødker", phone="24601122")
    PersonFactory(workplace=place, name="Anna Riis")
    facts = {"workplace": place, "state": "planned", "channel": "visit"}
    InteractionFactory(**facts, on=date(2026, 11, 25), purpose="Say hello", created_by=colleague)
    mine = InteractionFactory(
        **facts, on=date(2026, 11, 26), at=time(9, 30), purpose="Agree two places", created_by=owner
    )
    mine.persons.add(karl)

    text = text_of(asked(client_for(owner), place))

    assert "Thursday 26 Nov. at 9:30 Visit, Olga Owner with Karl Bødker" in text
    assert "Purpose: Agree two places" in text
    assert "Say hello" not in text
    assert text.index("Karl Bødker, other 24 60 11 22") < text.index("Anna Riis")


def test_what_a_colleague_has_planned_is_told_where_there_is_nothing_of_ones_own(client_for, owner, colleague):
    place = WorkplaceFactory()
    InteractionFactory(
        workplace=place, state="planned", on=date(2026, 11, 25), purpose="Say hello", created_by=colleague
    )

    assert "Say hello" in text_of(asked(client_for(owner), place))
    assert "No contact is planned." in text_of(asked(client_for(owner), WorkplaceFactory()))


def test_it_says_what_to_ask_for_now_and_how(client_for, owner):
    plan = TierPlan.objects.get(tier=2)
    place = WorkplaceFactory(tier=2)

    text = text_of(asked(client_for(owner), place))

    assert plan.proposal_en in text
    assert " ".join(plan.aim_en.split()) in text
    assert "How to go about it" in text


def test_what_we_owe_them_is_told_with_what_is_late(client_for, owner):
    place = WorkplaceFactory()
    FollowUpFactory(workplace=place, owner=owner, title="Send the papers", due_on=date(2026, 11, 19))

    text = text_of(asked(client_for(owner), place))

    assert "5 days over Send the papers Olga Owner" in text


def test_the_last_contacts_say_when_how_who_with_whom_and_what_came_of_it(client_for, owner, colleague):
    place = WorkplaceFactory()
    anna = PersonFactory(workplace=place, name="Anna Riis")
    contact = InteractionFactory(
        workplace=place, on=date(2026, 11, 17), channel="phone", outcome="not_now", barrier="no_tasks",
        note="Nothing before the new year.", created_by=colleague,
    )  # fmt: skip
    contact.persons.add(anna)
    Amendment.objects.create(interaction=contact, text="She called again.", by=owner, at=timezone.now())

    text = text_of(asked(client_for(owner), place))

    assert (
        "17 Nov., call. Not now (no tasks). Nothing before the new year. She called again"
        " Carl Colleague with Anna Riis" in text
    )


def test_a_barrier_met_here_comes_with_its_answer(client_for, owner):
    place = WorkplaceFactory()
    InteractionFactory(workplace=place, outcome="no", barrier="rules", created_by=owner)
    InteractionFactory(workplace=place, outcome="no", barrier="rules", created_by=owner)

    text = text_of(asked(client_for(owner), place))

    assert text.count("»Rules and paper«") == 1
    assert " ".join(BarrierAnswer.objects.get(barrier="rules").answer_en.split())[:60] in text


def test_warnings_stand_above_everything(client_for, owner):
    place = WorkplaceFactory(do_not_contact=True, do_not_contact_why="Busy until spring", ceased_on=date(2026, 11, 1))

    text = text_of(asked(client_for(owner), place))

    assert "The workplace ceased on 1 November 2026." in text
    assert text.index("Busy until spring") < text.index("Last contacts")


def test_our_own_people_and_other_places_are_told(client_for, owner, colleague):
    company = CompanyFactory()
    place = WorkplaceFactory(company=company, owner=owner)
    WorkplaceFactory(company=company, name="The warehouse", tier=3)
    ColleagueRole.objects.create(workplace=place, colleague=colleague, role="about", about="sick leave")
    other = OtherJobCentreFactory(workplace=place, name="Ida")

    text = text_of(asked(client_for(owner), place))

    for words in (
        "Olga Owner, responsible",
        "Carl Colleague, sick leave",
        "The warehouse",
        "group 3",
        str(other.municipality),
        "Ida",
    ):
        assert words in text


def test_it_is_in_the_readers_language_or_the_one_asked_for(client_for, owner):
    owner.language = "en"
    owner.save()
    place = WorkplaceFactory(tier=2)
    plan = TierPlan.objects.get(tier=2)

    own, danish, nonsense = (text_of(asked(client_for(owner), place, query)) for query in ("", "?lang=da", "?lang=tlh"))

    assert plan.proposal_en in own
    assert plan.proposal_da in danish
    assert plan.proposal_en in nonsense


def test_whoever_may_not_see_people_or_contacts_does_not_read_of_them_here(client_for, stranger):
    stranger.user_permissions.set(Permission.objects.filter(codename="view_workplace"))
    place = WorkplaceFactory(name="Bødker")
    PersonFactory(workplace=place, name="Karl Hemmelig")
    OtherJobCentreFactory(workplace=place, name="Ida Hemmelig")
    FollowUpFactory(workplace=place, title="Hemmelig opgave")
    InteractionFactory(workplace=place, note="Hemmelig note", outcome="no", barrier="rules")
    InteractionFactory(workplace=place, state="planned", purpose="Hemmeligt formål", on=date(2026, 11, 26))
    PlacementFactory(slot__workplace=place, slot__tasks="Hemmelig plads", slot__confirmed_on=date(2026, 9, 1))

    text = text_of(asked(client_for(stranger), place))

    assert "Bødker" in text
    assert "Hemmelig" not in text
    assert "there now" not in text


def test_whoever_has_left_is_not_among_the_people(client_for, owner):
    place = WorkplaceFactory()
    PersonFactory(workplace=place, name="Gone Gunnar", left_on=date(2026, 1, 1))

    assert "Gone Gunnar" not in text_of(asked(client_for(owner), place))


def test_the_brief_of_one_that_was_merged_leads_to_the_one_that_was_kept(client_for, owner):
    kept = WorkplaceFactory()
    merged = WorkplaceFactory(company=kept.company, merged_into=kept)

    answer = asked(client_for(owner), merged, "")

    assert answer.status_code == 302
    assert answer.url == reverse("desk:brief", args=[kept.pk])


def test_free_places_and_who_is_there_now_are_told_without_whose_they_are(client_for, owner):
    place = WorkplaceFactory()
    slot = SlotFactory(workplace=place, places=3, tasks="Kitchen")
    for day in (date(2026, 12, 4), date(2026, 12, 31)):
        PlacementFactory(slot=slot, planned_end=day, case_reference=f"26/{day:%d%m}")
    PlacementFactory(slot__workplace=place, slot__measure_id="flex_job", slot__places=1, planned_end=date(2026, 11, 20))
    PlacementFactory(slot=slot, ended_on=date(2026, 11, 1), end_reason="job")
    SlotFactory(workplace=place, state="paused", tasks="Garden")

    text = text_of(asked(client_for(owner), place))

    assert "1 of 3 free. work placement: Kitchen" in text
    assert "2 there now. work placement, until 4 Dec., 31 Dec." in text
    assert "1 there now. flex job, until 20 Nov." in text
    assert "Garden" not in text
    assert "26/" not in text


def test_whoever_stays_elsewhere_in_a_centre_is_told_there(client_for, owner):
    place, other = WorkplaceFactory(), WorkplaceFactory()
    placement = PlacementFactory(slot__workplace=place)
    StayFactory(placement=placement, workplace=other, starts_on=date(2026, 11, 2))

    assert "there now" in text_of(asked(client_for(owner), other))
    assert "there now" not in text_of(asked(client_for(owner), place))


def test_places_that_nobody_has_heard_of_are_asked_for_also_without_a_group(client_for, owner):
    place = WorkplaceFactory(tier=None)
    SlotFactory(workplace=place, confirmed_on=date(2026, 9, 1), tasks="Kitchen")
    SlotFactory(workplace=place, confirmed_on=date(2026, 11, 1), tasks="Garden")

    text = text_of(asked(client_for(owner), place))

    assert "Ask for now Still open? 2 places, work placement: Kitchen. last heard 1 Sep" in text
    assert text.count("Still open?") == 1


@pytest.mark.parametrize(("known", "is_told"), [(4, False), (5, True)])
def test_what_came_of_placements_is_told_of_five_and_more(client_for, owner, known, is_told):
    place = WorkplaceFactory()
    slot = SlotFactory(workplace=WorkplaceFactory(company=place.company), places=9)
    for number in range(known):
        EffectFactory(placement__slot=slot, outcome="job" if number else "education")
    EffectFactory(placement__slot=slot, outcome="unknown")

    text = text_of(asked(client_for(owner), place))

    assert ("What came of placements" in text) is is_told
    assert ("80 % ordinary job 20 % education Known of 5" in text) is is_told


def test_what_we_owe_them_for_an_empty_place_is_among_the_promises(client_for, owner):
    owner.language = "en"
    owner.save()
    slot = SlotFactory(owner=owner)
    Slot.objects.update(created_at=timezone.now() - timedelta(days=60))
    debt.plan(date(2026, 11, 24))

    assert "We owe them a candidate or a call" in text_of(asked(client_for(owner), slot.workplace))


def many(owner, n):
    company = CompanyFactory()
    place = WorkplaceFactory(company=company, owner=owner, tier=1, tier_since=date(2026, 1, 1), name="Bødker " * 30)
    for at in range(n):
        WorkplaceFactory(company=company, owner=owner, name=f"Lager {at}")
        person = PersonFactory(workplace=place, name="Navn " * 25, remark="word " * 29, phone="24601122")
        ColleagueRole.objects.create(workplace=place, colleague=owner, role="about", about=f"emne {at}")
        OtherJobCentreFactory(workplace=place, remark="word " * 29)
        FollowUpFactory(workplace=place, owner=owner, title="opgave " * 27, person=person)
        held = InteractionFactory(
            workplace=place, note="ord " * 3000, outcome="no", barrier="rules", created_by=owner, on=date(2026, 11, 1)
        )
        held.persons.add(person)
        planned = InteractionFactory(
            workplace=place, state="planned", on=date(2026, 12, 1), purpose="formål " * 28, created_by=owner
        )
        planned.persons.add(person)
        slot = SlotFactory(workplace=place, tasks="opgave " * 40, confirmed_on=date(2026, 9, 1))
        PlacementFactory(slot=slot)
        EffectFactory(placement__slot=slot)
    return place


def test_it_is_one_page_however_much_there_is_to_say(client_for, owner):
    place = many(owner, 30)

    text = text_of(asked(client_for(owner), place))

    assert "more" in text
    assert "Promised and open" in text


@pytest.mark.parametrize("n", [1, 15])
def test_it_asks_the_same_questions_however_much_there_is(client_for, owner, n, django_assert_num_queries):
    place = many(owner, n)
    client = client_for(owner)

    with django_assert_num_queries(QUERIES):
        asked(client, place).close()


# Who reads, what they may, the organisation and the workplace, and one question for each part; names come with two more.
QUERIES = 25


def test_the_card_leads_to_it(client_for, owner):
    place = WorkplaceFactory()

    assert reverse("desk:brief", args=[place.pk]) in client_for(owner).get(place.get_absolute_url()).text


@pytest.mark.parametrize(("channel", "is_there"), [("visit", True), ("meeting", True), ("phone", False)])
def test_my_day_leads_to_it_from_visits_and_meetings(client_for, owner, channel, is_there):
    place = WorkplaceFactory()
    InteractionFactory(workplace=place, state="planned", on=date(2026, 11, 24), channel=channel, created_by=owner)

    assert (reverse("desk:brief", args=[place.pk]) in client_for(owner).get("/").text) is is_there
