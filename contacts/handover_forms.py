"""What a hand-over, and what a colleague is to a workplace, ask for."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.bulk_correction import mark_of
from companies.cpr import refuse_cpr
from companies.models import Workplace
from contacts import goes_along, handovers
from contacts.models import ColleagueRole, Interaction
from jobcenter_crm.frame.pages import capped_counts
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.staff.fields import ColleagueField
from jobcenter_crm.staff.models import User

CONTACT = "contacts.add_interaction"


class Chosen:
    """The things that an address names, as far as they are `giver`'s to hand over; the querysets are what is offered.

    With `everything`, all that the giver has. What is named and can't be handed over is in `left_out`, with why not.
    """

    def __init__(self, giver, *, everything=False, workplaces=(), follow_ups=(), visits=()):
        self.giver, self.everything = giver, everything
        places = handovers.theirs(giver)
        promised, planned = goes_along.FOLLOW_UPS.of(giver), goes_along.VISITS.of(giver)
        if everything:
            self.named = Workplace.objects.none()
            self.workplaces = handovers.not_offered(places)
        else:
            self.named = Workplace.objects.filter(pk__in=workplaces)
            self.workplaces = handovers.not_offered(places.filter(pk__in=workplaces))
            promised, planned = promised.filter(pk__in=follow_ups), planned.filter(pk__in=visits)
        # What goes along with a workplace is not named again by itself.
        going = self.workplaces.order_by().values("pk")
        offered = handovers.offered("visit")
        self.follow_ups = promised.exclude(workplace__in=going)
        self.visits = planned.exclude(workplace__in=going).exclude(pk__in=offered)

    @cached_property
    def _counted(self):
        """How many workplaces, follow-ups and visits, and of each part how much goes along; in one statement."""
        going = [
            handovers.going(part, self.workplaces, self.giver, is_everything=self.everything)
            for part in goes_along.all_parts()
        ]
        return capped_counts([self.workplaces, self.follow_ups, self.visits, *going], counted_to=None)

    @property
    def counts(self):
        return tuple(self._counted[:3])

    @property
    def is_empty(self):
        return not any(self.counts) and not self.along

    @cached_property
    def along(self):
        """What goes along with the workplaces, in words; with everything, also what they have elsewhere."""
        counted = zip(goes_along.all_parts(), self._counted[3:], strict=True)
        return [part.words % {"n": number} for part, number in counted if number]

    @cached_property
    def left_out(self):
        """`(workplace, why not)` for each that was named and can't be handed over."""
        said, left = [], self.named.exclude(pk__in=self.workplaces.order_by().values("pk"))
        for place in handovers.with_offer(left.select_related("owner")):
            is_theirs = place.owner_id == self.giver.pk if self.giver else place.responsible is None
            if is_theirs:
                said.append((place, _("has been offered to %(name)s already") % {"name": place.offer.handover.to}))
            elif place.responsible:
                said.append((place, _("%(who)s is responsible") % {"who": place.owner}))
            else:
                said.append((place, _("nobody is responsible")))
        return said

    @property
    def mark(self):
        """A mark of exactly these things, so that what is offered is what was shown."""
        return ".".join(mark_of(rows)[:16] for rows in (self.workplaces, self.follow_ups, self.visits))

    @property
    def takes(self):
        """What whoever gets them must be allowed to do: to contact employers, or where there are only follow-ups, to do these."""
        places, follow_ups, visits = self.counts
        return "contacts.change_followup" if follow_ups and not (places or visits or self.along) else CONTACT

    def keys(self):
        """As `handovers.offer` takes them."""
        rows = {"workplaces": self.workplaces, "follow_ups": self.follow_ups, "visits": self.visits}
        keys = {name: list(found.order_by("pk").values_list("pk", flat=True)) for name, found in rows.items()}
        return keys | {"is_everything": self.everything}

    @cached_property
    def giver_has_met_them(self):
        if self.giver is None:
            return False
        met = Interaction.objects.held().meetings().filter(staff=self.giver)
        return met.filter(workplace__in=self.workplaces.order_by().values("pk")).exists()


