"""What the commands of this floor and above have in common: naming an assessment."""

from typing import Any, ClassVar

from django.core.management.base import CommandParser

from accounts.commands import PortalCommand
from accounts.models import Unit
from assessment.models import Assessment, Period
from assessment.workflow import Locked


class AssessmentCommand(PortalCommand):
    """A command about the LKE of `--unit CODE` in `--period YEAR`."""

    sentences: ClassVar[tuple[type[Exception], ...]] = (Locked,)

    def add_assessment(self, parser: CommandParser) -> None:
        """Ask for the unit and the period."""
        parser.add_argument("--unit", required=True, metavar="KODE", help="kode unit")
        parser.add_argument(
            "--period", required=True, type=int, metavar="TAHUN", help="tahun periode"
        )

    def period(self, year: int) -> Period:
        """The period of this year; an unknown one is refused."""
        period = Period.objects.select_related("instrument").filter(year=year).first()
        if period is None:
            self.refuse(f"Periode {year} belum ada.")
        return period

    def assessment(self, options: dict[str, Any]) -> Assessment:
        """The assessment that `--unit` and `--period` name; an unknown one is refused."""
        unit: Unit = self.unit(options["unit"])
        period = self.period(options["period"])
        found = (
            Assessment.objects.select_related("unit", "period__instrument")
            .filter(unit=unit, period=period)
            .first()
        )
        if found is None:
            self.refuse(f"Unit {unit.code} belum memiliki penilaian tahun {period.year}.")
        return found
