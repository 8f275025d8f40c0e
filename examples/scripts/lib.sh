# shellcheck shell=bash disable=SC2034 # what is set here is used by the scripts beside it, which source it
set -euo pipefail

me=$(basename "$0")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

NAMESPACE=${NAMESPACE:-vl3}
SERVICENAME=${SERVICENAME:-vl3-service}
VL3CHART=${VL3CHART:-$here/../kubernetes/vl3}
WAIT=${WAIT:-150s} # how long pods may take to be ready
NOWAIT=${NOWAIT:-}

# The clusters: a kubeconfig each; empty is kubectl's own choice.
clusters=()

say() { printf '%s\n' "---- $*"; }

# fail WHAT [NEXT]: ends the script.
fail() {
  printf '%s: %s\n' "$me" "$1" >&2
  [ $# -lt 2 ] || printf '%s\n' "$2" >&2
  exit 1
}

# step WHAT COMMAND...: the first command that fails ends the script, which says what it was.
step() {
  local what=$1
  shift
  say "$what"
  "$@" || fail "failed: $what (exit code $?)" "The command was: $*"
}

# Between the steps of a demonstration somebody may want to look.
pause() {
  [ -z "$NOWAIT" ] || return 0
  printf '(Enter goes on) '
  read -r _ || true
}

need() {
  local tool missing=()
  for tool in "$@"; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  [ ${#missing[@]} -eq 0 ] || fail "missing: ${missing[*]} (expected: on the PATH)"
}

# kube KUBECONFIG ARGUMENTS...: in the namespace of the vL3.
kube() {
  local config=$1
  shift
  kubectl ${config:+--kubeconfig "$config"} --namespace "$NAMESPACE" "$@"
}

# What a message calls a cluster without a kubeconfig. No command is run for it: that would hide an exit code.
readonly current='the cluster of the current context'

# Options that all scripts have. Answers 1 to one that is none of them.
common_option() {
  case $1 in
    --kconf_clus1=?*) KCONF_CLUS1=${1#*=} ;;
    --kconf_clus2=?*) KCONF_CLUS2=${1#*=} ;;
    --namespace=?*) NAMESPACE=${1#*=} ;;
    --serviceName=?*) SERVICENAME=${1#*=} ;;
    --nowait) NOWAIT=true ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) return 1 ;;
  esac
}

unknown_option() {
  usage >&2
  fail "option: $1 (expected: one of the above)"
}

# The clusters that are meant: both, or the one of KCONF.
choose_clusters() {
  if [ -n "${KCONF_CLUS1:-}" ] && [ -n "${KCONF_CLUS2:-}" ]; then
    clusters=("$KCONF_CLUS1" "$KCONF_CLUS2")
  else
    clusters=("${KCONF_CLUS1:-${KCONF_CLUS2:-${KCONF:-}}}")
  fi
}

need_both_clusters() {
  if [ -z "${KCONF_CLUS1:-}" ] || [ -z "${KCONF_CLUS2:-}" ]; then
    usage >&2
    fail "kubeconfigs: ${KCONF_CLUS1:-none}, ${KCONF_CLUS2:-none} (expected: --kconf_clus1 and --kconf_clus2)"
  fi
  [ "$KCONF_CLUS1" != "$KCONF_CLUS2" ] ||
    fail "--kconf_clus1, --kconf_clus2: both $KCONF_CLUS1 (expected: two clusters)"
  clusters=("$KCONF_CLUS1" "$KCONF_CLUS2")
}

# render VALUES...: the chart's objects, with helm's options.
render() {
  helm template vl3 "$VL3CHART" --namespace "$NAMESPACE" --set-string "nsm.serviceName=$SERVICENAME" "$@"
}

# put KUBECONFIG WHAT VALUES...: applies a part of the chart; nothing of what cannot be rendered.
put() {
  local config=$1 what=$2 objects
  shift 2
  say "apply $what in ${config:-$current}"
  objects=$(render "$@") || fail "failed: render $what (exit code $?)" "Nothing of it was applied."
  kube "$config" apply -f - <<<"$objects" || fail "failed: apply $what in ${config:-$current} (exit code $?)"
}

# take KUBECONFIG WHAT VALUES...: removes a part of the chart; what is not there is no error.
take() {
  local config=$1 what=$2 objects
  shift 2
  say "remove $what from ${config:-$current}"
  objects=$(render "$@") || fail "failed: render $what (exit code $?)" "Nothing of it was removed."
  kube "$config" delete --ignore-not-found -f - <<<"$objects" ||
    fail "failed: remove $what from ${config:-$current} (exit code $?)"
}

# ready KUBECONFIG KIND/NAME SELECTOR: waits for all pods of it; if they are not ready in time, shows them.
ready() {
  local config=$1 object=$2 selector=$3
  say "wait for $object in ${config:-$current}"
  if kube "$config" rollout status "$object" --timeout="$WAIT"; then
    return
  fi
  {
    kube "$config" get pods -o wide -l "$selector" || true
    kube "$config" get events --field-selector type=Warning --sort-by .lastTimestamp || true
    kube "$config" logs --all-containers --prefix --tail 20 -l "$selector" || true
  } >&2
  fail "failed: wait for $object in ${config:-$current}: not ready within $WAIT" "Its pods, warnings and logs are above."
}

nses_ready() { ready "$1" "statefulset/vl3-nse-$SERVICENAME" "networkservicemesh.io/app=vl3-nse-$SERVICENAME"; }

hello_ready() { ready "$1" "deployment/helloworld-$SERVICENAME" "app=helloworld-$SERVICENAME"; }

mysql_ready() { WAIT=${MYSQL_WAIT:-300s} ready "$1" "statefulset/$2" "app.kubernetes.io/name=$2"; }

readonly mark=vl3.example/made-by-script

make_namespace() {
  local config=$1
  if kube "$config" get namespace "$NAMESPACE" -o name >/dev/null 2>&1; then
    say "namespace $NAMESPACE is there in ${config:-$current}"
    return
  fi
  step "create namespace $NAMESPACE in ${config:-$current}" kube "$config" create namespace "$NAMESPACE"
  step "mark it as ours" kube "$config" label namespace "$NAMESPACE" "$mark=true"
}

# Only one that a script made; with it goes what the pods left there.
remove_namespace() {
  local config=$1 ours
  ours=$(kube "$config" get namespace -l "$mark=true" -o name) ||
    fail "failed: list namespaces in ${config:-$current} (exit code $?)"
  if grep -qx "namespace/$NAMESPACE" <<<"$ours"; then
    step "remove namespace $NAMESPACE from ${config:-$current}" kube "$config" delete namespace "$NAMESPACE"
  fi
}

# image KEY REFERENCE: puts the chart's values for an image that is REGISTRY/NAME or REGISTRY/NAME:TAG into `of_image`; without
# a reference none, and the chart's is taken.
image() {
  of_image=()
  [ -n "$2" ] || return 0
  local name=${2##*/}
  case $name in
    *:*) of_image=(--set-string "$1.image.repository=${2%:*}" --set-string "$1.image.tag=${name##*:}") ;;
    *) of_image=(--set-string "$1.image.repository=$2") ;;
  esac
}

