"""What the dashboard shows of what was counted: the strip, the tables by group, the heat map, the teams."""

from collections import Counter
from dataclasses import dataclass, replace

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.models import Branch
from companies.quality import share_in_words
from jobcenter_crm.desk import charts
from jobcenter_crm.desk.dashboard.figures import FEWEST, GROUPS, figure_named
from jobcenter_crm.desk.dashboard.reckoned import BY_TEAM
from jobcenter_crm.staff.models import FEWEST_IN_A_TEAM, Team, User
from placements import small_groups

# The figures of each table, in their order.
TODAY = (
    "places", "in_time", "in_year", "never", "without_owner", "active", "reviews_due", "reviews_late", "open_places",
    "filled", "free_places", "owed", "running",
)  # fmt: skip
PERIOD = ("contacts", "started", "ended", "known", "job", "hours", "education", "none", "supporting")
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


def lines_of_today(told, asked):
    """What stands today. Filled places are never told without what came of them, so that stands below, of the period."""
    words = _("Self-supporting four weeks after a placement that ended in the period")
    effect = [replace(line, figure=replace(line.figure, words=words)) for line in lines(("supporting",), told, asked)]
    return lines(TODAY, told, asked) + effect


def _line(name, told, asked):
    source, figure = figure_named(name)
    tiers = [*heads(told), None]
    seen = _tellable(figure, told) if figure.is_hidden_under else tiers
    return Line(figure, [_cell(source, figure, told, asked, tier) if tier in seen else Cell("") for tier in tiers])


def _tellable(figure, told):
    """The groups of which `figure` is told, None for all together: none of fewer people, nor one that gives such away."""
    sizes = told.figures[figure.of]
    if sum(sizes.values()) < figure.is_hidden_under:
        return set()
    each = {tier: {tier} for tier in sizes}
    (groups,) = small_groups.tellable([each], sizes, fewest=figure.is_hidden_under, most=len(each))
    return {None, *groups}


def _cell(source, figure, told, asked, tier):
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
    before = _before(number(told.number(f"{name}_before")), asked)
    return charts.Figure(str(figure.words), number(told.number(name)), _url(name, asked), before)


def _before(then, asked):
    """What it was a year earlier, in words; where the period goes on, that a whole stands beside a part."""
    if asked.until > asked.today:
        return _("%(n)s in the whole of the same period a year earlier; this one is not over") % {"n": then}
    return _("%(n)s on the same days a year earlier") % {"n": then}


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
    second = ngettext("of %(n)s open place; %(filled)s filled", "of %(n)s open places; %(filled)s filled", places) % {
        "n": number(places), "filled": number(told.number("filled")),
    }  # fmt: skip
    return charts.Figure(_("Free places"), number(free), _url("free_places", asked), second)


def _supporting(told, asked):
    """Beside the places: filling them is never told without what came of it."""
    said, part = told.number("said"), told.number("supporting")
    if said is None:
        return None
    if said < FEWEST:
        return charts.Figure(_("Self-supporting four weeks after a placement"))
    return charts.Figure(
        _("Self-supporting four weeks after a placement"), share_in_words(part, said), _url("supporting", asked),
        ngettext("of %(n)s placement of which it was said", "of %(n)s placements of which it was said", said)
        % {"n": number(said)},
    )  # fmt: skip


def _supporting_and_before(told, asked):
    """The same, with the share of a year earlier behind it."""
    one, then = _supporting(told, asked), told.number("said_before")
    if one is None or then < FEWEST:
        return one
    share = share_in_words(told.number("supporting_before"), then)
    return replace(one, second="; ".join(filter(None, [one.second, _before(share, asked)])))


def _late(told, asked):
    if told.number("late") is None:
        return None
    late, long, url = told.number("late"), told.number("late_long"), _url("late", asked)
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
class PeopleLine:
    """What is told of a team, or of a colleague: `note` stands small behind the name; a `Cell` for each column."""

    name: str
    note: str
    cells: list


def people_heads(names):
    """The figures of the columns of `PeopleLine`s."""
    return [figure_named(name)[1] for name in names]


def people_columns(figures):
    """The names of those of `BY_TEAM` that are among `figures`, dicts by name."""
    counted = {name for has in figures for name in has}
    return [name for name in BY_TEAM if name in counted]


def _people_cells(has, names, url):
    """A `Cell` for each of `names`; `url(source, figure)` is the list behind it, empty where there is none to open."""
    cells = []
    for name in names:
        source, figure = figure_named(name)
        value, whole = has.get(name, 0), has.get(figure.of, 0) if figure.of in names else 0
        share = share_in_words(value, whole) if whole and name == "in_time" else ""
        cells.append(Cell(number(value), url(source, figure) if value else "", share, figure.is_late and value > 0))
    return cells


def teams(told, asked, *, reader):
    """`(columns, PeopleLines)`: each team of which the reader may be told, and all others together.

    So many are told together that nobody can be picked out: a line of fewer people than `FEWEST_IN_A_TEAM` is told with
    the smallest team, since what is left of the whole would tell of them.
    """
    figures = dict(told.teams)
    names = people_columns(figures.values())
    shown = sorted((team for team in Team.objects.told_to(reader) if team.pk in figures), key=lambda team: -team.people)
    rest, others = Counter(), figures.keys() - {team.pk for team in shown}
    for key in others:
        rest.update(figures[key])
    people = User.objects.working().exclude(team__in=shown).count() if any(rest.values()) else 0
    while 0 < people < FEWEST_IN_A_TEAM and shown:
        smallest = shown.pop()
        rest.update(figures[smallest.pk])
        others.add(smallest.pk)
        people += smallest.people
    lines = []
    for team in sorted(shown, key=lambda team: team.name):

        def url(source, figure, key=team.pk):
            return source.url(figure, asked, **source.of_team(key))

        lines.append(PeopleLine(team.name, _people(team.people), _people_cells(figures[team.pk], names, url)))
    if people >= FEWEST_IN_A_TEAM:
        rest["contacts"] -= told.counted_twice(others)
        cells = _people_cells(rest, names, lambda source, figure: "")
        lines.append(PeopleLine(_("Small teams, and those in no team"), _people(people), cells))
    return names, lines


def _people(n):
    return ngettext("%(n)s colleague", "%(n)s colleagues", n) % {"n": n}


def colleagues(figures, asked):
    """`(columns, PeopleLines, keys)` of those who work here and of whom there is anything to tell, by name."""
    names, lines, keys = people_columns(figures.values()), [], []
    for user in User.objects.working().filter(pk__in=[key for key in figures if key]).select_related("team").in_order():
        theirs = replace(asked, colleague=user)

        def url(source, figure, theirs=theirs):
            return source.url(figure, theirs)

        note = str(user.team) if user.team else ""
        lines.append(PeopleLine(str(user), note, _people_cells(figures[user.pk], names, url)))
        keys.append(user.pk)
    return names, lines, keys
