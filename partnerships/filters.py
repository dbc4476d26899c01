"""What agreements add to the register's filter."""

from django.utils.translation import gettext_lazy as _

from companies.filter_parts import CONTACT, ChoicePart
from companies.filters import WorkplaceFilter
from partnerships.models import Agreement

ANY, NONE, EVER, PROPOSED = "any", "none", "ever", "proposed"


class AgreementPart(ChoicePart):
    """Where an agreement holds at a workplace; `none` where none does, `ever` where one holds or has held."""

    def filter(self, workplaces, asked):
        if not asked:
            return workplaces
        agreements = Agreement.objects
        if asked == EVER:
            return workplaces.filter(agreements.filter(state__in=["active", "ended"]).held_at())
        if asked == PROPOSED:
            return workplaces.filter(agreements.proposed().held_at())
        active = agreements.in_force(self.parent.today)
        if asked == NONE:
            return workplaces.exclude(active.held_at())
        return workplaces.filter((active if asked == ANY else active.filter(kind=asked)).held_at())


def declare():
    """Add the part; once, when the app is ready."""
    WorkplaceFilter.register(
        agreement=AgreementPart(
            label=_("Agreement"), empty_label=_("All"), block=CONTACT, permission="partnerships.view_agreement",
            choices=[
                (ANY, _("Has an active one")), (NONE, _("Has none that is active")), (PROPOSED, _("Has a proposal from us")),
                (EVER, _("Has or has had one")), *Agreement.Kind.choices,
            ],
        )
    )  # fmt: skip
