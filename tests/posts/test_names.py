"""Names of posts and accounts: what two servers number alike is never one, and what one server shows always is."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.enums import Platform
from cases.platforms import WITH_SERVERS
from posts.enums import Kind, Relation
from posts.formats.mapping import Mapping
from posts.names import name_of, named_by_address, own_server, post_name, server_of, user_of
from tests.posts.files import read_all, write_csv, write_lines

SERVERS = st.sampled_from(["a.example", "b.example", "social.a.example"])
NUMBERS = st.integers(1, 3).map(str)
AT = "2024-05-16T09:15:00Z"


def status(server, number, user="5", asked="", **more):
    """A status as its own server shows it, or as `asked` does, under ids of its own."""
    name = f"u{user}"
    account = {"id": user, "acct": name, "username": name, "url": f"https://{server}/@{name}"}
    found = {
        "id": number,
        "uri": f"https://{server}/users/{name}/statuses/{number}",
        "url": f"https://{server}/@{name}/{number}",
        "created_at": AT,
        "content": f"<p>{server} {number} {user}</p>",
        "account": account,
    }
    if asked and asked != server:
        found |= {"id": f"9{number}", "account": account | {"id": f"8{user}", "acct": f"{name}@{server}"}}
    return found | more


def capture(service, number, user="1"):
    data = status(service, number, user)
    return {"source_platform": service, "item_id": number, "timestamp_collected": 1715900000000, "data": data}


def posts_in(*records, **options):
    with tempfile.TemporaryDirectory() as folder:
        found = read_all(write_lines(Path(folder) / "s.ndjson", *records), **options)
    assert not found.rejections
    return found.posts


def keys(posts):
    return {(post.platform, post.native_id) for post in posts}


@given(st.lists(st.tuples(SERVERS, NUMBERS, NUMBERS), min_size=1, max_size=8))
def test_statuses_are_one_where_server_and_id_are_and_accounts_too(told):
    found = posts_in(*(status(*one) for one in told))
    assert len(keys(found)) == len({(server, number) for server, number, _ in told})
    firsts = {(server, number): (server, user) for server, number, user in reversed(told)}
    assert len({(post.platform, post.account) for post in found}) == len(set(firsts.values()))


@given(SERVERS, NUMBERS, st.sampled_from(["c.example", "d.example"]))
def test_status_is_the_same_post_whichever_server_shows_it(server, number, asked):
    (own,), (elsewhere,) = posts_in(status(server, number)), posts_in(status(server, number, asked=asked))
    assert own.native_id == elsewhere.native_id == f"{number}@{server}"
    assert (own.account, elsewhere.account) == (f"5@{server}", f"https://{server}/@u5")
    assert own.handle == elsewhere.handle == f"u5@{server}"


@given(st.lists(st.tuples(st.sampled_from(["truthsocial.com", "gab.com"]), NUMBERS), min_size=1, max_size=6))
def test_services_built_from_mastodon_are_platforms_with_ids_of_their_own(told):
    found = posts_in(*(capture(*one) for one in told))
    platforms = {"truthsocial.com": "truthsocial", "gab.com": "gab"}
    assert keys(found) == {(platforms[service], number) for service, number in told}
    assert {post.account for post in found} == {"1"}
    assert {post.handle for post in found} == {"u1"}


def test_what_a_server_of_mastodon_shows_of_gab_has_no_id_of_gab():
    own, shown = posts_in(capture("gab.com", "1"), status("gab.com", "1", "1", asked="a.example"))
    assert (own.platform, own.native_id, own.account) == ("gab", "1", "1")
    assert (shown.platform, shown.native_id, shown.account) == ("mastodon", "1@gab.com", "https://gab.com/@u1")


def test_boost_quote_answer_and_mention_name_the_server_too():
    boosted = status("b.example", "7", asked="a.example")
    mention = {"id": "3", "acct": "ken", "username": "ken", "url": "https://a.example/@ken"}
    boost, answer, foreign = posts_in(
        status("a.example", "1", reblog=boosted, content=""),
        status("a.example", "2", in_reply_to_id="1", in_reply_to_account_id="5", mentions=[mention]),
        status("b.example", "3", asked="a.example", in_reply_to_id="1", in_reply_to_account_id="5"),
    )
    assert boost.reference(Relation.REPOSTED) == ("reposted", "7@b.example", "https://b.example/@u5", "u5@b.example")
    assert answer.reference(Relation.REPLIED_TO) == ("replied_to", "1@a.example", "5@a.example", "")
    assert answer.mentions == ("ken@a.example",)
    # By a number of a server that nothing names.
    assert (foreign.kind, foreign.reference(Relation.REPLIED_TO)) == (Kind.REPLY, ("replied_to", "", "", ""))
    (known,) = posts_in(
        status("b.example", "3", asked="a.example", in_reply_to_id="1", in_reply_to_account_id="5"), server="a.example"
    )
    assert known.reference(Relation.REPLIED_TO) == ("replied_to", "1@a.example", "5@a.example", "")


def test_quoted_post_is_named_in_every_shape_that_mastodon_gave_it():
    quoted = status("b.example", "7", asked="a.example")
    shapes = [
        quoted,
        {"state": "accepted", "quoted_status": quoted},
        {"state": "accepted", "quoted_status_id": "97"},
        {"state": "deleted", "quoted_status": None},
    ]
    found = posts_in(*(status("a.example", str(n), quote=shape) for n, shape in enumerate(shapes, start=10)))
    named = [ref.native_id if (ref := post.reference(Relation.QUOTED)) else None for post in found]
    assert named == ["7@b.example", "7@b.example", "97@a.example", None]


def test_what_a_boost_names_without_an_address_is_of_the_server_that_was_asked():
    boost, odd = posts_in(
        status("a.example", "1", reblog={"id": "9", "account": {"id": "3", "acct": "ken"}}),
        status("a.example", "2", account={"id": "5", "acct": "u5", "url": 7}),
    )
    assert boost.reference(Relation.REPOSTED) == ("reposted", "9@a.example", "3@a.example", "ken@a.example")
    assert odd.account == "5@a.example"


def test_status_without_an_address_is_refused_until_its_server_is_said(tmp_path):
    bare = {"id": "1", "created_at": AT, "content": "t", "account": {"id": "5", "acct": "ana"}}
    path = write_lines(tmp_path / "s.ndjson", bare)
    refused = read_all(path).rejection
    assert (refused.code, "say which server" in refused.reason) == ("no_server", True)
    post = read_all(path, server="a.example").post
    assert (post.native_id, post.account, post.handle) == ("1@a.example", "5@a.example", "ana@a.example")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://a.example/users/ana/statuses/12", "12@a.example"),
        ("https://a.example/ap/users/115/statuses/12", "12@a.example"),
        ("https://a.example/users/ana/statuses/12/activity", "12@a.example"),
        ("https://www.a.example/@ana/12", "12@a.example"),
        ("https://a.example/notes/9xYz", "9xYz@a.example"),
        ("https://MÜNCHEN.example./@ana/12", "12@xn--mnchen-3ya.example"),
        ("https://mün..chen.example/@ana/12", ""),
        ("https://a.example/objects/0a1b-2c", "0a1b-2c@a.example"),
        ("https://a.example/?p=12", ""),
        ("https://a.example/2024/05/hello", ""),
        ("tag:a.example,2017:objectId=12", ""),
        ("https://[a.example/@ana/12", ""),
        ("12", ""),
    ],
)
def test_address_of_a_post_names_it_where_its_form_is_known(address, name):
    assert named_by_address(address) == name
    otherwise = address if "/" in address else f"{address}@b.example"
    assert post_name("mastodon", address, "b.example") == (name or otherwise)


@pytest.mark.parametrize(
    ("own_id", "address", "server"),
    [
        ("12", "https://a.example/@ana/12", "a.example"),
        ("13", "https://a.example/@ana/12", ""),
        ("", "https://a.example/@ana/12", ""),
        ("12", "https://a.example/12", ""),
    ],
)
def test_address_confirms_whose_id_it_is(own_id, address, server):
    assert own_server("mastodon", own_id, address) == server
    assert own_server("other", own_id, address) == ""


WORDS = st.text("ab1.@", min_size=1, max_size=6)


@given(st.sampled_from(sorted(WITH_SERVERS)), WORDS, SERVERS, SERVERS)
def test_names_of_two_servers_differ_and_a_name_stays_as_it_is(platform, own_id, one, other):
    names = {server: name_of(platform, own_id, server) for server in (one, other)}
    if server_of(platform, own_id) == "":
        assert len(set(names.values())) == len(names)
        assert {server: server_of(platform, name) for server, name in names.items()} == {one: one, other: other}
    for server, name in names.items():
        assert name_of(platform, name, server) == name
        if not own_id.startswith("@"):
            assert name_of(platform, *user_of(platform, name)) == name


@given(st.sampled_from(sorted(set(Platform.values) - WITH_SERVERS)), WORDS, SERVERS)
def test_platform_that_is_one_server_adds_none(platform, own_id, server):
    assert name_of(platform, own_id, server) == own_id
    assert (server_of(platform, own_id), name_of(platform, "", server)) == ("", "")


def test_table_of_another_service_is_told_apart_by_the_server_that_a_person_says(tmp_path):
    header = ["id", "user_id", "username", "text", "created_at", "retweet_id", "mentions"]
    path = write_csv(tmp_path / "t.csv", header, [["2", "5", "Ana", "t", AT, "1", "@ben"]])
    columns = {"post_id": "id", "author_id": "user_id", "handle": "username", "text": "text", "time": "created_at"}
    columns |= {"repost_of": "retweet_id", "mentions": "mentions"}
    posts = {}
    for server in ("", "one.example", "two.example"):
        posts[server] = read_all(path, format="mapping", mapping=chosen(columns), server=server).post
    assert [(post.platform, post.native_id, post.account) for post in posts.values()] == [
        ("other", "2", "5"),
        ("other", "2@one.example", "5@one.example"),
        ("other", "2@two.example", "5@two.example"),
    ]
    one = posts["one.example"]
    assert (one.handle, one.mentions) == ("Ana@one.example", ("ben@one.example",))
    assert one.reference(Relation.REPOSTED).native_id == "1@one.example"
    by_handle = {name: column for name, column in columns.items() if name != "author_id"}
    known = read_all(path, format="mapping", mapping=chosen(by_handle), server="one.example").post
    assert known.account == "@ana@one.example"


def test_table_of_mastodon_is_read_by_addresses_or_by_the_server_that_is_said(tmp_path):
    header = ["id", "user_id", "text", "created_at", "url"]
    rows = [
        ["1", "5", "t", AT, "https://a.example/@ana/1"],
        ["1", "5", "t", AT, "https://b.example/@ben/1"],
        ["https://c.example/users/cem/statuses/1", "6@c.example", "t", AT, ""],
        ["1", "5", "t", AT, ""],
    ]
    path = write_csv(tmp_path / "t.csv", header, rows)
    columns = {"post_id": "id", "author_id": "user_id", "text": "text", "time": "created_at", "url": "url"}
    found = read_all(path, format="mapping", mapping=chosen(columns), platform="mastodon")
    assert [post.native_id for post in found.posts] == ["1@a.example", "1@b.example", "1@c.example"]
    assert [post.account for post in found.posts] == ["5@a.example", "5@b.example", "6@c.example"]
    assert (found.rejection.code, found.rejection.place.line) == ("no_server", 5)


def chosen(columns):
    return Mapping.from_json(columns)
