#!/usr/bin/env bash
# A name with 40 addresses, behind unbound 1.17.1, does not exist for programs on musl 1.2.3 (Alpine up to 3.17).
#
# Expected: whoever asks without EDNS gets as many records as fit into 512 bytes, marked as cut off (TC), as BIND, Knot
# and dnsmasq send them; who cannot ask by TCP has at least those.
# Seen: unbound answers TC without any record. musl before 1.2.4 asks without EDNS, never by TCP, and takes what came:
#   musl:  forty.names.test Name does not resolve
#   glibc: forty.names.test 40 addresses (by TCP)
# Debian 12: unbound 1.17.1-2+deb12u4, musl 1.2.3-1. Needs root or a user namespace, gcc, apt.
set -euo pipefail

UNBOUND=1.17.1-2+deb12u4 MUSL=1.2.3-1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -q "unbound=$UNBOUND" "libunbound8=$UNBOUND" libevent-2.1-7 libnghttp2-14 \
  "musl=$MUSL" "musl-dev=$MUSL" "musl-tools=$MUSL" >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done

cat >resolve.c <<'C'
#include <netdb.h>
#include <stdio.h>
int main(int count, char **names) {
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = 1}, *found = 0;
  int failure = getaddrinfo(names[1], 0, &hints, &found), n = 0;
  for (; !failure && found; found = found->ai_next) n++;
  if (failure) printf("%s %s\n", names[1], gai_strerror(failure));
  else printf("%s %d addresses\n", names[1], n);
}
C
specs=$(find root -name musl-gcc.specs)
sed -i "s#/usr/#$dir/root/usr/#g" "$specs"
gcc -specs "$specs" -static -o with-musl resolve.c
gcc -o with-glibc resolve.c

{
  printf 'server:\n chroot: ""\n username: ""\n pidfile: ""\n directory: "%s"\n use-syslog: no\n' "$dir"
  printf ' module-config: iterator\n interface: 127.0.0.1\n local-zone: "names.test." static\n'
  for i in $(seq 40); do printf ' local-data: "forty.names.test. 60 A 192.0.2.%d"\n' "$i"; done
  printf 'remote-control:\n control-enable: no\n'
} >unbound.conf
echo 'nameserver 127.0.0.1' >resolv.conf

export LD_LIBRARY_PATH=$dir/root/usr/lib/x86_64-linux-gnu
# shellcheck disable=SC2016 # the inner bash expands it
seen=$(unshare --map-root-user --net --mount bash -euo pipefail -c '
  ip link set lo up
  mount --bind resolv.conf "$(readlink -f /etc/resolv.conf)"
  root/usr/sbin/unbound -d -c unbound.conf 2>unbound.log &
  trap "kill $!" EXIT
  for i in $(seq 50); do ./with-glibc forty.names.test | grep -q addresses && break; sleep 0.1; done
  echo "musl:  $(./with-musl forty.names.test)"
  echo "glibc: $(./with-glibc forty.names.test)"')
echo "$seen"
diff <(echo "$seen") - <<'SEEN'
musl:  forty.names.test Name does not resolve
glibc: forty.names.test 40 addresses
SEEN
