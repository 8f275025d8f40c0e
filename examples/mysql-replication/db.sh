# shellcheck shell=bash
# Two MariaDB servers, primary and replica, each in a network namespace that is named as it.

db=/run/db

# client SERVER OPTIONS...: standard input to a server, by its socket, whose file every namespace sees.
client() { mariadb --no-defaults --socket="$db/$1.sock" --user=root "${@:2}"; }

# sql SERVER
sql() { client "$1" --batch --skip-column-names; }

# ask SERVER STATEMENT
ask() { sql "$1" <<<"$2"; }

# shows SERVER STATEMENT: as a terminal shows it.
shows() {
  say "$1> $2"
  client "$1" --table <<<"$2"
}

# same STATEMENT: whether both servers answer the same, and something.
same() {
  local there
  there=$(ask primary "$1") && [ -n "$there" ] && [ "$there" = "$(ask replica "$1")" ]
}
