"""People at employers; contacts and follow-ups only to look them up."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from companies.admin import ByWorkplace, MergeableAdmin
from companies.cpr import refuse_cpr
from contacts.filters import ANY
from contacts.models import (
    Amendment,
    BarrierAnswer,
    ContactPlan,
    Digest,
    FollowUp,
    Interaction,
    OtherJobCentre,
    Person,
    Service,
)
from jobcenter_crm.frame.admin import HistoryAdmin, ReadAdmin


class AtEmployerForm(forms.ModelForm):
    """What the pages refuse is refused here as well."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("name", "remark"):
            if name in self.fields:
                self.fields[name].validators.append(refuse_cpr)

    def clean(self):
        facts = super().clean()
        workplace, company = facts.get("workplace"), facts.get("company")
        if workplace and company and workplace.company_id != company.pk:
            self.add_error(
                "workplace", _("This workplace belongs to another company. Choose one of the company's own.")
            )
        return facts


class AtEmployerAdmin(HistoryAdmin):
    """What belongs to a company, or to one workplace of it; remembers who added it."""

    form = AtEmployerForm
    ordering = ["-pk"]
    autocomplete_fields = ["company", "workplace"]
    readonly_fields = ["created_at", "created_by"]

    def save_model(self, request, row, form, change):
        if not change:
            row.created_by = request.user
        super().save_model(request, row, form, change)


@admin.register(Person)
class PersonAdmin(MergeableAdmin, AtEmployerAdmin):
    list_display = ["name", "role", "company", "workplace", "phone", "left_on"]
    list_select_related = ["company", "workplace"]
    list_filter = ["role", "preferred_channel", ("left_on", admin.EmptyFieldListFilter)]
    search_fields = ["search_text"]
    search_help_text = _("Part of the name, the telephone number or the e-mail.")

    def search(self, people, text, request):
        return people.matching(text), False


@admin.register(OtherJobCentre)
class OtherJobCentreAdmin(AtEmployerAdmin):
    list_display = ["municipality", "name", "company", "workplace", "phone", "ended_on"]
    list_select_related = ["municipality", "company", "workplace"]
    list_filter = [("ended_on", admin.EmptyFieldListFilter)]
    search_fields = ["name", "municipality__name", "company__name"]
    autocomplete_fields = ["company", "workplace", "municipality"]


class AmendmentInline(admin.TabularInline):
    model = Amendment
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        """What was added to a note is read by those who may read the note."""
        return request.user.has_perm("contacts.view_interaction")


@admin.register(Interaction)
class InteractionAdmin(ByWorkplace, ReadAdmin, HistoryAdmin):
    list_display = ["on", "workplace", "channel", "state", "outcome", "created_by"]
    list_select_related = ["workplace", "created_by"]
    list_filter = ["state", "channel", "direction", "outcome", "barrier"]
    ordering = ["-pk"]
    inlines = [AmendmentInline]


@admin.register(BarrierAnswer)
class BarrierAnswerAdmin(HistoryAdmin):
    """One row for each barrier, made by the app: they are changed, never added to."""

    list_display = ["__str__", "answer_da"]

    def has_add_permission(self, request):
        return False

    def get_readonly_fields(self, request, answer=None):
        return ["barrier"]


class ServiceForm(forms.ModelForm):
    """What the catalogue says is printed for employers: no CPR number gets into it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                field.validators.append(refuse_cpr)
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3

    def clean_code(self):
        code = self.cleaned_data["code"]
        if code == ANY:
            raise forms.ValidationError(_("Searches know this word as “any service”. Choose another code."))
        return code


@admin.register(Service)
class ServiceAdmin(HistoryAdmin):
    """The catalogue. One that is offered no longer gets a last day and stays: what was told of it stays too."""

    form = ServiceForm
    list_display = ["name", "code", "valid_from", "valid_to", "source", "position"]
    list_filter = [("valid_to", admin.EmptyFieldListFilter)]
    search_fields = ["code", "name_da", "name_en", "source"]
    fieldsets = [
        (None, {"fields": [("name_da", "name_en"), ("code", "position"), ("valid_from", "valid_to"), "source"]}),
        (
            _("Declaration"),
            {
                "description": _(
                    "Short sentences to the employer. English may be left empty: then the Danish words are shown."
                ),
                "fields": [
                    (f"{part}_da", f"{part}_en")
                    for part in ("what", "ours", "theirs", "economy", "sickness", "insurance", "liability")
                ],
            },
        ),
    ]

    def get_readonly_fields(self, request, service=None):
        return ["code"] if service else []

    @admin.display(description=_("name"), ordering="name_da")
    def name(self, service):
        return service.name


@admin.register(FollowUp)
class FollowUpAdmin(ByWorkplace, ReadAdmin, HistoryAdmin):
    list_display = ["due", "title", "workplace", "owner", "kind", "done_at"]
    list_select_related = ["workplace", "owner"]
    list_filter = ["kind", "channel", ("done_at", admin.EmptyFieldListFilter)]
    ordering = ["-pk"]

    @admin.display(description=_("due on"), ordering="due_on")
    def due(self, follow_up):
        return follow_up.due_on


@admin.register(ContactPlan)
class ContactPlanAdmin(ReadAdmin, HistoryAdmin):
    """Written on its own page."""

    list_display = ["name", "state", "selection", "target_group", "starts_on", "ends_on", "created_by"]
    list_select_related = ["selection", "target_group", "created_by"]
    list_filter = ["state", "channel"]
    search_fields = ["name", "purpose"]
    filter_horizontal = ["participants"]
    ordering = ["-pk"]


@admin.register(Digest)
class DigestAdmin(ReadAdmin):
    """Why somebody got a morning overview, or none; how much was overdue is between them and the day."""

    exclude = ["counts"]

    list_display = ["date", "user", "reader", "message_key"]
    list_select_related = ["user", "reader"]
    search_fields = ["user__username", "user__first_name", "user__last_name"]
