"""What the dashboard shows of what was counted: the strip, the tables by group, the heat map, the teams."""

from dataclasses import dataclass, replace

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.models import Branch
from companies.quality import share_in_words
from jobcenter_crm.desk import charts
from jobcenter_crm.desk.dashboard.figures import FEWEST, GROUPS, figure_named
from placements import small_groups

# The figures of each table, in their order.
TODAY = (
    "places", "in_time", "in_year", "never", "without_owner", "active", "reviews_due", "reviews_late", "open_places",
    "free_places", "owed", "running",
)  # fmt: skip
PERIOD = ("contacts", "started", "ended", "known", "job", "hours", "education", "none", "supporting")
# A list about fewer colleagues would be a list about one of them.
FEWEST_IN_A_TEAM = 2
# Groups with a rhythm, for the share that stands first.
WITH_A_RHYTHM = (1, 2, 3)


def number(value):
    """A whole number as it is written here."""
    return number_format(value, force_grouping=True)


@dataclass(frozen=True)
class Cell:
    """One number of a table: `text` opens `url`; `share` stands below. Without a text nothing is told of it."""

    text: str
    url: str = ""
    share: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Line:
    """One figure across the groups, the last of its cells all together."""

    figure: object
    cells: list


def heads(told):
    """The groups that have a column: 0 is for what is in none."""
    return [*GROUPS, 0] if told.has_ungrouped else list(GROUPS)


def lines(names, told, asked):
    """The `Line`s of those figures that were counted."""
    return [_line(name, told, asked) for name in names if told.number(name) is not None]


def _line(name, told, asked):
    source, figure = figure_named(name)
    cells = [_cell(source, figure, told, asked, tier) for tier in heads(told)]
    return Line(figure, [*cells, _cell(source, figure, told, asked, None)])


def tellable(figure, told):
    """The groups of which `figure` is told, None for all together: none of fewer people, nor one that gives such away."""
    sizes = told.figures[figure.of]
    if sum(sizes.values()) < figure.is_hidden_under:
        return set()
    each = {tier: {tier} for tier in sizes}
    (groups,) = small_groups.tellable([each], sizes, fewest=figure.is_hidden_under, most=len(each))
    return {None, *groups}


def _cell(source, figure, told, asked, tier):
    if figure.is_hidden_under and tier not in tellable(figure, told):
        return Cell("")
    value, whole = told.number(figure.name, tier), told.number(figure.of, tier) if figure.of else None
    more = {} if tier is None else {"tier": tier or "none"}
    share = share_in_words(value, whole) if whole else ""
    return Cell(number(value), source.url(figure, asked, **more) if value else "", share, figure.is_late and value > 0)


def strip(told, asked):
    """The six figures that the page begins with, of those that were counted."""
    said = [_coverage(told, asked), _flow("contacts", told, asked), _agreements(told, asked), _places(told, asked)]
    return [one for one in [*said, _supporting(told, asked), _late(told, asked)] if one]


def of_period(told, asked):
    """What came of the period, each beside the same days a year earlier."""
    said = [_flow("contacts", told, asked), _flow("started", told, asked), _supporting_and_before(told, asked)]
    return [one for one in said if one]


def of_today(told, asked):
    """The figures of the strip that can only be told as of today."""
    said = [_coverage(told, asked), _agreements(told, asked), _places(told, asked), _late(told, asked)]
    return [one for one in said if one]


def _url(name, asked, **more):
    source, figure = figure_named(name)
    return source.url(figure, asked, **more)


def _coverage(told, asked):
    if told.number("places") is None:
        return None
    whole = sum(told.number("places", tier) for tier in WITH_A_RHYTHM)
    part = sum(told.number("in_year", tier) for tier in WITH_A_RHYTHM)
    return charts.Figure(
        _("Contacted within 12 months, groups 1–3"),
        share_in_words(part, whole) if whole else "",
        _url("in_year", asked, tier=list(WITH_A_RHYTHM)),
        _("%(n)s of %(of)s workplaces") % {"n": number(part), "of": number(whole)},
    )


def _flow(name, told, asked):
    if told.number(name) is None:
        return None
    _source, figure = figure_named(name)
    then = told.number(f"{name}_before")
    return charts.Figure(
        str(figure.words), number(told.number(name)), _url(name, asked),
        _("%(n)s on the same days of %(year)s") % {"n": number(then), "year": asked.before[1].year},
    )  # fmt: skip


