"""The served size without containers: the processes of docker-compose.yml by its own commands, on this machine's ports.

What differs from a container is said here and nowhere else: addresses, folders, and names that a container has of its own.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import yaml

from bench.scratch import ROOT, command_of_stage, free_port
from bench.visitor import Visitor

# What `.env` would say.
SAID = {
    "SECRET_KEY": "only-for-processes-that-are-measured-" + "0123456789" * 3,
    "ALLOWED_HOSTS": "localhost",
    "POSTGRES_PASSWORD": "only-between-these-processes",
    "DEFAULT_FROM_EMAIL": "jobcenter@localhost",
}
POOL = ("pgbouncer", "/usr/sbin/pgbouncer")
SAMPLES_EVERY = 0.02


def pool_is_here():
    return any(shutil.which(name) for name in POOL)


def filled_in(value, said):
    """A text of docker-compose.yml with its variables replaced as Compose does."""
    value = re.sub(r"\$\{(\w+)(?::[-?]([^}]*))?\}", lambda found: said.get(found[1], found[2] or ""), str(value))
    return value.replace("$$", "$")


class Served:
    """Starts processes on `database_url` and `redis_url`, and ends them all at the end of its `with` block.

    `pool`: None to go to the database directly, or (connections for pages, connections for work). `said` is what `.env`
    would say besides, such as WEB_CONCURRENCY. What the processes write is in `folder`, each in a `NAME-NUMBER.log`.
    """

    def __init__(self, folder, database_url, redis_url, *, pool=None, **said):
        self.folder, self.database_url, self.redis_url, self.pool = Path(folder), database_url, redis_url, pool
        self.said = SAID | {"EMAIL_URL": f"filemail:///{self.folder / 'mail'}"} | said
        self.services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
        self.processes, self.pool_folder, self.pool_port = [], None, None

    def __enter__(self):
        if self.pool:
            self._start_pool()
        return self

    def __exit__(self, *exc_info):
        for process in reversed(self.processes):
            self.kill(process)
        if self.pool_folder:
            shutil.rmtree(self.pool_folder)

    def start(self, service):
        """One more process of a service; a web has its `port`."""
        number = sum(process.service == service for process in self.processes)
        command = self.services[service].get("command") or command_of_stage("app")
        command = [filled_in(word, self.said) for word in command]
        if service == "web":
            port = free_port()
            command[command.index("0.0.0.0:8000")] = f"127.0.0.1:{port}"
        elif service == "worker":
            # A container has a name of its own.
            command += ["--hostname", f"{self.folder.name}-{number}@localhost"]
        else:
            command += ["--schedule", str(self.folder / f"schedule-{number}")]
        program = Path(sys.executable).parent / command[0]
        process = self._launch(service, number, [str(program), *command[1:]], self.environment_of(service), cwd=ROOT)
        process.port = port if service == "web" else None
        return process

    def environment_of(self, service):
        told = {name: filled_in(value, self.said) for name, value in self.services[service]["environment"].items()}
        told["DATABASE_URL"] = self._address(told["DATABASE_URL"])
        told |= {"REDIS_URL": self.redis_url, "FILES_DIR": str(self.folder / "files")}
        told |= {"DJANGO_SETTINGS_MODULE": "bench.settings", "PYTHONUNBUFFERED": "1"}
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder)} | told

    def _address(self, url):
        """Where the database of that URL of docker-compose.yml is here: the same entry of the pool, or the database."""
        parts = urlsplit(url)
        if not self.pool or parts.hostname != "pool":
            return self.database_url
        user = urlsplit(self.database_url).username
        return urlunsplit(parts._replace(netloc=f"{user}:{self.said['POSTGRES_PASSWORD']}@127.0.0.1:{self.pool_port}"))

    def _start_pool(self):
        server = urlsplit(self.database_url)
        self.pool_port, self.pool_folder = free_port(), tempfile.mkdtemp(prefix="jobcenter-pool-")
        told = {
            "PATH": f"{os.environ['PATH']}:/usr/sbin",
            "PGUSER": server.username,
            # Both ways with one password, as in docker-compose.yml; a server that trusts us does not ask for it.
            "PGPASSWORD": server.password or self.said["POSTGRES_PASSWORD"],
            "SERVER_HOST": server.hostname,
            "SERVER_PORT": str(server.port or 5432),
            "SERVER_NAME": server.path.removeprefix("/"),
            "LISTEN_ADDRESS": "127.0.0.1",
            "LISTEN_PORT": str(self.pool_port),
            "POOL_DIR": self.pool_folder,
            "POOL_PAGES": str(self.pool[0]),
            "POOL_WORK": str(self.pool[1]),
            "POOL_WAIT": self.said.get("POOL_WAIT", "15"),
        }
        self.said["POSTGRES_PASSWORD"] = told["PGPASSWORD"]
        command = [word.replace("/srv/start.sh", str(ROOT / "pool" / "start.sh")) for word in command_of_stage("pool")]
        who = {}
        if os.geteuid() == 0:
            # PgBouncer does not run as root, here nor there.
            os.chown(self.pool_folder, 65534, 65534)
            who = {"user": 65534, "group": 65534, "extra_groups": []}
        self._launch("pool", 0, command, told, cwd="/", **who)

    def _launch(self, service, number, command, environment, **how):
        log = self.folder / f"{service}-{number}.log"
        with log.open("wb") as lines:
            process = subprocess.Popen(
                command, env=environment, stdout=lines, stderr=subprocess.STDOUT, start_new_session=True, **how
            )
        process.service, process.log = service, log
        self.processes.append(process)
        return process

    def stop(self, process):
        """As `docker compose stop` does: it may end what it does."""
        process.terminate()
        process.wait(timeout=60)

    def kill(self, process):
        """With all its children, at once."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Samples(threading.Thread):
    """Counts the connections to a database again and again, but those of `leave_out`, process numbers of the server.

    `most` is how many there were at most.
    """

    def __init__(self, database_url, leave_out=()):
        super().__init__(daemon=True)
        self.most, self._leave_out, self._over = 0, list(leave_out), threading.Event()
        self._name = urlsplit(database_url).path.removeprefix("/")
        # On another database, so as not to be counted itself.
        self._server = psycopg2.connect(urlunsplit(urlsplit(database_url)._replace(path="/postgres")))
        self._server.autocommit = True

    def count(self):
        with self._server.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = %s AND backend_type = 'client backend' AND pid <> ALL(%s)",
                [self._name, self._leave_out],
            )
            [(count,)] = cursor.fetchall()
            return count

    def run(self):
        while not self._over.wait(SAMPLES_EVERY):
            self.most = max(self.most, self.count())

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc_info):
        self._over.set()
        self.join()
        self._server.close()


@contextmanager
def clients(ports, log_ins, pages, password):
    """So many people as there are `log_ins` who open one page after the other, each time at another web; yields what came.

    That is a list of (status, seconds), still growing; they stop at the end of the block. Raises `AssertionError` if
    somebody can't log in.
    """
    came, over, inside = [], threading.Event(), []

    def look_around(number, name):
        visitor, turn = Visitor(name), number
        inside.append(visitor.log_in(ports[turn % len(ports)], password).status == 302)
        while not over.is_set():
            began = time.perf_counter()
            status = visitor.get(ports[turn % len(ports)], pages[turn % len(pages)]).status
            came.append((status, time.perf_counter() - began))
            turn += 1

    threads = [threading.Thread(target=look_around, args=each, daemon=True) for each in enumerate(log_ins)]
    for thread in threads:
        thread.start()
    try:
        yield came
    finally:
        over.set()
        for thread in threads:
            thread.join()
        assert all(inside), "somebody could not log in"
