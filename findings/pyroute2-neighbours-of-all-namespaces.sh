#!/usr/bin/env bash
# Guess: each network namespace has a neighbour table of its own, as it has routes and addresses: one that is full is no matter of another.
# Seen with pyroute2 0.9.7 on Linux 6.18: the kernel counts the entries of all namespaces together, 1,024 for IPv4 as the machine is set up. After
# 1,024 in one namespace the first entry of another, empty one is refused with "No buffer space available". A permanent entry is
# taken there all the same: those are not counted. A datagram to a neighbour that is not known yet, and an echo request over a raw socket, are sent without
# an error, and lost: of the datagram only the namespace's SndbufErrors tell.
# Needs root, iproute2, and python3 with venv; fails if any of that changes. Two namespaces are made and deleted, their entries with them; for that second
# no other namespace of the machine finds new neighbours.
set -euo pipefail

most=$(cat /proc/sys/net/ipv4/neigh/default/gc_thresh3)
folder=$(mktemp -d /tmp/neighbours.XXXXXX)
trap 'ip netns delete full-$$ 2>/dev/null || true; ip netns delete empty-$$ 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv python
python/bin/pip -q --disable-pip-version-check install pyroute2==0.9.7

for namespace in full empty; do
  ip netns add "$namespace-$$"
  ip -n "$namespace-$$" link add here type veth peer name there
  ip -n "$namespace-$$" address add 10.80.0.1/16 dev here
  ip -n "$namespace-$$" link set here up
  ip -n "$namespace-$$" link set there up
done

cat >enter.py <<'PYTHON'
import ipaddress
import os
import socket
import sys

from pyroute2 import NetNS, netns

full, empty, most = sys.argv[1], sys.argv[2], int(sys.argv[3])


def add(netlink, number, state):
    neighbour = str(ipaddress.ip_address("10.80.1.0") + number)
    index = netlink.link_lookup(ifname="here")[0]
    try:
        netlink.neigh("add", dst=neighbour, lladdr="02:00:00:00:00:01", ifindex=index, state=state)
        return "taken"
    except OSError as refused:
        return os.strerror(refused.errno)


def send(kind, protocol):
    try:
        with socket.socket(socket.AF_INET, kind, protocol) as one:
            # An echo request with its checksum; as a datagram its bytes mean nothing.
            one.sendto(bytes([8, 0, 0xF7, 0xFF, 0, 0, 0, 0]), ("10.80.0.9", 9))
        return "sent"
    except OSError as refused:
        return refused.strerror


with NetNS(full) as one, NetNS(empty) as other:
    taken = 0
    while taken <= most and (answer := add(one, taken, "reachable")) == "taken":
        taken += 1
    # Others of the machine have some.
    print("full: most of", most, "taken" if taken > most - 128 else taken, "then", answer)
    print("empty:", add(other, 0, "reachable"), "permanent:", add(other, 1, "permanent"))
    netns.setns(empty)
    print("empty: datagram", send(socket.SOCK_DGRAM, 0))
    print("empty: raw", send(socket.SOCK_RAW, socket.IPPROTO_ICMP))
    with open("/proc/thread-self/net/snmp", encoding="ascii") as counters:
        names, values = [line.split() for line in counters if line.startswith("Udp:")]
    print("empty: SndbufErrors", dict(zip(names, values))["SndbufErrors"])
PYTHON
python/bin/python enter.py "full-$$" "empty-$$" "$most" | tee seen

diff seen - <<SEEN
full: most of $most taken then No buffer space available
empty: No buffer space available permanent: taken
empty: datagram sent
empty: raw sent
empty: SndbufErrors 1
SEEN
echo "as described"
