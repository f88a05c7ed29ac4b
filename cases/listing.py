"""What every list answers alike: which rows are wanted, in which order, from where on."""

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest

from cases.exceptions import InvalidInput
from cases.paging import Page, keyset_page


def check_filter(form: Form) -> dict:
    """The cleaned data of a filter; raises InvalidInput that names the field at fault."""
    if not form.is_valid():
        name = next(iter(form.errors))
        raise InvalidInput(form.errors[name][0], field=name)
    return form.cleaned_data


def sort_of(request: HttpRequest, sorts: dict[str, str], default: str, name: str = "sort") -> str:
    """The order that `?sort=` (or another `name`) asks for; raises InvalidInput for what cannot be sorted by."""
    asked = request.GET.get(name, "")
    if not asked:
        return default
    if asked.removeprefix("-") not in sorts:
        raise InvalidInput(f"Sort by one of: {', '.join(sorts)}.", field=name)
    return ("-" if asked.startswith("-") else "") + sorts[asked.removeprefix("-")]


def page_of(request: HttpRequest, rows: QuerySet, sorts: dict[str, str], default: str) -> Page:
    """The page of `rows` that `?sort=` and `?cursor=` ask for; raises InvalidInput for what this list does not give."""
    return keyset_page(rows, order=sort_of(request, sorts, default), cursor=request.GET.get("cursor", ""))
