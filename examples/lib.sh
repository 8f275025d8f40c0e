# shellcheck shell=bash
# What the examples' scripts share. A run lives in process, network and mount namespaces of its own, with a /run
# of its own: when its first process ends, in whatever way, the kernel removes all that it made.
set -Eeuo pipefail

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
example=$(basename "$(dirname "$(readlink -f "$0")")")
# A test says by which command vl3 is run.
vl3=${EXAMPLE_VL3:-$root/vl3-cli/bin/vl3}
dir=/run/vl3
# Where the logs go; in EXAMPLE_LOGS they outlive the run.
logs=${EXAMPLE_LOGS:-/run/logs}
# A JVM that is killed would leave a file in /tmp.
export VL3_JAVA_OPTS="-XX:-UsePerfData ${VL3_JAVA_OPTS:-}"
declare -A pids=()
now_doing=

say() { printf '%s\n' "$*"; }

# A step of the walkthrough; a failure names the last one.
step() {
  now_doing=$*
  printf '\n== %s\n' "$*"
}

fail() {
  printf '%s: %s\n' "$example" "$*" >&2
  exit 1
}

# need COMMAND PACKAGE
need() {
  command -v "$1" >/dev/null || fail "missing: $1; install with: apt-get install -y --no-install-recommends $2"
}

# alone ARGUMENTS-OF-THE-SCRIPT: builds vl3 if it must, then starts the script again in namespaces of its own. Only
# there it returns.
alone() {
  if [ "${EXAMPLE_ALONE:-}" = yes ] && [ $$ = 1 ]; then
    enter
    return
  fi
  need ip iproute2
  need unshare util-linux
  "$vl3" version >/dev/null
  local namespaces=(--mount --net --pid --fork --kill-child --mount-proc) refused
  [ "$(id -u)" = 0 ] || namespaces+=(--user --map-root-user)
  refused=$(unshare "${namespaces[@]}" true 2>&1) ||
    fail "no namespaces of its own ($refused); expected: root, or a kernel that lets users have user namespaces"
  # In the background, for a shell acts on signals only between commands that it waits for. There SIGINT would be ignored.
  EXAMPLE_ALONE=yes setpriv --pdeathsig KILL unshare "${namespaces[@]}" \
    env --default-signal=INT,QUIT "$0" "$@" <&0 &
  local outer=$!
  trap 'abandon $outer 129' HUP
  trap 'abandon $outer 130' INT
  trap 'abandon $outer 143' TERM
  local code=0
  wait "$outer" || code=$?
  exit "$code"
}

# abandon PID CODE: kills the first process of the namespaces, and with it all others; waits until they are gone.
abandon() {
  trap '' HUP INT TERM
  local first
  first=$(cat "/proc/$1/task/$1/children" 2>/dev/null) || true
  # shellcheck disable=SC2086 # nothing, or a number
  kill -KILL ${first:-$1} 2>/dev/null || true
  wait "$1" 2>/dev/null || true
  printf '%s: stopped; nothing of it is left\n' "$example" >&2
  exit "$2"
}

