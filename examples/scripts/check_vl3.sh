#!/usr/bin/env bash
# Every helloworld fetches a page from every other over the vL3, within a cluster and across clusters.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

INTERFACE=${INTERFACE:-nsm0}

usage() {
  cat <<USAGE
Usage: $me [options]
  --kconf_clus1=KUBECONFIG, --kconf_clus2=KUBECONFIG   the clusters (default: the one of KCONF)
  --namespace=NAME        where it is (default: $NAMESPACE)
  --serviceName=NAME      the network service (default: $SERVICENAME)
  --nowait                accepted: nothing waits for a key here
Variables: INTERFACE, the vL3's interface in a workload (default: $INTERFACE)
USAGE
}

for option in "$@"; do
  common_option "$option" || unknown_option "$option"
done
need kubectl
choose_clusters

# The pods, and for each its cluster and its addresses in the vL3.
pods=()
places=()
addresses=()

# A line for each address of a pod in the vL3.
addresses_of() {
  kube "$1" exec "$2" -c helloworld -- ip -o addr show dev "$INTERFACE" scope global |
    awk '{ sub("/.*", "", $4) } $3 == "inet" { print $4 } $3 == "inet6" { print "[" $4 "]" }'
}

find_pods() {
  local cluster=$1 listed pod found
  listed=$(kube "$cluster" get pods -l "app=helloworld-$SERVICENAME" \
    -o jsonpath='{range .items[*]}{.metadata.name}{"\n"}{end}') ||
    fail "failed: list the helloworld pods in ${cluster:-$current} (exit code $?)"
  [ -n "$listed" ] || fail "helloworld pods in ${cluster:-$current}: none (expected: some, as --hello makes them)"
  for pod in $listed; do
    found=$(addresses_of "$cluster" "$pod") ||
      fail "failed: find the addresses of $pod on $INTERFACE in ${cluster:-$current}"
    [ -n "$found" ] || fail "$pod in ${cluster:-$current}: no address on $INTERFACE (expected: one in the vL3)"
    pods+=("$pod")
    places+=("$cluster")
    addresses+=("$found")
    say "$pod in ${cluster:-$current} has ${found//$'\n'/, } in the vL3"
  done
}

# shellcheck disable=SC2016 # the pod's shell expands it
fetch='if command -v curl >/dev/null; then exec curl -fsS -m 10 "$0"; else exec wget -qO- -T 10 "$0"; fi'

# check FROM TO ADDRESS: the first two are indices into the lists.
check() {
  local page from to="${pods[$2]} at $3"
  from="${pods[$1]} in ${places[$1]:-$current}"
  page=$(kube "${places[$1]}" exec "${pods[$1]}" -c helloworld -- sh -c "$fetch" "http://$3:5000/hello") ||
    fail "failed: $from reaches $to (exit code $?)"
  [[ $page == *'Hello version:'* ]] || fail "failed: $from is greeted by $to: $page (expected: Hello version: ...)"
  say "$from reaches $to: $page"
}

for cluster in "${clusters[@]}"; do
  nses_ready "$cluster"
  hello_ready "$cluster"
  find_pods "$cluster"
done
[ ${#pods[@]} -gt 1 ] || fail "helloworld pods: ${#pods[@]} (expected: two or more, to check one by another)"
checks=0
for from in "${!pods[@]}"; do
  for to in "${!pods[@]}"; do
    [ "$from" != "$to" ] || continue
    for address in ${addresses[to]}; do
      check "$from" "$to" "$address"
      checks=$((checks + 1))
    done
  done
done
say "All $checks checks are well."
