"""What a new job centre begins with: the leader hears of what is overdue by 3, 3 and 5 working days, of group 4 never."""

from django.db import migrations
from django.db.models import Case, Value, When

AFTER = {1: 3, 2: 3, 3: 5}


def fill(apps, schema_editor):
    plans = apps.get_model("companies", "TierPlan").objects.filter(tier__in=AFTER, escalate_after_days=None)
    plans.update(escalate_after_days=Case(*(When(tier=tier, then=Value(days)) for tier, days in AFTER.items())))


class Migration(migrations.Migration):
    dependencies = [("companies", "0021_when_the_leader_is_told")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
