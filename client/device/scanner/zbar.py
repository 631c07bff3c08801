"""pyzbar, the decoder of phones, where zxing-cpp has no wheels."""

from PIL import Image
from pyzbar import pyzbar  # pyright: ignore[reportMissingImports]

from client.device.scanner.reading import Symbol


def find_symbols(picture: Image.Image) -> list[Symbol]:
    found = pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE])
    return [
        Symbol(
            code.data.decode("utf-8", errors="replace"),
            code.rect.left + code.rect.width / 2,
            code.rect.top + code.rect.height / 2,
        )
        for code in found
    ]
