from typing import Any

from django.core.management.base import CommandParser

from accounts import trail
from accounts.commands import DIFFERENT, PortalCommand
from accounts.trail import OPERATOR, Event
from assessment import scores


class Command(PortalCommand):
    help = (
        "Menghitung ulang semua nilai tersimpan dari jawaban dan memperbaiki yang berbeda. "
        "Keluar dengan 1 bila ada yang berbeda."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="hanya memeriksa")

    def handle(self, *args: Any, **options: Any) -> None:
        write = not options["check"]
        found = list(scores.rescore(write=write))
        if not found:
            self.stdout.write("Semua nilai tersimpan cocok dengan jawabannya.")
            return
        if write:
            event = Event("scores.rebuilt", "", {"differences": len(found)})
            trail.record(OPERATOR, trail.PORTAL, event)
        done = "sudah diperbaiki" if write else "belum diperbaiki"
        self.refuse(
            f"{len(found)} nilai tersimpan berbeda dari jawabannya, {done}:",
            details=[_line(difference) for difference in found],
            status=DIFFERENT,
        )


def _line(difference: scores.Difference) -> str:
    fields = ", ".join(difference.fields)
    return f"{difference.assessment}, {difference.stage}: {fields}"
