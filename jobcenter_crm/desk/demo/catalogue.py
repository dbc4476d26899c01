"""Which services the contacts told of, by what was said in them, and which of the employers use one."""

import random
from datetime import timedelta

from contacts.models import Interaction, Service, ServiceUse

Outcome = Interaction.Outcome
# What is heard in a purpose or a note -> the service that was spoken of.
HEARD = {
    "voksenlærling": "adult-apprentice",
    "virksomhedscenter": "company-centre",
    "faste pladser": "company-centre",
    "fravær": "retention",
    "fastholdelse": "retention",
    "§ 56": "section-56",
    "mentor": "mentor",
    "praktik": "placement",
    "løntilskud": "wage-subsidy",
    "fleksjob": "flex-job",
    "småjob": "paid-hours",
    "timer om ugen": "paid-hours",
    "kursus": "upskilling",
    "netværk": "network",
    "messe": "job-fairs",
    "rekruttering": "recruitment",
    "mangler": "recruitment",
    "søger": "recruitment",
}
SPOKEN = {Outcome.AGREED, Outcome.INTERESTED, Outcome.NOT_NOW, Outcome.INFORMED}
# How many in a hundred wrote down what was presented; of what was agreed, how many use it, and of those, no longer.
NOTED, USED, ENDED = 75, 60, 20
MOST = 2


def present(told, seed, today):
    """The services of each contact, saved; and what is in use, which is returned unsaved. `told` is in order."""
    rng, services = random.Random(f"{seed} services"), {one.code: one for one in Service.objects.all()}
    rows, uses = [], {}
    for each in told:
        spoken_of = _spoken_of(each.row, services)
        if not spoken_of or rng.random() * 100 >= NOTED:
            continue
        rows += [Interaction.services.through(interaction=each.row, service=service) for service in spoken_of]
        if each.row.outcome == Outcome.AGREED and rng.random() * 100 < USED:
            uses.setdefault((each.row.workplace.pk, spoken_of[0].code), _use(each, spoken_of[0]))
    Interaction.services.through.objects.bulk_create(rows, 500)
    for use in uses.values():
        if rng.random() * 100 < ENDED:
            until = use.since + timedelta(days=rng.randint(28, 120))
            use.until = until if until < today else None
    return list(uses.values())


def _spoken_of(row, services):
    """At most two of what is heard; what was planned is meant to be spoken of."""
    if row.state == Interaction.State.CANCELLED or (row.state == Interaction.State.HELD and row.outcome not in SPOKEN):
        return []
    words = f"{row.purpose} {row.note}".casefold()
    codes = dict.fromkeys(code for heard, code in HEARD.items() if heard in words)
    return [services[code] for code in codes if services[code].is_valid(row.on)][:MOST]


def _use(each, service):
    use = ServiceUse(
        workplace=each.row.workplace, service=service, since=each.row.on, created_by=each.staff[0],
    )  # fmt: skip
    use.created_at = each.row.logged_at
    return use
