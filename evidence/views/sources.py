"""Sources of a case: who speaks, how reliable, and which of them are one voice."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import NullIf
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from cases.actions.exports import record_export
from cases.csv import csv_response
from cases.exceptions import CaseworkError, Conflict, InvalidInput, NotAllowed, NotVisible
from cases.forms import show_refusal
from cases.models import Case
from cases.permissions import Permission, check, permissions_of
from cases.queries import get_case
from evidence import queries
from evidence.actions import origin_groups, sources
from evidence.forms import GradeForm, JoinForm, ReasonForm, SourceEditForm, SourceFilterForm, SourceForm, SplitForm
from evidence.models import Source

REFUSALS = (InvalidInput, Conflict, NotAllowed)
HEADER = ["name", "kind", "grade", "origin", "owner", "country", "address", "exhibits", "named_by", "named_utc", "id"]
# The letters stand in the order of their worth; what nobody has graded has none and comes last.
BEST_FIRST = NullIf(F("reliability"), Value("")).asc(nulls_last=True)
EDITABLE = ("name", "kind", "owner", "country", "url", "note")


@require_GET
def source_list(request: HttpRequest, ref: str) -> HttpResponse:
    """All sources, gathered by origin: what stands in one group counts once."""
    case = get_case(request.user, ref)
    form = SourceFilterForm(request.GET)
    rows = list(_narrowed(request, case, form))
    groups: dict = {}
    for source in rows:
        groups.setdefault(source.origin_group, []).append(source)
    undetermined = groups.pop(None, [])
    rights = permissions_of(request.user, case)
    total, origins = queries.counts_of_sources(request.user, case)
    context = {
        "case": case,
        "nav": "sources",
        "form": form,
        "groups": sorted(groups.items(), key=lambda pair: pair[0].label),
        "undetermined": undetermined,
        "count": len(rows),
        "total": total,
        "origins": origins,
        "may_export": Permission.EXPORT in rights,
        "may_log": Permission.EVIDENCE_LOG in rights,
        "may_group": Permission.ORIGIN_SPLIT in rights,
    }
    return render(request, "evidence/sources.html", context)


@require_GET
def sources_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The same sources as CSV; taking them out of the house is an event."""
    case = get_case(request.user, ref)
    rows = _narrowed(request, case, SourceFilterForm(request.GET))
    record_export(actor=request.user, case=case, what="sources", filters=request.GET.urlencode())
    return csv_response(f"{case.ref}-sources-{timezone.now():%Y%m%d}.csv", HEADER, (_csv_row(row) for row in rows))


def _narrowed(request: HttpRequest, case: Case, form: SourceFilterForm) -> QuerySet[Source]:
    if not form.is_valid():
        name = next(iter(form.errors))
        raise InvalidInput(f"{form[name].label}: {form.errors[name][0]}", field=name)
    rows, wanted = queries.sources_of(request.user, case), form.cleaned_data
    for word in wanted["q"].split()[:10]:
        rows = rows.filter(Q(name__icontains=word) | Q(owner__icontains=word))
    if wanted["kind"]:
        rows = rows.filter(kind=wanted["kind"])
    if wanted["reliability"]:
        rows = rows.filter(reliability=wanted["reliability"].replace("none", ""))
    order = BEST_FIRST if wanted["order"] == "reliability" else wanted["order"] or "name"
    return rows.order_by(order, "name")


def _csv_row(source: Source) -> list[object]:
    origin = source.origin_group.label if source.origin_group else ""
    said = [source.name, source.kind, source.reliability, origin, source.owner, source.country, source.url]
    return [*said, source.item_count, source.created_by.username, source.created_at.isoformat(), source.pk]


@require_http_methods(["GET", "POST"])
def new_source(request: HttpRequest, ref: str) -> HttpResponse:
    """Name a source."""
    case = get_case(request.user, ref)
    check(request.user, case, Permission.EVIDENCE_LOG)
    form = SourceForm(_sent(request))

    def create() -> str:
        made = sources.create_source(actor=request.user, case=case, **form.cleaned_data)
        return reverse("evidence:source", args=[ref, made.pk])

    lede = _("The originator, not the host: the news agency, not the site that carries its copy.")
    return _form_page(request, case, form, create, heading=_("Name a source"), lede=lede)


@require_GET
def source(request: HttpRequest, ref: str, source_id: UUID) -> HttpResponse:
    """One source: its grades, its origin, and the exhibits it stands behind."""
    case, found = _source(request, ref, source_id)
    rights = permissions_of(request.user, case)
    context = {
        "case": case,
        "nav": "sources",
        "source": found,
        "grades": found.grades.select_related("graded_by"),
        "changes": found.origin_changes.select_related("changed_by", "from_group", "to_group"),
        "items": queries.items_of(request.user, case).filter(source=found).order_by("exhibit")[:200],
        "grade_form": GradeForm(),
        "split_form": SplitForm(),
        "may_log": Permission.EVIDENCE_LOG in rights,
        "may_grade": Permission.SOURCE_GRADE in rights,
        "may_group": Permission.ORIGIN_SPLIT in rights,
    }
    return render(request, "evidence/source.html", context)


