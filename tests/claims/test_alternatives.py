"""Alternatives: what a draft holds, how content and corrections carry them, and that they are frozen with it."""

import pytest
from django.db import DatabaseError, transaction

from cases.exceptions import Conflict, InvalidInput, StaleVersion
from claims.actions.corrections import correct
from claims.actions.hypotheses import Alternative, save_alternatives
from claims.alternatives import STATEMENTS, digest_of, matrix, offered, written_of
from claims.canonical import cited, content_of, read
from claims.models import EvidenceFit, Hypothesis
from tests.factories.claims import make_draft, make_published, make_submitted
from tests.factories.users import make_user


def save(world, version, *alternatives, **fields):
    known = {"seen": digest_of(written_of([version])[version.pk]), "devils_advocate": world.checker}
    return save_alternatives(actor=world.author, version=version, alternatives=alternatives, **known | fields)


def namesake(version, fit="inconsistent", **fields):
    fits = dict.fromkeys(version.citations.values_list("pk", flat=True), fit)
    return Alternative("Another Esmira Xalil runs it.", "namesake", "ruled_out", "The staff list.", fits, **fields)


@pytest.fixture
def version(world):
    return make_draft(world)


def test_matrix_counts_what_speaks_against_each_explanation(world, version):
    version = save(world, version, namesake(version))
    own, alternative = matrix(version, list(cited(version)))
    assert (own.hypothesis, own.inconsistent) == (None, 0)
    assert (alternative.hypothesis.statement, alternative.inconsistent) == ("Another Esmira Xalil runs it.", 2)


def test_minimum_set_is_offered_until_it_is_tried(world):
    bare = make_draft(world, cited=False)
    assert [kind for kind, _ in offered(bare)] == ["impersonation", "shared_or_sold", "namesake", "compromised"]
    assert all(statement == STATEMENTS[kind] for kind, statement in offered(bare))
    save(world, bare, Alternative("Another one.", "namesake"))
    assert "namesake" not in dict(offered(bare))


def test_content_changes_with_each_part_and_holds_nothing_where_nothing_is_said(world, version):
    bare = make_draft(world, cited=False)
    assert written_of([bare])[bare.pk] == {}
    contents = {content_of(version)}
    for alternative in (namesake(version), namesake(version, "neutral")):
        version = save(world, version, alternative)
        contents.add(content_of(version))
    version = save(world, version, namesake(version, "neutral"), devils_advocate=world.editor)
    contents.add(content_of(version))
    assert len(contents) == 4


def test_second_to_save_learns_of_the_first(world, version):
    seen = digest_of(written_of([version])[version.pk])
    save(world, version, namesake(version))
    with pytest.raises(StaleVersion):
        save(world, version, seen=seen)


def test_rows_keep_their_id_and_what_is_left_out_goes(world, version):
    version = save(world, version, namesake(version), Alternative("Chance."))
    first = version.hypotheses.first()
    save(world, version, namesake(version, id=first.pk))
    assert list(version.hypotheses.values_list("pk", flat=True)) == [first.pk]


@pytest.mark.parametrize(
    ("alternative", "field"),
    [
        (Alternative(" "), "statement"),
        (Alternative("x" * 501), "statement"),
        (Alternative("Chance.", "unheard_of"), "kind"),
        (Alternative("Chance.", disposition="maybe"), "disposition"),
        (Alternative("Chance.", note="x" * 20_001), "note"),
    ],
)
def test_alternative_is_refused_by_the_field_at_fault(world, version, alternative, field):
    with pytest.raises(InvalidInput) as refused:
        save(world, version, alternative)
    assert refused.value.field == field


def test_evidence_of_another_claim_is_not_weighed(world, version):
    foreign = make_draft(world)
    with pytest.raises(InvalidInput, match="citation"):
        save(world, version, namesake(foreign))
    with pytest.raises(InvalidInput, match="rating"):
        save(world, version, namesake(version, "perhaps"))
    with pytest.raises(InvalidInput, match="alternative of this claim"):
        save(world, version, namesake(version, id=foreign.hypotheses.first().pk))


def test_advocate_is_a_member_and_not_the_author(world, version):
    for person in (world.author, make_user()):
        with pytest.raises(InvalidInput) as refused:
            save(world, version, devils_advocate=person)
        assert refused.value.field == "devils_advocate"


def test_frozen_version_keeps_its_alternatives(world, version):
    version = make_submitted(world, save(world, version, namesake(version)))
    with pytest.raises(Conflict):
        save(world, version)
    changes = (
        lambda: Hypothesis.objects.filter(version=version).update(disposition="open"),
        lambda: EvidenceFit.objects.filter(hypothesis__version=version).update(fit="neutral"),
        lambda: Hypothesis.objects.create(case=version.case, version=version, statement="Late."),
    )
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_correction_takes_them_over_with_their_ratings(world, version):
    kept = [Alternative(one.statement, one.kind, "less_likely", "No.") for one in version.hypotheses.all()]
    rated = [*kept[:2], namesake(version), *kept[3:]]
    published = make_published(world, save(world, version, *rated))
    corrected = correct(actor=world.author, claim=published.claim, cause="A year.", public_note="We named a year.")
    before, after = read(published)["alternatives"], written_of([corrected])[corrected.pk]["alternatives"]
    assert [one["statement"] for one in after] == [one["statement"] for one in before]
    assert [len(one["fits"]) for one in after] == [0, 0, 2, 0]
    own = {str(pk) for pk in corrected.citations.values_list("pk", flat=True)}
    assert {fit["citation"] for one in after for fit in one["fits"]} == own
