"""Several tables that came in one file, as if they were one: the sheets of a workbook, the files of a zip."""

from companies.register.lines import SHEET, line_of
from companies.register.readers.files import UNSAID, LeftOut, Unusable


class Sheets:
    """The rows of several readers, one after the other.

    `parts` are (name, reader or None, why it is left out if that is to be told) in the order of the file. The headings are those of
    all of them, each once; where a row's own table has no such heading, its cell is `UNSAID`.
    """

    def __init__(self, parts, *, sha256):
        self.sha256 = sha256
        self.sheets = [name for name, _reader, _reason in parts]
        self._parts = [_Part(number, reader) for number, (_name, reader, _reason) in enumerate(parts, 1) if reader]
        self._left_out = [
            LeftOut(line_of(number, 1), reason, {"sheet": name})
            for number, (name, reader, reason) in enumerate(parts, 1)
            if reason
        ]
        self.columns = {}
        places = {}
        for part in self._parts:
            part.settle(places)
            for column, at in part.reader.columns.items():
                self.columns.setdefault(column, part.positions[at])
        self.headings = [heading for heading, _time in places]
        self.left_out = list(self._left_out)

    @property
    def unused(self):
        used = set()
        for part in self._parts:
            unused = set(part.reader.unused)
            used |= {
                at for at, heading in zip(part.positions, part.reader.headings, strict=True) if heading not in unused
            }
        return [heading for at, heading in enumerate(self.headings) if heading and at not in used]

    def rows(self):
        self.left_out = list(self._left_out)
        is_several = len(self.sheets) > 1
        for part in self._parts:
            is_alike = part.positions == list(range(len(self.headings)))
            for row in part.reader.rows():
                if is_several:
                    if row.line >= SHEET:
                        raise Unusable("many_rows", limit=SHEET - 1)
                    row = row._replace(line=line_of(part.number, row.line))
                yield row if is_alike else part.spread(row, len(self.headings))
            for told in part.reader.left_out:
                self.left_out.append(told._replace(line=line_of(part.number, told.line)) if is_several else told)


class _Part:
    """One reader, and where its columns stand among those of all."""

    def __init__(self, number, reader):
        self.number, self.reader = number, reader
        self._own = None
        self._others = {}

    def settle(self, places):
        """Find a place for each heading; `places` is {(heading, how often before): position} and grows."""
        seen = {}
        self.positions = []
        for heading in self.reader.headings:
            time = seen[heading] = seen.get(heading, 0) + 1
            self.positions.append(places.setdefault((heading, time), len(places)))
        self._own = self._moved(self.reader.columns)

    def _moved(self, columns):
        return {column: self.positions[at] for column, at in columns.items()}

    def _columns(self, row):
        if row.columns is None:
            return self._own
        moved = self._others.get(id(row.columns))
        if moved is None or moved[0] is not row.columns:
            moved = self._others[id(row.columns)] = row.columns, self._moved(row.columns)
        return moved[1]

    def spread(self, row, width):
        """The row with a cell for each heading of all tables."""
        cells = [UNSAID] * width
        for at in self.positions:
            cells[at] = ""
        for at, cell in zip(self.positions, row.cells, strict=False):
            cells[at] = cell
        cells += row.cells[len(self.positions) :]
        return row._replace(cells=cells, columns=self._columns(row))
