#!/usr/bin/env bash
# Guess: broadcast=True of pyroute2 is iproute2's "brd +": the broadcast address is worked out, where there is one. A /31 has none, both its
# addresses are hosts (RFC 3021), and there "brd +" sets nothing; nor does vishvananda/netlink 1.3.1 for Go, unasked.
# Seen with pyroute2 0.9.7: on a /31 the address of the other end is set as the broadcast address of this one. The kernel puts it into the
# local table as such, and the peer is not reached any more: a connection to it fails at once with "Network is unreachable". Without
# broadcast=True, as by iproute2, it is reached.
# Needs root or a user namespace, iproute2, and python3 with venv; fails if any of that changes.
set -euo pipefail

folder=$(mktemp -d /tmp/broadcast.XXXXXX)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv python
python/bin/pip -q --disable-pip-version-check install pyroute2==0.9.7

cat >add.py <<'PYTHON'
import sys
from pyroute2 import IPRoute

with IPRoute() as netlink:
    more = {"broadcast": True} if "brd" in sys.argv else {}
    netlink.addr("add", index=netlink.link_lookup(ifname="here")[0], address=sys.argv[1], **more)
PYTHON
cat >reach.py <<'PYTHON'
import socket

try:
    socket.create_connection(("192.0.2.1", 80), 2)
except OSError as failure:
    # Nobody listens at the peer: "refused" is its answer.
    print("  peer:", failure.strerror or failure)
PYTHON

# Adds an address by the command given, in a network of its own that has a peer.
cat >try.sh <<'TRY'
set -euo pipefail
mount -t tmpfs tmpfs /run
ip netns add peer
ip link add here type veth peer name there netns peer
ip -n peer link set there up
ip -n peer address add 192.0.2.1/31 dev there
ip link set here up
echo "$*"
"$@"
ip -o -4 address show dev here | sed -E 's/.*(inet .*) scope.*/  \1/'
ip route show table local type broadcast | sed -E 's/^(broadcast [^ ]*).*/  \1/'
python3 reach.py
TRY

for command in 'ip address add 192.0.2.0/31 brd + dev here' 'python/bin/python add.py 192.0.2.0/31' \
  'python/bin/python add.py 192.0.2.0/31 brd'; do
  # shellcheck disable=SC2086 # words of a command
  unshare --map-root-user --net --mount bash try.sh $command
done | tee seen

diff seen - <<'SEEN'
ip address add 192.0.2.0/31 brd + dev here
  inet 192.0.2.0/31
  peer: Connection refused
python/bin/python add.py 192.0.2.0/31
  inet 192.0.2.0/31
  peer: Connection refused
python/bin/python add.py 192.0.2.0/31 brd
  inet 192.0.2.0/31 brd 192.0.2.1
  broadcast 192.0.2.1
  peer: Network is unreachable
SEEN
echo "as described"
