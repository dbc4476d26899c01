"""`python -m bench`: the import of the register beside its floor, measured in the same run.

The floor is what the database and Django ask for the rows alone: ready objects of companies and
workplaces, `bulk_create(update_conflicts=True)`, 1,000 a batch. Each part runs in a process of its own, on
a scratch database that is made for it and removed.

A refresh is the same file of the next night, in which one row in a hundred differs. Beside it stand what reading
and comparing alone take, and the bare upsert of the rows that differ.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from bench import rows as invented

ROOT = Path(__file__).resolve().parent.parent
AIM_RATIO, AIM_MB = 0.5, 300
PARTS = [("import", "first import"), ("again", "the same again"), ("look", "preview")]
REFRESH = [("compare", "reading, comparing"), ("upsert", "bare upsert"), ("refresh", "refresh")]
KINDS = [("documents", "JSON, first import", ".ndjson"), ("workbook", "Excel, first import", ".xlsx")]


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="jobcenter-bench-") as folder:
        file = Path(folder) / "register.csv"
        invented.write(file, options.rows)
        print(
            f"{options.rows:,} rows, {file.stat().st_size / 1e6:.0f} MB, {platform.platform()}, {os.cpu_count()} cores"
        )
        invented.write_next(following(file), options.rows)
        for _part, _label, suffix in KINDS:
            invented.write(file.with_suffix(suffix), options.rows)
        results = [measure(url, options.rows, file, Path(folder)) for url in options.database]
    for result in results:
        show(result, options.rows)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps({"rows": options.rows, "databases": results}, indent=1))
    print(f"\nWritten to {options.json}")


def arguments():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--database", action="append", help='"sqlite", or a postgres:// URL; may be given twice')
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "bench.json")
    options = parser.parse_args()
    if not options.database:
        options.database = ["sqlite"]
        url = os.environ.get("DATABASE_URL", "")
        if url.startswith("postgres"):
            options.database.append(url)
        else:
            print("PostgreSQL is left out: set DATABASE_URL=postgres://... to measure it as well.")
    return options


def measure(url, rows, file, folder):
    name = "SQLite" if url == "sqlite" else "PostgreSQL"
    result = {"name": name}
    with scratch(url, folder) as database:
        run("prepare", rows, file, database)
        result["floor"] = run("floor", rows, file, database)
    with scratch(url, folder) as database:
        run("prepare", rows, file, database)
        for part, _label in PARTS:
            result[part] = run(part, rows, file, database)
        for part, _label in REFRESH:
            result[part] = run(part, rows, following(file), database)
    for part, _label, suffix in KINDS:
        with scratch(url, folder) as database:
            run("prepare", rows, file, database)
            result[part] = run(part, rows, file.with_suffix(suffix), database)
    return result


def following(file):
    """The file of the next night."""
    return file.with_name("next.csv")


@contextmanager
def scratch(url, folder):
    """The URL of an empty database that is gone afterwards."""
    if url == "sqlite":
        path = folder / "bench.sqlite3"
        yield f"sqlite:///{path}"
        for file in folder.glob("bench.sqlite3*"):
            file.unlink()
        return
    import psycopg2

    name = f"jobcenter_bench_{os.getpid()}"
    server = psycopg2.connect(url)
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


def run(part, rows, file, database):
    environment = os.environ | {
        "DATABASE_URL": database,
        "DEBUG": "0",
        "SECRET_KEY": "bench" * 10,
        "ALLOWED_HOSTS": "localhost",
        "FILES_DIR": str(file.parent),
    }
    answer = subprocess.run(
        [sys.executable, "-m", "bench.part", part, str(rows), str(file)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, text=True,
    )  # fmt: skip
    return json.loads(answer.stdout)


def show(result, rows):
    print(f"\n{result['name']:<21}{'seconds':>9}{'rows/s':>10}{'of floor':>10}{'peak MB':>9}")
    rate = rows / result["floor"]["seconds"]
    kinds = [(part, label) for part, label, _suffix in KINDS]
    for part, label in [("floor", "floor"), *PARTS, *kinds]:
        one = result[part]
        ratio = rows / one["seconds"] / rate
        print(f"  {label:<19}{one['seconds']:>9.1f}{rows / one['seconds']:>10,.0f}{ratio:>10.2f}{one['peak_mb']:>9}")
    first = result["import"]
    met = rows / first["seconds"] / rate >= AIM_RATIO and first["peak_mb"] <= AIM_MB
    print(f"  aim: at least {AIM_RATIO} of the floor and at most {AIM_MB} MB: {'met' if met else 'NOT met'}")
    print(f"\n  Refresh with {invented.changed(rows):,} changed rows")
    for part, label in REFRESH:
        one = result[part]
        print(f"  {label:<19}{one['seconds']:>9.1f}{rows / one['seconds']:>10,.0f}{'':>10}{one['peak_mb']:>9}")
    floor = result["compare"]["seconds"] + result["upsert"]["seconds"]
    seconds = result["refresh"]["seconds"]
    print(
        f"  aim: no longer than the two above it, {floor:.1f}: {'met' if seconds <= floor else f'NOT met, {seconds:.1f}'}"
    )


if __name__ == "__main__":
    main()
