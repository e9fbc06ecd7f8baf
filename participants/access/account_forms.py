"""Forms for accounts: sign in, add an account, change its permissions."""

from typing import Any

from django.core.validators import MaxLengthValidator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm, UserChangeForm, UserCreationForm


class SignInForm(AuthenticationForm):
    """Sign-in form; its error message is the same for every account, known or not."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "The name and password do not match, or this account may not sign in. "
            "Both are case-sensitive. After five wrong passwords you have to wait."
        ),
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].label = _("Name")
        # Django sets the field's limit after its validators; failed sign-ins are stored by name.
        self.fields["username"].validators.append(MaxLengthValidator(150))


class NewAccountForm(UserCreationForm):
    """Form for a new account, which signs in with links unless it gets a password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sign_in_method = self.fields["usable_password"]
        sign_in_method.label, sign_in_method.initial = _("Signs in with"), "false"
        sign_in_method.choices = [
            ("false", _("links only, which you create on the next page")),
            ("true", _("the password below, or links")),
        ]
        sign_in_method.help_text = ""
        self.fields["password2"].help_text = ""


class AccountForm(UserChangeForm):
    """Form for an existing account; its password can be set but not read."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "password" in self.fields:
            self.fields["password"].help_text = format_html(
                '<a href="../password/">{}</a>', _("Set a password")
            )
