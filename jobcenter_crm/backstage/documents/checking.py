"""Looks a Word template through, place by place, so that whoever wrote it can find what is wrong with it.

A template is a Word file with tags. `{{ field }}` is filled in. `{% for one in list %}`, `{% if field %}`, `{% else %}`
and `{% endif %}` or `{% endfor %}` stand within one paragraph; written `{%p ... %}` they stand alone in a paragraph and
span paragraphs, written `{%tr ... %}` they stand alone in a row of a table and span rows.
"""

import re
import zipfile
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO

from django.utils.translation import gettext as _

from jobcenter_crm.backstage.documents import word
from jobcenter_crm.backstage.documents.fields import blank_of, example_of
from jobcenter_crm.backstage.documents.language import DEEPEST, Reader

MOST_SHOWN = 60
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_OPENING_OR_END = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_INSIDE = re.compile(r"\{[{%]-?(p|tr|tc|r)?(?=[\s\-])\s*(.*?)\s*-?[}%]\}", re.DOTALL)
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\u00a0": " "})


@dataclass(frozen=True)
class Problem:
    """Something wrong with a template: where, the text that stands there, and what it is, in words."""

    place: str
    text: str
    words: str


@dataclass
class _Open:
    """A list or condition that has begun and not ended."""

    keyword: str
    prefix: str
    container: object
    place: str
    text: str
    scope: dict


@dataclass
class _Walk:
    reader: Reader
    problems: list = field(default_factory=list)
    open: list = field(default_factory=list)
    counted: dict = field(default_factory=dict)

    @property
    def scope(self):
        return self.open[-1].scope if self.open else {}

    def say(self, place, text, words):
        text = " ".join(text.split())
        shown = text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1].rstrip()}…"
        problem = Problem(place, shown, words)
        if problem not in self.problems:
            self.problems.append(problem)

    def number(self, what):
        self.counted[what] = self.counted.get(what, 0) + 1
        return self.counted[what]


def problems_of(data, fields):
    """What is wrong with the template `data` (bytes), as a list of `Problem`; empty: it can be used.

    Raises `word.NotATemplate` for a file that can't be opened at all.
    """
    word.refuse_unless_word(data)
    walk = _Walk(Reader(fields))
    with zipfile.ZipFile(BytesIO(data)) as package:
        for name, place in _parts(package.namelist()):
            root = word.parsed(package.read(name))
            walk.counted = {}
            _look_through(root, place, walk)
            _close_all(walk)
    if not walk.problems:
        _try_out(data, fields, walk)
    return walk.problems


def _parts(names):
    """The parts that are filled in, in the order in which people look, with what each is called."""
    known = [
        (r"word/header\d*\.xml", _("Header")),
        (r"word/document\.xml", ""),
        (r"word/footer\d*\.xml", _("Footer")),
        (r"word/footnotes\.xml", _("Footnotes")),
    ]
    for pattern, place in known:
        for name in sorted(names):
            if re.fullmatch(pattern, name):
                yield name, place


def _look_through(element, place, walk, cell=None):
    """All paragraphs below `element`; those of tables and text boxes are named by where they stand."""
    for child in element:
        tag = _tag(child)
        if tag == "p":
            _look_at_paragraph(child, place, walk, cell)
        elif tag == "tbl":
            _look_at_table(child, place, walk)
        elif tag != "Fallback":
            # Fallback repeats a text box for old versions of Word.
            _look_through(child, place, walk, cell)


def _look_at_table(table, place, walk):
    n = walk.number("table")
    rows = [child for child in table.iter() if _tag(child) == "tr" and _nearest(child, "tbl") is table]
    for r, row in enumerate(rows, start=1):
        cells = [child for child in row.iter() if _tag(child) == "tc" and _nearest(child, "tr") is row]
        for c, one in enumerate(cells, start=1):
            where = _("table %(table)s, row %(row)s, column %(column)s") % {"table": n, "row": r, "column": c}
            _look_through(one, _join(place, where), walk, cell=one)


def _look_at_paragraph(paragraph, place, walk, cell):
    text = _text_of(paragraph)
    if text.strip():
        n = walk.number(place or "body")
        where = place if cell is not None else _join(place, _("paragraph %(n)s") % {"n": n})
        _look_at_text(text, where, walk, paragraph, cell)
    for box in paragraph.iter():
        if _tag(box) == "txbxContent" and _nearest(box, "p") is paragraph and not _within(box, "Fallback"):
            _look_through(box, _join(place, _("text box")), walk)


def _look_at_text(text, place, walk, paragraph, cell):
    rest = _TAG.sub("", text)
    if torn := _OPENING_OR_END.search(rest):
        walk.say(place, text, _torn(torn[0]))
    for tag in _TAG.findall(text):
        if tag.startswith("{#"):
            continue
        inside = _INSIDE.fullmatch(tag) or re.fullmatch(r"\{[{%]()(.*?)[}%]\}", tag, re.DOTALL)
        prefix, said = inside[1] or "", " ".join(inside[2].translate(_QUOTES).split())
        if tag.startswith("{{"):
            for words in walk.reader.problems_in_expression(said, walk.scope, printed=True):
                walk.say(place, text, words)
            if prefix in ("p", "tr", "tc"):
                walk.say(place, text, _("A field is written {{ field }}, without a letter before it."))
        else:
            _look_at_statement(said, prefix, _Spot(text, place, paragraph, cell), walk)


