"""PDF in the house style: the organisation at the head, "page n of m" at the foot, plain typography between.

What callers give is plain text; nothing in it is markup. The same calls with the same `made_at` give the same bytes,
so that the checksum of a document says whether it is the one that was filed.
"""

import calendar
import unicodedata
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from xml.sax.saxutils import escape

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, KeepTogether, PageTemplate, Paragraph, Spacer, Table

INK, MUTED, LINE, ACCENT = HexColor("#1b2126"), HexColor("#56606a"), HexColor("#c9ced3"), HexColor("#1d5aa8")
LEFT, RIGHT, TOP, BOTTOM = 22 * mm, 20 * mm, 40 * mm, 20 * mm
TOP_OF_LATER_PAGES = 24 * mm
WIDTH = A4[0] - LEFT - RIGHT
LOGO_WIDTH, LOGO_HEIGHT = 52 * mm, 17 * mm

REGULAR, BOLD = "House", "House-Bold"
# The fonts that come with the library: free to embed, with all letters of Danish and most of Europe's.
pdfmetrics.registerFont(TTFont(REGULAR, "Vera.ttf"))
pdfmetrics.registerFont(TTFont(BOLD, "VeraBd.ttf"))
pdfmetrics.registerFont(TTFont("House-Italic", "VeraIt.ttf"))
pdfmetrics.registerFont(TTFont("House-BoldItalic", "VeraBI.ttf"))
pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic="House-Italic", boldItalic="House-BoldItalic")
_DRAWN = pdfmetrics.getFont(REGULAR).face.charToGlyph
_LIKE = {"\u2010": "-", "\u2011": "-", "\u2012": "–", "\u2015": "—", "\u2192": ">", "\u202f": "\u00a0"}

text_style = partial(ParagraphStyle, fontName=REGULAR, fontSize=9, leading=13, textColor=INK, splitLongWords=1)
BODY = text_style("body", spaceAfter=5)
CELL = text_style("cell", fontSize=8.5, leading=12)
FIGURE = text_style("figure", fontSize=8.5, leading=12, alignment=TA_RIGHT)
LABEL = text_style("label", fontSize=8.5, leading=12, textColor=MUTED)
FIGURE_LABEL = text_style("figure label", fontSize=8.5, leading=12, textColor=MUTED, alignment=TA_RIGHT)
SMALL = text_style("small", fontSize=7.5, leading=10.5, textColor=MUTED, spaceAfter=3)
TITLE = text_style("title", fontName=BOLD, fontSize=16, leading=20, spaceAfter=3)
LEAD = text_style("lead", fontSize=10, leading=14, textColor=MUTED, spaceAfter=8)
HEADING = text_style("heading", fontName=BOLD, fontSize=10.5, leading=14, spaceBefore=9, spaceAfter=3, keepWithNext=1)
BULLET = text_style("bullet", leftIndent=11, bulletIndent=1, spaceAfter=2)


def drawable(text):
    """The text with what the fonts have no shape for replaced: by its letter without the sign, or by "?".

    Control characters and invisible ones are left out; line breaks stay.
    """
    drawn = []
    for char in unicodedata.normalize("NFC", str(text)):
        if char == "\n" or (ord(char) in _DRAWN and unicodedata.category(char) not in ("Cc", "Cf")):
            drawn.append(char)
        elif char == "\t":
            drawn.append(" ")
        elif char in _LIKE:
            drawn.append(_LIKE[char])
        elif unicodedata.category(char)[0] not in "CM":
            plain = "".join(c for c in unicodedata.normalize("NFKD", char) if ord(c) in _DRAWN)
            drawn.append(plain or "?")
    return "".join(drawn)


def paragraph(text, style=BODY, **kwargs):
    """The plain text as a paragraph; its line breaks stay."""
    return Paragraph(escape(drawable(text)).replace("\n", "<br/>"), style, **kwargs)


def strong(text, after="", style=BODY):
    """A paragraph that begins with the plain text in bold and goes on with `after`."""
    return Paragraph(f"<b>{escape(drawable(text))}</b> {escape(drawable(after))}".strip().replace("\n", "<br/>"), style)


