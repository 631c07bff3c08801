"""Everything that can go wrong between the device and the server, in words for people.

GatewayError
├── Unreachable      no network, no server, or no answer in time: a normal state
│   └── Cut          the line broke under a request: it may have been done or not
├── BadCertificate   the connection can't be trusted: nothing was sent
├── NotOurServer     somebody answers, but not a Xun'an server
│   └── TooMuchForProxy   a proxy takes no request of this size
└── Refused          our server answers that it does not serve this request (`problem.code`)

Foreign exceptions are translated in `translated()` and nowhere else. `word` is the key of the
sentence in the catalogue.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from httpx_sse import SSEError
from pydantic import ValidationError

from ledger.wire.problems import Problem, ProblemCode

PROXY_ALONE = frozenset({502, 503, 504})
"""A proxy answers so while the server behind it restarts; our server says why it refuses."""


class GatewayError(Exception):
    word = "problems.server_fault"


class Unreachable(GatewayError):
    word = "problems.unreachable"


class Cut(Unreachable):
    """What was sent may have arrived; sending it again is safe."""


class BadCertificate(GatewayError):
    word = "problems.bad_certificate"


class NotOurServer(GatewayError):
    word = "problems.not_our_server"


class TooMuchForProxy(NotOurServer):
    """Its server would; what can be sent in smaller pieces may pass."""


class Refused(GatewayError):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code.value)
        self.problem = problem

    @property
    def code(self) -> ProblemCode:
        return self.problem.code

    @property
    def word(self) -> str:  # type: ignore[override]
        return f"problems.{self.problem.code.value}"


@contextmanager
def translated() -> Iterator[None]:
    """Turn what httpx, TLS and pydantic raise into this module's errors."""
    try:
        yield
    except httpx.ConnectError as error:
        if _is_certificate_error(error):
            raise BadCertificate(str(error)) from error
        raise Unreachable(str(error)) from error
    except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Unreachable(type(error).__name__) from error
    except (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError) as error:
        raise Cut(type(error).__name__) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise NotOurServer(str(error)) from error
    except (httpx.DecodingError, httpx.TooManyRedirects, SSEError) as error:
        raise NotOurServer(type(error).__name__) from error
    except httpx.HTTPError as error:
        raise Unreachable(type(error).__name__) from error
    except (ValidationError, UnicodeError) as error:
        raise NotOurServer(type(error).__name__) from error


def refusal(answer: httpx.Response) -> GatewayError:
    """The error for an answer that is not a success."""
    try:
        return Refused(Problem.model_validate_json(answer.content))
    except ValidationError:
        said = f"HTTP {answer.status_code}"
        if answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
            return TooMuchForProxy(said)
        return Unreachable(said) if answer.status_code in PROXY_ALONE else NotOurServer(said)


def _is_certificate_error(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        if "CERTIFICATE_VERIFY_FAILED" in str(cause):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
