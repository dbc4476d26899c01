"""For the committee: a quarter on one page, for somebody who decides on the work and does not do it.

The figures are those of the dashboard: the same functions count and tell them. What stands today can't be known for a
day in the past, so it is told apart from what came of the quarter, with its day. `paper` draws it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from companies.among import AmongForm, refuse_what_is_of_few
from companies.quality import share_in_words
from jobcenter_crm.backstage.documents.letterhead import Letterhead
from jobcenter_crm.desk import charts
from jobcenter_crm.desk.dashboard import paper, shown
from jobcenter_crm.desk.dashboard.asked import Asked
from jobcenter_crm.desk.dashboard.figures import FEWEST, GROUPS, figure_named
from jobcenter_crm.desk.dashboard.measures import OUTCOME
from jobcenter_crm.desk.dashboard.parts import NAMES_OF_GROUPS, PARTS
from jobcenter_crm.desk.dashboard.realism import Verdict
from jobcenter_crm.desk.dashboard.reckoned import reckon
from jobcenter_crm.frame.templatetags.frame import lowerfirst
from partnerships.absence import quarter_in_words, quarters

OFFERED = 8
# The lines of the table: what stands today, and what came of the quarter.
TODAY = ("places", "in_time", "active", "filled", "free_places")
QUARTER = ("contacts", "started", "ended")
CAME_OF_IT = ("job", "hours", "education", "none")


class CommitteeForm(AmongForm):
    """The address of the page: which quarter, in which language, at which workplaces."""

    BESIDES = frozenset()

    quarter = forms.ChoiceField(
        label=gettext_lazy("Quarter"), required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the last eight quarters that are over.")},
    )  # fmt: skip
    lang = forms.ChoiceField(
        label=gettext_lazy("Language"), required=False, widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the languages.")},
    )  # fmt: skip

    def __init__(self, data, *, user, today):
        offered = quarters(today)[:OFFERED]
        languages = sorted(settings.LANGUAGES, key=lambda one: one[0] != get_language())
        # What is not said is the last whole quarter, in the reader's language.
        data = data.copy()
        data.setdefault("quarter", name_of(*offered[0]))
        data.setdefault("lang", languages[0][0])
        super().__init__(data, user=user, today=today)
        self.fields["quarter"].choices = [(name_of(*one), quarter_in_words(*one)) for one in offered]
        self.fields["lang"].choices = languages

    def clean(self):
        facts = super().clean()
        refuse_what_is_of_few(self, facts)
        # Asked for with nothing after it.
        for name in ("quarter", "lang"):
            if name in facts and not facts[name]:
                facts[name] = self.fields[name].choices[0][0]
        return facts

    @property
    def quarter_asked(self):
        """`(year, quarter)`; the form has been found valid."""
        return tuple(map(int, self.cleaned_data["quarter"].split("-")))

    def asked(self):
        """The quarter as what the dashboard is asked; the form has been found valid."""
        return Asked(self, *days_of(*self.quarter_asked), self.today, self.where)


def name_of(year, quarter):
    """A quarter as the address says it: "2026-3"."""
    return f"{year}-{quarter}"


def days_of(year, quarter):
    """The first and the last day of a quarter."""
    first = date(year, 3 * quarter - 2, 1)
    return first, first + relativedelta(months=3) - timedelta(days=1)


def address(asked):
    """The address of the form for the places of a dashboard, with its quarter where the period is one that is offered."""
    chosen = [one for one in quarters(asked.today)[:OFFERED] if days_of(*one) == (asked.since, asked.until)]
    return asked.url("desk:committee", quarter=name_of(*chosen[0]) if chosen else "")


@dataclass(frozen=True)
class TargetRow:
    """One target in words: `what`, where it began, where it stands, what was promised, the verdict, and the sum behind it."""

    what: str
    start: str
    now: str
    target: str
    verdict: str
    behind: str = ""
    is_late: bool = False


def target_row(told):
    """The `TargetRow` of a `targets.Progress`, in the language that is active.

    Of what came of fewer than five placements the row tells nothing, nor of where it began: of how many that was is not kept.
    """
    what = ", ".join(filter(None, [str(told.words), told.scope.in_words]))
    by = _("by %(day)s") % {"day": date_format(told.target.deadline, "DATE_FORMAT")}
    is_outcome = told.measure.kind == OUTCOME
    if is_outcome and _tells_of_few(told):
        return TargetRow(what, "–", "–", told.goal, str(Verdict.UNKNOWN.label), by)
    start, now = "" if is_outcome else told.start, told.now if told.has_begun else ""
    behind = "; ".join(filter(None, [by, told.counted_since, lowerfirst(told.state.behind)]))
    is_late = told.state.key == "missed"
    return TargetRow(what, start or "–", now or "–", told.goal, str(told.state.label), behind, is_late)


def _tells_of_few(told):
    """Whether a target's figures give away a few of those who succeeded, or who did not: now, or in the year before it was set."""
    numbers, grounds = told.numbers, told.target.grounds["grounds"]
    pairs = [(grounds["gained"] or 0, grounds["tries"] or 0)]
    if numbers and numbers.of >= FEWEST:
        pairs.append((numbers.now, numbers.of))
    return any(_is_few(part) or _is_few(whole - part) for part, whole in pairs)


