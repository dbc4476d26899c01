"""The measures and considerations that a job centre begins with; what is there belongs to the stewards."""

import csv
from datetime import date
from pathlib import Path

from placements.models import Consideration, Measure

DATA = Path(__file__).parent / "data"


def load(using="default"):
    """Write each measure and consideration that is missing. Harmless twice."""
    for model, name in ((Measure, "measures.csv"), (Consideration, "considerations.csv")):
        known = set(model.objects.using(using).values_list("code", flat=True))
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                if row["code"] not in known:
                    model.objects.using(using).create(**_facts(model, row))


def _facts(model, row):
    return {name: _value(model._meta.get_field(name), text) for name, text in row.items()}


def _value(field, text):
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return text == "1"
    if kind == "DateField":
        return date.fromisoformat(text) if text else None
    if kind == "PositiveSmallIntegerField":
        return int(text) if text else None
    return text
