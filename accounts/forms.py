"""Forms of sign-in."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm


class LoginForm(AllauthLoginForm):
    """One account field for staff number or e-mail, one password field, nothing else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = "NIP atau alamat surel"
        self.fields["login"].widget.attrs.update(placeholder="", autocomplete="username")
        self.fields["password"].label = "Kata sandi"
        self.fields["password"].widget.attrs.update(placeholder="")
        self.fields["password"].help_text = ""
