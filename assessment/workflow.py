"""Which state allows what, and the sentence that says why not (domain.md §5)."""

from dataclasses import dataclass

from assessment.models import Assessment, Stage, State


class Locked(Exception):
    """The assessment's state does not allow the verb; the message says so in Indonesian."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """For one state: the stages that can be written, and why the others cannot."""

    writable: frozenset[Stage]
    reason: str


_NOTHING: frozenset[Stage] = frozenset()
_UNIT = frozenset({Stage.UNIT})
_TPI = frozenset({Stage.TPI})

WRITING: dict[State, _Rule] = {
    State.DRAFT: _Rule(_UNIT, "Belum diajukan unit; TPI menilai setelah pengajuan."),
    State.AWAITING_APPROVAL: _Rule(_NOTHING, "Menunggu persetujuan kepala unit."),
    State.SUBMITTED: _Rule(_TPI, "Sudah diajukan kepada TPI."),
    State.EVALUATION: _Rule(_TPI, "Sedang dinilai TPI."),
    # Which indicators a return reopens is recorded with the return; none is by itself.
    State.RETURNED: _Rule(_TPI, "Dikembalikan TPI; butir ini tidak dibuka kembali."),
    State.TPI_CLOSED: _Rule(_NOTHING, "Evaluasi TPI sudah selesai."),
    State.PROPOSED: _Rule(_NOTHING, "Sudah diusulkan kepada TPN."),
    State.NATIONAL_RESULT: _Rule(_NOTHING, "Hasil TPN sudah dicatat."),
    State.DECIDED: _Rule(_NOTHING, "Sudah ditetapkan instansi."),
    State.CLOSED: _Rule(_NOTHING, "Penilaian tahun ini sudah selesai."),
}


def locked_reason(assessment: Assessment, stage: Stage) -> str | None:
    """Why the stage's answers cannot be written now; None when they can."""
    rule = WRITING[State(assessment.state)]
    return None if stage in rule.writable else rule.reason


def require_writable(assessment: Assessment, stage: Stage) -> None:
    """Raise Locked unless the state lets the stage's answers be written."""
    if reason := locked_reason(assessment, stage):
        raise Locked(reason)


def aims_locked_reason(state: str) -> str | None:
    """Why target and purpose can no longer be changed; None while they can."""
    if State(state) is State.DRAFT:
        return None
    return "Sasaran dan tujuan hanya dapat diganti selama penilaian masih draf."


def is_submitted(state: str) -> bool:
    """Whether the unit has handed its sheet over, so that TPI's people may see it."""
    return State(state) not in {State.DRAFT, State.AWAITING_APPROVAL}


SUBMITTED_STATES = tuple(state for state in State if is_submitted(state))


def tpi_is_released(state: str) -> bool:
    """Whether TPI's whole work is visible to the unit: from closing on (model.md, Released)."""
    return State(state) in {
        State.TPI_CLOSED,
        State.PROPOSED,
        State.NATIONAL_RESULT,
        State.DECIDED,
        State.CLOSED,
    }
