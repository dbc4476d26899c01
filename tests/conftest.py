"""What every test may ask for: the three stock people, a client for each, a clock that stands still."""

from unittest import mock

import pytest
import time_machine
from _pytest import runner
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, TransactionTestCase, override_settings
from django.utils import translation
from hypothesis import HealthCheck, settings
from zeal import zeal_ignore

from jobcenter_crm.backstage import jobs
from jobcenter_crm.staff.roles import CONSULTANT, ROLES
from tests import as_migrated
from tests.factories import TeamFactory, UserFactory

# How quickly cases are made up depends on what else the machine does, and no test is timed.
settings.register_profile("untimed", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# A Tuesday, at half past nine in Copenhagen.
NOW = "2026-11-24T08:30:00+00:00"


def _called(function, *arguments):
    return function(*arguments)


# CPython keeps the frames of a thread in pieces of 16 kB, and gives one back as soon as it is empty: where a loop runs at
# the depth where one ends, each turn of it asks the system for memory, up to a third of all the time of the tests. A
# frame that says it may need much is given a piece that has room for all that is called from it.
_called.__code__ = _called.__code__.replace(co_stacksize=40_000)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """Runs each test as ever, in one large piece of the stack."""
    return _called(runner.pytest_runtest_protocol, item, nextitem)


def pytest_collection_modifyitems(items):
    """Marks what may touch the database, as pytest-django sees it: it keeps all other tests away from it."""
    for item in items:
        asks = {"db", "transactional_db", "live_server"}.intersection(item.fixturenames)
        if asks or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_setup, django_db_blocker):
    """The database of the tests, with a quicker way to leave it as it was found."""

    def put_back(_case):
        as_migrated.put_back(connection)

    with django_db_blocker.unblock():
        as_migrated.keep(connection)
        if request.config.getvalue("nomigrations"):
            note_as_migrated()
    with mock.patch.object(TransactionTestCase, "_fixture_teardown", put_back):
        yield


def note_as_migrated():
    """Tables made from the models (--no-migrations) are the migrations' own, which real workers ask about."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    with override_settings(MIGRATION_MODULES={}):
        loader = MigrationLoader(None, load=False)
        loader.load_disk()
    rows = [recorder.Migration(app=app, name=name) for app, name in loader.disk_migrations]
    recorder.Migration.objects.all().delete()
    recorder.Migration.objects.bulk_create(rows)


@pytest.fixture
def migrations_on_disk(settings):
    """The migrations as they are, also where the tables of the tests are made without them (--no-migrations)."""
    settings.MIGRATION_MODULES = {}


@pytest.fixture(autouse=True)
def _no_attempts_counted():
    """The limits on guessing count in the cache; one test's attempts are not another's."""
    cache.clear()


@pytest.fixture(autouse=True)
def _in_english():
    """Words said outside a request are English in tests, whatever test ran before."""
    with translation.override("en"):
        yield


@pytest.fixture
def today():
    """24 November 2026, 9.30 in Copenhagen; the clock stands still."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def member(role, username, **facts):
    """A member of staff in `role`."""
    user = UserFactory(username=username, team=TeamFactory(), **facts)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def owner(db):
    """The consultant whose workplace it is."""
    return member(CONSULTANT, "owner", first_name="Olga", last_name="Owner")


@pytest.fixture
def colleague(db):
    """Another consultant of the same team."""
    return member(CONSULTANT, "colleague", first_name="Carl", last_name="Colleague")


@pytest.fixture
def stranger(db):
    """Somebody with a log-in and no role at all."""
    return UserFactory(username="stranger", first_name="Stig", last_name="Stranger")


@pytest.fixture
def person_in(db):
    """A new member of staff in the role that is named, as `roles.ROLES` names it."""
    return lambda role: member(role, role.lower().replace(" ", "-"))


@pytest.fixture(params=ROLES)
def each_role(request, person_in):
    return person_in(request.param)


def logged_in(user, **extra):
    """A client in which `user` is logged in, with English on screen."""
    client = Client(headers={"accept-language": "en"}, **extra)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def client_for():
    """A browser in which the given person is logged in, with English on screen."""
    return logged_in


@pytest.fixture
def row_by_row(monkeypatch):
    """A small job that a page does at once goes row by row on purpose: each row has its lock and its history."""
    run = jobs.run

    def run_it(pk):
        with zeal_ignore():
            return run(pk)

    monkeypatch.setattr(jobs, "run", run_it)
