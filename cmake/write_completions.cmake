# cmake -DPROGRAM=lode -DINTO=dir -P write_completions.cmake: completions for bash (`lode`) and zsh
# (`_lode`) from `lode describe`.
cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND ${PROGRAM} describe OUTPUT_VARIABLE json ERROR_VARIABLE err RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} describe: ${err}")
endif()

# Text inside '...[...]' of _arguments.
function(zsh_text result text)
  string(REPLACE "\\" "" text "${text}")
  string(REPLACE "'" "’" text "${text}")
  string(REGEX REPLACE "([][:])" "\\\\\\1" text "${text}")
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

set(firsts "")       # first words, once each
set(summaries "")    # zsh: 'word:summary'
set(bash_options "")
set(bash_values "")
set(zsh_cases "")
string(JSON count LENGTH "${json}" results)
math(EXPR last "${count} - 1")
foreach(i RANGE ${last})
  string(JSON one GET "${json}" results ${i})
  string(JSON command GET "${one}" command)
  string(JSON summary GET "${one}" summary)
  zsh_text(summary "${summary}")
  string(REPLACE " " ";" words "${command}")
  list(GET words 0 first)
  list(LENGTH words length)
  if(length EQUAL 1)
    list(APPEND firsts ${first})
    string(APPEND summaries "    '${first}:${summary}'\n")
  else()
    list(GET words 1 second)
    if(NOT first IN_LIST firsts)
      list(APPEND firsts ${first})
      string(APPEND summaries "    '${first}:${first} ...'\n")
    endif()
    list(APPEND seconds_${first} ${second})
    string(APPEND second_summaries_${first} " '${second}:${summary}'")
  endif()

  set(options "")
  set(specs "")
  string(JSON parameters GET "${one}" parameters)
  string(JSON parameter_count LENGTH "${parameters}")
  math(EXPR parameter_last "${parameter_count} - 1")
  foreach(j RANGE ${parameter_last})
    string(JSON parameter GET "${parameters}" ${j})
    string(JSON positional GET "${parameter}" positional)
    if(positional)
      continue()
    endif()
    string(JSON name GET "${parameter}" name)
    string(JSON kind GET "${parameter}" kind)
    string(JSON help GET "${parameter}" help)
    string(JSON repeatable GET "${parameter}" repeatable)
    string(JSON choices LENGTH "${parameter}" choices)
    zsh_text(help "${help}")
    list(APPEND options --${name})
    set(action "")
    if(choices GREATER 0)
      set(values "")
      math(EXPR choice_last "${choices} - 1")
      foreach(k RANGE ${choice_last})
        string(JSON choice GET "${parameter}" choices ${k})
        list(APPEND values "${choice}")
      endforeach()
      list(JOIN values " " values)
      set(action ":${kind}:(${values})")
      string(APPEND bash_values "    '${command} --${name}') values='${values}' ;;\n")
    elseif(kind MATCHES "^(vector|table|raster|file|file_out|vector_out)$")
      set(action ":${kind}:_files")
      string(APPEND bash_values "    '${command} --${name}') values=FILES ;;\n")
    elseif(kind STREQUAL "folder_out")
      set(action ":${kind}:_files -/")
      string(APPEND bash_values "    '${command} --${name}') values=FILES ;;\n")
    elseif(kind STREQUAL "text")
      set(action ":text:_default")
      string(APPEND bash_values "    '${command} --${name}') values=FILES ;;\n")
    elseif(NOT kind STREQUAL "flag")
      set(action ":${kind}: ")
      string(APPEND bash_values "    '${command} --${name}') values=NONE ;;\n")
    endif()
    set(star "")
    if(repeatable)
      set(star "*")
    endif()
    string(APPEND specs " \\\n      '${star}--${name}[${help}]${action}'")
  endforeach()
  list(JOIN options " " options)
  string(APPEND bash_options "    '${command}') options='${options}' ;;\n")
  string(APPEND zsh_cases "    '${command}') _arguments${specs} \\\n      '*:input:_files' ;;\n")
endforeach()

set(bash_seconds "")
set(zsh_seconds "")
foreach(first IN LISTS firsts)
  if(DEFINED seconds_${first})
    list(JOIN seconds_${first} " " seconds)
    string(APPEND bash_seconds "    ${first}) seconds='${seconds}' ;;\n")
    string(APPEND zsh_seconds "    ${first}) seconds=(${second_summaries_${first}} ) ;;\n")
  endif()
endforeach()
list(JOIN firsts " " firsts)

# Bracket arguments below are written as they are; @NAME@ is filled in.
set(bash [=[
# bash completion for lode; made from `lode describe`.
_lode() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  local first=${COMP_WORDS[1]-} seconds='' options='' values='' command start=1
  # "--progress=j" comes as three words.
  if [ "$cur" = '=' ]; then cur=''; elif [ "$prev" = '=' ]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
  if [[ $first == help || $first == describe ]] && [[ $COMP_CWORD -gt 1 && $cur != -* ]]; then
    start=2
    first=${COMP_WORDS[2]-}
  fi
  if [ "$COMP_CWORD" -eq "$start" ]; then
    COMPREPLY=($(compgen -W '@firsts@ --version --help' -- "$cur"))
    return
  fi
  case $first in
@bash_seconds@  esac
  if [ -n "$seconds" ] && [ "$COMP_CWORD" -eq $((start + 1)) ]; then
    COMPREPLY=($(compgen -W "$seconds" -- "$cur"))
    return
  fi
  [ "$start" -eq 1 ] || return
  command=$first
  if [ -n "$seconds" ]; then command="$first ${COMP_WORDS[2]}"; fi
  case "$command $prev" in
@bash_values@  esac
  case $values in
    FILES) compopt -o filenames; COMPREPLY=($(IFS=$'\n'; compgen -f -- "$cur")); return ;;
    NONE) return ;;
    ?*) COMPREPLY=($(compgen -W "$values" -- "$cur")); return ;;
  esac
  if [[ $cur != -* ]]; then
    compopt -o filenames
    local IFS=$'\n'
    COMPREPLY=($(compgen -f -- "$cur"))
    return
  fi
  case $command in
@bash_options@  esac
  COMPREPLY=($(compgen -W "$options --help" -- "$cur"))
}
complete -F _lode lode
]=])
set(zsh [=[
#compdef lode
# zsh completion for lode; made from `lode describe`.
_lode() {
  local -a commands seconds
  local first=$words[2] command
  commands=(
@summaries@  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  if [[ $first == (help|describe) ]] && (( CURRENT == 3 )); then
    _describe command commands
    return
  fi
  case $first in
@zsh_seconds@  esac
  command=$first
  if (( $#seconds )); then
    if (( CURRENT == 3 )); then
      _describe subcommand seconds
      return
    fi
    command="$first $words[3]"
    shift words
    (( CURRENT-- ))
  fi
  shift words
  (( CURRENT-- ))
  case $command in
@zsh_cases@  esac
}
_lode "$@"
]=])
foreach(shell bash zsh)
  string(CONFIGURE "${${shell}}" ${shell} @ONLY)
endforeach()
file(WRITE "${INTO}/lode" "${bash}")
file(WRITE "${INTO}/_lode" "${zsh}")
