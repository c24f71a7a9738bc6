import getpass
import os
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.management.base import CommandParser
from django.db import transaction

from accounts import people
from accounts.commands import PortalCommand
from accounts.models import Role, Unit
from accounts.trail import OPERATOR
from accounts.units import create_unit

PASSWORD_VARIABLE = "ADMIN_PASSWORD"  # noqa: S105  the variable's name


class Command(PortalCommand):
    help = (
        "Membuat administrator instansi, dan instansinya bila belum ada. Yang tidak diisi "
        f"ditanyakan; kata sandi dibaca dari variabel {PASSWORD_VARIABLE} atau ditanyakan."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", metavar="SUREL", help="surel untuk masuk")
        parser.add_argument("--name", metavar="NAMA", help="nama orangnya")
        parser.add_argument("--staff-number", default="", metavar="NIP", help="NIP atau NRP")
        parser.add_argument("--unit-code", metavar="KODE", help="kode instansi yang dibuat")
        parser.add_argument("--unit-name", metavar="NAMA", help="nama instansi yang dibuat")

    def handle(self, *args: Any, **options: Any) -> None:
        root = Unit.objects.filter(parent=None).first()
        if root and (options["unit_code"] or root.code) != root.code:
            self.refuse(f"Instansi sudah ada: {root.code}, {root.name}.")
        code = name = ""
        if root is None:
            code = self._answer(options, "unit_code", "Kode instansi")
            name = self._answer(options, "unit_name", "Nama instansi")
        email = self._answer(options, "email", "Surel administrator")
        person = self._answer(options, "name", "Nama administrator")
        password = self._password()
        with transaction.atomic():
            root = root or create_unit(OPERATOR, code=code, name=name)
            user = people.create_user(
                OPERATOR, email=email, name=person, staff_number=options["staff_number"]
            )
            validate_password(password, user)
            user.set_password(password)
            user.save(update_fields=["password"])
            people.grant(OPERATOR, user, unit=root, role=Role.ADMIN)
        self.stdout.write(f"Administrator {root.code} dibuat: {user.name}, {user.email}.")

    def _answer(self, options: dict[str, Any], option: str, question: str) -> str:
        """What was given, else asked of the person at the terminal."""
        given = (options[option] or "").strip()
        if not given and sys.stdin.isatty():
            given = input(f"{question}: ").strip()
        if not given:
            self.refuse(f"Wajib diisi: --{option.replace('_', '-')}.")
        return given

    def _password(self) -> str:
        if given := os.environ.get(PASSWORD_VARIABLE, ""):
            return given
        if not sys.stdin.isatty():
            self.refuse(f"Kata sandi belum ada: isi variabel {PASSWORD_VARIABLE}.")
        while True:
            first = getpass.getpass("Kata sandi (paling sedikit 12 karakter): ")
            if first and first == getpass.getpass("Ulangi kata sandi: "):
                return first
            self.stderr.write("Kedua kata sandi tidak sama. Ulangi.")
