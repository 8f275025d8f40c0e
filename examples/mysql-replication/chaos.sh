# shellcheck shell=bash
# run --chaos: rows are written at the primary, each a transaction of its own, while parts are taken away and given
# back. The replica notes when each row arrives, and in which order.

rows=10000
faults=()

take_away() {
  step "Chaos: $rows rows, while an NSE, the process that runs the manager, and the link between the nodes are taken away"
  note_arrivals
  local victim

  write_rows 3500
  await_row 1000
  victim=$(serves_primary)
  fault "$victim, which serves the primary, is killed"
  kills "$victim"
  await_row 2500
  give_back "$victim"
  all_written
  await 300 "$victim is registered again" registered_twice "$victim"

  write_rows 3500
  await_row 4500
  victim=$(manager_owner d1)
  fault "$victim, which runs the manager of d1, is killed"
  kills "$victim"
  await_row 6000
  give_back "$victim"
  all_written

  write_rows 3000
  await_row 7500
  fault 'the link between the nodes swallows every packet'
  ip -n hub link set dev d1 nomaster
  await_row 9500
  fault 'the link is joined again'
  ip -n hub link set dev d1 master br0
  all_written

  await 300 'every row is at the replica' same 'SELECT COUNT(*), MAX(id), SUM(CRC32(CONCAT(id, at))) FROM demo.written'
  report_arrivals
}

# give_back NAME: starts an NSE or a client of d1 again. Whichever was there first after the one before runs the manager.
give_back() {
  fault "$1 is started again"
  case $1 in
    *-client) keep_attached "${1%-client}" d1 ;;
    *) nse d1 "$1" ;;
  esac
}

registered_twice() { [ "$(grep -cF 'registered for' "$logs/$1.log")" -ge 2 ]; }

# write_rows NUMBER: in the background, ten at a time, each a transaction, twenty times a second. The server does it, as
# each round trip to a client takes milliseconds on a busy machine.
write_rows() {
  sql primary >"$logs/writer.log" 2>&1 <<SQL &
DELIMITER //
BEGIN NOT ATOMIC
  FOR burst IN 1..$(($1 / 10)) DO
    FOR one IN 1..10 DO
      INSERT INTO demo.written (at) VALUES (SYSDATE(6));
    END FOR;
    DO SLEEP(0.05);
  END FOR;
END
//
SQL
  writer=$!
}

all_written() { wait "$writer" || broken 'the writer has failed'; }

note_arrivals() {
  sql primary <<<'CREATE TABLE demo.written (id INT AUTO_INCREMENT PRIMARY KEY, at TIMESTAMP(6))'
  await 300 'the table is at the replica' ask replica 'DESCRIBE demo.written'
  sql replica <<'SQL'
CREATE TABLE demo.arrived (number INT AUTO_INCREMENT PRIMARY KEY, id INT, at TIMESTAMP(6));
CREATE TRIGGER demo.arrive AFTER INSERT ON demo.written
  FOR EACH ROW INSERT INTO demo.arrived (id, at) VALUES (NEW.id, SYSDATE(6));
SQL
}

written() { ask primary 'SELECT COALESCE(MAX(id), 0) FROM demo.written'; }

# await_row NUMBER: until it is written at the primary.
await_row() { await 300 "row $1 is written" reached "$1"; }
reached() { [ "$(written)" -ge "$1" ]; }

# fault WHAT: notes it, with the time and how far each side is.
fault() {
  local time
  time=$(ask replica 'SELECT SYSDATE(6)')
  faults+=("$time|$1")
  say "${time#* }: row $(written) is written, row $(ask replica 'SELECT COALESCE(MAX(id), 0) FROM demo.written') has arrived: $1"
}

# The NSE that the primary was told last.
serves_primary() { sed -n 's/.*served by \([^, ]*\).*/\1/p' "$logs/primary-client.log" | tail -n 1; }

# manager_owner NODE: the process that holds the lock of the node's manager.
manager_owner() {
  local inode holder name
  inode=$(stat -c %i "$dir/$1/manager.lock")
  holder=$(awk -v inode=":$inode" '$2 != "->" && substr($6, length($6) - length(inode) + 1) == inode { print $5 }' \
    /proc/locks)
  for name in "${!pids[@]}"; do
    [ "${pids[$name]}" != "$holder" ] || printf '%s\n' "$name"
  done
}

report_arrivals() {
  local disorder
  say
  say "rows at the primary: $(ask primary 'SELECT COUNT(*) FROM demo.written'), at the replica: $(
    ask replica 'SELECT COUNT(*) FROM demo.written'
  )"
  disorder=$(ask replica 'SELECT COUNT(*) FROM demo.arrived WHERE number <> id')
  [ "$disorder" = 0 ] || fail "$disorder rows arrived out of order"
  say 'they arrived in order'
  say 'longest time that a row took to the replica, by when it was written:'
  stalls
}

stalls() {
  local number until
  faults+=('9999-12-31|end')
  for ((number = 0; number < ${#faults[@]} - 1; number++)); do
    until=${faults[number + 1]%%|*}
    printf '%8s s  %s\n' "$(longest_stall "${faults[number]%%|*}" "$until")" "${faults[number]#*|}"
  done
}

# longest_stall FROM UNTIL: in seconds, of the rows that were written in between.
longest_stall() {
  sql replica <<SQL
SELECT ROUND(COALESCE(MAX(TIMESTAMPDIFF(MICROSECOND, w.at, a.at)), 0) / 1e6, 2)
FROM demo.written AS w JOIN demo.arrived AS a ON a.number = w.id
WHERE w.at >= '$1' AND w.at < '$2';
SQL
}
