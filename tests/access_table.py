"""Who gets what at every address: the table that test_access_matrix.py walks.

One row per address and case. A new address needs at least one row here, else the tests fail:

    Row("summary", OWN_DRAFT, place("draft"), expect(404, {200: READERS}))

`expect(otherwise, {status: who})` gives every role a status; a visitor is sent to sign in (302)
unless told otherwise. Use `unit_page` for a page that follows the usual rule: readers from the
first day, TPI's people once submitted, nobody from another unit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.trail import OPERATOR
from accounts.units import change_unit
from assessment import importing
from assessment.assessments import create_assessment, create_period
from assessment.importing import Source
from assessment.models import Assessment, InstrumentVersion, PendingImport, Stage, State, Target
from assessment.workbook.comparing import Comparison
from assessment.workbook.parsed import Parsed
from assessment.workbook.reading import Reading
from reports import jobs
from reports.models import Job, Kind, Report
from tests.conftest import Cast, Ministry

VISITOR = "visitor"
ROLES = (*(each.name for each in fields(Cast)), VISITOR)
SECRET = "Biro Rahasia 7f3a"
"""The name of a unit that nobody of the echelon DITJEN may meet anywhere."""

READERS = "member coordinator team_head unit_head leader auditor"
FILLERS = "member coordinator team_head"
TPI = "evaluator tpi_head tpi_reviewer"
SIGNED_IN = " ".join(role for role in ROLES if role != VISITOR)


# ── the world ───────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class World:
    """What the addresses name. The cast's own unit is POLTEK; BIRO lies outside their echelon."""

    cast: Cast
    ministry: Ministry
    draft: Assessment
    submitted: Assessment
    other: Assessment
    report: Report
    other_report: Report
    job: Job
    pending: PendingImport


def build(cast: Cast, ministry: Ministry, instrument: InstrumentVersion) -> World:
    """POLTEK's LKE of 2026 (draft, with a report, a job and an import of the team head) and of
    2025 (submitted), and the draft of a unit elsewhere."""
    change_unit(OPERATOR, ministry.biro, name=SECRET, parent=ministry.setjen)
    now = create_period(OPERATOR, year=2026, instrument=instrument)
    before = create_period(OPERATOR, year=2025, instrument=instrument)

    def opened(unit: Any, period: Any) -> Assessment:
        return create_assessment(OPERATOR, unit=unit, period=period, target=Target.WBK)

    draft, submitted = opened(ministry.poltek, now), opened(ministry.poltek, before)
    other = opened(ministry.biro, now)
    Assessment.objects.filter(pk=submitted.pk).update(state=State.SUBMITTED)
    return World(
        cast=cast,
        ministry=ministry,
        draft=draft,
        submitted=submitted,
        other=other,
        report=_report(draft, "Laporan Kesiapan POLTEK"),
        other_report=_report(other, f"Laporan Kesiapan {SECRET}"),
        job=jobs.enqueue("report", {}, owner=cast.team_head, assessment=draft),
        pending=importing.keep(
            cast.team_head,
            draft,
            Stage.UNIT,
            Parsed("LKE", "LKE", Reading((), (), ()), Comparison(None, Fraction(0), ())),
            Source("lke.xlsx", "0" * 64),
        ),
    )


def _report(assessment: Assessment, title: str) -> Report:
    content = b"%PDF-1.7"
    return Report.objects.create(
        kind=Kind.READINESS,
        assessment=assessment,
        title=title,
        fingerprint=f"{assessment.pk:064d}",
        data_at=timezone.now(),
        provisional=True,
        shows_tpi=False,
        file=default_storage.save(f"{assessment.pk}.pdf", ContentFile(content)),
        sha256="0" * 64,
        size=len(content),
    )


# ── rows ────────────────────────────────────────────────────────────────────
Arguments = Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """What each role gets at one address in one case."""

    url: str
    case: str
    arguments: Arguments
    expected: Mapping[str, int]
    method: str = "get"
    data: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.url} ({self.case})"


def expect(
    otherwise: int, statuses: Mapping[int, str] | None = None, *, visitor: int = 302
) -> dict[str, int]:
    """The status of every role: `statuses` says who gets what, all others get `otherwise`."""
    expected = dict.fromkeys(ROLES, otherwise) | {VISITOR: visitor}
    for status, roles in (statuses or {}).items():
        for role in roles.split():
            assert role in expected, role
            expected[role] = status
    return expected


def nothing(world: World) -> dict[str, Any]:
    return {}


def place(name: str, **more: Any) -> Arguments:
    """The arguments of an address below /lke/<unit_code>/<year>/."""

    def arguments(world: World) -> dict[str, Any]:
        assessment: Assessment = getattr(world, name)
        return {"unit_code": assessment.unit.code, "year": assessment.period.year, **more}

    return arguments


