"""What happened behind the pages, to look up; only the work itself writes it."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from jobcenter_crm.backstage.models import ClockRun, Job, Message, StoredFile
from jobcenter_crm.frame.admin import ReadAdmin


@admin.register(Job)
class JobAdmin(ReadAdmin):
    list_display = ["pk", "label", "state", "done", "total", "attempts", "created_by", "created_at", "ended_at"]
    list_display_links = ["pk", "label"]
    list_filter = ["state", "created_at"]
    list_select_related = ["created_by"]
    search_fields = ["=id", "kind", "created_by__username", "created_by__first_name", "created_by__last_name"]
    date_hierarchy = "created_at"

    @admin.display(description=_("kind"), ordering="kind")
    def label(self, job):
        return job.label


@admin.register(Message)
class MessageAdmin(ReadAdmin):
    list_display = ["key", "to", "subject", "state", "attempts", "next_try_at", "sent_at"]
    list_filter = ["state", "language", "created_at"]
    search_fields = ["key", "to", "subject"]
    date_hierarchy = "created_at"
    actions = ["resend"]

    def has_resend_permission(self, request):
        return request.user.has_perm("backstage.resend_message")

    @admin.action(description=_("Send the selected messages again"), permissions=["resend"])
    def resend(self, request, queryset):
        """Only those given up or in doubt; each is noted in the admin's log with who did it."""
        resent = [message for message in queryset if message.resend(by=request.user)]
        for message in resent:
            self.log_change(request, message, [{"changed": {"fields": ["sent again"]}}])
        said = ngettext("%(n)s message is sent again.", "%(n)s messages are sent again.", len(resent))
        self.message_user(request, said % {"n": len(resent)}, messages.SUCCESS if resent else messages.INFO)
        left = len(queryset) - len(resent)
        if left:
            said = ngettext(
                "%(n)s is neither given up nor in doubt, and was left alone.",
                "%(n)s are neither given up nor in doubt, and were left alone.",
                left,
            )
            self.message_user(request, said % {"n": left}, messages.WARNING)


@admin.register(ClockRun)
class ClockRunAdmin(ReadAdmin):
    list_display = ["name", "date", "started_at", "ended_at", "attempts", "result", "failure"]
    list_filter = ["name", "date"]
    search_fields = ["name"]
    date_hierarchy = "date"


@admin.register(StoredFile)
class StoredFileAdmin(ReadAdmin):
    """Names and checksums only: a file itself is handed out by the app that owns it, to who may have it."""

    list_display = ["name", "size", "created_by", "created_at"]
    list_filter = ["created_at"]
    list_select_related = ["created_by"]
    search_fields = ["name", "sha256"]
    date_hierarchy = "created_at"
    exclude = ["file"]
