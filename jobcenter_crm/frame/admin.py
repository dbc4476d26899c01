"""What keeps the admin quick on a large register, and honest about what has a history."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from jobcenter_crm.frame.pages import CappedPaginator


class AdminPaginator(CappedPaginator):
    """Counts further than other lists do: the admin has no page beyond what is counted."""

    counted_to = 10_000


class QuickAdmin(admin.ModelAdmin):
    """Counts only so far, asks no second count, and shows fifty rows."""

    list_per_page = 50
    show_full_result_count = False
    # Facets count the whole table once for each choice of each filter.
    show_facets = admin.ShowFacets.NEVER
    paginator = AdminPaginator

    def changelist_view(self, request, extra_context=None):
        """The list; one that is asked for by what no database can read shows everything and says so."""
        if not any("\0" in value for _name, values in request.GET.lists() for value in values):
            try:
                answer = super().changelist_view(request, extra_context)
                # Now, since the rows are asked for only when the page is drawn.
                return answer.render() if hasattr(answer, "render") else answer
            except OverflowError:
                # SQLite has no number as large as the one that was asked for.
                pass
        return redirect(f"{request.path}?{ERROR_FLAG}=1")

    def get_search_results(self, request, rows, text):
        # PostgreSQL takes no NUL in a text.
        return self.search(rows, text.replace("\0", ""), request)

    def search(self, rows, text, request):
        """`rows` where `text` is found, and whether some may be doubled; `search_fields` by itself."""
        return super().get_search_results(request, rows, text)

    def has_delete_permission(self, request, obj=None):
        """Nothing with a history is deleted."""
        return False


class ReadAdmin(QuickAdmin):
    """Only to look things up: these rows are written by the work itself."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class HistoryAdmin(SimpleHistoryAdmin, QuickAdmin):
    """Shows who changed what and when. Nobody goes back to an earlier version: what was written stays written."""

    object_history_list_template = "admin/_history.html"
    history_list_per_page = 50

    def get_urls(self):
        # Without the library's page of one version: sent back, it saves, also for those who may only look.
        return super(SimpleHistoryAdmin, self).get_urls()

    def revert_disabled(self, request, obj=None):
        return True

    def history_view_title(self, request, obj):
        return _("History: %(name)s") % {"name": obj}

    def history_view(self, request, object_id, extra_context=None):
        if self.get_object(request, unquote(object_id)) is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return super().history_view(request, object_id, extra_context)
