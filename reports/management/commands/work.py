from typing import Any

from accounts.commands import PortalCommand
from reports.worker import Worker


class Command(PortalCommand):
    help = "Mengerjakan antrean pekerjaan (laporan) sampai dihentikan. Satu proses sudah cukup."

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker()
        worker.configure_signals()
        worker.run()
