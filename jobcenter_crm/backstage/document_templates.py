"""Words documents by their templates: the one a steward has put in use, or else the built-in one."""

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.formats import date_format

from jobcenter_crm.backstage.documents import checking, word
from jobcenter_crm.backstage.documents.fields import example_of
from jobcenter_crm.backstage.documents.kinds import kind_named
from jobcenter_crm.backstage.documents.letterhead import Letterhead
from jobcenter_crm.backstage.models import DocumentTemplate, StoredFile

LANGUAGES = ("da", "en")


class Refused(Exception):
    """The template has problems: a list of `checking.Problem`."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__(len(problems))


class SomebodyWasFaster(Exception):
    """A colleague has replaced the same template in this very moment."""


def in_use(kind, language):
    """What a steward has put in use for that kind's name; None: the built-in one."""
    return DocumentTemplate.objects.in_use().of(kind, language).select_related("stored", "uploaded_by").first()


def content(kind, language, template):
    """The bytes of `template`, or of the built-in one if that is None."""
    if template is None:
        return kind.built_in(language)
    with template.stored.file.open("rb") as opened:
        return opened.read()


def make(name, context, *, language, on, title=""):
    """A Word document of the kind `name`, as bytes.

    `context` has the fields that the kind offers; those of the house are added. `on` is the day it is made. Raises
    `word.BrokenTemplate`, in words, if a template in use asks for what there is no more, and `FileNotFoundError` if
    its file is gone.
    """
    kind = kind_named(name)
    return filled(kind, content(kind, language, in_use(name, language)), context, language=language, on=on, title=title)


def filled(kind, template, context, *, language, on, title=""):
    """The bytes `template` filled in for `make`."""
    letterhead = Letterhead.ours()
    with translation.override(language):
        today = date_format(on, "DATE_FORMAT")
    house = {
        "organisation": {
            "name": letterhead.name,
            "street": letterhead.street,
            "town": letterhead.town,
            "address": letterhead.address,
            "phone": letterhead.phone,
            "email": letterhead.email,
            "logo": "",
        },
        "today": today,
    }
    return word.fill(
        template,
        kind.all_fields,
        context | house,
        logo=letterhead.logo,
        title=title,
        author=letterhead.name,
        language=language,
    )


def example(kind, language, *, on):
    """The template in use filled in with the examples of its fields."""
    with translation.override(language):
        context = example_of(kind.fields)
        title = str(kind.label)
    return filled(
        kind, content(kind, language, in_use(kind.name, language)), context, language=language, on=on, title=title
    )


def replace(*, kind, language, file, by):
    """Put the upload `file` in use; what was in use before is kept among the earlier ones.

    Raises `Refused` with what is wrong with it, `word.NotATemplate` for what is no Word document, and
    `SomebodyWasFaster`.
    """
    if file.size > word.TEMPLATE_LIMIT:
        word.refuse_unless_word(b"\0" * (word.TEMPLATE_LIMIT + 1))
    file.seek(0)
    data = file.read()
    file.seek(0)
    if problems := checking.problems_of(data, kind.all_fields):
        raise Refused(problems)
    try:
        with transaction.atomic():
            go_back(kind=kind, language=language, by=by)
            return DocumentTemplate.objects.create(
                kind=kind.name,
                language=language,
                stored=StoredFile.keep(file, by=by, limit=word.TEMPLATE_LIMIT),
                fields=kind.names(),
                uploaded_by=by,
            )
    except IntegrityError as doubled:
        raise SomebodyWasFaster from doubled


@transaction.atomic
def go_back(*, kind, language, by):
    """Use the built-in template again; returns how many were in use: one or none."""
    mine = DocumentTemplate.objects.in_use().of(kind.name, language)
    return mine.update(replaced_at=timezone.now(), replaced_by=by)
