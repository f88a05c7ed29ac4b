"""The only doors to evidence: each loads, checks that the actor may see it, and locks it when it is to be changed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Min, Prefetch, Q, QuerySet

from cases.enums import JobState
from cases.models import Case, JobRun, User
from cases.queries import the_one
from evidence.enums import DerivativeOperation, FixityState, UploadState
from evidence.models import Blob, CustodyEvent, Derivative, Item, OriginGroup, Source, TextLayer, Upload
from evidence.permissions import check_read_item

DAMAGED = (FixityState.CHANGED, FixityState.MISSING)
FIXITY_INTERVAL = timedelta(days=30)
ITEM_PARTS = ("case", "blob", "collector", "source", "source__origin_group", "superseded_by")


def get_item(actor: User, case_ref: str, exhibit: int, *, for_update: bool = False) -> Item:
    """The exhibit of that number in that case."""
    return one_visible(
        Item.objects.filter(case__ref=case_ref, exhibit=exhibit), actor, "exhibit", for_update, ITEM_PARTS
    )


def get_item_by_id(actor: User, item_id: UUID | str, *, for_update: bool = False) -> Item:
    """The item of that id."""
    return one_visible(Item.objects.filter(pk=item_id), actor, "exhibit", for_update, ITEM_PARTS)


def get_source(actor: User, source_id: UUID | str, *, for_update: bool = False) -> Source:
    """The source of that id."""
    return one_visible(Source.objects.filter(pk=source_id), actor, "source", for_update, ("case", "origin_group"))


def get_origin_group(actor: User, group_id: UUID | str, *, for_update: bool = False) -> OriginGroup:
    """The origin group of that id."""
    return one_visible(OriginGroup.objects.filter(pk=group_id), actor, "origin group", for_update, ("case",))


def get_upload(actor: User, upload_id: UUID | str, *, for_update: bool = False) -> Upload:
    """An upload of one's own: nobody goes on with another person's."""
    return one_visible(Upload.objects.filter(pk=upload_id, owner=actor), actor, "upload", for_update, ("case",))


def one_visible(rows: QuerySet, actor: User, what: str, for_update: bool, parts: tuple[str, ...]):
    """The one of `rows` that `actor` may see, as cases.queries.the_one gives it."""
    return the_one(rows.visible_to(actor), what, for_update=for_update, parts=parts)


# --- lists


def items_of(actor: User, case: Case) -> QuerySet[Item]:
    """The exhibits of a case with all that a card of the wall shows, in a fixed number of queries."""
    thumbnails = Derivative.objects.filter(operation=DerivativeOperation.THUMBNAIL)
    return (
        Item.objects.visible_to(actor)
        .filter(case=case)
        .select_related("blob", "source", "source__origin_group", "collector", "case")
        .prefetch_related(Prefetch("blob__derivatives", queryset=thumbnails, to_attr="thumbnails"))
    )


def sources_of(actor: User, case: Case) -> QuerySet[Source]:
    """The sources of a case with the number of active exhibits each stands behind."""
    active = Count("items", filter=Q(items__state="active"))
    return (
        Source.objects.visible_to(actor)
        .filter(case=case)
        .select_related("origin_group", "created_by")
        .annotate(item_count=active)
        .order_by("name")
    )


def counts_of_sources(actor: User, case: Case) -> tuple[int, int]:
    """How many sources a case has, and to how many origins they go back; the undetermined are one together."""
    found = (
        Source.objects.visible_to(actor)
        .filter(case=case)
        .aggregate(
            sources=Count("pk"),
            groups=Count("origin_group", distinct=True),
            undetermined=Count("pk", filter=Q(origin_group__isnull=True)),
        )
    )
    return found["sources"], found["groups"] + bool(found["undetermined"])


def origin_groups_of(actor: User, case: Case) -> QuerySet[OriginGroup]:
    """The origin groups of a case with their sources. Sources without one count together as one undetermined origin."""
    sources = Source.objects.annotate(item_count=Count("items")).order_by("name")
    return (
        OriginGroup.objects.visible_to(actor)
        .filter(case=case, sources__isnull=False)
        .distinct()
        .prefetch_related(Prefetch("sources", queryset=sources))
    )


def custody_of(item: Item) -> QuerySet[CustodyEvent]:
    """Every handling of an exhibit, in order."""
    return item.custody.select_related("actor").order_by("at", "id")


def open_uploads_of(actor: User, case: Case) -> QuerySet[Upload]:
    """The actor's uploads that have not reached their end."""
    return Upload.objects.visible_to(actor).filter(case=case, owner=actor, state=UploadState.OPEN)


