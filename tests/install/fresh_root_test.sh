# The new system of fresh_root.sh as a test: only where LODE_FRESH_ROOT=1 asks for it.
set -euo pipefail
skip() { echo "skipped: $*"; exit 77; }
[ "${LODE_FRESH_ROOT-}" = 1 ] || skip "takes minutes and a network; LODE_FRESH_ROOT=1 runs it"
command -v debootstrap >/dev/null || skip "there is no debootstrap (Debian: apt install debootstrap)"
[ "$(id -u)" -eq 0 ] || skip "must be run as root (sudo ctest -R packages.fresh_root)"
exec "$(dirname "${BASH_SOURCE[0]}")/fresh_root.sh" "$1/packages_test/first"
