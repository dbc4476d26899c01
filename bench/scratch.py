"""Databases that are made for one measurement and gone afterwards, and processes of their own on them."""

import json
import os
import secrets
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def scratch(url, folder):
    """The URL of an empty database, with its tables, on SQLite ("sqlite", in `folder`) or on the server of `url`."""
    if url == "sqlite":
        path = Path(folder) / "bench.sqlite3"
        yield _migrated(f"sqlite:///{path}", folder)
        for file in Path(folder).glob("bench.sqlite3*"):
            file.unlink()
        return
    import psycopg2

    name = f"jobcenter_bench_{os.getpid()}"
    server = psycopg2.connect(url)
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            yield _migrated(urlunsplit(urlsplit(url)._replace(path=f"/{name}")), folder)
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


def _migrated(database, folder):
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment_for(database, folder), check=True)
    return database


def environment_for(database, folder):
    """What a production has in its environment, on that database; mail goes to memory, so that no server is measured."""
    return os.environ | {
        "DATABASE_URL": database, "DEBUG": "0", "HTTPS": "0", "SECRET_KEY": secrets.token_urlsafe(50), "ALLOWED_HOSTS": "localhost",
        "FILES_DIR": str(folder), "EMAIL_URL": "memorymail://", "BROKER_DIR": str(Path(folder) / "broker"),
    }  # fmt: skip


def in_own_process(module, database, folder, *arguments):
    """What `python -m MODULE ARGUMENTS` tells on that database, read as JSON."""
    answer = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT, env=environment_for(database, folder), stdout=subprocess.PIPE, check=True, text=True,
    )  # fmt: skip
    return json.loads(answer.stdout)


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def command_of_stage(stage):
    """The CMD of a stage of the Dockerfile."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").partition(f" AS {stage}\n")[2].splitlines()
    return json.loads(next(line for line in lines if line.startswith("CMD ")).removeprefix("CMD "))


def told_by(measured):
    """For a module that is run by `in_own_process`: set Django up, and tell what `measured(*arguments)` gives."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter_crm.settings")
    import django

    django.setup()
    json.dump(measured(*sys.argv[1:]), sys.stdout)
