#!/usr/bin/env bash
# The original's mesh on one machine: NSM 0.2's managers, original NSEs and ours; docs/interop.md says what for.
#
#   LAB_BIN=DIR lab.sh original LOGS        two nodes, an original NSE on each
#   LAB_BIN=DIR lab.sh theirs-first LOGS    an original NSE, then ours on the other node
#   LAB_BIN=DIR lab.sh ours-first LOGS      ours, then an original NSE on the other node
#
# DIR has nsmd, vppagent-forwarder, vl3-nse and recorder; LOGS is a directory. Ours is `vl3 run` with the file and the
# variables of the original's chart. Its vpp-agent is the tests' fake one: AGENT_CLASSES is a class path with
# io.vl3.vpp.testing.FakeAgentMain. A node is a network namespace, an NSE's pod another. Needs root, iproute2, ping, curl.
set -uo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
bin=$(readlink -f "${LAB_BIN:?a directory with the programs of NSM 0.2}")
vl3=$(readlink -f "${VL3:-$here/../../../../vl3-cli/bin/vl3}")
chart=$here/../../../../vl3-cli/src/test/resources/io/vl3/cli/config/read/original-chart
base=/var/lib/networkservicemesh
mkdir -p "$2"
logs=$(readlink -f "$2")

if [ -z "${IN_LAB:-}" ]; then
  exec env IN_LAB=1 unshare --mount --net --pid --fork --mount-proc --kill-child bash "$0" "$@"
fi

mount -t tmpfs none /run
mkdir -p /run/netns /run/lock "$base"
ip link set lo up
export INSECURE=true TRACER_ENABLED=false

# until_ COMMAND...: waits for it, for a minute.
until_() {
  local i
  for i in $(seq 300); do "$@" 2>/dev/null && return; sleep 0.2; done
  echo "late: $*" >&2
}

# record NAME COMMAND...: the recorder with its lines in NAME.jsonl.
record() { LAB_OUT=$logs/$1.jsonl "${@:2}" & }

# innode NODE COMMAND...: in the node's namespace, with its manager's files.
innode() {
  unshare --mount sh -c "mount --bind $logs/$1/nsm $base; exec ip netns exec $1 \"\$@\"" in "${@:2}"
}

# inpod POD NODE COMMAND...: in the pod's namespace, with its workspace where pods have it.
inpod() {
  unshare --mount sh -c "mount --bind $logs/$2/nsm/nsm-$1 $base; exec ip netns exec $1 \"\$@\"" in "${@:3}"
}

node() {
  mkdir -p "$logs/$1/nsm"
  record "$1.registry" ip netns exec "$1" "$bin/recorder" proxy nsmd-registry tcp:127.0.0.1:5000 "unix:$logs/$1.reg"
  record "$1.agent" ip netns exec "$1" "$bin/recorder" agent forwarder tcp:127.0.0.1:9111
  sleep 0.5
  innode "$1" "$bin/nsmd" >"$logs/$1.nsmd.log" 2>&1 &
  innode "$1" env NSM_FORWARDER_SRC_IP="$2" "$bin/vppagent-forwarder" >"$logs/$1.forwarder.log" 2>&1 &
  until_ grep -q 'Serve api is ready' "$logs/$1.nsmd.log"
}

# pod NAME NODE: namespace and workspace, and a recorder on each way in and out.
pod() {
  ip netns add "$1"
  ip -n "$1" link set lo up
  mkdir -p "$logs/$1"
  LAB_OUT=$logs/$1.handshake.jsonl innode "$2" "$bin/recorder" handshake "unix:$base/nsm.io.sock" "nsm-$1"
  local ws=$logs/$2/nsm/nsm-$1
  record "$1.names" ip netns exec "$1" "$bin/recorder" svreg "$1" tcp:127.0.0.1:50051 "10.60.$3.0/24"
  record "$1.discovery" ip netns exec "$1" "$bin/recorder" proxy discovery tcp:127.0.0.1:5000 "unix:$logs/$2.reg"
  record "$1.tomanager" "$bin/recorder" proxy to-manager "unix:$logs/$1/server.sock" "unix:$ws/nsm.server.io.sock"
  record "$1.frommanager" "$bin/recorder" proxy from-manager "unix:$ws/nsm.client.io.sock" "unix:$logs/$1/client.sock"
  sed -e 's/192.168.0.0/10.60.0.0/; s/ipam-vl3-service.example.com/127.0.0.1/; s/prefixLength: 22/prefixLength: 24/' \
    "$chart/config.yaml" >"$logs/$1/config.yaml"
}

