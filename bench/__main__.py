"""`make bench`: how far the same code carries, each figure beside a floor that was measured in the same run.

    make bench ARGS="--sizes 3000 300000 --only pages --against var/bench.json"

For each size an invented municipality is written to a scratch database, which is gone afterwards. Ratios count, not
seconds: a machine that does other work slows both sides down.
"""

import argparse
import json
import os
import platform
import tempfile
from pathlib import Path

from bench import day, every_page, export, groups, pages, register
from bench.scratch import ROOT, in_own_process, scratch

# In this order, on one city: the last ones change it.
PARTS = {"pages": pages, "every_page": every_page, "export": export, "day": day, "groups": groups}
ROUNDS = 60


def main():
    options = arguments()
    told = {
        "machine": f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "database": "SQLite" if options.database == "sqlite" else "PostgreSQL",
        "sizes": {},
    }
    print(f"{told['machine']}, {told['database']}")
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="jobcenter-bench-") as folder:
            told["sizes"][str(size)] = measure(options, size, folder)
    before = json.loads(options.against.read_text()) if options.against else None
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(told, indent=1))
    show_growth(told)
    if before:
        compare(before, told)
    print(f"\nWritten to {options.json}")


def arguments():
    every = [*PARTS, "register"]
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[3_000, 30_000, 300_000], help="numbers of workplaces")
    parser.add_argument("--only", nargs="+", choices=every, default=every)
    usual = os.environ.get("DATABASE_URL", "")
    parser.add_argument(
        "--database",
        default=usual if usual.startswith("postgres") else "sqlite",
        help='"sqlite", or the postgres:// URL of a server on which databases may be made; DATABASE_URL by itself',
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each page is asked for")
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "bench.json", help="where all figures are written")
    parser.add_argument("--against", type=Path, help="an earlier file of figures to compare with")
    return parser.parse_args()


def measure(options, size, folder):
    """All figures of one size."""
    told = {}
    if set(options.only) & set(PARTS):
        with scratch(options.database, folder) as database:
            told["city"] = in_own_process("bench.city", database, folder, size)
            print(f"\n{size:,} workplaces, written in {told['city']['seconds']:.0f} s")
            for name, part in PARTS.items():
                if name in options.only:
                    # What is asked over HTTP has processes of its own already.
                    over_http = getattr(part, "measure", None)
                    told[name] = (
                        over_http(database, folder, options.rounds)
                        if over_http
                        else in_own_process(part.__name__, database, folder)
                    )
                    show(name, part, told[name])
    if "register" in options.only:
        told["register"] = register.measure(options.database, size, folder)
        show("register", register, told["register"])
    return told


def show(name, part, told):
    print(f"\n{name[0].upper()}{name[1:].replace('_', ' ')}")
    for line in part.lines(told):
        print(line)
    for aim in part.missed(told):
        print(f"  NOT met: {aim}")


def show_growth(told):
    """Which pages take longer on the largest register than on the smallest, where pages of two sizes were measured."""
    sizes = [told["sizes"][size]["pages"] for size in sorted(told["sizes"], key=int) if "pages" in told["sizes"][size]]
    if len(sizes) > 1:
        print("\nFrom the smallest register to the largest")
        grown = list(pages.grown(sizes[0], sizes[-1]))
        for aim in grown:
            print(f"  NOT met: {aim}")
        if not grown:
            print("  no page takes more than 1.5 times as long")


def compare(before, now):
    """Each page's share of its floor then and now, where both files know it."""
    print(f"\nAgainst {before['machine']}, {before['database']}, in times of the floor")
    for size in before["sizes"].keys() & now["sizes"].keys():
        then, today = before["sizes"][size].get("pages"), now["sizes"][size].get("pages")
        if not then or not today:
            continue
        print(f"  {int(size):,} workplaces")
        for name in then["pages"].keys() & today["pages"].keys() - {"floor"}:
            was, is_now = (
                each["pages"][name]["median_ms"] / each["pages"]["floor"]["median_ms"] for each in (then, today)
            )
            print(f"    {name:<26}{was:>7.2f} then{is_now:>7.2f} now{is_now / was:>8.2f}")


if __name__ == "__main__":
    main()
