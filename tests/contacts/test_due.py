"""Due for contact: whose, in which order, how far, and what each row tells."""

from datetime import date, time

import pytest
from django.urls import reverse

from companies.models import Postcode, TierPlan, Workplace
from contacts import due
from jobcenter_crm.desk.my_day import my_day
from tests.factories import InteractionFactory, PersonFactory, TeamFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
LONG_AGO = date(2025, 1, 1)
URL = "/due/"


def waiting(**facts):
    """A workplace that has waited far too long."""
    return WorkplaceFactory(**{"tier": 1, "last_contact_on": LONG_AGO} | facts)


@pytest.fixture
def page(client_for, owner):
    """The page as the owner sees it, for what the address says."""
    client = client_for(owner)
    return lambda **asked: client.get(URL, asked)


def shown(answer):
    return list(answer.context["workplaces"])


# --- Whose, and in which order -----------------------------------------------------------------


def test_mine_stand_group_by_group_and_the_longest_over_first(page, owner):
    third = waiting(owner=owner, tier=3, last_contact_on=date(2020, 1, 1))
    second = waiting(owner=owner, tier=2, last_contact_on=date(2024, 1, 1))
    late = waiting(owner=owner, last_contact_on=date(2026, 6, 1))
    later = waiting(owner=owner, last_contact_on=date(2026, 5, 1))
    never = waiting(owner=owner, last_contact_on=None, tier_since=date(2026, 5, 15))

    assert shown(page()) == [later, never, late, second, third]


def test_nobody_is_there_who_is_not_due_wants_no_contact_or_has_a_next_step(page, owner, colleague):
    waiting(owner=owner, last_contact_on=date(2026, 11, 1))
    waiting(owner=owner, tier=4)
    waiting(owner=owner, tier=None)
    waiting(owner=owner, do_not_contact=True)
    waiting(owner=owner, ceased_on=date(2026, 11, 1))
    waiting(owner=owner, next_contact_on=date(2026, 12, 1))
    waiting(owner=owner, next_contact_on=date(2026, 11, 1))
    waiting(owner=colleague)

    answer = page()

    assert shown(answer) == []
    assert "None of your workplaces is due for contact." in answer.text


def test_one_chooses_whose(page, owner, colleague):
    colleague.team = TeamFactory(name="Team South")
    colleague.save()
    mine, theirs, free = waiting(owner=owner), waiting(owner=colleague), waiting()

    assert shown(page()) == [mine]
    assert shown(page(whose="")) == [mine]
    assert shown(page(whose="nobody")) == [free]
    assert shown(page(whose="team")) == [mine]
    assert shown(page(whose=str(colleague.pk))) == [theirs]
    assert f"Responsible: {colleague}" in page(whose=str(colleague.pk)).text


def test_my_day_counts_what_the_page_lists_and_leads_there(page, client_for, owner):
    for tier in (1, 2, 3):
        waiting(owner=owner, tier=tier)
    waiting(owner=owner, next_contact_on=date(2026, 11, 20))
    waiting()

    assert my_day(owner, TODAY).due_count == len(shown(page())) == 3
    assert f'href="{URL}"' in client_for(owner).get(reverse("desk:home")).text


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"whose": "99999"}, "There is no such colleague here any more."),
        ({"whose": "everybody"}, "There is no such colleague here any more."),
        ({"near": "Atlantis"}, "“Atlantis” is not known."),
        ({"visit": "99"}, "That visit is no longer planned."),
        ({"visit": "x"}, "That visit is no longer planned."),
        ({"visit": "9" * 30}, "That visit is no longer planned."),
        ({"teir": "1"}, "There is no filter called “teir”."),
        ({"near": ["Køge", "Greve"]}, "“near” is asked for more than once."),
    ],
)
def test_what_cannot_be_read_lists_nothing_and_says_so(page, owner, asked, words):
    waiting(owner=owner)

    answer = page(**asked)

    assert answer.status_code == 200
    assert shown(answer) == []
    assert words in answer.text
    assert "The filter can't be read." in answer.text


