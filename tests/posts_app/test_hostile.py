"""What somebody may try with posts, beyond what a single file can hold."""

import pytest

from claims.models import ClaimVersion
from tests.factories.claims import make_draft, make_world
from tests.factories.posts import PASTED, analyse, import_posts, row, table

pytestmark = pytest.mark.django_db


def test_flood_of_accounts_shows_its_source_and_rate_and_changes_no_claim(tmp_path):
    """A64: invented accounts make a large number, beside which stands where it is from; nothing is concluded."""
    world = make_world()
    draft = make_draft(world)
    before = ClaimVersion.objects.values().get(pk=draft.pk)
    flood = [row(n, n, f"{PASTED} #Islands", minutes=n / 600) for n in range(1, 1_001)]
    import_posts(world.author, world.case, table(tmp_path / "f.csv", flood), source_note="Sent by an unknown person")
    analysis = analyse(world.author, world.case, method="synchrony", window=1)
    assert analysis.result["posts_per_hour"] > 30_000
    clusters = analyse(world.author, world.case, method="clusters", levels=["L2"])
    assert clusters.result["clusters"]["L2"]["largest"]["accounts"] == 1_000
    assert "Sent by an unknown person" in clusters.item.relevance_note
    assert "coordinated" not in str(clusters.result)
    assert ClaimVersion.objects.values().get(pk=draft.pk) == before
