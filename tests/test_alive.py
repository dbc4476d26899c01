"""The health checks of the containers: each tells of its own process, whatever the others do."""

import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from runpy import run_path

import pytest

ALIVE = run_path(str(Path(__file__).parent.parent / "scripts" / "alive.py"))


@pytest.fixture
def answering(monkeypatch):
    """Starts a web that answers `/health/` with that status and report, for its own host only; returns its port."""
    monkeypatch.setenv("ALLOWED_HOSTS", ".crm.example.dk,other.example.dk")
    servers = []

    def answer(status, report):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                known = self.headers["Host"] == "crm.example.dk" and self.path == "/health/"
                self.send_response(status if known else 400)
                self.end_headers()
                self.wfile.write(json.dumps(report).encode() if known else b"Bad Request")

            def log_message(self, *words):
                pass

        servers.append(HTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return servers[-1].server_port

    yield answer
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_web_lives_also_where_worker_and_clock_are_silent(answering):
    port = answering(503, {"status": "unwell", "database": "ok", "worker": "never", "clock": "late"})

    assert ALIVE["web"](port)


def test_a_web_without_its_database_is_ill(answering):
    port = answering(503, {"status": "unwell", "database": "unreachable"})

    assert not ALIVE["web"](port)


def test_a_web_that_says_something_else_or_nothing_is_ill(answering, monkeypatch):
    port = answering(200, {"database": "ok"})
    monkeypatch.setenv("ALLOWED_HOSTS", "elsewhere.example.dk")

    assert not ALIVE["web"](port)
    assert not ALIVE["web"](port=1)


def test_a_clock_lives_that_has_written_its_schedule_lately(tmp_path):
    assert not ALIVE["clock"](tmp_path)

    schedule = tmp_path / "celerybeat-schedule.db"
    schedule.touch()
    assert ALIVE["clock"](tmp_path)

    long_ago = time.time() - ALIVE["CLOCK_WRITES_WITHIN"] - 1
    os.utime(schedule, (long_ago, long_ago))
    assert not ALIVE["clock"](tmp_path)
