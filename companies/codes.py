"""Loads what the register can't be read without: code lists, the plans of the four groups, and figures to count.

Runs after every `migrate`, and writes only rows that differ from the files in `companies/data/`. Where those come
from stands in the README beside them.
"""

import csv
from datetime import date
from pathlib import Path

from companies.models import Branch, CompanyForm, Figure, Municipality, Postcode, TargetGroup, TierPlan
from jobcenter_crm.frame.danish import sort_key

DATA = Path(__file__).parent / "data"
CODE_LISTS = (Branch, Municipality, Postcode, CompanyForm)


def load_codes(using="default"):
    """Write every code list, and each target group, tier plan and figure that is missing. Harmless twice."""
    for scheme in Branch.Scheme.values:
        _load_branches(scheme, using)
    _load(
        Municipality,
        [
            {"code": row["code"], "name": row["name"], "sort_name": sort_key(row["name"]), "region": row["region"]}
            for row in _rows("municipalities.csv")
        ],
        using,
    )
    _load(
        Postcode,
        [
            {
                "code": row["code"],
                "town": row["town"],
                "latitude": float(row["latitude"]) if row["latitude"] else None,
                "longitude": float(row["longitude"]) if row["longitude"] else None,
            }
            for row in _rows("postcodes.csv")
        ],
        using,
    )
    _load(
        CompanyForm,
        [
            {
                "code": row["code"],
                "name": row["name"],
                "is_public": row["owned_by"] == "public",
                "is_personal": row["owned_by"] == "personal",
            }
            for row in _rows("company_forms.csv")
        ],
        using,
    )
    _load_target_groups(using)
    _load_plans(using)
    _load_figures(using)


def added_by_hand(using="default"):
    """How many rows the code lists have that did not come with the system."""
    shipped = {
        ("branch", scheme, row["code"]) for scheme in Branch.Scheme.values for row in _rows(f"{scheme.lower()}.csv")
    }
    known = {("branch", *key) for key in Branch.objects.using(using).values_list("scheme", "code")}
    for model, name in ((Municipality, "municipalities"), (Postcode, "postcodes"), (CompanyForm, "company_forms")):
        shipped |= {(name, row["code"]) for row in _rows(f"{name}.csv")}
        known |= {(name, code) for code in model.objects.using(using).values_list("code", flat=True)}
    shipped |= {("target_groups", row["code"]) for row in _rows("target_groups.csv")}
    known |= {("target_groups", code) for code in TargetGroup.objects.using(using).values_list("code", flat=True)}
    return len(known - shipped)


def _rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def _load(model, rows, using):
    """Upsert those of `rows` that the table has not got just so; `code` is the key."""
    fields = [field for field in rows[0] if field != "code"]
    known = {row["code"]: row for row in model.objects.using(using).values("code", *fields)}
    fresh = [model(**row) for row in rows if known.get(row["code"]) != row]
    if fresh:
        model.objects.using(using).bulk_create(
            fresh, update_conflicts=True, unique_fields=["code"], update_fields=fields, batch_size=500
        )


def _load_branches(scheme, using):
    """Level by level, since a branch names the one above it: a section is above its divisions, then digit by digit."""
    manager = Branch.objects.using(using).filter(scheme=scheme)
    rows = list(_rows(f"{scheme.lower()}.csv"))
    known = {code: (title, section) for code, title, section in manager.values_list("code", "title", "section")}
    if all(known.get(row["code"]) == (row["title"], row["section"]) for row in rows):
        return
    by_level = [[], [], [], [], []]
    for row in rows:
        by_level[level_of(row["code"])].append(row)
    ids = {}
    for level, rows in enumerate(by_level):
        fresh = [
            Branch(
                scheme=scheme,
                code=row["code"],
                title=row["title"],
                section=row["section"],
                level=level,
                parent_id=ids[_above(row, ids)] if level else None,
            )
            for row in rows
        ]
        Branch.objects.using(using).bulk_create(
            fresh,
            update_conflicts=True,
            unique_fields=["scheme", "code"],
            update_fields=["title", "section", "level", "parent"],
            batch_size=500,
        )
        ids |= dict(manager.filter(level=level).values_list("code", "pk"))


