from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from accounts.commands import PortalCommand
from accounts.policy import Action
from assessment import catalogue
from assessment.instrument import InstrumentError, load_yaml


class Command(PortalCommand):
    help = "Memeriksa berkas instrumen (YAML) dan memuatnya sebagai versi baru bila berubah."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="BERKAS", help="berkas instrumen")
        self.add_actor(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self.actor(options)
        self.require(actor, Action.ADMINISTER, None)
        if not Path(options["file"]).is_file():
            self.refuse(f"Berkas {options['file']} tidak ditemukan.")
        try:
            version, is_new = catalogue.load(actor, load_yaml(options["file"]))
        except InstrumentError as error:
            self._refuse_instrument(error)
        name = f"{version.code} versi {version.version}"
        self.stdout.write(f"{name} dimuat." if is_new else f"{name} tidak berubah.")

    def _refuse_instrument(self, error: InstrumentError) -> None:
        if len(error.problems) == 1:
            self.refuse(str(error.problems[0]))
        self.refuse(f"Instrumen ditolak, {len(error.problems)} masalah:", details=error.problems)
