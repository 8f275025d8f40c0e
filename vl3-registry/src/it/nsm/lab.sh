#!/usr/bin/env bash
# NSM's own programs, SPIRE and vl3 side by side on one machine; docs/interop.md says what for.
#
#   LAB_BIN=DIR lab.sh one MINUTES LOGS          a domain, two NSEs
#   LAB_BIN=DIR lab.sh two MINUTES LOGS          two domains, an NSE each
#   LAB_BIN=DIR lab.sh floating MINUTES LOGS     the same, registered in a third domain
#   LAB_BIN=DIR lab.sh deaths PROGRAM... LOGS    two domains; each program is killed, 30 s dead, started again
#
# DIR has NSM's cmd-* programs, spire-server, spire-agent and nsmpeer; LOGS is a directory. Needs root,
# iproute2, util-linux, ping, curl, and dnsmasq for more than one domain. Each domain is a network namespace
# that stands for a node; everything ends with the script.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
LAB_BIN=$(readlink -f "${LAB_BIN:?a directory with the programs of NSM and SPIRE}")
VL3=$(readlink -f "${VL3:-$here/../../../../vl3-cli/bin/vl3}")
: "${SVID_TTL:=2m}" "${DIAL_TIMEOUT:=750ms}" "${NSM_LOG:=INFO}" "${VL3_LOG:=info}"
trust=vl3.test
agent=unix:///run/spire/agent.sock
mkdir -p "${!#}"
logs=$(readlink -f "${!#}")

if [ -z "${IN_LAB:-}" ]; then
  "$VL3" version >/dev/null # builds it, if it must, while there is a network
  exec env IN_LAB=1 unshare --mount --net --pid --fork --mount-proc --kill-child bash "$0" "$@"
fi

mount -t tmpfs none /run
mkdir -p /run/netns /run/lock /run/spire /run/lab
ip link set lo up
ip link add br0 up type bridge
ip address add 10.99.0.254/24 dev br0

. "$here/programs.sh"

# node LETTER NUMBER: a namespace at 10.99.0.NUMBER.
node() {
  ip netns add "$1"
  ip link add "v$1" type veth peer name eth0 netns "$1"
  ip link set "v$1" master br0 up
  ip -n "$1" link set lo up
  ip -n "$1" link set eth0 up
  ip -n "$1" address add "10.99.0.$2/24" dev eth0
  mkdir -p "/run/$1"
}

# registry LETTER NUMBER [PROXY]: the registry of a domain, and who watches it.
registry() {
  local d=$1 at=10.99.0.$2
  nsm "registry-$d" "$d" cmd-registry-memory "NSM_LISTEN_ON=tcp://$at:5002" ${3:+"NSM_PROXY_REGISTRY_URL=$3"}
  program "watch-$d" "$d" "$LAB_BIN/nsmpeer" watch -spiffe "$agent" -connect "tcp://$at:5002" -service vl3
}

# manager LETTER NUMBER: manager, forwarder and prefix server of a node.
manager() {
  local d=$1 at=10.99.0.$2
  nsm "nsmgr-$d" "$d" cmd-nsmgr "NSM_NAME=nsmgr-$d" "NSM_DIAL_TIMEOUT=$DIAL_TIMEOUT" \
    "NSM_LISTEN_ON=unix:///run/$d/nsm.io.sock,tcp://$at:5001" "NSM_REGISTRY_URL=tcp://$at:5002"
  nsm "ipam-$d" "$d" cmd-ipam-vl3 "NSM_LISTEN_ON=tcp://$at:5006" NSM_PREFIX=172.16.0.0/16 NSM_CLIENT_PREFIX_LEN=24
  program "forwarder-$d" "$d" "$LAB_BIN/nsmpeer" forwarder -name "forwarder-$d" -spiffe "$agent" \
    -manager "unix:///run/$d/nsm.io.sock" -listen "unix:///run/$d/forwarder.sock" -tunnel "$at"
}

# proxies LETTER NUMBER: what joins a domain to others.
proxies() {
  local d=$1 at=10.99.0.$2
  echo "$at: $at" >"/run/$d/map-ip.yaml"
  nsm "nsmgr-proxy-$d" "$d" cmd-nsmgr-proxy "NSM_LISTEN_ON=tcp://$at:5005" "NSM_NAME=nsmgr-proxy-$d" \
    "NSM_REGISTRY_URL=tcp://$at:5002" "NSM_REGISTRY_PROXY_URL=tcp://$at:5004" "NSM_MAP_IP_FILE_PATH=/run/$d/map-ip.yaml"
  nsm "registry-proxy-$d" "$d" cmd-registry-proxy-dns "NSM_LISTEN_ON=tcp://$at:5004"
}

