"""Several people at one moment, in threads with connections of their own."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from cases.exceptions import CaseworkError, StaleVersion
from claims.actions.citations import cite
from claims.actions.drafts import edit_version
from claims.actions.publications import publish
from claims.actions.reviews import reopen, submit
from claims.canonical import content_of, sha256_of
from claims.enums import VersionState
from claims.models import ClaimVersion, Publication, PublishedVersion
from evidence.actions.items import withdraw_item
from tests.factories.claims import make_approved, make_draft

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sequencer"])
EDITORS = 6


def at_once(*works: Callable[[], object]) -> list[object]:
    """What each piece of work returned, or the refusal it met, all begun at the same moment."""
    gate, outcomes = threading.Barrier(len(works)), [None] * len(works)

    def run(number: int, work: Callable[[], object]) -> None:
        try:
            gate.wait()
            outcomes[number] = work()
        except CaseworkError as refusal:
            outcomes[number] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_six_editors_on_one_claim_lose_nothing(transactional_world):
    """F11: one saves, five are told; each merges and saves again until all six texts stand."""
    world, version = transactional_world, make_draft(transactional_world, cited=False)
    told = []

    def write(number: int) -> Callable[[], object]:
        def work() -> None:
            seen = version
            while True:
                text = (seen.scope_note + f" Note {number}.").strip()
                try:
                    edit_version(
                        actor=world.author,
                        version=seen,
                        expected_version=seen.edit_version,
                        changes={"scope_note": text},
                    )
                except StaleVersion as refusal:
                    told.append(number)
                    seen = refusal.current
                else:
                    return

        return work

    outcomes = at_once(*(write(number) for number in range(EDITORS)))
    assert outcomes == [None] * EDITORS
    assert len(told) >= EDITORS - 1
    stored = world.newest(version)
    assert stored.edit_version == EDITORS + 1
    assert all(f"Note {number}." in stored.scope_note for number in range(EDITORS))


def test_published_version_is_the_one_that_was_checked(transactional_world):
    """F12: publishing and reopening meet; whoever comes second is refused."""
    world = transactional_world
    version = make_approved(world)
    approved = version.content_sha256

    def rewrite() -> None:
        opened = reopen(actor=world.author, version=version)
        edit_version(
            actor=world.author,
            version=opened,
            expected_version=opened.edit_version,
            changes={"public_text": "Nobody checked this."},
        )

    def release() -> Publication:
        return publish(actor=world.publisher, case=world.case, versions=[version], title="T")

    published, rewritten = at_once(release, rewrite)
    stored = ClaimVersion.objects.get(pk=version.pk)
    if isinstance(published, Publication):
        assert stored.state == VersionState.PUBLISHED
        assert isinstance(rewritten, CaseworkError)
        assert PublishedVersion.objects.get().content_sha256 == approved == sha256_of(bytes(stored.content))
        assert b"Nobody checked this" not in bytes(published.snapshot)
    else:
        assert (stored.state, rewritten) == (VersionState.DRAFT, None)
        assert not Publication.objects.exists()


def test_two_publishers_publish_a_claim_once(transactional_world):
    world = transactional_world
    version = make_approved(world)
    release = lambda: publish(actor=world.publisher, case=world.case, versions=[version], title="T")  # noqa: E731
    outcomes = at_once(release, release)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Publication"]
    assert PublishedVersion.objects.count() == 1


def test_evidence_withdrawn_while_its_claim_is_published_is_never_passed_over(transactional_world):
    world = transactional_world
    version = make_approved(world)
    published, _ = at_once(
        lambda: publish(actor=world.publisher, case=world.case, versions=[version], title="T"),
        lambda: withdraw_item(actor=world.editor, item=world.radio_text, reason="Forged."),
    )
    stored = world.newest(version)
    if isinstance(published, Publication):
        assert (stored.state, bool(stored.needs_attention)) == (VersionState.PUBLISHED, True)
    else:
        assert stored.state == VersionState.CHANGES_REQUESTED


def test_citation_added_while_its_version_is_submitted_is_in_it_or_refused(transactional_world):
    world = transactional_world
    version = make_draft(world)
    at_once(
        lambda: submit(actor=world.author, version=version),
        lambda: cite(actor=world.author, version=version, item=world.radio_text, exact="the picture"),
    )
    stored = world.newest(version)
    assert stored.state == VersionState.SUBMITTED
    assert content_of(stored) == bytes(stored.content)