# What the chart and the device plugin set, with addresses of this machine.
variables() {
  grep -v 'IP_LIST\|OCTET\|_SOCKET\|_ADDR\|_HOST\|TRACER\|WORKSPACE' "$chart/environment"
  echo "NSREGISTRY_ADDR=127.0.0.1 NSM_SERVER_SOCKET=$logs/$1/server.sock NSM_CLIENT_SOCKET=$logs/$1/client.sock"
  echo "WORKSPACE=$base/ CLUSTER_NAME=lab NSE_POD_NAME=$1"
}

original() {
  pod "$1" "$2" "$3"
  record "$1.agent" ip netns exec "$1" "$bin/recorder" agent "$1" tcp:127.0.0.1:9113
  sleep 0.5
  # shellcheck disable=SC2046
  inpod "$1" "$2" env $(variables "$1") "$bin/vl3-nse" -file "$logs/$1/config.yaml" >"$logs/$1.nse.log" 2>&1 &
  until_ grep -q 'Started endpoint' "$logs/$1.nse.log"
}

ours() {
  pod "$1" "$2" "$3"
  sleep infinity | ip netns exec "$1" java -cp "${AGENT_CLASSES:?}" io.vl3.vpp.testing.FakeAgentMain 9112 \
    >"$logs/$1.agent.port" 2>"$logs/$1.agent.calls" &
  record "$1.agent" ip netns exec "$1" "$bin/recorder" proxy agent tcp:127.0.0.1:9113 tcp:127.0.0.1:9112
  until_ grep -q 9112 "$logs/$1.agent.port"
  # shellcheck disable=SC2046
  inpod "$1" "$2" env $(variables "$1") VL3_RUN_DIR="/run/$1" NSM_LOG_LEVEL=info \
    "$vl3" run -file "$logs/$1/config.yaml" >"$logs/$1.nse.log" 2>&1 &
  until_ grep -q 'registered for' "$logs/$1.nse.log"
}

# workload NODE NAME SECONDS: asks for the service as a pod of the node, stays, and closes.
workload() {
  LAB_OUT=$logs/$2.jsonl innode "$1" "$bin/recorder" client -workspace-name "nsm-$2" -wait "$3s" \
    -labels "podName=$2,clusterName=lab,service=web,port=80;443"
}

ip netns add n1
ip netns add n2
ip -n n1 link add eth0 type veth peer name eth0 netns n2
for i in 1 2; do
  ip -n "n$i" link set lo up
  ip -n "n$i" address add "10.200.1.$i/24" dev eth0
  ip -n "n$i" link set eth0 up
  ip -n "n$i" route add default via "10.200.1.$((3 - i))"
done
until_ ip netns exec n1 ping -c1 -W1 10.200.1.2 >/dev/null
ip netns exec n2 ping -c1 -W1 10.200.1.1 >/dev/null # the forwarder wants its gateway's neighbour entry

"$bin/recorder" registry "n1=unix:$logs/n1.reg" "n2=unix:$logs/n2.reg" &
node n1 10.200.1.1
node n2 10.200.1.2
case $1 in
  original) original p1 n1 232 && original p2 n2 233 ;;
  theirs-first) original p1 n1 232 && ours p2 n2 233 ;;
  ours-first) ours p2 n2 233 && original p1 n1 232 ;;
esac
sleep 2
workload n1 web-1 15 &
first=$!
sleep 2
workload n2 web-2 10
wait "$first"
sleep 3
for p in p1 p2; do
  echo "$p: $(ip netns exec $p curl -s http://127.0.0.1:2112/metrics | grep -c '^nse_vl3_') figures of the original's"
done
echo "manager n2 is killed and started again"
for p in $(ip netns pids n2); do
  [ "$(readlink "/proc/$p/exe")" != "$bin/nsmd" ] || kill -9 "$p"
done
sleep 2
innode n2 "$bin/nsmd" >>"$logs/n2.nsmd.log" 2>&1 &
sleep 8
workload n2 web-3 2
echo "done"
