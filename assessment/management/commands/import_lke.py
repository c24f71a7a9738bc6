import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import CommandParser

from accounts import policy
from assessment import catalogue, importing
from assessment.answering import ACTION, InvalidAnswer
from assessment.commands import AssessmentCommand
from assessment.importing import Group, Line, Preview, Source
from assessment.models import Assessment, Stage
from assessment.workbook.evaluators import EvaluatorNote
from assessment.workbook.guard import FILE_LIMIT, TOO_LARGE, WorkbookRefused
from assessment.workbook.parsed import parse
from assessment.workbook.reading import Problem
from assessment.workflow import Locked, require_writable
from zi_portal.ui import numbers

UNREADABLE = 1
"""Exit status when cells that cannot be read stopped the import."""


class Command(AssessmentCommand):
    help = (
        "Mengimpor buku kerja LKE (.xlsx) ke penilaian sebuah unit. Bila ada sel yang tidak "
        "terbaca, atau yang di portal berubah sesudah berkas diunduh, tidak ada yang disimpan "
        "(status 1), kecuali dengan --accept-partial."
    )
    sentences: ClassVar[tuple[type[Exception], ...]] = (Locked, WorkbookRefused, InvalidAnswer)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="BERKAS", help="buku kerja LKE yang sudah diisi")
        self.add_assessment(parser)
        parser.add_argument(
            "--stage",
            default=Stage.UNIT.value,
            choices=Stage.values,
            help="penilaian mandiri (unit, bawaan) atau evaluasi TPI (tpi)",
        )
        parser.add_argument("--dry-run", action="store_true", help="hanya menunjukkan hasilnya")
        parser.add_argument("--json", action="store_true", help="keluaran untuk program lain")
        parser.add_argument(
            "--accept-partial",
            action="store_true",
            help="lewati butir yang tidak terbaca atau bentrok",
        )
        self.add_actor(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self.actor(options)
        assessment, stage = self.assessment(options), Stage(options["stage"])
        if actor.user is not None:
            policy.require(actor.user, ACTION[stage], assessment)
        require_writable(assessment, stage)
        data = self._data(options["file"])
        parsed = parse(catalogue.compiled(assessment.period.instrument), data, stage.value)
        found = importing.preview(assessment, stage, parsed, person=actor.user)
        doubtful = found.problems or found.group(Group.CONFLICT)
        refused = bool(doubtful) and not options["accept_partial"]
        applied = not refused and not options["dry_run"]
        if applied:
            source = Source.of(Path(options["file"]).name, data)
            importing.apply(actor, assessment, stage, found, source)
        if options["json"]:
            document = _document(assessment, found, applied=applied)
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=1))
        if refused:
            self._refuse_unreadable(found)
        if not options["json"]:
            self._report(found, applied=applied)

    def _data(self, name: str) -> bytes:
        try:
            with Path(name).open("rb") as file:
                data = file.read(FILE_LIMIT + 1)
        except OSError as error:
            reason = "tidak ada" if isinstance(error, FileNotFoundError) else "tidak dapat dibuka"
            self.refuse(f"Berkas {name} {reason}.")
        if len(data) > FILE_LIMIT:
            self.refuse(TOO_LARGE)
        return data

    def _refuse_unreadable(self, found: Preview) -> None:
        conflicts = found.group(Group.CONFLICT)
        what = [
            f"{count} butir {word}"
            for count, word in (
                (found.counts[Group.UNREADABLE], "tidak terbaca"),
                (len(conflicts), "bentrok"),
            )
            if count
        ]
        self.refuse(
            f"Tidak ada yang disimpan: {' dan '.join(what)} (--accept-partial melewatinya).",
            details=[*map(_problem_line, found.problems), *map(_conflict_line, conflicts)],
            status=UNREADABLE,
        )

    def _report(self, found: Preview, *, applied: bool) -> None:
        words = {
            Group.NEW: "baru",
            Group.CHANGED: "berubah",
            Group.UNCHANGED: "sama",
            Group.NEWER: "lebih baru di portal",
            Group.BLANK: "kosong di berkas",
            Group.UNREADABLE: "tidak terbaca",
            Group.OUTSIDE: "di luar pokja",
            Group.CONFLICT: "bentrok",
        }
        counts = ", ".join(f"{found.counts[group]} {word}" for group, word in words.items())
        total = numbers.points(found.sheet_after.total)
        self.stdout.write(f"{found.parsed.layout}: {counts}.")
        for remark in found.parsed.remarks:
            self.stdout.write(f"- {remark}")
        for problem in found.problems:
            self.stdout.write(f"- dilewati: {_problem_line(problem)}")
        for line in found.group(Group.CONFLICT):
            self.stdout.write(f"- dilewati: {_conflict_line(line)}")
        for notice in found.parsed.reading.notices:
            self.stdout.write(f"- {notice.cell} ({notice.code}): {notice.text}")
        for note in found.parsed.evaluators:
            self.stdout.write(f"- {_evaluator_line(note)}")
        self.stdout.write(found.parsed.comparison.sentence)
        for cause in found.parsed.comparison.causes:
            self.stdout.write(f"- {cause.sentence}")
        if applied:
            self.stdout.write(f"{len(found.changes)} jawaban diterapkan; nilai sekarang {total}.")
        else:
            self.stdout.write(f"Tidak ada yang disimpan; nilai akan menjadi {total}.")


