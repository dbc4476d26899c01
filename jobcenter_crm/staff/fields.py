"""Fields that choose among colleagues."""

from jobcenter_crm.frame.fields import OneRowField, SomeRowsField

# What `User.__str__` reads. The rest of a colleague is not needed 200 times on a page that lets one be chosen.
_NAMED_BY = ("username", "first_name", "last_name")


class ColleagueField(OneRowField):
    """One colleague."""

    named_by = _NAMED_BY


class ColleaguesField(SomeRowsField):
    """Any number of colleagues."""

    named_by = _NAMED_BY
