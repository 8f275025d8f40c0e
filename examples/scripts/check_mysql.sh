#!/usr/bin/env bash
# Rows of the primary in cluster 1 arrive at the replica in cluster 2.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

PATIENCE=${PATIENCE:-60}

usage() {
  cat <<USAGE
Usage: $me --kconf_clus1=KUBECONFIG --kconf_clus2=KUBECONFIG [options]
  --populate              write a row first, and wait until it is at the replica
  --namespace=NAME        where it is (default: $NAMESPACE)
  --nowait                accepted: nothing waits for a key here
Variables: PATIENCE, how many seconds a row may take (default: $PATIENCE)
USAGE
}

populate=
for option in "$@"; do
  case $option in
    --populate) populate=true ;;
    *) common_option "$option" || unknown_option "$option" ;;
  esac
done
need kubectl
need_both_clusters

# sql KUBECONFIG primary|replica STATEMENTS: the password is known in the pod alone.
sql() {
  # shellcheck disable=SC2016 # the pod's shell expands it
  kube "$1" exec -i "mysql-$2-0" -c "mysql-$2" -- \
    sh -c 'MYSQL_PWD=$MARIADB_ROOT_PASSWORD exec mariadb --user=root --batch --skip-column-names' <<<"$3"
}

# await SECONDS COMMAND...: until the command succeeds.
await() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep "${POLL:-1}"
  done
}

# Judged by rows: a replica behind a link that swallows packets says for a while that all is well.
has_row() { [ "$(sql "$KCONF_CLUS2" replica "select count(*) from demo.user where name = '$1';" 2>/dev/null)" = 1 ]; }

count() {
  sql "$1" "$2" 'select count(*) from demo.user;' || fail "failed: count the rows of the $2 in $1 (exit code $?)"
}

mysql_ready "$KCONF_CLUS1" mysql-primary
mysql_ready "$KCONF_CLUS2" mysql-replica

if [ -n "$populate" ]; then
  row="user-$(date +%s)-$$"
  step "write row $row at the primary" sql "$KCONF_CLUS1" primary "create database if not exists demo;
    create table if not exists demo.user(id int auto_increment primary key, name char(40));
    insert into demo.user(name) values('$row');"
  say "wait for it at the replica"
  if ! await "$PATIENCE" has_row "$row"; then
    sql "$KCONF_CLUS2" replica 'show replica status\G' >&2 || true
    fail "failed: row $row at the replica: not there after $PATIENCE s" "What the replica says of itself is above."
  fi
fi

step "what the replica says of itself" sql "$KCONF_CLUS2" replica 'show replica status\G'
rows=$(count "$KCONF_CLUS1" primary)
there=$(count "$KCONF_CLUS2" replica)
[ "$rows" = "$there" ] || fail "rows at the replica: $there (expected: $rows, as at the primary)"
say "All $rows rows of the primary are at the replica."