def test_what_was_typed_is_kept(page):
    assert 'value="Atlantis"' in page(near="Atlantis").text


def test_who_is_in_no_team_is_not_asked_about_one(client_for, stranger, person_in):
    reader = person_in("Case worker")
    reader.team = None
    reader.save()

    assert "My team&#x27;s" not in client_for(reader).get(URL).text


# --- Nearest first -----------------------------------------------------------------------------


@pytest.fixture
def towns(db):
    """Køge, and Greve some 14 km to the north-east."""
    Postcode.objects.update_or_create(code="4600", defaults={"town": "Køge", "latitude": 55.45, "longitude": 12.18})
    Postcode.objects.update_or_create(code="2670", defaults={"town": "Greve", "latitude": 55.58, "longitude": 12.30})


def test_the_nearest_come_first_whatever_their_group(page, owner, towns):
    lost = waiting(owner=owner, postcode="", town="", tier=1)
    far = waiting(owner=owner, latitude=56.15, longitude=10.2, tier=1)
    near = waiting(owner=owner, postcode="2670", town="Greve", tier=3)
    here = waiting(owner=owner, latitude=55.451, longitude=12.181, tier=2)

    answer = page(near="køge")

    assert shown(answer) == [here, near, far, lost]
    assert [row.km_away and round(row.km_away) for row in shown(answer)] == [0, 16, 147, None]
    assert "0.1 km" in answer.text
    assert "16 km" in answer.text
    assert "position not known" in answer.text


def test_one_goes_from_a_visit_that_is_planned_for_today_or_tomorrow(page, owner, colleague, towns):
    def visit(by, day, **facts):
        return InteractionFactory(state="planned", channel="visit", created_by=by, on=day, **facts)

    today = visit(owner, TODAY, at=time(10), workplace__name="Bager", workplace__postcode="2670")
    tomorrow = visit(owner, date(2026, 11, 25), workplace__name="Smed")
    visit(owner, date(2026, 11, 27), workplace__name="Friday's")
    visit(colleague, TODAY, workplace__name="Carl's")
    visit(owner, TODAY, workplace__name="Nowhere", workplace__postcode="")
    far, near = waiting(owner=owner), waiting(owner=owner, postcode="2670")

    answer = page()
    from_there = page(visit=today.pk)

    assert [one.pk for one in answer.context["starts"]] == [today.pk, tomorrow.pk]
    assert shown(from_there) == [near, far]
    assert "Nearest to Bager first." in from_there.text


def test_a_colleagues_visit_or_one_that_is_over_is_no_place_to_start_from(page, owner, colleague, towns):
    theirs = InteractionFactory(state="planned", channel="visit", created_by=colleague, on=TODAY)
    held = InteractionFactory(channel="visit", created_by=owner, on=TODAY)

    for contact in (theirs, held):
        assert "That visit is no longer planned." in page(visit=contact.pk).text


def test_where_nobody_knows_the_way_the_visit_says_so(page, owner):
    nowhere = InteractionFactory(
        state="planned", channel="visit", created_by=owner, on=TODAY, workplace__postcode="", workplace__name="Nowhere"
    )

    assert "Nobody knows where Nowhere lies. Write a town." in page(visit=nowhere.pk).text


def test_a_town_that_is_typed_goes_before_the_visit(page, owner, towns):
    visit = InteractionFactory(state="planned", channel="visit", created_by=owner, on=TODAY, workplace__postcode="2670")

    assert page(visit=visit.pk, near="4600").context["start"].name == "4600 Køge"


def test_of_very_many_only_those_around_are_put_in_order(page, towns, monkeypatch):
    monkeypatch.setattr(due.DuePaginator, "counted_to", 4)
    monkeypatch.setattr(due, "PAGE", 2)
    lost, far = waiting(postcode=""), waiting(latitude=57.7, longitude=10.6)
    near = [waiting(latitude=55.45 + number / 100, longitude=12.18) for number in (3, 1, 2, 90)]

    pages = [shown(page(whose="nobody", near="4600", page=number)) for number in (1, 2, 3)]

    assert pages == [[near[1], near[2]], [near[0], near[3]], [far, lost]]


