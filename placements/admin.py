"""The dated reference data of places, kept by the stewards; what follows from it is written on its pages."""

from django.contrib import admin

from jobcenter_crm.frame.admin import HistoryAdmin
from placements.models import Consideration, Measure


@admin.register(Measure)
class MeasureAdmin(HistoryAdmin):
    list_display = ["name", "usual_weeks", "longest_weeks", "counts_in_ratio", "valid_from", "valid_to"]
    list_filter = ["counts_in_ratio", "public_only", "private_only"]
    search_fields = ["code", "name_da", "name_en"]
    ordering = ["position", "code"]

    def get_readonly_fields(self, request, measure=None):
        return ["code"] if measure else []


@admin.register(Consideration)
class ConsiderationAdmin(HistoryAdmin):
    list_display = ["name", "position"]
    search_fields = ["code", "name_da", "name_en"]
    ordering = ["position", "code"]

    def get_readonly_fields(self, request, consideration=None):
        return ["code"] if consideration else []