def thing(name: str, argument: str) -> Arguments:
    """The arguments of an address that names one thing by its uuid."""

    def arguments(world: World) -> dict[str, UUID]:
        return {argument: getattr(world, name).uuid}

    return arguments


OWN_DRAFT, OWN_SUBMITTED, OTHER_UNIT = "own unit, draft", "own unit, submitted", "other unit"


def unit_page(url: str, status: int = 200, **more: Any) -> tuple[Row, ...]:
    """A page for those who may read an assessment; `status` is what they get."""
    return (
        Row(url, OWN_DRAFT, place("draft", **more), expect(404, {status: READERS})),
        Row(
            url,
            OWN_SUBMITTED,
            place("submitted", **more),
            expect(404, {status: f"{READERS} {TPI}"}),
        ),
        Row(url, OTHER_UNIT, place("other", **more), expect(404)),
    )


def account_page(
    url: str, signed_in: int, visitor: int, method: str = "get", **arguments: Any
) -> Row:
    """A page below /akun/, the same for every role."""
    return Row(url, "anybody", lambda _: arguments, expect(signed_in, visitor=visitor), method)


FOR_ALL = (
    account_page("health", 200, 200),
    account_page("session", 200, 200),
    account_page("set_theme", 302, 302, "post"),
    account_page("account_login", 302, 200),
    account_page("account_logout", 200, 302),
    account_page("account_inactive", 200, 200),
    # The cast has no passwords: there is none to confirm, and changing one leads to setting one.
    account_page("account_reauthenticate", 403, 302),
    account_page("account_change_password", 302, 302),
    account_page("account_set_password", 200, 302),
    account_page("account_reset_password", 200, 200),
    account_page("account_reset_password_done", 200, 200),
    account_page("account_reset_password_from_key", 200, 200, uidb36="1", key="salah-kunci"),
    account_page("account_reset_password_from_key_done", 200, 200),
    Row("home", "anybody", nothing, expect(200)),
    Row("reports", "anybody", nothing, expect(200)),
)

OPENING = (
    Row(
        "open_assessment",
        OWN_DRAFT,
        place("draft"),
        expect(404, {302: "team_head admin", 403: "member coordinator unit_head leader auditor"}),
        "post",
        {"target": "WBK"},
    ),
    Row(
        "open_assessment",
        OTHER_UNIT,
        place("other"),
        expect(404, {302: "admin"}),
        "post",
        {"target": "WBK"},
    ),
)

READING = (
    *unit_page("assessment", 302),
    *unit_page("summary"),
    *unit_page("explain", code="A.I"),
    *unit_page("history"),
    *unit_page("export_lke"),
    *unit_page("filling_start", 302),
    *unit_page("filling", area="A.I.1"),
    *unit_page("filling_search", 302),
    *unit_page("filling_filtered", kind="kosong"),
    *unit_page("filling_card", code="A.I.1.i.a"),
)

# TPI's people see what was submitted, but its answers are the unit's.
WRITING = (
    Row(
        "save_answer",
        OWN_DRAFT,
        place("draft", code="A.I.1.i.a"),
        expect(404, {302: "member team_head", 403: "coordinator unit_head leader auditor"}),
        "post",
        {"choice": "Ya"},
    ),
    Row(
        "save_answer",
        "own unit, draft, the coordinator's pokja",
        place("draft", code="A.I.2.i.a"),
        expect(404, {302: FILLERS, 403: "unit_head leader auditor"}),
        "post",
        {"choice": "A"},
    ),
    Row(
        "save_answer",
        OWN_SUBMITTED,
        place("submitted", code="A.I.2.i.a"),
        expect(404, {409: FILLERS, 403: f"unit_head leader auditor {TPI}"}),
        "post",
        {"choice": "A"},
    ),
    Row("save_answer", OTHER_UNIT, place("other", code="A.I.2.i.a"), expect(404), "post"),
    Row(
        "import_workbook",
        OWN_DRAFT,
        place("draft"),
        expect(404, {200: FILLERS, 403: "unit_head leader auditor"}),
    ),
    Row(
        "import_workbook",
        OWN_SUBMITTED,
        place("submitted"),
        expect(
            404,
            {200: f"{FILLERS} evaluator tpi_head", 403: "unit_head leader auditor tpi_reviewer"},
        ),
    ),
    Row("import_workbook", OTHER_UNIT, place("other"), expect(404)),
    Row(
        "copy_last_year",
        OWN_DRAFT,
        place("draft"),
        expect(404, {200: FILLERS, 403: "unit_head leader auditor"}),
    ),
    Row(
        "copy_last_year",
        OWN_DRAFT,
        place("draft"),
        expect(404, {302: FILLERS, 403: "unit_head leader auditor"}),
        "post",
        {"answers": "1"},
    ),
    Row(
        "copy_last_year",
        OWN_SUBMITTED,
        place("submitted"),
        expect(404, {302: FILLERS, 403: f"unit_head leader auditor {TPI}"}),
        "post",
    ),
    Row("copy_last_year", OTHER_UNIT, place("other"), expect(404), "post"),
    # The admin opens assessments but reads none.
    Row(
        "change_assessment",
        OWN_DRAFT,
        place("draft"),
        expect(404, {302: "team_head", 403: "member coordinator unit_head leader auditor"}),
        "post",
        {"target": "WBBM"},
    ),
    Row(
        "change_assessment",
        OWN_SUBMITTED,
        place("submitted"),
        expect(404, {302: "team_head", 403: f"member coordinator unit_head leader auditor {TPI}"}),
        "post",
        {"target": "WBBM"},
    ),
    Row("change_assessment", OTHER_UNIT, place("other"), expect(404), "post"),
    Row(
        "import_workbook",
        OWN_DRAFT,
        place("draft"),
        expect(404, {422: FILLERS, 403: "unit_head leader auditor"}),
        "post",
    ),
    Row("import_workbook", OTHER_UNIT, place("other"), expect(404), "post"),
    Row(
        "import_preview",
        "the team head's",
        lambda world: {**place("draft")(world), "identity": world.pending.uuid},
        expect(404, {200: "team_head", 403: "unit_head leader auditor"}),
    ),
    Row(
        "import_preview",
        "the team head's",
        lambda world: {**place("draft")(world), "identity": world.pending.uuid},
        expect(404, {302: FILLERS, 403: "unit_head leader auditor"}),
        "post",
    ),
)

