"""The commands of accounts, called from Python and typed at a shell."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts import trail
from accounts.commands import BAD_ARGUMENTS, BROKEN_PIPE, DIFFERENT
from accounts.models import Membership, Role, TrailEntry, Unit, User
from tests.command_line import is_one_sentence, manage, start
from tests.conftest import Cast, Ministry

PASSWORD = "kata-sandi-yang-panjang-26"


def run(*arguments: str, **options: object) -> str:
    output = StringIO()
    call_command(*arguments, stdout=output, **options)
    return output.getvalue()


def refusal(*arguments: str, **options: object) -> str:
    """The sentence with which a command refuses; its exit status is 2."""
    with pytest.raises(CommandError) as caught:
        call_command(*arguments, **options)
    assert caught.value.returncode == BAD_ARGUMENTS
    assert is_one_sentence(str(caught.value))
    return str(caught.value)


# ── arguments ───────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["create_unit"], "Wajib diisi: --code, --name."),
        (["create_unit", "--code", "A"], "Wajib diisi: --name."),
        (["create_unit", "--code=A", "--name=B", "--colour=red"], "Tidak dikenal: --colour=red."),
        (["create_unit", "--code=A", "--name=B", "more"], "Tidak dikenal: more."),
        (["create_unit", "--code=A", "--name"], "--name memerlukan isian."),
        (["score", "--unit=A", "--period=dua"], "--period harus bilangan bulat, bukan 'dua'."),
        (
            ["score", "--unit=A", "--period=2026", "--stage=kpk"],
            "--stage tidak dapat berisi 'kpk'; pilih unit, tpi, tpn.",
        ),
        (["rescore", "--check=ya"], "--check tidak menerima isian 'ya'."),
        (["score", "--un=A", "--period=2026"], "Wajib diisi: --unit."),
    ],
)
def test_it_complains_about_arguments_in_one_indonesian_sentence(
    arguments: list[str], sentence: str
) -> None:
    assert refusal(*arguments) == sentence


def test_a_line_break_in_an_argument_does_not_break_the_sentence(db: None) -> None:
    assert refusal("create_unit", code="A", name="B", parent="x\ny") == "Unit x y belum ada."


# ── create_unit ─────────────────────────────────────────────────────────────
def test_it_creates_a_unit_below_its_parent(ministry: Ministry) -> None:
    run("create_unit", code="KANTOR", name="Kantor Uji", parent="SETJEN")

    unit = Unit.objects.get(code="KANTOR")
    assert (unit.parent, unit.path) == (ministry.setjen, "/KU/SETJEN/KANTOR/")
    entry = TrailEntry.objects.get(verb="unit.created", target="KANTOR")
    assert entry.actor_label == "operator"


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"code": "BARU", "name": "Baru", "parent": "TIDAKADA"}, "Unit TIDAKADA belum ada."),
        ({"code": "BARU", "name": "Baru"}, "KU sudah menjadi instansi."),
        ({"code": "POLTEK", "name": "Baru", "parent": "KU"}, "--code:"),
        ({"code": "B R", "name": "Baru", "parent": "KU"}, "--code: Kode berisi huruf"),
        ({"code": "BARU", "name": " ", "parent": "KU"}, "--name:"),
    ],
)
def test_a_refused_unit_changes_nothing(
    ministry: Ministry, options: dict[str, str], part: str
) -> None:
    before = (Unit.objects.count(), TrailEntry.objects.count())
    assert part in refusal("create_unit", **options)
    assert (Unit.objects.count(), TrailEntry.objects.count()) == before


def test_it_acts_as_the_person_named(ministry: Ministry, cast: Cast) -> None:
    run("create_unit", code="K", name="Kantor", parent="KU", as_email=cast.admin.email.upper())
    assert TrailEntry.objects.get(target="K").actor == cast.admin


def test_a_person_is_bound_by_the_role(ministry: Ministry, cast: Cast) -> None:
    sentence = refusal(
        "create_unit", code="K", name="Kantor", parent="POLTEK", as_email=cast.team_head.email
    )
    assert sentence == "Peran Anda tidak mencakup tindakan ini."
    assert not Unit.objects.filter(code="K").exists()


def test_it_acts_as_nobody_unknown_or_inactive(ministry: Ministry, cast: Cast) -> None:
    User.objects.filter(pk=cast.admin.pk).update(is_active=False)
    options = {"code": "K", "name": "Kantor", "parent": "KU"}

    assert "tidak aktif" in refusal("create_unit", **options, as_email=cast.admin.email)
    assert "x@uji.example" in refusal("create_unit", **options, as_email="x@uji.example")


# ── create_admin ────────────────────────────────────────────────────────────
def test_it_creates_the_ministry_and_its_first_administrator(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)
    run(
        "create_admin",
        unit_code="KB",
        unit_name="Kementerian Baru",
        email="Admin@Baru.Example",
        name="Ada Admin",
        staff_number="199001012015011001",
    )
    user = User.objects.get(email="admin@baru.example")
    assert user.check_password(PASSWORD)
    assert Membership.objects.get(user=user).role == Role.ADMIN
    assert Unit.objects.get().name == "Kementerian Baru"


def test_a_second_administrator_joins_the_same_ministry(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)
    run("create_admin", email="dua@uji.example", name="Dua")
    assert Membership.objects.get(user__email="dua@uji.example").unit == ministry.root


@pytest.mark.parametrize(
    ("options", "password", "part"),
    [
        ({"email": "a@uji.example", "name": "Ada"}, "pendek", "12 karakter"),
        ({"email": "a@uji.example", "name": "Ada"}, "", "ADMIN_PASSWORD"),
        ({"email": "bukan surel", "name": "Ada"}, PASSWORD, "--email:"),
        ({"name": "Ada"}, PASSWORD, "Wajib diisi: --email."),
        ({"email": "a@uji.example", "name": "Ada", "unit_code": "LAIN"}, PASSWORD, "sudah ada: KU"),
    ],
)
def test_a_refused_administrator_changes_nothing(
    ministry: Ministry,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, str],
    password: str,
    part: str,
) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", password)
    monkeypatch.setattr("sys.stdin", StringIO())
    entries = TrailEntry.objects.count()
    assert part in refusal("create_admin", **options)
    assert not User.objects.exists()
    assert TrailEntry.objects.count() == entries


def test_without_a_ministry_it_asks_for_one(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)
    monkeypatch.setattr("sys.stdin", StringIO())
    sentence = refusal("create_admin", email="a@uji.example", name="Ada")
    assert sentence == "Wajib diisi: --unit-code."


# ── verify_trail ────────────────────────────────────────────────────────────
def test_an_untouched_trail_verifies(ministry: Ministry) -> None:
    assert run("verify_trail") == "Riwayat utuh: 6 entri dalam 1 rantai.\n"


def test_it_names_the_first_broken_entry_of_each_chain(ministry: Ministry) -> None:
    trail.record(trail.OPERATOR, "unit:1", trail.Event("unit.seen", "a"))
    TrailEntry.objects.filter(chain="portal", seq__in=[3, 5]).update(data={"name": "Palsu"})
    TrailEntry.objects.filter(chain="unit:1", seq=1).delete()

    with pytest.raises(CommandError) as caught:
        call_command("verify_trail")

    assert caught.value.returncode == DIFFERENT
    first, *chains = str(caught.value).splitlines()
    assert first == "Riwayat rusak pada 2 rantai."
    assert chains[0].startswith("- portal, entri 3: ")
    assert chains[1].startswith("- unit:1, entri 1: ")


# ── at a shell ──────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one unit, KU."""
    folder = tmp_path_factory.mktemp("installation")
    assert manage(folder, "migrate", "--verbosity=0").returncode == 0
    assert manage(folder, "create_unit", "--code=KU", "--name=Kementerian Uji").returncode == 0
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        ["create_unit", "--code", "A"],
        ["create_unit", "--code=A", "--name=A", "--parent=TIDAKADA"],
        ["create_unit", "--code=A", "--name=A", "--as=x@uji.example", "--parent=KU"],
        ["create_unit", "--code=A", "--name=A", "--parent=KU", "--as"],
        ["create_admin", "--email=a@uji.example", "--name=Ada"],
        ["verify_trail", "--semua"],
    ],
)
def test_a_refusal_is_one_line_without_a_traceback(
    installation: Path, arguments: list[str]
) -> None:
    done = manage(installation, *arguments)

    assert (done.returncode, done.stdout) == (BAD_ARGUMENTS, "")
    assert is_one_sentence(done.stderr)
    assert manage(installation, "verify_trail").stdout.startswith("Riwayat utuh: 1 entri")


def test_a_command_on_an_empty_database_says_what_to_do(tmp_path: Path) -> None:
    done = manage(tmp_path, "create_unit", "--code=A", "--name=A")
    assert done.returncode == BAD_ARGUMENTS
    assert done.stderr == "Basis data belum disiapkan; jalankan dahulu: manage.py migrate.\n"


def test_a_reader_that_goes_away_leaves_no_complaint(installation: Path) -> None:
    process = start(installation, "verify_trail")
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == ""
    assert process.wait(timeout=60) == BROKEN_PIPE


def test_help_is_indonesian(installation: Path) -> None:
    done = manage(installation, "create_unit", "--help")
    assert done.returncode == 0
    assert "Membuat unit." in done.stdout
    assert "--traceback" not in done.stdout
