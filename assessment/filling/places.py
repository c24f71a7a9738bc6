"""Codes as parts of a page."""


def slug(code: str) -> str:
    """A code as part of an element's id: dots would read as classes in a selector."""
    return code.replace(".", "-")


def last(code: str) -> str:
    """The last part of a code: "A.II.6" gives "6"."""
    return code.rsplit(".", 1)[-1]
