"""Fills in Word templates. What a template says is looked at before it is carried out (`language.py`)."""

from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError, TemplateSyntaxError
from lxml import etree
from PIL import Image

from jobcenter_crm.backstage.documents import uploads
from jobcenter_crm.backstage.documents.language import Environment, Reader, parse, written

TEMPLATE_LIMIT = 2 * 1024 * 1024
# Of the text of one part: the longest contract takes a tenth, and the work grows faster than the text.
PART_LIMIT = 4 * 1024 * 1024
LOGO_WIDTH, LOGO_HEIGHT = 52, 17


class BrokenTemplate(ValidationError):
    """The template can't be filled in; the text says why."""

    def __str__(self):
        return " ".join(self.messages)


class NotATemplate(BrokenTemplate):
    """The file is no Word document that may be a template; the text says why."""


def refuse_unless_word(data):
    """Raises `NotATemplate` for bytes that are no Word document, too large, or unfold to too much."""
    if len(data) > TEMPLATE_LIMIT:
        raise NotATemplate(_("The template is too large: at most 2 MB are taken."))
    try:
        if not uploads.open_word(BytesIO(data)):
            raise NotATemplate(_("This is not a Word document (.docx). Save it as one in Word, without macros."))
        _open(data)
    except NotATemplate:
        raise
    except ValidationError as refused:
        raise NotATemplate(refused.messages[0]) from refused


def parsed(data):
    """XML as a tree; nothing outside it is fetched. Raises `NotATemplate`."""
    if len(data) > PART_LIMIT:
        raise NotATemplate(_("The template holds far more text than a document does."))
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as broken:
        raise NotATemplate(_("The Word document is broken. Open it in Word, and save it again.")) from broken


def _open(data):
    try:
        template = _Template(BytesIO(data))
        template.init_docx()
        return template
    except Exception as broken:  # a broken file may fail in any way
        raise NotATemplate(_("The Word document is broken. Open it in Word, and save it again.")) from broken


def fill(data, fields, context, *, logo=b"", title="", author="", language=""):
    """The template `data` filled in with `context`, as bytes.

    `context` has dictionaries for groups, lists of dictionaries for lists, and texts; `logo` is a PNG or JPEG for the
    field `organisation.logo`. Raises `BrokenTemplate`.
    """
    refuse_unless_word(data)
    template = _open(data)
    template.reader = Reader(fields)
    if logo and "organisation" in context:
        context = context | {"organisation": context["organisation"] | {"logo": _picture(template, logo)}}
    try:
        template.render(context, Environment())
        facts = template.docx.core_properties
        facts.title, facts.author = _fact(title) or facts.title, _fact(author) or facts.author
        facts.language = language or facts.language
        filled = BytesIO()
        template.save(filled)
    except BrokenTemplate:
        raise
    except TemplateSyntaxError as broken:
        raise BrokenTemplate(_("Its tags don't fit together: %(why)s.") % {"why": broken.message}) from broken
    except TemplateError as broken:
        raise BrokenTemplate(_("It can't be filled in: %(why)s.") % {"why": broken.message}) from broken
    except Exception as broken:  # what a strange file does to the libraries
        raise BrokenTemplate(_("It can't be filled in. Open it in Word, and save it again.")) from broken
    return filled.getvalue()


def _fact(text):
    """A text as the facts of a Word file can hold it: on one line, and at most 255 characters."""
    return " ".join(written(text).split())[:255]


def _picture(template, data):
    with Image.open(BytesIO(data)) as image:
        across, up = image.size
    scale = min(LOGO_WIDTH / across, LOGO_HEIGHT / up)
    return InlineImage(template, BytesIO(data), width=Mm(across * scale))


class _Template(DocxTemplate):
    """Looks at each part before it carries it out, and at the result before it goes on with it."""

    reader = None

    def render_xml_part(self, src_xml, part, context, jinja_env=None):
        if len(src_xml) > PART_LIMIT:
            raise BrokenTemplate(_("The template holds far more text than a document does."))
        self._look_at(src_xml)
        made = super().render_xml_part(src_xml, part, context, jinja_env)
        try:
            etree.fromstring(made.encode(), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
        except etree.XMLSyntaxError as torn:
            raise BrokenTemplate(
                _("A list or condition begins in one paragraph and ends in another. Write {%p ... %} for both.")
            ) from torn
        return made

    def render_properties(self, context, jinja_env=None):
        facts = self.docx.core_properties
        for text in (facts.author, facts.comments, facts.identifier, facts.language, facts.subject, facts.title):
            self._look_at(text)
        super().render_properties(context, jinja_env)

    def _look_at(self, source):
        if problems := self.reader.problems_in(parse(source)):
            raise BrokenTemplate(problems[0])
