"""The forms of mail that needs somebody."""

from django import forms

from jobcenter_crm.backstage.models import Message


class SettleMailForm(forms.Form):
    """What somebody decides about all unsettled mail of one state: exactly that of which the page told."""

    state = forms.ChoiceField(choices=[(state, state) for state in (Message.State.IN_DOUBT, Message.State.FAILED)])
    newest = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    count = forms.IntegerField(min_value=1, max_value=2**31)
    act = forms.ChoiceField(choices=[("resend", "resend"), ("drop", "drop")])
