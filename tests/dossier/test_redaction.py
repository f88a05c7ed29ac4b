"""A redacted dossier proves itself with the same program, and gives away nothing of what it withholds."""

import json
import random
import re
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.dossier import checks, redaction
from claims.dossier.commitments import MARK, REDACTIONS, check_commitment, leaves, pieces_of, read_redactions
from claims.dossier.files import Damaged, canonical
from tests.dossier.conftest import WITHHELD, unpack
from tests.dossier.test_verify import run_program

pytestmark = pytest.mark.xdist_group("dossier")
TEXTS = st.text(max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
SECRET = bytes(range(32))


def resealed(files: dict[str, bytes]) -> dict[str, bytes]:
    """As somebody would hand it on who changed files and made the manifest fit."""
    entries = {name: sha256(content).hexdigest() for name, content in sorted(files.items()) if name != checks.MANIFEST}
    manifest = {"format": checks.MANIFEST_FORMAT, "files": entries, "digest": checks.manifest_digest(entries)}
    return files | {checks.MANIFEST: canonical(manifest)}


def test_redacted_dossier_verifies_with_the_program_in_it(redacted, tmp_path):
    done = run_program(unpack(redacted.files, tmp_path / "unpacked"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "places are withheld" in done.stdout
    assert done.stdout.endswith("elsewhere.\n")


def test_same_program_lies_in_both(dossier, redacted):
    assert dossier.files["verify.py"] == redacted.files["verify.py"]


@pytest.mark.parametrize("words", WITHHELD)
def test_nothing_withheld_stands_in_any_file(dossier, redacted, words):
    files = [*redacted.files.values(), redacted.zip]
    assert words.encode() in dossier.files[checks.CLAIMS]
    assert not [content for content in files if re.search(re.escape(words.encode()), content, re.IGNORECASE)]


def test_no_hash_in_it_lets_anybody_try_out_what_was_withheld(dossier, redacted):
    """With the whole dossier at hand, as the best guess there can be, no hash of it is found in the redacted one."""
    snapshot = checks.parse(dossier.files, checks.CLAIMS)
    shown = b"".join(redacted.files.values()).decode()
    unsalted = {key: value for key, value in snapshot.items() if key != "salt"}
    touched = [claim for claim in snapshot["claims"] if b"Xalil" in canonical(claim["content"])]
    guesses = [canonical(unsalted), canonical(unsalted | {"salt": MARK})]
    for claim in touched:
        bare = {key: value for key, value in claim["content"].items() if key != "salt"}
        guesses += [canonical(bare), canonical(bare | {"salt": MARK})]
    for _, value in leaves(snapshot):
        if isinstance(value, str) and any(words in value for words in WITHHELD):
            guesses += [value.encode(), canonical(value), *(piece.encode() for piece in pieces_of(value))]
    assert touched
    assert not [guess for guess in guesses if sha256(guess).hexdigest() in shown]
    withheld = [claim["content"]["salt"] for claim in touched] + [snapshot["salt"]]
    assert not [salt for salt in withheld if salt in shown]


def test_hashes_of_texts_of_which_words_are_withheld_are_withheld(dossier, redacted):
    whole, shown = (checks.parse(files, checks.CLAIMS) for files in (dossier.files, redacted.files))
    for before, after in zip(whole["exhibits"], shown["exhibits"], strict=True):
        cut = before["passages"] != after["passages"]
        for name in ("sha256", "sha512", "text_sha256"):
            assert after[name] == (MARK if cut else before[name])
            if cut:
                assert before[name].encode() not in b"".join(redacted.files.values())
    assert any(exhibit["sha256"] == MARK for exhibit in shown["exhibits"])


def test_page_says_that_and_why_something_is_withheld(dossier, redacted):
    page = redacted.files["index.html"].decode()
    assert "Reason: Privacy." in page
    assert MARK in page
    assert MARK not in dossier.files["index.html"].decode()


def test_every_changed_file_is_found_and_named(redacted):
    rng = random.Random(6)
    for name, content in redacted.files.items():
        at = rng.randrange(len(content))
        changed = bytes([content[at] ^ 1])
        with pytest.raises(Damaged) as raised:
            checks.check(redacted.files | {name: content[:at] + changed + content[at + 1 :]})
        assert raised.value.name == name


def told(redacted) -> dict:
    return json.loads(redacted.files[REDACTIONS])


def check_forged(redacted, snapshot: dict, opened: dict) -> Damaged:
    """What the verifier says where claims and redactions were changed together and all lists made to fit."""
    evidence = {"format": snapshot["format"], "exhibits": snapshot["exhibits"], "sources": snapshot["sources"]}
    forged = {
        checks.CLAIMS: canonical(snapshot),
        checks.EVIDENCE: canonical(evidence),
        REDACTIONS: canonical(opened),
    }
    with pytest.raises(Damaged) as raised:
        checks.check(resealed(redacted.files | forged))
    return raised.value


def test_redaction_of_a_leaf_that_was_never_committed_is_refused(redacted):
    snapshot, opened = checks.parse(redacted.files, checks.CLAIMS), told(redacted)
    pointer = "/publication/subtitle"
    snapshot["publication"]["subtitle"] = MARK
    opened["hidden"][pointer] = {"kind": "text", "pieces": [["", "0" * 64]]}
    _, root = read_redactions({REDACTIONS: canonical(opened)}, snapshot)
    assert root not in b"".join(redacted.files.values()).decode()
    assert check_forged(redacted, snapshot, opened).name in (REDACTIONS, "index.html")


def test_commitment_that_the_log_does_not_hold_is_named():
    with pytest.raises(Damaged, match="never committed") as raised:
        check_commitment([], {"object": "publication:x"}, frozenset({"/a"}), "0" * 64)
    assert raised.value.name == REDACTIONS


def test_shown_word_that_was_changed_is_refused(redacted):
    snapshot, opened = checks.parse(redacted.files, checks.CLAIMS), told(redacted)
    pointer = next(p for p, one in opened["hidden"].items() if p.endswith("/public_text") and "content" not in p)
    piece = next(piece for piece in opened["hidden"][pointer]["pieces"] if piece[0] and piece[1].strip())
    piece[1] = "never"
    with pytest.raises(Damaged, match="other words"):
        read_redactions({REDACTIONS: canonical(opened)}, snapshot)


@pytest.mark.parametrize(
    "change",
    [
        lambda opened: opened["hidden"].popitem(),
        lambda opened: opened["seeds"].popitem(),
        lambda opened: opened["seeds"].update({"/nowhere": "0" * 64}),
        lambda opened: opened["seeds"].update({next(iter(opened["hidden"])): "0" * 64}),
        lambda opened: opened["seeds"].update({next(iter(opened["seeds"])): "no digits"}),
        lambda opened: opened.update(format="caseapp-redaction/9"),
        lambda opened: opened.pop("hidden"),
        lambda opened: opened.update(hidden=[]),
    ],
)
def test_redactions_that_do_not_fit_are_refused(redacted, change):
    opened = told(redacted)
    change(opened)
    with pytest.raises(Damaged) as raised:
        read_redactions({REDACTIONS: canonical(opened)}, checks.parse(redacted.files, checks.CLAIMS))
    assert raised.value.name == REDACTIONS


def test_dossier_without_its_redactions_is_refused(redacted):
    files = {name: content for name, content in redacted.files.items() if name != REDACTIONS}
    with pytest.raises(Damaged):
        checks.check(resealed(files))


@given(text=TEXTS)
def test_pieces_are_the_text_again(text):
    assert "".join(pieces_of(text)) == text


@settings(max_examples=60)
@given(value=VALUES, data=st.data())
def test_whatever_is_withheld_the_root_stays_and_the_rest_is_shown(value, data):
    snapshot = {"salt": "s", "exhibits": [], "claims": [], "rest": value}
    found = dict(leaves(snapshot))
    chosen = data.draw(st.sets(st.sampled_from(sorted(found))))
    pieces = {p: pieces_of(found[p]) if isinstance(found[p], str) else [""] for p in chosen}
    hidden = {
        p: sorted(data.draw(st.sets(st.sampled_from(range(len(each))), min_size=1))) for p, each in pieces.items()
    }
    shown = redaction.masked(snapshot, hidden)
    opened = canonical(redaction.opening(snapshot, SECRET, hidden))
    pointers, root = read_redactions({REDACTIONS: opened}, shown)
    assert pointers == set(hidden)
    assert root == redaction.root(snapshot, SECRET)
    assert {p: v for p, v in leaves(shown) if p not in hidden} == {p: v for p, v in found.items() if p not in hidden}


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Write to anar@mail.example, today.", "anar@mail.example", f"Write to {MARK} today."),
        ("ESMIRA  xəlil and Anar", "Esmira Xəlil", f"{MARK}  {MARK} and Anar"),
        ("https://a.example/?m=anar%40mail.example end", "anar@mail.example", f"{MARK} end"),
        ("Cafe\u0301 Noir", "Café", f"{MARK} Noir"),
        ("line one\nline two", "one line", f"line {MARK}\n{MARK} two"),
        ("Xalilova spoke", "Xalil", f"{MARK} spoke"),
        ("nothing of it", "Xalil", "nothing of it"),
        ("a.b stays", "a+b", "a.b stays"),
    ],
)
def test_words_are_found_in_any_form(text, words, shown):
    assert redaction.masked({"t": text}, redaction.places({"t": text}, [words]))["t"] == shown


@pytest.mark.parametrize(
    ("snapshot", "salted"),
    [
        ({"salt": "s", "claims": [{"content": {"salt": "t"}}]}, True),
        ({"salt": "s", "claims": [{"content": {"salt": "t"}}, {"content": {}}]}, False),
        ({"claims": [{"content": {"salt": "t"}}]}, False),
    ],
)
def test_what_was_published_without_salts_is_told_apart(snapshot, salted):
    assert redaction.is_salted(snapshot) is salted
