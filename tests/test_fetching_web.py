"""Asking over HTTP: again where it may pass, not where it will not, and never without an end."""

from __future__ import annotations

import gzip
import hashlib
import io
import stat
import struct
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.public_services import (
    Call,
    Services,
    breaking_off,
    dripping,
    endless,
    page,
    rules,
    running,
    sometimes,
    stalling,
    status,
)

from glesservice.errors import FetchError
from glesservice.fetching.archives import unpack
from glesservice.fetching.download import download
from glesservice.fetching.judging import PassingError
from glesservice.fetching.parts import Parts
from glesservice.fetching.web import Query, Web

CONTENT = hashlib.shake_256(b"roads").digest(50_000)


@pytest.fixture
def services() -> Iterator[Services]:
    with running() as server:
        server.files["roads.pbf"] = CONTENT
        yield server


def ask(services: Services, path: str = "/files/roads.pbf", **changes: object) -> bytes:
    web = Web(rules(services, **changes))
    return web.answer(Query(services.url + path), bytes)


def fetched(services: Services, folder: Path, **changes: object) -> bytes:
    web = Web(rules(services, **changes))
    url = f"{services.url}/files/roads.pbf"
    return download(web, url, folder / "roads.pbf", lambda *_: None).read_bytes()


@pytest.mark.parametrize(
    "trouble",
    [
        status(429, Retry_After="0"),
        status(500),
        status(503),
        status(504),
        page,
        stalling,
        breaking_off(CONTENT, 20_000),
        lambda call: call.handler.connection.close(),
    ],
    ids=["429", "500", "503", "504", "page", "stalls", "breaks off", "hangs up"],
)
def test_what_may_pass_is_asked_again(services, trouble):
    services.trouble = sometimes("/files", trouble, times=2)
    assert ask(services) == CONTENT
    assert len(services.calls) == 3


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (status(503, "closed for <b>cleaning</b>"), "status 503: closed for cleaning"),
        (page, "a web page came in place of data: Busy Too many of you"),
        (stalling, "timed out"),
        (breaking_off(CONTENT, 20_000), "IncompleteRead"),
    ],
    ids=["503", "page", "stalls", "breaks off"],
)
def test_what_does_not_pass_is_told_in_words(services, trouble, said):
    services.trouble = sometimes("/files", trouble, times=-1)
    with pytest.raises(FetchError, match=said) as error:
        ask(services)
    assert "goes on where it was" in error.value.faults[0].mend
    assert len(services.calls) == 3


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410])
def test_a_refusal_is_not_asked_again(services, code):
    services.trouble = sometimes("/files", status(code, "not you"), times=-1)
    with pytest.raises(FetchError, match=f"status {code}: not you"):
        ask(services)
    assert len(services.calls) == 1


def test_the_server_is_left_alone_as_long_as_it_asks_and_as_is_set(services):
    services.trouble = sometimes("/files", status(429, Retry_After="1"))
    begin = time.monotonic()
    ask(services)
    assert time.monotonic() - begin >= 1
    begin = time.monotonic()
    web = Web(rules(services, pause_seconds=0.2))
    for _ in range(3):
        web.answer(Query(f"{services.url}/files/roads.pbf"), bytes)
    assert 0.4 <= time.monotonic() - begin < 2


@pytest.mark.parametrize("wait", ["86400", "Fri, 31 Dec 2199 23:59:59 GMT"])
def test_a_server_that_asks_to_wait_until_doomsday_is_not_waited_for(services, wait):
    services.trouble = sometimes("/files", status(503, Retry_After=wait), times=-1)
    begin = time.monotonic()
    with pytest.raises(FetchError, match="the server asks to wait"):
        ask(services)
    assert time.monotonic() - begin < 1
    assert len(services.calls) == 1


def test_waits_grow_and_are_bounded(services, monkeypatch):
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    services.trouble = sometimes("/files", status(500), times=-1)
    with pytest.raises(FetchError):
        ask(services, retries=8, backoff_seconds=1, backoff_most_seconds=10)
    longest = [1, 2, 4, 8, 10, 10, 10, 10]
    chosen = [wait for wait in waits if wait > 0]
    assert len(chosen) == len(longest)
    assert all(most / 2 <= wait <= most for wait, most in zip(chosen, longest, strict=True))


def test_the_server_learns_who_asks(services):
    ask(services, contact="gis@kommun.example")
    (agent,) = services.agents
    assert agent.startswith("glesservice/")
    assert "gis@kommun.example" in agent


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://localhost/x", "data:text/plain,x"])
def test_a_redirect_out_of_the_web_is_not_followed(services, target):
    services.trouble = sometimes("/files", status(302, Location=target), times=-1)
    with pytest.raises(FetchError, match="redirected to"):
        ask(services)


