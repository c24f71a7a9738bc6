from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from accounts.models import User
from assessment import exporting, selectors
from assessment.commands import AssessmentCommand
from assessment.models import Assessment


class Command(AssessmentCommand):
    help = (
        "Menulis LKE sebuah unit sebagai buku kerja (.xlsx) dengan rumus, untuk diisi tanpa "
        "portal dan diimpor kembali."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_assessment(parser)
        parser.add_argument(
            "-o", "--output", required=True, metavar="BERKAS", help="berkas .xlsx yang ditulis"
        )
        self.add_actor(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self.actor(options)
        assessment = self.assessment(options)
        if actor.user is not None:
            self._require_visible(actor.user, assessment)
        stages = exporting.stages_for(actor.user, assessment)
        content = exporting.workbook(assessment, stages)
        try:
            Path(options["output"]).write_bytes(content)
        except OSError as error:
            self.refuse(f"Berkas {options['output']} tidak dapat ditulis: {error.strerror}.")
        exporting.record_download(actor, assessment, stages)
        self.stdout.write(f"LKE {assessment} ditulis ke {options['output']}.")

    def _require_visible(self, user: User, assessment: Assessment) -> None:
        if not selectors.visible_assessments(user).filter(pk=assessment.pk).exists():
            self.refuse("Penilaian ini di luar lingkup pengguna tersebut.")
