#!/bin/sh
# Installs HITL for a small office on this machine. Run it as root: sh deploy/office/install.sh --help
# Everything else is in Python, which this installs first where it is missing.
set -eu
cd "$(dirname "$0")/../.."
if [ "$(id -u)" != 0 ]; then
  echo "Run this as root, for example with sudo." >&2
  exit 1
fi
if ! command -v python3 >/dev/null; then
  echo "Installing Python."
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 >/dev/null
fi
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "HITL needs Python 3.11 or later. Use Debian 12 or later, or Ubuntu 24.04 or later." >&2
  exit 1
fi
exec python3 -B -m deploy.office install "$@"
