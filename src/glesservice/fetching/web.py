"""Asking over HTTP: politely, again where it failed in passing, and never without an end."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import TypeVar
from urllib.parse import urlsplit

import requests
import urllib3

from glesservice.config import Fetch
from glesservice.errors import Fault, FetchError

CHUNK = 1 << 16
MEGABYTE = 1_000_000
MOST_REDIRECTS = 5
# What a server says when it could answer another time (RFC 9110, RFC 6585).
PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
TOLD_CHARACTERS = 300

Given = TypeVar("Given")


class PassingError(Exception):
    """A request failed in a way that may pass.

    Parameters
    ----------
    message
        What happened.
    wait_seconds
        How long the server asked to be left alone, if it did.
    progressed
        Whether the request brought something all the same, so that it does not count as a failure.
    """

    def __init__(
        self, message: str, wait_seconds: float | None = None, *, progressed: bool = False
    ) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds
        self.progressed = progressed


@dataclass(frozen=True)
class Query:
    """One request.

    Attributes
    ----------
    url
        Address, http or https.
    params
        What is added to the address.
    form
        What is sent as a form; the request is a POST then.
    patience_seconds
        How long the server may think before it says anything, beyond the settings' silence.
    """

    url: str
    params: Mapping[str, str] | None = None
    form: Mapping[str, str] | None = None
    patience_seconds: float = 0.0

    def key(self) -> str:
        """Return what tells this request from any other."""
        return repr(
            (self.url, sorted((self.params or {}).items()), self.form and sorted(self.form.items()))
        )


class _Session(requests.Session):
    """A session that is not led away from the web, nor from an encrypted to an open line."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return where a redirect leads."""
        target = super().get_redirect_target(resp)
        if target is not None:
            scheme = urlsplit(target).scheme.lower()
            if scheme not in {"", "http", "https"}:
                raise requests.exceptions.InvalidSchema(f"redirected to {scheme}:")
            if scheme == "http" and urlsplit(resp.url).scheme == "https":
                raise requests.exceptions.InvalidSchema("redirected from https to http")
        return target


class Web:
    """What all requests of one fetch have in common.

    Parameters
    ----------
    rules
        Time limits, pauses, sizes.
    """

    def __init__(self, rules: Fetch) -> None:
        self.rules = rules
        self._asked: dict[str, float] = {}
        self._session = _Session()
        self._session.max_redirects = MOST_REDIRECTS
        about = f"; {rules.contact}" if rules.contact else ""
        self._session.headers["User-Agent"] = f"glesservice/{version('glesservice')} (fetch{about})"

    def answer(self, query: Query, read: Callable[[bytes], Given]) -> Given:
        """Return what is read from a whole answer.

        Parameters
        ----------
        query
            What to ask.
        read
            Makes something of the body; raises ``PassingError`` where it is broken, so that it is
            asked for again.

        Returns
        -------
        object
            What ``read`` returns.

        Raises
        ------
        FetchError
            If there is no usable answer, also after the retries.
        """

        def _attempt() -> Given:
            with self.opened(query) as response:
                begin = time.monotonic()
                body = bytearray()
                for chunk in read_chunks(response):
                    body += chunk
                    if len(body) > self.rules.answer_mb * MEGABYTE:
                        raise self._too_large(query.url, self.rules.answer_mb, "answer_mb")
                    if time.monotonic() - begin > self.rules.answer_seconds:
                        raise PassingError("the answer took too long")
            content = bytes(body)
            refuse_page(content)
            return read(content)

        return self.persist(query.url, _attempt)

    def persist(self, url: str, attempt: Callable[[], Given]) -> Given:
        """Return what an attempt returns, trying again while it fails in passing.

        Parameters
        ----------
        url
            Address, for the pauses and the message.
        attempt
            Makes one request.

        Returns
        -------
        object
            What the attempt returns.

        Raises
        ------
        FetchError
            If it still fails after the retries, or the server asks for a long pause.
        """
        failures = 0
        while True:
            self._wait_for_turn(url)
            try:
                return attempt()
            except PassingError as error:
                failures = 1 if error.progressed else failures + 1
                wanted = error.wait_seconds or 0.0
                if failures > self.rules.retries or wanted > self.rules.retry_after_most_seconds:
                    asks = f"; the server asks to wait {wanted:.0f} s" if wanted else ""
                    raise FetchError(
                        Fault(
                            f"there is no usable answer ({error}{asks})",
                            url,
                            "Start the same command again later: it goes on where it was",
                        )
                    ) from error
                time.sleep(max(wanted, self._backoff_seconds(failures)))

    @contextmanager
    def opened(
        self, query: Query, headers: Mapping[str, str] | None = None
    ) -> Iterator[requests.Response]:
        """Yield the begun answer to a request.

        Parameters
        ----------
        query
            What to ask.
        headers
            More headers of the request.

        Yields
        ------
        Response
            Its body not yet read. The status is a good one, or 416.

        Raises
        ------
        PassingError
            If it failed in passing.
        FetchError
            If it failed for good.
        """
        patience = self.rules.read_seconds + query.patience_seconds
        try:
            with self._session.request(
                "GET" if query.form is None else "POST",
                query.url,
                params=dict(query.params or {}),
                data=None if query.form is None else dict(query.form),
                headers=dict(headers or {}),
                timeout=(self.rules.connect_seconds, patience),
                stream=True,
            ) as response:
                _judge(response)
                yield response
        except (
            requests.exceptions.ConnectionError,
            requests.exceptions.Timeout,
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
            urllib3.exceptions.HTTPError,
        ) as error:
            raise PassingError(_in_short(error)) from error
        except requests.exceptions.RequestException as error:
            raise FetchError(
                Fault(
                    f"the request cannot be made ({_in_short(error)})",
                    query.url,
                    "Correct the address under [fetch]",
                )
            ) from error

    def _wait_for_turn(self, url: str) -> None:
        """Leave a server alone for the pause that is set."""
        host = urlsplit(url).netloc
        since = time.monotonic() - self._asked.get(host, -self.rules.pause_seconds)
        time.sleep(max(0.0, self.rules.pause_seconds - since))
        self._asked[host] = time.monotonic()

    def _backoff_seconds(self, failures: int) -> float:
        """Choose the wait before a retry: doubled each time, and not the same for everybody."""
        longest = min(
            self.rules.backoff_seconds * 2.0 ** (failures - 1), self.rules.backoff_most_seconds
        )
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)

    def _too_large(self, url: str, most_mb: float, key: str) -> FetchError:
        """Say that a body is larger than is allowed."""
        return too_large(url, most_mb, key)


