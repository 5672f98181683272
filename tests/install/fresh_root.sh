#!/usr/bin/env bash
# Installs the packages in a new Debian 12 made by debootstrap, works with them, and purges them.
#
#   tests/install/fresh_root.sh DEBS [ROOT]     as root; wants debootstrap, network, 4 GB of disk
#
# DEBS is the folder of the five packages, ROOT the folder of the new system (default: a new one under
# /var/tmp); a ROOT that debootstrap has already made is taken as it is. It is removed at the end
# unless KEEP=1. APT_CACHE names a folder of packages that need not be fetched again; WITHOUT_QGIS=1
# leaves out QGIS and its plugin, which is 1 GB of the work.
#   1  `apt install ./lode_*.deb` and nothing else; an ordinary user runs the sample study
#   2  all packages; manual page, completion, Python, a C++ program, QGIS
#   3  `apt purge`; no file of ours may be left
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
debs=$(cd "${1:?the folder of the packages}" && pwd)
root=${2:-}
[ "$(id -u)" -eq 0 ] || { echo "fresh_root.sh: must be run as root" >&2; exit 1; }
# Mounts below are ours alone and go with us.
[ "${LODE_OWN_MOUNTS-}" ] || LODE_OWN_MOUNTS=1 exec unshare --mount --propagation private \
  "$here/fresh_root.sh" "$debs" ${root:+"$root"}

