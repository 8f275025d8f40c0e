#!/usr/bin/env bash
# One vL3 across two clusters, with workloads to try it.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

DOMAIN_CLUS1=${DOMAIN_CLUS1:-my.cluster1}
DOMAIN_CLUS2=${DOMAIN_CLUS2:-my.cluster2}

usage() {
  cat <<USAGE
Usage: $me --kconf_clus1=KUBECONFIG --kconf_clus2=KUBECONFIG [options]
  --domain_clus1=DOMAIN   how cluster 2 finds NSM in cluster 1 (default: $DOMAIN_CLUS1)
  --domain_clus2=DOMAIN   how cluster 1 finds NSM in cluster 2 (default: $DOMAIN_CLUS2)
  --namespace=NAME        where it goes (default: $NAMESPACE)
  --serviceName=NAME      the network service (default: $SERVICENAME)
  --wcmNsrAddr=DOMAIN, --wcmNsrPort=PORT   as vl3_interdomain.sh has them
  --hello                 also the workload helloworld in both clusters
  --mysql                 also a primary in cluster 1 and its replica in cluster 2
  --delete                remove all of it
  --nowait                do not wait for a key between the steps
Variables:
  NSE_HUB, NSE_TAG        the NSEs' image, as vl3_interdomain.sh has them
  HELLO_IMAGE, MYSQL_IMAGE   the workloads' images, as REGISTRY/NAME:TAG (default: the chart's)
Both clusters have NSM v1 with its interdomain parts, and SPIRE with federation, as NSM's own pages tell.
USAGE
}

hello=
mysql=
delete=
passed=()
for option in "$@"; do
  case $option in
    --domain_clus1=?*) DOMAIN_CLUS1=${option#*=} ;;
    --domain_clus2=?*) DOMAIN_CLUS2=${option#*=} ;;
    --wcmNsrAddr=?* | --wcmNsrPort=?*) passed+=("$option") ;;
    --hello) hello=true ;;
    --mysql) mysql=true ;;
    --delete) delete=true ;;
    --svcreg) fail "--svcreg: not in this version (expected: without it; the NSEs have name servers)" ;;
    *) common_option "$option" || unknown_option "$option" ;;
  esac
done

need kubectl helm
need_both_clusters

if [ -n "$delete" ]; then
  for cluster in "${clusters[@]}"; do
    remove_all "$cluster"
    pause
  done
  say "done: removed from both clusters"
  exit
fi

# deploy KUBECONFIG REMOTE ORDINAL: clusters have different ordinals, and so different prefixes of one pool.
deploy() {
  local cluster=$1
  step "find NSM in $cluster" kube "$cluster" get crd networkservices.networkservicemesh.io -o name
  KCONF=$cluster REMOTE_IP=$2 step "install the vL3 in $cluster" "$here/vl3_interdomain.sh" \
    --namespace="$NAMESPACE" --serviceName="$SERVICENAME" --firstOrdinal="$3" "${passed[@]}"
  pause
}

deploy "$KCONF_CLUS1" "$DOMAIN_CLUS2" 0
deploy "$KCONF_CLUS2" "$DOMAIN_CLUS1" 128

if [ -n "$hello" ]; then
  for cluster in "${clusters[@]}"; do
    put "$cluster" hello "${only_hello[@]}"
    hello_ready "$cluster"
    pause
  done
fi

if [ -n "$mysql" ]; then
  root=${MYSQL_ROOT_PASSWORD:-$(password)}
  replication=${MYSQL_REPLICATION_PASSWORD:-$(password)}
  for cluster in "${clusters[@]}"; do
    make_secret "$cluster" "$root" "$replication"
  done
  put "$KCONF_CLUS1" mysql-primary "${only_primary[@]}"
  mysql_ready "$KCONF_CLUS1" mysql-primary
  pause
  choose_primary
  put "$KCONF_CLUS2" mysql-replica "${only_replica[@]}"
  mysql_ready "$KCONF_CLUS2" mysql-replica
  pause
fi

say "done: $SERVICENAME in both clusters"
[ -z "$hello" ] || say "check it: $here/check_vl3.sh --kconf_clus1=$KCONF_CLUS1 --kconf_clus2=$KCONF_CLUS2"
[ -z "$mysql" ] || say "check it: $here/check_mysql.sh --kconf_clus1=$KCONF_CLUS1 --kconf_clus2=$KCONF_CLUS2 --populate"