@dataclass(frozen=True)
class Report:
    """What stands on the page, in the language it is to be in; `heads`: the groups, 0 for none, then all together.

    What the reader may not see is empty, a chart None. `aims`: `(group, what we want of it)`.
    """

    letterhead: Letterhead
    language: str
    made_at: datetime
    title: str
    quarter: str
    period: str
    where: str
    today: str
    of_period: list
    of_today: list
    heads: list
    lines_of_today: list
    lines_of_quarter: list
    aims: list
    trend: charts.Chart | None
    second: charts.Chart | None
    movement: str
    targets: tuple
    notes: list


def report(form, *, reader, now, targets=()):
    """The `Report` that a valid `form` asks for, of what `reader` may see; the language is the one that is active.

    `targets` are `TargetRow`s. What stands today is as of the form's day, `now` is when the page was made.
    """
    asked, may = form.asked(), reader.has_perm
    told = reckon(asked, may)
    _hide_few(told)
    quarter = quarter_in_words(*form.quarter_asked)
    return Report(
        letterhead=Letterhead.ours(),
        language=get_language(),
        made_at=now,
        title=_("Employer outreach"),
        quarter=quarter,
        period=asked.period,
        where=", ".join(lowerfirst(chip["text"]) for chip in form.chips) or _("the whole register"),
        today=date_format(asked.today, "DATE_FORMAT"),
        of_period=shown.of_period(told, asked),
        of_today=shown.of_today(told, asked),
        heads=shown.heads(told),
        lines_of_today=shown.lines(TODAY, told, asked),
        lines_of_quarter=shown.lines(QUARTER, told, asked),
        aims=[(plan.tier, plan.aim) for plan in asked.plans] if may("companies.view_tierplan") else [],
        trend=_trend(asked) if PARTS["trend"].is_seen_by(may) else None,
        second=_came_of_placements(told) or _coverage(told),
        movement=_movement(asked) if PARTS["flow"].is_seen_by(may) else "",
        targets=tuple(targets),
        notes=_notes(asked),
    )


def make(form, *, reader, now, targets=()):
    """The page as a PDF, in the language that the valid `form` asks for."""
    with translation.override(form.cleaned_data["lang"]):
        return paper.made(report(form, reader=reader, now=now, targets=targets))


def file_name(form):
    """What the file is called: letters, digits and lines that every mail program keeps as they are."""
    year, quarter = form.quarter_asked
    with translation.override(form.cleaned_data["lang"]):
        name = _("employer-outreach-%(year)s-q%(quarter)s") % {"year": year, "quarter": quarter}
    return f"{name}.pdf"


def _trend(asked):
    """Contacts by month in the year that ends with the quarter: three months alone are no line."""
    year = replace(asked, since=asked.until + timedelta(days=1) - relativedelta(months=12))
    part = PARTS["trend"]
    chart = part.charts(part.count(year), year)[0]
    words = (_("The year to the end of the quarter"), _("A year earlier"))
    series = [replace(one, label=label) for one, label in zip(chart.series, words, strict=True)]
    return replace(chart, series=series, note=_("The months of the quarter are tinted."))


