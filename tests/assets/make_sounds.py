"""Makes the short rising chime a recognised code answers with: run by hand when it changes.

.venv/bin/python -m tests.assets.make_sounds
"""

import math
import struct
import wave
from pathlib import Path

FILE = Path(__file__).parents[2] / "assets" / "sounds" / "scanned.wav"
RATE_HZ = 22_050
NOTES_HZ = (1174.66, 1567.98)  # d''' g''': a fourth up, clear of voices in a corridor
NOTE_SECONDS = 0.07
RING_SECONDS = 0.12
LOUDNESS = 0.5
ATTACK_SECONDS = 0.004
FADE_SECONDS = 0.045
OVERTONE = 0.2


def tone(pitch_hz: float, seconds: float) -> list[float]:
    """A struck bell: quick to start, fading, with one quiet overtone."""
    samples = []
    for index in range(int(seconds * RATE_HZ)):
        now = index / RATE_HZ
        phase = 2 * math.pi * pitch_hz * now
        swell = min(1.0, now / ATTACK_SECONDS) * math.exp(-now / FADE_SECONDS)
        release = min(1.0, (seconds - now) / ATTACK_SECONDS)
        samples.append(swell * release * (math.sin(phase) + OVERTONE * math.sin(2 * phase)))
    return samples


def main() -> None:
    first, second = NOTES_HZ
    samples = tone(first, NOTE_SECONDS) + tone(second, RING_SECONDS)
    scale = LOUDNESS * 32767 / max(abs(sample) for sample in samples)
    with wave.open(str(FILE), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(b"".join(struct.pack("<h", round(scale * each)) for each in samples))


if __name__ == "__main__":
    main()
