"""The pages on which a person says what the columns of a file are, and what was said before of other files."""

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies.cpr import refuse_cpr
from companies.importing import get_import, importers_only, names_for, order_reading, run_if_small
from companies.models import ColumnMapping, RegisterImport
from companies.register import mappings, runs
from companies.register.headings import folded
from companies.register.kinds import kind_of
from companies.register.mappings import by_position
from companies.register.readers import is_by_place, places
from jobcenter_crm.frame.pages import CappedPaginator

# More columns than a person can name; the others are not read.
MOST = 200
State = RegisterImport.State


class NamingForm(forms.Form):
    """One choice for each column of a file, and a name to remember the choices under."""

    remember_as = forms.CharField(
        label=gettext_lazy("Remember it as"),
        required=False,
        max_length=100,
        validators=[refuse_cpr],
        help_text=gettext_lazy(
            "For example “The union's list”. The next file with these headings is then read by itself. "
            "A name from the list is changed; leave it empty to remember nothing."
        ),
        widget=forms.TextInput(attrs={"list": "remembered", "autocomplete": "off"}),
    )
    no_headings = forms.BooleanField(
        label=gettext_lazy("The first row is not headings"),
        required=False,
        help_text=gettext_lazy("It is then read as a row like the others."),
    )

    def __init__(self, data=None, *, shown, used=None):
        """`used` is a remembered mapping that the choices begin with."""
        self.kind, self.headings = kind_of(shown.kind), shown.headings
        self.has_none = bool(self.headings) and is_by_place(self.headings)
        self.labels = self.kind.labels
        super().__init__(data)
        choices = [("", _("not read")), *_grouped(self.kind)]
        guessed = self._guessed(shown, used)
        samples = shown.sample.get("columns", [])
        samples += [[]] * (len(self.headings) - len(samples))
        self.rows = []
        for at in _first_of_each(self.headings)[:MOST]:
            name = f"column_{at}"
            self.fields[name] = forms.ChoiceField(
                label=self._heading(at), choices=choices, required=False, initial=guessed.get(at, "")
            )
            self.rows.append((self[name], samples[at], self.headings.count(self.headings[at])))
        self.fields["no_headings"].initial = self.has_none or bool(used and is_by_place(used))
        if len(shown.sheets) > 1:
            del self.fields["no_headings"]

    def _heading(self, at):
        if self.has_none or not self.headings[at]:
            return _("Column %(place)s") % {"place": at + 1}
        return self.headings[at]

    def _guessed(self, shown, used):
        if used and is_by_place(used):
            return {int(place.removeprefix("#")) - 1: column for place, column in used.items()}
        return by_position(self.kind, self.headings, used or shown.mapping)

    def clean(self):
        facts = super().clean()
        chosen = {}
        for bound, _samples, _times in self.rows:
            column = facts.get(bound.name)
            if column and column in chosen:
                self.add_error(
                    bound.name,
                    _("“%(ours)s” is already chosen for “%(other)s”. Choose it once.")
                    % {"ours": self.labels[column], "other": chosen[column]},
                )
            elif column:
                chosen[column] = bound.label
        columns = self.kind.layout.understand(self.headings, mappings.fold(self._mapping(facts)))
        for alternatives in self.kind.layout.lacking(columns):
            self.add_error(None, _("Choose which column is the %(ours)s.") % {"ours": self.either(alternatives)})
        return facts

    def either(self, alternatives):
        return _(" or the ").join(_inside(self.labels[column]) for column in alternatives)

    @property
    def lacking(self):
        """In words what is essential and not yet chosen."""
        chosen = {bound.value() for bound, _samples, _times in self.rows if bound.value()}
        return [self.either(some) for some in self.kind.layout.lacking(chosen)]

    def mapping(self):
        """What was said, {heading: our column, or empty}; by place where the file has no headings."""
        facts = self.cleaned_data
        if facts.get("no_headings"):
            return {place: facts.get(f"column_{at}", "") for at, place in enumerate(places(len(self.headings)))}
        return {} if self.has_none else self._mapping(facts)

    def _mapping(self, facts):
        return {self.headings[at]: facts.get(f"column_{at}", "") for at in _first_of_each(self.headings)}


