"""Serve the demo: settings, database, an invented municipality, then web, worker and clock under one command.

    .venv/bin/python scripts/demo.py 8000

What is there already is kept: an `.env`, a database with people in it. All that the three processes write goes to
`var/demo.log`; the terminal shows what somebody should read. Ctrl-C ends all of them.
"""

import json
import os
import re
import secrets
import signal
import socket
import sys
import threading
import time
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command, get_commands
from honcho.compat import ProcessManager
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / ".env"
STATIC_STAMP = ROOT / "var" / "static-files.json"
LOG = ROOT / "var" / "demo.log"


def main(port):
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, give_up)
    # A closed terminal is noticed by `make` ending; the go-betweens of our processes must outlive it to stop them.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    threading.Thread(target=follow_make, args=[os.getppid()], daemon=True).start()
    refuse_a_taken_port(port)
    write_settings(port)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter_crm.settings")
    # Python puts the folder of this file first, and its names are not meant for import.
    sys.path[0] = str(ROOT)
    try:
        django.setup()
        prepare()
    except (ImproperlyConfigured, CommandError) as problem:
        sys.exit(f"The demo can't start: {problem}")
    serve(port)


def give_up(number, frame):
    """Stopped before the processes are started: at once, since every step can be repeated."""
    print("\nStopped.", flush=True)
    os._exit(0)


def refuse_a_taken_port(port):
    if not port.isdecimal() or not 0 < int(port) < 65536:
        sys.exit(f"PORT is a number from 1 to 65535, not {port!r}.")
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", int(port)))
        except PermissionError:
            sys.exit(f"Port {port} is for the administrator only. Choose another: make demo PORT=8000")
        except OSError:
            other = int(port) + 1 if int(port) < 65535 else 8000
            sys.exit(f"Port {port} is taken, perhaps by another demo. Choose another: make demo PORT={other}")


def write_settings(port):
    """A secret of this checkout's own; an `.env` that is there already is left as it is."""
    if SETTINGS.exists():
        return
    SETTINGS.touch(mode=0o600)
    SETTINGS.write_text(
        "# Written by `make demo`, for trying the system out on this machine. The README lists every setting.\n"
        "DEBUG=0\n"
        "HTTPS=0\n"
        "ALLOWED_HOSTS=127.0.0.1,localhost\n"
        f"SITE_URL=http://127.0.0.1:{port}\n"
        f"SECRET_KEY={secrets.token_urlsafe(50)}\n",
        encoding="utf-8",
    )


# --- Before the start ------------------------------------------------------------------------


def prepare():
    """Static files, database and, where nobody has a log-in yet, the invented municipality."""
    from django.contrib.auth import get_user_model
    from django.db import OperationalError, connections

    collect_static_files()
    try:
        with told("Preparing the database"):
            call_command("migrate", interactive=False, verbosity=0)
        if not get_user_model().objects.exists():
            seed()
    except OperationalError as problem:
        raise CommandError(f"the database does not answer ({str(problem).strip()}). See DATABASE_URL.") from problem
    finally:
        # The processes that are started next must not inherit a connection.
        connections.close_all()


def collect_static_files():
    """Only when one of them has changed: giving each its name and compressing it takes seconds."""
    from django.contrib.staticfiles.finders import get_finders

    found = {
        path: [storage.path(path), os.stat(storage.path(path)).st_mtime]
        for finder in get_finders()
        for path, storage in finder.list([])
    }
    stamp = json.dumps([settings.STORAGES["staticfiles"]["BACKEND"], found], sort_keys=True)
    if Path(settings.STATIC_ROOT).exists() and STATIC_STAMP.exists() and STATIC_STAMP.read_text() == stamp:
        return
    with told("Collecting static files"):
        call_command("collectstatic", interactive=False, verbosity=0)
    STATIC_STAMP.write_text(stamp)


