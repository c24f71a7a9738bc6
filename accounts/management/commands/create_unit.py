from typing import Any

from django.core.management.base import CommandParser

from accounts.commands import PortalCommand
from accounts.policy import Action
from accounts.units import create_unit


class Command(PortalCommand):
    help = "Membuat unit. Tanpa --parent unit itu menjadi instansi, yang hanya ada satu."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--code", required=True, metavar="KODE", help="kode tetap dan unik")
        parser.add_argument("--name", required=True, metavar="NAMA", help="nama unit")
        parser.add_argument("--parent", default="", metavar="KODE", help="kode unit induk")
        self.add_actor(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self.actor(options)
        parent = self.unit(options["parent"]) if options["parent"] else None
        self.require(actor, Action.ADMINISTER, parent)
        unit = create_unit(actor, code=options["code"], name=options["name"], parent=parent)
        self.stdout.write(f"Unit {unit.code} dibuat: {unit.name}.")