class Document:
    """One document on A4, written from top to bottom and `made` at the end.

    `made_at` is an aware datetime. `language` is that of the words the document itself says; what its caller writes
    must be in the same. `keywords` are searched for by a records system.
    """

    def __init__(self, *, letterhead, title, language, made_at, subject="", keywords=()):
        self.letterhead, self.title, self.language, self.made_at = letterhead, title, language, made_at
        self.subject, self.keywords = subject, keywords
        self.story = []

    def heading_of_page(self, lead=""):
        """The title, and under it one line that says what this is."""
        self.story.append(paragraph(self.title, TITLE))
        if lead:
            self.story.append(paragraph(lead, LEAD))

    def heading(self, text):
        self.story.append(paragraph(text, HEADING))

    def paragraph(self, text):
        """Text with its paragraphs, which an empty line parts."""
        for part in str(text).replace("\r\n", "\n").split("\n\n"):
            if part.strip():
                self.story.append(paragraph(part.strip("\n")))

    def note(self, text):
        """A remark in small type."""
        self.story.append(paragraph(text, SMALL))

    def bullets(self, lines):
        self.story += [paragraph(line, BULLET, bulletText="•") for line in lines]

    def space(self, height=4 * mm):
        self.story.append(Spacer(1, height))

    def facts(self, rows, *, label_width=44 * mm):
        """Rows of (label, text); one whose text is empty is left out."""
        rows = [[paragraph(label, LABEL), paragraph(text, CELL)] for label, text in rows if str(text).strip()]
        widths, line = [label_width, WIDTH - label_width], [("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE)]
        # Each row by itself: a heading goes with the first one only, and the page is filled.
        self.story += [_table([row], widths, line) for row in rows]
        if rows:
            self.space(2 * mm)

    def table(self, headings, rows, *, figures=(), widths=None):
        """A table whose head is repeated on each page. `figures` are the columns, from 0, that are set to the right.

        `widths` are shares of the page's width; without them figures are narrow and texts share the rest.
        """
        shares = widths or [1 if column in figures else 2 for column in range(len(headings))]
        head = [paragraph(text, FIGURE_LABEL if n in figures else LABEL) for n, text in enumerate(headings)]
        body = [[paragraph(text, FIGURE if n in figures else CELL) for n, text in enumerate(row)] for row in rows]
        self.story.append(
            _table(
                [head, *body],
                [WIDTH * share / sum(shares) for share in shares],
                [("LINEBELOW", (0, 0), (-1, 0), 0.8, INK), ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE)],
                repeatRows=1,
            )
        )
        self.space(2 * mm)

    def blocks(self, blocks):
        """Blocks of (label, name, lines) under a line, two beside each other: who the parties are, who has signed."""
        cells = [
            [_rule(), Spacer(1, 1.5), paragraph(label, SMALL), strong(name, style=CELL)]
            + [paragraph(line, CELL) for line in lines if str(line).strip()]
            for label, name, lines in blocks
        ]
        self._beside_each_other(cells)
        self.space(2 * mm)

    def signatures(self, parties):
        """A line to sign on for each of (party, who signs and as what), two beside each other, never torn apart."""
        with translation.override(self.language):
            under_the_line = _("Date and signature")
        cells = [
            [Spacer(1, 13 * mm), _rule(), paragraph(under_the_line, SMALL), strong(party, style=CELL)]
            + ([paragraph(who, CELL)] if who else [])
            for party, who in parties
        ]
        self._beside_each_other(cells)

    def _beside_each_other(self, cells):
        pairs = [cells[n : n + 2] + [""] * (2 - len(cells[n : n + 2])) for n in range(0, len(cells), 2)]
        for left, right in pairs:
            # The one row of a table is never torn apart.
            table = Table([[left, "", right]], colWidths=[WIDTH * 0.46, WIDTH * 0.08, WIDTH * 0.46])
            table.setStyle(
                [
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ]
            )
            self.story.append(table)

    @contextmanager
    def together(self):
        """What is written within stays on one page, as long as it fits on one."""
        begin = len(self.story)
        yield
        self.story[begin:] = [KeepTogether(self.story[begin:])]

    def made(self):
        """The PDF as bytes."""
        out = BytesIO()
        first = Frame(LEFT, BOTTOM, WIDTH, A4[1] - TOP - BOTTOM, 0, 0, 0, 0, id="first")
        later = Frame(LEFT, BOTTOM, WIDTH, A4[1] - TOP_OF_LATER_PAGES - BOTTOM, 0, 0, 0, 0, id="later")
        template = BaseDocTemplate(
            out,
            pagesize=A4,
            title=drawable(self.title),
            author=drawable(self.letterhead.name),
            subject=drawable(self.subject),
            keywords=", ".join(drawable(word) for word in self.keywords),
            creator="Jobcenter CRM",
            producer="Jobcenter CRM",
            lang=self.language,
            displayDocTitle=True,
            invariant=1,
        )
        template.addPageTemplates(
            [
                PageTemplate("first", [first], onPage=self._first_head, autoNextPageTemplate="later"),
                PageTemplate("later", [later], onPage=self._later_head),
            ]
        )
        with translation.override(self.language):
            # What is built is used up, so a document can be made again from the same story.
            template.build(list(self.story) or [Spacer(1, 1)], canvasmaker=partial(_Pages, document=self))
        return out.getvalue()

    def _first_head(self, canvas, _template):
        canvas.saveState()
        top = A4[1] - 14 * mm
        shown = draw_logo(canvas, self.letterhead, LEFT, top)
        draw_address(canvas, self.letterhead, A4[0] - RIGHT if shown else LEFT, top, to_the_right=shown)
        canvas.restoreState()

    def _later_head(self, canvas, _template):
        canvas.saveState()
        canvas.setFont(REGULAR, 7.5)
        canvas.setFillColor(MUTED)
        y = A4[1] - 15 * mm
        canvas.drawString(LEFT, y, clipped(self.title, REGULAR, 7.5, WIDTH * 0.6))
        canvas.drawRightString(A4[0] - RIGHT, y, clipped(self.letterhead.name, REGULAR, 7.5, WIDTH * 0.35))
        canvas.restoreState()

    def draw_foot(self, canvas, page, pages):
        canvas.saveState()
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.4)
        canvas.line(LEFT, 15 * mm, A4[0] - RIGHT, 15 * mm)
        canvas.setFont(REGULAR, 7.5)
        canvas.setFillColor(MUTED)
        canvas.drawString(LEFT, 11 * mm, date_format(timezone.localdate(self.made_at), "DATE_FORMAT"))
        said = _("Page %(page)s of %(pages)s") % {"page": page, "pages": pages}
        canvas.drawRightString(A4[0] - RIGHT, 11 * mm, drawable(said))
        canvas.restoreState()


