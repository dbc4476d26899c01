"""`migrate` on PostgreSQL: an encoding that will do, and nobody who waits behind a table that somebody uses."""

import re
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from companies.models import Postcode
from jobcenter_crm.backstage.backup.archive import Unusable
from jobcenter_crm.backstage.backup.engines import PostgreSQL
from jobcenter_crm.backstage.management.commands.migrate import Command, impatient, only_utf8

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL in DATABASE_URL"),
]


def limit():
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return cursor.fetchone()[0]


@pytest.fixture
def reader():
    """Somebody whose report has looked at the postcodes, and goes on."""
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT * FROM companies_postcode")
        cursor.fetchall()
    yield other
    other.rollback()
    other.close()


def change_the_table():
    with connection.schema_editor() as editor:
        editor.execute("ALTER TABLE companies_postcode ADD COLUMN colour text")


def test_it_gives_up_in_a_sentence_before_everybody_waits(reader, settings):
    settings.MIGRATE_LOCK_TIMEOUT = 1
    began = time.monotonic()

    with pytest.raises(CommandError) as given_up, impatient(connection):
        change_the_table()

    assert time.monotonic() - began < 5
    said = str(given_up.value)
    assert "used a table for longer than 1 seconds" in said
    assert int(re.search(r"process (\d+), since \d+ seconds", said)[1]) == reader.connection.info.backend_pid
    # Nothing is half done, and pages go on.
    assert Postcode.objects.exists()
    assert limit() == "0"


def test_it_goes_through_once_nobody_is_at_it(reader, settings):
    settings.MIGRATE_LOCK_TIMEOUT = 1
    reader.rollback()

    with impatient(connection):
        change_the_table()
        connection.cursor().execute("ALTER TABLE companies_postcode DROP COLUMN colour")

    assert limit() == "0"


def test_what_else_goes_wrong_is_left_as_it_is():
    with pytest.raises(OperationalError), impatient(connection):
        raise OperationalError("the server has gone away")


def test_manage_py_migrate_is_the_one_that_gives_up(settings, monkeypatch):
    settings.MIGRATE_LOCK_TIMEOUT = 3
    seen = []

    monkeypatch.setattr(Command.__base__, "handle", lambda *_, **__: seen.append(limit()))
    call_command("migrate", "companies", verbosity=0)

    assert seen == ["3s"]
    assert limit() == "0"


@pytest.fixture
def plain_letters():
    """A database as a server makes it that was set up without a language."""
    name = f"{connection.settings_dict['NAME']}_plain"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(
            f"CREATE DATABASE \"{name}\" ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    other = connection.copy()
    other.settings_dict = connection.settings_dict | {"NAME": name}
    yield other
    other.close()
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')


def test_a_database_that_can_not_hold_every_letter_is_refused_before_it_is_filled(plain_letters):
    with pytest.raises(CommandError, match=r"_plain is encoded as SQL_ASCII .* createdb --encoding=UTF8"):
        only_utf8(plain_letters)
    with pytest.raises(Unusable, match=r"_plain is encoded as SQL_ASCII .* createdb --encoding=UTF8"):
        PostgreSQL(plain_letters).ready_to_load()

    only_utf8(connection)
