"""The texts of our QR labels and enrolment codes, so that whoever prints and whoever scans agree.

A point label is `XA`, the school's number (4 characters) and a random token (10 characters), in
Crockford's base 32: sixteen characters of the QR alphanumeric set, exactly what a version-1 symbol
holds at error correction Q. Only the school's own data maps a token to a point, so knowing the
token is what proves the label genuine. Beneath it stand eight digits to type when no camera works:
seven taken from the token and a Damm check digit, which finds every single wrong digit and every
swap of neighbours.

What is scanned or typed is foreign input. `parse_code` accepts any text, never raises, and answers
with one of five things.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
POINT_PREFIX: Final = "XA"
ENROLMENT_PREFIX: Final = "XE:"
SCHOOL_CHARACTERS: Final = 4
DISTRICT: Final = "0000"
"""Number 0 is no school's: the district's own journal goes by it."""
TOKEN_CHARACTERS: Final = 10
TYPED_DIGITS: Final = 8
ENROLMENT_CHARACTERS: Final = 16

# Longer texts can't be a slip of the finger in one of ours: they are somebody else's code.
_LONGEST_OURS_CHARACTERS: Final = 300
_LONGEST_POINT_SLIP_CHARACTERS: Final = 40
_LONGEST_TYPED_SLIP_DIGITS: Final = 10

# Damm's totally anti-symmetric quasigroup of order ten.
_DAMM: Final = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)

# Chinese keyboards produce full-width letters, digits and signs.
_HALF_WIDTH: Final = {0xFEE0 + ascii_: ascii_ for ascii_ in range(0x21, 0x7F)} | {0x3000: 0x20}
_SEPARATORS: Final = re.compile(r"[\s\-\u00b7\u2010-\u2015\u2212]+")
_LOOKALIKES: Final = str.maketrans("OIL", "011")
_CROCKFORD_TEXT: Final = re.compile(f"[{CROCKFORD}]*")
_SERVER: Final = re.compile(
    r"(?P<origin>(?:https?://)?(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?)"
    r"(?P<path>/[\x21\x24-\x3e\x40-\x7e]*)?",  # printable ASCII without " # ?
    re.IGNORECASE,
)


class Damage(StrEnum):
    """What is wrong with a code that begins like ours."""

    LENGTH = "length"
    CHARACTERS = "characters"
    CHECK_DIGIT = "check_digit"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class PointCode:
    school: str
    token: str


@dataclass(frozen=True, slots=True)
class TypedCode:
    digits: str


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    code: str
    server: str


@dataclass(frozen=True, slots=True)
class ForeignCode:
    text: str


@dataclass(frozen=True, slots=True)
class DamagedCode:
    text: str
    reason: Damage


Code = PointCode | TypedCode | EnrolmentCode | ForeignCode | DamagedCode


class Chooser(Protocol):
    """`secrets`, or a seeded `random.Random` where a demonstration must repeat itself."""

    def choice(self, seq: Sequence[str], /) -> str: ...


def school_code(number: int) -> str:
    """The four characters that stand for the number a district gave a school."""
    if not 0 <= number < 32**SCHOOL_CHARACTERS:
        raise ValueError(f"a school number has 20 bits, not {number}")
    shifts = range(5 * (SCHOOL_CHARACTERS - 1), -1, -5)
    return "".join(CROCKFORD[number >> shift & 31] for shift in shifts)


def school_number(code: str) -> int:
    """The inverse of `school_code`."""
    if len(code) != SCHOOL_CHARACTERS or not _CROCKFORD_TEXT.fullmatch(code):
        raise ValueError(f"not a school code: {code!r}")
    number = 0
    for character in code:
        number = number << 5 | CROCKFORD.index(character)
    return number


def new_token(rng: Chooser = secrets) -> str:
    """Fifty random bits for a new label."""
    return _random_characters(TOKEN_CHARACTERS, rng)


def new_enrolment_code(rng: Chooser = secrets) -> str:
    """Eighty random bits for a one-time enrolment."""
    return _random_characters(ENROLMENT_CHARACTERS, rng)


def typed_code(token: str) -> str:
    """The eight digits printed under a token's symbol; distinct tokens may, rarely, share them."""
    digest = hashlib.sha256(token.encode()).digest()
    digits = f"{int.from_bytes(digest[:8], 'big') % 10 ** (TYPED_DIGITS - 1):07d}"
    return digits + damm_digit(digits)


