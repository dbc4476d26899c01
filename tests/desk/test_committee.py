"""The page for the committee: one page, with the figures of the dashboard, whatever there is to say."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from contacts.models import Interaction
from jobcenter_crm.desk.dashboard import committee, targets
from jobcenter_crm.desk.dashboard.committee import CommitteeForm, TargetRow
from jobcenter_crm.desk.dashboard.figures import FEWEST
from jobcenter_crm.desk.dashboard.reckoned import reckon
from jobcenter_crm.staff.models import Organisation
from tests.factories import (
    EffectFactory,
    FollowUpFactory,
    InteractionFactory,
    PlacementFactory,
    SlotFactory,
    TargetFactory,
    TeamFactory,
    UserFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
PAGE, PDF = "desk:committee", "desk:committee_pdf"
LONG = "Ærøskøbing-Ålsgårde Beskæftigelses- og Virksomhedsserviceområde for Øhavskommunerne"


@pytest.fixture
def town(owner):
    """Something in each group, in the third quarter of 2026, in the same of 2025 and after it."""
    for tier in (1, 2, 3, 4, None):
        places = WorkplaceFactory.create_batch(6, tier=tier, owner=owner, last_contact_on=date(2026, 9, 1))
        WorkplaceFactory(tier=tier)
        active_agreement(workplace=places[0], owner=owner)
        for day, times in (
            (date(2026, 7, 1), 3),
            (date(2026, 9, 30), 2),
            (date(2026, 10, 1), 1),
            (date(2025, 8, 1), 4),
        ):
            InteractionFactory.create_batch(times, workplace=places[0], on=day)
        PlacementFactory(slot=SlotFactory(workplace=places[0], places=8), starts_on=date(2026, 9, 1))
        FollowUpFactory(workplace=places[0], owner=owner, due_on=date(2026, 11, 1))


def ended(times, day=date(2026, 8, 20), **facts):
    """So many placements that ended on that day, of which it is known what came of them."""
    slot = SlotFactory(places=50)
    for _n in range(times):
        placement = PlacementFactory(slot=slot, ended_on=day, end_reason="as_planned", starts_on=date(2025, 2, 1), planned_end=day)  # fmt: skip
        EffectFactory(placement=placement, **facts)


def form_for(user, query=""):
    form = CommitteeForm(QueryDict(query), user=user, today=TODAY)
    assert form.is_valid(), form.errors
    return form


def text_of(data):
    """The words of the one page, on one line."""
    [page] = PdfReader(BytesIO(data)).pages
    return " ".join(page.extract_text().split())


def made(user, query="lang=en", targets=()):
    return text_of(committee.make(form_for(user, query), reader=user, now=timezone.now(), targets=targets))


def row_of(text, words):
    """The numbers that stand behind the words of a line of the table, without the shares."""
    [behind] = re.findall(rf"{words} ((?:(?:under |over )?[\d.,–]+(?: %)? ?)+)", text)
    return [int(one.replace(",", "")) for one in re.findall(r"(?<!\S)[\d,]+(?=\s|$)(?! %)", behind)]


def test_every_figure_of_the_table_is_what_was_counted(manager, town):
    form = form_for(manager, "lang=en")
    told = reckon(form.asked())

    text = made(manager)

    for words, name in (
        ("Workplaces", "places"),
        ("Contacted within the plan's time", "in_time"),
        ("Active agreements", "active"),
        ("Filled places", "filled"),
        ("Free places", "free_places"),
        ("Contacts held", "contacts"),
        ("Placements begun", "started"),
        ("Placements ended", "ended"),
    ):
        whole = [told.number(name, tier) for tier in (1, 2, 3, 4, 0)] + [told.number(name)]
        table = text[text.index("Group 1 Group 2") :]
        assert row_of(table, words) == whole, words


def test_the_large_figures_are_what_was_counted_beside_the_year_before(manager, town):
    ended(12, self_supporting=True, outcome="job")
    ended(8, self_supporting=False, outcome="none")
    ended(5, day=date(2025, 8, 20), self_supporting=True, outcome="job")
    ended(5, day=date(2025, 8, 20), self_supporting=False, outcome="none")
    told = reckon(form_for(manager, "lang=en").asked())
    assert told.number("contacts") == 25
    assert told.number("contacts_before") == 20

    text = made(manager)

    for words in (
        "20 on the same days a year earlier", "60 %",
        "of 20 placements of which it was said; 50 % on the same days a year earlier",
        f"{told.number('free_places')} of {told.number('open_places')} open places",
    ):  # fmt: skip
        assert words in text
    assert "12 (60 %)" in text
    assert "8 (40 %)" in text
    assert "of the 20 placements of which it is known; 20 ended." in text


def test_the_line_tells_the_months_of_the_quarter(manager, town):
    report = committee.report(form_for(manager), reader=manager, now=timezone.now())

    rows = {row.label: [cell.value for cell in row.cells] for row in report.trend.rows}

    assert len(rows) == 12
    assert rows["July 2026"] == [15, 0]
    assert rows["August 2026"] == [0, 20]
    assert rows["September 2026"] == [10, 0]
    assert list(rows)[-1] == "September 2026"


def test_what_came_of_fewer_than_five_is_not_told_and_cannot_be_reckoned(manager):
    ended(9, outcome="job", self_supporting=True)
    ended(6, outcome="education", self_supporting=False)
    ended(3, outcome="none", self_supporting=None)

    report = committee.report(form_for(manager), reader=manager, now=timezone.now())

    told = {row.label: row.cells[0].value for row in report.second.rows}
    assert told == {"Ordinary job": 9, "Paid hours": 0, "Education": None, "None of these": None}


@pytest.mark.parametrize(("yes", "no"), [(FEWEST - 1, 20), (20, FEWEST - 1), (1, 3)])
def test_who_supports_themselves_is_not_told_where_so_few_do_or_don_t(manager, yes, no):
    ended(yes, self_supporting=True, outcome="job")
    ended(no, self_supporting=False, outcome="none")

    text = made(manager)

    assert "no figures yet, or too few" in text
    assert "placements of which it was said" not in text


def test_where_nothing_can_be_told_of_placements_the_groups_are_told(manager, town):
    ended(4, outcome="job")

    report = committee.report(form_for(manager), reader=manager, now=timezone.now())

    assert report.second.key == "coverage"
    assert [row.cells[0].words for row in report.second.rows] == ["71 %"] * 4


def test_an_empty_register_has_dashes_and_no_shares(manager):
    Organisation(name="Tomby").save()

    english, danish = made(manager), made(manager, "lang=da")

    assert "%" not in english
    assert "%" not in danish
    assert "no figures yet, or too few" in english
    assert "No figures yet" in english
    assert "No workplace changed group in the quarter." in english
    assert "ingen tal endnu, eller for få" in danish


def test_it_is_danish_for_those_who_ask(manager):
    one = InteractionFactory(workplace=WorkplaceFactory(tier=2), on=date(2026, 8, 3))
    facts = {field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields if not field.unique}
    Interaction.objects.bulk_create(Interaction(**facts) for _n in range(1199))

    text = made(manager, "lang=da")

    assert "Virksomhedsindsatsen, 3. kvartal 2026" in text
    assert "1. juli 2026 – 30. september 2026" in text
    assert "1.200" in text
    assert "1,200" in made(manager, "lang=en")


def test_movement_is_one_sentence(manager, owner):
    for old, new, times in ((3, 1, 2), (None, 2, 1)):
        for place in WorkplaceFactory.create_batch(times, tier=new):
            place.tier_changes.create(from_tier=old, to_tier=new, at="2026-08-03T12:00:00Z", by=owner)

    assert "3 workplaces changed group in the quarter: 2 to group 1, 1 to group 2." in made(manager)


def test_targets_stand_where_there_are_any(manager):
    target = TargetRow("Agreements", "3", "5", "20", "Hardly", "15 are missing in 5 weeks.", is_late=True)

    assert "Can it be reached?" not in made(manager)
    text = made(manager, targets=[target] * 9)

    assert "Agreements 3 5 20 Hardly 15 are missing in 5 weeks." in text
    assert text.count("Hardly") == 6
    assert "and 3 more" in text


@pytest.mark.parametrize("lang", ["da", "en"])
def test_it_is_one_page_however_long_the_names(manager, town, owner, lang):
    Organisation(name=LONG[:100], logo="").save()
    team = TeamFactory(name=f"{LONG} {LONG}"[:100])
    UserFactory.create_batch(4, team=team)
    owner.team = team
    owner.save()
    target = TargetRow(LONG * 3, "1.000.000", "1.000.000", "1.000.000", LONG, LONG * 4)

    text = made(manager, f"lang={lang}&team={team.pk}", targets=[target] * 12)

    assert LONG[:60] in text
    assert "…" in text


def test_the_file_says_what_it_is(looker, manager):
    Organisation(name="Jobcenter Ærø").save()

    answer = looker.get(reverse(PDF), {"lang": "da"})
    reader = PdfReader(BytesIO(answer.getvalue()))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="virksomhedsindsats-2026-k3.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert reader.metadata.title == "Virksomhedsindsatsen, 3. kvartal 2026"
    assert reader.metadata.author == "Jobcenter Ærø"
    assert reader.trailer["/Root"]["/Lang"] == "da"
    answer.close()


def test_the_form_offers_the_last_whole_quarter_first_in_the_language_of_the_reader(looker):
    form = looker.get(reverse(PAGE)).context["form"]

    quarters = [words for _name, words in form.fields["quarter"].choices]
    assert len(quarters) == 8
    assert quarters[:2] == ["3rd quarter of 2026", "2nd quarter of 2026"]
    assert form["quarter"].value() == "2026-3"
    assert form["lang"].value() == "en"


def test_at_which_workplaces_comes_with_the_address(looker, manager, owner):
    UserFactory.create_batch(4, team=owner.team)
    mine, other = WorkplaceFactory(owner=owner), WorkplaceFactory()
    InteractionFactory.create_batch(7, workplace=mine, on=date(2026, 8, 3))
    InteractionFactory.create_batch(4, workplace=other, on=date(2026, 8, 3))

    page = looker.get(reverse(PAGE), {"team": owner.team_id})
    text = made(manager, f"lang=en&team={owner.team_id}")

    assert f'name="team" value="{owner.team_id}"' in page.text
    assert owner.team.name in text
    assert "Contacts held 0 0 0 0 7 7" in text


@pytest.mark.parametrize(
    "query", ["quarter=2026-4", "quarter=1", "lang=fr", "team=999999", "town=1", "quarter=2026-3&quarter=2026-2"]
)
def test_what_cant_be_read_is_said_on_the_form(looker, query):
    for page in (PDF, PAGE):
        answer = looker.get(f"{reverse(page)}?{query}")

        assert answer.context["form"].errors
        assert answer.status_code == 400


def test_a_wrong_quarter_does_not_forget_the_places(looker, owner):
    page = looker.get(reverse(PAGE), {"quarter": "2031-1", "team": owner.team_id})

    assert page.context["form"].errors
    assert f'name="team" value="{owner.team_id}"' in page.text


def test_asked_for_with_nothing_after_it_is_what_is_usual(looker):
    answer = looker.get(f"{reverse(PDF)}?quarter=&lang=&team=")

    assert answer.status_code == 200
    assert "employer-outreach-2026-q3.pdf" in answer["Content-Disposition"]
    answer.close()


def test_no_page_is_made_of_a_small_team(looker, owner):
    answer = looker.get(f"{reverse(PDF)}?team={owner.team_id}")

    assert answer.status_code == 400
    assert "no such team of which figures are told" in answer.text


def test_the_dashboard_leads_there_with_its_quarter_and_its_places(looker, owner):
    UserFactory.create_batch(4, team=owner.team)
    address = f"{reverse('desk:dashboard')}?since=2026-04-01&until=2026-06-30&team={owner.team_id}"

    page = looker.get(address)

    assert f"{reverse(PAGE)}?team={owner.team_id}&amp;quarter=2026-2" in page.text
    assert f'href="{reverse(PAGE)}"' in looker.get(reverse("desk:dashboard")).text


def test_what_the_reader_may_not_see_is_left_out(manager, town, monkeypatch):
    seen = {"companies.view_workplace"}
    monkeypatch.setattr(type(manager), "has_perm", lambda _user, name: name in seen)

    report = committee.report(form_for(manager), reader=manager, now=timezone.now())

    assert report.trend is None
    assert report.movement == ""
    assert report.lines_of_quarter == []
    assert [line.figure.name for line in report.lines_of_today] == ["places", "in_time"]


def test_it_asks_the_same_questions_however_much_there_is(looker, town, django_assert_num_queries):
    ended(6)

    with django_assert_num_queries(17), translation.override("en"):
        looker.get(reverse(PDF)).close()


def test_the_targets_that_hold_there_stand_on_the_page(looker, manager):
    TargetFactory(measure="supporting", baseline=None, goal=20)
    TargetFactory(where="branch=56", goal=777)

    answer = looker.get(f"{reverse(PDF)}?lang=en")
    text = text_of(b"".join(answer.streaming_content) if answer.streaming else answer.content)

    assert "Self-supporting four weeks after a placement – – 20 %" in text
    assert "by 31 October 2028" in text
    assert "777" not in text


def test_two_small_outcomes_can_not_be_reckoned_from_the_others(manager):
    for outcome, number in (("job", 9), ("education", 1), ("none", 1)):
        for _n in range(number):
            EffectFactory(outcome=outcome, placement__slot=SlotFactory(state="closed"))

    report = committee.report(form_for(manager), reader=manager, now=timezone.now())

    # Nine of eleven would tell that the two hidden ones are one each.
    assert report.second.key == "coverage"


def told_of(**facts):
    (one,) = targets.progress([TargetFactory(**facts)], TODAY)
    return committee.target_row(one)


@pytest.mark.parametrize(
    ("yes", "no", "gained", "tries", "now"),
    [(2, 4, 0, 0, "–"), (5, 4, 0, 0, "–"), (6, 6, 3, 9, "–"), (6, 6, 8, 9, "–"), (6, 6, 6, 12, "50 %"), (1, 1, 6, 12, "–")],
)  # fmt: skip
def test_no_target_tells_what_came_of_so_few(yes, no, gained, tries, now):
    ended(yes, self_supporting=True)
    ended(no, self_supporting=False)
    grounds = {"way": None, "grounds": {"gained": gained, "best_month": None, "tries": tries}}

    row = told_of(measure="supporting", baseline=33, goal=60, starts_on=date(2026, 8, 1), grounds=grounds)

    assert (row.start, row.now) == ("–", now)
    if now == "–" and tries != 12:
        assert (row.verdict, row.behind) == ("Can't be said", "by 31 October 2028")


def test_a_target_that_begins_later_stands_nowhere_yet():
    row = told_of(starts_on=date(2027, 1, 1))

    assert (row.start, row.now, row.is_late) == ("100", "–", False)


def test_a_target_that_was_missed_is_late():
    row = told_of(deadline=date(2026, 11, 20))

    assert (row.now, row.verdict, row.is_late) == ("0", "Not reached", True)
    assert row.behind.startswith("by 20 November 2026; counted from 1 November 2026; as long a time before gave 100; ")
    assert "; the deadline has passed" in row.behind
