from typing import Any

from django.conf import settings

from accounts.commands import PortalCommand
from accounts.models import Unit
from accounts.trail import OPERATOR
from assessment import demo


class Command(PortalCommand):
    help = "Memuat instansi peragaan ke basis data kosong. Ditolak dalam mode produksi."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            self.refuse("Peragaan tidak dimuat dalam mode produksi.")
        is_new = not Unit.objects.exists()
        demo.seed(OPERATOR)
        self.stdout.write("Peragaan dimuat." if is_new else "Peragaan sudah ada, tidak berubah.")
        self.stdout.write(f"Kata sandi semua akun: {demo.PASSWORD}")
        for account in demo.ACCOUNTS:
            self.stdout.write(f"  {account.email:<30}  {account.role.label}, {account.name}")
