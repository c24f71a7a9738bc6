from typing import Any

from django.core.management.base import CommandParser

from accounts.commands import PortalCommand
from accounts.policy import Action
from assessment.assessments import create_period
from assessment.models import InstrumentVersion


class Command(PortalCommand):
    help = "Membuka periode penilaian dengan versi terbaru sebuah instrumen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", required=True, type=int, metavar="TAHUN", help="tahun")
        parser.add_argument(
            "--instrument", default="", metavar="KODE", help="kode instrumen (bila ada beberapa)"
        )
        self.add_actor(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self.actor(options)
        self.require(actor, Action.ADMINISTER, None)
        instrument = self._instrument(options["instrument"])
        period = create_period(actor, year=options["year"], instrument=instrument)
        self.stdout.write(f"Periode {period.year} dibuat dengan {instrument.code}.")

    def _instrument(self, code: str) -> InstrumentVersion:
        """The newest version of the instrument named, or of the only one there is."""
        codes = list(InstrumentVersion.objects.values_list("code", flat=True).distinct().order_by())
        if not codes:
            self.refuse("Belum ada instrumen; jalankan dahulu: manage.py load_instrument BERKAS.")
        if not code and len(codes) > 1:
            self.refuse(f"Wajib diisi: --instrument, salah satu dari {', '.join(sorted(codes))}.")
        if code and code not in codes:
            self.refuse(f"Instrumen {code} belum dimuat.")
        newest = InstrumentVersion.objects.filter(code=code or codes[0]).order_by("-version")
        return newest[0]
