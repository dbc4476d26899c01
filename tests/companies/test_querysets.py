"""What the job centre asks of the register."""

from datetime import date

import pytest

from companies.models import Branch, RegisterChange, Workplace
from companies.querysets import search_words
from tests.factories import CompanyFactory, RegisterChangeFactory, WorkplaceFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
CADENCES = {1: 90, 2: 120, 3: 180}


def test_quiet_since_keeps_the_silent_and_the_forgotten():
    never = WorkplaceFactory()
    forgotten = WorkplaceFactory(last_contact_on=date(2026, 1, 5))
    WorkplaceFactory(last_contact_on=date(2026, 11, 1))

    assert set(Workplace.objects.quiet_since(date(2026, 6, 1))) == {never, forgotten}


def test_due_counts_from_the_last_contact_or_from_the_day_it_came_into_the_group():
    late = WorkplaceFactory(tier=1, last_contact_on=date(2026, 8, 25))
    never = WorkplaceFactory(tier=1, tier_since=date(2026, 8, 25))
    WorkplaceFactory(tier=1, last_contact_on=date(2026, 8, 26))
    WorkplaceFactory(tier=3, last_contact_on=date(2026, 8, 25))

    assert set(Workplace.objects.due(TODAY, CADENCES)) == {late, never}


def test_in_time_is_what_the_plan_of_the_group_allows_and_twelve_months_where_it_has_no_cadence():
    on_the_day = WorkplaceFactory(tier=1, last_contact_on=date(2026, 8, 26))
    WorkplaceFactory(tier=1, last_contact_on=date(2026, 8, 25))
    letter = WorkplaceFactory(tier=4, last_contact_on=date(2025, 11, 24))
    WorkplaceFactory(tier=4, last_contact_on=date(2025, 11, 23))
    WorkplaceFactory(tier=2, last_contact_on=None)
    WorkplaceFactory(tier=None, last_contact_on=TODAY)

    assert set(Workplace.objects.in_time(TODAY, CADENCES)) == {on_the_day, letter}


def test_a_promised_next_step_replaces_the_cadence_both_ways():
    WorkplaceFactory(tier=1, last_contact_on=date(2025, 1, 1), next_contact_on=date(2026, 12, 24))
    broken = WorkplaceFactory(tier=3, last_contact_on=date(2026, 11, 1), next_contact_on=date(2026, 11, 23))

    assert list(Workplace.objects.due(TODAY, CADENCES)) == [broken]


def test_group_4_the_ungrouped_the_ceased_and_those_who_said_no_are_never_due():
    long_ago = date(2020, 1, 1)
    WorkplaceFactory(tier=4, tier_since=long_ago)
    WorkplaceFactory()
    WorkplaceFactory(tier=1, tier_since=long_ago, ceased_on=long_ago)
    WorkplaceFactory(tier=1, tier_since=long_ago, do_not_contact=True)

    assert not Workplace.objects.due(TODAY, CADENCES).exists()


@pytest.mark.parametrize(
    "typed",
    ["bådværft ærø", "aeroe baad", "ÆRØ", "10 33 20 41", "+45 10332041", "1033 2041", "99555122", "DK99555122",
     "DK 99 55 51 22", "9955000777", "havnegade 12", "Ærøskøbing"],
)  # fmt: skip
def test_search_finds_by_any_part_in_any_order_and_any_spelling(typed):
    company = CompanyFactory(name="Ærø Bådværft A/S", cvr_number="99555122")
    wanted = WorkplaceFactory(
        company=company, phone="10332041", street="Havnegade 12", town="Ærøskøbing", p_number="9955000777"
    )
    WorkplaceFactory(street="Skovvej 1", town="Rudkøbing")

    assert list(Workplace.objects.matching(typed)) == [wanted]


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "'", "\\", "🦆"])
def test_search_takes_signs_as_they_are(typed):
    WorkplaceFactory()

    assert Workplace.objects.matching(typed).count() == 1


def test_a_number_in_groups_is_one_word_and_house_numbers_stay():
    assert search_words("Tlf. +45 10 33 20 41") == ["tlf", "10332041"]
    assert search_words("Havnegade 12 4600") == ["havnegade", "12", "4600"]


def test_employing_keeps_intervals_that_may_fit_and_never_the_uncounted():
    WorkplaceFactory(name="Uncounted")
    exact = WorkplaceFactory(employees_min=12, employees_max=12)
    interval = WorkplaceFactory(employees_min=5, employees_max=9)
    large = WorkplaceFactory(employees_min=1000)

    assert set(Workplace.objects.employing(6, 12)) == {exact, interval}
    assert set(Workplace.objects.employing(least=13)) == {large}
    assert set(Workplace.objects.employing(most=9)) == {interval}
    assert Workplace.objects.employing().count() == 4