def test_redirects_without_end_are_given_up(services):
    services.trouble = sometimes("/files", status(302, Location="/files/x"), times=-1)
    with pytest.raises(FetchError, match="TooManyRedirects"):
        ask(services)
    assert len(services.calls) <= 7


def test_an_answer_without_end_is_given_up(services):
    services.trouble = sometimes("/files", endless, times=-1)
    with pytest.raises(FetchError, match="larger than 1 MB"):
        ask(services, answer_mb=1)


def test_an_answer_that_drips_is_given_up(services):
    services.trouble = sometimes("/files", dripping, times=-1)
    begin = time.monotonic()
    with pytest.raises(FetchError, match="took too long"):
        ask(services, answer_seconds=0.3, retries=0)
    assert time.monotonic() - begin < 1.5


def test_an_answer_that_unpacks_without_end_is_given_up(services):
    bomb = gzip.compress(b" " * 30_000_000)
    services.trouble = sometimes(
        "/files", lambda call: call.give(bomb, Content_Encoding="gzip"), times=-1
    )
    assert len(bomb) < 100_000
    with pytest.raises(FetchError, match="larger than 1 MB"):
        ask(services, answer_mb=1)


def test_a_server_that_is_not_there_is_told(services):
    web = Web(rules(services))
    with pytest.raises(FetchError, match="no usable answer"):
        web.answer(Query("http://127.0.0.1:9/x"), bytes)


# --- Downloads ---


def ranges(services: Services) -> list[str]:
    """Note from where each request wants to go on."""
    asked: list[str] = []
    inner = services.trouble

    def _note(call: Call) -> bool:
        asked.append(call.headers.get("Range", "all"))
        return inner(call)

    services.trouble = _note
    return asked


def half(services: Services, at: int = 20_000) -> None:
    """Let the first download break off; the file has the tag that the server gives it."""
    tag = f'"{hash(CONTENT)}"'
    services.trouble = sometimes("/files", breaking_off(CONTENT, at, ETag=tag))


def test_a_download_goes_on_where_it_broke_off(services, tmp_path):
    half(services)
    asked = ranges(services)
    assert fetched(services, tmp_path) == CONTENT
    assert asked == ["all", "bytes=20000-"]
    assert [item.name for item in tmp_path.iterdir()] == ["roads.pbf"]


def test_a_download_goes_on_in_another_process(services, tmp_path):
    half(services)
    with pytest.raises(FetchError):
        fetched(services, tmp_path, retries=0)
    assert not (tmp_path / "roads.pbf").exists()
    asked = ranges(services)
    assert fetched(services, tmp_path) == CONTENT
    assert asked == ["bytes=20000-"]


def test_a_file_that_changed_meanwhile_is_begun_anew(services, tmp_path):
    half(services)
    with pytest.raises(FetchError):
        fetched(services, tmp_path, retries=0)
    services.files["roads.pbf"] = CONTENT[::-1]
    assert fetched(services, tmp_path) == CONTENT[::-1]


def test_a_server_without_ranges_sends_the_whole_file_again(services, tmp_path):
    half(services)
    with pytest.raises(FetchError):
        fetched(services, tmp_path, retries=0)
    services.trouble = sometimes("/files", lambda call: call.give(CONTENT), times=-1)
    assert fetched(services, tmp_path) == CONTENT


def test_a_server_that_goes_on_elsewhere_than_asked_is_not_believed(services, tmp_path):
    half(services)
    with pytest.raises(FetchError):
        fetched(services, tmp_path, retries=0)
    services.trouble = sometimes(
        "/files",
        lambda call: call.give(CONTENT[30_000:], 206, Content_Range="bytes 30000-49999/50000"),
    )
    assert fetched(services, tmp_path) == CONTENT


def test_what_was_downloaded_before_and_is_too_long_is_begun_anew(services, tmp_path):
    half(services)
    with pytest.raises(FetchError):
        fetched(services, tmp_path, retries=0)
    with (tmp_path / "roads.pbf.part").open("ab") as file:
        file.write(b" " * 50_000)
    assert fetched(services, tmp_path) == CONTENT


def test_a_download_that_always_begins_anew_is_given_up(services, tmp_path):
    long = bytes(1_500_000)

    def _never_done(call: Call) -> bool:
        asked = "Range" in call.headers
        fault = status(416) if asked else breaking_off(long, 1_200_000, ETag='"x"')
        fault(call)
        return True

    services.trouble = _never_done
    with pytest.raises(FetchError, match="no usable answer"):
        fetched(services, tmp_path, download_mb=4)
    assert len(services.calls) <= 8


