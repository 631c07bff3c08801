"""Telephone numbers as people read them aloud."""

MOBILE_DIGITS = 11


def grouped(phone: str) -> str:
    """A mobile number as 138 0000 0002. Any other as it was entered."""
    if len(phone) == MOBILE_DIGITS and phone.isdecimal():
        return f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    return phone
