"""The dated reference data of places, kept by the stewards; what follows from it is written on its pages."""

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.frame.admin import HistoryAdmin
from placements.models import Consideration, Measure


@admin.register(Measure)
class MeasureAdmin(HistoryAdmin):
    list_display = ["named", "weeks", "is_in_ratio", "valid"]
    list_filter = ["counts_in_ratio", "public_only", "private_only"]
    search_fields = ["code", "name_da", "name_en"]
    ordering = ["position", "code"]

    @admin.display(description=_("name"), ordering="name_da")
    def named(self, measure):
        return measure.name

    @admin.display(description=_("weeks, usual / longest"))
    def weeks(self, measure):
        return " / ".join("–" if n is None else str(n) for n in (measure.usual_weeks, measure.longest_weeks))

    @admin.display(description=_("in the ratio"), boolean=True, ordering="counts_in_ratio")
    def is_in_ratio(self, measure):
        return measure.counts_in_ratio

    @admin.display(description=_("valid"), ordering="valid_from")
    def valid(self, measure):
        # Both days in one short column: the list is narrow beside its filter.
        days = (measure.valid_from, measure.valid_to)
        return " – ".join(date_format(day, "SHORT_DATE_FORMAT") if day else "" for day in days).strip()

    def get_readonly_fields(self, request, measure=None):
        return ["code"] if measure else []


@admin.register(Consideration)
class ConsiderationAdmin(HistoryAdmin):
    list_display = ["name", "position"]
    search_fields = ["code", "name_da", "name_en"]
    ordering = ["position", "code"]

    def get_readonly_fields(self, request, consideration=None):
        return ["code"] if consideration else []
