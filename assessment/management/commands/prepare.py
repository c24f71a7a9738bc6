"""Everything between an installed portal and a running one, in one quick process."""

import contextlib
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import CommandParser

from accounts.commands import PortalCommand, is_migrated
from accounts.models import Membership, Role, Unit, User
from accounts.trail import OPERATOR
from assessment import catalogue
from assessment.instrument import InstrumentError, load_yaml

INSTRUMENTS = settings.BASE_DIR / "assessment" / "instruments"


class Command(PortalCommand):
    help = (
        "Menyiapkan portal: basis data, instrumen, dan bila basis data masih kosong instansi "
        "peragaan (tidak dalam mode produksi) atau, dengan --empty, administrator pertama."
    )
    sentences = (InstrumentError,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--empty", action="store_true", help="tanpa instansi peragaan; menanyakan administrator"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_migrated():
            self.stderr.write("Menyiapkan basis data")
            call_command("migrate", verbosity=0, interactive=False)
        for file in sorted(INSTRUMENTS.glob("*.yaml")):
            document = load_yaml(file)
            # A wording that was loaded since is not undone at the next start.
            if not catalogue.is_loaded(document):
                catalogue.load(OPERATOR, document)
        if settings.PRODUCTION:
            _collect_static()
        if options["empty"] or settings.PRODUCTION:
            self._first_administrator()
        else:
            self._demonstration()

    def _first_administrator(self) -> None:
        """Ask for one at the terminal when there is none; elsewhere say how to make one."""
        if Membership.objects.filter(role=Role.ADMIN, user__is_active=True).exists():
            return
        if not sys.stdin.isatty():
            self.stderr.write(
                "Belum ada administrator. Buat dengan: .venv/bin/python manage.py create_admin"
            )
            return
        # Standard output is for the accounts alone; the questions go to the person.
        with contextlib.redirect_stdout(sys.stderr):
            call_command("create_admin", stdout=sys.stderr)

    def _demonstration(self) -> None:
        """Fill an empty database, and tell the demonstration's accounts that can sign in."""
        from assessment import demo  # not needed where it is not wanted

        if not Unit.objects.exists():
            self.stderr.write("Memuat instansi peragaan")
            demo.seed(OPERATOR)
        known = set(User.objects.filter(is_active=True).values_list("email", flat=True))
        shown = [account for account in demo.ACCOUNTS if account.email in known]
        if not shown:
            return
        self.stdout.write(f"Akun peragaan, semua dengan kata sandi {demo.PASSWORD}")
        width = max(len(account.email) for account in shown)
        for account in shown:
            self.stdout.write(f"  {account.email:<{width}}  {account.role.label}, {account.unit}")


def _collect_static() -> None:
    """Gather the static files when any of them changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / "stamp"
    current = hashlib.sha256("\n".join(_static_files()).encode()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == current:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(current, encoding="ascii")


def _static_files() -> Iterator[str]:
    """Name, size and time of every file that would be gathered."""
    for finder in get_finders():
        for name, storage in finder.list([]):
            file = Path(storage.path(name)).stat()
            yield f"{name} {file.st_size} {file.st_mtime_ns}"
