"""The page for the committee on A4: everything is measured, so that it is one page however much there is to say.

From top to bottom each part says how high it is; what is left over is the charts'.
"""

from functools import partial
from io import BytesIO

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth

from jobcenter_crm.backstage.documents import pdf
from jobcenter_crm.backstage.documents.pdf import ACCENT, BOLD, INK, LINE, MUTED, REGULAR, clipped, drawable
from jobcenter_crm.desk.dashboard.parts import NAMES_OF_GROUPS
from jobcenter_crm.desk.drawn import FILLS, TINT, drawing

EDGE, TOP, BOTTOM = 17 * mm, 13 * mm, 11 * mm
WIDTH = A4[0] - 2 * EDGE
LOGO_WIDTH, LOGO_HEIGHT = 44 * mm, 12 * mm
GUTTER, BETWEEN = 16, 13
SMALL, TEXT = 7, 8
HEAD = 14
# A chart is read from 70 points up, and gets no better from 210 on.
LOWEST, HIGHEST = 70, 210
ROW = 13.5
TARGET, TARGETS_SHOWN = 22, 6
# The columns of the targets, as shares of the width: what, start, now, target, verdict.
TARGET_COLUMNS = (0.44, 0.11, 0.11, 0.11, 0.23)


def made(report):
    """The PDF of a `committee.Report` as bytes; the language of its words is the one that is active."""
    out = BytesIO()
    title = f"{report.title}, {report.quarter}"
    canvas = pdf.canvas_for(
        out, made_at=report.made_at, language=report.language, title=title, author=report.letterhead.name
    )
    canvas.setSubject(drawable(f"{report.period}, {report.where}"))
    page = _Page(canvas, report)
    page.draw()
    canvas.showPage()
    canvas.save()
    return out.getvalue()


