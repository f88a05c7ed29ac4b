"""Files that leave the house: posts as CSV, rejected records, and the network of an analysis for Gephi."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from cases.actions.exports import record_export
from cases.csv import csv_response
from cases.exceptions import InvalidInput
from cases.models import Case, User
from posts import report
from posts.actions.reading import note_reading
from posts.coshare import exports
from posts.coshare.network import Network
from posts.enums import ObjectKind
from posts.figures import handles_of
from posts.loading import Collection
from posts.models import Analysis, Dataset, Post, RejectedRecord
from posts.questions import Question
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
    """The whole network of an analysis, made again from the posts. Raises InvalidInput where it has none."""
    if name not in NETWORK_FILES:
        raise InvalidInput(f"A network is written as {', '.join(NETWORK_FILES)}.", field="as")
    if analysis.method not in NETWORKS or not analysis.parameters["coshare"]:
        raise InvalidInput(f"{analysis.label} is no analysis of co-sharing.", field="analysis")
    if analysis.state != AnalysisState.READY:
        raise InvalidInput(f"{analysis.label} has not been made yet.", field="analysis")
    note_reading(actor=actor, case=analysis.case, among=analysis.datasets)
    record_export(actor=actor, case=analysis.case, what=f"{analysis.label} {name}")
    network = network_of(analysis)
    labels = {account: handle or account for account, handle in _handles(analysis, network).items()}
    filename = f"{analysis.case.ref}-{analysis.label}-{name if '.' in name else f'network.{name}'}"
    if name == "edges.csv":
        return csv_response(filename, list(exports.EDGE_COLUMNS), exports.edge_rows(network))
    if name == "nodes.csv":
        return csv_response(filename, list(exports.NODE_COLUMNS), exports.node_rows(network, labels))
    pieces = exports.graphml(network, labels) if name == "graphml" else exports.gexf(network, labels)
    response = StreamingHttpResponse(pieces, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "private, no-store"
    return response


def network_of(analysis: Analysis) -> Network:
    """The network of an answered analysis, from the posts it rests on."""
    question = Question.of(analysis.method, analysis.parameters)
    in_case = Dataset.objects.ready().filter(case=analysis.case).values_list("pk", flat=True)
    covers_case = set(in_case) == set(analysis.datasets)
    rows = Collection(analysis.case_id, analysis.datasets, covers_case, question).share_rows(question.coshare)
    kinds = tuple({ObjectKind(row.kind) for row in rows})
    return report.network(rows, report.Request(coshare=kinds, settings=question.settings()))


def _handles(analysis: Analysis, network: Network) -> dict[str, str]:
    return handles_of(analysis.case, (network.rows.accounts[code] for code in network.nodes()))


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
