# How the lab starts, kills and looks at programs; sourced by lab.sh.

say() { printf '%s %s\n' "$(date +%T)" "$*" | tee -a "$logs/lab.log"; }

# until_true SECONDS COMMAND...
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { say "not within the time: $*"; return 1; }
    sleep 0.3
  done
}

# program NAME NETNS COMMAND...: remembers how it is started, as the group that gives it its identity.
declare -A gid=()
program() {
  local name=$1 netns=$2
  shift 2
  gid[$name]=$((2000 + ${#gid[@]}))
  {
    echo '#!/usr/bin/env bash'
    [ "$netns" = - ] || printf 'exec nsenter --net=/run/netns/%s ' "$netns"
    [ "$netns" = - ] && printf 'exec '
    printf 'setpriv --regid=%s --clear-groups ' "${gid[$name]}"
    printf '%q ' "$@"
  } >"/run/lab/$name.sh"
}

start() {
  local name
  for name; do
    setsid bash "/run/lab/$name.sh" >>"$logs/$name.log" 2>&1 < <(exec sleep infinity) &
    echo $! >"/run/lab/$name.pid"
  done
}

# Kills the whole session of a program, as a container's end does.
kill_hard() {
  pkill -9 --session "$(cat "/run/lab/$1.pid")" || true
}

# ---- SPIRE: one trust domain, an identity for each program by its group

spire() {
  cat >/run/spire/server.conf <<CONF
server {
  bind_address = "127.0.0.1"
  bind_port = "8081"
  socket_path = "/run/spire/server.sock"
  trust_domain = "$trust"
  data_dir = "/run/spire/data"
  log_level = "INFO"
  ca_ttl = "24h"
  default_x509_svid_ttl = "$SVID_TTL"
  agent_ttl = "1h"
}
plugins {
  DataStore "sql" { plugin_data { database_type = "sqlite3" connection_string = "/run/spire/data/db" } }
  KeyManager "disk" { plugin_data { keys_path = "/run/spire/data/keys.json" } }
  NodeAttestor "join_token" { plugin_data {} }
}
CONF
  cat >/run/spire/agent.conf <<CONF
agent {
  server_address = "127.0.0.1"
  server_port = "8081"
  socket_path = "/run/spire/agent.sock"
  trust_domain = "$trust"
  data_dir = "/run/spire/agent"
  log_level = "INFO"
  insecure_bootstrap = true
}
plugins {
  KeyManager "disk" { plugin_data { directory = "/run/spire/agent" } }
  NodeAttestor "join_token" { plugin_data {} }
  WorkloadAttestor "unix" { plugin_data {} }
}
CONF
  mkdir -p /run/spire/data /run/spire/agent
  program spire-server - "$LAB_BIN/spire-server" run -config /run/spire/server.conf
  start spire-server
  until_true 60 spire_ctl healthcheck
  local token
  token=$(spire_ctl token generate -spiffeID "spiffe://$trust/agent" | sed -n 's/Token: //p')
  local name
  for name in "${!gid[@]}"; do
    spire_ctl entry create -parentID "spiffe://$trust/agent" -spiffeID "spiffe://$trust/$name" \
      -selector "unix:gid:${gid[$name]}" >/dev/null
  done
  program spire-agent - "$LAB_BIN/spire-agent" run -config /run/spire/agent.conf -joinToken "$token"
  start spire-agent
  until_true 60 "$LAB_BIN/spire-agent" healthcheck -socketPath /run/spire/agent.sock
}

spire_ctl() { "$LAB_BIN/spire-server" "$@" -socketPath /run/spire/server.sock; }

# up PATTERN PROGRAM...: starts each and waits until its log says so.
up() {
  local pattern=$1 name
  shift
  start "$@"
  for name; do until_true 120 grep -q "$pattern" "$logs/$name.log"; done
}

# ---- NSM

nsm() {
  local name=$1 node=$2 program=$3
  shift 3
  program "$name" "$node" env "SPIFFE_ENDPOINT_SOCKET=$agent" NSM_LOG_LEVEL="$NSM_LOG" \
    NSM_MAX_TOKEN_LIFETIME=10m "$@" "$LAB_BIN/$program"
}

# ---- What is seen

# The IPv4 address of a client's link.
address() { ip -n "$1" -4 -o address show dev nsm-1 2>/dev/null | sed -n 's/.*inet \([0-9.]*\).*/\1/p'; }

addressed() { [ -n "$(address "$1")" ]; }

reaches() { nsenter --net=/run/netns/"$1" ping -c 1 -W 1 "$(address "$2")" >/dev/null 2>&1; }

# What of an NSE's figures tells who is up: /metrics at 10.99.0.NUMBER:PORT.
figures() {
  curl -s -m 2 "http://10.99.0.$1:$2/metrics" |
    sed -n -E 's/^vl3_(registry|domain|peer)_up\{(.*(domain|peer)="([^"]*)")?.*\} ([01]).*/\1 \4=\5/p' |
    sort | paste -sd' '
}

observe() {
  local line='' port pair
  for pair in 'nsc-1 nsc-2' 'nsc-2 nsc-1'; do
    # shellcheck disable=SC2086 # two words
    set -- $pair
    if reaches "$1" "$2"; then line+=" $1>$2:ok"; else line+=" $1>$2:LOST"; fi
  done
  for port in "${ports[@]}"; do
    # shellcheck disable=SC2086 # two words
    set -- $port
    line+=" $3[$(figures "$1" "$2")]"
  done
  printf '%s' "$line"
}

all_up() {
  local now
  now=$(observe)
  [[ $now != *LOST* && $now != *=0* && $now == *\[*peer*\[*peer* ]]
}

# Looks every five seconds and says what has changed.
watch_for() {
  local end=$((SECONDS + $1)) before='' now
  while [ $SECONDS -lt $end ]; do
    now=$(observe)
    [ "$now" = "$before" ] || say "$now"
    before=$now
    sleep "${LOOK:-5}"
  done
  say "at the end: $now"
}
