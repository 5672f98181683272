# packages_test.sh BUILD SOURCE VERSION CMAKE SAMPLE: makes the Debian packages and looks at them from outside.
# The same files give the same bytes; names, fields, owners, contents; lintian; the program unpacked
# from its package does the sample study as the built one does.
set -euo pipefail
build=$1 source=$2 version=$3-1 cmake=$4 sample=$5
work=$build/packages_test
rm -rf "$work"
mkdir -p "$work"
cd "$work"
problems=0
wrong() { echo "WRONG: $*"; problems=$((problems + 1)); }

export LODE_XZ_LEVEL=1
for round in first second; do
  "$(dirname "$cmake")/cpack" --config "$build/CPackConfig.cmake" -B "$work/$round" >"$round.log" 2>&1 ||
    { tail -n 20 "$round.log"; exit 1; }
  rm -rf "$round/_CPack_Packages"
done
architecture=$(dpkg --print-architecture)
declare -A file=(
  [liblodegeo0.1]=liblodegeo0.1_${version}_$architecture.deb [liblodegeo-dev]=liblodegeo-dev_${version}_$architecture.deb
  [lode]=lode_${version}_$architecture.deb [qgis-plugin-lode]=qgis-plugin-lode_${version}_all.deb)
if grep -q 'COMPONENTS_ALL.*python' "$build/CPackConfig.cmake"; then
  file[python3-lode]=python3-lode_${version}_$architecture.deb
else
  echo "The Python module was not built, so there is no python3-lode to look at"
fi
diff <(ls first) <(printf '%s\n' "${file[@]}" | sort) || wrong "the set of packages"
for package in "${!file[@]}"; do
  cmp "first/${file[$package]}" "second/${file[$package]}" || wrong "$package: other bytes the second time"
done

field() { dpkg-deb --field "first/${file[$1]}" "$2"; }
has() { # has PACKAGE FIELD TEXT
  case ", $(field "$1" "$2")" in *"$3"*) ;; *) wrong "$1: $2 lacks '$3': $(field "$1" "$2")" ;; esac
}
for package in "${!file[@]}"; do
  deb=first/${file[$package]}
  dpkg-deb --info "$deb" >/dev/null
  [ "$(field "$package" Package) $(field "$package" Version)" = "$package $version" ] || wrong "$package: name or version"
  has "$package" Maintainer '@'
  has "$package" Homepage 'https://'
  [ "$(field "$package" Description | wc -l)" -ge 5 ] || wrong "$package: no extended description"
  dpkg-deb -x "$deb" "root_$package"
  dpkg-deb --control "$deb" "control_$package"
  (cd "root_$package" && md5sum --quiet -c "../control_$package/md5sums") || wrong "$package: md5sums"
  [ "$(wc -l <"control_$package/md5sums")" = "$(find "root_$package" -type f | wc -l)" ] || wrong "$package: md5sums lack files"
  for document in copyright changelog.Debian.gz; do
    [ -s "root_$package/usr/share/doc/$package/$document" ] || wrong "$package: no $document"
  done
  dpkg-deb -c "$deb" >"list_$package"
  grep -v '^lrwxrwxrwx root/root \|^[-d]r[-w][-x]r-[-x]r-[-x] root/root ' "list_$package" && wrong "$package: owner or mode"
  grep -v ' \./$\| \./usr/' "list_$package" && wrong "$package: files outside /usr"
  grep -i '__pycache__\|\.a$\|/results/' "list_$package" && wrong "$package: ships what is made"
done
same=$(for package in "${!file[@]}"; do (cd "root_$package" && find . ! -type d); done | sort | uniq -d)
[ -z "$same" ] || wrong "files of two packages: $same"

