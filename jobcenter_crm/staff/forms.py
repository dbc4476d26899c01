"""Log-in, password and profile, in our own words."""

from allauth.account import forms as allauth_forms
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.frame.widgets import DAY, TIME
from jobcenter_crm.staff.models import User


class LoginForm(allauth_forms.LoginForm):
    """The library's form with a label over each field instead of a word inside it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail")
        self.fields["login"].widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        self.fields["login"].max_length = 254
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        del self.fields["password"].widget.attrs["placeholder"]


class PasswordForm(allauth_forms.ChangePasswordForm):
    """The current password, and the new one twice."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        words = {
            "oldpassword": (_("Current password"), ""),
            "password1": (
                _("New password"),
                _("At least 12 characters. Not only figures, not your own name, not a common word."),
            ),
            "password2": (_("New password again"), ""),
        }
        for name, (label, help_text) in words.items():
            self.fields[name].label = label
            self.fields[name].help_text = help_text
            self.fields[name].widget.attrs.pop("placeholder", None)

    def clean(self):
        # Not the library's own check, for the sake of the words.
        facts = forms.Form.clean(self)
        if "password1" in facts and "password2" in facts and facts["password1"] != facts["password2"]:
            self.add_error("password2", _("The two new passwords are not alike. Type the same one twice."))
        return facts


class ProfileForm(forms.ModelForm):
    """What a person may change about themselves; team and manager are the steward's."""

    phone = forms.CharField(
        label=_("Direct telephone"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        validators=[
            RegexValidator(r"^\+?[\d\s()-]{4,}$", _("A telephone number has figures only, for instance 25 38 05 69."))
        ],
        help_text=_("Colleagues see it on the workplaces you are responsible for."),
    )

    class Meta:
        model = User
        fields = [
            "first_name",
            "last_name",
            "title",
            "phone",
            "language",
            "theme",
            "digest_wanted",
            "digest_at",
            "digest_on_days_off",
            "invitations",
            "absent_until",
            "deputy",
        ]
        labels = {
            "title": _("Title"),
            "language": _("Language"),
            "theme": _("Colours"),
            "digest_wanted": _("Send it by mail"),
            "digest_at": _("From this time on"),
            "digest_on_days_off": _("Also at weekends and on public holidays"),
            "invitations": _("Invitations by mail"),
            "absent_until": _("Absent until"),
            "deputy": _("Deputy"),
        }
        help_texts = {
            "language": "",
            "theme": "",
            "digest_on_days_off": "",
            "invitations": _("A contact that is planned, moved or cancelled puts itself in your calendar."),
            "absent_until": _("The last day away. Your deputy is shown until then, and gets your morning overview."),
        }
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "title": forms.TextInput(attrs={"autocomplete": "organization-title"}),
            "language": forms.RadioSelect,
            "theme": forms.RadioSelect,
            "invitations": forms.RadioSelect,
            "digest_at": TIME,
            "absent_until": DAY,
        }

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = True
        self.fields["language"].choices = [("", _("As the browser")), *User.Language.choices]
        self.fields["theme"].choices = [("", _("As the device")), *User.Theme.choices]
        self.fields["deputy"].queryset = User.objects.working().exclude(pk=self.instance.pk).in_order()
        self.fields["deputy"].empty_label = _("Nobody")

    def clean_absent_until(self):
        day = self.cleaned_data["absent_until"]
        # A day that has passed since it was written may stay; it says nothing any more.
        if day and day < self.today and "absent_until" in self.changed_data:
            raise forms.ValidationError(_("That day has passed. Pick a later one, or leave the field empty."))
        return day
