from typing import Any

from accounts import trail
from accounts.commands import DIFFERENT, PortalCommand
from accounts.models import TrailEntry, TrailHead


class Command(PortalCommand):
    help = "Memeriksa keutuhan seluruh riwayat. Keluar dengan 1 bila ada rantai yang rusak."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = list(trail.verify_all())
        if broken:
            self.refuse(
                f"Riwayat rusak pada {len(broken)} rantai.",
                details=[f"{each.chain}, entri {each.seq}: {each.reason}." for each in broken],
                status=DIFFERENT,
            )
        chains, entries = TrailHead.objects.count(), TrailEntry.objects.count()
        self.stdout.write(f"Riwayat utuh: {entries} entri dalam {chains} rantai.")
