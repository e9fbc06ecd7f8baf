"""Accounts in forms: signing in, adding one by name, changing what it may do."""

from typing import Any

from django.core.validators import MaxLengthValidator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm, UserChangeForm, UserCreationForm


class SignInForm(AuthenticationForm):
    """Name and password; what is said of a wrong one is the same for every account and none."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "Name and password do not belong together, or this account is not let in. "
            "Capital and small letters differ. After five wrong passwords you have to wait."
        ),
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].label = _("Name")
        # The field knows its length too late to check it, and failures are kept by name.
        self.fields["username"].validators.append(MaxLengthValidator(150))


class NewAccountForm(UserCreationForm):
    """A new account: it signs in with links, unless it is given a password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        how = self.fields["usable_password"]
        how.label, how.initial = _("Signs in with"), "false"
        how.choices = [
            ("false", _("links alone, which you make for them on the next page")),
            ("true", _("the password below, or links")),
        ]
        how.help_text = ""
        self.fields["password2"].help_text = ""


class AccountForm(UserChangeForm):
    """An account as it is; nobody can look at a password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "password" in self.fields:
            self.fields["password"].help_text = format_html(
                '<a href="../password/">{}</a>', _("Set a password")
            )
