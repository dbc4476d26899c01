"""The invented rows as objects that are ready to be written: what the floor writes."""

from datetime import date

from companies.models import Branch, Company, CompanyForm, Workplace, derived
from companies.models.register import Derived

COMPANY_FACTS = ["name", "form", "advertising_protected"]
WORKPLACE_FACTS = [
    "company", "name", "street", "postcode", "town", "municipality", "branch", "employees_min", "employees_max", "phone",
    "email", "sector", "advertising_protected", "started_on", "register_date", *Derived._fields,
]  # fmt: skip


class Objects:
    """Makes companies and workplaces of generated rows, in the order of `bench.rows.HEADINGS`."""

    def __init__(self):
        self._branches = {branch.code: branch for branch in Branch.objects.order_by("scheme")}
        self._forms = {form.name: form for form in CompanyForm.objects.all()}
        self._today = date.today()

    def company(self, row):
        return Company(cvr_number=row[0], name=row[2], form=self._forms[row[12]])

    def workplace(self, row, company):
        facts = {
            "p_number": row[1], "name": row[2], "street": row[3], "postcode": row[4], "town": row[5], "phone": row[9],
        }  # fmt: skip
        follows = derived(company_name=company.name, cvr_number=row[0], **facts)
        return Workplace(
            company=company,
            municipality_id=row[6].zfill(4),
            branch=self._branches[row[7]],
            employees_min=5,
            employees_max=9,
            email=row[10],
            advertising_protected=row[11] == "Ja",
            started_on=date.fromisoformat(row[13]),
            register_date=self._today,
            **facts,
            **follows._asdict(),
        )
