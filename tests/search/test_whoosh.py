"""What Whoosh 2.7.4 does wrong and must not do here (docs/search.md, T1 to T11), and what an index survives."""

import errno
import os
import pickle
import random
import threading
from functools import partial

import pytest
from django.test import override_settings

from search.ast import And, During, Keys, Not, Or, Phrase, Words
from search.engines.whoosh import sealing
from search.engines.whoosh.sealing import MANIFEST, Unsealed, read_manifest, write_manifest
from search.engines.whoosh.writing import MOST_ALIKE, NAME, optimize, placed, write
from tests.search.indexes import a_row, ask, day, new_index
from tests.search.writers import begin, kill_all, write_every_second, write_for_ever

# Kills of one run; `make bench` asks for more.
KILLS = int(os.environ.get("SEARCH_KILLS", "4"))


@pytest.fixture
def index(tmp_path):
    return new_index(tmp_path / "index")


def segments_of(index) -> set[str]:
    return {path.name.split(".")[0] for path in index.iterdir() if path.name.startswith(f"{NAME}_") and path.suffix}


def test_what_was_deleted_or_replaced_is_never_found_again(index):
    """T1: here through merges and many commits."""
    seq = 0
    for number in range(10):
        seq += 1
        write(index, [a_row(number, seq, f"old{number} common")])
    for number in range(10):
        seq += 1
        write(index, [a_row(number, seq, f"new{number} common", live=number % 2 == 0)])
    assert sorted(ask(index).ids) == [0, 2, 4, 6, 8]
    assert ask(index, Or(tuple(Words((f"old{number}",)) for number in range(10)))).total == 0
    assert ask(index, Words(("common",))).total == 5


def test_of_two_states_in_one_batch_the_last_counts(index):
    """T2, T3."""
    write(index, [a_row(1, 1, "first"), a_row(1, 2, "second"), a_row(2, 3, "gone"), a_row(2, 4, live=False)])
    assert ask(index).ids == [1]
    assert ask(index, Words(("first",))).total == 0
    assert ask(index, Words(("second",))).total == 1


def test_dates_match_from_the_one_day_to_the_other(index):
    """T4."""
    write(index, [a_row(number, number, at=day(number)) for number in range(1, 29)] + [a_row(99, 99)])
    assert sorted(ask(index, During(day(1), day(6))).ids) == [1, 2, 3, 4, 5]
    assert ask(index, During(None, None)).total == 28
    assert ask(index, Not(During(day(1), day(29)))).ids == [99]


def test_total_is_the_number_of_hits_and_not_a_guess(index):
    """T5: and an alternative of common words ends (T6)."""
    write(index, [a_row(number, number, f"common w{number % 7}") for number in range(1, 400)])
    words = tuple(Words((f"w{number}",)) for number in range(7))
    answer = ask(index, And((Or(words), Words(("common",)))), size=10)
    assert (answer.total, len(answer.ids), answer.facets["type"]) == (399, 10, {"text": 399})


@pytest.mark.parametrize("damage", ["empty", "half", "gone", "flipped"])
@pytest.mark.parametrize("kind", ["toc", "trm", "pst", MANIFEST])
def test_damaged_file_is_noticed_before_it_is_read(index, damage, kind):
    """T7."""
    write(index, [a_row(number, number) for number in range(1, 50)])
    path = next(path for path in index.iterdir() if path.name.endswith(kind))
    whole = path.read_bytes()
    damaged = {
        "empty": b"",
        "half": whole[: len(whole) // 2],
        "flipped": whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:],
    }
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(damaged[damage])
    with pytest.raises((Unsealed, FileNotFoundError)):
        ask(index)


def test_many_upserts_open_the_index_once(index, monkeypatch):
    """T8: Whoosh opens a searcher for each."""
    write(index, [a_row(number, number) for number in range(1, 301)])
    opened = []
    honest = sealing.SealedStorage.open_file

    def counted(self, name: str, **kwargs):
        opened.append(name)
        return honest(self, name, **kwargs)

    monkeypatch.setattr(sealing.SealedStorage, "open_file", counted)
    write(index, [a_row(number, 1000 + number, "again") for number in range(1, 301)])
    monkeypatch.undo()
    assert len(opened) < 60
    assert (ask(index).total, ask(index, Words(("again",))).total) == (300, 300)


def test_segments_stay_apart_and_few(index):
    """T9: one file would be copied whole into memory for each reader. T10: hundreds of segments."""
    for number in range(1, 60):
        write(index, [a_row(number, number)])
    assert len(segments_of(index)) <= 2 * MOST_ALIKE
    assert not [path for path in index.iterdir() if path.suffix == ".seg"]
    assert ask(index).total == 59


def test_tidied_index_is_one_segment_and_finds_the_same(index):
    for number in range(1, 30):
        write(index, [a_row(number, number, f"w{number % 3} common", live=number % 5 > 0)])
    write(index, [a_row(7, 30, live=False)])
    before, mark = ask(index, Words(("w1",))), read_manifest(index).mark
    optimize(index)
    assert len(segments_of(index)) == 1
    assert (ask(index, Words(("w1",))), read_manifest(index).mark) == (before, mark)
    write(index, [a_row(31, 31, "w1 common")])
    assert ask(index, Words(("w1",))).total == before.total + 1


