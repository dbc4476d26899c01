"""Without responsible: what colleagues who have left leave to the team, taken over or given by the manager."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from contacts import handovers, left_behind
from contacts.actions import NotNow
from contacts.handover_pages import PAGE, say_moved
from jobcenter_crm.frame.addresses import numbers
from jobcenter_crm.frame.pages import CappedPages, back

# What the address says -> what of the form's ticks it takes, and its tab.
KINDS = {
    "": ("at", gettext_lazy("Workplaces")),
    "follow_ups": ("follow_up", gettext_lazy("Follow-ups")),
    "visits": ("visit", gettext_lazy("Planned contacts")),
}


class WhoseForm(forms.Form):
    """Of which of those who have left."""

    whose = forms.ChoiceField(label=gettext_lazy("Whose they were"), required=False)

    def __init__(self, *args, leavers, **kwargs):
        super().__init__(*args, **kwargs)
        named = [(str(one.user.pk), f"{one.user} ({one.in_words})") for one in leavers]
        self.fields["whose"].choices = [("", _("All who have left")), *named]


class WithoutResponsible(PermissionRequiredMixin, CappedPages, ListView):
    """Workplaces, follow-ups and planned contacts of those who have left the team, that nobody has taken over."""

    permission_required = "companies.set_owner"
    template_name = "contacts/without_responsible.html"
    paginate_by = PAGE
    context_object_name = "rows"

    @cached_property
    def leavers(self):
        return left_behind.leavers(left_behind.seen_by(self.request.user))

    @cached_property
    def show(self):
        asked = self.request.GET.get("show", "")
        return asked if asked in KINDS else ""

    @cached_property
    def form(self):
        form = WhoseForm({"whose": self.request.GET.get("whose", "")}, leavers=self.leavers)
        form.is_valid()
        return form

    def get_queryset(self):
        users = left_behind.seen_by(self.request.user)
        if whose := self.form.cleaned_data.get("whose"):
            users = users.filter(pk=int(whose))
        if self.show == "follow_ups":
            rows = left_behind.follow_ups(users).select_related("workplace", "owner")
            return rows.order_by("due_on", "pk")
        if self.show == "visits":
            rows = left_behind.visits(users).select_related("workplace").prefetch_related("staff")
            return rows.soonest_first()
        return left_behind.workplaces(users).for_register_page().order_by("sort_name", "pk")

    def get_context_data(self, **kwargs):
        counted = {
            "": sum(one.workplaces for one in self.leavers),
            "follow_ups": sum(one.follow_ups for one in self.leavers),
            "visits": sum(one.visits for one in self.leavers),
        }
        tabs = [(name, label, counted[name]) for name, (_tick, label) in KINDS.items()]
        return super().get_context_data(
            tabs=tabs, show=self.show, form=self.form, tick=KINDS[self.show][0], leavers=self.leavers,
            today=timezone.localdate(), may_assign=self.request.user.has_perm(handovers.ASSIGN), **kwargs,
        )  # fmt: skip


@require_POST
@permission_required("companies.set_owner", raise_exception=True)
def take_left(request):
    """Take over what nobody has, in one tap; what somebody has been offered, or was quicker to take, is left."""
    ticked = {name: numbers(request.POST.getlist(name)) for name in ("at", "follow_up", "visit")}
    try:
        taken = left_behind.take(
            workplaces=ticked["at"], follow_ups=ticked["follow_up"], visits=ticked["visit"], by=request.user
        )
    except NotNow as not_now:
        messages.error(request, str(not_now))
    else:
        _say_taken(request, taken, sum(map(len, ticked.values())))
    return back(request, "contacts:without_responsible")


def _say_taken(request, taken, number):
    if taken is None:
        messages.error(request, _("Nothing is ticked, or a colleague was quicker."))
        return
    say_moved(request, [taken])
    left = number - taken.moved - taken.left
    if left:
        words = ngettext(
            "%(n)s was left: a colleague was quicker, or it has been offered to somebody.",
            "%(n)s were left: a colleague was quicker, or they have been offered to somebody.",
            left,
        )
        messages.info(request, words % {"n": left})