has lode Depends 'libgdal'
has lode Depends 'libc6 ('
has liblodegeo0.1 Depends 'libgdal'
field lode Depends | grep -q lodegeo && wrong "lode needs a package that apt cannot find beside it"
has liblodegeo-dev Depends "liblodegeo0.1 (= $version)"
field liblodegeo-dev Depends | grep -q -- '-dev' && wrong "liblodegeo-dev needs another library's headers"
for text in lode qgis python3-qgis; do has qgis-plugin-lode Depends ", $text"; done
grep -qx 'activate-noawait ldconfig' control_liblodegeo0.1/triggers || wrong "no ldconfig trigger"
grep -q '^liblodegeo 0.1 liblodegeo0.1 (>= ' control_liblodegeo0.1/shlibs || wrong "shlibs"
readelf -d root_lode/usr/bin/lode | grep -i 'r.*path' && wrong "lode has a search path of the build"

must() { for path in "${@:2}"; do [ -e "root_$1/usr/$path" ] || wrong "$1: no /usr/$path"; done; }
lib=lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)
must liblodegeo0.1 "$lib/liblodegeo.so.0.1"
must liblodegeo-dev include/libgeo/core/quantity.h "$lib/cmake/Lode/LodeConfig.cmake" "$lib/pkgconfig/lode.pc"
[ -L "root_liblodegeo-dev/usr/$lib/liblodegeo.so" ] || wrong "no link to the library"
must lode bin/lode share/lode/countries.gpkg share/lode/sample_data/us_allied_ree/study.toml share/man/man1/lode.1.gz \
  share/man/man7/lode-study-file.7.gz share/bash-completion/completions/lode share/zsh/vendor-completions/_lode
must qgis-plugin-lode share/qgis/python/plugins/lode_qgis/metadata.txt
while read -r command; do
  page=${command//_/-}
  [ ! -f "$source/tools/$command.md" ] || must lode "share/man/man1/lode-$page.1.gz"
done <"$source/tools/commands.list"
cmp <(root_lode/usr/bin/lode describe) <(tr -d '\n' <root_qgis-plugin-lode/usr/share/qgis/python/plugins/lode_qgis/describe.json; echo) ||
  wrong "the plugin's description is of another program"

if command -v lintian >/dev/null; then
  # Its warnings are printed; what it warns of changes with its version.
  LC_ALL=C.UTF-8 lintian --fail-on error --tag-display-limit 0 first/*.deb >lintian.log 2>&1 ||
    { cat lintian.log; wrong "lintian has errors"; }
  grep -v '^running with root' lintian.log || true
else
  echo "lintian is not installed: what it would say is not tested"
fi

# From the unpacked package, with nothing said of where its data are: what the built program makes of
# the sample, which the test study.sample ran.
mkdir run
cp -r root_lode/usr/share/lode/sample_data/us_allied_ree run/study
rm -rf run/study/results
(cd run/study && env -u LODE_SHARE "$work/root_lode/usr/bin/lode" study run study.toml -q >/dev/null)
[ -s run/study/results/report.html ] || wrong "the packaged program writes no report"
diff -r run/study/results "$sample/results" || wrong "packaged and built program differ"
[ "$(wc -l <run/study/results/ranking.csv)" = 93 ] || wrong "the sample study ranks 92 sites"

if [ -n "${file[python3-lode]-}" ]; then
  has python3-lode Depends 'python3-numpy'
  has python3-lode Depends 'libgdal'
  has python3-lode Recommends 'python3-geopandas'
  has python3-lode Recommends 'python3-matplotlib'
  must python3-lode lib/python3/dist-packages/lode/__init__.py
  # The library's modules go with the module where they were built into it.
  for module in "$build"/python/lode/*.py*; do
    must python3-lode "lib/python3/dist-packages/lode/$(basename "$module")"
  done
  (cd / && PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$work/root_python3-lode/usr/lib/python3/dist-packages \
    /usr/bin/python3 -c 'import lode; print("import lode:", lode.__version__)') || wrong "import lode"
fi
du -ch first/*.deb | sed 's,first/,,'
[ "$problems" = 0 ] || { echo "$problems problems"; exit 1; }
