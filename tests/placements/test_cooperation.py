"""How many employers have placements that are registered here: what is counted, once each, and the rows behind it."""

from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from companies.models import Branch, Municipality, Workplace
from jobcenter_crm.staff.models import Organisation
from placements.cooperation import INSIDE, OUTSIDE, SIZES, Rate, cooperation, rows_url
from placements.filters import EVER, NOW, YEAR, having
from placements.models import OfficialFigure
from tests.excel import table
from tests.factories import (
    CompanyFactory,
    OfficialFigureFactory,
    PlacementFactory,
    SlotFactory,
    StayFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TODAY = date(2026, 11, 24)
PAGE = "/placements/cooperation/"


@pytest.fixture(autouse=True)
def ours():
    """Our municipality is 0999; 0998 is next to it."""
    for code, name in (("0999", "Lindevig"), ("0998", "Nabo")):
        Municipality.objects.create(code=code, name=name, region="Sjælland")
    Organisation.objects.update_or_create(pk=1, defaults={"name": "Us", "municipality_code": "0999"})


def place(company=None, code="0999", employees=(5, 9), **facts):
    least, most = employees
    return WorkplaceFactory(
        company=company or CompanyFactory(), municipality_id=code, employees_min=least, employees_max=most, **facts
    )


def placed(workplace, starts_on=date(2026, 10, 1), ended_on=None):
    return PlacementFactory(
        slot=SlotFactory(workplace=workplace), starts_on=starts_on, planned_end=ended_on or date(2026, 12, 31),
        ended_on=ended_on, end_reason="as_planned" if ended_on else "",
    )  # fmt: skip


@pytest.fixture
def employers():
    """
    company  workplace  municipality  employees  placement          in the last 12 months
    A        1          ours          5-9        runs               yes
    A        2          ours          20-49      runs               yes, and A is one employer
    A        3          next to it    5-9        -                  so that A is outside, too
    B        1          ours          1          1.6.25 - 24.11.25  no: the day before a year ago
    C        1          ours          2-4        1.6.25 - 25.11.25  yes, for one day
    D        1          ours          5-9        -
    E        1          next to it    100+       runs               yes
    F        1          ours          0          runs               left out: nobody employed
    G        1          ours          unknown    runs               left out: nobody has counted
    H        1          unknown       5-9        runs               left out: in neither
    I        1          ours, ceased  5-9        runs               left out: not active
    J        1          ours          5-9        begins 1.12.26     not yet
    """
    a = CompanyFactory()
    found = {
        "A1": place(a), "A2": place(a, employees=(20, 49)), "A3": place(a, "0998"), "B1": place(employees=(1, 1)),
        "C1": place(employees=(2, 4)), "D1": place(), "E1": place(code="0998", employees=(100, None)),
        "F1": place(employees=(0, 0)), "G1": place(employees=(None, None)), "H1": place(code=None),
        "I1": place(ceased_on=date(2026, 11, 1)), "J1": place(),
    }  # fmt: skip
    for name in ("A1", "A2", "E1", "F1", "G1", "H1", "I1"):
        placed(found[name])
    placed(found["B1"], date(2025, 6, 1), date(2025, 11, 24))
    placed(found["C1"], date(2025, 6, 1), date(2025, 11, 25))
    placed(found["J1"], date(2026, 12, 1))
    return found


@pytest.mark.parametrize(
    ("period", "inside", "outside"),
    [
        # A and C of A, B, C, D, J; A1, A2 and C1 of six workplaces. E of A and E.
        ("year", Rate(2, 5, 3, 6), Rate(1, 2, 1, 2)),
        # A.
        ("now", Rate(1, 5, 2, 6), Rate(1, 2, 1, 2)),
        # A, B and C.
        ("ever", Rate(3, 5, 4, 6), Rate(1, 2, 1, 2)),
    ],
)
def test_each_company_counts_once_inside_and_once_outside(employers, period, inside, outside):
    found = cooperation(TODAY, period)

    assert (found.inside, found.outside) == (inside, outside)
    assert (found.uncounted, found.nowhere) == (2, 1)


def test_the_rate_is_told_with_one_decimal_and_of_nobody_not_at_all():
    assert (Rate(1, 3).percent, Rate(1, 3).in_words) == (Decimal("33.3"), "33.3 %")
    assert (Rate().percent, Rate().in_words) == (None, "")


def test_it_is_told_of_any_workplaces_that_are_asked_for(employers):
    some = Workplace.objects.filter(pk__in=[employers["A1"].pk, employers["D1"].pk])

    assert cooperation(TODAY, workplaces=some).inside == Rate(1, 2, 1, 2)


def test_a_stay_of_a_company_centre_is_a_placement_at_its_workplace(employers):
    StayFactory(placement=placed(employers["E1"]), workplace=employers["D1"])

    assert cooperation(TODAY).inside == Rate(3, 5, 4, 6)


@pytest.mark.parametrize(
    ("today", "there"),
    [(date(2026, 10, 10), {"A", "B"}), (date(2026, 11, 24), {"A"}), (date(2026, 12, 1), {"A", "C"})],
)
def test_a_stay_that_is_over_or_to_come_is_no_placement_today(today, there):
    """A is the centre; from there they were at B until 20 October, and will be at C from 1 December."""
    names = {place(name=name).pk: name for name in "ABC"}
    a, b, c = Workplace.objects.order_by("name")
    placement = placed(a)
    StayFactory(placement=placement, workplace=b, ends_on=date(2026, 10, 20))
    StayFactory(placement=placement, workplace=c, starts_on=date(2026, 12, 1))

    assert {names[pk] for pk in Workplace.objects.filter(having(NOW, today)).values_list("pk", flat=True)} == there
    assert cooperation(today, NOW).inside == Rate(len(there), 3, len(there), 3)


@pytest.mark.parametrize(
    ("period", "today", "there"),
    [
        (YEAR, date(2026, 11, 24), {"A", "B"}),
        # B's last day lies a year and a day back.
        (YEAR, date(2027, 10, 19), {"A", "B", "C"}),
        (YEAR, date(2027, 10, 20), {"A", "C"}),
        (EVER, date(2026, 11, 24), {"A", "B"}),
        (EVER, date(2028, 1, 1), {"A", "B", "C"}),
    ],
)
def test_a_stay_counts_on_its_own_days_and_not_on_those_of_the_placement(period, today, there):
    names = {place(name=name).pk: name for name in "ABC"}
    a, b, c = Workplace.objects.order_by("name")
    placement = placed(a)
    StayFactory(placement=placement, workplace=b, ends_on=date(2026, 10, 20))
    StayFactory(placement=placement, workplace=c, starts_on=date(2026, 12, 1))

    assert {names[pk] for pk in Workplace.objects.filter(having(period, today)).values_list("pk", flat=True)} == there


def test_by_size_a_company_stands_in_each_line_that_it_has_a_workplace_in(employers):
    lines = {line.label: (line.inside, line.outside) for line in cooperation(TODAY).by_size}

    assert list(lines) == ["1", "2–4", "5–9", "10–19", "20–49", "50–99", "100 or more"]
    assert lines["1"] == (Rate(0, 1, 0, 1), Rate())
    assert lines["2–4"] == (Rate(1, 1, 1, 1), Rate())
    # A, D and J; outside A.
    assert lines["5–9"] == (Rate(1, 3, 1, 3), Rate(0, 1, 0, 1))
    assert lines["20–49"] == (Rate(1, 1, 1, 1), Rate())
    assert lines["100 or more"] == (Rate(), Rate(1, 1, 1, 1))


def test_by_branch_it_is_told_of_sections_and_those_without_stand_last(employers):
    kitchens = Branch.objects.filter(scheme="DB25", level=4, section="I").first()
    Workplace.objects.filter(pk__in=[employers["A1"].pk, employers["A2"].pk]).update(branch=kitchens)
    # A second branch is not what it is counted by, nor what the list behind it asks for.
    Workplace.objects.exclude(branch=kitchens).update(secondary_branch=kitchens)

    lines = cooperation(TODAY).by_branch

    section = Branch.objects.get(scheme="DB25", level=0, section="I")
    assert [(line.label, line.query, line.inside) for line in lines] == [
        (section.title, {"main_branch": "DB25:I"}, Rate(1, 1, 2, 2)),
        ("No branch", None, Rate(1, 4, 1, 4)),
    ]


def test_without_a_municipality_of_ours_nothing_is_inside_or_outside():
    Organisation.objects.update(municipality_code="")

    with pytest.raises(LookupError):
        cooperation(TODAY)


@pytest.mark.parametrize("many", [1, 8])
def test_it_takes_seven_statements_however_many_there_are(many, django_assert_num_queries):
    for _one in range(many):
        placed(place(branch=Branch.objects.filter(level=4).first()))

    with django_assert_num_queries(7):
        cooperation(TODAY)


class TestPage:
    @pytest.fixture
    def client(self, client_for, owner):
        return client_for(owner)

    def rows(self, client, url):
        return client.get(url).context["paginator"].count

    @pytest.mark.parametrize("period", ["year", "now", "ever"])
    def test_the_rows_behind_each_number_are_as_many_as_it_says(self, client, employers, period):
        found = cooperation(TODAY, period)

        for area, rate in ((INSIDE, found.inside), (OUTSIDE, found.outside)):
            assert self.rows(client, rows_url(area, period)) == rate.having_workplaces
            assert self.rows(client, rows_url(area)) == rate.workplaces
        for line in found.by_size:
            assert self.rows(client, rows_url(INSIDE, period, line.query)) == line.inside.having_workplaces
            assert self.rows(client, rows_url(INSIDE, "", line.query)) == line.inside.workplaces
        assert len(found.by_size) == len(SIZES)

    def test_it_says_what_is_counted_by_our_own_name(self, client, employers):
        text = " ".join(unescape(client.get(PAGE).text).split())

        assert "<h1>Employers with placements registered here</h1>" in text
        assert "2 of 5 employers" in text
        assert "40.0 %" in text
        assert f'<a href="{rows_url(INSIDE, "year")}">3 with placements</a>' in text
        assert "2 workplaces with placements are left out" in text
        assert "Not typed yet" in text

    def test_it_is_linked_from_the_list_of_placements(self, client):
        assert f'href="{PAGE}"' in client.get("/placements/").text

    @pytest.mark.parametrize("asked", ["period=x", "nope=1", "period=now&period=ever"])
    def test_what_can_not_be_read_is_said(self, client, employers, asked):
        answer = client.get(f"{PAGE}?{asked}")

        assert answer.status_code == 200
        assert "See the last 12 months" in answer.text
        assert "of 5 employers" not in answer.text
        assert client.get(f"{PAGE}excel/?{asked}").status_code == 302

    def test_without_a_municipality_it_says_who_writes_it_and_shows_the_official_figure(self, client):
        Organisation.objects.update(municipality_code="")
        OfficialFigureFactory()

        text = client.get(PAGE).text

        assert "Nobody has written which municipality is ours" in text
        assert "24.6 %" in text
        assert client.get(f"{PAGE}excel/").status_code == 302

    def test_excel_has_both_tables(self, client, employers):
        rows = table(client.get(f"{PAGE}excel/?period=ever"))

        assert [row["Branch or employees"] for row in rows[-7:]] == [
            "1",
            "2–4",
            "5–9",
            "10–19",
            "20–49",
            "50–99",
            "100 or more",
        ]
        assert list(rows[-5].values()) == ["Employees", "5–9", 1, 3, 33.3, 0, 1, 0]

    @pytest.mark.parametrize("many", [1, 8])
    def test_it_asks_the_same_questions_however_many_there_are(self, client, many, django_assert_num_queries):
        for _one in range(many):
            placed(place())
        for number in range(many):
            OfficialFigureFactory(period=str(number))
        client.get(PAGE)

        # The session, the person, their permissions, what waits; the organisation twice, the rates and what is left out,
        # the names of branches, the official figures.
        with django_assert_num_queries(14):
            client.get(PAGE)


class TestOfficialFigure:
    FACTS = {"percent": "24,6", "period": "2025", "source": "jobindsats.dk, own", "read_on": "2026-11-02"}

    @pytest.fixture
    def client(self, client_for, person_in):
        return client_for(person_in("Manager"))

    def test_a_manager_types_it_with_source_and_date(self, client):
        answer = client.post(reverse("placements:add_official_figure"), self.FACTS)

        kept = OfficialFigure.objects.get()
        assert answer.url == PAGE
        assert (kept.percent, kept.period, kept.read_on) == (Decimal("24.6"), "2025", date(2026, 11, 2))
        assert kept.history.get().history_user == kept.by
        text = " ".join(client.get(PAGE).text.split())
        assert "24.6 %" in text
        assert "jobindsats.dk, own, read on 2 November 2026" in text

    def test_it_is_put_right_and_what_it_was_is_told(self, client):
        figure = OfficialFigureFactory()
        url = reverse("placements:change_official_figure", args=[figure.pk])

        client.post(url, self.FACTS | {"percent": "25.1"})

        figure.refresh_from_db()
        assert figure.percent == Decimal("25.1")
        text = client.get(url).text
        assert "What it was before" in text
        assert "24.6 %" in text

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"percent": "101"}, "percent"),
            ({"percent": "-1"}, "percent"),
            ({"percent": "a quarter"}, "percent"),
            ({"period": ""}, "period"),
            ({"period": "x" * 41}, "period"),
            ({"source": "\0"}, "source"),
            ({"source": "Ask 010190-1234"}, "source"),
            ({"read_on": "2026-11-25"}, "read_on"),
            ({"read_on": "2019-01-01"}, "read_on"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(self, client, wrong, field):
        answer = client.post(reverse("placements:add_official_figure"), self.FACTS | wrong)

        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {field}
        assert not OfficialFigure.objects.exists()

    def test_a_second_one_of_the_period_and_source_is_refused(self, client):
        OfficialFigureFactory(period="2025", source="jobindsats.dk, own")
        other = OfficialFigureFactory(period="2024", source="jobindsats.dk, own")

        for url in (
            reverse("placements:add_official_figure"),
            reverse("placements:change_official_figure", args=[other.pk]),
        ):
            answer = client.post(url, self.FACTS)
            assert answer.status_code == 422
            assert "already. Change that one." in answer.text
        assert OfficialFigure.objects.count() == 2