def too_large(where: str, most_mb: float, key: str) -> FetchError:
    """Return the error of something that is larger than is allowed.

    Parameters
    ----------
    where
        Address or file.
    most_mb
        What is allowed, MB.
    key
        The setting that says so.
    """
    return FetchError(
        Fault(
            f"it is larger than {most_mb:g} MB",
            where,
            f"Check the address, or raise {key} under [fetch]",
        )
    )


def read_chunks(response: requests.Response) -> Iterator[bytes]:
    """Yield a body as it comes, unpacked: a slow server cannot hold back the clock.

    Parameters
    ----------
    response
        A begun answer.
    """
    while chunk := response.raw.read1(CHUNK, decode_content=True):
        yield chunk


def refuse_page(content: bytes) -> None:
    """Stop where a web page came in place of data.

    Parameters
    ----------
    content
        The begin of a body, or all of it.

    Raises
    ------
    PassingError
        If it is a page: a proxy's, or a server's that is busy.
    """
    begin = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if begin.startswith((b"<!doctype html", b"<html")) or b"<html" in begin:
        raise PassingError(f"a web page came in place of data: {plain(content)}")


def plain(content: bytes) -> str:
    """Return the begin of a body as one line of readable text.

    Parameters
    ----------
    content
        Any bytes.

    Examples
    --------
    >>> plain(b"<p>Too  many\\n requests</p>\\x1b[31m")
    'Too many requests [31m'
    """
    text = content[:5000].decode("utf-8", "replace")
    text = re.sub(r"(?is)<(script|style).*?</\1>|<[^>]*>", " ", text)
    text = re.sub(r"[\x00-\x20\x7f-\x9f\u202a-\u202e\u2066-\u2069]+", " ", text)
    return text.strip()[:TOLD_CHARACTERS]


def _judge(response: requests.Response) -> None:
    """Tell a status that may pass from one that will not."""
    status = response.status_code
    if status in {200, 206, 416}:
        return
    told = plain(next(read_chunks(response), b""))
    if status in PASSING_STATUS:
        raise PassingError(f"status {status}: {told}", _retry_after(response))
    raise FetchError(
        Fault(
            f"the server refuses (status {status}: {told})",
            response.url,
            "Check the settings under [fetch]",
        )
    )


def _retry_after(response: requests.Response) -> float | None:
    """Read how long the server asks to be left alone."""
    header = response.headers.get("Retry-After")
    if header is None:
        return None
    try:
        return float(urllib3.Retry().parse_retry_after(header))
    except (urllib3.exceptions.InvalidHeader, ValueError, OverflowError):
        return None


def _in_short(error: Exception) -> str:
    """Name an error in one line, without the addresses of objects."""
    text = re.sub(r"<[^>]*>\s*:?", "", str(error))
    return f"{type(error).__name__}: {' '.join(text.split())}"[:TOLD_CHARACTERS]
