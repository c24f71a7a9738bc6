"""Entries of the portal's own chain as Indonesian sentences."""

from collections.abc import Callable
from typing import Any

from accounts.models import Role, TrailEntry

_FIELDS = {
    "email": "surel",
    "name": "nama",
    "staff_number": "NIP/NRP",
    "path": "letak",
    "parent": "induk",
}


def sentence(entry: TrailEntry) -> str:
    """What an entry says was done; the bare verb when this module does not know it."""
    words = _SENTENCES.get(entry.verb)
    return words(entry.data, entry.personal or {}) if words else entry.verb


def _user_changed(data: dict[str, Any], personal: dict[str, Any]) -> str:
    parts = [
        f"{_FIELDS[field]} menjadi “{personal[field] or '–'}”"
        if field in personal
        else _FIELDS[field]
        for field in data.get("fields", [])
    ]
    if "is_active" in data:
        parts.append("diaktifkan" if data["is_active"] else "dinonaktifkan")
    return f"Akun diubah: {', '.join(parts)}."


def _unit_changed(data: dict[str, Any], personal: dict[str, Any]) -> str:
    parts = [
        f"{_FIELDS[field]} menjadi “{data[field]}”" for field in ("name", "path") if field in data
    ]
    if "is_active" in data:
        parts.append("diaktifkan" if data["is_active"] else "dinonaktifkan")
    return f"Unit diubah: {', '.join(parts)}."


def _role(data: dict[str, Any]) -> str:
    pokja = f", pokja {', '.join(data['pokja'])}" if data.get("pokja") else ""
    return f"{Role(data['role']).label} di {data['unit']}{pokja}"


def _membership_changed(data: dict[str, Any], personal: dict[str, Any]) -> str:
    before = data.get("before")
    was = f" (sebelumnya {_role(before)})" if before else ""
    return f"Peran diubah menjadi {_role(data)}{was}."


_WAYS = {"mail": "dikirim lewat surel", "handed": "dibuat untuk diserahkan"}

_SENTENCES: dict[str, Callable[[dict[str, Any], dict[str, Any]], str]] = {
    "user.created": lambda data, personal: "Akun dibuat.",
    "user.changed": _user_changed,
    "user.password_link": lambda data, personal: f"Tautan atur sandi {_WAYS[data['way']]}.",
    "user.password_set": lambda data, personal: "Kata sandi diatur oleh pemilik akun.",
    "membership.granted": lambda data, personal: f"Peran diberikan: {_role(data)}.",
    "membership.changed": _membership_changed,
    "membership.revoked": lambda data, personal: f"Peran dicabut: {_role(data)}.",
    "unit.created": lambda data, personal: f"Unit dibuat dengan nama “{data['name']}”.",
    "unit.changed": _unit_changed,
    "period.created": lambda data, personal: (
        f"Periode dibuka dengan instrumen {data['instrument']}."
    ),
    "period.changed": lambda data, personal: "Periode diubah.",
    "instrument.loaded": lambda data, personal: "Instrumen dimuat.",
}
