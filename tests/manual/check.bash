# Asks the built completion as bash would, and reads every manual page for chapters and warnings.
set -u
build=$1 program=$2 source=$3
failed=0
fail() { printf 'FAILED: %s\n' "$*"; failed=1; }

if [ ! -f "$build/completions/lode" ]; then
  printf 'SKIPPED: %s is not built (target completions)\n' "$build/completions/lode"
  exit 77
fi
compopt() { :; }
. "$build/completions/lode"
complete_line() { # words..., the last one half-typed
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  COMPREPLY=()
  _lode
}
gives() { # expected words of the line
  local expected=$1 word
  shift
  complete_line "$@"
  for word in $expected; do
    case " ${COMPREPLY[*]-} " in *" $word "*) ;; *) fail "'$*' does not give $word but ${COMPREPLY[*]-nothing}" ;; esac
  done
}
gives 'volume oxides describe help study' lode ''
gives 'outline' lode volume ''
gives 'volume' lode help vol
gives 'outline' lode help volume o
gives '--thickness --thickness-low --thickness-high' lode volume outline a.shp --thick
gives '--json --jobs' lode oxides a.csv --j
gives 'trade sesquioxide' lode oxides a.csv --basis ''
gives 'json' lode oxides a.csv --progress = js
complete_line lode oxides a.csv --jobs ''
[ ${#COMPREPLY[@]} -eq 0 ] || fail "a number was completed: ${COMPREPLY[*]}"
cd "$source/sample_data/us_allied_ree" && gives 'deposits.shp' lode oxides dep
# Every option that the program declares is offered, for every command.
while read -r page; do
  words=${page//_/ }
  [ -f "$source/tools/$page.cpp" ] || continue
  options=$("$program" help $words --markdown | grep -o '^`[^`]*`' | grep -o -- '--[a-z0-9-]*' | tr '\n' ' ')
  [ -n "$options" ] || fail "help $words declares no option"
  gives "$options" lode $words --
done <"$source/tools/commands.list"

if command -v zsh >/dev/null; then
  zsh -n "$build/completions/_lode" || fail "zsh does not take the completion"
  zsh -f -c 'autoload -U compinit && compinit -D && . "$1" 2>/dev/null; whence _lode >/dev/null' - \
    "$build/completions/_lode" || fail "zsh does not load the completion"
else
  echo "zsh is not installed; its completion was not tried"
fi

if [ -f "$build/man/lode.1" ]; then
  list=$(<"$build/man/lode.md")
  while read -r page; do
    [ -f "$source/tools/$page.cpp" ] && [ -f "$source/tools/$page.md" ] || continue
    roff=$build/man/lode-${page//_/-}.1
    [ -f "$roff" ] || { fail "$roff is missing"; continue; }
    text=$(<"$roff") title=LODE-${page//_/-}
    case $'\n'${text//\\/} in *$'\n'".TH \"${title^^}\" \"1\""*) ;; *) fail "$roff is not titled ${title^^}(1)" ;; esac
    chapters=$(sed -n 's/^\.SH //p' "$roff" | tr '\n' ',')
    [ "$chapters" = 'NAME,SYNOPSIS,DESCRIPTION,OPTIONS,EXAMPLES,DIAGNOSTICS,MEMORY USAGE,SEE ALSO,' ] ||
      fail "$roff has the chapters $chapters"
    case $text in *jobs*) ;; *) fail "$roff lacks the options of every command" ;; esac
    case $list in *"lode-${page//_/-}"* | *"lode ${page//_/ }"*) ;; *) fail "lode(1) does not list $page" ;; esac
  done <"$source/tools/commands.list"
  while read -r topic; do
    roff=$build/man/lode-${topic//_/-}.7
    [ -f "$roff" ] || fail "$roff is missing"
  done <"$source/tools/topics.list"
  if command -v groff >/dev/null; then
    warnings=$(groff -man -ww -z -Tutf8 -K utf8 "$build"/man/*.[17] 2>&1 |
      grep -v "can't break line\|cannot break line\|cannot adjust line")
    [ -z "$warnings" ] || fail "$warnings"
  fi
else
  echo "no manual pages are built (pandoc); they were not looked at"
fi
[ $failed -eq 0 ] && echo "completions and pages are in order"
exit $failed
