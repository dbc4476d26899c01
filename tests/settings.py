"""The project's settings as tests need them: nothing of a developer's own `.env`, files, cache or broker."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

# Removed with the last reference to it, when the tests end.
_folder = TemporaryDirectory(prefix="jobcenter-tests-", ignore_cleanup_errors=True)
_scratch = Path(_folder.name)
# Each process of pytest-xdist has its own database, and so its own broker: a worker must not take another's work.
if os.environ.get("REDIS_URL") and (process := os.environ.get("PYTEST_XDIST_WORKER")):
    server, _slash, number = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{server}/{(int(number or 0) + int(process.removeprefix('gw'))) % 16}"
# A folder of its own for each run: two at once in one checkout would take each other's tables away. Named before the
# processes of pytest-xdist start, so that it is one for all of them.
os.environ.setdefault("TEST_DB_DIR", str(_scratch))
os.environ |= {
    "DEBUG": "0",
    "HTTPS": "0",
    "SECRET_KEY": "only-for-tests-" + "x" * 40,
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "EMAIL_URL": "memorymail://",
    "FILES_DIR": str(_scratch / "files"),
    "BROKER_DIR": str(_scratch / "broker"),
    # PostgreSQL need not wait for the disk, for us nor for the processes that tests start.
    "PGOPTIONS": "-c synchronous_commit=off",
}

from jobcenter_crm.settings import *
from jobcenter_crm.settings import INSTALLED_APPS, LOGGING, MIDDLEWARE, STORAGES

STATIC_ROOT = _scratch / "static"
STATIC_ROOT.mkdir()
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# A guess costs nothing, which is as it should not be outside tests.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
# pytest shows the lines of a failed test itself; a handler of ours would hold on to a stream that pytest closes.
LOGGING = LOGGING | {"root": {"handlers": [], "level": "INFO"}}