def test_a_branch_takes_all_below_it_in_its_own_scheme():
    def branch(scheme, code, level, section):
        return Branch.objects.get_or_create(
            scheme=scheme, code=code, defaults={"title": code, "level": level, "section": section}
        )[0]

    section = branch("DB25", "I", 0, "I")
    division = branch("DB25", "56", 1, "I")
    restaurant = WorkplaceFactory(branch=branch("DB25", "561110", 4, "I"))
    second = WorkplaceFactory(secondary_branch=branch("DB25", "562100", 4, "I"))
    WorkplaceFactory(branch=branch("DB07", "561010", 4, "I"))

    assert set(Workplace.objects.in_branches([division])) == {restaurant, second}
    assert set(Workplace.objects.in_branches([section])) == {restaurant, second}
    assert not Workplace.objects.in_branches([]).exists()


def test_called_finds_names_by_their_beginning_in_danish_spelling():
    wanted = WorkplaceFactory(name="Ærø Bådværft")
    WorkplaceFactory(name="Nær Ærø")

    assert list(Workplace.objects.called("ÆRØ b")) == [wanted]
    assert not Workplace.objects.called(" ").exists()


# --- What changed in the register --------------------------------------------------------------


def test_news_is_what_somebody_must_know():
    grown, ended = RegisterChangeFactory(), RegisterChangeFactory(ended=True)
    RegisterChangeFactory(before={"phone": None}, after={"phone": "10203040"})

    assert set(RegisterChange.objects.news()) == {grown, ended}
    assert set(RegisterChange.objects.of("closed")) == {ended}
    assert RegisterChange.objects.of("moved").count() == 0


def test_the_first_who_sees_a_change_stands_and_it_can_be_taken_back(owner, colleague):
    change, other = RegisterChangeFactory(), RegisterChangeFactory()

    change.see(by=owner)
    change.see(by=colleague)

    assert set(RegisterChange.objects.unseen()) == {other}
    change.refresh_from_db()
    assert change.seen_by == owner
    change.unsee()
    assert set(RegisterChange.objects.unseen()) == {change, other}


def test_what_i_have_corrected_myself_is_no_news_to_me(owner, colleague):
    mine = WorkplaceFactory(owner=owner)
    by_the_register = RegisterChangeFactory(workplace=mine)
    by_a_colleague = RegisterChangeFactory(workplace=mine, register_import=None, by=colleague)
    RegisterChangeFactory(workplace=mine, register_import=None, by=owner)
    RegisterChangeFactory(workplace=WorkplaceFactory(owner=colleague))
    RegisterChangeFactory()

    assert set(RegisterChange.objects.for_owner(owner)) == {by_the_register, by_a_colleague}


def test_changes_are_told_apart_by_whether_somebody_is_responsible(owner):
    ours, nobodys = RegisterChangeFactory(workplace__owner=owner), RegisterChangeFactory()

    assert set(RegisterChange.objects.with_owner()) == {ours}
    assert set(RegisterChange.objects.with_owner(False)) == {nobodys}


def test_each_kind_is_counted_in_one_statement(django_assert_num_queries):
    RegisterChangeFactory.create_batch(2)
    RegisterChangeFactory(ended=True)
    both = {"ceased_on": None, "name": "Bødker"}, {"ceased_on": "2026-11-01", "name": "Væver"}
    RegisterChangeFactory(before=both[0], after=both[1])

    with django_assert_num_queries(1):
        counts = RegisterChange.objects.news().count_of_each()

    assert counts == {"all": 4, "closed": 2, "reopened": 0, "moved": 0, "renamed": 1, "grown": 2, "shrunk": 0}


def test_a_row_of_the_list_is_read_in_one_statement(owner, django_assert_num_queries):
    RegisterChangeFactory(workplace__owner=owner).see(by=owner)

    with django_assert_num_queries(1):
        change = RegisterChange.objects.for_news_page().get()
        told = change.workplace.name, str(change.workplace.owner), str(change.seen_by), change.by

    assert told[1:] == ("Olga Owner", "Olga Owner", None)


def test_news_of_a_place_that_was_merged_is_nobodys(owner):
    change = RegisterChangeFactory(workplace=WorkplaceFactory(owner=owner), renamed=True)
    kept = WorkplaceFactory(company=change.workplace.company)
    Workplace.objects.filter(pk=change.workplace.pk).update(merged_into=kept)

    assert not RegisterChange.objects.for_owner(owner).exists()
    assert not RegisterChange.objects.standing().exists()