# nse NAME LETTER NUMBER PORT [HOME] [DOMAINS]: our NSE, with figures at a port.
nse() {
  local name=$1 d=$2 at=10.99.0.$3 home=${5:-} domains=${6:-}
  cat >"/run/$d/$name.yaml" <<CONF
endpoints:
- name: vl3${home:+@$home}
  nseName: $name${home:+@$home}
  vl3:
    ipam: {prefixServers: ["tcp://10.99.0.1:5006"]}
nsm:
  api: v1
  connectTo: unix:///run/$d/nsm.io.sock
  listenOn: unix:///run/$d/$name.sock
  tls: {source: spiffe, workloadApi: "$agent"}
  remoteDomains: [$domains]
state: {directory: /run/$d/$name}
metrics: {port: $4, address: $at}
CONF
  program "$name" "$d" env NSM_LOG_LEVEL="$VL3_LOG" "$VL3" run --config "/run/$d/$name.yaml"
  ports+=("$3 $4 $name")
}

# nsc NAME LETTER SERVICE: NSM's client in a namespace of its own; its liveness check pings as any group.
nsc() {
  ip netns add "$1"
  ip -n "$1" link set lo up
  nsenter --net=/run/netns/"$1" sysctl -qw net.ipv4.ping_group_range='0 2147483647'
  nsm "$1" "$1" cmd-nsc "NSM_NAME=$1" "NSM_CONNECT_TO=unix:///run/$2/nsm.io.sock" \
    NSM_LOCAL_DNS_SERVER_ENABLED=false "NSM_NETWORK_SERVICES=kernel://$3/nsm-1"
}

# SRV records of the domains; one to register in needs the registry's only.
names() {
  mkdir -p /run/dns
  {
    printf '%s\n' no-resolv no-hosts local=/test/ listen-address=10.99.0.254 bind-interfaces pid-file=
    local d=0 name
    for name in a b c; do
      d=$((d + 1))
      record "registry.nsm-system.$name.test" 5002 "10.99.0.$d"
      [ $name = c ] || record "nsmgr-proxy.nsm-system.$name.test" 5005 "10.99.0.$d"
    done
  } >/run/dns/dnsmasq.conf
  echo 'nameserver 10.99.0.254' >/run/dns/resolv.conf
  mount --bind /run/dns/resolv.conf "$(readlink -f /etc/resolv.conf)"
  program dns - dnsmasq --keep-in-foreground --user=root --conf-file=/run/dns/dnsmasq.conf
  start dns
}

record() { printf 'srv-host=%s,%s,%s\nhost-record=%s,%s\n' "$1" "$1" "$2" "$1" "$3"; }

# begin NSE NSE LETTER...: starts all, in order, and waits for addresses; LETTERs have the managers.
begin() {
  local first=$1 second=$2 d
  shift 2
  spire
  for d in "${registries[@]}"; do up 'Startup completed' "registry-$d"; done
  if [ -f /run/lab/registry-proxy-a.sh ]; then
    for d; do up 'Startup completed' "registry-proxy-$d" "nsmgr-proxy-$d"; done
  fi
  start ipam-a
  for d; do up 'Startup completed' "nsmgr-$d"; done
  for d; do up ready "forwarder-$d"; done
  for d in "${registries[@]}"; do start "watch-$d"; done
  up 'registered for' "$first" "$second"
  start nsc-1 nsc-2
  until_true 120 addressed nsc-1
  until_true 120 addressed nsc-2
  say "clients have $(address nsc-1) $(address nsc-2)"
}

one() {
  node a 1
  registry a 1
  manager a 1
  nse nse-1 a 1 9001
  nse nse-2 a 1 9002
  nsc nsc-1 a vl3
  nsc nsc-2 a vl3
  registries=(a)
  begin nse-1 nse-2 a
  watch_for "$(($1 * 60))"
}

domains() {
  local d n=0
  names
  for d in a b; do
    n=$((n + 1))
    node $d $n
    registry $d $n "tcp://10.99.0.$n:5005"
    manager $d $n
    proxies $d $n
  done
  nse nse-a a 1 9001 "" "${DOMAINS_OF_A:-b.test}"
  nse nse-b b 2 9001 "" "${DOMAINS_OF_B:-a.test}"
  nsc nsc-1 a vl3
  nsc nsc-2 b vl3
  registries=(a b)
  begin nse-a nse-b a b
}

two() {
  domains
  watch_for "$(($1 * 60))"
}

floating() {
  local d n=0
  names
  for d in a b; do
    n=$((n + 1))
    node $d $n
    registry $d $n "tcp://10.99.0.$n:5005"
    manager $d $n
    proxies $d $n
    nse nse-$d $d $n 9001 c.test
    nsc nsc-$n $d vl3@c.test
  done
  node c 3
  registry c 3
  registries=(a b c)
  begin nse-a nse-b a b
  watch_for "$(($1 * 60))"
}

deaths() {
  domains
  until_true 120 all_up
  say "up: $(observe)"
  local name began
  for name in "${@:1:$#-1}"; do
    say "---- $name is killed"
    kill_hard "$name"
    LOOK=1 watch_for "${DEAD:-30}"
    say "---- $name starts again"
    start "$name"
    began=$SECONDS
    if until_true 180 all_up; then say "all up after $((SECONDS - began)) s"; else say "NOT up: $(observe)"; fi
    LOOK=1 watch_for 10
  done
}

ports=()
"$@"
