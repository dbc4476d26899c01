"""The demo's rules for the groups, and the shared selections that they follow: some are moved, and most are not."""

from django.http import QueryDict

from companies import rules, selections
from companies.models import Selection

# Name, search, group: the first that fits counts. Names are the job centre's own words.
RULES = (
    ("Mindst 50 ansatte, i dialog med os", "contacted_months=3&employees_from=50", 1),
    ("Køkken og restaurant med over 5 ansatte, i dialog med os", "branch=56&contacted_months=6&employees_from=6", 2),
    ("Aldrig kontaktet, mindst 10 ansatte", "contact=never&employees_from=10", 3),
    ("Højst 1 ansat", "employees_to=1", 4),
)


def lay_down(people, today):
    """Karen's rules, in their order; nobody has used them yet."""
    for name, query, tier in RULES:
        selection = Selection.objects.filter(name=name, is_shared=True).first() or selections.save(
            name=name, data=QueryDict(query), is_shared=True, by=people["karen"], today=today
        )
        rules.add(selection=selection, tier=tier, by=people["karen"])