def test_a_page_in_place_of_a_file_is_not_kept(services, tmp_path):
    services.trouble = sometimes("/files", page)
    assert fetched(services, tmp_path) == CONTENT


def test_a_download_has_a_largest_size(services, tmp_path):
    services.trouble = sometimes("/files", endless, times=-1)
    with pytest.raises(FetchError, match=r"larger than 0\.5 MB"):
        fetched(services, tmp_path, download_mb=0.5)
    assert not (tmp_path / "roads.pbf").exists()


# --- Parts ---


def test_an_answer_is_asked_for_once_and_a_broken_one_again(services, tmp_path):
    web, query = Web(rules(services)), Query(f"{services.url}/files/roads.pbf")
    parts = Parts(tmp_path / "work", {"kommun": "2462"}, keep_days=1)
    assert parts.answer(web, query, bytes) == CONTENT
    again = Parts(tmp_path / "work", {"kommun": "2462"}, keep_days=1)
    assert again.answer(web, query, bytes) == CONTENT
    assert len(services.calls) == 1
    (kept,) = (tmp_path / "work").glob("*.answer")
    kept.write_bytes(b"")

    def _whole(content: bytes) -> bytes:
        if not content:
            raise PassingError("empty")
        return content

    assert again.answer(web, query, _whole) == CONTENT
    assert len(services.calls) == 2


@pytest.mark.parametrize(("plan", "days"), [({"kommun": "2463"}, 1), ({"kommun": "2462"}, 1e-9)])
def test_answers_of_another_plan_or_of_long_ago_are_not_used(services, tmp_path, plan, days):
    web, query = Web(rules(services)), Query(f"{services.url}/files/roads.pbf")
    Parts(tmp_path / "work", {"kommun": "2462"}, keep_days=1).answer(web, query, bytes)
    Parts(tmp_path / "work", plan, keep_days=days).answer(web, query, bytes)
    assert len(services.calls) == 2


# --- Archives ---


def archive(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return path


def test_an_archive_is_unpacked(tmp_path):
    path = archive(tmp_path / "a.zip", ("kommuner/k.gpkg", b"map"), ("read.me", b"text"))
    files = unpack(path, tmp_path / "out", 1)
    assert {file.relative_to(tmp_path / "out").as_posix(): file.read_bytes() for file in files} == {
        "kommuner/k.gpkg": b"map",
        "read.me": b"text",
    }


@pytest.mark.parametrize(
    "name", ["../evil", "/evil", "a/../../evil", "..\\evil", "C:\\evil", "C:evil"]
)
def test_an_archive_cannot_write_elsewhere(tmp_path, name):
    path = archive(tmp_path / "a.zip", (zipfile.ZipInfo(name), b"x"))
    with pytest.raises(FetchError, match="outside the folder"):
        unpack(path, tmp_path / "in" / "out", 1)
    assert not list(tmp_path.rglob("*evil*"))


def test_links_in_an_archive_are_not_made(tmp_path):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(FetchError, match="no ordinary file"):
        unpack(archive(tmp_path / "a.zip", (link, b"/etc/passwd")), tmp_path / "out", 1)


def test_a_bomb_is_told_by_what_comes_out_of_it(tmp_path):
    path = archive(tmp_path / "a.zip", ("bomb", bytes(20_000_000)))
    assert path.stat().st_size < 100_000
    with pytest.raises(FetchError, match="larger than 1 MB"):
        unpack(path, tmp_path / "out", 1)
    # What the archive says of itself is not asked: here that there is next to nothing in it.
    raw = path.read_bytes().replace(struct.pack("<L", 20_000_000), struct.pack("<L", 10))
    path.write_bytes(raw)
    with pytest.raises(FetchError):
        unpack(path, tmp_path / "out", 1)
    assert sum(file.stat().st_size for file in (tmp_path / "out").rglob("*")) <= 1_000_000


def test_an_archive_of_too_many_files_or_of_two_namesakes_is_refused(tmp_path):
    many = archive(tmp_path / "a.zip", *((str(number), b"") for number in range(1001)))
    with pytest.raises(FetchError, match="1001 files"):
        unpack(many, tmp_path / "out", 1)
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = archive(tmp_path / "b.zip", ("a", b"1"), ("a", b"2"))
    with pytest.raises(FetchError, match="the same name"):
        unpack(twice, tmp_path / "out", 1)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html>", None], ids=str)
def test_what_is_no_whole_archive_is_told(tmp_path, content):
    path = tmp_path / "a.zip"
    if content is None:
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("a", CONTENT)
        broken = bytearray(whole.getvalue())
        broken[1000] ^= 0xFF
        content = bytes(broken)
    path.write_bytes(content)
    with pytest.raises(FetchError, match="cannot be unpacked"):
        unpack(path, tmp_path / "out", 1)
