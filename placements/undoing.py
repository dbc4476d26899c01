"""The signed address at which whoever did something may undo it, for as long as that can be done."""

from django.contrib import messages
from django.core import signing
from django.utils.translation import gettext as _

from contacts.models import UNDO_FOR


def sign(request, salt, pk, before):
    """What the address of an undo says: who did it to the thing `pk`, and `before`, what it takes to undo it."""
    return signing.dumps([request.user.pk, pk, before], salt=salt, compress=True)


def read(request, salt, pk):
    """The `before` that the address asked for says; None where it says nothing, is too old, another's or of another thing."""
    try:
        whose, which, before = signing.loads(request.GET.get("of", ""), salt=salt, max_age=UNDO_FOR)
    except signing.BadSignature:
        return None
    return before if whose == request.user.pk and which == pk else None


def read_or_say(request, salt, pk):
    """The same, with a word where it is None."""
    before = read(request, salt, pk)
    if before is None:
        messages.error(request, _("It can only be undone within ten minutes, by the one who did it."))
    return before
