"""Characters that typed text may not carry: they cannot be seen, and some change what is seen."""

import re

# C0 and C1 controls but tab and line feed; the marks that turn the direction of writing around
# ("laporan\u202efdp.exe" reads "laporanexe.pdf").
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def has_unseen_controls(text: str) -> bool:
    """Whether the text carries a control character or a mark of writing direction."""
    return _UNSEEN.search(text) is not None
