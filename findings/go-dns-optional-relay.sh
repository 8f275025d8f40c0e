#!/usr/bin/env bash
# Guess: miekg/dns for Go, on which CoreDNS is built, sends and reads an AMTRELAY record as its text says: the first bit of its second octet is
# "discovery is optional" (RFC 8777, 4.2), the other seven say what the relay is. Its own text form takes the bit off, and so does dnspython.
# Seen with github.com/miekg/dns 1.1.73 and dnspython 2.8.0: with that bit the relay's name or address is not written, without an error, and
# the record that goes out ends before it; what dnspython wrote is not read: "bad rdlength", and an A record behind it in the message is not
# read either. Without the bit all is well.
# Needs go and python3 with venv; fails if any of that changes.
set -euo pipefail

folder=$(mktemp -d /tmp/amtrelay.XXXXXX)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv python
python/bin/pip -q --disable-pip-version-check install dnspython==2.8.0

cat >main.go <<'GO'
package main

import (
	"encoding/hex"
	"fmt"
	"os"

	"github.com/miekg/dns"
)

func main() {
	if os.Args[1] == "write" {
		record, _ := dns.NewRR("relay.test. 60 IN AMTRELAY " + os.Args[2])
		wire, err := (&dns.Msg{Answer: []dns.RR{record}}).Pack()
		if err != nil {
			panic(err)
		}
		fmt.Println(hex.EncodeToString(wire))
		return
	}
	wire, _ := hex.DecodeString(os.Args[2])
	var message dns.Msg
	err := message.Unpack(wire)
	fmt.Println(len(message.Answer), "records,", err)
}
GO
cat >dnspython.py <<'PYTHON'
import sys
import dns.message, dns.rrset

if sys.argv[1] == "write":
    message = dns.message.Message(id=0)
    message.answer = [dns.rrset.from_text("relay.test.", 60, "IN", "AMTRELAY", sys.argv[2]),
                      dns.rrset.from_text("relay.test.", 60, "IN", "A", "192.0.2.1")]
    print(message.to_wire().hex())
else:
    try:
        print(dns.message.from_wire(bytes.fromhex(sys.argv[2])).answer[0][0])
    except dns.exception.DNSException as refused:
        print("refused:", type(refused).__name__)
PYTHON
go mod init x >/dev/null 2>&1
go get github.com/miekg/dns@v1.1.73 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go build -o go-dns .

for relay in '10 0 3 amt.test.' '10 1 3 amt.test.' '10 1 1 192.0.2.2'; do
  echo "$relay"
  echo "  from Go, dnspython reads: $(python/bin/python dnspython.py read "$(./go-dns write "$relay")")"
  echo "  from dnspython, Go reads: $(./go-dns read "$(python/bin/python dnspython.py write "$relay")")"
done | tee seen

diff seen - <<'SEEN'
10 0 3 amt.test.
  from Go, dnspython reads: 10 0 3 amt.test.
  from dnspython, Go reads: 2 records, <nil>
10 1 3 amt.test.
  from Go, dnspython reads: refused: FormError
  from dnspython, Go reads: 0 records, dns: bad rdlength
10 1 1 192.0.2.2
  from Go, dnspython reads: refused: FormError
  from dnspython, Go reads: 0 records, dns: bad rdlength
SEEN
echo "as described"
