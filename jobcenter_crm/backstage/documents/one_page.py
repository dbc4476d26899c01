"""A sheet that is one page of A4 whatever it has to say: what matters least is left out, and the sheet says how much.

It is read on a telephone as often as on paper: a narrow column of what to call whom, a wide one of what to say, and
numbers that can be pressed.
"""

import re
from dataclasses import dataclass
from functools import cache, partial
from io import BytesIO
from xml.sax.saxutils import escape

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import ngettext
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph

from jobcenter_crm.backstage.documents import pdf

EDGE, TOP, BOTTOM, GAP = 16 * mm, 13 * mm, 17 * mm, 8 * mm
WIDTH = A4[0] - 2 * EDGE
NARROW = 61 * mm
WIDE = WIDTH - NARROW - GAP
BETWEEN_PARTS = 8
SCALES = (1.15, 1.07, 1)
TINT, LATE = HexColor("#edf3fb"), HexColor("#b3261e")

text_style = partial(pdf.text_style, fontSize=8.8, leading=12)
TITLE = text_style("sheet title", fontName=pdf.BOLD, fontSize=16, leading=19)
LEAD = text_style("sheet lead", fontSize=9, leading=12.5, textColor=pdf.MUTED, spaceBefore=1)
HEADING = text_style(
    "sheet heading", fontName=pdf.BOLD, fontSize=9.5, leading=12.5, textColor=pdf.ACCENT, spaceBefore=BETWEEN_PARTS
)
LINE = text_style("sheet line", spaceBefore=2.5)
LATE_LINE = text_style("sheet late line", spaceBefore=2.5, textColor=LATE)
MORE = text_style("sheet more", fontSize=7.8, leading=10.5, textColor=pdf.MUTED, spaceBefore=2)
BAND = text_style("sheet band", fontSize=9.5, leading=13)
ADDRESS = re.compile(r"tel:[+0-9]{3,20}")
# No single text takes more than this, however long somebody wrote.
LONGEST = 420


@dataclass(frozen=True)
class Line:
    """A line of a part: a `label` in grey, `strong` in bold, `text`, a `link` (words, "tel:" number) to press, `small` in grey."""

    text: str = ""
    label: str = ""
    strong: str = ""
    small: str = ""
    link: tuple = ()
    is_late: bool = False


@dataclass
class Part:
    """Lines under a heading, the most important first. `least` of them stay as long as anything does.

    `rank` says which part gives way first where there is too much: the lowest. `more` is how many there are besides
    these lines.
    """

    heading: str
    lines: list
    rank: int = 5
    least: int = 1
    more: int = 0


class Sheet:
    """One page: the title, a band with what comes next, warnings, and two columns of parts."""

    def __init__(self, *, letterhead, kind, title, language, made_at, foot=""):
        """`kind` is what such a sheet is called, `foot` what stands at its foot beside the day it was made."""
        self.letterhead, self.kind, self.title, self.language = letterhead, kind, title, language
        self.made_at, self.foot = made_at, foot
        self.leads, self.band, self.warnings, self.wide, self.narrow = [], [], [], [], []

    def made(self):
        """The PDF as bytes."""
        with translation.override(self.language):
            return self._made()

    def _made(self):
        out = BytesIO()
        canvas = pdf.canvas_for(
            out,
            made_at=self.made_at,
            language=self.language,
            title=f"{self.kind}: {self.title}",
            author=self.letterhead.name,
        )
        top = self._draw_head(canvas)
        wide = [part for part in self.wide if part and part.lines]
        narrow = [part for part in self.narrow if part and part.lines]
        for scale in SCALES:
            # As large as it can be without leaving anything out; where something must be, in the smallest.
            columns = [_Column(wide, WIDE, top - BOTTOM, scale), _Column(narrow, NARROW, top - BOTTOM, scale)]
            if all(column.is_whole for column in columns):
                break
        self._draw(canvas, columns[0].flowables(), EDGE, top, WIDE)
        self._draw(canvas, columns[1].flowables(), EDGE + WIDE + GAP, top, NARROW)
        self._draw_foot(canvas)
        canvas.showPage()
        canvas.save()
        return out.getvalue()

    def _draw_head(self, canvas):
        """Title, band and warnings; returns where the columns begin."""
        y = A4[1] - TOP
        canvas.setFont(pdf.REGULAR, 8)
        canvas.setFillColor(pdf.MUTED)
        canvas.drawString(EDGE, y - 8, pdf.clipped(self.kind, pdf.REGULAR, 8, WIDTH / 2))
        canvas.drawRightString(EDGE + WIDTH, y - 8, pdf.clipped(self.letterhead.name, pdf.REGULAR, 8, WIDTH / 2))
        y = self._draw(canvas, [one_line(Line(short(self.title, 120)), TITLE)], EDGE, y - 12, WIDTH)
        y = self._draw(canvas, [one_line(lead, LEAD) for lead in self.leads], EDGE, y, WIDTH)
        if self.band:
            inside = [one_line(line, BAND) for line in self.band]
            height = sum(_height(flowable, WIDTH - 16) for flowable in inside) + 10
            canvas.setFillColor(TINT)
            canvas.rect(EDGE, y - 6 - height, WIDTH, height, stroke=0, fill=1)
            self._draw(canvas, inside, EDGE + 8, y - 10, WIDTH - 16)
            y -= 6 + height
        if self.warnings:
            said = [one_line(Line(short(text, 200), strong="!", is_late=True), LINE) for text in self.warnings]
            y = self._draw(canvas, said, EDGE, y - 4, WIDTH)
        return y - BETWEEN_PARTS - 2

    def _draw(self, canvas, flowables, x, y, width):
        for flowable in flowables:
            height = _height(flowable, width)
            flowable.drawOn(canvas, x, y - height)
            y -= height
        return y

    def _draw_foot(self, canvas):
        canvas.setStrokeColor(pdf.LINE)
        canvas.setLineWidth(0.4)
        canvas.line(EDGE, 13 * mm, EDGE + WIDTH, 13 * mm)
        canvas.setFont(pdf.REGULAR, 7)
        canvas.setFillColor(pdf.MUTED)
        made = date_format(timezone.localtime(self.made_at), "DATETIME_FORMAT")
        canvas.drawRightString(EDGE + WIDTH, 9.5 * mm, made)
        canvas.drawString(EDGE, 9.5 * mm, pdf.clipped(self.foot, pdf.REGULAR, 7, WIDTH * 0.75))


