"""Serving a fake from a terminal."""

import argparse
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fakes.fake import Fake
from fakes.photos import CHECKOUT, generated


def serve(
    make: Callable[..., Fake[Any]], title: str, option: str, port: int, hints: Sequence[str] = ()
) -> None:
    """Serve until interrupted.

    `make` takes photos, port, call_latency and image_latency; `option` is that of build_site.py
    which names the service's address, and `hints` are lines to print beside it.
    """
    options = _options(title, port)
    fake = _started(make, options)
    fake.service.verbose = options.verbose
    build = ["build_site.py", "--serve", option, fake.url]
    print(f"A fake {title} with {len(fake.photos)} photos: {fake.url}")
    print(f"Build the page against it:  python3 {' '.join(build)}")
    for hint in hints:
        print(hint)
    print("Make the next two calls fail:")
    print(f"""  curl {fake.origin}/control -d '{{"fault": "429", "times": 2, "on": "api"}}'""")
    print("Ctrl-C ends it.", flush=True)
    try:
        if options.build:
            subprocess.run([sys.executable, *build], cwd=CHECKOUT, check=False)
        else:
            threading.Event().wait()
    except KeyboardInterrupt:
        print()
    finally:
        fake.stop()


def _options(title: str, port: int) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=f"Serve a fake {title} on this machine.")
    parser.add_argument("--port", type=int, default=port, help=f"default: {port}")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds for each API call")
    parser.add_argument("--image-latency", type=float, default=0.0, help="seconds for each photo")
    parser.add_argument("--photos", type=Path, help="a folder that has a photos.jsonl")
    parser.add_argument(
        "--generated", type=int, metavar="N", help="draw N photos instead (takes Pillow and numpy)"
    )
    parser.add_argument("--build", action="store_true", help="build and serve the page, too")
    parser.add_argument("--verbose", action="store_true", help="print every request")
    return parser.parse_args()


def _started(make: Callable[..., Fake[Any]], options: argparse.Namespace) -> Fake[Any]:
    try:
        photos = generated(options.generated) if options.generated else options.photos
        fake = make(
            photos,
            port=options.port,
            call_latency=options.latency,
            image_latency=options.image_latency,
        )
        return fake.start()
    except ImportError as error:
        sys.exit(
            f"Drawing photos needs {error.name}: run `python3 -m pip install numpy pillow`, "
            "or give a folder of photos with --photos."
        )
    except OSError as error:
        sys.exit(f"{error}. Try another --port, or another folder for --photos.")
