"""Model validators as domain errors."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db.models import Model

from cases.exceptions import InvalidInput


def check_fields(row: Model, *, exclude: Collection[str] = ()) -> None:
    """Run the field validators of `row`; raise InvalidInput that names the first field at fault."""
    try:
        row.clean_fields(exclude=set(exclude))
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise InvalidInput(messages[0], field=field) from error
    check_text(**{field.name: getattr(row, field.attname) for field in row._meta.concrete_fields})


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can store, or look for, `text`: it takes no NUL and no lone surrogates."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def check_text(**values: object) -> None:
    """Raise InvalidInput for text that cannot be stored."""
    for field, value in values.items():
        if isinstance(value, str) and not is_storable(value):
            raise InvalidInput("This text contains characters that cannot be stored.", field=field)