def damm_digit(digits: str) -> str:
    """The check digit to append; appended already, it is `0` for an undamaged number."""
    interim = "0"
    for digit in digits:
        interim = _DAMM[int(interim)][int(digit)]
    return interim


def grouped(text: str, size: int = 4) -> str:
    """`12345678` as people read it: `1234 5678`."""
    return " ".join(text[start : start + size] for start in range(0, len(text), size))


def point_code_text(school: str, token: str) -> str:
    """What the label's symbol holds."""
    school_number(school)
    if len(token) != TOKEN_CHARACTERS or not _CROCKFORD_TEXT.fullmatch(token):
        raise ValueError(f"not a label token: {token!r}")
    return f"{POINT_PREFIX}{school}{token}"


def enrolment_code_text(code: str, server: str) -> str:
    """What the enrolment symbol holds.

    Scheme, host and port mean the same in capitals, and capitals make a smaller symbol; a path is
    kept as it is.
    """
    if len(code) != ENROLMENT_CHARACTERS or not _CROCKFORD_TEXT.fullmatch(code):
        raise ValueError("not an enrolment code")
    address = _SERVER.fullmatch(server)
    if address is None:
        raise ValueError(f"not a server address: {server!r}")
    text = f"{ENROLMENT_PREFIX}{code}:{address['origin'].upper()}{address['path'] or ''}"
    if len(text) > _LONGEST_OURS_CHARACTERS:
        raise ValueError("the server address is too long for a code people can scan")
    return text


def clean_enrolment_code(text: str) -> str | None:
    """A one-time code as a person typed it, made canonical; None when it can't be one."""
    code = _crockford(_half_width(text[:_LONGEST_OURS_CHARACTERS]))
    complete = len(code) == ENROLMENT_CHARACTERS and _CROCKFORD_TEXT.fullmatch(code)
    return code if complete else None


def parse_code(text: str) -> Code:
    """Say what a scanned or typed text is."""
    if len(text) > _LONGEST_OURS_CHARACTERS:
        return ForeignCode(text)
    plain = _half_width(text)
    if plain[: len(ENROLMENT_PREFIX)].upper() == ENROLMENT_PREFIX:
        return _parse_enrolment(text, plain)
    bare = _SEPARATORS.sub("", plain)
    if bare[: len(POINT_PREFIX)].upper() == POINT_PREFIX:
        return _parse_point(text, bare[len(POINT_PREFIX) :])
    return _parse_typed(text, bare)


def _parse_point(text: str, rest: str) -> Code:
    characters = _crockford(rest)
    if len(characters) > _LONGEST_POINT_SLIP_CHARACTERS:
        return ForeignCode(text)
    if not _CROCKFORD_TEXT.fullmatch(characters):
        return DamagedCode(text, Damage.CHARACTERS)
    if len(characters) != SCHOOL_CHARACTERS + TOKEN_CHARACTERS:
        return DamagedCode(text, Damage.LENGTH)
    return PointCode(characters[:SCHOOL_CHARACTERS], characters[SCHOOL_CHARACTERS:])


def _parse_typed(text: str, bare: str) -> Code:
    digits = bare.upper().translate(_LOOKALIKES)
    if not re.fullmatch(f"[0-9]{{1,{_LONGEST_TYPED_SLIP_DIGITS}}}", digits):
        return ForeignCode(text)
    if len(digits) != TYPED_DIGITS:
        return DamagedCode(text, Damage.LENGTH)
    if damm_digit(digits) != "0":
        return DamagedCode(text, Damage.CHECK_DIGIT)
    return TypedCode(digits)


def _parse_enrolment(text: str, plain: str) -> Code:
    typed, _, server = plain[len(ENROLMENT_PREFIX) :].partition(":")
    code = _crockford(typed)
    if not _CROCKFORD_TEXT.fullmatch(code):
        return DamagedCode(text, Damage.CHARACTERS)
    if len(code) != ENROLMENT_CHARACTERS:
        return DamagedCode(text, Damage.LENGTH)
    address = _SERVER.fullmatch(server)
    if address is None:
        return DamagedCode(text, Damage.SERVER)
    return EnrolmentCode(code, address["origin"].lower() + (address["path"] or ""))


def _half_width(text: str) -> str:
    return text.translate(_HALF_WIDTH).strip()


def _crockford(text: str) -> str:
    return _SEPARATORS.sub("", text).upper().translate(_LOOKALIKES)


def _random_characters(count: int, rng: Chooser) -> str:
    return "".join(rng.choice(CROCKFORD) for _ in range(count))
