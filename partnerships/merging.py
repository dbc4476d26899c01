"""What of agreements moves along when a workplace, a company or a person is merged."""

from django.db.models import Q
from django.utils.translation import ngettext_lazy

from companies import merging
from companies.merging import Moves, Relation

_AGREEMENTS = ngettext_lazy("%(n)s agreement", "%(n)s agreements", "n")
_AT_AGREEMENTS = ngettext_lazy("in %(n)s agreement", "in %(n)s agreements", "n")
_CENTRES = ngettext_lazy("in %(n)s company centre", "in %(n)s company centres", "n")
_ABSENCE = ngettext_lazy("%(n)s figure of sickness absence", "%(n)s figures of sickness absence", "n")


def declare():
    """Add what this app lets point at the register and at people."""
    merging.extend(
        "workplace",
        # An agreement is made at a workplace of its own company.
        Relation("partnerships.Agreement", "workplace", words=_AGREEMENTS, also=("company_id",)),
        Relation(
            "partnerships.AgreementPlace", "workplace", Moves.UNLESS_SAME, same=("agreement_id",), words=_AT_AGREEMENTS,
            why="An agreement names a workplace once.",
        ),
        Relation(
            "partnerships.CentreMember", "workplace", Moves.UNLESS_SAME, same=("centre_id",),
            among=Q(until=None), words=_CENTRES, why="A workplace is a member of a centre once.",
        ),
        Relation(
            "partnerships.AbsenceFigure", "workplace", Moves.UNLESS_SAME, same=("agreement_id", "year", "quarter"),
            words=_ABSENCE, why="There is one figure of a quarter.",
        ),
    )  # fmt: skip
    merging.extend("company", Relation("partnerships.Agreement", "company", words=_AGREEMENTS))
    merging.extend(
        "person",
        Relation("partnerships.Agreement", "signed_by_them"),
        Relation("partnerships.AgreementContact", "person", words=_AT_AGREEMENTS),
        Relation(
            "partnerships.Mentor", "person", Moves.UNLESS_SAME, same=("centre_id",), among=Q(until=None),
            words=_CENTRES, why="Somebody is a mentor of a centre once.",
        ),
        Relation(
            "partnerships.Review_persons", "person", Moves.UNLESS_SAME, same=("review_id",),
            why="Both were there, and now it is one.",
        ),
        Relation("partnerships.Punch", "used_by"),
    )  # fmt: skip
