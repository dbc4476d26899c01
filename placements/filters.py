"""What placements add to the register's filter."""

from django.utils.translation import gettext_lazy as _

from companies.filters import CONTACT, ChoicePart, WorkplaceFilter
from placements.models import Placement

NOW, EVER, NEVER = "now", "ever", "never"


class PlacementPart(ChoicePart):
    """Where somebody is in a placement now, has ever been, or never was; also as a stay of a company centre."""

    def filter(self, workplaces, asked):
        if not asked:
            return workplaces
        if asked == NOW:
            return workplaces.filter(Placement.objects.on(self.parent.today).at_workplaces())
        ever = Placement.objects.filter(starts_on__lte=self.parent.today).at_workplaces()
        return workplaces.filter(ever) if asked == EVER else workplaces.exclude(ever)


def declare():
    """Add the part; once, when the app is ready."""
    WorkplaceFilter.register(
        placement=PlacementPart(
            label=_("Placement"), empty_label=_("All"), block=CONTACT, permission="placements.view_placement",
            choices=[
                (NOW, _("Has a placement now")), (EVER, _("Has or has had a placement")), (NEVER, _("Has never had a placement")),
            ],
        )
    )  # fmt: skip
