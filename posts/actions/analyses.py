"""Questions to the posts of a case: asked once, answered as an exhibit, and made again by whoever doubts them."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Sum
from django.utils import timezone

from cases.actions.job_runs import start_job
from cases.exceptions import CaseworkError, Conflict, InvalidInput
from cases.history import record
from cases.models import Case, JobRun, User
from evidence.actions import items
from evidence.actions.derivatives import keep_text
from evidence.details import Details
from evidence.enums import ItemKind, Sensitivity
from evidence.models import Item
from evidence.workflow import check_case_open
from posts import follows
from posts.coverage import coverage
from posts.exceptions import InvalidSettings
from posts.listings import input_of, listings_of
from posts.loading import Collection, covers_case
from posts.memory import collector_paused
from posts.methods import CODE_VERSION, Answer, Asked, answer, basis_of
from posts.models import Analysis, Dataset, FollowList, PostGroup, Recomputation
from posts.permissions import check_analyse_posts, check_recompute
from posts.queries import datasets_of, follow_lists_of, get_analysis_by_id
from posts.questions import Question, is_dataset
from posts.states import AnalysisMethod, AnalysisState

MAKE = "posts.make_analysis"
RECOMPUTE = "posts.recompute_analysis"
METHOD = "analysis"
DOCUMENT = "text (analysis)"
# What is answered while a page waits; more is a job.
INLINE_POSTS = 5_000


@dataclass
class Made:
    """An answer as it is preserved: the bytes, the same figures as a value, and the posts behind them."""

    content: bytes
    document: dict[str, Any]
    answer: Answer


@transaction.atomic
def ask(
    *,
    actor: User,
    case: Case,
    question: Question,
    datasets: Sequence[Dataset] = (),
    lists: Sequence[FollowList] = (),
) -> Analysis:
    """Enter a question about these datasets or follow lists, or about all in use, for `make` or `start` to answer."""
    check_analyse_posts(actor, case)
    check_case_open(case)
    question = question.checked()
    chosen = _chosen(actor, case, question, (*datasets, *lists))
    Case.objects.select_for_update().get(pk=case.pk)
    last = Analysis.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0
    analysis = Analysis.objects.create(
        case=case,
        number=last + 1,
        method=question.method,
        parameters=question.as_json(),
        of_whole_case=not datasets and not lists,
        datasets=[one.pk for one in chosen if isinstance(one, Dataset)],
        lists=[one.pk for one in chosen if isinstance(one, FollowList)],
        created_by=actor,
    )
    # As text: the log takes no fractions.
    after = {"method": analysis.method, "datasets": [one.label for one in chosen]}
    after["question"] = json.dumps(analysis.parameters, ensure_ascii=False)
    record(actor, "analysis_asked", analysis, after=after)
    return analysis


def _chosen(
    actor: User, case: Case, question: Question, named: Sequence[Dataset | FollowList]
) -> list[Dataset | FollowList]:
    """What a question rests on, in order: of its kind and readable by `actor`; all in use if none is named."""
    if question.method == AnalysisMethod.FOLLOWS:
        wanted, name, open_to = FollowList, "lists", follow_lists_of(actor, case)
        nothing = "There are no follow lists in this case yet."
    else:
        wanted, name, open_to = Dataset, "datasets", datasets_of(actor, case).ready()
        nothing = "There are no posts in this case yet."
    if wrong := [one for one in named if not isinstance(one, wanted)]:
        raise InvalidInput(f"{wrong[0].label} is nothing that this analysis looks at.", field=name)
    rows = list((open_to if named else open_to.in_use()).order_by("number"))
    if not named and not rows:
        raise InvalidInput(nothing, field=name)
    readable = {one.pk for one in rows}
    if foreign := [one for one in named if one.pk not in readable]:
        raise InvalidInput(f"{foreign[0].label} cannot be analysed: it has not been read.", field=name)
    return sorted(named, key=lambda one: one.number) if named else rows


def ask_and_answer(
    *,
    actor: User,
    case: Case,
    question: Question,
    datasets: Sequence[Dataset] = (),
    lists: Sequence[FollowList] = (),
) -> Analysis:
    """Ask, and answer at once where that is quick, else in a job. What cannot be answered is noted with its reason."""
    analysis = ask(actor=actor, case=case, question=question, datasets=datasets, lists=lists)
    if not is_quick(analysis):
        start(actor=actor, analysis=analysis)
        return analysis
    try:
        return make(actor=actor, analysis=analysis)
    except CaseworkError as error:
        give_up(actor=actor, analysis=analysis, problem=str(error))
        raise


def is_quick(analysis: Analysis) -> bool:
    """Whether a page can wait for the answer."""
    held = Dataset.objects.filter(pk__in=analysis.datasets).aggregate(posts=Sum("posts"))["posts"] or 0
    return held <= INLINE_POSTS


@transaction.atomic
def start(*, actor: User, analysis: Analysis) -> JobRun:
    """Queue the making of an analysis."""
    check_analyse_posts(actor, analysis.case)
    arguments = {"analysis_id": str(analysis.pk), "actor_id": str(actor.pk)}
    title = f"Analysis {analysis.label}: {analysis.get_method_display()}"
    run = start_job(actor=actor, task=MAKE, title=title, case=analysis.case, arguments=arguments)
    Analysis.objects.filter(pk=analysis.pk).update(run=run)
    return run


def make(*, actor: User, analysis: Analysis) -> Analysis:
    """Answer a question that was asked, and preserve the answer as an exhibit. One that is answered stays as it is.

    Raises what the method raises: TooManyPairs, TooManyTexts, InvalidSettings.
    """
    analysis = get_analysis_by_id(actor, analysis.pk)
    check_analyse_posts(actor, analysis.case)
    if analysis.state == AnalysisState.READY:
        return analysis
    sources = _sources(actor, analysis)
    made = compute(analysis, sources)
    details = _described(analysis, sources)
    name = f"analysis-{analysis.number}-{analysis.method}.json"
    with io.BytesIO(made.content) as stream:
        kept = items.preserve(
            actor=actor, case=analysis.case, stream=stream, file_name=name, details=details, method=METHOD
        )
    with transaction.atomic():
        analysis = get_analysis_by_id(actor, analysis.pk, for_update=True)
        if analysis.state == AnalysisState.READY:
            return analysis
        item = items.log_preserved(
            actor=actor, case=analysis.case, preserved=kept, file_name=name, details=details, method=METHOD
        )
        _keep_document(item, made.content)
        _keep_groups(analysis, made.answer)
        analysis.item, analysis.result, analysis.result_sha256 = item, made.document["result"], kept.stored.sha256
        analysis.input_sha256, analysis.code_version = made.document["input"]["sha256"], CODE_VERSION
        analysis.state, analysis.problem, analysis.made_at = AnalysisState.READY, "", timezone.now()
        analysis.save()
        after = {"exhibit": item.exhibit, "input_sha256": analysis.input_sha256, "code_version": CODE_VERSION}
        record(actor, "analysis_made", analysis, after=after, evidence=[kept.stored.sha256])
    return analysis


@transaction.atomic
def give_up(*, actor: User, analysis: Analysis, problem: str) -> None:
    """Note why an analysis was not made."""
    analysis = get_analysis_by_id(actor, analysis.pk, for_update=True)
    if analysis.state == AnalysisState.WAITING:
        analysis.state, analysis.problem = AnalysisState.FAILED, problem[:500]
        analysis.save(update_fields=["state", "problem"])
        record(actor, "analysis_failed", analysis, after={"problem": analysis.problem})


@transaction.atomic
def start_recomputing(*, actor: User, analysis: Analysis) -> JobRun:
    """Queue the making of an analysis once more."""
    check_recompute(actor, analysis.case)
    arguments = {"analysis_id": str(analysis.pk), "actor_id": str(actor.pk)}
    title = f"Make analysis {analysis.label} again"
    return start_job(actor=actor, task=RECOMPUTE, title=title, case=analysis.case, arguments=arguments)


def recompute(*, actor: User, analysis: Analysis) -> Recomputation:
    """Make an analysis once more from the same datasets, and note whether the same bytes came out."""
    check_recompute(actor, analysis.case)
    if analysis.state != AnalysisState.READY:
        raise Conflict(f"{analysis.label} has not been made yet.")
    made = compute(analysis, _sources(actor, analysis))
    digest = sha256(made.content).hexdigest()
    with transaction.atomic():
        again = Recomputation.objects.create(
            case=analysis.case,
            analysis=analysis,
            same=digest == analysis.result_sha256,
            result_sha256=digest,
            input_sha256=made.document["input"]["sha256"],
            code_version=CODE_VERSION,
            made_by=actor,
        )
        after = {"same": again.same, "result_sha256": digest, "code_version": CODE_VERSION}
        record(actor, "analysis_recomputed", analysis, after=after, evidence=[digest])
    return again


# --- parts


def compute(analysis: Analysis, sources: Sequence[Dataset | FollowList]) -> Made:
    """The answer to a question from the posts of these datasets, or from these follow lists; writes nothing."""
    question = Question.of(analysis.method, analysis.parameters)
    if analysis.lists:
        listings = listings_of(sources)
        found, looked_at = Answer(follows.report(listings, question.limit)), input_of(listings)
    else:
        asked = _asked(analysis, question, sources)
        # Of a million posts each search for cycles takes many seconds, and finds none.
        with collector_paused():
            found = answer(asked)
            looked_at = basis_of(asked)
    document = {
        "analysis": analysis.label,
        "case": analysis.case.ref,
        "method": analysis.method,
        "question": analysis.parameters,
        "coverage": coverage(sources),
        "code_version": CODE_VERSION,
        "input": looked_at,
        "result": found.result,
    }
    return Made(written(document), document, found)


def _asked(analysis: Analysis, question: Question, datasets: Sequence[Dataset]) -> Asked:
    covers = covers_case(analysis.case_id, analysis.datasets)
    collect = partial(Collection, analysis.case_id, analysis.datasets, covers, question)
    return Asked(
        question,
        collect(),
        # Read for the answer and for the hash of it: once.
        everything=cache(partial(collect, every=True)),
        campaigns=cache(partial(_campaigns, analysis, question, datasets)),
    )


def _campaigns(analysis: Analysis, question: Question, datasets: Sequence[Dataset]) -> dict[str, Collection]:
    """The posts of each campaign that the question names, else of each dataset."""
    own = {one.label: one.pk for one in datasets}
    return {name: _campaign(name, analysis, question, own) for name in question.among or own}


def _campaign(name: str, analysis: Analysis, question: Question, datasets: Mapping[str, UUID]) -> Collection:
    if not question.among or is_dataset(name):
        if name not in datasets:
            raise InvalidSettings(f"{name} is none of the files that this is asked of.", field="among")
        return Collection(analysis.case_id, [datasets[name]], covers_case=False, question=question)
    narrowed = {"tag": name[1:]} if name.startswith("#") else {"query": name}
    covers = covers_case(analysis.case_id, analysis.datasets)
    return Collection(analysis.case_id, analysis.datasets, covers, replace(question, **narrowed))


def written(document: dict[str, Any]) -> bytes:
    """The one form of a document: keys as they come, one value a line, UTF-8."""
    return (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode("utf-8", "replace")


def _sources(actor: User, analysis: Analysis) -> list[Dataset | FollowList]:
    """What an analysis rests on; raises InvalidInput where a part of it is not for `actor`."""
    rows = follow_lists_of(actor, analysis.case) if analysis.lists else datasets_of(actor, analysis.case)
    named = analysis.lists or analysis.datasets
    found = {one.pk: one for one in rows.filter(pk__in=named)}
    if len(found) != len(named):
        raise InvalidInput(f"{analysis.label} rests on a file that you may not open.")
    return [found[pk] for pk in named]


def _described(analysis: Analysis, sources: Sequence[Dataset | FollowList]) -> Details:
    sensitive = any(one.item.sensitivity == Sensitivity.SENSITIVE for one in sources)
    details = Details(
        title=f"{analysis.label}: {analysis.get_method_display()} ({', '.join(one.label for one in sources)})"[:500],
        kind=ItemKind.ANALYSIS,
        relevance_note=coverage(sources)["line"],
        no_date_reason="Computed from preserved " + ("lists" if analysis.lists else "posts"),
    )
    return replace(details, sensitivity=Sensitivity.SENSITIVE) if sensitive else details


def _keep_document(item: Item, content: bytes) -> None:
    """The document is its own text: its numbers can be cited at once."""
    text = content.decode()
    keep_text(item.blob, text, [[0, len(text)]], DOCUMENT)
    item.derived_at, item.readings = timezone.now(), [DOCUMENT]
    item.save(update_fields=["derived_at", "readings"])


def _keep_groups(analysis: Analysis, found: Answer) -> None:
    rows = [PostGroup(case_id=analysis.case_id, analysis=analysis, **group._asdict()) for group in found.groups]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    PostGroup.objects.bulk_create(rows, batch_size=500)
