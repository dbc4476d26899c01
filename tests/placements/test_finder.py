"""The finder: all that is met first, then what lacks one thing; nothing hidden without saying why."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from companies.models import Postcode, TargetGroup
from placements import finder
from placements.finder import FinderForm, Row, _best_first
from placements.models import Slot
from placements.slot_list import SlotFilter
from tests.factories import (
    PersonFactory,
    PlacementFactory,
    ReservationFactory,
    SlotFactory,
    UserFactory,
    WorkplaceFactory,
)

TODAY = date(2026, 11, 24)
db = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
pytestmark = db


def ask(query=""):
    form = FinderForm(QueryDict(query), today=TODAY)
    assert form.is_valid(), form.errors
    return finder.find(form, TODAY)


def slots(lines):
    return [line.slot for line in lines]


@pytest.fixture
def group():
    return TargetGroup.objects.first()


def test_with_nothing_asked_all_open_places_are_there():
    here = SlotFactory()
    SlotFactory(state="paused")
    SlotFactory(ends_on=date(2026, 11, 1))
    SlotFactory(workplace__ceased_on=date(2026, 11, 1))

    found = ask()

    assert slots(found.fits) == [here]
    assert (found.fits_in_all, found.nearly_in_all, found.places_free) == (1, 0, 2)


@pytest.mark.parametrize(
    ("query", "facts", "lacks"),
    [
        ("measure=flex_job", {"measure_id": "flex_job"}, "Only Work placement"),
        ("tasks=køkken, rengøring", {"tasks": "Kontorrengøring"}, "Other tasks"),
        ("hours_from=8&hours_to=15", {"hours_from": 10, "hours_to": 20}, "Hours are not agreed"),
        ("hours_from=30", {"hours_from": 37, "hours_to": 37}, "Hours are not agreed"),
    ],
)
def test_each_thing_that_is_asked_for_sorts_them(query, facts, lacks):
    fits, other = SlotFactory(**facts), SlotFactory()

    found = ask(query)

    assert slots(found.fits) == [fits]
    assert slots(found.nearly) == [other]
    assert found.nearly[0].missing == [lacks]


def test_hours_that_do_not_meet_are_told():
    SlotFactory(hours_from=30, hours_to=37)

    assert ask("hours_to=15").nearly[0].missing == ["30–37 hours a week"]


def test_target_groups_and_considerations_are_properties_of_the_place(group):
    fits, no_bus, nothing = SlotFactory(), SlotFactory(), SlotFactory()
    for slot in (fits, no_bus):
        slot.target_groups.add(group)
        slot.considerations.add("no_heavy_lifting")
    fits.considerations.add("bus")
    fits.mentor = PersonFactory(workplace=fits.workplace, name="Birgit Lauge")
    fits.save()

    found = ask(f"group={group.pk}&offers=no_heavy_lifting&offers=bus")

    assert slots(found.fits) == [fits]
    assert found.fits[0].met == [group.name, "No heavy lifting", "A bus to the door"]
    assert [(line.slot, line.missing) for line in found.nearly] == [(no_bus, ["Not promised: A bus to the door"])]
    assert found.lacking_more == 1
    assert ask("offers=fixed_mentor").fits[0].met == ["Mentor: Birgit Lauge"]
    assert nothing not in slots(ask("offers=fixed_mentor").fits)


def test_a_place_counts_as_free_from_the_day_on_which_nobody_is_there():
    now, later, taken = SlotFactory(places=1), SlotFactory(places=1), SlotFactory(places=2)
    PlacementFactory(slot=later, planned_end=date(2027, 1, 10))
    PlacementFactory(slot=taken, planned_end=date(2026, 12, 4))
    ReservationFactory(slot=taken, starts_on=TODAY, planned_end=date(2026, 12, 6))

    found = ask("by=2026-12-07")

    assert [(line.slot, line.row.free, line.row.free_on) for line in found.fits] == [
        (now, 1, TODAY), (taken, 1, date(2026, 12, 5)),
    ]  # fmt: skip
    assert [(line.slot, line.missing) for line in found.nearly] == [(later, ["First free on 11 January 2027"])]


def test_how_many_are_free_is_the_same_number_as_in_the_list_of_slots():
    """Also where somebody comes within the four weeks, has the last day today, or is to come after them."""
    rows = [SlotFactory(places=3) for _one in range(4)]
    SlotFactory(places=5, starts_on=date(2026, 12, 12))
    SlotFactory(places=7, workplace__labour_conflict=True)
    SlotFactory(places=2, workplace__do_not_contact=True)
    ReservationFactory(slot=rows[0], starts_on=date(2026, 12, 4), planned_end=date(2027, 1, 1))
    PlacementFactory(slot=rows[1], ended_on=TODAY, end_reason="job")
    PlacementFactory(slot=rows[2], starts_on=date(2027, 3, 1), planned_end=date(2027, 4, 1))
    form = SlotFilter(QueryDict(), user=UserFactory(), today=TODAY)
    assert form.is_valid()

    found = ask()

    assert form.places() == {"in_all": 26, "had": 2, "today": 12, "later": 5}
    assert found.places_free == 12
    assert {line.slot.pk: line.row.free for line in found.fits} == {
        slot.pk: slot.free for slot in Slot.objects.with_a_free_place(TODAY).filter(workplace__do_not_contact=False)
    }


def test_until_when_a_place_is_free_is_known_of_each():
    slot = SlotFactory(places=1)
    PlacementFactory(slot=slot, starts_on=date(2027, 3, 1), planned_end=date(2027, 4, 1))

    assert (ask().fits[0].row.free_on, ask().fits[0].row.free_until) == (TODAY, date(2027, 2, 28))


def test_a_few_free_days_between_two_candidates_are_no_free_place():
    slot = SlotFactory(places=1)
    PlacementFactory(slot=slot, starts_on=date(2026, 12, 1), planned_end=date(2026, 12, 31))

    assert ask().fits[0].row.free_on == date(2027, 1, 1)
    Slot.objects.update(ends_on=date(2026, 12, 31))
    assert (ask().fits, ask().never_free) == ([], 1)


def test_the_nearest_comes_first_and_the_unknown_is_said():
    Postcode.objects.update_or_create(code="4600", defaults={"town": "Køge", "latitude": 55.458, "longitude": 12.182})
    far = SlotFactory(workplace__latitude=55.5, workplace__longitude=12.3)
    near = SlotFactory(workplace__latitude=55.46, workplace__longitude=12.19)
    away = SlotFactory(workplace__latitude=57.0, workplace__longitude=10.0)
    nowhere = SlotFactory(workplace__postcode="0000", workplace__latitude=None)

    found = ask("near=4600&within=20")

    assert slots(found.fits) == [near, far]
    assert found.fits[0].met == ["0.5 km"]
    assert [(line.slot, line.missing) for line in found.nearly] == [
        (away, ["220.0 km away"]), (nowhere, ["Nobody knows where it lies"]),
    ]  # fmt: skip


def test_what_is_left_out_is_counted_and_shown_on_request():
    here = SlotFactory()
    conflict = SlotFactory(workplace__labour_conflict=True)
    left_alone = SlotFactory(workplace__do_not_contact=True)

    found = ask()

    assert slots(found.fits) == [here]
    assert [(kind.name, n, words) for kind, n, words in found.left_out] == [
        ("conflict", 1, "1 slot is left out: there is a labour conflict."),
        ("left_alone", 1, "1 slot is left out: the workplace has asked not to be contacted."),
    ]
    assert slots(ask("show=conflict").shown) == [conflict]
    assert slots(ask("show=left_alone").shown) == [left_alone]
    assert ask("show=nonsense").shown == []


def test_what_would_not_fit_anyway_is_not_counted_as_left_out():
    SlotFactory(workplace__labour_conflict=True)

    assert ask("measure=flex_job&offers=bus").left_out == []


def test_nothing_found_names_what_takes_away_most():
    for _one in range(3):
        SlotFactory(hours_from=10, hours_to=15)
    with_bus = SlotFactory()
    with_bus.considerations.add("bus")

    found = ask("offers=bus&hours_to=15")

    assert (found.fits, found.best_without, found.without) == ([], "A bus to the door", 3)
    assert ask("offers=bus&offers=quiet&measure=flex_job").removes_most == "Flex job"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("tasks=010190-1234", "tasks"),
        ("hours_from=20&hours_to=10", "hours_to"),
        ("hours_from=99", "hours_from"),
        ("within=5", "near"),
        ("near=Atlantis", "near"),
        ("by=2020-01-01", "by"),
        ("offers=nonsense", "offers"),
        ("measure=nonsense", "measure"),
        ("name=Hans", "__all__"),
        ("by=2026-12-01&by=2026-12-02", "__all__"),
    ],
)
def test_what_can_not_be_read_finds_nothing_and_says_so(client_for, owner, query, field):
    form = FinderForm(QueryDict(query), today=TODAY)
    answer = client_for(owner).get(f"/slots/find/?{query}")

    assert set(form.errors) == {field}
    assert answer.status_code == 200
    assert "The search can't be read." in answer.text


def hosting(known, employees_min, employees_max, name="A", **facts):
    """A slot with room, at a workplace with so many employees and so many placements known to us."""
    place = WorkplaceFactory(name=name, employees_min=employees_min, employees_max=employees_max)
    slot = SlotFactory(workplace=place, places=known + 1, **facts)
    for _one in range(known):
        PlacementFactory(slot=slot)
    return slot


@pytest.mark.parametrize(
    ("known", "employees", "is_doubted"),
    [
        # One for each five of the first fifty, and always one.
        (0, (1, 4), False),
        (1, (1, 4), True),
        (1, (10, 10), False),
        (2, (10, 10), True),
        # Of an interval the lower end: two are allowed for certain, three perhaps.
        (2, (10, 19), True),
        # Nobody has counted them: nothing is known, and nothing is said.
        (3, (None, None), False),
    ],
)
def test_what_may_be_over_the_ratio_is_shown_with_the_doubt(known, employees, is_doubted):
    slot = hosting(known, *employees)

    (line,) = ask().fits

    assert (line.slot, line.doubts) == (slot, ["May be over the ratio: ask VITAS"] if is_doubted else [])


def test_only_measures_that_count_are_doubted():
    slot = hosting(1, 1, 4)
    hours = SlotFactory(workplace=slot.workplace, measure_id="paid_hours")

    assert {line.slot: bool(line.doubts) for line in ask().fits} == {slot: True, hours: False}


def test_it_comes_after_its_equals_and_is_not_hidden():
    over, room = hosting(1, 1, 4, name="A first by name"), hosting(0, 1, 4, name="B")
    later = hosting(0, 1, 4, name="C", starts_on=date(2027, 1, 1))

    assert slots(ask().fits) == [room, over, later]


def test_it_is_asked_of_the_day_on_which_the_place_is_free():
    """One employee, one placement until the end of the year: the place that is free then is as good as any."""
    slot = SlotFactory(places=1, workplace__employees_min=1, workplace__employees_max=1)
    PlacementFactory(slot=slot, planned_end=date(2026, 12, 31))
    silent = SlotFactory(workplace__employees_min=1, workplace__employees_max=1)
    PlacementFactory(slot=silent, planned_end=date(2026, 11, 1))

    found = {line.slot: (line.row.free_on, bool(line.doubts)) for line in ask().fits}

    assert found == {slot: (date(2027, 1, 1), False), silent: (TODAY, True)}


row = st.builds(
    Row, pk=st.integers(1, 10**6), workplace=st.just(1), name=st.text(max_size=3), places=st.just(1),
    measure=st.just(""), tasks=st.just(""), starts_on=st.just(TODAY), ends_on=st.none(), hours_from=st.none(), hours_to=st.none(),
    mentor=st.none(), labour_conflict=st.just(False), do_not_contact=st.just(False),
    may_be_over=st.booleans(), km=st.none() | st.floats(0, 500), free_on=st.none() | st.dates(TODAY, TODAY + timedelta(days=400)),
)  # fmt: skip


@given(st.lists(row, max_size=20))
def test_whatever_the_rows_the_nearest_come_first_and_the_unknown_last(rows):
    ordered = sorted(rows, key=_best_first)

    known = [one.km is not None for one in ordered]
    assert known == sorted(known, reverse=True)
    distances = [round(one.km, 1) for one in ordered if one.km is not None]
    assert distances == sorted(distances)
    for one, other in pairwise(ordered):
        if one.km is not None and other.km is not None and round(one.km, 1) == round(other.km, 1):
            assert (one.free_on or date.max) <= (other.free_on or date.max)
            if one.free_on == other.free_on:
                assert one.may_be_over <= other.may_be_over


class TestPage:
    def test_the_page_says_why_and_leads_on(self, client_for, person_in):
        slot, other = SlotFactory(hours_from=10, hours_to=15), SlotFactory()
        slot.considerations.add("bus")
        WorkplaceFactory()

        text = client_for(person_in("Job consultant")).get("/slots/find/?offers=bus").text

        assert "1 slot fits in everything, 1 lacks one thing. 4 places are free today in all." in " ".join(text.split())
        assert f'href="/slots/{slot.pk}/reserve/?start=2026-11-24"' in text
        assert f'href="/slots/{other.pk}/reserve/' not in text
        assert "<strong>Not promised: A bus to the door</strong>" in text
        assert "The search is not saved. Write no name, CPR number or health." in text

    def test_a_day_of_another_year_says_its_year(self, client_for, owner):
        PlacementFactory(slot=SlotFactory(places=1, owner=owner), planned_end=date(2027, 1, 10))
        PlacementFactory(slot=SlotFactory(places=1, owner=owner), planned_end=date(2026, 12, 10))

        text = client_for(owner).get("/slots/find/?by=2027-02-01").text

        assert "from 11 January 2027" in text
        assert "from 11 December<" in text
        assert ask("by=2027-01-05").best_without == "Free by 5 January 2027"

    def test_nothing_found_says_without_what_there_is_something(self, client_for, owner):
        SlotFactory()

        text = client_for(owner).get("/slots/find/?offers=bus").text

        assert "Without “A bus to the door” there is 1." in text

    @pytest.mark.parametrize("n", [1, 30])
    def test_it_asks_the_same_questions_however_many_there_are(self, client_for, owner, n, django_assert_num_queries):
        for _one in range(n):
            slot = SlotFactory(owner=owner)
            slot.considerations.add("bus")
            SlotFactory(owner=owner, workplace__labour_conflict=True)
            PlacementFactory(slot=SlotFactory(owner=owner))
        url = f"/slots/find/?offers=bus&group={TargetGroup.objects.first().pk}&near=4600&show=conflict"
        client = client_for(owner)
        client.get(url)

        with django_assert_num_queries(PAGE):
            assert client.get(url).status_code == 200


# The session, the person, their permissions, the organisation; what the form offers and was asked for, the postcode;
# the slots, who is there, who counts in the ratio, their groups and considerations, and all that the lines show.
PAGE = 18
