"""What the lists of agreements, slots, placements and contacts share: whose, in which group, which part, in which order."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.among import AmongForm, GroupField, in_group
from contacts.follow_up_list import of_whom
from jobcenter_crm.frame.strict import words_of
from jobcenter_crm.frame.templatetags.frame import quoted
from jobcenter_crm.staff.models import Team, User


class OwnedListFilter(AmongForm):
    """What the address of such a list may say; everybody's at first. `user` and `today` are arguments.

    A list says in `PARTS` and `SORTED` which words stand for a value of the address, in `NARROWED` which fields narrow
    it beside the part, and in `OWNERS_MAY` which permission those have whose it can be.
    """

    PARTS = {}
    SORTED = {}
    NARROWED = ()
    OWNERS_MAY = ""

    q = forms.CharField(label=gettext_lazy("Search"), max_length=100, required=False)
    whose = forms.ChoiceField(
        label=gettext_lazy("Responsible consultant"), required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no such colleague or team here any more.")},
    )  # fmt: skip
    tier = GroupField()
    sort = forms.ChoiceField(
        label=gettext_lazy("Sorted"), required=False,
        error_messages={"invalid_choice": gettext_lazy("The list can't be sorted like that.")},
    )  # fmt: skip
    state = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, user, today):
        super().__init__(data, user=user, today=today)
        self.fields["sort"].choices = list(self.SORTED.items())
        self.fields["whose"].choices = self.whose_offered()

    def whose_offered(self):
        """The choices of whose, as `of_whom` reads them; empty for everybody's."""
        colleagues = User.objects.working().who_may(self.OWNERS_MAY).exclude(pk=self.user.pk).in_order()
        team = [("team", _("My team's"))] if self.user.team_id else []
        return [
            ("", _("Everybody's")), ("me", _("Mine")), *team, ("nobody", _("Those of colleagues who have left")),
            (_("A team's"), [(f"team-{one.pk}", one.name) for one in Team.objects.all()]),
            (_("A colleague's"), [(str(colleague.pk), str(colleague)) for colleague in colleagues]),
        ]  # fmt: skip

    def clean(self):
        facts = super().clean()
        if facts.get("state") not in self.PARTS:
            # Beside no field: it is chosen by the tabs.
            raise forms.ValidationError(_("There is no such part of the list."), code="unknown")
        return facts

    @property
    def is_narrowed(self):
        """Whether anything but the part was chosen."""
        return any(self.cleaned_data.get(name) for name in ("q", *self.NARROWED, *self.KEPT))

    def owned(self, rows, *, owner="owner", workplace="workplace"):
        """Those of `rows` of whom and in which group was asked; the lookups lead to the colleague and the workplace."""
        facts = self.cleaned_data
        rows = in_group(self.at(rows, workplace), facts["tier"], workplace)
        return rows.filter(of_whom(facts["whose"], self.user, owner)) if facts["whose"] else rows

    def words(self):
        """What is chosen, for whoever gets the file."""
        facts = self.cleaned_data
        chosen = [(self.fields[name], facts[name]) for name in self.NARROWED if facts.get(name)]
        said = [
            str(self.PARTS[facts["state"]]),
            *(f"{field.label}: {words_of(field, value)}" for field, value in chosen),
            *(str(chip["text"]) for chip in self.chips),
        ]
        return ", ".join(said + ([quoted(facts["q"])] if facts["q"] else []))
