"""Where a steward sees and replaces the Word templates of documents."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView, TemplateView

from jobcenter_crm.backstage import document_templates, files
from jobcenter_crm.backstage.documents import word
from jobcenter_crm.backstage.documents.kinds import UnknownKind, all_kinds, kind_named
from jobcenter_crm.backstage.models import DocumentTemplate

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PERMISSION = "backstage.change_documenttemplate"
EARLIER_SHOWN = 10


@dataclass(frozen=True)
class Shown:
    """One kind of document in one language. `template` is what is in use; None: the built-in one."""

    kind: object
    language: str
    template: DocumentTemplate | None

    @property
    def language_name(self):
        return dict(LANGUAGE_NAMES)[self.language]

    @property
    def url(self):
        return reverse("backstage:template", args=[self.kind.name, self.language])

    @property
    def lacks(self):
        """Fields that the template in use may hold and that there are no more."""
        return self.template.lacks(self.kind.names()) if self.template else []


LANGUAGE_NAMES = DocumentTemplate._meta.get_field("language").choices


class Templates(PermissionRequiredMixin, TemplateView):
    """Every kind of document in both languages, with the template in use."""

    permission_required = PERMISSION
    template_name = "backstage/templates.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs):
        own = {
            (one.kind, one.language): one
            for one in DocumentTemplate.objects.in_use().select_related("stored", "uploaded_by")
        }
        kinds = [
            (kind, [Shown(kind, code, own.get((kind.name, code))) for code, _name in LANGUAGE_NAMES])
            for kind in all_kinds()
        ]
        return super().get_context_data(kinds=kinds, own=len(own), **kwargs)


class TemplateForm(forms.Form):
    """The Word file that is to be used."""

    file = forms.FileField(
        label=gettext_lazy("Word document"),
        max_length=255,
        help_text=gettext_lazy("A .docx without macros, at most 2 MB. It is checked before it is used."),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )


class Template(PermissionRequiredMixin, FormView):
    """One template: the one in use, what may be written in it, and a new one. What is wrong with that is said by place."""

    permission_required = PERMISSION
    template_name = "backstage/template.html"
    form_class = TemplateForm
    http_method_names = ["get", "head", "post"]
    problems = ()

    @cached_property
    def kind(self):
        return get_kind(self.kwargs["kind"], self.kwargs["language"])

    def get_context_data(self, **kwargs):
        kind, language = self.kind, self.kwargs["language"]
        every = DocumentTemplate.objects.of(kind.name, language).select_related("stored", "uploaded_by")
        return super().get_context_data(
            shown=Shown(kind, language, every.in_use().first()),
            guide=kind.guide(),
            earlier=every.filter(replaced_at__isnull=False)[:EARLIER_SHOWN],
            problems=self.problems,
            **kwargs,
        )

    def form_valid(self, form):
        kind, language = self.kind, self.kwargs["language"]
        try:
            document_templates.replace(
                kind=kind, language=language, file=form.cleaned_data["file"], by=self.request.user
            )
        except document_templates.Refused as refused:
            self.problems = refused.problems
            form.add_error("file", _("The template was not taken. What is wrong with it stands below."))
        except word.NotATemplate as refused:
            form.add_error("file", refused)
        except document_templates.SomebodyWasFaster:
            form.add_error("file", _("A colleague has just replaced it. Look at theirs before you replace it again."))
        else:
            messages.success(self.request, _("The template is in use from now on."))
            return redirect("backstage:template", kind.name, language)
        return self.form_invalid(form)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


def get_kind(name, language):
    """The kind of that name, if it and the language exist; otherwise there is no such page."""
    try:
        kind = kind_named(name)
    except UnknownKind:
        raise Http404 from None
    if language not in document_templates.LANGUAGES:
        raise Http404
    return kind


@require_safe
@permission_required(PERMISSION, raise_exception=True)
def file(request, kind, language):
    """The template in use, to go on from in Word."""
    kind = get_kind(kind, language)
    template = document_templates.in_use(kind.name, language)
    if template:
        return files.hand_out(template.stored)
    return hand_out_word(kind.built_in(language), f"{slugify(str(kind.label)) or kind.name}-{language}.docx")


@require_safe
@permission_required(PERMISSION, raise_exception=True)
def earlier(request, pk):
    """A template that was in use before."""
    template = get_object_or_404(DocumentTemplate.objects.select_related("stored"), pk=pk)
    return files.hand_out(template.stored)


@require_safe
@permission_required(PERMISSION, raise_exception=True)
def example(request, kind, language):
    """The template in use, filled in with examples."""
    kind = get_kind(kind, language)
    try:
        made = document_templates.example(kind, language, on=timezone.localdate())
    except (word.BrokenTemplate, FileNotFoundError) as broken:
        said = str(broken) if isinstance(broken, word.BrokenTemplate) else _("The file is no longer there.")
        messages.error(request, said)
        return redirect("backstage:template", kind.name, language)
    return hand_out_word(made, f"{slugify(str(kind.label)) or kind.name}-{language}-{slugify(_('example'))}.docx")


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def go_back(request, kind, language):
    """Use the built-in template again."""
    kind = get_kind(kind, language)
    if document_templates.go_back(kind=kind, language=language, by=request.user):
        messages.success(request, _("The built-in template is in use again. Yours is kept among the earlier ones."))
    else:
        messages.info(request, _("The built-in template was in use already."))
    return redirect("backstage:template", kind.name, language)


def hand_out_word(data, name):
    """A Word document that was just made, as a download that nobody keeps."""
    return files.hand_out_made(data, name, content_type=WORD_TYPE)
