#compdef steadfast
autoload -U +X bashcompinit && bashcompinit
_steadfast() {
  local cur="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
  local verb="" words="" files="" word i
  COMPREPLY=()
  case "$previous" in --against|--bpffs|--control|--file|--junit|--pcap|--save|--write|-o) COMPREPLY=($(compgen -f -- "$cur")); return ;; esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="${COMP_WORDS[i]}"
    case "${COMP_WORDS[i-1]}" in --against|--bpffs|--control|--file|--junit|--pcap|--save|--write|-o) continue ;; esac
    case "$verb" in
      "") case "$word" in -*) ;; *) verb="$word" ;; esac ;;
      backend|incidents|show) case "$word" in -*) ;; *) verb="$verb $word" ;; esac ;;
    esac
  done
  case "$verb" in
    "") words="check test plan apply confirm extend cancel rollback backend doctor audit status show history diff blame trace drops incidents top explain completion --help --version" ;;
    "check") words="--json --sarif --strict --control --help" files=yes ;;
    "test") words="--engine host kernel live --against --init -o --mutate --mutants --junit --strict --json --control --help" files=yes ;;
    "plan") words="-o --against --strict --json --control --help" files=yes ;;
    "apply") words="--confirm --auto-confirm --canary --accept --reason --strict --json --control --help" files=yes ;;
    "confirm") words="--json --control --help" ;;
    "extend") words="--json --control --help" ;;
    "cancel") words="--reason --json --control --help" ;;
    "rollback") words="--to --reason --json --control --help" ;;
    "backend") words="add set drain undrain remove" ;;
    "backend add") words="--address --weight --port --accept --reason --json --control --help" ;;
    "backend set") words="--weight --address --port --accept --reason --json --control --help" ;;
    "backend drain") words="--force --wait --accept --reason --json --control --help" ;;
    "backend undrain") words="--accept --reason --json --control --help" ;;
    "backend remove") words="--accept --reason --json --control --help" ;;
    "doctor") words="--backend --bpffs --sarif --strict --json --control --help" files=yes ;;
    "audit") words="--peer --sarif --strict --json --control --help" ;;
    "status") words="--json --control --help" ;;
    "show") words="services pools backends flows drops config generations" ;;
    "show services") words="--json --control --help" ;;
    "show pools") words="--json --control --help" ;;
    "show backends") words="--json --control --help" ;;
    "show flows") words="--json --control --help" ;;
    "show drops") words="--json --control --help" ;;
    "show config") words="--json --control --help" ;;
    "show generations") words="--json --control --help" ;;
    "history") words="--json --control --help" ;;
    "diff") words="--file --json --control --help" ;;
    "blame") words="--json --control --help" ;;
    "trace") words="--file --pcap --write --save --json --control --help" ;;
    "drops") words="--follow --pcap --count --service --verdict fragment_orphan truncated bad_ip_header bad_transport no_backend no_next_hop too_big no_room table_error echo_limited too_big_limited source_denied source_not_allowed new_flow_limited bad_icmp --json --control --help" ;;
    "incidents") words="--json --control show report --help" ;;
    "incidents show") words="--json --control --help" ;;
    "incidents report") words="-o --json --control --help" ;;
    "top") words="--control --help" ;;
    "explain") words="--json --control --help" ;;
    "completion") words="bash zsh fish --control --help" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  if [ -n "$files" ]; then COMPREPLY+=($(compgen -f -- "$cur")); fi
}
complete -o filenames -F _steadfast steadfast
