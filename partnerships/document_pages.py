"""The papers of an agreement: fetched as PDF and Word, added, handed out, erased, and noted as filed."""

import hashlib
from dataclasses import dataclass, field
from urllib.parse import urlencode

import structlog
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from contacts.actions import NotNow
from jobcenter_crm.backstage.documents.word import BrokenTemplate
from jobcenter_crm.backstage.files import hand_out, hand_out_made
from jobcenter_crm.frame.addresses import number
from partnerships import documents, papers
from partnerships.document_forms import DocumentForm, EraseForm, FilingForm
from partnerships.models import Agreement, Document, Filing, Review

log = structlog.get_logger(__name__)

LANGUAGES = ("da", "en")
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
private = cache_control(private=True, no_store=True)


def language_of(request):
    """The language of a paper: the one that the address names, or else the reader's."""
    asked = request.GET.get("lang")
    return asked if asked in LANGUAGES else translation.get_language()[:2]


def _agreement(pk):
    return get_object_or_404(Agreement.objects.select_related("company", "workplace"), pk=pk)


def _paper(request, pk):
    """The version that the address names, or what holds or is written now."""
    agreement = _agreement(pk)
    if "version" not in request.GET:
        return papers.of_now(agreement, timezone.now())
    version = agreement.versions.filter(number=number(request.GET["version"]) or 0).first()
    if version is None:
        raise Http404(_("There is no such version of the agreement."))
    version.agreement = agreement
    return papers.of_version(version, papers.numbers_of(version))


@require_safe
@permission_required("partnerships.view_agreement", raise_exception=True)
def agreement_pdf(request, pk):
    """The agreement as PDF."""
    paper, language = _paper(request, pk), language_of(request)
    log.info("paper_handed_out", agreement=pk, version=paper.number, by=request.user.pk)
    return hand_out_made(papers.pdf_of(paper, language), f"{papers.name_of(paper, language)}.pdf", content_type=PDF)


@require_safe
@permission_required("partnerships.view_agreement", raise_exception=True)
def agreement_word(request, pk):
    """The agreement as Word, for the parties to edit."""
    paper, language = _paper(request, pk), language_of(request)
    try:
        made = papers.word_of(paper, language)
    except (BrokenTemplate, FileNotFoundError) as broken:
        why = str(broken) if isinstance(broken, BrokenTemplate) else _("The template's file is gone.")
        messages.error(
            request,
            _("The Word template of the job centre can't be filled in: %(why)s A data steward can put it right.")
            % {"why": why},
        )
        return redirect(paper.agreement)
    log.info("paper_handed_out", agreement=pk, version=paper.number, by=request.user.pk)
    return hand_out_made(made, f"{papers.name_of(paper, language)}.docx", content_type=WORD)


@require_safe
@permission_required("partnerships.view_review", raise_exception=True)
def review_pdf(request, pk):
    """A held review as PDF."""
    review = get_object_or_404(_reviews(), pk=pk)
    language = language_of(request)
    log.info("paper_handed_out", agreement=review.agreement_id, review=pk, by=request.user.pk)
    made = papers.review_pdf(review, language)
    return hand_out_made(made, f"{papers.name_of_review(review, language)}.pdf", content_type=PDF)


def _reviews():
    return Review.objects.held().select_related("agreement__company", "agreement__workplace", "held_by")


@private
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("partnerships.add_document", raise_exception=True)
def add(request, pk):
    """Keep one more file with the agreement."""
    agreement = _agreement(pk)
    form = DocumentForm(request.POST, request.FILES) if request.method == "POST" else DocumentForm()
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        added = documents.add(
            agreement=agreement, upload=facts["file"], kind=facts["kind"], title=facts["title"], by=request.user
        )
        messages.success(request, _("Added: %(what)s.") % {"what": added})
        return redirect(agreement)
    return _sheet(request, "partnerships/document_add.html", agreement, form)


def _sheet(request, template, agreement, form, **context):
    context |= {"form": form, "agreement": agreement, "workplace": agreement.workplace}
    return render(request, template, context, status=422 if form.errors else 200)


def _document(pk):
    found = Document.objects.select_related(
        "agreement__company", "agreement__workplace", "stored", "added_by", "erased_by"
    )
    return get_object_or_404(found, pk=pk)


@private
@require_safe
@permission_required("partnerships.view_document", raise_exception=True)
def document(request, pk):
    """The file, as a download."""
    found = _document(pk)
    if found.is_erased:
        context = {"document": found, "agreement": found.agreement}
        return render(request, "partnerships/document_erased.html", context, status=404)
    log.info("document_handed_out", document=pk, agreement=found.agreement_id, by=request.user.pk)
    return hand_out(found.stored)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("partnerships.change_document", raise_exception=True)
def erase(request, pk):
    """Erase the content of a file, with a reason."""
    found = _document(pk)
    if found.is_erased and request.method != "POST":
        messages.info(request, _("%(name)s has erased it already.") % {"name": found.erased_by})
        return redirect(found.agreement)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            documents.erase(document=found, by=request.user, why=form.cleaned_data["why"])
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Erased: %(what)s.") % {"what": found})
            return redirect(found.agreement)
    return _sheet(request, "partnerships/document_erase.html", found.agreement, form, document=found)


