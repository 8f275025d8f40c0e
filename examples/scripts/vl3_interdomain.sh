#!/usr/bin/env bash
# NSEs of a vL3 in one cluster; with REMOTE_IP, linked with those of other clusters.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<USAGE
Usage: $me [options]
  --namespace=NAME        where it goes (default: $NAMESPACE, variable NAMESPACE)
  --serviceName=NAME      the network service (default: $SERVICENAME, variable SERVICENAME)
  --ipamPool=PREFIX       the network's pool
  --ipamOctet=N           the third octet of the prefix, for one NSE
  --firstOrdinal=N        the first NSE has the N-th prefix of the pool (default: 0); clusters need different ones
  --wcmNsrAddr=DOMAIN     the domain of a central IPAM (ipam-DOMAIN:50051) and of its registry
  --wcmNsrPort=PORT       the port of its registry
  --nameserver=ADDRESS    told to workloads, for --dnszone
  --dnszone=ZONE          the zone that the name server answers for
  --nse-hub=REGISTRY      the image is REGISTRY/vl3 (variable NSE_HUB; default: vl3, as the nodes have it)
  --nse-tag=TAG           the image's tag (variable NSE_TAG)
  --values=FILE           more values of the chart
  --hello                 also the workload helloworld
  --delete, --cleanup     remove instead
  --nowait                accepted: nothing waits for a key here
Variables:
  KCONF                   the kubeconfig (default: kubectl's own choice)
  REMOTE_IP               other clusters, separated by commas: DNS domains, or host:port of a vl3 manager
  HELLO_IMAGE             the workload's image, as REGISTRY/NAME:TAG (default: the chart's hello.image)
  NSEREPLICAS, PULLPOLICY, WAIT (how long pods may take, default $WAIT)
USAGE
}

values=()
hello=
delete=
set_value() { values+=(--set-string "$1=$2"); }

for option in "$@"; do
  case $option in
    --ipamPool=?*) set_value nseControl.ipam.defaultPrefixPool "${option#*=}" ;;
    --ipamOctet=?*) set_value ipamUniqueOctet "${option#*=}" ;;
    --firstOrdinal=?*) values+=(--set "firstOrdinal=${option#*=}") ;;
    --wcmNsrAddr=?*)
      set_value nseControl.nsr.addr "${option#*=}"
      REMOTE_IP=${option#*=}
      ;;
    --wcmNsrPort=?*) values+=(--set "nseControl.nsr.port=${option#*=}") ;;
    --nameserver=?*) set_value nseControl.nameserver "${option#*=}" ;;
    --dnszone=?*) set_value nseControl.dnszone "${option#*=}" ;;
    --nse-hub=?*) NSE_HUB=${option#*=} ;;
    --nse-tag=?*) NSE_TAG=${option#*=} ;;
    --values=?*) values+=(--values "${option#*=}") ;;
    --hello) hello=true ;;
    --cleanup | --delete) delete=true ;;
    --kconf_clus*) unknown_option "$option" ;;
    *) common_option "$option" || unknown_option "$option" ;;
  esac
done

[ -z "${NSE_HUB:-}" ] || set_value image.repository "$NSE_HUB/vl3"
[ -z "${NSE_TAG:-}" ] || set_value image.tag "$NSE_TAG"
[ -z "${PULLPOLICY:-}" ] || set_value image.pullPolicy "$PULLPOLICY"
[ -z "${NSEREPLICAS:-}" ] || values+=(--set "replicaCount=$NSEREPLICAS")

# NSM v1 looks other clusters up in DNS; an address alone says neither a name nor a manager's port.
IFS=, read -r -a remotes <<<"${REMOTE_IP:-}"
for number in "${!remotes[@]}"; do
  if [[ ${remotes[number]} =~ ^[0-9.]+$ ]]; then
    fail "REMOTE_IP: ${remotes[number]} (expected: a DNS domain, as in my.cluster2, or host:port of a vl3 manager)"
  fi
  set_value "nsm.remoteDomains[$number]" "${remotes[number]}"
done

need kubectl helm
cluster=${KCONF:-}

if [ -n "$delete" ]; then
  [ -z "$hello" ] || take "$cluster" hello "${only_hello[@]}"
  take "$cluster" "the NSEs of $SERVICENAME" "${values[@]}"
  remove_namespace "$cluster"
  exit
fi

make_namespace "$cluster"
put "$cluster" "the NSEs of $SERVICENAME" "${values[@]}"
nses_ready "$cluster"
if [ -n "$hello" ]; then
  put "$cluster" hello "${only_hello[@]}"
  hello_ready "$cluster"
fi
say "done: network service $SERVICENAME in namespace $NAMESPACE of ${cluster:-$current}"
