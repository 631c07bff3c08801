"""The district sees the photos of what it watches, where their school keeps them, and no others."""

import httpx

from ledger.codes import DISTRICT
from ledger.rules.hazards import bodies
from ledger.rules.hazards.bodies import PhotoNote
from server.district import District
from server.journal.append import Sender
from tests.server.photos.pictures import bearer, jpeg, named
from tests.server.school import SCHOOL, TEACHER, admit, found_school
from tests.server.supervision.desks import INSPECTOR, do, found, report_major


async def seen(client: httpx.AsyncClient, district: District, *photos: bytes) -> list[int]:
    _, tokens = admit(district, INSPECTOR, DISTRICT)
    paths = [f"/v1/photos/{named(one)}" for one in photos]
    return [
        (await client.get(path + end, headers=bearer(tokens))).status_code
        for path in paths
        for end in ("", "/thumbnail")
    ]


async def test_the_photos_of_a_watched_hazard_and_no_others(
    client: httpx.AsyncClient, district: District
):
    found(district)
    teacher, _ = admit(district, TEACHER)
    watched, other = jpeg(), jpeg("blue")
    report_major(district, teacher, photos=(PhotoNote(hash=named(watched)),))
    general = bodies.HazardReported(content="灯管", photos=(PhotoNote(hash=named(other)),))
    do(district, teacher, "reported", general, "h2", photos=[named(other)])
    for photo in (watched, other):
        district.photos.keep(Sender(SCHOOL, teacher.id, TEACHER), named(photo), photo)
    assert await seen(client, district, watched) == [404, 404], "not told yet"
    district.supervision.look()
    assert await seen(client, district, watched, other) == [200, 200, 404, 404]
    assert district.photos.watched(named(watched)) and not district.photos.watched(named(other))


async def test_naming_another_schools_photo_shows_it_to_nobody(
    client: httpx.AsyncClient, district: District
):
    """A hazard that names a hash its own school does not hold has no photo at the district."""
    found(district)
    found_school(district, "SY02")
    owner, _ = admit(district, TEACHER, "SY02")
    thief, _ = admit(district, TEACHER)
    photo = jpeg("green")
    district.photos.keep(Sender("SY02", owner.id, TEACHER), named(photo), photo)
    report_major(district, thief, photos=(PhotoNote(hash=named(photo)),))
    district.supervision.look()
    assert await seen(client, district, photo) == [404, 404]
