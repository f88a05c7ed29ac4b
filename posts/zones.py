"""The names of time zones that a page offers."""

from zoneinfo import available_timezones

_AREAS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
ZONES = ("UTC", *sorted(name for name in available_timezones() if name.split("/")[0] in _AREAS and "/" in name))
