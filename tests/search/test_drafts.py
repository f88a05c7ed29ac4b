"""What a document can be narrowed by."""

from uuid import UUID

from search.drafts import Draft, content_of
from search.query.parser import parse

DRAFT = Draft(
    kind="claim", object_id=UUID(int=1), case_id=UUID(int=2), title="A claim", by=("ilopez", "Inés López-Ruiz")
)


def test_work_is_found_by_whose_it_is_under_each_name():
    keys = set(content_of(DRAFT).keys)
    for query in ("by:ilopez", "by:@ilopez", "by:ines", "by:LÓPEZ", 'by:"Ines Lopez-Ruiz"'):
        assert set(parse(query).tree.keys) <= keys, query
    for query in ("by:lope", "by:claim"):
        assert not set(parse(query).tree.keys) & keys, query
