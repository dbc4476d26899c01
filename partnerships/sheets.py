"""The sheet in which a part of an agreement is written, and what an act says that does not take it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from contacts.actions import NotNow
from partnerships.refusals import Refused


def taken(form, act):
    """What `act(**form.facts())` returns, as (True, it); (False, None) where it was refused: the form then says why."""
    try:
        return True, act(**form.facts())
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    except NotNow as not_now:
        # Of an agreement that holds, the one thing that can be missing is the word on what has changed.
        lacks_note = "note" in form.fields and not form.cleaned_data.get("note")
        form.add_error("note" if lacks_note else None, str(not_now))
    return False, None


def sheet(request, form, agreement, title, *, template="partnerships/form.html", **more):
    """The form in its sheet, under `title`; 422 where something in it must be put right."""
    context = {"form": form, "agreement": agreement, "title": title, **more}
    context["next"] = request.POST.get("next") or request.GET.get("next", "")
    return render(request, template, context, status=422 if form.errors else 200)


def over_says(request, agreement):
    """Back to the card of an agreement that is over, with the word that nothing of it changes; None while it is not."""
    if not agreement.is_over:
        return None
    messages.error(request, _("This agreement is over, and stays as it is. Make a new one."))
    return redirect(agreement)
