"""Pages over HTTP, each beside the floor in the same round, so that what else the machine does meets both.

A round asks for every page once; a page of which there are many (cards, searches, pages of the register) is another one
in each round. The first rounds warm up and are not counted.
"""

import re
import statistics
import threading
import time
import uuid
from urllib.parse import quote

from bench import city
from bench.floor import FLOOR, STATEMENTS
from bench.visitor import Visitor
from bench.web import PROCESSES, served

CLIENTS, LOAD_SECONDS = 8, 10
FRAGMENT = {"HX-Request": "true"}
FRAGMENTS = ("suggestions", "count of what waits")
# Whose pages they are: an employer consultant, and a manager for the overview.
CONSULTANT, MANAGER = "user000", "user008"

REGISTER = ["/companies/", "/companies/?page=2", "/companies/?sort=last_contact", "/companies/?page=20"]
FILTERED = [
    "/companies/?tier=2", "/companies/?employees_from=12&branch=56", "/companies/?tier=3&contact=due", "/companies/?owner=me",
    "/companies/?municipality=0259&employees_from=5",
]  # fmt: skip
SEARCHES = ["/companies/?q=mølle", "/companies/?q=tranumnæs+bageri", "/companies/?q=bjerg+vvs", "/companies/?q=ærøby"]
SUGGESTED = ["møl", "tranum", "bøgeg", "ærø", "bageri 12"]


def measure(database, folder, rounds):
    """For each page its median, p95, statements and bytes; how many a second with eight clients; and memory."""
    with served(database, folder) as web:
        asked = _asked(_Browser(web.port, CONSULTANT), _Browser(web.port, MANAGER))
        taken = {name: [] for name in asked}
        for number in range(-rounds // 5, rounds):
            for name, ask in asked.items():
                answer = ask(number)
                if number >= 0:
                    taken[name].append(answer)
        told = {name: _summary(answers) for name, answers in taken.items()}
        rates = {
            name: _rate([_Browser(web.port, f"user{10 * n:03}") for n in range(CLIENTS)], paths)
            for name, paths in (("floor", [FLOOR]), ("register", REGISTER))
        }
        return {"pages": told, "a_second": rates, "memory_mb": web.memory_mb()}


class _Browser:
    """Somebody who is logged in at one port, in whose language the pages are."""

    def __init__(self, port, name):
        self.visitor, self.port = Visitor(name), port
        assert self.visitor.log_in(port, city.PASSWORD).status == 302

    def get(self, path, headers=None):
        answer = self.visitor.get(self.port, path, **headers or {})
        assert answer.status == 200, (path, answer.status)
        return answer

    def post(self, path, fields):
        answer = self.visitor.post(self.port, path, fields)
        assert answer.status == 302, (path, answer.status)
        return answer


def _asked(consultant, manager):
    """What is asked for, by name: each a function of the number of the round."""
    cards = _cards(consultant)

    def of(session, paths, headers=None):
        return lambda number: session.get(paths[number % len(paths)], headers=headers)

    suggestions = [f"/search/suggestions/?q={text.replace(' ', '+')}" for text in map(_quoted, SUGGESTED)]
    return {
        "floor": of(consultant, [FLOOR]),
        "register": of(consultant, REGISTER),
        "filtered register": of(consultant, FILTERED),
        "search by part of a name": of(consultant, [_quoted(path) for path in SEARCHES]),
        "card": of(consultant, [f"/companies/{pk}/" for pk in cards]),
        "my day": of(consultant, ["/"]),
        "overview": of(manager, ["/dashboard/"]),
        "form of a contact": of(consultant, [f"/contacts/log/?workplace={pk}" for pk in cards]),
        "log a contact (POST)": lambda number: _log(consultant, cards[number % len(cards)]),
        "suggestions": of(consultant, suggestions, FRAGMENT),
        "count of what waits": of(consultant, ["/waiting/count/"], FRAGMENT),
    }


def _quoted(text):
    return quote(text, safe="/?=&+")


def _cards(session):
    """Keys of workplaces of each group, as the register shows them."""
    found = []
    for group in (1, 2, 3, 4):
        page = session.get(f"/companies/?tier={group}").text
        found += list(dict.fromkeys(re.findall(r'href="/companies/(\d+)/"', page)))[:8]
    return found


def _log(session, workplace):
    form = session.get(f"/contacts/log/?workplace={workplace}").form("outcome")
    data = form.filled(
        channel="visit", outcome="interested", next_when="none", token=str(uuid.uuid4()), basis="cooperation"
    )
    return session.post(form.action, data)


def _summary(answers):
    times = sorted(answer.seconds * 1000 for answer in answers)
    return {
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95) - 1], 1),
        "statements": max(int(answer.headers[STATEMENTS]) for answer in answers),
        "bytes": max(len(answer.body) for answer in answers),
    }


