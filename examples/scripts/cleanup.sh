#!/usr/bin/env bash
# Removes what the other scripts made. What is not there is no error.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<USAGE
Usage: $me [options]
  --kconf_clus1=KUBECONFIG, --kconf_clus2=KUBECONFIG   the clusters (default: the one of KCONF)
  --namespace=NAME        where it is (default: $NAMESPACE); removed too, if a script made it
  --serviceName=NAME      the network service (default: $SERVICENAME)
  --nowait                accepted: nothing waits for a key here
USAGE
}

for option in "$@"; do
  common_option "$option" || unknown_option "$option"
done
need kubectl helm
choose_clusters

for cluster in "${clusters[@]}"; do
  remove_all "$cluster"
done
say "done: removed"