class _Page:
    """`y` is where the next part begins; each part draws from there and moves it down."""

    def __init__(self, canvas, report):
        self.canvas, self.report, self.y = canvas, report, A4[1] - TOP

    def draw(self):
        report = self.report
        foot = self._foot_lines()
        floor = BOTTOM + 16 + sum(9.2 for _line in foot) + 6
        self._head()
        self._figures(_("In the quarter"), report.of_period)
        self._figures(_("As of %(day)s") % {"day": report.today}, report.of_today)
        below = self._below()
        room = self.y - floor - sum(height for height, _draw in below) - BETWEEN * len(below)
        self._charts(min(max(room - BETWEEN, LOWEST + HEAD), HIGHEST + HEAD + 20))
        # What no part can use is shared out between them.
        spare = self.y - floor - sum(height for height, _draw in below) - BETWEEN * len(below)
        for height, draw in below:
            self.y -= BETWEEN + max(0, min(spare / len(below), 10))
            draw(self.y)
            self.y -= height
        self._foot(foot)

    # The head

    def _head(self):
        canvas, report = self.canvas, self.report
        has_logo = pdf.draw_logo(canvas, report.letterhead, EDGE, self.y, LOGO_WIDTH, LOGO_HEIGHT)
        name = clipped(report.letterhead.name, BOLD, 9, WIDTH * (0.6 if has_logo else 1))
        canvas.setFillColor(INK)
        canvas.setFont(BOLD, 9)
        if has_logo:
            canvas.drawRightString(EDGE + WIDTH, self.y - 9, name)
        else:
            canvas.drawString(EDGE, self.y - 9, name)
        self.y -= (LOGO_HEIGHT if has_logo else 10) + 12
        title, quarter = f"{report.title}, ", report.quarter
        size = min(19, 19 * WIDTH / stringWidth(drawable(title + quarter), BOLD, 19))
        self._say(EDGE, self.y - 17, title, BOLD, size)
        self._say(EDGE + stringWidth(drawable(title), BOLD, size), self.y - 17, quarter, BOLD, size, ACCENT)
        said = f"{report.period}, {report.where}"
        self._say(EDGE, self.y - 32, said, REGULAR, 8.5, MUTED, room=WIDTH)
        self.y -= 38

    # The figures

    def _figures(self, head, figures):
        """A row of large figures under a heading; nothing where there are none."""
        if not figures:
            return
        self.y -= BETWEEN
        self._rule(self.y, ACCENT, 0.9)
        self._say(EDGE, self.y - 12, head, BOLD, TEXT, ACCENT, room=WIDTH)
        width = (WIDTH - GUTTER * (len(figures) - 1)) / len(figures)
        labels = [wrapped(one.label, REGULAR, SMALL, width, 2) for one in figures]
        said = [one.second or ("" if one.text else _("no figures yet, or too few")) for one in figures]
        seconds = [wrapped(words, REGULAR, SMALL, width, 2) for words in said]
        top = self.y - 24 - 9 * max(map(len, labels))
        for n, (one, label, second) in enumerate(zip(figures, labels, seconds, strict=True)):
            x = EDGE + n * (width + GUTTER)
            self._lines(x, self.y - 24, label, MUTED)
            self._say(x, top - 13, one.text or "–", BOLD, 18, FILLS["late"] if one.is_late else INK, room=width)
            self._lines(x, top - 24, second, MUTED)
        self.y = top - 24 - 9 * (max(1, *map(len, seconds)) - 1)

    # The charts

    def _charts(self, height):
        charts = [one for one in (self.report.trend, self.report.second) if one]
        if not charts:
            return
        self.y -= BETWEEN
        shares = (0.6, 0.4) if len(charts) == 2 else (1,)
        x, room = EDGE, WIDTH - (GUTTER + 4) * (len(charts) - 1)
        for chart, share in zip(charts, shares, strict=True):
            self._chart(chart, x, room * share, height)
            x += room * share + GUTTER + 4
        self.y -= height

    def _chart(self, chart, x, width, height):
        self._rule(self.y, LINE, 0.5, x, width)
        # A heading is a little smaller before it is cut.
        size = max(SMALL, min(TEXT, TEXT * width / stringWidth(drawable(chart.name), BOLD, TEXT)))
        self._say(x, self.y - 12, chart.name, BOLD, size, INK, room=width)
        if not any(cell.value for row in chart.rows for cell in row.cells):
            self._say(x, self.y - 32, _("No figures yet"), REGULAR, TEXT, MUTED, room=width)
            return
        note = wrapped(chart.note, REGULAR, 6.5, width, 2)
        floor = self.y - height + 8.5 * len(note) + 2
        drawn = drawing(chart, width, self.y - 22 - floor, marked=3 if chart.kind == "line" else 0)
        drawn.drawOn(self.canvas, x, floor)
        self._lines(x, floor - 9, note, MUTED, 6.5, 8.5)

    # What stands below: the table, the movement, the targets

    def _below(self):
        """`(height, draw(y))` of each part that there is."""
        report, parts = self.report, []
        if report.lines_of_today or report.lines_of_quarter:
            aims = self._aims()
            blocks = [lines for lines in (report.lines_of_today, report.lines_of_quarter) if lines]
            height = 15 + sum(11 + ROW * len(lines) for lines in blocks) + (2 + 9 * len(aims) if aims else 0)
            parts.append((height, partial(self._table, aims)))
        if report.movement:
            lines = wrapped(report.movement, REGULAR, TEXT, WIDTH - 20, 2)
            parts.append((11 * len(lines) + 10, partial(self._band, lines)))
        if report.targets:
            rows = report.targets[:TARGETS_SHOWN]
            more = len(report.targets) - len(rows)
            parts.append((18 + TARGET * len(rows) + 10 * bool(more), partial(self._targets, rows, more)))
        return parts

    def _aims(self):
        said = "; ".join(f"{tier} {aim}" for tier, aim in self.report.aims)
        return wrapped(_("The groups: %(aims)s.") % {"aims": said}, REGULAR, SMALL, WIDTH, 3) if said else []

    def _table(self, aims, y):
        report = self.report
        columns = len(report.heads) + 1
        first = WIDTH * 0.32
        width = (WIDTH - first) / columns
        edges = [EDGE + first + width * (n + 1) for n in range(columns)]
        self._rule(y, INK, 0.7)
        for x, head in zip(edges, [*report.heads, None], strict=True):
            words = _("All") if head is None else NAMES_OF_GROUPS[head]
            font, colour = (BOLD, INK) if head is None else (REGULAR, MUTED)
            self._say(x, y - 11, words, font, SMALL, colour, right=True, room=width - 4)
        y -= 15
        for head, lines in (
            (_("As of %(day)s") % {"day": report.today}, report.lines_of_today),
            (_("In the quarter"), report.lines_of_quarter),
        ):
            if not lines:
                continue
            self._rule(y, LINE, 0.4)
            self._say(EDGE, y - 9, head, BOLD, 6.5, ACCENT, room=WIDTH)
            y -= 11
            for line in lines:
                self._say(EDGE, y - 9.5, line.figure.words, REGULAR, TEXT - 0.5, INK, room=first - 6)
                for x, cell in zip(edges, line.cells, strict=True):
                    self._cell(x, y - 9.5, cell, width - 4, is_last=x == edges[-1])
                y -= ROW
                if line is not lines[-1]:
                    self._rule(y, LINE, 0.25)
        self._rule(y, LINE, 0.4)
        self._lines(EDGE, y - 10, aims, MUTED, SMALL, 9)

    def _cell(self, x, y, cell, room, *, is_last):
        """The number at the right; of what is a part, the share stands before it in grey, where there is room."""
        text = cell.text or "–"
        self._say(
            x, y, text, BOLD if is_last else REGULAR, TEXT - 0.5, INK if cell.text else MUTED, right=True, room=room
        )
        left = room - stringWidth(drawable(text), BOLD if is_last else REGULAR, TEXT - 0.5) - 5
        if cell.share and stringWidth(drawable(cell.share), REGULAR, 6.5) <= left:
            self._say(x - room + left, y, cell.share, REGULAR, 6.5, MUTED, right=True)

    def _band(self, lines, y):
        self.canvas.setFillColor(TINT)
        self.canvas.rect(EDGE, y - 11 * len(lines) - 10, WIDTH, 11 * len(lines) + 10, stroke=0, fill=1)
        self._lines(EDGE + 10, y - 13, lines, INK, TEXT, 11)

    def _targets(self, rows, more, y):
        self._rule(y, INK, 0.7)
        heads = (
            _("Targets as of %(day)s") % {"day": self.report.today},
            _("Start"),
            _("Now"),
            pgettext("of a target", "Aim"),
            _("Can it be reached?"),
        )
        starts = [EDGE + WIDTH * sum(TARGET_COLUMNS[:n]) for n in range(len(heads))]
        for n, head in enumerate(heads):
            self._target_cell(starts, n, y - 11, head, BOLD, SMALL, INK if n == 0 else MUTED)
        y -= 15
        for row in rows:
            self._rule(y, LINE, 0.4)
            for n, text in enumerate((row.what, row.start, row.now, row.target, row.verdict)):
                colour = FILLS["late"] if row.is_late and n == 4 else INK
                self._target_cell(starts, n, y - 9.5, text, BOLD if n in (2, 4) else REGULAR, TEXT - 0.5, colour)
            self._say(EDGE, y - 18, row.behind, REGULAR, 6.5, MUTED, room=WIDTH)
            y -= TARGET
        if more:
            said = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}
            self._say(EDGE, y - 9, said, REGULAR, SMALL, MUTED)

    def _target_cell(self, starts, n, y, text, font, size, colour):
        """Words begin at the left of their column, figures end at the right of theirs."""
        width = WIDTH * TARGET_COLUMNS[n] - 8
        if n in (0, 4):
            self._say(starts[n] + (12 if n else 0), y, text, font, size, colour, room=width - (4 if n else 0))
        else:
            self._say(starts[n] + width, y, text, font, size, colour, right=True, room=width)

    # The foot

    def _foot_lines(self):
        return [line for note in self.report.notes for line in wrapped(note, REGULAR, 6.5, WIDTH, 3)]

    def _foot(self, lines):
        y = BOTTOM + 16 + 9.2 * len(lines)
        self._rule(y, LINE, 0.4)
        self._lines(EDGE, y - 9, lines, MUTED, 6.5, 9.2)
        made = date_format(timezone.localtime(self.report.made_at), "DATETIME_FORMAT")
        self._say(EDGE, BOTTOM, self.report.letterhead.name, REGULAR, 6.5, MUTED, room=WIDTH * 0.65)
        self._say(EDGE + WIDTH, BOTTOM, made, REGULAR, 6.5, MUTED, right=True)

    # How it is drawn

    def _say(self, x, y, text, font, size, colour=INK, *, room=None, right=False):
        words = clipped(text, font, size, room) if room else drawable(text)
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(colour)
        (self.canvas.drawRightString if right else self.canvas.drawString)(x, y, words)

    def _lines(self, x, y, lines, colour, size=SMALL, leading=9):
        for n, line in enumerate(lines):
            self._say(x, y - n * leading, line, REGULAR, size, colour)

    def _rule(self, y, colour, thick, x=EDGE, width=WIDTH):
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(thick)
        self.canvas.line(x, y, x + width, y)


def wrapped(text, font, size, width, most):
    """The text in at most so many lines of that width; what is too long ends in an ellipsis."""
    lines = simpleSplit(" ".join(drawable(text).split()), font, size, width)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [clipped(line, font, size, width) for line in lines]
