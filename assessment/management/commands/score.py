import json
from typing import Any

from django.core.management.base import CommandParser

from assessment import catalogue, scores, stage_score
from assessment.commands import AssessmentCommand
from assessment.instrument import Instrument
from assessment.models import Answer, Assessment, NationalResult, Stage
from assessment.score_table import lines
from assessment.stage_score import NATIONAL, StageScore


class Command(AssessmentCommand):
    help = "Menampilkan nilai sebuah penilaian menurut unit, TPI, atau TPN."

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_assessment(parser)
        parser.add_argument(
            "--stage",
            default=Stage.UNIT.value,
            choices=[*Stage.values, NATIONAL],
            help="nilai menurut siapa (bawaan: unit)",
        )
        parser.add_argument("--json", action="store_true", help="keluaran JSON, enam desimal")

    def handle(self, *args: Any, **options: Any) -> None:
        assessment = self.assessment(options)
        instrument = catalogue.compiled(assessment.period.instrument)
        score = self._score(assessment, instrument, options["stage"])
        if options["json"]:
            document = stage_score.document(score)
            self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False))
        else:
            self.stdout.write(f"{assessment.shown_unit_name}, periode {assessment.period.year}")
            self.stdout.write("\n".join(lines(instrument, score)))

    def _score(self, assessment: Assessment, instrument: Instrument, stage: str) -> StageScore:
        if stage == NATIONAL:
            result = NationalResult.objects.filter(assessment=assessment).first()
            if result is None:
                self.refuse(f"Hasil TPN untuk {assessment} belum dicatat.")
            return stage_score.of_national_result(instrument, result)
        sheet = scores.sheets(Answer.objects.filter(assessment=assessment))[Stage(stage)]
        return stage_score.of_sheet(*scores.score_row(assessment, instrument, sheet))
