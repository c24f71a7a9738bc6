"""What every command of the portal has in common.

Bad arguments give one Indonesian sentence on standard error and exit status 2, without a traceback
and with nothing changed. A command acts as the operator, bound by state but not by role; with
`--as EMAIL` it acts as that person, bound by both (model.md, Commands).
"""

import os
import re
import sys
from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from accounts import policy
from accounts.models import Unit, User
from accounts.policy import Action
from accounts.trail import OPERATOR, Actor

BAD_ARGUMENTS = 2
DIFFERENT = 1
"""Exit status of a check that found something."""
INTERRUPTED = 130
BROKEN_PIPE = 141

AS_USER = "as_email"
"""The option in which `--as` arrives: "as" itself is a word of Python."""


class PortalCommand(BaseCommand):
    """The base of all commands; `sentences` are further exceptions whose text a person may read."""

    sentences: ClassVar[tuple[type[Exception], ...]] = ()

    # True when a person typed the command, set by Django: only then may the process end here.
    _called_from_command_line: bool = False

    # A command must answer at once; the checks run in `check`, in the tests and at deployment.
    requires_system_checks = []
    suppressed_base_arguments = {
        "--version", "-v", "--verbosity", "--settings", "--pythonpath", "--traceback",
        "--no-color", "--force-color",
    }  # fmt: skip

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """A parser that takes options by their whole names and complains in Indonesian."""
        kwargs.setdefault("allow_abbrev", False)
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = self._bad_arguments  # type: ignore[method-assign]
        return parser

    def add_actor(self, parser: CommandParser) -> None:
        """Offer `--as EMAIL`; for commands that write."""
        parser.add_argument(
            "--as",
            dest=AS_USER,
            metavar="SUREL",
            default="",
            help="bertindak sebagai pengguna ini, terikat perannya (bawaan: operator)",
        )

    def actor(self, options: dict[str, Any]) -> Actor:
        """The operator, or the person named by `--as`; an unknown or inactive one is refused."""
        email = options.get(AS_USER) or ""
        if not email:
            return OPERATOR
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            self.refuse(f"Tidak ada pengguna dengan surel {email}.")
        if not user.is_active:
            self.refuse(f"Akun {email} tidak aktif.")
        return Actor(user)

    def require(self, actor: Actor, action: Action, target: Unit | None) -> None:
        """Raise PermissionDenied unless a person may do it; the operator may."""
        if actor.user is not None:
            policy.require(actor.user, action, target)

    def unit(self, code: str) -> Unit:
        """The unit with this code; an unknown one is refused."""
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            self.refuse(f"Unit {code} belum ada.")
        return unit

    def refuse(
        self, sentence: str, *, details: Iterable[object] = (), status: int = BAD_ARGUMENTS
    ) -> NoReturn:
        """End the command with a sentence, optionally followed by a list, one line each."""
        lines = [sentence, *(f"- {detail}" for detail in details)]
        raise CommandError("\n".join(map(_one_line, lines)), returncode=status)

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run the command and turn what a person can have caused into a sentence."""
        try:
            result = self._execute(*args, **options)
            self.stdout.flush()
            return result
        except CommandError as error:
            if not self._called_from_command_line or options.get("traceback"):
                raise
            self.stderr.write(str(error))
            sys.exit(error.returncode)
        except BrokenPipeError:
            if not self._called_from_command_line:
                raise
            # The reader went away (… | head); nothing more may be written while Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(BROKEN_PIPE)
        except KeyboardInterrupt:
            if not self._called_from_command_line:
                raise
            sys.exit(INTERRUPTED)

    def _execute(self, *args: Any, **options: Any) -> Any:
        try:
            return super().execute(*args, **options)
        except ValidationError as error:
            self.refuse(_validation_sentence(error, options))
        except PermissionDenied as error:
            self.refuse(str(error) or "Peran pengguna ini tidak mencakup tindakan ini.")
        except self.sentences as error:
            self.refuse(str(error))
        except DatabaseError:
            if is_migrated():
                raise
            self.refuse("Basis data belum disiapkan; jalankan dahulu: manage.py migrate.")

    def _bad_arguments(self, message: str) -> NoReturn:
        error = CommandError(_one_line(_in_indonesian(message)), returncode=BAD_ARGUMENTS)
        if not self._called_from_command_line:
            raise error
        self.stderr.write(str(error))
        sys.exit(error.returncode)


def is_migrated() -> bool:
    """Whether the database has all tables, so that its error means something else."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _validation_sentence(error: ValidationError, options: dict[str, Any]) -> str:
    """All complaints in one line, each with the option that it is about."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(
        f"--{field.replace('_', '-')}: {message}" if field in options else message
        for field, messages in error.message_dict.items()
        for message in messages
    )


# argparse's complaints as of Python 3.11 to 3.14.
_ARGPARSE = [
    (r"the following arguments are required: (?P<names>.+)", "Wajib diisi: {names}."),
    (r"one of the arguments (?P<names>.+) is required", "Wajib diisi salah satu: {names}."),
    (r"unrecognized arguments: (?P<names>.+)", "Tidak dikenal: {names}."),
    (r"argument (?P<name>\S+): not allowed with argument (?P<other>\S+)",
     "{name} tidak dapat dipakai bersama {other}."),
    (r"argument (?P<name>\S+): invalid int value: (?P<value>.+)",
     "{name} harus bilangan bulat, bukan {value}."),
    (r"argument (?P<name>\S+): invalid \S+ value: (?P<value>.+)",
     "{name} tidak dapat berisi {value}."),
    (r"argument (?P<name>\S+): invalid choice: (?P<value>.+) \(choose from (?P<choices>.+)\)",
     "{name} tidak dapat berisi {value}; pilih {choices}."),
    (r"argument (?P<name>\S+): expected (?:at (?:most|least) )?(?:one|\d+) arguments?",
     "{name} memerlukan isian."),
    (r"argument (?P<name>\S+): ignored explicit argument (?P<value>.+)",
     "{name} tidak menerima isian {value}."),
    (r"argument (?P<name>\S+): (?P<value>.+)", "{name}: {value}"),
]  # fmt: skip


def _in_indonesian(message: str) -> str:
    for pattern, sentence in _ARGPARSE:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            found = match.groupdict()
            if "name" in found:
                found["name"] = found["name"].rpartition("/")[2]
            if "choices" in found:
                found["choices"] = found["choices"].replace("'", "")
            return sentence.format(**found)
    return f"Isian perintah tidak dapat dibaca: {message}."
