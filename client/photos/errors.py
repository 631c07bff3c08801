"""What can be wrong with a picture, each with its sentence in the catalogue `photos`.

PhotoError
├── NotAPhoto        not a picture at all, or of a kind nobody here can read
├── EmptyPicture     no bytes
├── DamagedPicture   begins like a picture and breaks off
├── TooLarge         more pixels or bytes than a phone may spend memory on
├── HeicUnreadable   an iPhone's format, and this device lacks the reader for it
├── PictureGone      a draft's file is no longer there
└── NoRoomForPhoto   the disk is full; nothing was half-written
"""

from client.words import key


class PhotoError(Exception):
    """The parent of all of them. `word` is the key of the sentence for people."""

    word = key("photos.not_a_photo")


class NotAPhoto(PhotoError):
    word = key("photos.not_a_photo")


class EmptyPicture(PhotoError):
    word = key("photos.empty")


class DamagedPicture(PhotoError):
    word = key("photos.damaged")


class TooLarge(PhotoError):
    word = key("photos.too_large")


class HeicUnreadable(PhotoError):
    word = key("photos.heic")


class PictureGone(PhotoError):
    word = key("photos.gone")


class NoRoomForPhoto(PhotoError):
    word = key("photos.no_room")
