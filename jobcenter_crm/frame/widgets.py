"""Fields for days and times that the browser has a control of its own for; both are sent as ISO 8601 writes them."""

from django import forms

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
