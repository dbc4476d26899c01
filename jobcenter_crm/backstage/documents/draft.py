"""Writes the Word template a kind of document begins with, in the house style; a steward then goes on from it in Word."""

from contextlib import contextmanager
from io import BytesIO

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

INK, MUTED = RGBColor(0x1B, 0x21, 0x26), RGBColor(0x56, 0x60, 0x6A)
FONT = "Arial"
WIDTH = 168


class Draft:
    """A Word template, written from top to bottom. Texts may hold tags of a template, such as `{{ today }}`."""

    def __init__(self, *, language, page_of):
        """`page_of` is what stands at the foot before and between the two numbers, as ("Page ", " of ")."""
        self.document = docx.Document()
        self._set_styles(language)
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(22), Mm(20)
        section.top_margin, section.bottom_margin = Mm(38), Mm(22)
        section.header_distance, section.footer_distance = Mm(12), Mm(11)
        self._write_head(section.header)
        self._write_foot(section.footer, page_of)

    def title(self, text, lead=""):
        self.document.add_paragraph(text, style="Title")
        if lead:
            self._paragraph(lead, muted=True)

    def heading(self, text):
        self.document.add_paragraph(text, style="Heading 1")

    def paragraph(self, text):
        self._paragraph(text)

    def bullet(self, text):
        self.document.add_paragraph(text, style="List Bullet")

    @contextmanager
    def when(self, condition):
        """What is written within is there only if the condition holds, as `agreement.goals`."""
        self._paragraph(f"{{%p if {condition} %}}")
        yield
        self._paragraph("{%p endif %}")

    @contextmanager
    def each(self, loop):
        """What is written within is repeated, as `goal in agreement.goals`."""
        self._paragraph(f"{{%p for {loop} %}}")
        yield
        self._paragraph("{%p endfor %}")

    def facts(self, rows, *, label_width=44):
        """Rows of (label, text). A third part is a condition: without it the row is left out."""
        table = self._table([label_width, WIDTH - label_width])
        for label, text, *condition in rows:
            if condition:
                table.add_row().cells[0].text = f"{{%tr if {condition[0]} %}}"
            cells = table.add_row().cells
            _say(cells[0], label, muted=True)
            _say(cells[1], text)
            if condition:
                table.add_row().cells[0].text = "{%tr endif %}"
        self.document.add_paragraph()

    def table(self, headings, cells, *, each, figures=(), widths=None):
        """A table with one row for `each`, as `goal in agreement.goals`; `figures` are the columns set to the right."""
        shares = widths or [1 if n in figures else 2 for n in range(len(headings))]
        table = self._table([WIDTH * share / sum(shares) for share in shares])
        for n, (cell, text) in enumerate(zip(table.add_row().cells, headings, strict=True)):
            _say(cell, text, muted=True, to_the_right=n in figures)
        repeated = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
        table.add_row().cells[0].text = f"{{%tr for {each} %}}"
        for n, (cell, text) in enumerate(zip(table.add_row().cells, cells, strict=True)):
            _say(cell, text, to_the_right=n in figures)
        table.add_row().cells[0].text = "{%tr endfor %}"
        self.document.add_paragraph()

    def signatures(self, parties, under_the_line):
        """Lines to sign on, two beside each other, for each of (party, who signs)."""
        for n in range(0, len(parties), 2):
            table = self.document.add_table(rows=1, cols=3)
            _set_widths(table, [76, 16, 76])
            for cell, (party, who) in zip(table.rows[0].cells[::2], parties[n : n + 2], strict=False):
                cell.paragraphs[0].paragraph_format.space_before = Mm(14)
                _line_above(cell.add_paragraph(style="Small"))
                cell.paragraphs[-1].add_run(under_the_line)
                cell.add_paragraph().add_run(party).bold = True
                cell.add_paragraph(who)

    def as_bytes(self):
        out = BytesIO()
        self.document.save(out)
        return out.getvalue()

    def _paragraph(self, text, muted=False):
        run = self.document.add_paragraph().add_run(text)
        if muted:
            run.font.color.rgb = MUTED

    def _table(self, widths):
        table = self.document.add_table(rows=0, cols=len(widths))
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        _set_widths(table, widths)
        _draw_lines(table)
        return table

    def _set_styles(self, language):
        styles = self.document.styles
        for name, size, bold, before, after in [
            ("Normal", 10, None, 0, 4),
            ("Title", 18, True, 0, 2),
            ("Heading 1", 12, True, 12, 3),
            ("List Bullet", 10, None, 0, 2),
        ]:
            style = styles[name]
            style.font.name, style.font.size, style.font.bold, style.font.color.rgb = FONT, Pt(size), bold, INK
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{kind}"), None)
            for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
                fonts.set(qn(f"w:{kind}"), FONT)
            # The line under the title that the library's own template draws.
            for border in style.element.findall(f".//{qn('w:pBdr')}"):
                border.getparent().remove(border)
        small = styles.add_style("Small", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
        small.base_style = styles["Normal"]
        small.font.size, small.font.color.rgb = Pt(8), MUTED
        small.paragraph_format.space_after = Pt(0)
        spoken = OxmlElement("w:lang")
        spoken.set(qn("w:val"), {"da": "da-DK", "en": "en-GB"}[language])
        styles["Normal"].element.get_or_add_rPr().append(spoken)
        self.document.core_properties.language = language
        for name in ("author", "comments", "title", "subject", "keywords"):
            setattr(self.document.core_properties, name, "")

    def _write_head(self, header):
        table = header.add_table(1, 2, Mm(WIDTH))
        _set_widths(table, [84, 84])
        logo, sender = table.rows[0].cells
        logo.paragraphs[0].add_run("{{ organisation.logo }}")
        sender.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        sender.paragraphs[0].add_run("{{ organisation.name }}").bold = True
        for field in ("street", "town", "phone", "email"):
            line = sender.add_paragraph(f"{{{{ organisation.{field} }}}}", style="Small")
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        first = header.paragraphs[0]._p
        first.getparent().remove(first)
        # Word wants a paragraph after a table.
        header.add_paragraph()

    def _write_foot(self, footer, page_of):
        line = footer.paragraphs[0]
        line.style = self.document.styles["Small"]
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.add_run(page_of[0])
        _add_number(line, "PAGE")
        line.add_run(page_of[1])
        _add_number(line, "NUMPAGES")


def _say(cell, text, muted=False, to_the_right=False):
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    if muted:
        run.font.color.rgb = MUTED
    if to_the_right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _set_widths(table, widths):
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _draw_lines(table):
    """Hairlines under the rows, none between the columns."""
    borders = OxmlElement("w:tblBorders")
    for side in ("bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "C9CED3")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    # Word wants them in this order.
    table._tbl.tblPr.find(qn("w:tblLayout")).addprevious(borders)


def _line_above(paragraph):
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "2"), ("color", "1B2126")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def _add_number(paragraph, what):
    """A field of Word's own: the number of the page, or of all pages."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), what)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)
