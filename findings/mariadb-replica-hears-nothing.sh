#!/usr/bin/env bash
# MariaDB 10.11: after a cut of the network a replica is connected again, says Yes and Yes, and gets no row for as long
# again as the cut was, or for net_write_timeout (60 s).
#
# Expected: a replica that has connected anew is sent the rows that it lacks.
# Seen: the primary's old Binlog Dump thread is Killed, and sits in a write to the dead connection ("Writing to net")
# until TCP sends again, which after a cut of 15 s may be 13 s later; the new one stays at "starting" until then. Each
# slave_net_timeout the replica connects again, for nothing. With net_write_timeout=2 on the primary (./THIS 2) rows
# come at once. Debian 12: mariadb-server 1:10.11.19-0+deb12u1. Needs root, iproute2.
set -euo pipefail

if [ "${1:-}" != inside ]; then
  exec unshare --mount --net --pid --fork --kill-child --mount-proc "$0" inside "${1:-60}"
fi
mount -t tmpfs tmpfs /run
mkdir -p /run/netns /run/db
chown mysql /run/db
sql() { mariadb --no-defaults --socket="/run/db/$1.sock" --user=root --batch --skip-column-names -e "$2"; }
number=0
ip link add br0 up type bridge
mariadb-install-db --no-defaults --user=mysql --datadir=/run/db/new --auth-root-authentication-method=normal >/dev/null 2>&1
for name in primary replica; do
  number=$((number + 1))
  ip netns add "$name"
  ip link add "$name" up master br0 type veth peer name eth0 netns "$name"
  ip -n "$name" address add "192.0.2.$number/24" dev eth0
  ip -n "$name" link set dev eth0 up
  cp -a /run/db/new "/run/db/$name"
  nsenter --net="/run/netns/$name" mariadbd --no-defaults --user=mysql --datadir="/run/db/$name" \
    --socket="/run/db/$name.sock" --server-id="$number" --log-bin=binlog --skip-name-resolve \
    --slave-net-timeout=4 --net-write-timeout="$2" >"/run/db/$name.log" 2>&1 &
  until sql "$name" 'SELECT 1' >/dev/null 2>&1; do sleep 0.1; done
done
sql primary "CREATE USER r@'%' IDENTIFIED BY 'r'; GRANT REPLICATION SLAVE ON *.* TO r@'%'; CREATE TABLE mysql.t (id INT AUTO_INCREMENT PRIMARY KEY)"
sql replica "CHANGE MASTER TO MASTER_HOST='192.0.2.1', MASTER_USER='r', MASTER_PASSWORD='r', MASTER_CONNECT_RETRY=1,
  MASTER_HEARTBEAT_PERIOD=1, MASTER_USE_GTID=slave_pos; START SLAVE"
for ((row = 0; row < 100000; row++)); do echo 'INSERT INTO mysql.t VALUES (); DO SLEEP(0.01);'; done |
  mariadb --no-defaults --socket=/run/db/primary.sock --user=root &
look() {
  printf '%3d s  %-9s rows: %5s and %5s  %s  primary: %s\n' "$((SECONDS - start))" "$1" \
    "$(sql primary 'SELECT MAX(id) FROM mysql.t')" "$(sql replica 'SELECT MAX(id) FROM mysql.t')" \
    "$(mariadb --no-defaults --socket=/run/db/replica.sock --user=root -e 'SHOW SLAVE STATUS\G' | sed -n 's/ *Slave_\(..*\)_Running: /\1 /p' | tr '\n' ' ')" \
    "$(sql primary "SELECT command, state FROM information_schema.processlist WHERE user = 'r'" | tr '\t\n' ' ;')"
}
sleep 3
start=$SECONDS
look begin
ip link set dev primary nomaster
while [ $((SECONDS - start)) -lt 15 ]; do sleep 5; look cut; done
ip link set dev primary master br0
while [ $((SECONDS - start)) -lt 45 ]; do look joined; sleep 1; done
