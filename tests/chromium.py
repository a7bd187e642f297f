"""The browser the tests drive: Chromium as the system installed it. `python -m tests.chromium` sees to it.

Where CI=true it is installed when missing, and its absence is an error; elsewhere the browser tests are skipped.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# --no-sandbox: a container's root has no user namespaces. The rest keeps the browser from calling other hosts.
LAUNCH_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def in_continuous_integration() -> bool:
    """Return whether this run must leave nothing out."""
    return os.environ.get("CI", "").lower() == "true"


def find() -> str | None:
    """Return the path of the installed browser, None when there is none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def install() -> None:
    """Install Debian's Chromium. Raises CalledProcessError when apt does not manage."""
    as_root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    apt_get = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet=2"]
    subprocess.run([*apt_get, "update"], check=True)
    # Its own chatter would bury the tests' output.
    subprocess.run(
        [*apt_get, "install", "--yes", "--no-install-recommends", "chromium"], check=True, stdout=subprocess.DEVNULL
    )


def main() -> int:
    """Find the browser or, where nothing may be left out, install it; return 1 when it is needed and missing."""
    if find():
        return 0
    if not in_continuous_integration():
        print("No Chromium found: the browser tests will be skipped. On Debian or Ubuntu: apt-get install chromium")
        return 0
    print("Installing Chromium for the browser tests ...", flush=True)
    try:
        install()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"Chromium could not be installed: {error}", file=sys.stderr)
    return 0 if find() else 1


if __name__ == "__main__":
    sys.exit(main())