def _rate(sessions, paths):
    """How many pages a second all clients together get."""
    ends_at, done = time.monotonic() + LOAD_SECONDS, []

    def ask(session):
        number = 0
        while time.monotonic() < ends_at:
            session.get(paths[number % len(paths)])
            number += 1
        done.append(number)

    clients = [threading.Thread(target=ask, args=[session]) for session in sessions]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return round(sum(done) / LOAD_SECONDS, 1)


def lines(told):
    """The table, line by line."""
    floor = told["pages"]["floor"]["median_ms"]
    yield f"  {'':<26}{'median ms':>10}{'over floor':>12}{'of floor':>10}{'p95 ms':>9}{'statements':>12}{'kB':>7}"
    for name, page in told["pages"].items():
        over, ratio = page["median_ms"] - floor, page["median_ms"] / floor
        yield (
            f"  {name:<26}{page['median_ms']:>10.1f}{over:>12.1f}{ratio:>10.2f}{page['p95_ms']:>9.1f}"
            f"{page['statements']:>12}{page['bytes'] / 1000:>7.0f}"
        )
    rates = ", ".join(f"{name} {rate:.0f}" for name, rate in told["a_second"].items())
    yield f"  pages a second with {CLIENTS} clients: {rates}"
    yield f"  memory: {told['memory_mb']['processes']} MB in {PROCESSES} processes, {told['memory_mb']['all']} with the one that started them"


def missed(told):
    """The aims that were not met, in words."""
    floor = told["pages"]["floor"]["median_ms"]
    for name, page in told["pages"].items():
        ratio, over = page["median_ms"] / floor, page["median_ms"] - floor
        if name == "floor":
            continue
        if name in FRAGMENTS and ratio > 3:
            yield f"{name}: at most 3 times the floor, {ratio:.1f}"
        if name not in FRAGMENTS and (ratio > 5 or over > 25):
            yield f"{name}: at most 5 times the floor and 25 ms over it, {ratio:.1f} times and {over:.0f} ms"
        if page["p95_ms"] > 2 * page["median_ms"]:
            yield f"{name}: p95 at most twice the median, {page['p95_ms'] / page['median_ms']:.1f} times"
        if page["statements"] > 20:
            yield f"{name}: at most 20 statements, {page['statements']}"
    if told["a_second"]["register"] < 60:
        yield f"register: at least 60 pages a second, {told['a_second']['register']:.0f}"
    if told["memory_mb"]["processes"] > 200:
        yield f"memory: at most 200 MB in two processes, {told['memory_mb']['processes']}"


def grown(small, large):
    """The pages that take more than half as long again on the larger register as on the smaller, beside their floors."""
    for name, page in large["pages"].items():
        before = small["pages"][name]["median_ms"] / small["pages"]["floor"]["median_ms"]
        growth = page["median_ms"] / large["pages"]["floor"]["median_ms"] / before
        if growth > 1.5:
            yield f"{name}: at most 1.5 times as long as on the smallest register, {growth:.1f}"
