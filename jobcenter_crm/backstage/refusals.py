"""What no installation may start with. Each is refused with a sentence that says what to do.

The settings ask most of it, so that no command gets by; the database is asked by web, worker and clock as they start.
"""

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from jobcenter_crm.frame.reach import is_out_of_reach

# What `.env.example` writes where somebody must write something of their own.
PLACEHOLDER = "change-me"
# Those of Django's own check of a secret (security.W009).
SHORTEST_SECRET, FEWEST_SIGNS = 50, 5
OF_THIS_MACHINE = {"localhost", "127.0.0.1", "[::1]", ".localhost", "testserver"}
HOW_TO_MAKE_A_SECRET = (
    "Set it to a long random text that only this installation knows, "
    'for instance from: python3 -c "import secrets; print(secrets.token_urlsafe(50))".'
)

log = structlog.get_logger(__name__)


def placeholders(variables):
    """Refuse the placeholders of `.env.example`; `variables` maps names to what the environment says."""
    left = [name for name, value in variables.items() if PLACEHOLDER in value]
    if left:
        raise ImproperlyConfigured(
            f'There is still "{PLACEHOLDER}" of the example in {", ".join(left)}. Write your own in its place.'
        )


def weak_secret(key):
    """Refuse a secret that is missing, short, of few different signs, or made for development."""
    if not key:
        raise ImproperlyConfigured(
            f"SECRET_KEY is missing. {HOW_TO_MAKE_A_SECRET} For a try-out on your own machine, set DEBUG=1 instead."
        )
    if len(key) < SHORTEST_SECRET or len(set(key)) < FEWEST_SIGNS or key.startswith("django-insecure-"):
        raise ImproperlyConfigured(
            f"SECRET_KEY is too easy to guess: it needs at least {SHORTEST_SECRET} signs. {HOW_TO_MAKE_A_SECRET} "
            "Everybody has to log in again after that."
        )


def no_hosts(hosts):
    """Refuse to answer to no name, and to any: links would lead wherever a stranger says."""
    if not hosts or "*" in hosts:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS must name the hosts that the site is reached by, with commas between, "
            "for instance ALLOWED_HOSTS=crm.example.dk."
        )


def debug_in_public(hosts, *, behind_proxy):
    """Refuse DEBUG where others than this machine can reach the site: an error would show them all it knows."""
    strangers = [host for host in hosts if host not in OF_THIS_MACHINE]
    if strangers or behind_proxy:
        raise ImproperlyConfigured(
            f"DEBUG is on, and the site is reached {'by ' + ', '.join(strangers) if strangers else 'through a proxy'}: "
            "whoever meets an error would read settings and data. Set DEBUG=0, or serve this machine only."
        )


def unmigrated_database():
    """Refuse a database that lacks migrations of this code; one that has more, from a newer code, will do.

    Costs one statement. Whether the database can be reached is for `/health/` to say, and passes by itself.
    """
    try:
        connection.ensure_connection()
    except OperationalError:
        log.warning("database_not_reached_at_start")
        return
    try:
        applied = set(MigrationRecorder.Migration.objects.values_list("app", "name"))
    except (ProgrammingError, OperationalError) as problem:
        if is_out_of_reach(problem):
            # A pool lets everybody in, and says only then that there is nothing behind it.
            log.warning("database_not_reached_at_start")
            return
        # The table of migrations is missing; the two databases call it by different names.
        applied = set()
    finally:
        # Celery forks the processes that do the work, and they must not inherit it.
        connection.close()
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    # What replaces others is as good as applied when they are.
    missing = [
        key
        for key, migration in loader.disk_migrations.items()
        if key not in applied and not (migration.replaces and applied.issuperset(migration.replaces))
    ]
    if missing:
        raise ImproperlyConfigured(
            f"The database lacks migrations ({len(missing)} of {len(loader.disk_migrations)}). "
            "Run manage.py migrate, and start again."
        )


def narrow_encoding(connection):
    """Why a PostgreSQL database can't hold every letter and what to do, in words; empty if it can.

    A server that was set up without a language makes such databases (SQL_ASCII). They take names for a while, then refuse
    one with an ø, and the encoding can't be changed later. Asked before anything is put into one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        (encoding,) = cursor.fetchone()
    if encoding == "UTF8":
        return ""
    return (
        f"The database {connection.settings_dict['NAME']} is encoded as {encoding} and can't hold every letter. Make it "
        "anew while it is empty: dropdb NAME, then createdb --encoding=UTF8 --template=template0 NAME."
    )