image hello "${HELLO_IMAGE:-}"
only_hello=(--set nse.enabled=false --set hello.enabled=true "${of_image[@]}")
image mysql "${MYSQL_IMAGE:-}"
only_primary=(--set nse.enabled=false --set mysql.primary.enabled=true "${of_image[@]}")
mysql_image=("${of_image[@]}")

# Sets only_replica, when all options are known: the primary's name has the service's in it.
choose_primary() {
  only_replica=(--set nse.enabled=false --set mysql.replica.enabled=true
    --set-string "mysql.replica.primaryHost=${MYSQL_PRIMARY:-mysql-primary-0.$SERVICENAME}" "${mysql_image[@]}")
}

# Passwords that both clusters have to know. They pass by standard input: a command line can be read by others.
make_secret() {
  local config=$1 root=$2 replication=$3
  if kube "$config" get secret vl3-mysql -o name >/dev/null 2>&1; then
    say "secret vl3-mysql is there in ${config:-$current}"
    return
  fi
  say "create secret vl3-mysql in ${config:-$current}"
  kube "$config" create -f - <<SECRET || fail "failed: create secret vl3-mysql in ${config:-$current} (exit code $?)"
apiVersion: v1
kind: Secret
metadata: {name: vl3-mysql}
stringData: {root-password: "$root", replication-user: replication, replication-password: "$replication"}
SECRET
}

password() { od -An -N18 -tx1 /dev/urandom | tr -d ' \n'; }

# Removes what the scripts make in a cluster, workloads first.
remove_all() {
  local config=$1
  choose_primary
  take "$config" mysql-replica "${only_replica[@]}"
  take "$config" mysql-primary "${only_primary[@]}"
  take "$config" hello "${only_hello[@]}"
  # With a remote domain, because the object that lists them goes too.
  take "$config" "the NSEs of $SERVICENAME" --set-string "nsm.remoteDomains[0]=any.example"
  step "remove the databases' volumes from ${config:-$current}" kube "$config" delete pvc --ignore-not-found \
    -l 'app.kubernetes.io/name in (mysql-primary, mysql-replica)'
  step "remove the passwords from ${config:-$current}" kube "$config" delete secret vl3-mysql --ignore-not-found
  remove_namespace "$config"
}
