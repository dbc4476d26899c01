"""Data maintenance of the register, for stewards."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from companies import actions
from companies.bulk_correction import corrections_for, mark_of, order
from companies.code_lists import (
    BranchResource,
    CompanyFormResource,
    ListAsFile,
    MunicipalityResource,
    PostcodeResource,
)
from companies.models import (
    Branch,
    ColumnMapping,
    Company,
    CompanyForm,
    Export,
    Figure,
    KnownDifferent,
    Merge,
    Municipality,
    Postcode,
    RegisterChange,
    RegisterImport,
    RejectedRow,
    SegmentationRule,
    TargetGroup,
    TierChange,
    TierPlan,
    Workplace,
    WorkplaceFigure,
)
from companies.models.register import Derived
from companies.quality import CHECKS
from companies.register.news import KINDS
from jobcenter_crm.frame.admin import HistoryAdmin, QuickAdmin, ReadAdmin

PLACE_FACTS = [
    "company", "p_number", "name", "co_name", "street", "place", "postcode", "town", "municipality", "latitude", "longitude",
    "branch", "secondary_branch", "employees_min", "employees_max", "employees_period", "employees_source", "phone", "email",
    "sector", "advertising_protected", "started_on", "ceased_on", "register_date",
]  # fmt: skip
COMPANY_FACTS = ["cvr_number", "name", "form", "status", "advertising_protected", "started_on", "ceased_on"]
_OF_THE_REGISTER = _(
    "The national register owns these. They are changed there, and come with the next import; only those of a "
    "workplace without P-number are kept here."
)
_OF_OURS = _("These have rules of their own, and are changed on the card of the workplace.")
_CODE_LIST = _("The list comes with the system: rows that you add stay, and its own are set back at the next update.")


class HasPNumber(admin.SimpleListFilter):
    """Places that only a file of companies has told of wait for their P-number."""

    title = _("P-number")
    # Not "p", which the admin takes for the number of a page.
    parameter_name = "has_p"

    def lookups(self, request, model_admin):
        return [("yes", _("With P-number")), ("no", _("Without P-number"))]

    def queryset(self, request, workplaces):
        return workplaces.filter(p_number__isnull=self.value() == "no") if self.value() in ("yes", "no") else workplaces


class Ceased(admin.SimpleListFilter):
    title = _("Ceased")
    parameter_name = "ceased"

    def lookups(self, request, model_admin):
        return [("no", _("Active")), ("yes", _("Ceased"))]

    def queryset(self, request, rows):
        return rows.filter(ceased_on__isnull=self.value() == "no") if self.value() in ("yes", "no") else rows


class Wrong(admin.SimpleListFilter):
    """What the page of data quality counts; there each is a link to here."""

    title = _("What is missing")
    parameter_name = "wrong"

    def lookups(self, request, model_admin):
        return [(name, check.title) for name, check in CHECKS.items()]

    def queryset(self, request, workplaces):
        check = CHECKS.get(self.value())
        return workplaces.filter(check.where(timezone.localdate())) if check else workplaces


class CorrectionForm(forms.Form):
    """What to set on the chosen rows and, once that is known, to what."""

    what = forms.ChoiceField(label=_("What to correct"))

    def __init__(self, *args, corrections, correction=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [(name, one.label) for name, one in corrections.items()]
        if correction:
            self.fields["what"].widget = forms.HiddenInput()
            self.fields["value"] = correction.field()


class ByWorkplace:
    """A list that is searched as the register is: by the workplace that each row is about."""

    search_fields = ["workplace"]
    search_help_text = _("Part of the name, CVR or P-number, telephone, street or town.")

    def search(self, rows, text, request):
        found = Workplace.objects.matching(text).order_by()
        return (rows.filter(workplace__in=found.values("pk")) if text.strip() else rows), False


class MergeableAdmin(HistoryAdmin):
    """The history of what was merged into a record is read with its own; the lines stay where they were written."""

    def get_history_queryset(self, request, history_manager, pk_name, object_id):
        merged = self.model.everything.filter(merged_into=object_id).values_list("pk", flat=True)
        return history_manager.filter(**{f"{pk_name}__in": [object_id, *merged]})


@admin.register(Workplace)
class WorkplaceAdmin(MergeableAdmin):
    list_display = ["name", "p_number", "town", "tier", "owner", "last_contact_on"]
    list_select_related = ["owner"]
    list_filter = [Wrong, "tier", HasPNumber, Ceased, "sector", "do_not_contact", "labour_conflict"]
    search_fields = ["search_text"]
    search_help_text = ByWorkplace.search_help_text
    ordering = ["sort_name", "pk"]
    actions = ["correct"]
    autocomplete_fields = ["company", "municipality", "branch", "secondary_branch"]
    OWN_FACTS = ["on_the_card", *Workplace.OWN_FACTS]
    fieldsets = [
        (_("Register facts"), {"fields": PLACE_FACTS, "description": _OF_THE_REGISTER}),
        (_("Our own facts"), {"fields": OWN_FACTS, "description": _OF_OURS}),
    ]

    def get_fieldsets(self, request, workplace=None):
        """A new place is only what we know of it; who talks with it is decided on its card."""
        return self.fieldsets if workplace else self.fieldsets[:1]

    def get_readonly_fields(self, request, workplace=None):
        return [*self.OWN_FACTS, "register_date"]

    def has_change_permission(self, request, workplace=None):
        """What the register knows by a number is only looked at."""
        is_the_registers = workplace is not None and workplace.p_number
        return super().has_change_permission(request, workplace) and not is_the_registers

    def search(self, workplaces, text, request):
        return workplaces.matching(text), False

    def save_model(self, request, workplace, form, change):
        before = Workplace.objects.get(pk=workplace.pk) if change else None
        super().save_model(request, workplace, form, change)
        actions.tell(workplace, before, by=request.user)

    @admin.action(description=_("Correct the chosen"), permissions=["change"])
    def correct(self, request, workplaces):
        """Ask what to set, then to what, showing how many rows and a sample; then order it for exactly those."""
        corrections = corrections_for(request.user)
        chosen = corrections.get(request.POST.get("what"))
        rows = chosen.rows(workplaces) if chosen else workplaces
        # The mark of the rows that were shown: it is sent together with a value.
        shown, mark = request.POST.get("rows", ""), mark_of(rows) if chosen else ""
        is_answered = chosen is not None and bool(shown)
        form = CorrectionForm(
            request.POST if is_answered else None,
            initial={"what": chosen.name if chosen else None},
            corrections=corrections,
            correction=chosen,
        )
        if is_answered and form.is_valid() and shown == mark:
            job = order(chosen, workplaces=rows, values=chosen.values(form.cleaned_data["value"]), by=request.user)
            if job:
                return redirect(job)
            self.message_user(request, _("All the chosen workplaces are so already."), messages.INFO)
            return None
        count = rows.count()
        sample = rows.select_related("branch", "municipality", "owner").order_by("sort_name", "pk")[:10]
        context = self.admin_site.each_context(request) | {
            "title": _("Correct workplaces"),
            "opts": self.opts,
            "form": form,
            "chosen": chosen,
            "count": count,
            "left_out": workplaces.count() - count,
            "sample": [(row, chosen.now(row) if chosen else "") for row in sample],
            "mark": mark,
            "has_changed": is_answered and shown != mark,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME)[: self.list_per_page * 2],
            "select_across": request.POST.get("select_across", "0"),
        }
        status = 422 if is_answered else 200
        return TemplateResponse(request, "admin/companies/workplace/correct.html", context, status=status)

    @admin.display(description=_("Set these on"))
    def on_the_card(self, workplace):
        return format_html('<a href="{}">{}</a>', workplace.get_absolute_url(), _("the card"))


@admin.register(Company)
class CompanyAdmin(MergeableAdmin):
    list_display = ["name", "cvr_number", "form", "advertising_protected", "agreed_centrally", "ceased_on"]
    list_select_related = ["form"]
    list_filter = ["agreed_centrally", "advertising_protected", Ceased]
    search_fields = ["name"]
    search_help_text = ByWorkplace.search_help_text
    autocomplete_fields = ["form"]
    OWN_FACTS = ["on_the_card", *Company.OWN_FACTS]
    fieldsets = [
        (_("Register facts"), {"fields": COMPANY_FACTS, "description": _OF_THE_REGISTER}),
        (_("Our own facts"), {"fields": OWN_FACTS, "description": _OF_OURS}),
    ]

    def get_fieldsets(self, request, company=None):
        return self.fieldsets if company else self.fieldsets[:1]

    def get_readonly_fields(self, request, company=None):
        return self.OWN_FACTS

    def has_change_permission(self, request, company=None):
        """One with a workplace that the register knows by a number is only looked at."""
        if not super().has_change_permission(request, company):
            return False
        if company is None:
            return True
        # Asked for several times while a page is drawn.
        if not hasattr(company, "is_the_registers"):
            company.is_the_registers = company.workplaces.exclude(p_number=None).exists()
        return not company.is_the_registers

    def search(self, companies, text, request):
        """By its own name or number, or by one of its workplaces."""
        if not text.strip():
            return companies, False
        found = Workplace.objects.matching(text).order_by()
        digits = "".join(text.split())
        own = Q(cvr_number=digits) if digits.isdecimal() else Q(name__icontains=text.strip())
        return companies.filter(own | Q(pk__in=found.values("company"))), False

    def save_model(self, request, company, form, change):
        super().save_model(request, company, form, change)
        if {"name", "cvr_number"} & set(form.changed_data):
            # Both are part of what its workplaces are found by.
            for workplace in company.workplaces.all():
                workplace.save(update_fields=Derived._fields)

    @admin.display(description=_("Set these on"))
    def on_the_card(self, company):
        workplace = company.workplaces.order_by("pk").first()
        if workplace is None:
            return "–"
        return format_html('<a href="{}">{}</a>', workplace.get_absolute_url(), _("the card"))


class CodeListAdmin(ListAsFile, QuickAdmin):
    """A list that comes with the system and may be added to. The code is the key, and stays."""

    def get_fieldsets(self, request, row=None):
        return [(None, {"fields": self.get_fields(request, row), "description": _CODE_LIST})]

    def get_readonly_fields(self, request, row=None):
        return ["code"] if row else []


@admin.register(Branch)
class BranchAdmin(CodeListAdmin):
    resource_classes = [BranchResource]
    list_display = ["code", "title", "scheme", "level"]
    list_select_related = ["parent"]  # for the list as a file
    list_filter = ["scheme", "level"]
    search_fields = ["code", "title"]
    autocomplete_fields = ["parent"]

    def get_readonly_fields(self, request, branch=None):
        return ["scheme", "code"] if branch else []


@admin.register(Municipality)
class MunicipalityAdmin(CodeListAdmin):
    resource_classes = [MunicipalityResource]
    list_display = ["code", "name", "region"]
    list_filter = ["region"]
    search_fields = ["code", "name"]


@admin.register(Postcode)
class PostcodeAdmin(CodeListAdmin):
    resource_classes = [PostcodeResource]
    list_display = ["code", "town"]
    search_fields = ["code", "town"]


@admin.register(CompanyForm)
class CompanyFormAdmin(CodeListAdmin):
    resource_classes = [CompanyFormResource]
    list_display = ["code", "name", "is_public", "is_personal"]
    list_filter = ["is_public", "is_personal"]
    search_fields = ["code", "name"]


@admin.register(TargetGroup)
class TargetGroupAdmin(HistoryAdmin):
    """Dated, since the law changes them. The code is the key, and stays."""

    list_display = ["code", "name", "valid_from", "valid_to", "source"]
    search_fields = ["code", "name_da", "name_en", "source"]
    list_filter = [("valid_to", admin.EmptyFieldListFilter)]

    def get_readonly_fields(self, request, group=None):
        return ["code"] if group else []

    @admin.display(description=_("name"), ordering="name_da")
    def name(self, group):
        return group.name


@admin.register(TierPlan)
class TierPlanAdmin(HistoryAdmin):
    """Four rows, made by the app: they are changed, never added to."""

    list_display = ["__str__", "aim_da", "channel", "cadence_days"]

    def has_add_permission(self, request):
        return False

    def get_readonly_fields(self, request, plan=None):
        return ["tier"]


@admin.register(SegmentationRule)
class SegmentationRuleAdmin(HistoryAdmin, ReadAdmin):
    """Changed on the page of the groups, where it is seen what they would move."""

    list_display = ["position", "selection", "tier"]
    list_select_related = ["selection"]
    list_filter = ["tier"]
    ordering = ["position"]


@admin.register(TierChange)
class TierChangeAdmin(ByWorkplace, ReadAdmin):
    list_display = ["at", "workplace", "from_tier", "to_tier", "by", "why"]
    list_select_related = ["workplace", "by"]
    list_filter = ["to_tier"]
    ordering = ["-pk"]


@admin.register(Figure)
class FigureAdmin(QuickAdmin):
    """What is counted; the counts themselves come from files."""

    list_display = ["code", "name_da", "unit_da", "name_en"]
    search_fields = ["code", "name_da", "name_en"]

    def get_readonly_fields(self, request, obj=None):
        """Saved searches name it by its code."""
        return ["code"] if obj else []


@admin.register(WorkplaceFigure)
class WorkplaceFigureAdmin(ByWorkplace, ReadAdmin):
    list_display = ["counted_on", "workplace", "figure", "value", "source", "register_import"]
    list_select_related = ["workplace", "figure", "register_import"]
    list_filter = ["figure"]
    ordering = ["-pk"]


@admin.register(RegisterImport)
class RegisterImportAdmin(ReadAdmin):
    list_display = [
        "created_at",
        "name",
        "state",
        "by",
        "rows_read",
        "rows_new",
        "rows_changed",
        "rows_ceased",
        "rows_rejected",
    ]
    list_select_related = ["by"]
    list_filter = ["state"]
    search_fields = ["name", "=sha256"]


@admin.register(RejectedRow)
class RejectedRowAdmin(ReadAdmin):
    list_display = ["register_import", "line", "kind", "column", "value", "reason"]
    list_select_related = ["register_import"]
    list_filter = ["kind"]
    search_fields = ["value", "reason"]
    ordering = ["-pk"]


@admin.register(Export)
class ExportAdmin(ReadAdmin):
    """What left the house as Excel, and on what basis."""

    list_display = ["at", "by", "listing", "selection_name", "words", "rows", "left_out", "with_protected", "basis"]
    list_select_related = ["by"]
    list_filter = ["listing", "with_protected"]
    search_fields = ["selection_name", "words", "basis"]


@admin.register(ColumnMapping)
class ColumnMappingAdmin(ReadAdmin):
    """Written where the columns of a file are named."""

    list_display = ["name", "kind", "changed_at", "changed_by"]
    list_select_related = ["changed_by"]
    list_filter = ["kind"]
    search_fields = ["name"]


class News(admin.SimpleListFilter):
    """What of the changes is news to those who work with the employer."""

    title = _("News")
    parameter_name = "news"

    def lookups(self, request, model_admin):
        return [("all", _("All news")), *KINDS.items()]

    def queryset(self, request, changes):
        if self.value() in KINDS:
            return changes.of(self.value())
        return changes.news() if self.value() == "all" else changes


@admin.register(RegisterChange)
class RegisterChangeAdmin(ByWorkplace, ReadAdmin):
    list_display = ["at", "workplace", "kind", "register_import", "by", "seen_at"]
    list_select_related = ["workplace", "register_import", "by"]
    list_filter = ["kind", News]
    ordering = ["-pk"]


@admin.register(Merge)
class MergeAdmin(ReadAdmin):
    """Merged and undone on the pages."""

    list_display = ["at", "object_type", "merged_id", "kept_id", "by", "undone_at"]
    list_select_related = ["object_type", "by"]
    list_filter = [("undone_at", admin.EmptyFieldListFilter)]
    ordering = ["-pk"]


@admin.register(KnownDifferent)
class KnownDifferentAdmin(ReadAdmin):
    """Said and taken back on the page of duplicates."""

    list_display = ["at", "object_type", "low_id", "high_id", "by"]
    list_select_related = ["object_type", "by"]
    ordering = ["-pk"]
