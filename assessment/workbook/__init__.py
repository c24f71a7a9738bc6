"""The official LKE workbook: read from bytes to answers, in pure steps.

`opening` (bytes → grids of cells, in a child process behind `guard`) → `locating` (which row is
which question, by a `layout`) → `reading` (cells → answers) → `comparing` (the file's own totals
against ours). Nothing here knows the database; importing.py applies what was read.

This file stays empty of imports: the child process must start fast and without Django.
"""