started=$SECONDS
say() { printf '\n== %s  [%d s]\n' "$*" $((SECONDS - started)); }
fail() { printf 'fresh_root.sh: %s\n' "$*" >&2; exit 1; }
in_root() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
as_user() {
  chroot --userspec=geologist:geologist "$root" env -i HOME=/home/geologist USER=geologist LC_ALL=C.UTF-8 \
    PATH=/usr/bin:/bin QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR=/tmp/geologist bash -euc "cd; $1"
}
apt() { in_root apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@" >>"$log" 2>&1 || { tail -n 30 "$log"; fail "apt-get $*"; }; }
size() { du -xsm "$root" --exclude="$root/proc" --exclude="$root/dev" --exclude="$root/var/cache" | cut -f1; }
# What is there apart from what changes with any package, as a sorted list.
files() {
  in_root find / -xdev \( -path /proc -o -path /dev -o -path /tmp -o -path /home -o -path /var/lib/dpkg \
    -o -path /var/lib/apt -o -path /var/cache -o -path /var/log \) -prune -o -print | sort
}

[ -n "$root" ] || root=$(mktemp -d /var/tmp/lode_fresh_root.XXXXXX)
mkdir -p "$root"
log=$root.log
: >"$log"
if [ ! -x "$root/usr/bin/apt-get" ]; then
  say "debootstrap --variant=minbase bookworm"
  debootstrap --variant=minbase bookworm "$root" http://deb.debian.org/debian >>"$log" 2>&1 ||
    { tail "$log"; fail "debootstrap"; }
fi
[ "${KEEP-}" ] || trap 'umount "$root/proc" "$root/dev" 2>/dev/null; rm -rf --one-file-system "$root" "$log"' EXIT
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
for suite in bookworm-updates bookworm-security; do
  archive=debian; [ $suite = bookworm-security ] && archive=debian-security
  echo "deb http://deb.debian.org/$archive $suite main"
done >"$root/etc/apt/sources.list.d/more.list"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"  # no services
chmod 755 "$root/usr/sbin/policy-rc.d"
[ -z "${APT_CACHE-}" ] || cp -n "$APT_CACHE"/*.deb "$root/var/cache/apt/archives/"
apt update
in_root id geologist >/dev/null 2>&1 || in_root useradd -m geologist
install -d -m 700 -o 1000 -g 1000 "$root/tmp/geologist"
rm -rf "$root/debs" && mkdir "$root/debs"
cp "$debs"/*.deb "$root/debs"
in_root dpkg -l | grep -q 'lode' && fail "$root has packages of ours already"
files >"$root.before"
say "A system of $(size) MB, $(in_root dpkg -l | grep -c ^ii) packages"
ls -l "$root/debs" | awk 'NR > 1 {printf "%9d  %s\n", $5, $9}'

say "apt install ./lode_*.deb"
before=$(size)
apt install "$(cd "$root" && ls debs/lode_*.deb | sed 's,^,/,')"
say "installed: $(($(size) - before)) MB more, $(in_root dpkg -l | grep -c ^ii) packages"
as_user 'lode --version; cp -r /usr/share/lode/sample_data/us_allied_ree study
  time lode study run study/study.toml; ls study/results; head -n 4 study/results/ranking.csv'
as_user 'cp -r /usr/share/lode/sample_data/monazite_hill hill; lode study run hill/study.toml -q; ls hill/results'

say "all packages"
before=$(size)
rm -f "$root"/debs/lode_*.deb
[ -z "${WITHOUT_QGIS-}" ] || rm -f "$root"/debs/qgis-plugin-lode_*.deb
apt install man-db bash-completion g++ cmake make pkg-config
apt install $(cd "$root" && ls debs/*.deb | sed 's,^,/,')
say "installed: $(($(size) - before)) MB more, $(in_root dpkg -l | grep -c ^ii) packages"
in_root dpkg -l | awk '/lode/ {print $1, $2, $3}'
ours=$(in_root dpkg-query -W -f '${Package} ${Status}\n' | awk '/lode/ && /installed/ {print $1}')
for package in $ours; do in_root dpkg -L "$package"; done | sort -u >"$root.ours"

say "manual pages and completion"
as_user 'man -w lode lode-study-run; man -w 7 lode-study-file; MANWIDTH=80 man lode | sed -n 1,4p
  . /usr/share/bash-completion/bash_completion; _completion_loader lode || true
  complete -p lode; COMP_WORDS=(lode vol); COMP_CWORD=1; _lode; echo "vol -> ${COMPREPLY[*]}"'

say "Python: the same study, the same bytes"
if printf '%s\n' $ours | grep -q python3-lode; then
  as_user 'mkdir other; cp -r /usr/share/lode/sample_data/us_allied_ree other/study; cd other
    /usr/bin/python3 -W ignore -c "import lode; print(lode.__version__, lode.__file__)
run = lode.study_run(\"study/study.toml\"); print(run.summary.ranked, run.results[0].name)
import lode.deposit, lode.ranking; print(\"library:\", lode.deposit.__file__)"
    diff -r study/results ~/study/results && echo same bytes'
else
  echo "no python3-lode"
fi

say "C++: find_package, pkg-config"
cp -r "$here/consumer" "$root/home/geologist/consumer"
in_root chown -R geologist: /home/geologist/consumer
as_user 'cmake -S consumer -B build >/dev/null; cmake --build build; build/consumer
  g++ consumer/main.cpp -o with_pkg_config $(pkg-config --cflags --libs lode); ./with_pkg_config
  ldd with_pkg_config | grep lodegeo; ls /usr/include/gdal 2>&1 | head -n 1'

if printf '%s\n' $ours | grep -q qgis-plugin-lode; then
  say "QGIS"
  as_user 'qgis=/usr/bin/qgis_process.bin; cd study
    $qgis plugins enable lode_qgis 2>/dev/null | tail -n 2
    $qgis list 2>/dev/null | grep -c "lode:" | sed "s/$/ algorithms of Lode/"
    $qgis run lode:volumeoutline -- LAYER=$PWD/outlines.gpkg ID=SITE_ID THICKNESS=thickness_m DENSITY=density_t_m3 \
      GRADE=treo_pct OUTPUT=$PWD/volumes.gpkg 2>&1 | tail -n 5; ls -l volumes.gpkg'
fi

say "apt purge"
apt purge $ours
left=$(while read -r path; do [ -f "$root$path" ] || [ -L "$root$path" ] && echo "$path"; done <"$root.ours" || true)
[ -z "$left" ] || fail "left after purging: $left"
apt autoremove --purge
rm -rf "$root/debs"
# New since the start, of no package that is still there, and named for us or among our folders.
# (bash-completion has a file `explodepkg`.)
files >"$root.after"
left=$(comm -13 "$root.before" "$root.after" | grep -i 'lode' | while read -r path; do
  in_root dpkg -S "$path" >/dev/null 2>&1 || echo "$path"
done || true)
[ -z "$left" ] || fail "left after purging: $left"
echo "no file of ours is left"
left=$(in_root dpkg-query -W -f '${Package} ${Status}\n' | grep 'lode' || true)
[ -z "$left" ] || fail "dpkg still knows: $left"
echo "dpkg knows no package of ours"
rm -f "$root.before" "$root.after" "$root.ours"
say "done"