def level_of(code):
    """0 for a section, then 1 to 4 by the number of digits. Raises `KeyError` for a code of another shape."""
    return 0 if code.isalpha() else {2: 1, 3: 2, 4: 3, 6: 4}[len(code)]


def _above(row, known):
    """The nearest code above that there is: DB07's 999999, unstated, stands right under its section."""
    shorter = (row["code"][:digits] for digits in (4, 3, 2))
    return next((code for code in shorter if code != row["code"] and code in known), row["section"])


def _load_target_groups(using):
    """Those of the law as it stands; the ones that are there belong to the steward, who ends them when the law does."""
    groups = TargetGroup.objects.using(using)
    known = set(groups.values_list("code", flat=True))
    missing = [row for row in _rows("target_groups.csv") if row["code"] not in known]
    if missing:
        groups.bulk_create(
            TargetGroup(**row | {"valid_from": date.fromisoformat(row["valid_from"])}) for row in missing
        )


def _load_plans(using):
    """The plans a job centre begins with; those that are there belong to the managers."""
    known = set(TierPlan.objects.using(using).values_list("tier", flat=True))
    for plan in PLANS:
        if plan["tier"] not in known:
            TierPlan.objects.using(using).create(**plan)


def _load_figures(using):
    """The figures a job centre begins with; those that are there belong to the data stewards."""
    known = set(Figure.objects.using(using).values_list("code", flat=True))
    for figure in FIGURES:
        if figure["code"] not in known:
            Figure.objects.using(using).create(**figure)