class RenameForm(forms.ModelForm):
    """Another name for what is remembered."""

    class Meta:
        model = ColumnMapping
        fields = ["name"]

    def clean_name(self):
        name = self.cleaned_data["name"]
        refuse_cpr(name)
        if ColumnMapping.objects.filter(kind=self.instance.kind, name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is one of that name already. Choose another name."))
        return name


def _grouped(kind):
    """The choices of a select: our columns in their groups, and any that stand in none at the end."""
    grouped = [(str(group), list(columns.items())) for group, columns in kind.columns.items()]
    named = {column for _group, columns in grouped for column, _label in columns}
    return grouped + [(column, label) for column, label in kind.labels.items() if column not in named]


def _first_of_each(headings):
    """The positions of the headings; of those that are compared alike only the first is read."""
    firsts = {}
    for at, heading in enumerate(headings):
        firsts.setdefault(folded(heading), at)
    return sorted(firsts.values())


def _inside(label):
    """A label as it stands inside a sentence."""
    label = str(label)
    return label if label[1:2].isupper() or label[1:2] == "-" else label[:1].lower() + label[1:]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@importers_only
def columns(request, pk):
    """Name the columns of a file that says not by itself what they are, or says it wrong."""
    shown = get_import(request.user, pk)
    if shown.state not in (State.UNNAMED, State.PREVIEWED):
        if request.method == "POST":
            messages.info(request, _("This file is not waiting for its columns to be named."))
        return redirect(shown)
    if request.method != "POST":
        return columns_page(request, shown)
    form = NamingForm(request.POST, shown=shown)
    if not form.is_valid():
        return columns_page(request, shown, form)
    mapping, name = form.mapping(), form.cleaned_data["remember_as"]
    with transaction.atomic():
        ours = runs.name_columns(shown, mapping)
        if ours:
            if name and mapping:
                mappings.remember(kind=form.kind, name=name, mapping=mapping, by=request.user)
            shown.refresh_from_db()
            order_reading(shown, by=request.user)
    if not ours:
        messages.info(request, _("This file is not waiting for its columns to be named."))
        return redirect(shown)
    run_if_small(shown)
    if name and mapping:
        messages.success(request, _("The columns are remembered as “%(name)s”.") % {"name": name})
    return redirect(shown)


def columns_page(request, shown, form=None):
    """The page, with a form that was filled in wrongly or a fresh one."""
    remembered = list(ColumnMapping.objects.filter(kind=shown.kind))
    used = next((known for known in remembered if str(known.pk) == request.GET.get("use")), None)
    form = form or NamingForm(shown=shown, used=used and used.columns)
    return render(
        request,
        "companies/import_columns.html",
        {
            "shown": shown,
            "form": form,
            "remembered": remembered,
            "used": used,
            "is_previewed": shown.state == State.PREVIEWED,
            "corrected": shown.remarks.corrected().count() if shown.state == State.PREVIEWED else 0,
        },
        status=422 if form.errors else 200,
    )


@never_cache
@require_safe
@importers_only
def column_mappings(request):
    """What is remembered of the columns of files."""
    remembered = _of_kinds_for(request.user).select_related("changed_by").order_by("kind", "name")
    page = CappedPaginator(remembered, 50).get_page(request.GET.get("page"))
    told = [(known, kind_of(known.kind).label, _read_columns(known)) for known in page]
    return render(request, "companies/import_mappings.html", {"remembered": told, "page_obj": page})


def _of_kinds_for(user):
    return ColumnMapping.objects.filter(kind__in=names_for(user))


def _read_columns(known):
    """[(heading, label)] of the columns that are read."""
    labels = kind_of(known.kind).labels
    return [(heading, labels.get(column, column)) for heading, column in known.columns.items() if column]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@importers_only
def column_mapping(request, pk):
    """One that is remembered: what it says, and another name for it."""
    known = get_object_or_404(_of_kinds_for(request.user), pk=pk)
    form = RenameForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        form.instance.changed_by = request.user
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:  # somebody else took the name meanwhile
            form.add_error("name", _("There is one of that name already. Choose another name."))
        else:
            messages.success(request, _("The name is saved."))
            return redirect("companies:column_mappings")
    return render(
        request,
        "companies/import_mapping.html",
        {"form": form, "known": known, "columns": _read_columns(known), "unread": _unread(known)},
        status=422 if request.method == "POST" else 200,
    )


def _unread(known):
    return [heading for heading, column in known.columns.items() if heading and not column]


@require_POST
@importers_only
def forget_mapping(request, pk):
    """Forget what was remembered; files that were read with it stay as they are."""
    known = get_object_or_404(_of_kinds_for(request.user), pk=pk)
    known.delete()
    messages.success(request, _("“%(name)s” is forgotten.") % {"name": known.name})
    return redirect("companies:column_mappings")