enter() {
  trap 'failed "$?" "$BASH_COMMAND"' ERR
  trap 'exit 130' INT
  mount -t tmpfs -o mode=755 tmpfs /run
  # Where systemd-resolved is, /etc/resolv.conf leads into /run.
  local resolver
  resolver=$(readlink -m /etc/resolv.conf)
  if [[ $resolver == /run/* ]]; then
    mkdir -p "$(dirname "$resolver")"
    : >"$resolver"
  fi
  mkdir -p /run/netns "$dir" "$logs"
  PATH=$(dirname "$vl3"):$PATH
  export VL3_RUN_DIR=$dir
}

failed() {
  printf '%s: failed at "%s": %s ended with %s\n' "$example" "$now_doing" "$2" "$1" >&2
  last_words >&2
  exit 1
}

# The last lines of every log.
last_words() {
  local log
  for log in "$logs"/*.log; do
    [ -s "$log" ] || continue
    printf '%s, at the end:\n' "$(basename "$log")"
    tail -n 5 "$log" | sed 's/^/  /'
  done
}

# nodes NAME...: network namespaces that stand for machines, joined by a bridge. The n-th has the address 172.31.0.n.
nodes() {
  local number=0 node
  ip netns add hub
  ip -n hub link add br0 type bridge
  ip -n hub link set dev br0 up
  for node; do
    number=$((number + 1))
    ip netns add "$node"
    ip -n hub link add "$node" type veth peer name underlay0 netns "$node"
    ip -n hub link set dev "$node" master br0 up
    ip -n "$node" link set dev lo up
    ip -n "$node" address add "172.31.0.$number/24" dev underlay0
    ip -n "$node" link set dev underlay0 up
  done
}

# start NAME NETNS COMMAND...: in the background, with its output in a log. By nsenter, as `ip netns exec` would hide
# the namespaces that the process makes. vl3's processes of one node meet in a directory of their own.
start() {
  local name=$1 netns=$2
  shift 2
  VL3_RUN_DIR=$dir/$netns nsenter --net="/run/netns/$netns" -- "$@" </dev/null >>"$logs/$name.log" 2>&1 &
  pids[$name]=$!
}

# alive: fails if one of the processes has ended.
alive() {
  local name
  for name in "${!pids[@]}"; do
    kill -0 "${pids[$name]}" 2>/dev/null || broken "$name has ended"
  done
}

broken() {
  last_words >&2
  fail "$now_doing: $*"
}

# await SECONDS WHAT COMMAND...: until the command succeeds; what it said last is in the failure's message.
await() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >"$logs/await" 2>&1; do
    alive
    [ "$SECONDS" -lt "$end" ] || broken "$what: not in time; at last: $(tail -n 5 "$logs/await")"
    sleep 0.1
  done
}

# said NAME TEXT: whether a process has printed a line with the text.
said() { grep -qF -- "$2" "$logs/$1.log"; }

# nse NODE NAME: a network service endpoint, by its file in the example's directory.
nse() { start "$2" "$1" "$vl3" run --config "$(dirname "$(readlink -f "$0")")/$2.yaml"; }

# kills NAME: as a power cut does.
kills() {
  kill -KILL "${pids[$1]}"
  wait "${pids[$1]}" 2>/dev/null || true
  unset "pids[$1]"
}

# ends NAME...: asks processes to end, and waits until they have.
ends() {
  local name pid asked=()
  for name; do
    pid=${pids[$name]}
    unset "pids[$name]"
    kill -TERM "$pid"
    asked+=("$pid")
  done
  await 300 "$* end" ended "${asked[@]}"
}

ended() { ! kill -0 "$@"; }

# nothing_left: once all processes have ended, no interface and no namespace of theirs is there.
nothing_left() {
  local netns left
  for netns in $(ip netns list | cut -d ' ' -f 1); do
    [[ $netns != vl3-* ]] || fail "namespace $netns is left"
    [ "$netns" != hub ] || continue
    left=$(ip -n "$netns" -o link show | grep -vE '^[0-9]+: (lo|underlay0)[:@]' || true)
    [ -z "$left" ] || fail "left in $netns: $left"
  done
  say 'no process, interface or namespace of theirs is left'
}

# address NETNS: the IPv4 address of its nsm0.
address() {
  ip -n "$1" -4 -o address show dev nsm0 | sed -n 's/.* inet \([0-9.]*\).*/\1/p' | head -n 1
}

# look_around: a shell among the namespaces; or commands from a pipe, of which the last one must not fail.
look_around() {
  [ ! -t 0 ] || say 'vl3 status, vl3 peers, vl3 path, ip netns exec NAME ... work here; exit ends all of it'
  PS1="$example# " bash --norc || [ -t 0 ]
}
