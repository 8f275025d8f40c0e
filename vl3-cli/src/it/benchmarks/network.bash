# shellcheck shell=bash
# What the parts share that start `vl3`; frame.bash comes first, and `alone` has been called.
vl3=${VL3:-$root/vl3-cli/bin/vl3}
work=$(mktemp -d)
trap 'end_all; rm -rf "$work"' EXIT

# end_all: asks our children to end and waits for them
end_all() {
  local children
  children=$(jobs -p)
  # Unquoted on purpose: several process ids.
  # shellcheck disable=SC2086
  [[ -z $children ]] || kill $children 2>/dev/null || true
  wait || true
}

# awaits SECONDS FILE COUNT TEXT: until so many lines of the file have the text
awaits() {
  local try
  for ((try = 0; try < $1 * 20; try++)); do
    [[ $(grep -c -- "$4" "$2" 2>/dev/null || true) -ge $3 ]] && return
    sleep 0.05
  done
  echo "benchmarks: $2: fewer than $3 lines with \"$4\" after $1 s" >&2
  tail -n 3 "$2" >&2
  exit 1
}

# namespaces COUNT NAME: makes NAME1 to NAMECOUNT, their loopback up
namespaces() {
  local i
  for ((i = 1; i <= $1; i++)); do echo "netns add $2$i"; done | ip -batch -
}

# endpoint NAME: an NSE with room for some thousand workloads; its process id is in $endpoint
endpoint() {
  cat >"$work/$1.yaml" <<END_OF_FILE
endpoints:
- name: $1
  nseName: $1
  vl3:
    ipam: {defaultPrefixPool: 10.60.0.0/16, prefixLength: 17}
END_OF_FILE
  "$vl3" run --config "$work/$1.yaml" >"$work/$1.log" 2>&1 &
  # For the parts to read.
  # shellcheck disable=SC2034
  endpoint=$!
  awaits 60 "$work/$1.log" 1 'registered for'
}
