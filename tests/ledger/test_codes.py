"""Whatever a camera or a thumb delivers, `parse_code` says what it is and never raises."""

import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ledger.codes import (
    CROCKFORD,
    Damage,
    DamagedCode,
    EnrolmentCode,
    ForeignCode,
    PointCode,
    TypedCode,
    clean_enrolment_code,
    damm_digit,
    enrolment_code_text,
    grouped,
    new_enrolment_code,
    new_token,
    parse_code,
    point_code_text,
    school_code,
    school_number,
    typed_code,
)

QR_ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
FULL_WIDTH = {plain: plain + 0xFEE0 for plain in range(0x21, 0x7F)}
HOST_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-."

schools = st.integers(0, 2**20 - 1)
tokens = st.text(CROCKFORD, min_size=10, max_size=10)
enrolments = st.text(CROCKFORD, min_size=16, max_size=16)
servers = st.builds(
    lambda scheme, host, port, path: scheme + host + port + path,
    st.sampled_from(["https://", "http://", ""]),
    st.text(HOST_CHARACTERS, min_size=1, max_size=60),
    st.sampled_from(["", ":8000", ":1"]),
    st.sampled_from(["", "/", "/xunan/School-3"]),
)


@given(schools)
def test_a_school_number_comes_back(number: int) -> None:
    assert school_number(school_code(number)) == number


@pytest.mark.parametrize("number", [-1, 2**20])
def test_a_school_number_of_more_bits_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="20 bits"):
        school_code(number)


@pytest.mark.parametrize("code", ["", "123", "12345", "12U4", "12l4", "１２３４"])
def test_what_is_no_school_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not a school code"):
        school_number(code)


@given(schools, tokens)
def test_a_label_comes_back_and_fits_version_1_at_level_q(number: int, token: str) -> None:
    text = point_code_text(school_code(number), token)
    assert len(text) == 16
    assert set(text) <= QR_ALPHANUMERIC
    assert parse_code(text) == PointCode(school_code(number), token)


@given(schools, tokens)
def test_a_label_typed_by_hand_comes_back(number: int, token: str) -> None:
    text = point_code_text(school_code(number), token)
    expected = PointCode(school_code(number), token)
    assert parse_code(f"  {grouped(text).lower()}\n") == expected
    assert parse_code(text.translate(FULL_WIDTH)) == expected
    assert parse_code(text.replace("0", "o").replace("1", "l")) == expected


@given(schools, tokens, st.data())
def test_a_label_with_a_character_lost_or_wrong_is_damaged(
    number: int, token: str, data: st.DataObject
) -> None:
    text = point_code_text(school_code(number), token)
    place = data.draw(st.integers(2, 15))
    shorter = text[:place] + text[place + 1 :]
    assert parse_code(shorter) == DamagedCode(shorter, Damage.LENGTH)
    wrong = text[:place] + data.draw(st.sampled_from("U*区É")) + text[place + 1 :]
    assert parse_code(wrong) == DamagedCode(wrong, Damage.CHARACTERS)


@given(tokens)
def test_a_typed_code_comes_back_however_it_is_typed(token: str) -> None:
    digits = typed_code(token)
    assert len(digits) == 8
    for typed in (
        digits,
        grouped(digits),
        f" {digits[:4]}-{digits[4:]} ",
        f"{digits[:4]}—{digits[4:]}",
        digits.translate(FULL_WIDTH),
        digits.replace("0", "o").replace("1", "I"),
        digits.replace("0", "O").replace("1", "l"),
    ):
        assert parse_code(typed) == TypedCode(digits)


@given(tokens, st.integers(0, 7), st.integers(1, 9))
def test_any_single_wrong_digit_is_found(token: str, place: int, change: int) -> None:
    digits = typed_code(token)
    wrong = str((int(digits[place]) + change) % 10)
    typed = digits[:place] + wrong + digits[place + 1 :]
    assert parse_code(typed) == DamagedCode(typed, Damage.CHECK_DIGIT)


@given(tokens, st.integers(0, 6))
def test_any_swap_of_neighbours_is_found(token: str, place: int) -> None:
    digits = typed_code(token)
    assume(digits[place] != digits[place + 1])
    typed = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    assert parse_code(typed) == DamagedCode(typed, Damage.CHECK_DIGIT)


@pytest.mark.parametrize("typed", ["1", "1234567", "123456789", "1234 5678 90"])
def test_a_digit_too_few_or_too_many_is_said(typed: str) -> None:
    assert parse_code(typed) == DamagedCode(typed, Damage.LENGTH)


def test_the_typed_code_of_a_printed_label_never_changes() -> None:
    assert typed_code("0123456789") == "49459503"
    assert damm_digit("572") == "4"


@given(enrolments, servers)
def test_an_enrolment_code_comes_back(code: str, server: str) -> None:
    assert parse_code(enrolment_code_text(code, server)) == EnrolmentCode(code, server)


def test_an_enrolment_code_stays_alphanumeric() -> None:
    text = enrolment_code_text("0123456789ABCDEF", "https://xunan.district.example:8443")
    assert text == "XE:0123456789ABCDEF:HTTPS://XUNAN.DISTRICT.EXAMPLE:8443"
    assert set(text) <= QR_ALPHANUMERIC


@pytest.mark.parametrize(
    "server",
    ["", "https://", "ftp://a", "https://a b", "https://user@a", "https://a?b", "区.cn", "a" * 400],
)
def test_an_address_no_phone_could_use_is_not_printed(server: str) -> None:
    with pytest.raises(ValueError, match="address"):
        enrolment_code_text("0123456789ABCDEF", server)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("XE:", Damage.LENGTH),
        ("XE:0123:HTTPS://A", Damage.LENGTH),
        ("XE:0123456789ABCDEU:HTTPS://A", Damage.CHARACTERS),
        ("XE:0123456789ABCDEF", Damage.SERVER),
        ("XE:0123456789ABCDEF:", Damage.SERVER),
        ("XE:0123456789ABCDEF:JAVASCRIPT:ALERT(1)", Damage.SERVER),
        ("XE:0123456789ABCDEF:HTTPS://A\nB", Damage.SERVER),
    ],
)
def test_a_broken_enrolment_code_is_damaged(text: str, reason: Damage) -> None:
    assert parse_code(text) == DamagedCode(text, reason)


@given(enrolments)
def test_an_enrolment_code_typed_by_hand_is_made_canonical(code: str) -> None:
    assert clean_enrolment_code(grouped(code).lower().translate(FULL_WIDTH)) == code
    assert clean_enrolment_code(code[1:]) is None
    assert clean_enrolment_code(code[1:] + "?") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "https://example.com/XA00000000000000",
        "http://weixin.qq.com/r/abcdef",
        "wxp://f2f0abcdef",
        "WIFI:T:WPA;S:校园网;P:12345678;;",
        "6901234567892",
        "13812345678",
        "😀",
        "١٢٣٤٥٦٧٨",
        "XA" + "0" * 60,
        "XE:" + "0" * 400,
        "0" * 10_000,
        "\ud800",
        "\x00",
    ],
)
def test_other_peoples_codes_are_foreign(text: str) -> None:
    assert parse_code(text) == ForeignCode(text)


@given(st.text(max_size=400))
def test_no_text_makes_it_raise(text: str) -> None:
    parse_code(text)
    parse_code("XA" + text)
    parse_code("XE:" + text)
    clean_enrolment_code(text)


def test_a_seeded_source_repeats_itself_and_the_default_does_not() -> None:
    assert new_token(random.Random(1)) == new_token(random.Random(1))
    assert new_token() != new_token()
    assert len(new_enrolment_code()) == 16
