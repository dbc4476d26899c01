"""The code lists of the database, held in memory while a file is read."""

import re

from companies.models import Branch, CompanyForm, Municipality, Postcode
from companies.register import cells
from companies.register.headings import folded

# What the register writes where nobody has said which branch it is: 980000 in DB07, 999999 in DB25.
UNSTATED_BRANCHES = {"980000", "999999", "999000"}
# Short names of company forms; the register's codes.
SHORT_FORMS = {
    "aps": "80",
    "as": "60",
    "is": "30",
    "ks": "40",
    "ps": "70",
    "ivs": "81",
    "pmv": "15",
    "enk": "10",
    "enkeltmandsfirma": "10",
    "amba": "140",
    "smba": "151",
    "fmba": "152",
    "se": "290",
    "fond": "90",
    "kommune": "250",
    "region": "245",
}


class Known:
    """Branches, postcodes, municipalities and company forms by code and by name.

    Each lookup returns `(value, is_known)`: the value is None where nothing is said, and where it is not known.
    """

    def __init__(self):
        self.branch_names = {}
        self._branches, self._titles = {}, {}
        rows = Branch.objects.order_by("-scheme", "-level").values_list("pk", "scheme", "code", "title", "level")
        for pk, scheme, code, title, level in rows.iterator():
            self.branch_names[pk] = f"{code} {title}"
            if level:
                self._branches.setdefault(code, {})[scheme] = pk, folded(title)
                self._titles.setdefault(folded(title), pk)
        self.towns = dict(Postcode.objects.values_list("code", "town"))
        self.municipality_names = dict(Municipality.objects.values_list("code", "name"))
        self._municipalities = {folded(name): code for code, name in self.municipality_names.items()}
        self.form_names, self.public_forms, self._forms = {}, set(), {}
        for code, name, is_public in CompanyForm.objects.values_list("code", "name", "is_public"):
            self.form_names[code] = name
            self._forms[folded(name)] = code
            if is_public:
                self.public_forms.add(code)
        for short, code in SHORT_FORMS.items():
            if code in self.form_names:
                self._forms.setdefault(short, code)
        self._seen_branches, self._seen_forms = {}, {}

    def branch(self, raw, title=""):
        """The branch of a cell and, if there is one, of the cell with its title.

        Where both lists have the code, the title tells which one is meant, and without it the newer.
        """
        found = self._seen_branches.get((raw, title))
        if found is None:
            found = self._find_branch(raw, title)
            if len(self._seen_branches) < 5000:
                self._seen_branches[raw, title] = found
        return found

    def _find_branch(self, raw, title):
        code, words = cells.branch(raw)
        words = folded(words or title)
        if not code:
            if not words:
                return None, True
            pk = self._titles.get(words)
            return pk, pk is not None
        listed = self._branches.get(code)
        if listed is None:
            return None, code in UNSTATED_BRANCHES
        for pk, known_title in listed.values():
            if known_title == words:
                return pk, True
        return (listed.get("DB25") or listed["DB07"])[0], True

    def municipality(self, raw):
        code, name = cells.municipality(raw)
        if not code and not name:
            return None, True
        if not code:
            plain = folded(re.sub(r"\bkommune\b", "", name, flags=re.IGNORECASE))
            code = self._municipalities.get(plain) or self._municipalities.get(plain.removesuffix("s"))
        return (code, True) if code in self.municipality_names else (None, False)

    def form(self, raw):
        found = self._seen_forms.get(raw)
        if found is None:
            found = self._find_form(raw)
            if len(self._seen_forms) < 1000:
                self._seen_forms[raw] = found
        return found

    def _find_form(self, raw):
        plain = cells.without_decimals(cells.fact(raw))
        if not plain:
            return None, True
        number, _blank, rest = plain.partition(" ")
        if cells.is_digits(number):
            code = number.lstrip("0")
            if code in self.form_names:
                return code, True
            plain = rest
        code = self._forms.get(folded(plain)) or self._forms.get(folded(re.sub(r"\(.*\)", "", plain)))
        return code, code is not None

    def sector(self, raw):
        plain = folded(cells.fact(raw))
        if not plain:
            return None, True
        if plain.startswith("privat"):
            return "private", True
        if plain.startswith(("offentlig", "public", "kommun", "region", "stat")):
            return "public", True
        return None, False
