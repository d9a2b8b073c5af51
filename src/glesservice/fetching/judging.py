"""What an answer is worth: data, a failure that may pass, or one that will not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import requests
import urllib3

from glesservice.errors import Fault, FetchError

CHUNK = 1 << 16
# What a server says when it could answer another time (RFC 9110, RFC 6585).
PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
TOLD_CHARACTERS = 300


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


def judge(response: requests.Response) -> None:
    """Stop where the status is not a good one, nor 416.

    Parameters
    ----------
    response
        A begun answer.

    Raises
    ------
    PassingError
        If the server could answer another time.
    FetchError
        If it refuses.
    """
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


def in_short(error: Exception) -> str:
    """Return an error as one line, without the addresses of objects.

    Parameters
    ----------
    error
        Any error.
    """
    text = re.sub(r"<[^>]*>\s*:?", "", str(error))
    return f"{type(error).__name__}: {' '.join(text.split())}"[:TOLD_CHARACTERS]
