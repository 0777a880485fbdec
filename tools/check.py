"""Everything that must hold before a change goes in: lint, format, types and tests."""

from __future__ import annotations

import subprocess
import sys

CHECKS = (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",), ("pytest",))


def main() -> int:
    """Run every check, the tests last, and return 0 only if all passed."""
    codes = [subprocess.run([sys.executable, "-m", *check], check=False).returncode for check in CHECKS]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