@dataclass(frozen=True)
class _Spot:
    text: str
    place: str
    paragraph: object
    cell: object

    def container(self, prefix):
        """What a list or condition that begins here must end in."""
        if prefix == "p":
            return self.paragraph.getparent()
        if prefix == "tr":
            return _nearest(self.paragraph, "tbl")
        if prefix == "tc":
            return _nearest(self.paragraph, "tr")
        return self.paragraph

    def is_alone(self, prefix):
        whole = {"p": self.paragraph, "tr": _nearest(self.paragraph, "tr"), "tc": self.cell}.get(prefix)
        if whole is None:
            return True
        return len(_TAG.findall("".join(whole.itertext()))) == 1 and not _TAG.sub("", _all_text(whole)).strip()


def _look_at_statement(said, prefix, spot, walk):
    keyword, _blank, rest = said.partition(" ")
    say = partial(walk.say, spot.place, spot.text)
    if prefix in ("tr", "tc") and spot.cell is None:
        say(_("{%tr ... %} stands in a row of a table; here is none."))
        return
    if not spot.is_alone(prefix):
        say(
            _("{%p ... %} stands alone in its paragraph: what else is there would be lost.")
            if prefix == "p"
            else _("{%tr ... %} stands alone in its row: what else is there would be lost.")
        )
    begun = walk.open[-1] if walk.open else None
    if keyword in ("for", "if"):
        scope = dict(walk.scope)
        if keyword == "for":
            name, row, problems = walk.reader.row_of(rest, scope)
            scope |= {name or "": row or "any", "loop": "loop"}
            if sum(one.keyword == "for" for one in walk.open) >= DEEPEST:
                problems = [*problems, _("Lists are nested too deeply.")]
        else:
            problems = walk.reader.problems_in_expression(rest, scope, printed=False)
        for words in problems:
            say(words)
        walk.open.append(_Open(keyword, prefix, spot.container(prefix), spot.place, spot.text, scope))
    elif keyword in ("elif", "else", "endif", "endfor"):
        wanted = "for" if keyword == "endfor" else "if"
        if begun is None or begun.keyword != wanted:
            say(_('"%(end)s" has no "%(begin)s" that it belongs to.') % {"end": keyword, "begin": wanted})
            return
        if keyword == "elif":
            for words in walk.reader.problems_in_expression(rest, walk.scope, printed=False):
                say(words)
        if begun.prefix != prefix or begun.container is not spot.container(prefix):
            say(_how_to_span(begun))
        if keyword.startswith("end"):
            walk.open.pop()
    else:
        say(_('"%(word)s" can\'t be used here; there are "for" and "if".') % {"word": keyword})


def _how_to_span(begun):
    words = {
        "": _(
            '"%(begin)s" and its end must stand in the same paragraph. To span several, write {%%p ... %%} for both.'
        ),
        "p": _('"%(begin)s" and its end must both be written {%%p ... %%}, in the same cell or outside of all tables.'),
        "tr": _('"%(begin)s" and its end must both be written {%%tr ... %%}, in the same table.'),
        "tc": _('"%(begin)s" and its end must both be written {%%tc ... %%}, in the same row.'),
    }
    return words.get(begun.prefix, words[""]) % {"begin": begun.keyword}


def _close_all(walk):
    for begun in walk.open:
        end = {"for": "{% endfor %}", "if": "{% endif %}"}[begun.keyword]
        walk.say(begun.place, begun.text, _('"%(begin)s" has no end: %(end)s.') % {"begin": begun.keyword, "end": end})
    walk.open.clear()


def _torn(sign):
    ends = {"{{": "}}", "{%": "%}", "{#": "#}"}
    if sign in ends:
        return _('"%(begin)s" has no "%(end)s" in this paragraph.') % {"begin": sign, "end": ends[sign]}
    begins = {end: begin for begin, end in ends.items()}
    return _('"%(end)s" has no "%(begin)s" before it in this paragraph.') % {"end": sign, "begin": begins[sign]}


def _try_out(data, fields, walk):
    """Fill it in, once with examples and once with nothing: what only then shows is said of the whole."""
    for context in (example_of(fields), blank_of(fields)):
        try:
            word.fill(data, fields, context)
        except word.BrokenTemplate as broken:
            walk.say(_("the document"), "", str(broken))
            return


def _text_of(paragraph):
    """What is written in the paragraph itself, without that of the text boxes in it."""
    said = []
    for element in paragraph.iter():
        tag = _tag(element)
        if tag in ("t", "tab", "br", "cr") and _nearest(element, "p") is paragraph:
            said.append((element.text or "") if tag == "t" else " ")
    return "".join(said)


def _all_text(element):
    return "".join(one.text or "" for one in element.iter() if _tag(one) == "t")


def _tag(element):
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _nearest(element, tag):
    return next((one for one in element.iterancestors() if _tag(one) == tag), None)


def _within(element, tag):
    return _nearest(element, tag) is not None


def _join(*places):
    return ", ".join(place for place in places if place)
