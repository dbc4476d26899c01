"""The register taken in, beside its floor.

The floor is what the database and Django ask for the rows alone: ready objects of companies and workplaces,
`bulk_create(update_conflicts=True)`, 1,000 a batch. Each part runs in a process of its own, on a scratch database.

A refresh is the same file of the next night, in which one row in a hundred differs. Beside it stand what reading
and comparing alone take, and the bare upsert of the rows that differ.
"""

from pathlib import Path

from bench import rows as invented
from bench.scratch import in_own_process, scratch

PARTS = [("import", "first import"), ("again", "the same again"), ("look", "preview")]
REFRESH = [("compare", "reading, comparing"), ("upsert", "bare upsert"), ("refresh", "refresh")]
KINDS = [("documents", "JSON, first import", ".ndjson"), ("workbook", "Excel, first import", ".xlsx")]


def measure(url, rows, folder):
    """Seconds and memory of each part of a register of so many rows, on databases of the server of `url`."""
    file = Path(folder) / "register.csv"
    following = file.with_name("next.csv")
    invented.write(file, rows)
    invented.write_next(following, rows)
    for _part, _label, suffix in KINDS:
        invented.write(file.with_suffix(suffix), rows)

    def run(part, database, taken_in):
        return in_own_process("bench.register_part", database, folder, part, rows, taken_in)

    told = {"rows": rows, "changed": invented.changed(rows)}
    with scratch(url, folder) as database:
        told["floor"] = run("floor", database, file)
    with scratch(url, folder) as database:
        told |= {part: run(part, database, file) for part, _label in PARTS}
        told |= {part: run(part, database, following) for part, _label in REFRESH}
    for part, _label, suffix in KINDS:
        with scratch(url, folder) as database:
            told[part] = run(part, database, file.with_suffix(suffix))
    return told


def lines(told):
    """The table, line by line."""
    rows = told["rows"]
    yield f"  {'':<21}{'seconds':>9}{'rows/s':>10}{'of floor':>10}{'peak MB':>9}"
    rate = rows / told["floor"]["seconds"]
    parts = [("floor", "floor"), *PARTS, *((part, label) for part, label, _suffix in KINDS)]
    for part, label in parts:
        one = told[part]
        ratio = rows / one["seconds"] / rate
        yield f"  {label:<21}{one['seconds']:>9.1f}{rows / one['seconds']:>10,.0f}{ratio:>10.2f}{one['peak_mb']:>9}"
    yield f"  Refresh with {told['changed']:,} changed rows"
    for part, label in REFRESH:
        one = told[part]
        yield f"  {label:<21}{one['seconds']:>9.1f}{rows / one['seconds']:>10,.0f}{'':>10}{one['peak_mb']:>9}"


def missed(told):
    """The aims that were not met, in words."""
    floor = told["floor"]["seconds"]
    if told["import"]["seconds"] > 2 * floor:
        yield f"first import: at least half the floor's rate, {floor / told['import']['seconds']:.2f}"
    if told["import"]["peak_mb"] > 300:
        yield f"first import: at most 300 MB, {told['import']['peak_mb']}"
    if told["refresh"]["seconds"] > (bare := told["compare"]["seconds"] + told["upsert"]["seconds"]):
        yield f"refresh: no longer than comparing and a bare upsert, {bare:.1f} s: {told['refresh']['seconds']:.1f}"
