"""Units and people from a CSV file: every row through the verbs, all rows or none.

Reading a file is pure; `bring_in` then runs the rows in one transaction, gathers what is wrong in
every row, and undoes all of it when anything is.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

from accounts import people, units
from accounts.models import POKJA, Role, Unit, User
from accounts.trail import Actor

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 5000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: the row as a spreadsheet counts it (1 is the heading)."""

    message: str
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        if self.row is None:
            return self.message
        place = f"Baris {self.row}, kolom {self.column}" if self.column else f"Baris {self.row}"
        return f"{place}: {self.message}"


class ImportRefused(Exception):
    """The file is not taken in and nothing has changed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its heading, what it means, and the verbs' field that it fills."""

    name: str
    explanation: str
    field: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank; every column of the kind has a value, "" when left empty."""

    number: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file can hold: its columns, an example, and how its rows are taken in."""

    title: str
    columns: tuple[Column, ...]
    example: tuple[tuple[str, ...], ...]
    check: Callable[[list[Row]], list[Problem]]
    order: Callable[[list[Row]], list[Row]]
    take: Callable[[Actor, Row], Iterable[str]]  # → what was done, e.g. "unit dibuat"

    def template(self) -> bytes:
        """A file to start from, as a spreadsheet in Indonesian opens it."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow(column.name for column in self.columns)
        writer.writerows(self.example)
        return text.getvalue().encode("utf-8-sig")


# ── reading ─────────────────────────────────────────────────────────────────
def parse(data: bytes, columns: tuple[Column, ...]) -> list[Row]:
    """The rows of a file in UTF-8, separated by semicolons or commas. Raises ImportRefused."""
    if len(data) > MAX_BYTES:
        raise ImportRefused([Problem("Berkas lebih dari 2 MB.")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ImportRefused(
            [Problem("Berkas bukan teks UTF-8. Simpan sebagai “CSV UTF-8”.")]
        ) from None
    if "\0" in text:
        raise ImportRefused([Problem("Berkas bukan CSV.")])
    records = _records(text)
    heading = [name.strip().lower() for name in records[0]] if records else []
    _check_heading(heading, columns)
    numbered = [(n, cells) for n, cells in enumerate(records[1:], 2) if any(map(str.strip, cells))]
    if not numbered:
        raise ImportRefused([Problem("Berkas tidak berisi baris data.")])
    if len(numbered) > MAX_ROWS:
        raise ImportRefused([Problem(f"Berkas berisi lebih dari {MAX_ROWS} baris.")])
    problems = [
        Problem("Jumlah kolom lebih banyak dari judulnya.", n)
        for n, cells in numbered
        if any(map(str.strip, cells[len(heading) :]))
    ]
    rows = [Row(n, _values(heading, cells, columns)) for n, cells in numbered]
    problems += [
        Problem("Wajib diisi.", row.number, column.name)
        for row in rows
        for column in columns
        if column.required and not row[column.name]
    ]
    if problems:
        raise ImportRefused(problems)
    return rows


def _records(text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise ImportRefused(
            [Problem("Berkas bukan CSV yang utuh: periksa tanda kutipnya.")]
        ) from None


def _check_heading(heading: list[str], columns: tuple[Column, ...]) -> None:
    known = [column.name for column in columns]
    problems = [
        Problem(f"Kolom {name} tidak dikenal.") for name in heading if name and name not in known
    ]
    problems += [
        Problem(f"Kolom {n} muncul dua kali.")
        for n, times in Counter(heading).items()
        if n and times > 1
    ]
    problems += [
        Problem(f"Kolom {column.name} tidak ada.")
        for column in columns
        if column.required and column.name not in heading
    ]
    if problems:
        raise ImportRefused(problems)


def _values(heading: list[str], cells: list[str], columns: tuple[Column, ...]) -> dict[str, str]:
    given = dict(zip(heading, cells, strict=False))
    # Spreadsheets keep a number as text by a leading apostrophe.
    return {column.name: given.get(column.name, "").strip().removeprefix("'") for column in columns}


# ── taking in ───────────────────────────────────────────────────────────────
def bring_in(actor: Actor, kind: Kind, data: bytes) -> Counter[str]:
    """Take a whole file in; how often each thing was done. Raises ImportRefused."""
    rows = parse(data, kind.columns)
    if problems := kind.check(rows):
        raise ImportRefused(problems)
    done: Counter[str] = Counter()
    with transaction.atomic():
        for row in kind.order(rows):
            try:
                with transaction.atomic():
                    done.update(kind.take(actor, row))
            except ValidationError as error:
                problems += _problems(error, row, kind.columns)
        if problems:
            raise ImportRefused(sorted(problems, key=lambda problem: problem.row or 0))
    return done


def _problems(error: ValidationError, row: Row, columns: tuple[Column, ...]) -> list[Problem]:
    if not hasattr(error, "error_dict"):
        return [Problem(message, row.number) for message in error.messages]
    names = {column.field: column.name for column in columns}
    return [
        Problem(message, row.number, "" if field == NON_FIELD_ERRORS else names.get(field, field))
        for field, messages in error.message_dict.items()
        for message in messages
    ]


def _yes(cell: str, default: bool) -> bool:
    """Whether a cell says yes; `default` when it is empty."""
    if not cell:
        return default
    if cell.lower() not in {"ya", "tidak"}:
        raise ValidationError({"is_active": "Isi ya atau tidak."})
    return cell.lower() == "ya"


def _unit(code: str, field: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise ValidationError({field: f"Unit dengan kode {code} tidak ditemukan."})
    return unit


# ── units ───────────────────────────────────────────────────────────────────
def _check_units(rows: list[Row]) -> list[Problem]:
    first: dict[str, int] = {}
    problems = []
    for row in rows:
        earlier = first.setdefault(row["kode"], row.number)
        if earlier != row.number:
            problems.append(Problem(f"Kode sudah ada di baris {earlier}.", row.number, "kode"))
    return problems


def _parents_first(rows: list[Row]) -> list[Row]:
    """A parent may stand below its units in the file."""
    by_code = {row["kode"]: row for row in rows}
    ordered: dict[str, Row] = {}
    for row in rows:
        climb: dict[str, Row] = {}
        above: Row | None = row
        while above is not None and above["kode"] not in ordered and above["kode"] not in climb:
            climb[above["kode"]] = above
            above = by_code.get(above["induk"])
        ordered.update(reversed(climb.items()))
    return list(ordered.values())


def _take_unit(actor: Actor, row: Row) -> list[str]:
    unit = Unit.objects.select_related("parent").filter(code=row["kode"]).first()
    parent = _unit(row["induk"], "parent") if row["induk"] else unit and unit.parent
    if unit is None:
        active = _yes(row["aktif"], True)
        unit = units.create_unit(actor, code=row["kode"], name=row["nama"], parent=parent)
        if not active:
            units.change_unit(actor, unit, name=unit.name, parent=parent, is_active=False)
        return ["unit dibuat"]
    active = _yes(row["aktif"], unit.is_active)
    if (row["nama"], parent, active) == (unit.name, unit.parent, unit.is_active):
        return ["unit tetap"]
    units.change_unit(actor, unit, name=row["nama"], parent=parent, is_active=active)
    return ["unit diubah"]


UNITS = Kind(
    title="unit",
    columns=(
        Column("kode", "Kode unit yang tetap dan unik. Kode yang sudah ada diubah.", "code", True),
        Column("nama", "Nama unit.", "name", True),
        Column("induk", "Kode unit induk. Kosong: induk tetap; wajib untuk unit baru.", "parent"),
        Column("aktif", "ya atau tidak. Kosong: tetap, unit baru aktif.", "is_active"),
    ),
    example=(
        ("DITJEN-A", "Direktorat Jenderal A", "KEMENTERIAN", "ya"),
        ("BALAI-1", "Balai Satu", "DITJEN-A", "ya"),
    ),
    check=_check_units,
    order=_parents_first,
    take=_take_unit,
)


# ── people ──────────────────────────────────────────────────────────────────
_SCIENTIFIC = re.compile(r"^\d[.,]?\d*E\+?\d+$", re.IGNORECASE)
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "HASIL": "H"}
_ROLES = {name.lower(): Role(value) for value, label in Role.choices for name in (value, label)}


def _check_people(rows: list[Row]) -> list[Problem]:
    """A person with several roles has several rows; they may not contradict each other."""
    first: dict[str, Row] = {}
    problems = []
    for row in rows:
        if _SCIENTIFIC.match(row["nip"]):
            message = "Nomor sudah diubah lembar kerja (misalnya 1,98E+17). Jadikan kolomnya teks."
            problems.append(Problem(message, row.number, "nip"))
        earlier = first.setdefault(row["surel"].lower(), row)
        for name in ("nama", "nip", "aktif"):
            if row[name] and row[name] != earlier[name]:
                message = f"Berbeda dari baris {earlier.number} dengan surel yang sama."
                problems.append(Problem(message, row.number, name))
    return problems


def _take_person(actor: Actor, row: Row) -> list[str]:
    user = User.objects.filter(email=row["surel"].lower()).first()
    done = []
    if user is None:
        user = people.create_user(
            actor,
            email=row["surel"],
            name=row["nama"],
            staff_number=row["nip"],
            is_active=_yes(row["aktif"], True),
        )
        done.append("pengguna dibuat")
    else:
        name, number = row["nama"] or user.name, row["nip"] or user.staff_number
        active = _yes(row["aktif"], user.is_active)
        if (name, number, active) != (user.name, user.staff_number, user.is_active):
            user = people.change_user(
                actor, user, email=user.email, name=name, staff_number=number, is_active=active
            )
            done.append("pengguna diubah")
    return done + _take_role(actor, user, row)


def _take_role(actor: Actor, user: User, row: Row) -> list[str]:
    if not row["unit"] and not row["peran"]:
        if row["pokja"]:
            raise ValidationError({"role": "Isi unit dan peran bila pokja diisi."})
        return []
    if not row["unit"]:
        raise ValidationError({"unit": "Isi kode unit untuk peran ini."})
    role = _ROLES.get(row["peran"].lower())
    if role is None:
        known = ", ".join(Role.values)
        raise ValidationError({"role": f"Peran tidak dikenal. Pilihan: {known}."})
    unit, pokja = _unit(row["unit"], "unit"), _pokja(row["pokja"])
    held = user.memberships.filter(unit=unit, role=role).first()
    if held is not None and held.pokja == pokja:
        return []
    people.grant(actor, user, unit=unit, role=role, pokja=pokja)
    return ["peran diubah" if held else "peran diberikan"]


def _pokja(cell: str) -> list[str]:
    """ "I, II" or "1 2" or "Hasil" → keys in order; empty means all."""
    wanted = {_ROMAN.get(part, part) for part in re.split(r"[\s,;/+]+", cell.upper()) if part}
    if unknown := wanted - set(POKJA):
        message = f"Pokja tidak dikenal: {', '.join(sorted(unknown))}. Pilihan: 1 sampai 6 dan H."
        raise ValidationError({"pokja": message})
    return [key for key in POKJA if key in wanted]


PEOPLE = Kind(
    title="pengguna",
    columns=(
        Column("surel", "Alamat surel. Surel yang sudah ada diubah.", "email", True),
        Column("nama", "Nama lengkap; wajib untuk pengguna baru.", "name"),
        Column("nip", "NIP, NI PPPK, NRP, atau kode pegawai, sebagai teks.", "staff_number"),
        Column("aktif", "ya atau tidak. Kosong: tetap, pengguna baru aktif.", "is_active"),
        Column("unit", "Kode unit tempat peran berlaku.", "unit"),
        Column("peran", f"Salah satu dari: {', '.join(Role.values)}.", "role"),
        Column("pokja", "1 sampai 6 dan H (Hasil), dipisah spasi. Kosong: semua pokja.", "pokja"),
    ),
    example=(
        (
            "ani@contoh.go.id",
            "Ani Anggota",
            "199001012015012001",
            "ya",
            "BALAI-1",
            "anggota",
            "1 2",
        ),
        ("budi@contoh.go.id", "Budi Ketua", "", "ya", "BALAI-1", "ketua_tim", ""),
        ("budi@contoh.go.id", "", "", "", "BALAI-2", "anggota", "H"),
    ),
    check=_check_people,
    order=list,
    take=_take_person,
)
