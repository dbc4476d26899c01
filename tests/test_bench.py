"""What is measured is true: the invented municipality is one that the product could have come to have."""

from datetime import date

import pytest
from django.db.models import Count, F

from bench import __main__ as bench
from bench import city, every_page, pages
from bench.visitor import Answer
from companies.models import Workplace
from contacts.actions import refresh_contact_dates
from contacts.models import ContactPlanTarget, FollowUp, Interaction, Person
from jobcenter_crm.staff.models import User
from partnerships.models import Agreement
from placements import occupancy
from placements.models import Placement, Slot
from placements.occupancy import Span, most

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
ROWS = 600


@pytest.fixture
def municipality(today):
    city.build(ROWS, TODAY)


def test_an_invented_municipality_has_all_in_proportion(municipality):
    assert Workplace.objects.count() == ROWS
    assert User.objects.count() == 200
    assert 2 < Interaction.objects.count() / ROWS < 5
    assert 0.2 < FollowUp.objects.count() / ROWS < 0.5
    assert 0.2 < Person.objects.count() / ROWS < 0.7
    assert Agreement.objects.count() == ROWS // 100
    assert Slot.objects.count() == ROWS // 25
    assert 0.1 < Placement.objects.count() / ROWS < 0.8
    assert ContactPlanTarget.objects.exists()


def test_its_rows_say_what_the_contact_log_says(municipality):
    dates = Workplace.objects.order_by("pk").values_list("pk", "last_contact_on", "next_contact_on")
    before = list(dates)

    refresh_contact_dates(Workplace.objects.all())

    assert list(dates) == before


def test_no_slot_of_it_holds_more_than_its_places(municipality):
    slots = list(Slot.objects.all())
    for slot in slots:
        spans = occupancy.taken_of_each([slot])[slot.pk]
        assert not spans or most(spans, Span(min(span.first for span in spans), date.max)) <= slot.places


def test_each_of_its_contacts_is_somebodys_and_none_is_of_a_workplace_without_a_group(municipality):
    assert not Interaction.objects.annotate(ours=Count("staff")).filter(ours=0).exists()
    assert not Interaction.objects.filter(workplace__tier=None).exists()
    assert not Interaction.objects.held().exclude(on=F("logged_at__date")).exists()


def measured(floor, page, p95=None, statements=10):
    told = {"median_ms": page, "p95_ms": p95 or page, "statements": statements, "bytes": 1000}
    return {
        "pages": {"floor": told | {"median_ms": floor}, "card": told, "suggestions": told},
        "a_second": {"floor": 100, "register": 60},
        "memory_mb": {"processes": 200, "all": 250},
    }


def test_an_aim_that_is_met_is_not_complained_of():
    assert list(pages.missed(measured(8, 24))) == []


@pytest.mark.parametrize(
    ("told", "aims"),
    [
        (measured(5, 25), ["suggestions: at most 3 times"]),
        (measured(4, 24), ["card: at most 5 times", "suggestions"]),
        (measured(20, 46), ["card: at most 5 times the floor and 25 ms over it"]),
        (measured(8, 10, p95=21), ["card: p95", "suggestions: p95"]),
        (measured(8, 10, statements=21), ["card: at most 20 statements", "suggestions: at most 20"]),
    ],
)
def test_an_aim_that_is_missed_is_told(told, aims):
    found = list(pages.missed(told))

    assert len(found) == len(aims)
    assert all(line.startswith(aim) for line, aim in zip(found, aims, strict=True))


def test_growth_is_told_in_shares_of_the_floor():
    small = measured(8, 16)
    assert list(pages.grown(small, measured(16, 47))) == []
    assert [line.split(":")[0] for line in pages.grown(small, measured(8, 25))] == ["card", "suggestions"]


def run(**sizes):
    """What a run over registers of some sizes tells; the names are `of_` and the size."""
    told = {name.removeprefix("of_"): {"pages": page} for name, page in sizes.items()}
    return {"machine": "a machine", "database": "PostgreSQL", "sizes": told}


@pytest.mark.parametrize(
    ("large", "said"),
    [(measured(8, 25), ["NOT met: card: at most 1.5", "NOT met: suggestions"]), (measured(8, 17), ["no page takes"])],
)
def test_a_run_says_what_has_grown_from_the_smallest_to_the_largest(capsys, large, said):
    bench.show_growth(run(of_300000=large, of_3000=measured(8, 16)))

    told = capsys.readouterr().out.split("\n")[2:-1]
    assert len(told) == len(said)
    assert all(line.strip().startswith(words) for line, words in zip(told, said, strict=True))


def test_a_run_is_compared_with_an_earlier_one_page_by_page(capsys):
    bench.compare(run(of_3000=measured(8, 16)), run(of_3000=measured(10, 30)))

    told = capsys.readouterr().out
    assert "card" in told
    assert "2.00 then   3.00 now    1.50" in told


HTML = {"Content-Type": "text/html; charset=utf-8", "X-Statements": "7"}


class Reader:
    """Whom a few pages answer, by address; one of them never does."""

    def __init__(self, answers):
        self.answers, self.asked = answers, []

    def get(self, _port, path):
        self.asked.append(path)
        if path == "/slow/":
            raise TimeoutError
        return self.answers[path]


def page(*links, status=200, **headers):
    body = " ".join(f'<a href="{link}">x</a>' for link in links)
    return Answer(status, HTML | headers, body.encode(), 0.5)


def test_of_each_kind_of_page_two_are_opened_and_none_that_logs_out():
    cards = {f"/companies/{pk}/": page("/") for pk in (1, 2, 3)}
    lists = {f"/companies/?tier={tier}&amp;page=2": page() for tier in (1, 2, 3)}
    links = [*cards, *lists, "/slow/", "/accounts/logout/", "/static/app.css", "https://elsewhere.test/"]
    named = {path.replace("&amp;", "&"): answer for path, answer in lists.items()}
    reader = Reader({"/": page(*links)} | cards | named)

    found = dict(every_page.Walk(reader, 0))

    assert list(found) == [
        "/", "/companies/1/", "/companies/2/", "/companies/?tier=1&page=2", "/companies/?tier=2&page=2", "/slow/",
    ]  # fmt: skip
    assert found["/slow/"] is None


def test_what_there_was_no_time_for_is_told(monkeypatch):
    monkeypatch.setattr(every_page, "SECONDS_EACH", 0)
    walk = every_page.Walk(Reader({}), 0)
    told = {"floor_ms": 10, "opened": 0, "pages": {}, "files": {}, "failed": [], "unopened": {"user000": 1}}

    assert (list(walk), list(walk.waiting)) == ([], ["/"])
    assert any("user000" in line and " 1 more" in line for line in every_page.lines(told))


def test_of_a_kind_the_slowest_is_told_and_the_most_statements():
    found = {}
    for path, ms, statements in [("/companies/1/", 40, 19), ("/companies/2/", 700, 9), ("/companies/3/", 30, 21)]:
        every_page._keep(found, path, Answer(200, HTML | {"X-Statements": str(statements)}, b"", ms / 1000), "user000")
    failed = ["/slow/ (user000): none in time"]
    told = {"floor_ms": 10, "opened": 3, "pages": found, "files": {}, "failed": failed, "unopened": {}}

    assert list(found) == ["/companies/#/"]
    assert found["/companies/#/"]["path"] == "/companies/2/"
    assert list(every_page.missed(told)) == [
        "no answer: /slow/ (user000): none in time",
        "/companies/2/: at most 50 floors, 70",
        "/companies/2/: at most 20 statements, 21",
    ]
    assert any("/companies/2/ (user000)" in line for line in every_page.lines(told))