# --- A row -------------------------------------------------------------------------------------


def test_a_row_says_who_is_there_how_late_and_how_to_make_contact(page, owner):
    TierPlan.objects.filter(tier=1).update(cadence_days=90, channel="visit")
    place = waiting(
        owner=owner, name="Bageren", street="Torvet 1", phone="10332041", last_contact_on=date(2026, 8, 1),
        advertising_protected=True,
    )  # fmt: skip
    PersonFactory(workplace=place, name="Anna", role="hr")
    PersonFactory(workplace=None, company=place.company, name="Bent", role="director")
    PersonFactory(workplace=place, name="Carla")
    PersonFactory(workplace=place, name="Gone", left_on=date(2026, 1, 1))

    text = page().text

    for words in ("Bageren", "Torvet 1", 'href="tel:10332041"', "25 days over", "Last contact", "1 Aug", "Visit"):
        assert words in text
    assert "Advertising-protected" in text
    assert "Anna, personnel (HR)" in text
    assert "Carla, other +1" in text
    assert "Gone" not in text


def test_a_colleagues_plan_at_the_company_is_shown(page, owner, colleague):
    place = waiting(owner=owner)
    InteractionFactory(
        workplace=WorkplaceFactory(company=place.company, name="The other shop"), state="planned", channel="visit",
        on=date(2026, 12, 8), created_by=colleague, purpose="agree on two places",
    )  # fmt: skip
    InteractionFactory(
        workplace=WorkplaceFactory(company=place.company), state="planned", on=date(2026, 12, 9), created_by=colleague
    )
    InteractionFactory(
        workplace=WorkplaceFactory(company=place.company), state="planned", on=date(2026, 12, 1), created_by=owner
    )

    answer = page()

    assert "Carl Colleague has planned a visit on 8 December at The other shop: agree on two places" in answer.text
    assert len(shown(answer)[0].colleagues) == 1


def test_who_may_only_read_gets_no_buttons(client_for, person_in):
    waiting()

    text = client_for(person_in("Case worker")).get(URL, {"whose": "nobody"}).text

    assert "due-row" in text
    assert "Plan contacts" not in text
    assert "Take over" not in text


def test_the_list_comes_in_pages_that_keep_what_was_asked(page, towns):
    for _number in range(26):
        waiting()

    answer = page(whose="nobody", near="4600")

    assert len(shown(answer)) == 25
    assert "?whose=nobody&amp;near=4600&amp;page=2" in answer.text
    assert len(shown(page(whose="nobody", near="4600", page=2))) == 1


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("asked", [{"whose": "team"}, {"whose": "nobody", "near": "4600"}])
def test_the_page_asks_the_same_questions_however_much_waits(
    page, owner, colleague, towns, rows, asked, django_assert_num_queries
):
    for number in range(rows):
        place = waiting(owner=None if "near" in asked else owner, tier=1 + number % 3)
        PersonFactory(workplace=place)
        other = WorkplaceFactory(company=place.company)
        InteractionFactory(state="planned", workplace=other, on=TODAY, created_by=colleague)
        InteractionFactory(state="planned", channel="visit", on=TODAY, created_by=owner)

    # The frame's 5, colleagues, plans, count, rows, people, what colleagues plan with their staff, own visits; the town.
    # A page's keys come before its rows.
    with django_assert_num_queries(15 if "near" in asked else 14):
        answer = page(**asked)

    assert len(shown(answer)) == min(rows, 25)


def test_distances_are_known_for_whoever_has_a_postcode(towns):
    place = waiting(postcode="2670")

    found = Workplace.objects.annotate_position().get(pk=place.pk)

    assert (found.lies_north, found.lies_east) == (55.58, 12.30)