@pytest.mark.parametrize("first", [(), (17, 3, 999, 24)])
def test_pages_are_stretches_of_the_whole_order(index, first):
    """Only what may be on the page is sorted: many are of one time, some of none."""
    times = [None, day(1), day(2)]
    rows = [a_row(number, number, f"w{number % 2} w0", at=times[number % 3]) for number in range(1, 60)]
    write(index, rows[:40])
    write(index, rows[40:])
    whole = ask(index, first=first, wanted=(("w1",), ("w0",))).ids
    assert sorted(whole) == list(range(1, 60))
    assert whole[: len(first)][:2] == list(first[:2])
    for offset in (0, 1, 19, 20, 41, 57, 59):
        page = ask(index, first=first, wanted=(("w1",), ("w0",)), offset=offset, size=7)
        assert (page.ids, page.total) == (whole[offset : offset + 7], 59)


def test_phrase_and_quoted_words(index):
    write(index, [a_row(1, 1, "one two three"), a_row(2, 2, "two one three"), a_row(3, 3, "one three two")])
    assert ask(index, Phrase(("one", "two"))).ids == [1]
    assert ask(index, Phrase(("two", "one", "three"))).ids == [2]
    assert ask(index, Phrase(("one", "never"))).ids == []
    write(index, [a_row(4, 4, "one one two two")])
    assert ask(index, Phrase(("one", "one", "two"))).ids == [4]
    assert ask(index, Phrase(("one", "one", "one"))).ids == []
    write(index, [a_row(4, 5, live=False), a_row(1, 6, live=False), a_row(5, 7, "one two")])
    assert ask(index, Phrase(("one", "two"))).ids == [5]


def test_words_of_a_vector_come_back_with_their_places():
    assert placed("'b''c':2 'a':1,4 'd\\\\':3") == {"a": [1, 4], "b'c": [2], "d\\": [3]}
    assert placed("") == {}


# --- planted and foreign files


class Planted:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path) -> None:
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("name", ["_MAIN_99.toc", None])
def test_planted_pickle_is_never_run(index, tmp_path, name):
    """A66: beside the files of the index, and in the place of one."""
    write(index, [a_row(1, 1)])
    name = name or next(path.name for path in index.iterdir() if path.suffix == ".toc")
    (index / name).write_bytes(pickle.dumps(Planted(tmp_path / "it-ran")))
    if name == "_MAIN_99.toc":
        assert ask(index).total == 1
        write(index, [a_row(2, 2)])
        assert not (index / name).exists()
    else:
        with pytest.raises(Unsealed):
            ask(index)
    assert not (tmp_path / "it-ran").exists()


def test_manifest_that_somebody_else_wrote_is_refused(index):
    write(index, [a_row(1, 1)])
    manifest = read_manifest(index)
    with override_settings(SECRET_KEY="another one"):
        write_manifest(index, manifest)
    with pytest.raises(Unsealed, match="seal"):
        ask(index)


def test_folder_or_file_that_others_could_have_written_is_refused(index, tmp_path):
    write(index, [a_row(1, 1)])
    index.chmod(0o770)
    with pytest.raises(Unsealed, match="not ours alone"):
        ask(index)
    index.chmod(0o700)
    (tmp_path / "link").symlink_to(index)
    with pytest.raises(Unsealed, match="not ours alone"):
        read_manifest(tmp_path / "link")
    toc = next(path for path in index.iterdir() if path.suffix == ".toc")
    toc.rename(tmp_path / "elsewhere")
    toc.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unsealed, match="not the file that we wrote"):
        ask(index)


# --- crashes


@pytest.mark.xdist_group("writers")
def test_killed_writer_leaves_an_index_that_is_whole_and_goes_on(index):
    """F18: at whichever moment it is killed, the index has everything up to its mark, and nothing behind it."""
    chance = random.Random(4)
    for _ in range(KILLS):
        seq = read_manifest(index).mark
        child = begin(partial(write_for_ever, index, seq))
        threading.Event().wait(chance.uniform(0.01, 0.5))
        kill_all([child])
        mark = read_manifest(index).mark
        assert mark >= seq
        assert sorted(ask(index).ids) == list(range(1, mark + 1))
    write(index, [a_row(mark + 1, mark + 1)])
    assert ask(index).total == mark + 1


@pytest.mark.xdist_group("writers")
def test_two_writers_take_turns_and_lose_nothing(index):
    children = [begin(partial(write_every_second, index, first)) for first in (1, 2)]
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0]
    assert sorted(ask(index).ids) == list(range(1, 41))


def test_full_or_read_only_disk_leaves_the_index_as_it_was(index, monkeypatch):
    write(index, [a_row(1, 1)])

    def refuse(descriptor: int) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("search.engines.whoosh.sealing.os.fsync", refuse)
    with pytest.raises(OSError, match="Read-only"):
        write(index, [a_row(2, 2)])
    monkeypatch.undo()
    assert ask(index).ids == [1]
    write(index, [a_row(2, 2)])
    assert sorted(ask(index).ids) == [1, 2]


def test_keys_may_hold_anything_but_what_stands_between_them(index):
    row = a_row(1, 1)
    strange = "h:a,b c'd\\"
    row.keys.append(strange)
    write(index, [row])
    assert ask(index, Keys((strange,))).ids == [1]
    assert ask(index, Keys(("h:a",))).ids == []
