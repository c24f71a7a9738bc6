from django.apps import AppConfig
from django.urls import register_converter


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Akun dan unit"

    def ready(self) -> None:
        from accounts.converters import UnitCodeConverter

        register_converter(UnitCodeConverter, "unit")
