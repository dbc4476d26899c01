"""What an installation may not start with, and the sentence it is refused with."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from jobcenter_crm.backstage import refusals

ROOT = Path(__file__).resolve().parents[2]
SOUND = {"DEBUG": "0", "HTTPS": "1", "SECRET_KEY": "sound-" + "0123456789" * 5, "ALLOWED_HOSTS": "crm.example.dk"}


def run(*command, **environment):
    """The command as production runs it, without what the tests' own settings say."""
    settled = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "EMAIL_URL")}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=settled | SOUND | {"DJANGO_SETTINGS_MODULE": "jobcenter_crm.settings"} | environment,
        capture_output=True,
        text=True,
        timeout=180,
    )


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("", "SECRET_KEY is missing"),
        ("short", "too easy to guess"),
        ("ab" * 40, "too easy to guess"),
        ("django-insecure-" + "0123456789abcdef" * 4, "too easy to guess"),
    ],
)
def test_a_secret_that_somebody_could_guess_is_refused(key, said):
    with pytest.raises(ImproperlyConfigured, match=said):
        refusals.weak_secret(key)


def test_a_secret_as_the_sentence_tells_to_make_it_will_do():
    command = re.search(r'python3 -c "(.*?)"\.', refusals.HOW_TO_MAKE_A_SECRET)[1]
    made = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)

    refusals.weak_secret(made.stdout.strip())


@pytest.mark.parametrize("hosts", [[], ["*"], ["crm.example.dk", "*"]])
def test_no_host_and_any_host_are_refused(hosts):
    with pytest.raises(ImproperlyConfigured, match="ALLOWED_HOSTS must name"):
        refusals.no_hosts(hosts)


@pytest.mark.parametrize(
    ("hosts", "behind_proxy", "said"),
    [(["localhost", "crm.example.dk"], False, "by crm.example.dk"), (["localhost"], True, "through a proxy")],
)
def test_debug_is_refused_where_others_can_reach_it(hosts, behind_proxy, said):
    with pytest.raises(ImproperlyConfigured, match=said):
        refusals.debug_in_public(hosts, behind_proxy=behind_proxy)


def test_debug_on_ones_own_machine_is_nobody_elses_business():
    refusals.debug_in_public(["localhost", "127.0.0.1", "[::1]"], behind_proxy=False)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SECRET_KEY": "x"}, "SECRET_KEY is too easy to guess"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must name"),
        ({"DEBUG": "1"}, "DEBUG is on"),
        ({"DATABASE_URL": "postgres://jobcenter:change-me-password@db/jobcenter"}, "of the example in DATABASE_URL"),
    ],
)
def test_the_settings_refuse_it_whatever_is_started(environment, said):
    started = run("-c", "from django.conf import settings; settings.DEBUG", **environment)

    assert started.returncode == 1
    assert started.stderr.splitlines()[-1].startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert said in started.stderr


def test_every_placeholder_of_the_example_is_refused_by_name():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if re.match("[A-Z]", line))
    to_fill_in = {name for name, value in example.items() if refusals.PLACEHOLDER in value}

    with pytest.raises(ImproperlyConfigured) as refused:
        refusals.placeholders(example)

    assert to_fill_in == {"SECRET_KEY", "ALLOWED_HOSTS", "POSTGRES_PASSWORD", "EMAIL_URL", "DEFAULT_FROM_EMAIL"}
    assert all(name in str(refused.value) for name in to_fill_in)


@pytest.fixture
def empty_database(tmp_path):
    """As it is before the first `migrate`; with a broker nobody needs."""
    return {"DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}", "BROKER_DIR": str(tmp_path / "broker")}


@pytest.mark.parametrize(
    "process",
    [
        pytest.param(["-c", "import jobcenter_crm.wsgi"], id="web"),
        pytest.param(["-m", "celery", "-A", "jobcenter_crm", "worker", "--pool=solo"], id="worker"),
        pytest.param(["-m", "celery", "-A", "jobcenter_crm", "beat", "--schedule={folder}/schedule"], id="clock"),
    ],
)
def test_no_process_starts_on_a_database_without_its_migrations(process, empty_database, tmp_path):
    started = run(*[part.format(folder=tmp_path) for part in process], **empty_database, PYTHONWARNINGS="ignore")

    assert started.returncode == 1
    assert "Run manage.py migrate, and start again." in started.stderr.splitlines()[-1]


ASKS = """
import django; django.setup()
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from jobcenter_crm.backstage import refusals
from tests.conftest import note_as_migrated
statements = []
note_as_migrated()
MigrationRecorder.Migration.objects.create(app="companies", name="9999_of_a_newer_version")
def counting(execute, sql, *how):
    statements.append(sql)
    return execute(sql, *how)
with connection.execute_wrapper(counting):
    refusals.unmigrated_database()
print("statements:", len([sql for sql in statements if "django_migrations" in sql]), len(statements))
MigrationRecorder.Migration.objects.filter(app="contacts").first().delete()
refusals.unmigrated_database()
"""


def test_a_newer_database_will_do_an_older_one_will_not_and_asking_costs_one_statement(empty_database):
    started = run("-c", ASKS, **empty_database)

    assert "statements: 1 1" in started.stdout, started.stderr
    assert re.search(r"The database lacks migrations \(1 of \d+\)", started.stderr.splitlines()[-1])


def test_a_database_that_does_not_answer_is_for_the_health_page_to_tell():
    started = run("-c", "import jobcenter_crm.wsgi", DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing")

    assert started.returncode == 0, started.stderr
    assert "database_not_reached_at_start" in started.stderr
