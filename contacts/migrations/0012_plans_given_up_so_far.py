"""A draft that was given up used to end like one that had run; its history tells the two apart."""

from django.db import migrations
from django.db.models import Exists, OuterRef


def tell_apart(apps, schema_editor):
    plans, targets = apps.get_model("contacts", "ContactPlan"), apps.get_model("contacts", "ContactPlanTarget")
    told = apps.get_model("contacts", "HistoricalContactPlan").objects.filter(id=OuterRef("pk"))
    given_up = plans.objects.filter(
        Exists(told.filter(state="draft")), ~Exists(told.filter(state="running")), state="ended"
    )
    targets.objects.filter(plan__in=given_up.values("pk"), contact__isnull=False).update(contact=None)
    given_up.update(state="given_up")


def as_before(apps, schema_editor):
    for name in ("ContactPlan", "HistoricalContactPlan"):
        apps.get_model("contacts", name).objects.filter(state="given_up").update(state="ended")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0011_plans_that_were_given_up")]

    operations = [migrations.RunPython(tell_apart, as_before)]
