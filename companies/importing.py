"""The pages of an import: choose a file, see what would happen, take it in."""

from datetime import date
from functools import wraps

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies.models import RegisterImport, RejectedRow
from companies.register import corrections, rejects, runs
from companies.register.kinds import kind_of, kinds_for, may_import
from companies.register.reasons import sentence
from companies.tasks import READ, TAKE_IN
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import StoredFile
from jobcenter_crm.frame.pages import CappedPaginator

# Some 2,000,000 rows; the register of all Denmark has fewer workplaces.
LARGEST = 500 * 1024 * 1024
# Read while the person waits, which takes about a second; a larger file is read in the background.
AT_ONCE = 1024 * 1024
State = RegisterImport.State
Kind = RejectedRow.Kind


def importers_only(view):
    """Whoever may bring in no kind of file gets none of these pages; of which kinds, each page asks itself."""

    @wraps(view)
    def for_importers(request, *args, **kwargs):
        if not may_import(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return for_importers


def names_for(user):
    """The names of the kinds that `user` may bring in."""
    return [kind.name for kind in kinds_for(user)]


class UploadForm(forms.Form):
    """A file of one kind."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm,.xlsb,.xls,.ods,.json,.ndjson,.jsonl,.gz,.zip"}
        ),
        error_messages={"empty": gettext_lazy("The file is empty. Choose another file.")},
    )

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["file"].help_text = kind.needs
        self.asked = kind.questions()
        self.fields |= self.asked

    def clean_file(self):
        upload, self.left_out = self.cleaned_data["file"], None
        if self.kind.before_keeping:
            upload, self.left_out = self.kind.before_keeping(upload)
        return upload

    @property
    def questions(self):
        """The fields about the whole file."""
        return [self[name] for name in self.asked]

    @property
    def answers(self):
        """What was answered, as it is kept."""
        told = {name: self.cleaned_data[name] for name in self.asked}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items() if value}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@importers_only
def imports(request):
    """The imports of one kind so far, and the way to a new one."""
    kinds = {kind.name: kind for kind in kinds_for(request.user)}
    asked = request.GET.get("kind", "")
    if asked and asked not in kinds:
        raise Http404
    kind = kinds[asked] if asked else next(iter(kinds.values()))
    form = UploadForm(request.POST or None, request.FILES or None, kind=kind)
    if request.method == "POST":
        if form.is_valid() and (begun := _begin(form, request.user)):
            return redirect(begun)
        status = 422
    else:
        status = 200
    so_far = RegisterImport.objects.filter(kind=kind.name).with_has_news().select_related("by")
    so_far = so_far.defer("sample", "headings", "columns", "mapping")
    page = CappedPaginator(so_far, 20).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "kind": kind, "kinds": list(kinds.values())}
    return render(request, "companies/imports.html", context, status=status)


def _begin(form, user):
    """Keep the file and order that it be read; None, with the form saying why, if it can't be kept."""
    upload = form.cleaned_data["file"]
    try:
        with transaction.atomic():
            stored = StoredFile.keep(upload, by=user, limit=LARGEST)
            begun = RegisterImport.objects.create(
                kind=form.kind.name, file=stored, name=stored.name, sha256=stored.sha256, by=user, answers=form.answers,
                sample={"left_out": form.left_out} if form.left_out else {},
            )  # fmt: skip
            order_reading(begun, by=user)
    except ValidationError as error:
        form.add_error("file", error)
        return None
    run_if_small(begun)
    return begun


def order_reading(begun, *, by):
    """Order that the file be read: by `run_if_small` after the commit, by a worker if it is large."""
    is_small = begun.file.size <= AT_ONCE
    begun.job = jobs.start(READ, by=by, arguments={"import": begun.pk}, queue_it=not is_small)
    begun.save(update_fields=["job"])


def run_if_small(begun):
    """Read a small file while the person waits."""
    if begun.file.size <= AT_ONCE:
        jobs.run(begun.job.pk)


def get_import(user, pk):
    """One import of a kind that `user` may bring in; for any other it is not there."""
    imports = RegisterImport.objects.with_has_news().select_related("by", "job", "file", "corrects")
    return get_object_or_404(imports.filter(kind__in=names_for(user)), pk=pk)


@never_cache
@require_safe
@importers_only
def register_import(request, pk):
    """One import: being read, previewed, being taken in, taken in; what would change, and what is wrong."""
    shown = get_import(request.user, pk)
    if shown.state == State.UNNAMED:
        return redirect("companies:import_columns", pk)
    import_kind = kind_of(shown.kind)
    remarks = {Kind(value): getattr(shown, COUNT_OF[value]) for value in Kind.values}
    kind = _chosen(request.GET.get("rows"), remarks)
    listed = shown.remarks.filter(kind=kind).select_related("taken_with")
    page = CappedPaginator(listed, 10).get_page(request.GET.get("page"))
    changes = {name: getattr(shown, f"rows_{name}") for name in CHANGES if name in import_kind.figures}
    change = _chosen(request.GET.get("change"), changes)
    fields = shown.sample.get("fields", {})
    field = request.GET.get("field") if change == "changed" and request.GET.get("field") in fields else ""
    rows = shown.sample.get("rows", {}).get(f"field:{field}" if field else change, [])
    words = import_kind.words
    return render(
        request,
        "companies/import.html",
        {
            "shown": shown,
            "import_kind": import_kind,
            "answered": import_kind.answered(shown.answers) if import_kind.answered else "",
            "kept_until": runs.kept_until(shown),
            "left_out": import_kind.left_out(left_out) if (left_out := shown.sample.get("left_out")) else "",
            "figures": _figures(shown),
            "problem": sentence(shown.problem, shown.problem_details) if shown.problem else "",
            "kind": kind,
            "kinds": [(value, KINDS[value], number) for value, number in remarks.items() if number],
            "page_obj": page,
            "remarks": [(remark, sentence(remark.reason, remark.details, shown.sheets)) for remark in page],
            "change": change,
            "changes": [(name, CHANGES[name], number) for name, number in changes.items()],
            "field": field,
            "fields": [(name, words.label(name), fields[name]) for name in words.GROUPS if name in fields],
            "rows": [_in_words(row, field, words) for row in rows],
            "rows_in_all": fields[field] if field else changes[change],
            "previewed": shown.sample.get("previewed"),
            "takes": shown.rows_new + shown.rows_changed + shown.rows_ceased,
            "is_previewed": shown.state == State.PREVIEWED,
            "is_under_way": shown.state in (State.READING, State.APPLYING),
            "is_broken_off": shown.state == State.BROKEN_OFF,
            **_corrections(shown),
        },
    )


COUNT_OF = {Kind.REJECTED: "rows_rejected", Kind.REPEATED: "rows_repeated", Kind.WARNING: "rows_warned"}
KINDS = {
    Kind.REJECTED: gettext_lazy("Rejected rows"),
    Kind.REPEATED: gettext_lazy("Repeated rows"),
    Kind.WARNING: gettext_lazy("Taken with a warning"),
}
CHANGES = {
    "changed": gettext_lazy("Changed rows"),
    "new": gettext_lazy("New rows"),
    "ceased": gettext_lazy("Ceased rows"),
}


def _corrections(shown):
    """Whether its rejected rows can be corrected here, how many are, and the imports that brought some again."""
    if not shown.rows_rejected or not corrections.can_be_corrected(shown):
        return {}
    brought = shown.corrections.annotate(rows=Count("brought_again")).filter(rows__gt=0).order_by("pk")
    return {"can_be_corrected": True, "waiting": shown.remarks.waiting().count(), "brought": brought}


def _chosen(asked, numbers):
    """The tab that was asked for; else the first that has something in it."""
    if asked in numbers:
        return asked
    return next((name for name, number in numbers.items() if number), next(iter(numbers)))


def _figures(shown):
    """The numbers that add up to the rows read, each with what happens to them."""
    figures = []
    for outcome, (word, what) in kind_of(shown.kind).figures.items():
        number = getattr(shown, f"rows_{outcome}")
        if outcome == "new" and (ceased := shown.sample.get("new_ceased")):
            what = _("%(what)s; %(n)s of them ceased already") % {"what": what, "n": ceased}
        figures.append((number, word, what, "late" if outcome == "rejected" and number else ""))
    return figures


def _in_words(row, field, words):
    """A row of the sample with its facts in words; of one field, where only that is looked at."""
    is_new = not row["before"]
    facts = {name: value for name, value in row["after"].items() if not (is_new and name == "name")}
    if field:
        facts = {name: facts[name] for name in words.GROUPS[field][1] if name in facts}
    return row | {"lines": words.lines(row["before"], facts)}


@require_POST
@importers_only
def apply(request, pk):
    """Order that a previewed file be taken in; pressing twice orders it once."""
    with transaction.atomic():
        waiting = RegisterImport.objects.filter(pk=pk, kind__in=names_for(request.user), state=State.PREVIEWED)
        ours = waiting.update(state=State.APPLYING)
        shown = get_import(request.user, pk)
        if ours:
            total = shown.rows_read - shown.rows_rejected - shown.rows_repeated
            shown.job = jobs.start(TAKE_IN, by=request.user, arguments={"import": pk}, total=total)
            shown.save(update_fields=["job"])
    if not ours:
        messages.info(request, _("This file is not waiting to be taken in."))
    return redirect(shown)


@require_POST
@importers_only
def cancel(request, pk):
    """Forget a previewed file; nothing has changed."""
    shown = get_import(request.user, pk)
    if runs.cancel(shown):
        messages.success(request, _("%(name)s is forgotten. Nothing was changed.") % {"name": shown.name})
        return redirect(f"{reverse('companies:imports')}?kind={shown.kind}")
    messages.info(request, _("This file is not waiting to be taken in."))
    return redirect(shown)


@require_safe
@importers_only
def rejected(request, pk):
    """The rejected rows as a CSV file that can be corrected and chosen again."""
    shown = get_import(request.user, pk)
    lines = rejects.lines(shown.headings, shown.remarks.rejected().in_pieces(), shown.sheets)
    name = get_valid_filename(_("rejected-%(name)s.csv") % {"name": shown.name.rsplit(".", 1)[0]})
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
