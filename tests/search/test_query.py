"""The query language: what people type becomes a tree, and what cannot be asked one sentence, at once (A65)."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cases.exceptions import InvalidInput
from search.ast import And, During, Everything, Keys, Name, Not, Or, Phrase, Prefix, Words, leaves, wanted_words
from search.query.fields import FIELDS
from search.query.lexer import LONGEST, MOST_CLAUSES
from search.query.parser import parse
from search.tokens import exactly, spellings, stretches, tokens

COMMON = Words(("common",))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        ("common", COMMON),
        ("COMMON", COMMON),
        ("common words", And((COMMON, Words(("words",))))),
        ('"common words"', Phrase(("common", "words"))),
        ("“common words”", Phrase(("common", "words"))),
        ("-common", Not(COMMON)),
        ("-(common)", Not(COMMON)),
        ("common OR words here", Or((COMMON, And((Words(("words",)), Words(("here",))))))),
        ("(common OR words) here", And((Or((COMMON, Words(("words",)))), Words(("here",))))),
        ("common or words", And((COMMON, Words(("or",)), Words(("words",))))),
        ("common AND words", And((COMMON, Words(("words",))))),
        ("common AND words OR common", Or((And((COMMON, Words(("words",)))), COMMON))),
        ("common NOT words", And((COMMON, Not(Words(("words",)))))),
        ("common AND NOT words", And((COMMON, Not(Words(("words",)))))),
        ('common "OR" words', And((COMMON, Words(("or",)), Words(("words",))))),
        ("ANDES ORNOT common", And((Words(("andes",)), Words(("ornot",)), COMMON))),
        ("name:(Abu OR Omar)", Name("Abu OR Omar")),
        ("comm*", Prefix("comm")),
        ("co-oper*", And((Words(("co",)), Prefix("oper")))),
        ("press-service", Phrase(("press", "service"))),
        ("#Tag", Keys(("t:#tag",))),
        ("#ta_g*", Prefix("t:#ta_g")),
        ("@Esmira", Keys(("h:esmira", "t:@esmira"))),
        ("@Esmira, common", And((Keys(("h:esmira", "t:@esmira")), COMMON))),
        ("@a.bsky", Or((Keys(("h:a.bsky",)), And((Keys(("t:@a",)), Phrase(("a", "bsky"))))))),
        (
            "@a@b.example",
            Or(
                (
                    Keys(("h:a@b.example",)),
                    And((Keys(("h:a",)), Phrase(("b", "example")))),
                    And((Keys(("t:@a",)), Phrase(("a", "b", "example")))),
                )
            ),
        ),
        ("handle:@Esmira", Keys(("h:esmira",))),
        ("handle:esm*", Prefix("h:esm")),
        ("type:person,role", Keys(("k:person", "k:role"))),
        ("TYPE:person", Keys(("k:person",))),
        ("case:nc-2024", Keys(("ref:nc-2024",))),
        ("status:not-found", Keys(("s:not_found",))),
        ("status:draft,not-found", Keys(("s:draft", "s:not_found"))),
        ("lang:fr-NC,az platform:x,tiktok", And((Keys(("l:fr", "l:az")), Keys(("p:x", "p:tiktok"))))),
        ("case:A-1,b-2", Keys(("ref:a-1", "ref:b-2"))),
        ("lang:fr-NC", Keys(("l:fr",))),
        ('source:"The agency"', And((Keys(("f:the",)), Keys(("f:agency",))))),
        ("by:ines", Keys(("b:ines",))),
        ("name:(Esmira Xalil)", Name("Esmira Xalil")),
        ('name:"Esmira Xalil"', Name("Esmira Xalil")),
        ("exact:Xəlil", Words(("xəlil",), exact=True)),
        ("https://news.example/a", Phrase(("https", "news", "example", "a"))),
        ("12:30", Phrase(("12", "30"))),
        ("a'b", Phrase(("a", "b"))),
        ("common OR !!!", COMMON),
        ("common -!!!", COMMON),
    ],
)
def test_text_is_read_as_people_mean_it(text, tree):
    assert parse(text).tree == tree


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("date:2024-05-13", "2024-05-13", "2024-05-14"),
        ("date:2024-12", "2024-12-01", "2025-01-01"),
        ("date:2024", "2024-01-01", "2025-01-01"),
        ("date:2024-05-13..2024-05-22", "2024-05-13", "2024-05-23"),
        ("date:2024-05..", "2024-05-01", None),
        ("date:..2024-05", None, "2024-06-01"),
        ("date:2023-02", "2023-02-01", "2023-03-01"),
        ("date:2024-02", "2024-02-01", "2024-03-01"),
        ("date:9999", "9999-01-01", None),
        ("date:9999-12", "9999-12-01", None),
        ("date:2024-05-13..9999-12-31", "2024-05-13", None),
        ("after:2024-05-13", "2024-05-13", None),
        ("before:2024-05-13", None, "2024-05-13"),
    ],
)
def test_date_is_from_its_first_moment_to_its_last(text, start, end):
    tree = parse(text).tree
    assert isinstance(tree, During)
    assert [moment and moment.strftime("%Y-%m-%d") for moment in (tree.start, tree.end)] == [start, end]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("esmira khalil", "esmira khalil"),
        ("esmira type:person khalil", "esmira khalil"),
        ("@esmira", "@esmira"),
        ("@esmira.bsky.social", "@esmira.bsky.social"),
        ("esmira AND khalil", "esmira khalil"),
        ("-esmira", ""),
        ('"esmira khalil"', ""),
        ("esmira OR khalil", ""),
        ("exact:esmira", ""),
        ("esm*", ""),
    ],
)
def test_words_alone_may_be_a_name(text, plain):
    assert parse(text).plain == plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("direc\u00adtory", ["directory"]),
        ("Esm\u200bira\u2060", ["esmira"]),
        ("می\u200cخواهم", ["میخواهم"]),
        ("\u202aword\u202c \ufeffother", ["word", "other"]),
        ("\u200b \u00ad", []),
        ("東\u200b京", ["東", "京"]),
        ("#\u2066tag", ["tag"]),
    ],
)
def test_signs_that_nobody_sees_are_no_part_of_a_word_and_part_none(text, words):
    found = list(tokens(text))
    assert [token.folded for token in found] == [token.exact for token in found] == words


HOSTILE = [
    "a" * (LONGEST + 1),
    "ы" * (LONGEST // 2 + 1),
    " OR ".join(["a"] * 200),
    " ".join(["word"] * (MOST_CLAUSES + 1)),
    "a*",
    "ab*",
    "*",
    "(" * 500,
    "(" * 9 + "a" + ")" * 9,
    ")",
    "(a",
    "()",
    "-",
    "--a",
    "a OR",
    "OR",
    "OR a",
    '"open',
    "name:",
    "name: esmira",
    "type:nonsense",
    "date:yesterday",
    "date:2024-02-30",
    "a AND",
    "AND a",
    "a AND OR b",
    "a NOT",
    "NOT NOT a",
    "source:!!! a",
    "exact:--- a",
    "handle:@",
    "date:..",
    "date:2024..2023",
    "date:0000",
    "handle:a*",
    "null\0byte",
    "lone \ud800 surrogate",
    "-" * 1000,
    '"' * 999,
    "name:(a",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_cannot_be_asked_is_refused_with_one_sentence(text):
    """A65."""
    if text == "-":
        assert parse(text).tree == Everything()
        return
    with pytest.raises(InvalidInput) as refused:
        parse(text)
    assert refused.value.field == "query"
    assert str(refused.value).count(". ") <= 1
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("date:2024-13", "There is no month 2024-13."),
        ("after:2024-02-30", "There is no day 2024-02-30."),
        ("before:0000", "There is no year 0000."),
    ],
)
def test_what_is_not_in_the_calendar_is_called_by_its_name(text, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        parse(text)


PIECES = st.sampled_from(
    ["a", "common", "OR", "-", "(", ")", '"', "*", ":", "..", "#tag", "@h", " ", "\t", "Əliyev", "東京", "\u202e", "%s",
     "'", "\\", "|", "&", "!", "<->", *(f"{name}:" for name in FIELDS)]
)  # fmt: skip


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join)))
@example("name:type:a")
@example("-(-(a))")
@example("date:99999")
def test_any_text_is_a_tree_or_a_refusal(text):
    try:
        query = parse(text)
    except InvalidInput:
        return
    for leaf in leaves(query.tree, wanted=False):
        assert not isinstance(leaf, Words | Phrase) or all(leaf.words)
        assert not isinstance(leaf, Keys) or all(leaf.keys)
    assert set(map(type, wanted_words(query.tree))) <= {Words, Phrase, Prefix}


@given(st.text(max_size=300))
def test_words_lie_in_the_text_where_they_say(text):
    for token in tokens(text):
        assert token.folded
        assert " " not in token.folded + token.exact
        assert text[token.start : token.end].lower()[:1] != ""
        # Asked for by what is written there, a word finds itself.
        again = [one.folded for one in tokens(text[token.start : token.end])]
        assert again == [token.folded]


@given(st.text(alphabet="ab \n", max_size=200), st.integers(1, 5))
def test_stretches_hold_the_text_once_and_few_words_each(text, most):
    cut = list(stretches(text, most))
    assert [len(list(tokens(text[start:end]))) <= most for start, end in cut] == [True] * len(cut)
    words = [token.folded for start, end in cut for token in tokens(text[start:end])]
    assert words == [token.folded for token in tokens(text)]


def has_exactly(text: str, word: str) -> bool:
    """As an engine sees it: from folded words and spellings alone."""
    found = list(tokens(text))
    folded, written, never = exactly(word)
    told = spellings(found)
    return folded in {token.folded for token in found} and never not in told if folded else written in told


@given(
    st.lists(st.text("aəAıİIeéßÉ東", min_size=1, max_size=3), max_size=8),
    st.text("aəAıİIeéßÉ東", min_size=1, max_size=3),
)
@example(["Xəlil", "xalil"], "xalil")
@example(["Xəlil", "Xəlil"], "xalil")
def test_word_is_found_as_it_is_written_and_not_otherwise(words, wanted):
    text = " ".join(words)
    for token in tokens(wanted):
        assert has_exactly(text, token.exact) == (token.exact in {one.exact for one in tokens(text)})


@given(st.text(max_size=40))
@example("ﬁ ǅ ẞ İ")
def test_word_that_is_written_as_it_is_folded_says_so_by_itself(text):
    for token in tokens(text):
        assert (token.exact == token.folded) == (exactly(token.exact)[0] == token.folded)


def test_most_texts_have_nothing_to_say_of_their_spelling():
    assert spellings(tokens("The harbour master wrote it, the harbour did not.")) == []
