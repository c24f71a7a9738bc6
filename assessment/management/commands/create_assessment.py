from typing import Any

from django.core.management.base import CommandParser

from accounts.policy import Action
from assessment.assessments import create_assessment
from assessment.commands import AssessmentCommand
from assessment.models import Purpose, Target


class Command(AssessmentCommand):
    help = "Membuka penilaian (LKE) sebuah unit pada sebuah periode."

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_assessment(parser)
        parser.add_argument("--target", required=True, choices=Target.values, help="sasaran")
        parser.add_argument(
            "--purpose",
            default=Purpose.PROPOSAL.value,
            choices=Purpose.values,
            help="tujuan penilaian (bawaan: pengusulan)",
        )
        self.add_actor(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self.actor(options)
        unit, period = self.unit(options["unit"]), self.period(options["period"])
        self.require(actor, Action.ADMINISTER, unit)
        assessment = create_assessment(
            actor,
            unit=unit,
            period=period,
            target=Target(options["target"]),
            purpose=Purpose(options["purpose"]),
        )
        self.stdout.write(
            f"Penilaian {unit.code} tahun {period.year} dibuka, sasaran {assessment.target}."
        )
