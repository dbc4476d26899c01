"""Forms for the facts of a workplace that are written by hand, on the rules of the cells of a file."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from companies import likeness
from companies.cpr import Reading, read, refuse_cpr
from companies.filter_parts import BranchField
from companies.models import (
    Branch,
    Company,
    Municipality,
    Postcode,
    Workplace,
    address_key,
    digits,
    name_key,
    phone_key,
)
from companies.register import cells
from companies.register.cells import CellError
from jobcenter_crm.staff.roles import CONSULTANT

# A file's sentences say what to do in the file; here they say what to do in the field.
SAID = {
    "cvr_missing": _("Write the CVR number. It has 8 digits; cvr.dk has it."),
    "cvr_digits": _("The CVR number must have 8 digits; you wrote %(digits)s."),
    "p_number_digits": _("The P-number must have 10 digits; you wrote %(digits)s. Leave it empty if it is not known."),
    "employees_form": _("Write a number, such as 12, or an interval, such as 10-19."),
}
is_telephone = RegexValidator(
    r"^\+?[0-9][0-9 ().-]{4,28}\Z", _("Write the telephone number in digits, such as 12 34 56 78.")
)


class FactField(forms.CharField):
    """A text that means what it would mean in the cell of a file: `read` is one of `register.cells`."""

    def __init__(self, *, read=cells.fact, **kwargs):
        super().__init__(**kwargs)
        self.read = read
        self.validators.append(refuse_cpr)

    def clean(self, value):
        text = super().clean(value)
        try:
            kept = self.read(text)
        except CellError as error:
            raise forms.ValidationError(SAID[error.reason], code=error.reason, params=error.details) from error
        # A dash is something to write, and says nothing.
        self.validate(kept)
        return kept


class OneBranchField(BranchField):
    """One branch, by code or by words that no other has; where both code lists have the code, the newer."""

    default_error_messages = {"several": _("Several branches fit. Write more of it, or choose one from the list.")}

    def clean(self, value):
        found = super().clean(value)
        if not found:
            return None
        newest = [branch for branch in found if branch.scheme == Branch.Scheme.DB25] or found
        if len(newest) > 1:
            raise forms.ValidationError(self.error_messages["several"], code="several")
        return newest[0]


def _municipalities():
    return [("", _("Not known")), *Municipality.objects.values_list("code", "name")]


class FactsForm(forms.Form):
    """The facts of a workplace that no file of the register has brought. `workplace` is the one that has them."""

    name = FactField(label=_("Name"), max_length=255)
    p_number = FactField(
        label=_("P-number"), max_length=30, required=False, read=cells.p_number,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("10 digits. Leave it empty if you do not know it."),
    )  # fmt: skip
    street = FactField(label=_("Street and number"), max_length=255, required=False)
    postcode = FactField(
        label=_("Postcode"), max_length=60, read=cells.postcode, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    town = FactField(label=_("Town"), max_length=100, required=False, help_text=_("Left empty, the postcode's."))
    municipality = forms.ChoiceField(label=_("Municipality"), choices=_municipalities, required=False)
    phone = FactField(
        label=_("Telephone"), max_length=30, required=False, read=cells.phone, validators=[is_telephone],
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False, validators=[refuse_cpr])
    branch = OneBranchField(
        label=_("Branch"), max_length=100, required=False, help_text=_("A code, or a word from the title."),
        widget=forms.TextInput(attrs={"list": "branch-options", "autocomplete": "off"}),
    )  # fmt: skip
    employees = FactField(
        label=_("Employees"), max_length=30, required=False, read=cells.employees, help_text=_("Such as 12 or 10-19.")
    )
    sector = forms.ChoiceField(label=_("Sector"), choices=Workplace.Sector, initial=Workplace.Sector.PRIVATE)
    not_cpr = forms.BooleanField(label=_("It is not a CPR number"), required=False)

    # Checked for what may be a CPR number; what surely is one has no place in any field.
    FREE_TEXT = ["name", "street", "town", "phone", "email"]
    # What the template draws in the fold, since few know it and nobody needs it.
    MORE = ["municipality", "email", "branch", "employees", "sector"]

    def __init__(self, *args, workplace=None, **kwargs):
        self.workplace, self.hits, self.warns_of_cpr = workplace, [], False
        super().__init__(*args, **kwargs)

    @classmethod
    def initial_of(cls, workplace):
        """What the form says of a workplace before anybody writes."""
        names = ("name", "p_number", "street", "postcode", "town", "phone", "email", "employees", "sector")
        branch = workplace.branch
        return {name: getattr(workplace, name) for name in names} | {
            "municipality": workplace.municipality_id,
            "branch": f"{branch.scheme}:{branch.code}" if branch else "",
        }

    @property
    def more_is_open(self):
        return any(self[name].errors for name in self.MORE)

    def clean(self):
        facts = super().clean()
        self._check_cpr(facts)
        self._settle_town(facts)
        if not facts.get("p_number") and not facts.get("street") and not {"p_number", "street"} & set(self.errors):
            self.add_error(
                "street", _("Without P-number the workplace is known again by its address. Write the street.")
            )
        if not self.errors:
            self.marks = self._marks(facts)
            self._refuse_what_is_there(self.marks)
        return facts

    def _check_cpr(self, facts):
        for name in self.FREE_TEXT:
            if not facts.get("not_cpr") and read(facts.get(name) or "") is not Reading.CLEAN:
                self.warns_of_cpr = True
                self.add_error(
                    name,
                    _(
                        "The text holds ten digits that may be a CPR number. Delete them, or say below that they are not."
                    ),
                )

    def _settle_town(self, facts):
        if "postcode" not in facts:
            return
        code, town = facts["postcode"]
        facts["postcode"] = code
        if not code:
            self.add_error("postcode", self.fields["postcode"].error_messages["required"])
        elif len(code) > Workplace._meta.get_field("postcode").max_length:
            self.add_error("postcode", _("A postcode has 4 digits."))
        elif not facts.get("town") and "town" not in self.errors:
            known = Postcode.objects.filter(code=code).first()
            facts["town"] = town or (known.town if known else "")
            if not facts["town"]:
                self.add_error("town", _("The postcode is not known here. Write the town."))

    def _marks(self, facts):
        return likeness.Marks(
            self.cvr_number(facts),
            facts["p_number"],
            address_key(facts["street"], facts["postcode"]),
            facts["postcode"],
            name_key(facts["name"]),
            phone_key(digits(facts["phone"])),
        )

    def cvr_number(self, facts):
        return self.workplace.company.cvr_number

    def _refuse_what_is_there(self, marks):
        """What can never be saved: the P-number of another, or a second place without one at the same address."""
        others = Workplace.objects.exclude(pk=self.workplace.pk if self.workplace else None)
        if marks.p_number:
            numbered = Workplace.everything.filter(p_number=marks.p_number).select_related("merged_into").first()
            if numbered and numbered != self.workplace:
                self.say_it_is_there(numbered.merged_into or numbered)
        elif other := others.at_address_of(marks.cvr_number, marks.address_key).filter(p_number=None).first():
            self.say_it_is_there(other)

    def say_it_is_there(self, other):
        """Refuse the facts, and show the record that has them."""
        self.hits = self.hits or likeness.hits(self.marks, but=self.workplace)
        if other.pk not in {hit.workplace.pk for hit in self.hits}:
            self.hits.insert(0, likeness.Hit(other, [likeness.Reason.P_NUMBER]))
        # Its own number, or that of one that was merged into it.
        field = "p_number" if self.marks.p_number else "street"
        if self.marks.p_number:
            text = _("“%(name)s” has this P-number. Open that one.")
        else:
            text = _("“%(name)s” of the same company is at this address. Open that one.")
        self.add_error(field, forms.ValidationError(text, code="there", params={"name": other.name}))

    def facts(self):
        """Columns of `Workplace`, as `actions` take them."""
        facts = self.cleaned_data
        taken = ("name", "p_number", "street", "postcode", "town", "phone", "email", "branch", "sector")
        least, most = facts["employees"] or (None, None)
        return {name: facts[name] for name in taken} | {
            "municipality_id": facts["municipality"] or None,
            "employees_min": least,
            "employees_max": most,
        }


class NewWorkplaceForm(FactsForm):
    """A workplace that we do not have: whatever looks the same is shown first, and `seen` says what was shown."""

    cvr = FactField(
        label=_("CVR number"), max_length=30, read=cells.cvr_number,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("8 digits. Look it up on cvr.dk; never invent one."),
    )  # fmt: skip
    sure_of_cvr = forms.BooleanField(label=_("The CVR number is right"), required=False)
    mine = forms.BooleanField(label=_("I am the responsible consultant"), required=False)
    another = forms.BooleanField(label=_("It is another workplace"), required=False)
    seen = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)

    field_order = ["cvr", "sure_of_cvr", "name"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.warns_of_cvr, self.asks_of_likeness = user, False, False
        if user.has_perm("companies.set_owner"):
            self.fields["mine"].initial = user.groups.filter(name=CONSULTANT).exists()
        else:
            del self.fields["mine"]

    def cvr_number(self, facts):
        return facts["cvr"]

    def clean(self):
        facts = super().clean()
        number = facts.get("cvr")
        if number and not facts.get("sure_of_cvr") and self._is_doubtful(number):
            self.warns_of_cvr = True
            self.add_error("cvr", _("The check digit is wrong. Correct the number, or say below that it is right."))
        if not self.errors:
            self._ask_of_likeness(facts)
        return facts

    def _is_doubtful(self, number):
        """Whether the check digit is wrong; the number of a company that we have is not asked about again."""
        return not cells.has_cvr_checksum(number) and not Company.everything.filter(cvr_number=number).exists()

    def _ask_of_likeness(self, facts):
        """Ask whether it is another one than those that look the same; one that was not shown yet asks again."""
        self.hits = likeness.hits(self.marks)
        seen = set(facts["seen"].split(","))
        if {str(hit.workplace.pk) for hit in self.hits} - (seen if facts["another"] else set()):
            # Drawn without its tick: it was about what was shown before.
            self.data = self.data.copy()
            self.data.pop("another", None)
            self.asks_of_likeness = True
            self.add_error(None, _("It looks like one that we have. Open that one, or say below that it is another."))

    @property
    def shown(self):
        """The keys of the records that are shown now, as `seen` brings them back."""
        return ",".join(str(hit.workplace.pk) for hit in self.hits)

    def facts(self):
        owner = self.user if self.cleaned_data.get("mine") else None
        return super().facts() | {"cvr_number": self.cleaned_data["cvr"], "owner": owner}
