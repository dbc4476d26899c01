"""Agreements and their reviews, only to look them up: they are written on their pages."""

from django.contrib import admin

from jobcenter_crm.frame.admin import HistoryAdmin, ReadAdmin
from partnerships.models import Agreement, Review


@admin.register(Agreement)
class AgreementAdmin(ReadAdmin, HistoryAdmin):
    list_display = ["__str__", "workplace", "state", "owner", "starts_on", "ends_on", "next_review_on"]
    list_select_related = ["workplace", "owner"]
    list_filter = ["kind", "state"]
    search_fields = ["title", "company__name", "workplace__name"]
    exclude = ["places"]
    ordering = ["-pk"]


@admin.register(Review)
class ReviewAdmin(ReadAdmin, HistoryAdmin):
    list_display = ["agreement", "due_on", "held_on", "decision"]
    list_select_related = ["agreement"]
    list_filter = ["decision", ("held_on", admin.EmptyFieldListFilter)]
    exclude = ["figures"]
    ordering = ["-pk"]
