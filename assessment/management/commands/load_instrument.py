from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import CommandParser

from accounts.commands import PortalCommand
from accounts.policy import Action
from accounts.trail import Actor
from assessment import catalogue, wording
from assessment.instrument import InstrumentError, load_yaml
from assessment.models import InstrumentVersion
from assessment.workbook.guard import FILE_LIMIT, TOO_LARGE, WorkbookRefused
from assessment.workbook.wording import read_wording


class Command(PortalCommand):
    help = (
        "Memeriksa berkas instrumen (YAML) dan memuatnya sebagai versi baru bila berubah; atau, "
        "dengan --wording, mengambil teks resmi pertanyaan dan kriteria dari buku kerja LKE "
        "sebagai versi baru, yang langsung dipakai periode yang masih berjalan."
    )
    sentences: ClassVar[tuple[type[Exception], ...]] = (WorkbookRefused,)

    def add_arguments(self, parser: CommandParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("file", nargs="?", metavar="BERKAS", help="berkas instrumen")
        source.add_argument("--wording", metavar="BUKU_KERJA", help="LKE resmi (.xlsx)")
        parser.add_argument(
            "--instrument",
            default="",
            metavar="KODE",
            help="instrumen yang diberi teks itu (bila ada beberapa)",
        )
        self.add_actor(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self.actor(options)
        self.require(actor, Action.ADMINISTER, None)
        name = options["wording"] or options["file"]
        if not Path(name).is_file():
            self.refuse(f"Berkas {name} tidak ditemukan.")
        try:
            if options["wording"]:
                self._take_wording(actor, Path(name), options["instrument"])
            else:
                self._load(actor, name)
        except InstrumentError as error:
            self._refuse_instrument(error)

    def _load(self, actor: Actor, name: str) -> None:
        version, is_new = catalogue.load(actor, load_yaml(name))
        self.stdout.write(_told(version, is_new))

    def _take_wording(self, actor: Actor, file: Path, code: str) -> None:
        base = self._instrument(code)
        if file.stat().st_size > FILE_LIMIT:
            self.refuse(TOO_LARGE)
        texts = read_wording(catalogue.compiled(base), file.read_bytes())
        if not texts.found:
            self.refuse("Tidak ada teks butir yang terbaca di berkas ini.")
        taken = wording.take(actor, base, texts.found)
        self.stdout.write(_told(taken.version, taken.is_new))
        self.stdout.write(f"Teks {len(texts.found)} butir diambil dari {file.name}.")
        if texts.unreadable:
            codes = ", ".join(texts.unreadable)
            self.stdout.write(f"- tidak terbaca, teks yang ada dipertahankan: {codes}")
        if taken.periods:
            years = ", ".join(map(str, taken.periods))
            self.stdout.write(f"Dipakai periode yang masih berjalan: {years}.")

    def _instrument(self, code: str) -> InstrumentVersion:
        """The newest version of the instrument named, or of the only one there is."""
        codes = sorted(set(InstrumentVersion.objects.values_list("code", flat=True)))
        if not codes:
            self.refuse("Belum ada instrumen; jalankan dahulu: manage.py load_instrument BERKAS.")
        if not code and len(codes) > 1:
            self.refuse(f"Wajib diisi: --instrument, salah satu dari {', '.join(codes)}.")
        if code and code not in codes:
            self.refuse(f"Instrumen {code} belum dimuat.")
        return InstrumentVersion.objects.filter(code=code or codes[0]).order_by("-version")[0]

    def _refuse_instrument(self, error: InstrumentError) -> None:
        if len(error.problems) == 1:
            self.refuse(str(error.problems[0]))
        self.refuse(f"Instrumen ditolak, {len(error.problems)} masalah:", details=error.problems)


def _told(version: InstrumentVersion, is_new: bool) -> str:
    return f"{version.code} versi {version.version} {'dimuat' if is_new else 'tidak berubah'}."
