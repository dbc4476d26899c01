"""Which groups may be told so that none of one to four people can be reckoned from the others (primary and secondary suppression).

A table is of one kind of group: employers, measures. It is told together with the whole, and with other tables of the
same people. A group is hidden where it is small, and where it would give a small one away:

- what a larger line has besides the lines of one table that lie inside it must be nobody, or enough people;
- no small group may be the sum or the difference of any lines at all, whatever tables they stand in.

What is looked at are members, not names: an employer whose places are all in one branch lies inside that branch. What
this protects and what it does not is said in docs/decisions/0018.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class _Line:
    """A group of a table: `members` has a bit for each cell that belongs to it, `size` is how many people those are."""

    table: int
    key: object
    members: int
    size: int


def tellable(tables, sizes, *, fewest, most):
    """The keys of each table that may be told, the largest group first and `most` of them.

    `tables` are `{key: the cells that belong to it}`; `sizes` is `{cell: how many people}`, and all cells together are
    the whole, which is told, and is `fewest` at the least. The key None stands for those in none of a table's groups: it is protected, never told.
    """
    bits = {cell: 1 << place for place, cell in enumerate(cell for cell, size in sizes.items() if size)}
    lines = [
        _Line(number, key, sum(bits.get(cell, 0) for cell in cells), sum(sizes[cell] for cell in cells))
        for number, table in enumerate(tables)
        for key, cells in table.items()
    ]
    small = [line for line in lines if 0 < line.size < fewest]
    shown = []
    for number in range(len(tables)):
        large = [line for line in lines if line.table == number and line.size >= fewest and line.key is not None]
        shown += sorted(large, key=lambda line: (-line.size, line.key))[:most]
    whole = _Line(-1, None, sum(bits.values()), sum(sizes.values()))
    while given_away := _rest_too_small(whole, shown, fewest) or _reckoned(whole, shown, small):
        # Of those that give it away the smallest, and of two alike the one that stands further down.
        shown.remove(min(reversed(given_away), key=lambda line: line.size))
    return [[line.key for line in shown if line.table == number] for number in range(len(tables))]


def _rest_too_small(whole, shown, fewest):
    """The lines of one table inside another line that leave too few of it; nothing where there are none."""
    for outer in [whole, *shown]:
        inside = {}
        for line in shown:
            if line is not outer and not line.members & ~outer.members:
                inside.setdefault(line.table, []).append(line)
        for found in inside.values():
            # Groups of a table that have members in common are not taken away together, only one by one.
            together = [found] if _are_apart(found) else [[line] for line in found]
            for lines in together:
                if 0 < outer.size - sum(line.size for line in lines) < fewest:
                    return lines
    return []


def _are_apart(lines):
    seen = 0
    for line in lines:
        if seen & line.members:
            return False
        seen |= line.members
    return True


def _reckoned(whole, shown, small):
    """The shown lines that one of the `small` ones is the sum or difference of; nothing where there is none.

    Reckoned modulo two: what whole numbers of lines add up to is among what is found. A sum in which somebody is counted
    three times is found as well, and hides one line too many.
    """
    basis = {}
    for place, line in enumerate([whole, *shown]):
        rest, used = _reduced(line.members, basis)
        if rest:
            basis[rest.bit_length()] = rest, used ^ (1 << place)
    for line in small:
        rest, used = _reduced(line.members, basis)
        if not rest:
            return [one for place, one in enumerate(shown, start=1) if used >> place & 1]
    return []


def _reduced(members, basis):
    """What is left of `members` when lines of the basis are taken away, and which lines those were, as bits."""
    used = 0
    while members and (found := basis.get(members.bit_length())):
        members, used = members ^ found[0], used ^ found[1]
    return members, used
