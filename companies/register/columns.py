"""Our columns of a register file as a person chooses among them, in groups."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

COLUMNS = {
    _("Numbers and names"): {
        "cvr": _("CVR number"),
        "p_number": _("P-number"),
        "name": _("Name"),
        "company_name": _("The company's name, where the workplace has another"),
    },
    _("Address"): {
        "address": _("Address in one cell"),
        "road": _("Road"),
        "number": _("House number"),
        "letter": _("Letter of the house"),
        "number_to": _("House number, to"),
        "letter_to": _("Letter of the house, to"),
        "floor": _("Floor"),
        "door": _("Door"),
        "co_name": _("c/o name"),
        "place": _("Village or locality"),
        "postcode": _("Postcode"),
        "town": _("Town"),
        "municipality": _("Municipality"),
        "latitude": _("Degrees north"),
        "longitude": _("Degrees east"),
    },
    _("Telephone and e-mail"): {"phone": _("Telephone"), "email": _("E-mail")},
    _("Branch and form"): {
        "branch": _("Branch, as a code"),
        "branch_title": _("Branch, in words"),
        "secondary_branch": _("Secondary branch, as a code"),
        "secondary_branch_title": _("Secondary branch, in words"),
        "form": _("Company form"),
        "sector": _("Private or public"),
    },
    _("Employees"): {
        "employees": _("Number of employees"),
        "employees_interval": _("Number of employees as an interval"),
        "month_employees": _("Employees in the month"),
        "month_interval": _("Employees in the month as an interval"),
        "month_year": _("Year of that month"),
        "month_part": pgettext_lazy("column of a file", "Month"),
        "quarter_employees": _("Employees in the quarter"),
        "quarter_interval": _("Employees in the quarter as an interval"),
        "quarter_year": _("Year of that quarter"),
        "quarter_part": _("Quarter"),
        "year_employees": _("Employees in the year"),
        "year_interval": _("Employees in the year as an interval"),
        "year_year": _("Year of the employees"),
    },
    _("Status and dates"): {
        "status": _("Status of the company"),
        "change": _("What happened to it (modification status)"),
        "started": _("Started on"),
        "ceased": _("Ceased on"),
        "protected": _("Advertising-protected"),
        "register_date": _("Facts are from (date)"),
    },
}
