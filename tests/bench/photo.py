"""Developing a 12-megapixel photo, beside the plain way of doing it, in the same run.

The plain way decodes everything, scales with Lanczos to 1600 px and saves at quality 80. Ours
does that with watermark, hash and thumbnail as well. Memory is what a process of its own needs
beyond what it needs to be there at all.
"""

import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image, ImageFilter

from client.photos.develop import develop
from client.photos.marking import Mark

TIMES = 9
MARK = Mark("明湖区实验学校", "教学楼二层东侧消防栓", "2026-11-24 10:00:00", "陈晓", "5C097340")
_CHILD = """
import sys
from pathlib import Path
from client.photos.develop import develop
from client.photos.marking import Mark
picture = Path(sys.argv[1]).read_bytes()

def peak():
    # Not getrusage: its peak is inherited from whoever started this process.
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))

before = peak()
develop(picture, Mark("明湖区实验学校", "东侧", "2026", "陈晓", "5C097340"))
print(peak() - before)
"""


def picture() -> bytes:
    """4000 × 3000 pixels with the grain of a phone's picture: about 2.4 MB."""
    grain = Image.effect_noise((4000, 3000), 60).convert("RGB")
    light = Image.merge("RGB", (Image.radial_gradient("L").resize((4000, 3000)),) * 3)
    mixed = Image.blend(grain, light, 0.7).filter(ImageFilter.GaussianBlur(0.8))
    out = io.BytesIO()
    mixed.save(out, "JPEG", quality=88)
    return out.getvalue()


def run() -> dict[str, Any]:
    taken = picture()
    ours, plain, size = [], [], 0
    for _ in range(TIMES):
        started = time.process_time()
        size = len(develop(taken, MARK).jpeg)
        ours.append(time.process_time() - started)
        started = time.process_time()
        _plain(taken)
        plain.append(time.process_time() - started)
    mine, floor = statistics.median(ours), statistics.median(plain)
    return {
        "picture_kb": round(len(taken) / 1000),
        "ms": round(mine * 1000, 1),
        "plain_ms": round(floor * 1000, 1),
        "of_plain": round(mine / floor, 3),
        "kb": round(size / 1000, 1),
        "peak_mb": round(_memory_kb(taken) / 1024, 1),
    }


def _plain(taken: bytes) -> bytes:
    image = Image.open(io.BytesIO(taken))
    image.load()
    out = io.BytesIO()
    image.resize((1600, 1200), Image.Resampling.LANCZOS).save(out, "JPEG", quality=80)
    return out.getvalue()


def _memory_kb(taken: bytes) -> float:
    with tempfile.TemporaryDirectory(prefix="xunan-bench-") as folder:
        path = Path(folder) / "picture.jpg"
        path.write_bytes(taken)
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, str(path)],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    return json.loads(done.stdout)
