"""From what is told of groups nothing of one to four people can be reckoned."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placements.small_groups import tellable


def told(tables, sizes, most=20):
    return tellable(tables, sizes, fewest=5, most=most)


@pytest.mark.parametrize(
    ("groups", "shown"),
    [
        # Whole 12: nothing is left over.
        ({"A": 7, "B": 5}, ["A", "B"]),
        # Whole 12, the rest is 5 people.
        ({"A": 7, "B": 3, "C": 2}, ["A"]),
        # Whole 10: 10 - 7 = 3 would tell of B, so that A goes as well.
        ({"A": 7, "B": 3}, []),
        # Whole 17: 17 - 7 - 6 = 4; without the smaller one 10 are left.
        ({"A": 7, "B": 6, "C": 4}, ["A"]),
        # Whole 16: two of one person each are together still two.
        ({"A": 8, "B": 6, "C": 1, "D": 1}, ["A"]),
        # Those in no group are protected like a group: 9 - 6 = 3.
        ({"A": 6, None: 3}, []),
        # They are never told, however many.
        ({"A": 6, None: 8}, ["A"]),
        ({"A": 4}, []),
        ({}, []),
    ],
)
def test_of_one_table_the_rest_is_nobody_or_enough(groups, shown):
    assert told([{key: [key] for key in groups}], groups) == [shown]


def test_the_largest_come_first_and_only_so_many():
    sizes = {"A": 6, "B": 9, "C": 9, "D": 7}

    assert told([{key: [key] for key in sizes}], sizes, most=2) == [["B", "C"]]


def test_a_branch_less_its_one_shown_employer_gives_the_other_away():
    """Branch X has 8: employer A with 5 and B with 3. 8 - 5 = 3, so that A is hidden; branch Y is another matter."""
    employers = {"A": ["a"], "B": ["b"], "C": ["c"]}
    branches = {"X": ["a", "b"], "Y": ["c"]}

    assert told([employers, branches], {"a": 5, "b": 3, "c": 9}) == [["C"], ["Y", "X"]]


def test_target_groups_that_overlap_are_reckoned_with_too():
    """G1 has 9 people, G2 the 7 of them in slot a, and G3 the 2 in slot b: G1 - G2 = G3."""
    groups = {"G1": ["a", "b"], "G2": ["a"], "G3": ["b"], None: ["c"]}

    assert told([groups], {"a": 7, "b": 2, "c": 6}) == [["G1"]]


def test_a_group_that_is_the_sum_of_lines_of_several_tables_is_found():
    """Employer A (6) and tier 2 (5) lie apart; of the whole of 14 they leave branch Z with its 3."""
    employers = {"A": ["a"], None: ["b", "c"]}
    tiers = {2: ["b"], None: ["a", "c"]}
    branches = {"Z": ["c"], None: ["a", "b"]}

    shown = told([employers, tiers, branches], {"a": 6, "b": 5, "c": 3})

    assert shown == [["A"], [], []]


@st.composite
def worlds(draw):
    """Up to seven slots with one to seven people each, in two tables of one group each and one where they may be in several."""
    sizes = dict(
        enumerate(draw(st.lists(st.integers(1, 7), min_size=2, max_size=7).filter(lambda some: sum(some) > 4)))
    )
    tables = []
    for _number in range(2):
        table = {}
        for slot in sizes:
            table.setdefault(draw(st.sampled_from(["A", "B", "C", None])), set()).add(slot)
        tables.append(table)
    several = {key: {slot for slot in sizes if draw(st.booleans())} for key in ("G", "H")}
    several[None] = set(sizes) - several["G"] - several["H"]
    return [*tables, several], sizes


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_whoever_adds_and_subtracts_lines_never_gets_at_a_group_of_one_to_four(world):
    tables, sizes = world
    shown = tellable(tables, sizes, fewest=5, most=20)
    lines = [set(sizes), *(table[key] for table, keys in zip(tables, shown, strict=True) for key in keys)]
    small = [cells for table in tables for cells in table.values() if 0 < sum(sizes[cell] for cell in cells) < 5]

    reckoned = {
        tuple(sum(times * (cell in line) for times, line in zip(how_often, lines, strict=True)) for cell in sizes)
        for how_often in product((-1, 0, 1), repeat=len(lines))
    }

    assert not reckoned & {tuple(int(cell in cells) for cell in sizes) for cells in small}


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_what_is_left_of_a_line_without_lines_inside_it_is_nobody_or_enough(world):
    tables, sizes = world
    shown = tellable(tables, sizes, fewest=5, most=20)
    told_of = [[table[key] for key in keys] for table, keys in zip(tables, shown, strict=True)]

    def people(cells):
        return sum(sizes[cell] for cell in cells)

    for outer in [set(sizes), *(line for lines in told_of for line in lines)]:
        for lines in told_of:
            for line in lines:
                if line <= outer:
                    assert people(outer - line) not in range(1, 5)
        for lines in told_of[:2]:
            rest = outer.difference(*(line for line in lines if line <= outer))
            assert people(rest) not in range(1, 5)