class _Column:
    """Parts under each other, no higher than `room`: of the part of the lowest rank the last lines are left out first."""

    def __init__(self, parts, width, room, scale):
        self.parts = [_Drawn(part, width, room, scale) for part in parts]
        self.is_whole = self.height <= room and not any(one.is_cut for one in self.parts)
        while self.height > room:
            more_than_least = [one for one in self.parts if len(one.lines) > one.part.least]
            giving = min(more_than_least or self.parts, key=lambda one: (one.part.rank, -len(one.lines)))
            giving.leave_one_out()
            if not giving.lines:
                self.parts.remove(giving)

    @property
    def height(self):
        return sum(one.height for one in self.parts)

    def flowables(self):
        return [flowable for one in self.parts for flowable in one.flowables()]


class _Drawn:
    """A part as paragraphs, with the height that they take; the last line says how many it leaves out.

    Once its lines fill the `room` of a whole column, no more of them are measured.
    """

    def __init__(self, part, width, room, scale):
        self.part, self.scale = part, scale
        self.heading = one_line(Line(part.heading), _scaled(HEADING, scale))
        self.heading_height, self.more_height = _height(self.heading, width), _height(self._more(1000), width)
        self.lines, self.heights = [], []
        for line in part.lines:
            if sum(self.heights) > room:
                break
            self.lines.append(one_line(line, _scaled(LATE_LINE if line.is_late else LINE, scale)))
            self.heights.append(_height(self.lines[-1], width))
        self.left_out = part.more + len(part.lines) - len(self.lines)

    @property
    def is_cut(self):
        """Whether it leaves out lines that it was given."""
        return self.left_out > self.part.more

    @property
    def height(self):
        return self.heading_height + sum(self.heights) + (self.more_height if self.left_out else 0)

    def flowables(self):
        return [self.heading, *self.lines, *([self._more(self.left_out)] if self.left_out else [])]

    def leave_one_out(self):
        self.lines.pop()
        self.heights.pop()
        self.left_out += 1

    def _more(self, n):
        said = ngettext("and %(n)s more", "and %(n)s more", n) % {"n": n}
        return one_line(Line(said), _scaled(MORE, self.scale))


@cache
def _scaled(style, scale):
    return style.clone(
        style.name,
        fontSize=style.fontSize * scale,
        leading=style.leading * scale,
        spaceBefore=style.spaceBefore * scale,
    )


def short(text, most):
    """The text on one line, cut at a word with an ellipsis where it is longer than `most` signs."""
    text = " ".join(str(text).split())
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    at_word = cut.rpartition(" ")[0]
    return f"{(at_word if len(at_word) > most * 0.7 else cut).rstrip(' ,.;:')}…"


def one_line(line, style):
    """A `Line` as a paragraph."""
    parts = []
    if line.label:
        parts.append(f'<font color="#56606a">{_plain(line.label)}</font>')
    if line.strong:
        parts.append(f"<b>{_plain(line.strong)}</b>")
    if line.text:
        parts.append(_plain(line.text))
    if line.link:
        words, address = line.link
        # A number is not torn apart at the end of a line.
        unbroken = _plain(words).replace(" ", "\u00a0")
        # Anything else the library would take for a place within the document.
        is_address = ADDRESS.fullmatch(address)
        parts.append(f'<a href="{address}" color="#1d5aa8">{unbroken}</a>' if is_address else unbroken)
    if line.small:
        parts.append(f'<font color="#56606a">{_plain(line.small)}</font>')
    return Paragraph(" ".join(parts), style)


def _plain(text):
    return escape(pdf.drawable(short(text, LONGEST)))


def _height(flowable, width):
    """Of a paragraph, with the space before it."""
    return flowable.wrap(width, 100_000)[1] + flowable.getSpaceBefore()
