#!/usr/bin/env bash
# Guess: VPP's log is read on from the last entry seen by giving log_dump the time that log_details brought: the Python client takes what it gave.
# Seen with vpp_papi 2.4.2: of log_details it makes a datetime without zone, in the time zone of the process (the message has seconds since
# 1970), and log_dump with that very value is refused while it is packed: the client's table of conversions names the type "datetime.datetime",
# and what it looks up is "datetime". A float is taken, so datetime.timestamp() leads back, but only in a process of the same time zone; a float
# made by subtracting 1970 from it, as the table means to, is hours off wherever the zone is not UTC.
# Needs python3 with venv; fails if any of that changes.
set -euo pipefail

folder=$(mktemp -d /tmp/vpp-papi.XXXXXX)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv python
python/bin/pip -q --disable-pip-version-check install vpp-papi==2.4.2

cat >log.py <<'PYTHON'
import datetime
import struct

from vpp_papi import vpp_serializer as api

SENT = 1767323045.25  # 2026-01-02 03:04:05.25 UTC
api.VPPTypeAlias("vl_api_timestamp_t", {"type": "f64"})
details = api.VPPType("log_details_time", [["vl_api_timestamp_t", "timestamp"]])
dump = api.VPPType("log_dump_time", [["vl_api_timestamp_t", "start_timestamp"]])

seen = details.unpack(struct.pack("=d", SENT))[0].timestamp
print("log_details:", seen, "zone", seen.tzinfo)
try:
    dump.pack({"start_timestamp": seen})
    print("log_dump: taken")
except api.VPPSerializerValueError as refused:
    print("log_dump:", refused)
    print("because:", refused.__cause__ or refused.__context__)
back = struct.unpack("=d", dump.pack({"start_timestamp": seen.timestamp()}))[0]
print("as a float, hours off:", (back - SENT) / 3600)
naive = (seen - datetime.datetime(1970, 1, 1)).total_seconds()
print("since 1970, hours off:", (naive - SENT) / 3600)
PYTHON

for zone in UTC Asia/Tokyo; do
  TZ=$zone python/bin/python log.py | tee "$(basename "$zone")"
done

refusal="log_dump: Exception while packing {'start_timestamp': datetime.datetime("
grep -qx 'log_details: 2026-01-02 03:04:05.250000 zone None' UTC
grep -qx 'log_details: 2026-01-02 12:04:05.250000 zone None' Tokyo
for zone in UTC Tokyo; do
  grep -qF "$refusal" "$zone"
  grep -qx 'because: required argument is not a float' "$zone"
  grep -qx 'as a float, hours off: 0.0' "$zone"
done
grep -qx 'since 1970, hours off: 0.0' UTC
grep -qx 'since 1970, hours off: 9.0' Tokyo
