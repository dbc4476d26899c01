"""The kinds of file that can be brought in: what each tells of, how it is read, and what its page says.

Reading, previewing, naming columns, rejected rows and progress are the same for all of them. The register's
own kind stands here; a higher app registers its own in `apps.ready()`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from companies.register import importer, words
from companies.register.columns import COLUMNS
from companies.register.headings import REGISTER, Layout
from companies.register.reasons import SENTENCES
from companies.register.rows import RowRules, Rules


@dataclass(frozen=True)
class ImportKind:
    """One kind of file.

    `reading(path, *, today, mapping, progress)` reads a file to its end, as `importer.Reading` does;
    `compare(reading, progress)` gives `(Counts, Sample)` and writes nothing; `take_in(reading,
    register_import, progress)` writes and gives the `Counts`. `figures` is {outcome: (word, what happens
    to such rows)} in the order of the page, `never` says what such a file never changes, `lead` what it
    is for, `template` names the URL of a workbook to fill in, if there is one. `needs` is said beside the
    field for the file.

    `columns` are our columns with their labels, in the groups and the order in which a person chooses among
    them: {group: {column: label}}. `words` puts facts of the sample in words: anything with `lines`, `label`
    and `GROUPS` as in `register/words.py`. `check_row(register_import, cells, today)` gives the remarks on
    one row that somebody has corrected; without it the row is only looked at when it is read again.
    `possible_places(register_import, cells, today)` gives the workplaces that such a row can mean where it does not
    say which of several, `[(P-number, in words)]`, for a kind whose rows mean workplaces that there must be.
    `rules` say how long a cell may be and how much of it is kept. `sentences` are the reasons that only this kind
    gives, {code: sentence}. `questions()` gives the fields, {name: field}, that are asked together with the file; what
    is answered is kept with the import, handed to `reading` as `answers`, and told again by `answered(answers)`.
    `before_keeping(upload)` gives the file as it may be stored, and what is left out of it, if anything, as
    `left_out(that)` says it on the page of the import; it raises `ValidationError` for one that may not be stored at all.
    Whoever has the `permission` may bring in files of this kind, and sees the imports of it.
    """

    name: str
    label: str
    lead: str
    never: str
    layout: Layout
    reading: Callable
    compare: Callable
    take_in: Callable
    figures: dict
    template: str = ""
    needs: str = ""
    columns: dict = field(default_factory=dict)
    words: Any = words
    check_row: Callable | None = None
    possible_places: Callable | None = None
    rules: type[RowRules] = Rules
    sentences: dict = field(default_factory=dict)
    questions: Callable = dict
    answered: Callable | None = None
    before_keeping: Callable | None = None
    left_out: Callable | None = None
    permission: str = "companies.import_register"

    @property
    def labels(self):
        """{our column: its label}; a column nobody has put in words stands for itself."""
        named = {column: label for group in self.columns.values() for column, label in group.items()}
        return dict(zip(self.layout.columns, self.layout.columns, strict=True)) | named


_kinds = {}


def register(kind):
    """Make a kind known, and what it says of rows and files; called from `AppConfig.ready()`."""
    _kinds[kind.name] = kind
    SENTENCES.update(kind.sentences)
    return kind


def kind_of(name):
    """The kind of that name. Raises `KeyError` for one that no app has registered."""
    return _kinds[name]


def all_kinds():
    return list(_kinds.values())


def kinds_for(user):
    """The kinds of file that `user` may bring in."""
    return [kind for kind in _kinds.values() if user.has_perm(kind.permission)]


def may_import(user):
    """Whether there is a kind of file that `user` may bring in."""
    return bool(kinds_for(user))


register(
    ImportKind(
        name="register",
        label=_("The register"),
        lead=_("Companies from the public register. You see what would change before anything does."),
        never=_("Group, responsible consultant, warnings and notes are never changed by an import."),
        layout=REGISTER,
        reading=importer.Reading,
        compare=importer.compare,
        take_in=importer.take_in,
        figures={
            "new": (pgettext_lazy("rows of a file", "new"), _("come in without group and responsible consultant")),
            "changed": (pgettext_lazy("rows of a file", "changed"), _("register facts are updated")),
            "ceased": (pgettext_lazy("rows of a file", "ceased"), _("are marked, never deleted")),
            "unchanged": (pgettext_lazy("rows of a file", "unchanged"), _("are left as they are")),
            "repeated": (pgettext_lazy("rows of a file", "repeated"), _("count once, the last holds")),
            "rejected": (pgettext_lazy("rows of a file", "rejected"), _("are skipped")),
        },
        needs=_(
            "From the public register, or any file with CVR number and name: CSV, Excel or the register's JSON, also "
            "packed by zip or gzip. At most 500 MB."
        ),
        columns=COLUMNS,
        check_row=importer.check_row,
    )
)