@require_http_methods(["GET", "POST"])
def edit_source(request: HttpRequest, ref: str, source_id: UUID) -> HttpResponse:
    """Correct what is said of a source."""
    case, found = _source(request, ref, source_id)
    check(request.user, case, Permission.EVIDENCE_LOG)
    initial = {name: getattr(found, name) for name in (*EDITABLE, "version")}
    form = SourceEditForm(_sent(request), initial=initial)

    def change() -> str:
        values = form.cleaned_data
        changes = {name: values[name] for name in EDITABLE}
        given = {"version": values["version"], "changes": changes, "reason": values["reason"]}
        sources.change_source(actor=request.user, source=found, **given)
        return reverse("evidence:source", args=[ref, found.pk])

    return _form_page(request, case, form, change, heading=f"Describe {found.name}")


@require_http_methods(["GET", "POST"])
def grade(request: HttpRequest, ref: str, source_id: UUID) -> HttpResponse:
    """Give a source its letter, with the reason."""
    case, found = _source(request, ref, source_id)
    check(request.user, case, Permission.SOURCE_GRADE)
    form = GradeForm(_sent(request))

    def give() -> str:
        sources.grade_source(actor=request.user, source=found, **form.cleaned_data)
        return reverse("evidence:source", args=[ref, found.pk])

    return _form_page(request, case, form, give, heading=f"Grade {found.name}", lede=GradeForm.__doc__)


@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, ref: str, source_id: UUID) -> HttpResponse:
    """Declare a source an origin of its own."""
    case, found = _source(request, ref, source_id)
    check(request.user, case, Permission.ORIGIN_SPLIT)
    form = SplitForm(_sent(request))

    def part() -> str:
        origin_groups.split_source(actor=request.user, source=found, **form.cleaned_data)
        return reverse("evidence:sources", args=[ref])

    lede = _("It then counts as independent of all others: say how you know.")
    return _form_page(request, case, form, part, heading=f"{found.name} is an origin of its own", lede=lede)


@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, ref: str, source_id: UUID) -> HttpResponse:
    """Make a source's origin undetermined again."""
    case, found = _source(request, ref, source_id)
    check(request.user, case, Permission.ORIGIN_SPLIT)
    form = ReasonForm(_sent(request))

    def free() -> str:
        origin_groups.release_source(actor=request.user, source=found, **form.cleaned_data)
        return reverse("evidence:sources", args=[ref])

    return _form_page(request, case, form, free, heading=f"The origin of {found.name} is undetermined")


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, ref: str) -> HttpResponse:
    """Count several sources as one origin."""
    case = get_case(request.user, ref)
    check(request.user, case, Permission.ORIGIN_SPLIT)
    named = {"sources": request.GET.getlist("source")}
    form = JoinForm(_sent(request), actor=request.user, case=case, initial=named)

    def unite() -> str:
        values = form.cleaned_data
        rows = [queries.get_source(request.user, pk) for pk in values["sources"]]
        group = queries.get_origin_group(request.user, values["group"]) if values["group"] else None
        given = {"group": group, "label": values["label"], "reason": values["reason"]}
        origin_groups.join_sources(actor=request.user, sources=rows, **given)
        return reverse("evidence:sources", args=[ref])

    lede = _("Copies, wire pick-ups, articles that cite each other, one owner, one data set: one origin.")
    return _form_page(request, case, form, unite, heading=_("Join sources in one origin"), lede=lede)


def _source(request: HttpRequest, ref: str, source_id: UUID) -> tuple[Case, Source]:
    case = get_case(request.user, ref)
    found = queries.get_source(request.user, source_id)
    if found.case_id != case.pk:
        raise NotVisible("There is no such source.")
    return case, found


def _form_page(request: HttpRequest, case: Case, form: Form, act: Callable[[], str], **words: str) -> HttpResponse:
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            address = act()
        except REFUSALS as error:
            show_refusal(form, error)
            status = 403 if isinstance(error, NotAllowed) else 400
        except CaseworkError as error:
            form.add_error(None, str(error))
            status = 412
        else:
            messages.success(request, _("Saved."))
            return redirect(address)
    context = {"case": case, "nav": "sources", "form": form, "submit": _("Save"), **words}
    context["cancel_url"] = reverse("evidence:sources", args=[case.ref])
    return render(request, "evidence/form.html", context, status=400 if form.errors and status == 200 else status)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was posted, even when that is nothing; None for a page that is only asked for."""
    return request.POST if request.method == "POST" else None
