"""What differs from Django's own French formats: numbers keep their point, for programs read them in attributes."""

DECIMAL_SEPARATOR = "."
