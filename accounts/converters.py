"""Parts of addresses that carry a meaning."""

from django.urls.converters import StringConverter


class UnitCodeConverter(StringConverter):
    """A unit's code as the model allows it: nothing else ever reaches the database."""

    regex = r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}"
