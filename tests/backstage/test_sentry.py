"""What a Sentry is told of an error, and what it must never hear."""

import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A log-in on a database without tables is an error with a body, an address, a log-in name and a text of its own.
ERRS = """
import django; django.setup()
import structlog
from django.test import Client
client = Client(raise_request_exception=False, headers={"user-agent": "Hemmelig/1.0"}, REMOTE_ADDR="192.0.2.77")
answer = client.post("/log-in/?next=/hemmelig/", {"login": "hemmelig", "password": "hemmelig-2026"})
assert answer.status_code == 500, answer.status_code
structlog.get_logger("ours").error("something_failed", person="Hemmelig Hansen")
import sentry_sdk; sentry_sdk.flush(10)
"""


@pytest.fixture
def sentry():
    """A Sentry that keeps what it is told: its DSN and the events."""
    told = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            body = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
            told.append(body.decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://key@127.0.0.1:{server.server_port}/1", told
        server.shutdown()


def test_a_sentry_hears_of_errors_and_of_no_person(sentry, tmp_path):
    dsn, told = sentry
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}", "SENTRY_DSN": dsn, "REDIS_URL": ""}
    environment |= {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    environment["no_proxy"] = environment["NO_PROXY"] = "*"

    subprocess.run(
        [sys.executable, "-c", ERRS], cwd=ROOT, env=os.environ | environment, check=True, capture_output=True
    )

    # An event is the last of an envelope's three lines.
    events = [json.loads(envelope.strip().splitlines()[2]) for envelope in told if '"type":"event"' in envelope]
    error = next(event for event in events if "exception" in event)
    assert "OperationalError" in [each["type"] for each in error["exception"]["values"]]
    assert error["tags"]["request_id"]
    assert "something_failed" in [event.get("logentry", {}).get("message") for event in events]
    heard = "".join(told).lower()
    assert not [word for word in ("hemmelig", "192.0.2.77", "no such table") if word in heard]