REPORTING = (
    Row("make_report", OWN_DRAFT, place("draft"), expect(404, {302: READERS}), "post"),
    Row(
        "make_report",
        OWN_SUBMITTED,
        place("submitted"),
        expect(404, {302: f"{READERS} {TPI}"}),
        "post",
    ),
    Row("make_report", OTHER_UNIT, place("other"), expect(404), "post"),
    Row("report", OWN_DRAFT, thing("report", "report_uuid"), expect(404, {200: READERS})),
    Row("report", OTHER_UNIT, thing("other_report", "report_uuid"), expect(404)),
    Row("report_file", OWN_DRAFT, thing("report", "report_uuid"), expect(404, {200: READERS})),
    Row("report_file", OTHER_UNIT, thing("other_report", "report_uuid"), expect(404)),
    Row("job", "the team head's", thing("job", "job_uuid"), expect(404, {200: "team_head"})),
    Row(
        "cancel_job",
        "the team head's",
        thing("job", "job_uuid"),
        expect(404, {302: "team_head"}),
        "post",
    ),
)

TABLE: tuple[Row, ...] = (*FOR_ALL, *OPENING, *READING, *WRITING, *REPORTING)

# The administration pages: 403 for everybody but the admin, who gets this. Addresses without a
# name stand here by their pattern.
ADMIN_PAGES: dict[str, int] = {
    "admin:index": 200,
    "admin:app_list": 200,
    "admin:jsi18n": 200,
    "admin:autocomplete": 403,  # without saying of which field
    "admin/(?P<url>.*)$": 404,
    "admin:accounts_user_changelist": 200,
    "admin:accounts_user_add": 200,
    "admin:accounts_user_change": 200,
    "admin:accounts_user_history": 200,
    "admin:accounts_user_delete": 403,
    "admin:accounts_user_password_link": 200,
    "admin:accounts_user_import": 200,
    "admin:accounts_user_import_template": 200,
    "admin/accounts/user/<path:object_id>/": 302,
    "admin:accounts_unit_changelist": 200,
    "admin:accounts_unit_add": 200,
    "admin:accounts_unit_change": 200,
    "admin:accounts_unit_history": 200,
    "admin:accounts_unit_delete": 403,
    "admin:accounts_unit_import": 200,
    "admin:accounts_unit_import_template": 200,
    "admin/accounts/unit/<path:object_id>/": 302,
    "admin:accounts_membership_changelist": 200,
    "admin:accounts_membership_add": 200,
    "admin:accounts_membership_change": 200,
    "admin:accounts_membership_history": 200,
    "admin:accounts_membership_delete": 403,
    "admin/accounts/membership/<path:object_id>/": 302,
    "admin:assessment_period_changelist": 200,
    "admin:assessment_period_add": 200,
    "admin:assessment_period_change": 200,
    "admin:assessment_period_history": 200,
    "admin:assessment_period_delete": 403,
    "admin/assessment/period/<path:object_id>/": 302,
    "admin:assessment_instrumentversion_changelist": 200,
    "admin:assessment_instrumentversion_add": 403,
    "admin:assessment_instrumentversion_change": 200,
    "admin:assessment_instrumentversion_history": 200,
    "admin:assessment_instrumentversion_delete": 403,
    "admin/assessment/instrumentversion/<path:object_id>/": 302,
}
