"""Asking over HTTP: politely, again where it failed in passing, and never without an end."""

from __future__ import annotations

import random
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
from glesservice.fetching.judging import (
    PassingError,
    in_short,
    judge,
    read_chunks,
    refuse_page,
    too_large,
)

MEGABYTE = 1_000_000
MOST_REDIRECTS = 5

Given = TypeVar("Given")


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
                        raise too_large(query.url, self.rules.answer_mb, "answer_mb")
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
        failures = attempts = 0
        # A download may begin again as often as it brings another megabyte, and no more often.
        most = self.rules.retries + self.rules.download_mb
        while True:
            attempts += 1
            self._wait_for_turn(url)
            try:
                return attempt()
            except PassingError as error:
                failures = 1 if error.progressed else failures + 1
                wanted = error.wait_seconds or 0.0
                given_up = failures > self.rules.retries or attempts > most
                if given_up or wanted > self.rules.retry_after_most_seconds:
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
                judge(response)
                yield response
        except (
            requests.exceptions.ConnectionError,
            requests.exceptions.Timeout,
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
            urllib3.exceptions.HTTPError,
        ) as error:
            raise PassingError(in_short(error)) from error
        except requests.exceptions.RequestException as error:
            raise FetchError(
                Fault(
                    f"the request cannot be made ({in_short(error)})",
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
