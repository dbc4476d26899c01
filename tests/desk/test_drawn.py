"""Charts on paper: the rows of the chart, in its words."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from reportlab.graphics.renderPDF import drawToString

from jobcenter_crm.desk.charts import Cell, Chart, Row, Series
from jobcenter_crm.desk.drawn import drawing, step_of


def words_of(drawn):
    [page] = PdfReader(BytesIO(drawToString(drawn))).pages
    return page.extract_text().split()


def line(*values):
    series = [Series("This year"), Series("Before", "quiet", "dashed")]
    rows = [Row(f"Month {n}", [Cell(value), Cell(3)], short=f"m{n}") for n, value in enumerate(values)]
    return Chart("line", "trend", "Contacts", "Month", series, rows)


@pytest.mark.parametrize(
    ("most", "step"),
    [(0, 1), (1, 1), (4, 1), (5, 2), (9, 5), (20, 5), (21, 10), (41, 20), (81, 50), (201, 100), (9000, 5000)],
)
def test_lines_across_stand_at_round_whole_numbers(most, step):
    assert step_of(most) == step


def test_a_line_tells_its_months_its_axis_and_the_figures_that_stand_out():
    words = words_of(drawing(line(7, 1200, 950), 300, 120, marked=2))

    for word in ("m0", "m1", "m2", "0", "500", "1,000", "1,500", "1,200", "950"):
        assert word in words
    assert "7" not in words


@pytest.mark.parametrize("values", [(None, None), (None, 4, None), (0,), (0, 0), (None, 1), (5, None, 3)])
@pytest.mark.parametrize("height", [48, 200])
def test_gaps_and_noughts_can_be_drawn(values, height):
    drawing(line(*values), 200, height, marked=1)


def test_lying_bars_tell_their_names_and_figures_and_a_dash_for_none():
    rows = [Row("Ordinary job", [Cell(12, "12 (60 %)")]), Row("Education", [Cell()]), Row("None", [Cell(0)])]
    chart = Chart("across", "came", "What came of it", "Outcome", [Series("Placements")], rows)

    assert " ".join(words_of(drawing(chart, 200, 60))) == "Ordinary job 12 (60 %) Education – None 0"


def test_another_kind_is_not_drawn():
    with pytest.raises(KeyError):
        drawing(Chart("bars", "x", "X", "Y", [Series("Z")], [Row("A", [Cell(1)])]), 100, 100)