class HandOverForm(forms.Form):
    """To whom, and with which words. `takes`: what whoever gets it must be allowed to do; `must_assign`: nobody could be asked."""

    to = ColleagueField(
        label=gettext_lazy("To"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Choose a colleague"),
        error_messages={"required": gettext_lazy("Choose the colleague who gets it.")},
    )
    note = forms.CharField(
        label=gettext_lazy("What should they know?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_cpr],
    )
    giver_opened_the_door = forms.BooleanField(required=False)
    daily_contact = ColleagueField(
        label=gettext_lazy("The daily contact goes to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Stays as it is"),
    )
    assign = forms.BooleanField(
        label=gettext_lazy("At once, without asking"),
        required=False,
        help_text=gettext_lazy("In case of illness, for instance. The colleague finds it on their list."),
    )

    def __init__(
        self, *args, giver, user, takes=CONTACT, asks_opener=False, asks_daily=True, must_assign=False, **kwargs
    ):
        super().__init__(*args, **kwargs)
        colleagues = User.objects.working().who_may(takes).in_order()
        self.fields["to"].queryset = colleagues.exclude(pk=giver.pk) if giver else colleagues
        self.must_assign = must_assign
        if asks_opener:
            field = self.fields["giver_opened_the_door"]
            is_mine = giver.pk == user.pk
            field.label = (
                _("I stay the one who opened the door")
                if is_mine
                else _("%(name)s stays the one who opened the door") % {"name": giver}
            )
            field.help_text = _("Noted on the card where it is not said who did.")
            field.initial = True
        else:
            del self.fields["giver_opened_the_door"]
        if asks_daily:
            self.fields["daily_contact"].queryset = colleagues
        else:
            del self.fields["daily_contact"]
        if must_assign or not user.has_perm(handovers.ASSIGN):
            del self.fields["assign"]

    @property
    def assigns(self):
        return self.must_assign or self.cleaned_data.get("assign", False)

    def facts(self):
        """As `handovers.offer` takes them."""
        facts = self.cleaned_data
        return {
            "to": facts["to"],
            "note": facts["note"],
            "giver_opened_the_door": facts.get("giver_opened_the_door", False),
            "daily_contact": facts.get("daily_contact"),
        }


class ManyHandOverForm(HandOverForm):
    """The hand-over of workplaces that were chosen in the register: one's own; a manager's also those of others."""

    def __init__(self, *args, workplaces, user, **kwargs):
        super().__init__(*args, giver=None, user=user, **kwargs)
        self.workplaces, self.user = workplaces, user
        if not user.has_perm(handovers.ASSIGN):
            self.fields["to"].queryset = self.fields["to"].queryset.exclude(pk=user.pk)
            self.fields["to"].help_text = _("Only those that you are responsible for are offered.")
        else:
            self.fields["to"].help_text = _("Each is offered in the name of its responsible consultant.")

    def clean(self):
        facts = super().clean()
        if not handovers.not_offered(self.mine()).exists():
            raise forms.ValidationError(
                _("None of these can be handed over: they are not yours, or have been offered already."), code="nothing"
            )
        if facts.get("to") and not self.mine().exclude(owner=facts["to"]).exists():
            self.add_error("to", _("%(name)s is responsible for them already.") % {"name": facts["to"]})
        return facts

    def mine(self):
        """Those that may be handed over by whoever looks."""
        return self.workplaces if self.user.has_perm(handovers.ASSIGN) else self.workplaces.filter(owner=self.user)


class DeclineForm(forms.Form):
    """Why somebody does not take what a colleague offers."""

    why = forms.CharField(
        label=gettext_lazy("Why not?"),
        max_length=200,
        help_text=gettext_lazy("A word to the colleague is enough."),
        validators=[refuse_cpr],
        error_messages={"required": gettext_lazy("Write a word about why.")},
    )


class ColleagueRoleForm(forms.Form):
    """What a colleague is to a workplace."""

    role = forms.ChoiceField(label=gettext_lazy("What"), choices=ColleagueRole.Role, widget=forms.RadioSelect)
    about = forms.CharField(
        label=gettext_lazy("About what?"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Wage subsidies, for instance."),
        validators=[refuse_cpr],
    )
    colleague = ColleagueField(
        label=gettext_lazy("Colleague"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Choose a colleague"),
        error_messages={"required": gettext_lazy("Choose the colleague.")},
    )
    since = forms.DateField(label=gettext_lazy("Since"), required=False, widget=DAY)

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        self.fields["colleague"].queryset = User.objects.working().in_order()

    def clean_since(self):
        since = self.cleaned_data["since"]
        if since and since > self.today:
            raise forms.ValidationError(_("That day has not come yet. Choose today, or an earlier one."))
        return since

    def clean(self):
        facts = super().clean()
        is_about = facts.get("role") == ColleagueRole.Role.ABOUT
        if is_about and not facts.get("about") and "about" not in self.errors:
            self.add_error("about", _("Write what the colleague is to be called about."))
        if not is_about:
            facts["about"] = ""
        return facts
