"""The demonstration: an invented ministry in the middle of its year, with one account per role.

It is written in bulk, past the verbs that people use, and therefore held to the same result:
`rescore --check` and `verify_trail` must pass after it. The same content every time.
"""

from assessment.demo.content import Account, accounts
from assessment.demo.seeding import PASSWORD, seed

__all__ = ["ACCOUNTS", "PASSWORD", "Account", "seed"]

ACCOUNTS: tuple[Account, ...] = accounts()[:10]
"""The accounts to try the portal with, one per role; all have the password PASSWORD."""