@dataclass
class Choice:
    """A paper that can be filed: how the form calls it, where it is fetched, and when it was filed until now."""

    key: str
    label: str
    thing: object
    urls: list
    filings: list = field(default_factory=list)

    @property
    def name(self):
        """What the filing calls a paper of this sort."""
        return self.key.partition("-")[0]


def papers_of(agreement, filings):
    """All papers of an agreement that can be filed, the newest version first."""
    found = [_version_choice(one) for one in agreement.versions.all()]
    found += [_review_choice(one) for one in _reviews().filter(agreement=agreement)]
    kept = agreement.documents.filter(erased_at=None)
    found += [
        Choice(f"document-{one.pk}", _kind_and_name(one), one, [(one.get_absolute_url(), one.name)]) for one in kept
    ]
    by_key = {choice.key: choice for choice in found}
    for filing in filings:
        if choice := by_key.get(_key(filing)):
            choice.filings.append(filing)
    return found


def _key(filing):
    if filing.version_id:
        return f"version-{filing.version_id}"
    return f"review-{filing.review_id}" if filing.review_id else f"document-{filing.document_id}"


def _version_choice(version):
    label = _("Version %(number)s, holds from %(day)s") % {
        "number": version.number,
        "day": date_format(version.on, "DATE_FORMAT"),
    }
    url = reverse("partnerships:agreement_pdf", args=[version.agreement_id])
    return Choice(f"version-{version.pk}", label, version, _in_both_languages(url, version=version.number))


def _review_choice(review):
    label = _("Review of %(day)s") % {"day": date_format(review.held_on, "DATE_FORMAT")}
    url = reverse("partnerships:review_pdf", args=[review.pk])
    return Choice(f"review-{review.pk}", label, review, _in_both_languages(url))


def _in_both_languages(url, **more):
    named = (("da", _("PDF in Danish")), ("en", _("PDF in English")))
    return [(f"{url}?{urlencode(more | {'lang': language})}", words) for language, words in named]


def _kind_and_name(document):
    return f"{document.get_kind_display()}: {document}"


def _filings(agreement):
    return list(agreement.filings.select_related("by", "version", "review", "document").order_by("filed_on", "pk"))


@private
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("partnerships.view_document", raise_exception=True)
@permission_required("partnerships.add_filing", raise_exception=True)
def file(request, pk):
    """Fetch a paper for the case system, and note that it has been filed there."""
    agreement = _agreement(pk)
    filings = _filings(agreement)
    choices = papers_of(agreement, filings)
    form = FilingForm(
        request.POST if request.method == "POST" else None,
        agreement=agreement,
        today=timezone.localdate(),
        papers=choices,
    )
    if request.method == "POST" and form.is_valid():
        facts, chosen = form.cleaned_data, form.chosen
        documents.note_filing(
            agreement=agreement,
            filed_on=facts["on"],
            number=facts["number"],
            sha256=_sha256(agreement, chosen, facts["language"] or translation.get_language()[:2]),
            by=request.user,
            **{chosen.name: chosen.thing},
        )
        messages.success(request, _("Noted as filed: %(number)s.") % {"number": facts["number"]})
        return redirect(agreement)
    context = {
        "form": form,
        "agreement": agreement,
        "workplace": agreement.workplace,
        "choices": list(zip(form["paper"], choices, strict=True)),
        "filings": [told(one) for one in reversed(filings)],
    }
    return render(request, "partnerships/filing.html", context, status=422 if form.errors else 200)


def _sha256(agreement, chosen, language):
    """Of the file as it is handed out, before this filing is noted."""
    if chosen.name == "document":
        return chosen.thing.sha256
    if chosen.name == "review":
        return hashlib.sha256(papers.review_pdf(chosen.thing, language)).hexdigest()
    chosen.thing.agreement = agreement
    paper = papers.of_version(chosen.thing, papers.numbers_of(chosen.thing))
    return hashlib.sha256(papers.pdf_of(paper, language)).hexdigest()


def told(filing: Filing):
    """The filing, with `what`: which paper it is of, in words."""
    if filing.version_id:
        filing.what = _("Version %(number)s") % {"number": filing.version.number}
    elif filing.review_id:
        filing.what = _("Review of %(day)s") % {"day": date_format(filing.review.held_on, "DATE_FORMAT")}
    else:
        filing.what = str(filing.document)
    return filing


@dataclass
class ForCard:
    """What the card of an agreement tells of its papers."""

    documents: list
    filings: list


def for_card(agreement, user):
    """The papers of an agreement in two statements; None for who may not see its documents."""
    if not user.has_perm("partnerships.view_document"):
        return None
    kept = agreement.documents.select_related("stored", "added_by", "erased_by")
    return ForCard(list(kept), [told(one) for one in reversed(_filings(agreement))])
