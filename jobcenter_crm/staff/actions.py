"""Acts on several colleagues or teams at once."""

from django.db import transaction


@transaction.atomic
def enter_hours(*, hours, by):
    """Write how many hours a week each team has for outreach: `hours` is `{Team: number or None}`; returns those changed."""
    changed = [team for team, number in hours.items() if team.outreach_hours != number]
    for team in changed:
        team.outreach_hours = hours[team]
        team._history_user = by
        team.save(update_fields=["outreach_hours"])
    return changed