def _is_few(n):
    return 0 < n < FEWEST


def _hide_few(told):
    """Tell nothing of who supports themselves where those who do, or those who don't, are fewer than five.

    The house sees the share from five known ones on; this page leaves the house.
    """
    for whole, part in (("said", "supporting"), ("said_before", "supporting_before")):
        said, supporting = told.number(whole), told.number(part)
        if said and (_is_few(supporting) or _is_few(said - supporting)):
            told.figures[whole] = {}


def _came_of_placements(told):
    """What came of the placements that ended; None where nothing of it can be told.

    An outcome of fewer than five is not told, nor the next smallest where it could be reckoned from the others.
    """
    known = told.number("known")
    if known is None or known < FEWEST:
        return None
    counted = {name: told.number(name) for name in CAME_OF_IT}
    hidden = [name for name, n in counted.items() if _is_few(n)]
    others = sorted((name for name in counted if counted[name] >= FEWEST), key=counted.get)
    if hidden and (len(hidden) == 1 or sum(counted[name] for name in hidden) < FEWEST):
        hidden += others[:1]
    if not set(others) - set(hidden):
        return None
    rows = []
    for name, n in counted.items():
        words = f"{shown.number(n)} ({share_in_words(n, known)})" if n else shown.number(n)
        cell = charts.Cell() if name in hidden else charts.Cell(n, words)
        rows.append(charts.Row(str(figure_named(name)[1].words), [cell]))
    note = _("Four weeks after the end, of the %(known)s placements of which it is known; %(ended)s ended.") % {
        "known": shown.number(known), "ended": shown.number(told.number("ended")),
    }  # fmt: skip
    name = _("What came of the placements")
    return charts.Chart("across", "outcomes", name, _("Outcome"), [charts.Series(name)], rows, note=note)


def _coverage(told):
    """How many of each group were contacted within twelve months; None for those who may not see it."""
    if told.number("places") is None:
        return None
    rows = []
    for tier in GROUPS:
        share = charts.Share(told.number("in_year", tier), told.number("places", tier))
        words = "" if share.percent is None else share_in_words(share.part, share.whole)
        rows.append(charts.Row(str(NAMES_OF_GROUPS[tier]), [charts.Cell(share.percent, words)]))
    name = _("Contacted within 12 months, by group")
    note = _("Share of the workplaces, as of today; none is told of fewer than five.")
    return charts.Chart(
        "across", "coverage", name, _("Group"), [charts.Series(name)], rows, unit="%", top=100, note=note
    )


def _movement(asked):
    """How many workplaces changed group in the quarter, and where they came to, in one sentence."""
    part = PARTS["flow"]
    [chart] = part.charts(part.count(asked), asked)
    came = [(row.label, row.cells[0].value) for row in chart.rows if row.cells[0].value]
    total = sum(n for _label, n in came)
    if not total:
        return _("No workplace changed group in the quarter.")
    said = ngettext(
        "%(n)s workplace changed group in the quarter", "%(n)s workplaces changed group in the quarter", total
    )
    where = ", ".join(_("%(n)s to %(group)s") % {"n": shown.number(n), "group": label.lower()} for label, n in came)
    return f"{said % {'n': shown.number(total)}}: {where}."


def _notes(asked):
    """What the figures mean, in a few lines."""
    return [
        _(
            "Contacts are visits, calls, letters, e-mails and meetings that were held. “Within the plan's time”: as often as the plan of the group says, in a group without a rhythm within twelve months. Self-supporting: no public benefit four weeks after the placement ended."
        ),
        _(
            "Stock figures are as of %(day)s, also for workplaces in their groups: how it stood on a day in the past is not known."
        )
        % {"day": date_format(asked.today, "DATE_FORMAT")},
        _("No figure is by colleague. What came of placements is told only of five or more; a dash means fewer, or no figures yet."),
    ]  # fmt: skip