# What the guide of 2012 chooses employers by, besides branch and size.
FIGURES = [
    {
        "code": "sickness_absence",
        "name_da": "Sygefravær",
        "name_en": "Sickness absence",
        "unit_da": "dage pr. ansat om året",
        "unit_en": "days per employee a year",
        "most_da": "højest sygefravær",
        "most_en": "the highest sickness absence",
    },
    {
        "code": "short_education_jobs",
        "name_da": "Job til folk med kort uddannelse",
        "name_en": "Jobs for people with short education",
        "unit_da": "job",
        "unit_en": "jobs",
        "most_da": "flest job til folk med kort uddannelse",
        "most_en": "the most jobs for people with short education",
    },
]
# The four groups and how each is contacted follow the guide on strategy for employer cooperation (2012);
# the words are our own, and so are the cadences of groups 1 to 3.
PLANS = [
    {
        "tier": 1,
        "aim_da": "En samarbejdsaftale om forebyggelse, fastholdelse og integration",
        "aim_en": "A cooperation agreement on prevention, retention and integration",
        "channel": TierPlan.Channel.VISIT,
        "cadence_days": 90,
        "escalate_after_days": 3,
        "whom_da": "Direktøren eller personalechefen; vores leder møder deres",
        "whom_en": "The director or head of personnel; our manager meets theirs",
        "proposal_da": "Forslag til samarbejdsaftale",
        "proposal_en": "Proposal for a cooperation agreement",
        "guideline_da": (
            "Læs op på virksomheden, før du ringer: branche, antal ansatte, hvem der har været der før.\n"
            "Ring til direktøren eller personalechefen, og bed om et møde på en halv time hos dem.\n"
            "Fortæl, hvem du er, og hvad vi kan: finde folk, give nogen en prøve og hjælpe med at holde på dem, de har.\n"
            "Spørg, hvad der fylder hos dem: fravær, mangel på folk eller opgaver, ingen når.\n"
            "Lov kun det, vi kan holde.\n"
            "Giv dit direkte nummer, og sig, hvornår du kan træffes.\n"
            "Slut med et næste skridt: hvem gør hvad hvornår. Send derefter et forslag til samarbejdsaftale."
        ),
        "guideline_en": (
            "Read up on the company before you call: branch, employees, who has been there before.\n"
            "Call the director or the head of personnel, and ask for half an hour at their place.\n"
            "Say who you are and what we can do: find people, try somebody out, help to keep those they have.\n"
            "Ask what is on their minds: absence, missing hands, tasks that nobody gets round to.\n"
            "Promise only what we can keep.\n"
            "Leave your direct number, and say when you can be reached.\n"
            "End with a next step: who does what by when. Then send a proposal for a cooperation agreement."
        ),
    },
    {
        "tier": 2,
        "aim_da": "Et virksomhedscenter eller et andet varigt samarbejde om et område",
        "aim_en": "A company centre, or another lasting cooperation in one area",
        "channel": TierPlan.Channel.VISIT,
        "cadence_days": 120,
        "escalate_after_days": 3,
        "whom_da": "Den, der leder afdelingen, og den, der skal være mentor",
        "whom_en": "Whoever leads the department, and whoever will be the mentor",
        "proposal_da": "Forslag til kontrakt om virksomhedscenter",
        "proposal_en": "Proposal for a company-centre contract",
        "guideline_da": (
            "Bed om et møde hos dem, og bed om at se stedet.\n"
            "Spørg, hvilke opgaver en ny kan begynde med, og hvem der tager imod.\n"
            "Fortæl, at de altid har én hos os at ringe til, og hvad en mentor kan få hjælp til.\n"
            "Spørg, hvad der er gået godt og skidt, hvis de har haft nogen før.\n"
            "Sig, hvor mange pladser vi tænker på, og hør, hvad der er realistisk.\n"
            "Slut med en dato for et forslag, og skriv, hvem der skal læse det hos dem."
        ),
        "guideline_en": (
            "Ask for a meeting at their place, and ask to see it.\n"
            "Ask which tasks somebody new can begin with, and who receives them.\n"
            "Say that they always have one person to call, and what a mentor can get help with.\n"
            "If they have had somebody before, ask what went well and what did not.\n"
            "Say how many places we have in mind, and hear what is realistic.\n"
            "End with a date for a proposal, and write down who will read it there."
        ),
    },
    {
        "tier": 3,
        "aim_da": "At være synlig; virksomheden kender ydelserne",
        "aim_en": "To be visible; the employer knows the services",
        "channel": TierPlan.Channel.PHONE,
        "cadence_days": 180,
        "escalate_after_days": 5,
        "whom_da": "Den, der ansætter",
        "whom_en": "Whoever hires",
        "proposal_da": "Materiale og tilbud om et besøg",
        "proposal_en": "Material, and the offer of a visit",
        "guideline_da": (
            "Ring, sig kort, hvem du er, og spørg, om det passer nu.\n"
            "Spørg, om de mangler folk, og om de har haft nogen fra os før.\n"
            "Nævn højst to ting, vi kan hjælpe med, og vælg dem efter branchen.\n"
            "Tilbyd at sende materiale, og tilbyd et besøg.\n"
            "Er svaret nej, så spørg hvorfor, og aftal, hvornår du må ringe igen."
        ),
        "guideline_en": (
            "Call, say briefly who you are, and ask whether the moment suits.\n"
            "Ask whether they lack people, and whether they have had somebody from us before.\n"
            "Name two things at most that we can help with, and choose them by the trade.\n"
            "Offer to send material, and offer a visit.\n"
            "If the answer is no, ask why, and agree when you may call again."
        ),
    },
    {
        "tier": 4,
        "aim_da": "At informere; vi venter ingen pladser",
        "aim_en": "To inform; no places are expected",
        "channel": TierPlan.Channel.LETTER,
        "cadence_days": None,
        "escalate_after_days": None,
        "whom_da": "Virksomheden",
        "whom_en": "The company",
        "guideline_da": (
            "Skriv kort, hvad vi kan hjælpe med.\n"
            "Skriv, hvem de kan ringe til, med navn og direkte nummer.\n"
            "Skriv, at det ikke koster noget og ikke forpligter.\n"
            "Ringer de selv, så tilbyd et møde: så hører de ikke længere til i gruppe 4."
        ),
        "guideline_en": (
            "Write briefly what we can help with.\n"
            "Write whom they can call, with a name and a direct number.\n"
            "Write that it costs nothing and binds nobody.\n"
            "If they call us, offer a meeting: then they no longer belong in group 4."
        ),
    },
]
