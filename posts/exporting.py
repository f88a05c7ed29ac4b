"""Files that leave the house: posts as CSV, rejected records, and the network of an analysis for Gephi."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from cases.actions.exports import record_export
from cases.csv import csv_response
from cases.exceptions import InvalidInput
from cases.models import Case, User
from posts.actions.reading import note_reading
from posts.coshare import exports
from posts.models import Analysis, Post, RejectedRecord
from posts.networks import network_of
from posts.states import AnalysisMethod, AnalysisState

CHUNK = 2_000
POST_HEADER = [
    "platform", "id", "account", "handle", "kind", "at", "claimed_at", "observed_at", "clock_flags", "text", "lang",
    "url", "hashtags", "urls", "mentions", "repost_of", "quote_of", "reply_to",
]  # fmt: skip
REJECTED_HEADER = ["line", "item", "code", "reason", "record"]


NETWORK_FILES = ("edges.csv", "nodes.csv", "graphml", "gexf")
NETWORKS = (AnalysisMethod.CAMPAIGN, AnalysisMethod.COSHARE)


def network_response(actor: User, analysis: Analysis, name: str) -> StreamingHttpResponse:
    """The whole network of an analysis. Raises InvalidInput where it has none."""
    if name not in NETWORK_FILES:
        raise InvalidInput(f"A network is written as {', '.join(NETWORK_FILES)}.", field="as")
    if analysis.method not in NETWORKS or not analysis.parameters["coshare"]:
        raise InvalidInput(f"{analysis.label} is no analysis of co-sharing.", field="analysis")
    if analysis.state != AnalysisState.READY:
        raise InvalidInput(f"{analysis.label} has not been made yet.", field="analysis")
    note_reading(actor=actor, case=analysis.case, among=analysis.datasets)
    record_export(actor=actor, case=analysis.case, what=f"{analysis.label} {name}")
    nodes, edges = network_of(analysis)
    filename = f"{analysis.case.ref}-{analysis.label}-{name if '.' in name else f'network.{name}'}"
    if name == "edges.csv":
        return csv_response(filename, list(exports.EDGE_COLUMNS), exports.edge_rows(edges))
    if name == "nodes.csv":
        return csv_response(filename, list(exports.NODE_COLUMNS), exports.node_rows(nodes))
    pieces = exports.graphml(nodes, edges) if name == "graphml" else exports.gexf(nodes, edges)
    response = StreamingHttpResponse(pieces, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "private, no-store"
    return response


def post_lines(rows: QuerySet[Post]) -> Iterator[list[object]]:
    """The cells of each post for CSV, by time."""
    for post in rows.order_by("at", "pk").iterator(chunk_size=CHUNK):
        yield [
            post.platform,
            post.native_id,
            post.account,
            post.handle,
            post.kind,
            *(moment.isoformat() if moment else "" for moment in (post.at, post.claimed_at, post.observed_at)),
            " ".join(post.clock_flags),
            post.text,
            post.lang,
            post.url,
            *(" ".join(values) for values in (post.hashtags, post.urls, post.mentions)),
            post.repost_of,
            post.quote_of,
            post.reply_to,
        ]


def rejected_lines(rows: QuerySet[RejectedRecord]) -> Iterator[list[object]]:
    """The cells of each rejected record for CSV, in the order of the file."""
    for one in rows.order_by("pk").iterator(chunk_size=CHUNK):
        yield [one.line, one.item, one.code, one.reason, bytes(one.raw).decode("utf-8", "replace")]


def name_of(case: Case, what: str) -> str:
    return f"{case.ref}-{what}.csv"
