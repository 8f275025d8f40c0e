#!/usr/bin/env bash
# Guess: a server built on miekg/dns for Go, as CoreDNS is, answers a question that asks for the zone's version, with or without the version:
# the client asks by an empty ZONEVERSION option (RFC 9660, 3.1), and whoever does not know an option ignores it (RFC 6891, 6.1.2).
# Seen: with github.com/miekg/dns 1.1.68, which does not know the option, it is answered. 1.1.73 knows it, and takes at least two octets for
# granted, as only an answer has them: the question is not read, and the client, here dnspython 2.8.0, gets FORMERR.
# Needs go and python3 with venv; fails if any of that changes.
set -euo pipefail

folder=$(mktemp -d /tmp/zone-version.XXXXXX)
trap '[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv python
python/bin/pip -q --disable-pip-version-check install dnspython==2.8.0

cat >main.go <<'GO'
package main

import (
	"fmt"
	"net"

	"github.com/miekg/dns"
)

func main() {
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(socket.LocalAddr().(*net.UDPAddr).Port)
	answer := func(writer dns.ResponseWriter, question *dns.Msg) {
		record, _ := dns.NewRR("a.test. 60 IN A 192.0.2.1")
		message := new(dns.Msg).SetReply(question)
		message.Answer = []dns.RR{record}
		_ = writer.WriteMsg(message)
	}
	panic((&dns.Server{PacketConn: socket, Handler: dns.HandlerFunc(answer)}).ActivateAndServe())
}
GO
cat >ask.py <<'PYTHON'
import sys
import dns.edns, dns.message, dns.query, dns.rcode

for code, name in [(None, "no option"), (65001, "an empty option nobody knows"), (19, "an empty ZONEVERSION")]:
    options = [dns.edns.GenericOption(code, b"")] if code else []
    question = dns.message.make_query("a.test.", "A", use_edns=0, options=options)
    answer = dns.query.udp(question, "127.0.0.1", timeout=5, port=int(sys.argv[1]))
    print(f"  {name}: {dns.rcode.to_text(answer.rcode())}, {len(answer.answer)} record(s)")
PYTHON

go mod init x >/dev/null 2>&1
for version in 1.1.68 1.1.73; do
  go get "github.com/miekg/dns@v$version" >/dev/null 2>&1
  go mod tidy >/dev/null 2>&1
  go build -o serve .
  ./serve >port 2>/dev/null &
  server=$!
  until [ -s port ]; do kill -0 "$server"; sleep 0.1; done
  echo "miekg/dns $version"
  python/bin/python ask.py "$(cat port)"
  kill "$server"
  wait "$server" 2>/dev/null || true
  rm port
done >seen
cat seen

diff seen - <<'SEEN'
miekg/dns 1.1.68
  no option: NOERROR, 1 record(s)
  an empty option nobody knows: NOERROR, 1 record(s)
  an empty ZONEVERSION: NOERROR, 1 record(s)
miekg/dns 1.1.73
  no option: NOERROR, 1 record(s)
  an empty option nobody knows: NOERROR, 1 record(s)
  an empty ZONEVERSION: FORMERR, 0 record(s)
SEEN
echo "as described"
