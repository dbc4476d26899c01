"""Forms of papers: a file that is added, one that is erased, and a paper that has been filed."""

from django import forms
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from companies.attachments import AttachmentField, refuse_maybe_cpr
from contacts.follow_up_forms import Cautious
from partnerships.forms import DayForm
from partnerships.models import Document

LANGUAGES = [("da", gettext_lazy("Danish")), ("en", gettext_lazy("English"))]


class DocumentForm(Cautious, forms.Form):
    """One file to keep with an agreement."""

    file = AttachmentField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF, Word or a picture, at most 15 MB. Its text is looked through for CPR numbers."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What is it?"), choices=Document.Kind, initial=Document.Kind.OTHER)
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=120, required=False,
        help_text=gettext_lazy("Empty: the name of the file. Never a citizen's name."),
    )  # fmt: skip
    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    FREE_TEXT = ("title",)

    def clean(self):
        facts = super().clean()
        if not facts.get("not_cpr"):
            try:
                refuse_maybe_cpr(facts.get("file"))
            except forms.ValidationError as error:
                self.warns_of_cpr = True
                self.add_error("file", error)
        return facts


class EraseForm(Cautious, forms.Form):
    """Why a file is erased."""

    why = forms.CharField(
        label=gettext_lazy("Why?"), max_length=200,
        help_text=gettext_lazy("Such as: the wrong file. It stays here, with your name."),
    )  # fmt: skip
    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    FREE_TEXT = ("why",)


class FilingForm(Cautious, DayForm):
    """That a paper has been filed. `papers` are those there are, as `document_pages.papers_of` gives them."""

    paper = forms.ChoiceField(label=gettext_lazy("Which paper?"), widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=gettext_lazy("In which language?"), choices=LANGUAGES, widget=forms.RadioSelect, required=False
    )
    number = forms.CharField(label=gettext_lazy("Number in the case system"), max_length=60)
    again = forms.BooleanField(label=gettext_lazy("It has been filed once more"), required=False)
    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    FREE_TEXT = ("number",)
    field_order = ["paper", "language", "on", "number"]
    warns_of_filing = False

    def __init__(self, *args, papers, **kwargs):
        super().__init__(*args, **kwargs)
        self.papers = {paper.key: paper for paper in papers}
        self.fields["paper"].choices = [(paper.key, paper.label) for paper in papers]
        self.fields["paper"].error_messages["required"] = _("Choose the paper that was filed.")
        self.fields["on"].label = _("Filed on")
        self.initial.setdefault("language", get_language()[:2])
        if len(papers) == 1:
            self.initial.setdefault("paper", papers[0].key)

    def clean_number(self):
        return " ".join(self.cleaned_data["number"].split())

    def clean(self):
        facts = super().clean()
        paper = self.papers.get(facts.get("paper"))
        if paper and paper.filings and not facts.get("again"):
            earlier = paper.filings[-1]
            said = _(
                "It was filed on %(day)s by %(who)s, as %(number)s. Tick below if it has been filed once more."
            ) % {
                "day": date_format(earlier.filed_on, "DATE_FORMAT"),
                "who": earlier.by,
                "number": earlier.number,
            }
            self.warns_of_filing = True
            self.add_error("paper", forms.ValidationError(said, code="filed"))
        return facts

    @property
    def chosen(self):
        """The paper that was filed."""
        return self.papers[self.cleaned_data["paper"]]
