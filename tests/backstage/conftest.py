"""Real Celery workers on the database of the test, to be killed; and threads, to get in each other's way."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from time import monotonic, sleep

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

from tests.backstage import work

ROOT = Path(__file__).resolve().parents[2]


def wait_until(condition, what, seconds=40):
    """Look every twentieth of a second until `condition()` holds; fails with `what` was waited for."""
    end = monotonic() + seconds
    while not condition():
        if monotonic() > end:
            pytest.fail(f"waited {seconds} seconds in vain: {what}")
        sleep(0.05)


def at_once(deed, how_many=4):
    """What `deed()` returned in each of so many threads that began it together, each on a connection of its own."""
    together = Barrier(how_many)

    def one():
        try:
            together.wait()
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(how_many) as pool:
        return [future.result() for future in [pool.submit(one) for _thread in range(how_many)]]


def database_url():
    """The test database as another process can name it."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    person = f"{facts['USER']}:{facts['PASSWORD']}" if facts["PASSWORD"] else facts["USER"]
    return f"postgres://{person}@{facts['HOST'] or 'localhost'}:{facts['PORT'] or 5432}/{facts['NAME']}"


class Workers:
    """Workers in processes of their own, on the database and the broker of this test run."""

    def __init__(self, folder):
        self.folder, self.processes = folder, []

    def start(self, *options, concurrency=1, how_many=1, **environment):
        """The last of so many workers, all of them ready to take work; `options` are Celery's."""
        new = [self.launch(*options, f"--concurrency={concurrency}", **environment) for _one in range(how_many)]
        for process in new:
            wait_until(lambda process=process: self.is_ready(process), "the worker to be ready")
        return new[-1]

    def launch(self, *options, **environment):
        log = self.folder / f"worker-{len(self.processes)}.log"
        name = f"test{os.getpid()}-{len(self.processes)}@localhost"
        command = [sys.executable, "-m", "celery", "-A", "jobcenter_crm", "worker", "-n", name, *options]
        command += [f"--include={work.__name__}", "--without-gossip", "--without-mingle"]
        settled = {
            "DJANGO_SETTINGS_MODULE": "jobcenter_crm.settings",
            "DATABASE_URL": database_url(),
            "CELERY_SKIP_CHECKS": "1",
            "PYTHONWARNINGS": "ignore",
        }
        with log.open("wb") as lines:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | settled | environment,
                stdout=lines,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        process.log = log
        self.processes.append(process)
        return process

    def is_ready(self, process):
        said = process.log.read_text(errors="replace")
        if process.poll() is not None:
            pytest.fail(f"the worker ended: {said[-2000:]}")
        return " ready." in said

    def kill(self, process):
        """As the machine would if it ran out of memory or lost its power: the worker and all its children, at once."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(
    params=[
        pytest.param("embedded", id="embedded broker"),
        pytest.param("redis", id="Redis", marks=pytest.mark.served),
    ]
)
def broker(request):
    """The two brokers there are; a run is given one of them by its environment."""
    if request.param == "redis" and not (settings.REDIS_URL and connection.vendor == "postgresql"):
        pytest.skip("needs PostgreSQL in DATABASE_URL and Redis in REDIS_URL")
    if request.param == "embedded" and settings.REDIS_URL:
        pytest.skip("this run has Redis as its broker; the run without REDIS_URL tries the embedded one")


@pytest.fixture
def workers(broker, transactional_db, tmp_path):
    """Starts real workers, and ends them all."""
    current_app.control.purge()
    workers = Workers(tmp_path)
    yield workers
    for process in workers.processes:
        workers.kill(process)
    current_app.control.purge()
