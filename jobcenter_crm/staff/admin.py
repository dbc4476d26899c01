"""Accounts, for superusers; teams and the organisation, for stewards."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.frame.admin import HistoryAdmin
from jobcenter_crm.staff import logos
from jobcenter_crm.staff.actions import has_left
from jobcenter_crm.staff.models import Organisation, Team, User

admin.site.site_header = _("Data")
admin.site.site_title = _("Jobcenter CRM")
admin.site.index_title = _("Data maintenance")


@admin.register(User)
class StaffAdmin(UserAdmin, HistoryAdmin):
    """A colleague who leaves is made inactive, never deleted: what they wrote stays theirs."""

    list_display = ["username", "first_name", "last_name", "team", "is_active", "is_staff"]
    list_select_related = ["team"]
    list_filter = ["is_active", "groups", "team"]
    search_fields = ["username", "first_name", "last_name", "email"]
    autocomplete_fields = ["team", "manager", "deputy"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "title", "phone", "email", "team", "manager"]}),
        (_("Role"), {"fields": ["groups", "is_active", "is_staff", "is_superuser"]}),
        (_("Absence"), {"fields": ["absent_until", "deputy"]}),
        (_("On screen"), {"fields": ["language", "theme"]}),
        (_("Morning overview"), {"fields": ["digest_wanted", "digest_at", "digest_on_days_off"]}),
        (_("Calendar"), {"fields": ["invitations"]}),
    ]
    add_fieldsets = [
        (
            None,
            {"fields": ["username", "first_name", "last_name", "email", "usable_password", "password1", "password2"]},
        )
    ]

    actions = ["deactivate"]

    @admin.action(description=_("Let the colleague no longer log in"))
    def deactivate(self, request, users):
        """One at a time: the page shows first what each leaves behind."""
        one = users.filter(is_active=True)[:2]
        if len(one) == 1 and users.count() == 1:
            return redirect("staff:deactivate", one[0].pk)
        self.message_user(request, _("Tick one colleague who can still log in."), messages.ERROR)
        return None

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active:
            has_left(user=obj, by=request.user)

    # Whoever may change an account could make it, or their own, a superuser's.

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser


class ChoosesColleague:
    """Names a colleague from a plain list: stewards may not look into the accounts that a search would go through."""

    def formfield_for_foreignkey(self, field, request, **kwargs):
        if field.related_model is User:
            kwargs["queryset"] = User.objects.working().in_order()
        return super().formfield_for_foreignkey(field, request, **kwargs)


@admin.register(Team)
class TeamAdmin(ChoosesColleague, HistoryAdmin):
    list_display = ["name", "leader"]
    list_select_related = ["leader"]
    search_fields = ["name"]


class OrganisationForm(forms.ModelForm):
    """With the logo as a file to give or to take away: no address serves it, so the usual link has nowhere to lead."""

    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)

    class Meta:
        widgets = {"logo": forms.FileInput(attrs={"accept": "image/png,image/jpeg"})}

    def save(self, commit=True):
        if self.cleaned_data["remove_logo"] and "logo" not in self.changed_data:
            self.instance.logo = ""
        return super().save(commit)


@admin.register(Organisation)
class OrganisationAdmin(ChoosesColleague, HistoryAdmin):
    """One row: it is added once and changed afterwards."""

    form = OrganisationForm
    list_display = ["name", "municipality_name", "advertising_position_on"]
    # Switched on a page of its own, which says what it means.
    readonly_fields = ["logo_now", "staff_figures_since", "staff_figures_reference", "staff_figures_by"]

    def get_fields(self, request, obj=None):
        """What is said of the logo stands together; it is taken away only by those who may change it."""
        fields = [name for name in super().get_fields(request, obj) if name not in ("remove_logo", "logo_now")]
        about = ["logo_now", "remove_logo"] if self.has_change_permission(request, obj) else ["logo_now"]
        after = fields.index("logo") + 1
        return [*fields[:after], *about, *fields[after:]]

    @admin.display(description=_("logo now"))
    def logo_now(self, organisation):
        picture = logos.as_data_url(organisation.logo)
        return format_html('<img src="{}" alt="" height="60">', picture) if picture else _("none")

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Organisation.objects.exists()