def seed():
    if "seed_demo" not in get_commands():
        print("There is no command seed_demo in this version: the demo starts empty.", flush=True)
        return
    with told("Inventing a municipality"):
        call_command("seed_demo", known_passwords=True, stdout=StringIO())


def logins():
    """The demo's log-ins as text; nothing where the people are not the demo's."""
    from django.db import connections

    text = StringIO()
    if "seed_demo" in get_commands():
        call_command("seed_demo", logins=True, stdout=text)
        connections.close_all()
    return text.getvalue().rstrip()


@contextmanager
def told(title):
    """One line on the screen for one piece of work: what it is, and how long it took."""
    print(title, end=" ... ", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f"{max(1, round(time.monotonic() - began))} s", flush=True)


# --- The processes ---------------------------------------------------------------------------


class Screen(Printer):
    """Keeps every line in the log; shows those that somebody should read, and notes which process ended first."""

    def __init__(self, log):
        super().__init__(sys.stdout)
        self.log = Printer(log)
        self.ended = None
        self.asked_to_stop = False

    def write(self, message):
        self.log.width = self.width
        self.log.write(message)
        if message.name == "system":
            self.note(message.data)
            return
        if not self.asked_to_stop and self.ended is None and not is_routine(message.data):
            super().write(message)

    def note(self, news):
        if "received" in news and self.ended is None and not self.asked_to_stop:
            self.asked_to_stop = True
            print("\nStopping ...", flush=True)
        ended = re.match(r"(\w+) stopped \(rc=(-?\d+)\)", news)
        if ended and self.ended is None and not self.asked_to_stop:
            self.ended = ended


class Leaders(ProcessManager):
    """Asks the first process of each group to stop, and leaves the rest of the group to it.

    A Celery worker whose pool is told to stop at the same moment waits for the pool in vain.
    """

    def terminate(self, pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


def is_routine(line):
    """A log line of level "info", as the processes write them in production, or an empty one."""
    try:
        return json.loads(line)["level"] in ("debug", "info")
    except (ValueError, KeyError, TypeError):
        return not line.strip()


def serve(port):
    """Start everything, say where it is, wait for Ctrl-C, stop everything."""
    greeting = logins()
    threading.Thread(target=greet, args=[port, greeting], daemon=True).start()
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PORT": port,
        "SITE_URL": f"http://127.0.0.1:{port}",
        "PYTHONUNBUFFERED": "1",
        # In a container everybody is root, and Celery would say at each start that it is not recommended.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }
    with LOG.open("w", encoding="utf-8") as log:
        screen = Screen(log)
        manager = Manager(screen)
        manager._procmgr = Leaders()
        for name, command in parse_procfile((ROOT / "Procfile").read_text(encoding="utf-8")).processes.items():
            manager.add_process(name, command, env=environment, cwd=str(ROOT))
        manager.loop()
    if screen.ended:
        name, code = screen.ended.groups()
        how = f"exit code {code}" if int(code) >= 0 else f"signal {-int(code)}"
        sys.exit(f"The process {name!r} ended by itself ({how}), so the others were stopped. Its last words: {LOG}")


def greet(port, text):
    """Say where the demo is, once it answers."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", int(port)), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            break
    print(f"{text}\n\nJobcenter CRM runs on http://127.0.0.1:{port} - Ctrl-C stops it.", flush=True)


def follow_make(parent):
    """End with the `make` that started us.

    Ctrl-C in a terminal reaches us both. Sent to `make` alone, a signal that interrupts leaves it waiting for us,
    within its own handler, where that signal is blocked; and a killed `make` can't tell anybody.
    """
    interruptions = sum(1 << (number - 1) for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM))
    status = Path(f"/proc/{parent}/status")
    while os.getppid() == parent:
        try:
            blocked = int(re.search(r"^SigBlk:\s*(\w+)", status.read_text(), re.MULTILINE)[1], 16)
        except (OSError, TypeError):
            blocked = 0
        if blocked & interruptions:
            break
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["8000"])
