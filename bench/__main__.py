"""Toutes les mesures, chacune dans son processus : `make bench`."""

import subprocess
import sys

for module in ("bench.api", "bench.pdf", "bench.service"):
    print(f"\n{module}", flush=True)
    subprocess.run([sys.executable, "-m", module], check=True)  # noqa: S603 : nos modules