def _agreements(told, asked):
    if told.number("active") is None:
        return None
    late = told.number("reviews_late")
    second = ngettext("%(n)s review overdue", "%(n)s reviews overdue", late) % {"n": number(late)}
    return charts.Figure(_("Active agreements"), number(told.number("active")), _url("active", asked), second)


def _places(told, asked):
    if told.number("free_places") is None:
        return None
    free, places = told.number("free_places"), told.number("open_places")
    second = _("of %(n)s open places") % {"n": number(places)}
    return charts.Figure(_("Free places"), number(free), _url("free_places", asked), second)


def _supporting(told, asked):
    """Beside the places: filling them is never told without what came of it."""
    if told.number("known") is None:
        return None
    known, part = told.number("said"), told.number("supporting")
    if known < FEWEST:
        return charts.Figure(_("Self-supporting four weeks after a placement"))
    return charts.Figure(
        _("Self-supporting four weeks after a placement"), share_in_words(part, known), _url("supporting", asked),
        ngettext("of %(n)s placement that ended", "of %(n)s placements that ended", known) % {"n": number(known)},
    )  # fmt: skip


def _supporting_and_before(told, asked):
    """The same, with the share of a year earlier behind it."""
    one, then = _supporting(told, asked), told.number("said_before")
    if one is None or then < FEWEST:
        return one
    share = share_in_words(told.number("supporting_before"), then)
    before = _("%(n)s on the same days of %(year)s") % {"n": share, "year": asked.before[1].year}
    return replace(one, second="; ".join(filter(None, [one.second, before])))


def _late(told, asked):
    if told.teams is None:
        return None
    url = asked.url("contacts:follow_ups", whose="all", when="overdue")
    late, long = (sum(row[at] for row in told.teams) for at in (3, 4))
    second = _("%(n)s for more than 14 days") % {"n": number(long)} if late else _("None")
    return charts.Figure(_("Overdue follow-ups"), number(late), url, second, is_late=late > 0)


def heat(told, asked):
    """How many per cent of the workplaces of each branch and group were contacted within twelve months."""
    titles = {
        (one.scheme, one.code): one.title for one in Branch.objects.filter(level=0).only("scheme", "code", "title")
    }
    cells, codes = {}, {}
    for scheme, section, tier, places, contacted in told.coverage:
        # A section that both code lists have is one row, whichever of them the register uses of a workplace.
        title = titles.get((scheme, section), section)
        codes.setdefault(title, set()).add(f"{scheme}:{section}")
        part, whole = cells.get((title, tier), (0, 0))
        cells[title, tier] = part + contacted, whole + places
    rows = []
    for title, named in sorted(codes.items(), key=lambda one: min(one[1]).partition(":")[2]):
        branch = ",".join(sorted(named))
        shares = []
        for tier in GROUPS:
            part, whole = cells.get((title, tier), (0, 0))
            url = _url("in_year", asked, tier=tier, main_branch=branch)
            shares.append(charts.Share(part, whole, url if part else ""))
        if any(share.percent is not None for share in shares):
            rows.append(charts.HeatRow(title, shares, asked.url("companies:register", main_branch=branch)))
    return charts.Heat(
        "coverage", _("Contacted within 12 months, by branch and group"), _("Branch"),
        [charts.Head(tier=tier) for tier in GROUPS], rows,
        note=_("Per cent of the active workplaces whose last contact is at most 12 months old."),
    )  # fmt: skip


@dataclass(frozen=True)
class TeamLine:
    """What a team has overdue; `people` work in it. Nothing is told of a team of one: that would be about a colleague."""

    name: str
    people: int
    overdue: int
    long: int
    url: str


def teams(told, asked, *, reader):
    """The `TeamLine`s, and what those teams that can't be told of, and those in no team, have overdue together."""
    shown, rest = [], 0
    for key, name, people, overdue, long in told.teams or []:
        if key is None or (people < FEWEST_IN_A_TEAM and reader.team_id != key):
            rest += overdue
        else:
            shown.append(
                TeamLine(
                    name, people, overdue, long, asked.url("contacts:follow_ups", whose=f"team-{key}", when="overdue")
                )
            )
    return shown, rest