def draw_logo(canvas, letterhead, x, top, width=LOGO_WIDTH, height=LOGO_HEIGHT):
    """The logo with its upper left corner at (x, top), as large as fits; false without one."""
    if not letterhead.logo:
        return False
    image = ImageReader(BytesIO(letterhead.logo))
    across, up = image.getSize()
    scale = min(width / across, height / up)
    canvas.drawImage(image, x, top - up * scale, across * scale, up * scale, mask="auto")
    return True


def draw_address(canvas, letterhead, x, top, to_the_right):
    """Name, address, telephone and e-mail under each other, beginning at (x, top) or, set to the right, ending at x."""
    draw = canvas.drawRightString if to_the_right else canvas.drawString
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, 9)
    draw(x, top - 7, clipped(letterhead.name, BOLD, 9, WIDTH * 0.6))
    canvas.setFont(REGULAR, 7.5)
    canvas.setFillColor(MUTED)
    for n, line in enumerate(filter(None, [letterhead.street, letterhead.town, letterhead.phone, letterhead.email])):
        draw(x, top - 18 - 10 * n, clipped(line, REGULAR, 7.5, WIDTH * 0.6))


def clipped(text, font, size, width):
    """The text on one line, cut with an ellipsis where it is wider than `width`."""
    text = " ".join(drawable(text).split())
    if pdfmetrics.stringWidth(text, font, size) <= width:
        return text
    low, high = 0, min(len(text), 2000)
    while low < high:
        middle = (low + high + 1) // 2
        fits = pdfmetrics.stringWidth(text[:middle].rstrip() + "…", font, size) <= width
        low, high = (middle, high) if fits else (low, middle - 1)
    return text[:low].rstrip() + "…"


def _rule():
    line = Table([[""]], colWidths=[WIDTH * 0.46], rowHeights=[1])
    line.setStyle([("LINEABOVE", (0, 0), (-1, 0), 0.6, INK)])
    line.hAlign = "LEFT"
    return line


def _table(rows, widths, lines, **kwargs):
    # A cell may be longer than a page: then its row is split.
    table = Table(rows, colWidths=widths, splitInRow=1, **kwargs)
    table.hAlign = "LEFT"
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
            *lines,
        ]
    )
    return table


class _Stamp:
    """When it was made, as the library asks for it."""

    def __init__(self, moment):
        moment = moment.astimezone(timezone.get_fixed_timezone(0))
        self.t = calendar.timegm(moment.utctimetuple())
        self.lt = moment.timetuple()
        self.YMDhms = tuple(self.lt)[:6]
        self.dhh = self.dmm = 0
        self.tzname = "UTC"


class _Stamped(Canvas):
    def __init__(self, *args, made_at, **kwargs):
        super().__init__(*args, **kwargs)
        self._doc._timeStamp = _Stamp(made_at)


def canvas_for(out, *, made_at, language, title, author):
    """A4 to draw on by hand, with the metadata that a `Document` has; writes to the open file `out`."""
    canvas = _Stamped(out, pagesize=A4, invariant=1, lang=language, made_at=made_at)
    canvas.setTitle(drawable(title))
    canvas.setAuthor(drawable(author))
    canvas.setCreator("Jobcenter CRM")
    canvas.setProducer("Jobcenter CRM")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas


class _Pages(_Stamped):
    """Holds the pages back until their number is known, and then gives each its foot."""

    def __init__(self, *args, document, **kwargs):
        super().__init__(*args, made_at=document.made_at, **kwargs)
        self._document, self._held = document, []

    def showPage(self):
        self._held.append(dict(self.__dict__))
        self._startPage()

    def save(self):
        for number, page in enumerate(self._held, start=1):
            self.__dict__.update(page)
            self._document.draw_foot(self, number, len(self._held))
            super().showPage()
        super().save()
