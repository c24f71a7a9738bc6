from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import CommandParser

from accounts.policy import Action
from assessment import selectors
from assessment.commands import AssessmentCommand
from reports import pdf, register
from reports.models import Kind


class Command(AssessmentCommand):
    help = "Membuat laporan sebuah penilaian sebagai PDF. Data yang sama memberi berkas yang sama."

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_assessment(parser)
        self.add_actor(parser)
        parser.add_argument("--kind", required=True, choices=Kind.values, help="jenis laporan")
        parser.add_argument(
            "-o", "--output", required=True, metavar="BERKAS", type=Path, help="berkas PDF tujuan"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["output"]
        actor = self.actor(options)
        assessment = self.assessment(options)
        if actor.user and not selectors.visible_assessments(actor.user).contains(assessment):
            self.refuse(f"Pengguna ini tidak dapat melihat penilaian unit {options['unit']}.")
        self.require(actor, Action.REPORT, assessment.unit)
        if target.is_dir() or not target.absolute().parent.is_dir():
            self.refuse(f"Berkas {target} tidak dapat ditulis: foldernya tidak ada.")
        try:
            report = register.make(actor, register.draft(actor.user, assessment))
        except pdf.RenderError:
            self.refuse("Laporan tidak dapat disusun; sebabnya ada di catatan galat.", status=1)
        try:
            with default_storage.open(report.file) as stored:
                target.write_bytes(stored.read())
        except OSError as error:
            self.refuse(f"Berkas {target} tidak dapat ditulis: {error.strerror}.", status=1)
        self.stdout.write(f"{report.title}: {target}")
