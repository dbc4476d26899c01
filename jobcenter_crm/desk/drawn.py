"""A `charts.Chart` on paper: drawn as vectors from the same rows as the chart of a page, in the same words."""

from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, Rect, String
from reportlab.lib.colors import HexColor, white
from reportlab.pdfbase import pdfmetrics

from jobcenter_crm.backstage.documents.pdf import ACCENT, BOLD, INK, LINE, MUTED, REGULAR, clipped, drawable
from jobcenter_crm.desk.charts import Cell

# As static/css/tokens.css has them in light: what fills, and what draws a line that is seen against white.
FILLS = {
    "accent": ACCENT, "quiet": HexColor("#c9ced3"), "late": HexColor("#b3261e"), "tier-1": HexColor("#0d4a52"),
    "tier-2": HexColor("#2a7a83"), "tier-3": HexColor("#a5d0d3"), "tier-4": HexColor("#e2f0f1"),
}  # fmt: skip
LINES = FILLS | {"quiet": MUTED, "tier-3": HexColor("#4f9aa2"), "tier-4": HexColor("#7c979b")}
TINT = HexColor("#edf3fb")
SIZE = 7
# More lines across than these are not read.
STEPS = 4
BAR, ROW = 12, 46
FIGURE = {"font": BOLD, "colour": INK}


def drawing(chart, width, height, *, marked=0):
    """The chart as a `Drawing` of that size in points. The last `marked` rows of a line stand out and tell their figures.

    Raises `KeyError` for a kind that is not drawn on paper.
    """
    drawn = Drawing(width, height)
    _DRAWN_AS[chart.kind](drawn, chart, marked)
    return drawn


def _line(drawn, chart, marked):
    values = [cell.value for row in chart.rows for cell in row.cells if cell.value is not None]
    most = max([*values, 1])
    step = step_of(most)
    top = chart.top or step * -(-most // step)
    left = max(_width(Cell(n).words) for n in range(0, top + 1, step)) + 6
    bottom, ceiling = 13, drawn.height - 26
    across = (drawn.width - left) / len(chart.rows)

    def at(index, value):
        return left + across * (index + 0.5), bottom + (ceiling - bottom) * float(value) / top

    if marked:
        drawn.add(
            Rect(
                left + across * (len(chart.rows) - marked), bottom, across * marked, ceiling - bottom + 12,
                fillColor=TINT, strokeColor=None,
            )
        )  # fmt: skip
    for n in range(0, top + 1, step):
        y = at(0, n)[1]
        drawn.add(Line(left, y, drawn.width, y, strokeColor=LINE, strokeWidth=0.3 if n else 0.6))
        _say(drawn, left - 4, y - SIZE * 0.35, Cell(n).words, anchor="end")
    for index, row in enumerate(chart.rows):
        _say(drawn, at(index, 0)[0], 2, row.short or row.label, room=across, anchor="middle")
    # The first series is what it is about, and lies on top.
    for n, series in reversed(list(enumerate(chart.series))):
        _stroke(drawn, series, [row.cells[n] for row in chart.rows], at)
    told = [row.cells[0].value for row in chart.rows]
    for index in range(len(told) - marked, len(told)):
        if told[index] is not None:
            x, y = at(index, told[index])
            beside = [value for value in (told[index - 1], *told[index + 1 : index + 2]) if value is not None]
            # In a dip the line runs upwards from the point: the figure stands below, where there is room.
            is_dip = beside and min(beside) > told[index] and y - bottom > SIZE + 4
            _say(
                drawn, x, y - SIZE - 4 if is_dip else y + 5, chart.rows[index].cells[0].words, **FIGURE, anchor="middle"
            )
    _legend(drawn, chart.series)


def _stroke(drawn, series, cells, at):
    """The line of a series; where there is no figure it is broken, and one figure between two gaps is a point."""
    colour, is_dashed = LINES[series.colour], series.line == "dashed"
    run = []
    for index, cell in [*enumerate(cells), (len(cells), Cell())]:
        if cell.value is not None:
            run.append(at(index, cell.value))
            continue
        if len(run) > 1:
            points = [place for point in run for place in point]
            drawn.add(
                PolyLine(
                    points, strokeColor=colour, strokeWidth=1 if is_dashed else 1.8,
                    strokeDashArray=[3, 2.4] if is_dashed else None, strokeLineJoin=1,
                )
            )  # fmt: skip
        for x, y in run if not is_dashed or len(run) == 1 else []:
            drawn.add(Circle(x, y, 1.9, fillColor=colour, strokeColor=white, strokeWidth=0.5))
        run = []


def _legend(drawn, all_series):
    x, y = 0, drawn.height - 8
    widths = [_width(series.label) for series in all_series]
    # All their names where there is room for them, else each its share.
    fits = sum(widths) + 34 * len(widths) <= drawn.width
    room = None if fits else drawn.width / len(all_series) - 34
    for series in all_series:
        is_dashed = series.line == "dashed"
        drawn.add(
            Line(
                x, y + 2.4, x + 16, y + 2.4, strokeColor=LINES[series.colour], strokeWidth=1 if is_dashed else 1.8,
                strokeDashArray=[3, 2.4] if is_dashed else None,
            )
        )  # fmt: skip
        words = _say(drawn, x + 20, y, series.label, room=room)
        x += 34 + _width(words)


def _across(drawn, chart, _marked):
    """Lying bars of one series: its name, the bar below it, and the figure at the bar's end."""
    top = chart.top or max([row.cells[0].value or 0 for row in chart.rows], default=0) or 1
    figures = max(_width(row.cells[0].words, BOLD) for row in chart.rows) + 6
    # In a low drawing the rows come closer, in a high one they do not drift apart.
    row_height = min(drawn.height / len(chart.rows), ROW)
    bar = min(BAR, row_height - SIZE - 5)
    for index, row in enumerate(chart.rows):
        [cell] = row.cells
        y = drawn.height - row_height * index
        _say(drawn, 0, y - SIZE, row.label, room=drawn.width)
        floor = y - SIZE - 4 - bar
        length = (drawn.width - figures) * float(cell.value or 0) / top
        drawn.add(Line(0, floor, 0, floor + bar, strokeColor=LINE, strokeWidth=0.6))
        if length:
            drawn.add(Rect(0, floor, length, bar, fillColor=FILLS[chart.series[0].colour], strokeColor=None))
        _say(drawn, length + 5, floor + (bar - SIZE) / 2 + 1, cell.words or "–", **FIGURE)


_DRAWN_AS = {"line": _line, "across": _across}


def step_of(most):
    """The distance between the lines across, a whole and round number, for figures up to `most`."""
    step = 1
    while step * STEPS < most:
        # 1, 2, 5, 10, 20, 50
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return step


def _width(text, font=REGULAR):
    return pdfmetrics.stringWidth(drawable(text), font, SIZE)


def _say(drawn, x, y, text, *, room=None, font=REGULAR, colour=MUTED, anchor="start"):
    """Write the text, cut to the `room` there is; gives back what was written."""
    words = clipped(text, font, SIZE, room) if room else drawable(text)
    drawn.add(String(x, y, words, fontName=font, fontSize=SIZE, fillColor=colour, textAnchor=anchor))
    return words
