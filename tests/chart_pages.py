"""The addresses of a page that is in the tests alone: every kind of chart, a heat map, a strip and a table of figures."""

from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from jobcenter_crm.desk.charts import Cell, Chart, Figure, Head, Heat, HeatRow, Row, Series, Share

MONTHS = [
    ("January", "jan."), ("February", "feb."), ("March", "mar."), ("April", "apr."), ("May", "maj"), ("June", "juni"),
    ("July", "juli"), ("August", "aug."), ("September", "sep."), ("October", "okt."), ("November", "nov."), ("December", "dec."),
]  # fmt: skip
HERE = "/charts/part/?opened="

PAGE = """
{% extends "base.html" %}
{% load companies %}
{% block title %}Charts{% endblock %}
{% block scripts %}{% include "desk/_chart_scripts.html" %}{% endblock %}
{% block content %}
  <header class="page-head"><div><h1>Charts</h1><p class="page-sub">Made-up figures.</p></div></header>
  {% include "desk/_figures_strip.html" %}
  <div class="segments-halves">
    {% for chart in charts %}
      <section class="section" aria-labelledby="{{ chart.key }}-head">
        <div class="section-head"><h2 id="{{ chart.key }}-head">{{ chart.name }}</h2>{% if chart.key == "branches" %}<a href="/">All of them</a>{% endif %}</div>
        {% include "desk/_chart.html" %}
      </section>
    {% endfor %}
    <section class="section" aria-labelledby="coverage-head">
      <div class="section-head"><h2 id="coverage-head">Coverage by branch and group</h2></div>
      {% include "desk/_heat.html" %}
    </section>
    <section class="section" aria-labelledby="table-head">
      <div class="section-head"><h2 id="table-head">Figures by group</h2></div>
      <div class="figures-frame" tabindex="0" role="group" aria-labelledby="table-head">
        <table class="figures">
          <thead><tr><th scope="col">What</th>{% for head in heat.heads %}<th scope="col">{% tier head.tier %}</th>{% endfor %}<th scope="col">All</th></tr></thead>
          <tbody>{% for what in rows %}<tr><th scope="row">{{ what }}</th>{% for n in numbers %}<td><a href="/">{{ n }}</a></td>{% endfor %}</tr>{% endfor %}</tbody>
        </table>
      </div>
    </section>
  </div>
  <div id="more"><button class="btn btn-outline" hx-get="/charts/part/" hx-target="#more">More</button></div>
{% endblock %}
"""
PART = """<h2 id="part-head">A part</h2>{% include "desk/_chart.html" %}"""


def trend():
    """This year with November running, and last year."""
    now = [151, 170, 189, 174, 186, 148, 80, 171, 208, 199, 152, None]
    then = [142, 157, 171, 160, 168, 132, 72, 149, 182, 176, 168, 96]
    rows = [
        Row(name, [Cell(new, url=f"{HERE}{short}"), Cell(old)], short=short, is_unfinished=short == "nov.")
        for (name, short), new, old in zip(MONTHS, now, then, strict=True)
    ]
    note = "Dashed: 2025. Dotted: November is not over."
    series = [Series("2026"), Series("2025", "quiet", "dashed")]
    return Chart("line", "trend", "Contacts by month", "Month", series, rows, note=note)


def by_tier(kind, key, name, lines, **more):
    series = [Series(f"Group {tier}", f"tier-{tier}") for tier in (1, 2, 3, 4)]
    rows = [
        Row(label, [Cell(n, url=HERE) for n in numbers], short=short, is_unfinished=short == "nov.")
        for label, short, numbers in lines
    ]
    return Chart(kind, key, name, "Month", series, rows, **more)


def charts():
    branches = [("Arbejdssteder", 1792), ("Kontaktet i år", 1026), ("Har ingen opgaver, som en uøvet kan løse", 398)]
    months = [(name, short, (12 + at, 30 - at, 44 + 3 * at, 20)) for at, (name, short) in enumerate(MONTHS[5:11])]
    flow = [(name, short, (3 + at, 5, 9 - at, 2 * at)) for at, (name, short) in enumerate(MONTHS[7:11])]
    barriers = [
        ("Ingen opgaver", "", (4, 9, 31, 12)),
        ("Ikke tid", "", (11, 14, 8, 3)),
        ("Dårlig erfaring", "", (1, 2, 3, 1)),
    ]
    centres = [Row("Nordhavn", [Cell(8), Cell(2)]), Row("Lindevig Køkken", [Cell(14), Cell(0)])]
    return [
        trend(),
        Chart(
            "across", "branches", "Workplaces", "What", [Series("Workplaces")],
            [Row(label, [Cell(n, url=HERE)]) for label, n in branches],
        ),
        by_tier("line", "tiers", "Contacts by group", months),
        by_tier("stacked", "stacked", "Contacts by group, together", months),
        by_tier("bars", "flow", "Came into the group", flow),
        by_tier("across", "barriers", "Barriers", barriers),
        Chart(
            "bars", "share", "Self-supporting", "Month", [Series("Share", "late")],
            [Row(short, [Cell(n, f"{n} %")]) for (_name, short), n in zip(MONTHS, (14, 17, 20, 9), strict=False)],
            unit="%", top=100,
        ),
        Chart("across", "centres", "Company centres", "Centre", [Series("Taken"), Series("Free", "quiet")], centres),
        Chart("line", "none", "Nothing yet", "Month", [Series("2026")], [Row("January", [Cell()])]),
    ]  # fmt: skip


def heat():
    shares = {
        "Bygge og anlæg": (88, 74, 61, 35), "Handel": (75, 62, 48, 29), "Hotel og restauration": (91, 83, 66, 41),
        "Transport, post og spedition": (67, 55, 39, 22),
    }  # fmt: skip
    rows = [
        HeatRow(branch, [Share(n, 100 if n != 22 else 4, url=HERE) for n in numbers])
        for branch, numbers in shares.items()
    ]
    heads = [Head(tier=tier) for tier in (1, 2, 3, 4)]
    return Heat("coverage", "Coverage by branch and group", "Branch", heads, rows, note="Per cent within 12 months.")


FIGURES = [
    Figure("Contacted within 12 months, groups 1 to 3", "59,2 %", HERE, "+4,1 percentage points"),
    Figure("Visits", "412", HERE, "+38"),
    Figure("Active agreements", "118", HERE, "+12, 9 run out soon"),
    Figure("Free places", "143", HERE, "−6"),
    Figure("Self-supporting four weeks after"),
    Figure("Overdue follow-ups", "31", HERE, "11 by more than 14 days", is_late=True),
]


def page(request):
    told = {
        "figures": FIGURES, "charts": charts(), "heat": heat(), "numbers": [147, 176, 190, 1200, 1713],
        "rows": ["Workplaces", "Contacted in the last 12 months", "Never contacted"],
    }  # fmt: skip
    return HttpResponse(engines["django"].from_string(PAGE).render(told, request))


def part(request):
    chart = Chart("bars", "part", "A part", "What", [Series("Visits")], [Row("One", [Cell(3)]), Row("Two", [Cell(5)])])
    return HttpResponse(engines["django"].from_string(PART).render({"chart": chart}, request))


urlpatterns = [path("charts/", page), path("charts/part/", part), path("", include("jobcenter_crm.urls"))]