def damaged_items(actor: User, case: Case) -> QuerySet[Item]:
    """Exhibits whose original is changed or missing: nothing may be built on them until a person has looked."""
    return (
        Item.objects.visible_to(actor)
        .filter(case=case, blob__fixity__in=DAMAGED)
        .select_related("blob", "case")
        .order_by("exhibit")
    )


# --- what an item holds


def text_layers(item: Item) -> list[TextLayer]:
    """The texts that were read from an exhibit, the one to cite from first: the newest complete reading.

    Only readings that were made for this exhibit: what another case made of the same bytes would tell that it has them.
    """
    if item.blob_id is None:
        return []
    return _to_cite_from(item, item.blob.text_layers.filter(tool__in=item.readings))


def texts_by_item(items: Iterable[Item]) -> dict[UUID, str]:
    """The text to cite from of each of these exhibits that has one, by id; one query."""
    items = [item for item in items if item.blob_id]
    by_blob: dict[str, list[TextLayer]] = {}
    for layer in TextLayer.objects.filter(blob__in={item.blob_id for item in items}):
        by_blob.setdefault(layer.blob_id, []).append(layer)
    layers = {item.pk: _to_cite_from(item, by_blob.get(item.blob_id, [])) for item in items}
    return {pk: found[0].text for pk, found in layers.items() if found}


def _to_cite_from(item: Item, layers: Iterable[TextLayer]) -> list[TextLayer]:
    made = {layer.tool: layer for layer in layers}
    newest_first = [made[tool] for tool in reversed(item.readings) if tool in made]
    return sorted(newest_first, key=lambda layer: layer.tool.startswith("main text"))


def readable_text(actor: User, item: Item) -> TextLayer | None:
    """The text to cite from, for a person who may read the item; None when there is none (yet)."""
    check_read_item(actor, item)
    return next(iter(text_layers(item)), None)


def derivative_of(item: Item, operation: str) -> Derivative | None:
    """The newest rendition or thumbnail of an exhibit."""
    if item.blob_id is None or item.derived_at is None:
        return None
    return item.blob.derivatives.filter(operation=operation).order_by("-made_at").first()


def job_on(item: Item) -> JobRun | None:
    """The job that reads an exhibit at this moment, or is about to."""
    runs = JobRun.objects.filter(case=item.case_id, arguments__item_id=str(item.pk))
    return runs.filter(state__in=(JobState.QUEUED, JobState.RUNNING)).order_by("-created_at").first()


def has_second_grader(source: Source) -> bool:
    """Whether somebody other than the person who brought the source in has graded it (G-06)."""
    return source.grades.exclude(graded_by=source.created_by_id).exists()


def due_for_fixity(now: datetime, most: int) -> list[str]:
    """The originals that some exhibit has not had read for a month, the longest unread first; only for the sweep."""
    unread = not_read_since(Item.objects.filter(blob__isnull=False), now - FIXITY_INTERVAL)
    longest = unread.values("blob").annotate(last=Min("fixity_checked_at"))
    return list(longest.order_by(F("last").asc(nulls_first=True), "blob").values_list("blob", flat=True)[:most])


def not_read_since(items: QuerySet[Item], moment: datetime) -> QuerySet[Item]:
    """Those whose original was not read for them since then."""
    return items.filter(Q(fixity_checked_at__isnull=True) | Q(fixity_checked_at__lt=moment))


def known_blobs(hashes: list[str]) -> set[str]:
    """Those of the hashes that a row speaks of, for the listing of orphans; never shown to a member of a case."""
    return set(Blob.objects.filter(pk__in=hashes).values_list("pk", flat=True))
