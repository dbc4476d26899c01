"""`python -m bench.connections`: how many connections the database has while pages are asked for and jobs run.

Once with one web, worker and clock and once with four of each, by the commands of docker-compose.yml; without a pool, and
with the pools that are named. It needs PostgreSQL and a Redis database of its own, which it empties.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psycopg2
import redis

from bench.city import PASSWORD
from bench.rows import write
from bench.scratch import in_own_process, scratch
from bench.served import Samples, Served, clients, pool_is_here
from bench.visitor import Visitor

PAGES = ["/", "/companies/", "/companies/?q=bageri", "/search/?q=holm", "/dashboard/", "/colleagues/", "/segments/"]
# More than a page reads itself (1 MiB), so that a worker does.
FILE_ROWS = 9000
FILES_EACH = 4
STEWARD = "user009"


def main():
    options = arguments()
    pools = [None, *(options.pool if pool_is_here() else [])]
    print(f"{options.clients} clients, {options.seconds} s each, {platform.platform()}, {os.cpu_count()} cores")
    if not pool_is_here():
        print("The pool is left out: PgBouncer is not installed.")
    print(
        f"{'pool':<9}{'processes':<24}{'pages':>7}{'refused':>9}{'median':>9}{'95 %':>9}{'jobs':>6}{'most':>7}{'bound':>7}"
    )
    with (
        tempfile.TemporaryDirectory(prefix="jobcenter-bench-") as folder,
        scratch(options.database, Path(folder)) as database,
    ):
        in_own_process("bench.city", database, folder, options.rows)
        for pool in pools:
            for many in options.many:
                show(pool, many, measured(options, database, Path(folder), pool, many))


def arguments():
    def two(text):
        pages, work = text.split(",")
        return int(pages), int(work)

    parser = argparse.ArgumentParser(prog="python -m bench.connections", description=__doc__.splitlines()[0])
    parser.add_argument("--database", default=os.environ.get("DATABASE_URL"), help="a postgres:// URL")
    parser.add_argument("--redis", default=os.environ.get("REDIS_URL"), help="a Redis database, which is emptied")
    parser.add_argument("--clients", type=int, default=12, help="at most 20")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--rows", type=int, default=20_000, help="workplaces")
    parser.add_argument("--many", type=int, action="append", help="so many of each process; may be given again")
    parser.add_argument("--pool", type=two, action="append", metavar="PAGES,WORK", help="may be given again")
    options = parser.parse_args()
    if not options.database or not options.redis:
        parser.error("it needs --database and --redis, or DATABASE_URL and REDIS_URL")
    options.many = options.many or [1, 4]
    options.pool = options.pool or [(30, 30), (4, 4)]
    # Managers, who may see all of the pages.
    options.names = [f"user{10 * number + 8:03}" for number in range(options.clients)]
    return options


def measured(options, database, folder, pool, many):
    """What pages came, the most connections that stood at a time, and how many jobs were done."""
    done = jobs_done(database)
    redis.Redis.from_url(options.redis).flushdb()
    with Served(folder, database, options.redis, pool=pool) as served:
        webs = [served.start("web") for _each in range(many)]
        for service in ("worker", "clock"):
            for _each in range(many):
                served.start(service)
        ports = [web.port for web in webs]
        wait_for(ports)
        with Samples(database) as samples:
            order_jobs(ports, folder, many * FILES_EACH)
            with clients(ports, options.names, PAGES, PASSWORD) as came:
                time.sleep(options.seconds)
        return came, samples.most, jobs_done(database) - done


def wait_for(ports):
    end = time.monotonic() + 180
    for port in ports:
        while True:
            try:
                if json.loads(Visitor().get(port, "/health/").body)["worker"] == "ok":
                    break
            except (OSError, KeyError, ValueError):
                pass
            if time.monotonic() > end:
                sys.exit("The processes did not come up.")
            time.sleep(0.2)


def order_jobs(ports, folder, how_many):
    file = folder / "register.csv"
    write(file, FILE_ROWS)
    visitor = Visitor(STEWARD)
    visitor.log_in(ports[0], PASSWORD)
    for number in range(how_many):
        answer = visitor.post(
            ports[number % len(ports)], "/companies/import/", {}, {"file": (f"{number}.csv", file.read_bytes())}
        )
        assert answer.status == 302, answer.text


def jobs_done(database):
    with psycopg2.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM backstage_job WHERE state = 'done'")
        [(done,)] = cursor.fetchall()
    connection.close()
    return done


def show(pool, many, told):
    came, most, done = told
    took = sorted(seconds * 1000 for status, seconds in came if status == 200)
    refused = Counter(status for status, _seconds in came if status != 200)
    name, bound = (f"{pool[0]} + {pool[1]}", sum(pool)) if pool else ("none", "none")
    if not took:
        sys.exit(f"Not one page came: {dict(refused)}")
    late = took[int(len(took) * 0.95)]
    print(
        f"{name:<9}{f'{many} web, worker and clock':<24}{len(took):>7}{refused.total():>9}{statistics.median(took):>6.0f} ms"
        f"{late:>6.0f} ms{done:>6}{most:>7}{bound:>7}",
        flush=True,
    )
    if refused:
        print(f"  refused: {dict(refused)}")


if __name__ == "__main__":
    main()
