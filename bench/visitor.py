"""A browser without a screen, for processes that stand behind no proxy: it says itself what the proxy would say."""

import http.client
import random
import re
import uuid
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def text(self):
        return self.body.decode()


class Visitor:
    """One person at one address, who may ask any of the webs on this machine: `port` says which."""

    def __init__(self, name=""):
        self.name, self.cookies = name, {}
        # Of a range that is kept for measuring: attempts to log in are counted by address.
        self.address = f"198.18.{random.randrange(256)}.{random.randrange(1, 255)}"

    def get(self, port, path):
        return self._ask("GET", port, path)

    def post(self, port, path, fields, files=None):
        """Send a form; `files` is name of the field -> (name of the file, bytes)."""
        fields = fields | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        if not files:
            return self._ask("POST", port, path, urlencode(fields).encode(), "application/x-www-form-urlencoded")
        boundary = uuid.uuid4().hex
        parts = [
            f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()
        ]
        for key, (name, content) in files.items():
            head = f'Content-Disposition: form-data; name="{key}"; filename="{name}"\r\nContent-Type: application/octet-stream'
            parts.append(head.encode() + b"\r\n\r\n" + content)
        body = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
        return self._ask(
            "POST", port, path, body + b"--%s--\r\n" % boundary.encode(), f"multipart/form-data; boundary={boundary}"
        )

    def log_in(self, port, password):
        """The answer of the log-in: a redirect when it went well."""
        self.get(port, "/accounts/login/")
        return self.post(port, "/accounts/login/", {"login": self.name, "password": password})

    def _ask(self, method, port, path, body=None, kind=None):
        headers = {
            "Host": "localhost",
            "Origin": "https://localhost",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.address,
            "Accept-Language": "en",
            "Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items()),
        }
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request(method, path, body, headers | ({"Content-Type": kind} if kind else {}))
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(line).items()}
        return Answer(answer.status, dict(answer.headers), content)


def number_in(path):
    """The number in an address, such as that of a job."""
    return int(re.search(r"/(\d+)/", path)[1])
