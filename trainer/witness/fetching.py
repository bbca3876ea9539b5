"""Read what a log shows to everybody, up to a limit."""

import httpx

from trainer.witness.looking import Wrong

FETCH_TIMEOUT = httpx.Timeout(20, connect=10)  # seconds


_LARGEST = 17 * 1024 * 1024  # of an answer, in bytes: 256 entries of 64 kB each


def fetched(client: httpx.Client, url: str) -> bytes:
    """Return what an address answers, up to a limit.

    Raises:
        Wrong: it does not answer, or not with what was asked for.
    """
    content = bytearray()
    try:
        with client.stream("GET", url) as answer:
            if answer.status_code != 200:
                raise Wrong(f"{url} answers with status {answer.status_code} instead of what was asked for.")
            for part in answer.iter_bytes():
                content += part
                if len(content) > _LARGEST:
                    raise Wrong(f"{url} answers with more than {_LARGEST} bytes.")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Wrong(f"{url} cannot be reached ({str(error) or type(error).__name__}); nothing was compared.") from error
    return bytes(content)
