"""Fields that choose among colleagues."""

from jobcenter_crm.frame.fields import OneRowField, SomeRowsField
from jobcenter_crm.staff.models import NAME

# Of each only the name: the rest of a colleague is not needed 200 times on a page that lets one be chosen.


class ColleagueField(OneRowField):
    """One colleague."""

    named_by = NAME


class ColleaguesField(SomeRowsField):
    """Any number of colleagues."""

    named_by = NAME