def _problem_line(problem: Problem) -> str:
    cells = ", ".join(problem.cells) or "–"
    return f"{cells} ({', '.join(problem.codes)}): {problem.reason}"


def _conflict_line(line: Line) -> str:
    code = line.indicator.code
    return f"{line.cells} ({code}): berubah di portal setelah berkas diunduh; tidak ditimpa."


def _evaluator_line(note: EvaluatorNote) -> str:
    what = f"{note.code} {note.name}" if note.code else f"tidak terbaca, “{note.name}”"
    return f"{note.kind} evaluator di {note.cell} ({what}): {' '.join(note.text.split())}"


def _evaluator_notes(found: Preview, *, readable: bool) -> list[dict[str, str]]:
    """What evaluators wrote on their own sheets: beside a name of ours, or beside another."""
    return [asdict(note) for note in found.parsed.evaluators if bool(note.code) is readable]


def _document(assessment: Assessment, found: Preview, *, applied: bool) -> dict[str, Any]:
    comparison = found.parsed.comparison
    return {
        "unit": assessment.unit.code,
        "period": assessment.period.year,
        "stage": str(found.stage),
        "layout": found.parsed.layout,
        "sheet": found.parsed.sheet,
        "applied": applied,
        "counts": {group.value: count for group, count in found.counts.items()},
        "unreadable": [
            {"codes": problem.codes, "cells": problem.cells, "reason": problem.reason}
            for problem in found.problems
        ],
        "conflicts": [
            {
                "code": line.indicator.code,
                "cells": line.cells,
                "portal": line.before,
                "file": line.after,
            }
            for line in found.group(Group.CONFLICT)
        ],
        "notices": [
            {"code": notice.code, "cell": notice.cell, "text": notice.text}
            for notice in found.parsed.reading.notices
        ],
        "remarks": found.parsed.remarks,
        "evaluator_notes": _evaluator_notes(found, readable=True),
        "evaluator_unreadable": _evaluator_notes(found, readable=False),
        "file_total": None
        if comparison.file_total is None
        else numbers.plain(comparison.file_total),
        "workbook_total": numbers.plain(comparison.total),
        "total": numbers.plain(found.sheet_after.total),
        "difference": [
            {
                "code": cause.code,
                "cell": cause.cell,
                "file": None if cause.file is None else numbers.plain(cause.file),
                "ours": numbers.plain(cause.ours),
                "points": numbers.plain(cause.points),
                "reason": cause.reason,
            }
            for cause in comparison.causes
        ],
    }
