"""zxing-cpp, the decoder of desktops, servers and browser sessions."""

import zxingcpp
from PIL import Image

from client.device.scanner.reading import Symbol

_QR_ONLY = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def find_symbols(picture: Image.Image) -> list[Symbol]:
    # Ours are always dark on light: not looking for light on dark saves a third of the time.
    found = zxingcpp.read_barcodes(
        picture,
        formats=_QR_ONLY,
        try_invert=False,
        text_mode=zxingcpp.TextMode.Plain,
    )
    return [_symbol(code) for code in found]


def _symbol(code: zxingcpp.Barcode) -> Symbol:
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    x = sum(corner.x for corner in corners) / 4
    y = sum(corner.y for corner in corners) / 4
    return Symbol(code.text, x, y)
