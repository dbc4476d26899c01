"""Charts are tables first: what the fragments write is all that the drawing knows."""

import re
from decimal import Decimal

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from jobcenter_crm.desk.charts import Cell, Chart, Figure, Head, Heat, HeatRow, Row, Series, Share


def chart_of(*rows, series=None, **more):
    return Chart(
        **{"kind": "line", "key": "trend", "name": "Contacts by month", "head": "Month"} | more,
        series=series or [Series("2026"), Series("2025", "quiet", "dashed")],
        rows=list(rows),
    )


def shown(name, **context):
    return " ".join(render_to_string(f"desk/_{name}.html", context).split())


def test_a_chart_is_an_open_table_with_the_plain_number_beside_the_written_one():
    with translation.override("da"):
        page = shown(
            "chart", chart=chart_of(Row("november 2026", [Cell(1234, url="/a/?b=1&c=2"), Cell(Decimal("59.28"))]))
        )

    assert '<details class="chart-table" id="trend-table" open>' in page
    assert '<td class="num" data-value="1234"><a href="/a/?b=1&amp;c=2">1.234</a></td>' in page
    assert '<td class="num" data-value="59.28">59,3</td>' in page


def test_the_heads_say_how_each_series_is_drawn():
    page = shown("chart", chart=chart_of(Row("January", [Cell(1), Cell(2)])))

    assert '<figure class="chart" aria-labelledby="trend-head" data-chart="line">' in page
    assert 'data-colour="accent" data-line="solid">2026</th>' in page
    assert 'data-colour="quiet" data-line="dashed">2025</th>' in page


def test_a_gap_is_a_dash_with_words_and_no_nought():
    page = shown(
        "chart",
        chart=chart_of(Row("January", [Cell(0), Cell()]), Row("February", [Cell(text="fewer than 5"), Cell(1)])),
    )

    assert '<td class="num" data-value="0">0</td>' in page
    assert re.search(r'<td class="num"> <span class="quiet">.*?No figures yet</span></span> </td>', page)
    assert "fewer than 5</span></span> </td>" in page


def test_the_month_that_runs_says_so_and_keeps_its_short_name_for_the_axis():
    page = shown("chart", chart=chart_of(Row("November 2026", [Cell(1), Cell(2)], short="nov.", is_unfinished=True)))

    assert "<tr data-unfinished>" in page
    assert '<th scope="row" data-short="nov.">November 2026 <small>not over yet</small></th>' in page


def test_the_axis_may_have_a_unit_and_an_end():
    with translation.override("da"):
        page = shown("chart", chart=chart_of(Row("Nordhavn", [Cell(60), Cell(40)]), unit="%", top=1000))

    assert 'data-unit="%" data-top="1000"' in page


def test_without_any_number_there_is_no_chart():
    page = shown("chart", chart=chart_of(Row("January", [Cell(), Cell()])))

    assert "No figures yet" in page
    assert "data-chart" not in page
    assert "<table" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: chart_of(Row("January", [Cell(1)])),
        lambda: chart_of(kind="pie"),
        lambda: Series("2026", "pink"),
        lambda: Series("2026", line="wavy"),
        lambda: Heat("a", "A", "B", [Head(tier=1)], [HeatRow("C", [])]),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong):
    with pytest.raises(ValueError, match=r"drawn|cells"):
        wrong()


@pytest.mark.parametrize(
    ("percent", "step"), [(0, 1), (34, 1), (35, 2), (49, 2), (50, 3), (64, 3), (65, 4), (79, 4), (80, 5), (100, 5)]
)
def test_the_shade_is_that_of_the_number_shown(percent, step):
    assert (Share(percent, 100).percent, Share(percent, 100).step) == (percent, step)


def test_a_share_that_is_rounded_up_has_the_shade_of_what_it_is_rounded_to():
    assert (Share(346, 1000).percent, Share(346, 1000).step) == (35, 2)


@pytest.mark.parametrize(("whole", "percent"), [(0, None), (4, None), (5, 60)])
def test_nothing_is_told_of_fewer_than_five(whole, percent):
    assert Share(3 if whole else 0, whole).percent == percent


def test_a_heat_map_prints_each_number_on_its_shade_and_links_to_what_is_counted():
    rows = [HeatRow("Construction", [Share(88, 100, url="/companies/?tier=1"), Share(2, 3, url="/never/")], url="/b/")]
    page = shown(
        "heat", heat=Heat("coverage", "Coverage", "Branch", [Head(tier=1), Head("Others")], rows, note="Per cent.")
    )

    assert '<td class="heat-5"><a href="/companies/?tier=1">88<span class="visually-hidden"> %</span></a></td>' in page
    assert '<td><span class="visually-hidden">fewer than 5</span></td>' in page
    assert "/never/" not in page
    assert '<th scope="row"><a href="/b/">Construction</a></th>' in page
    assert "Per cent. Fewer than 5 are not shown." in page


def test_a_heat_map_of_too_few_says_that_there_is_none():
    page = shown("heat", heat=Heat("coverage", "Coverage", "Branch", [Head(tier=1)], [HeatRow("Trade", [Share(1, 1)])]))

    assert "No figures yet" in page
    assert "<table" not in page


def test_a_strip_opens_what_it_counts_and_says_where_there_is_nothing_yet():
    figures = [
        Figure("Visits", "412", "/visits/", "+38"),
        Figure("Self-supporting", url="/no/"),
        Figure("Overdue", "31", is_late=True),
    ]

    page = shown("figures_strip", figures=figures)

    assert '<dt>Visits</dt> <dd class="figure"><a href="/visits/">412</a></dd> <dd class="second">+38</dd>' in page
    assert '<dd class="figure"><span aria-hidden="true">–</span></dd> <dd class="second">no figures yet</dd>' in page
    assert "/no/" not in page
    assert '<div class="late"> <dt>Overdue</dt>' in page


def test_of_the_library_one_file_is_served_with_what_it_refers_to():
    assert finders.find("chart/chart.umd.min.js")
    assert finders.find("chart/chart.umd.min.js.map")
    assert finders.find("chart/chart.js") is None
