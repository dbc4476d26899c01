"""What must hold of the project as a whole."""

import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.core.management import call_command

ROOT = Path(__file__).parent.parent


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_text_has_its_danish():
    catalogue = polib.pofile(str(ROOT / "locale" / "da" / "LC_MESSAGES" / "django.po"))

    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_the_catalogue_holds_what_the_code_says():
    checked = subprocess.run(
        [sys.executable, "scripts/catalogue.py", "check"], cwd=ROOT, capture_output=True, text=True
    )

    assert checked.returncode == 0, checked.stdout


# What PostgreSQL remembers of a connection from one transaction to the next.
OF_A_SESSION = re.compile(
    r"pg_advisory_(?!xact)|\bTEMP(ORARY)? TABLE\b|[\"'](LISTEN|PREPARE|SET (?!LOCAL |TRANSACTION ))"
)


def test_no_code_relies_on_having_the_same_connection_in_its_next_transaction():
    """A pool gives each transaction another one (docs/decisions/0023-connections-are-pooled-by-the-transaction.md)."""
    apps = ("companies", "contacts", "jobcenter_crm", "partnerships", "placements")
    sources = [file for app in apps for file in (ROOT / app).rglob("*.py") if "backup" not in file.parts]
    # Backups and migrations go around the pool.
    sources = [file for file in sources if file.name not in ("migrating.py", "migrate.py")]

    assert [str(file) for file in sources if OF_A_SESSION.search(file.read_text(encoding="utf-8"))] == []
    assert OF_A_SESSION.search('cursor.execute("SET statement_timeout = 0")')
