# shellcheck shell=bash
# What all benchmarks share: where they were run, processor time, medians, tables.
root=$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../../../..
root=$(realpath "$root")

# Machine, JDK, commit and load: without them a figure says nothing.
header() {
  local processor
  processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
  cat <<TEXT
machine: $(nproc) processors ($processor), $(($(sed -n 's/^MemTotal:[[:space:]]*\([0-9]*\).*/\1/p' /proc/meminfo) / 1024)) MiB, Linux $(uname -r)
JDK: $("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | sed -n '2s/.*(build \(.*\))/\1/p')
commit: $(git -C "$root" rev-parse --short HEAD)$(git -C "$root" diff --quiet HEAD || echo ', changed')
load: $(cut -d ' ' -f 1-3 /proc/loadavg)
TEXT
}

# row CELL...: one line of a table
row() {
  local cell
  printf '|'
  for cell in "$@"; do printf ' %s |' "$cell"; done
  printf '\n'
}

# head_row CELL...: the first line of a table
head_row() {
  local cell
  row "$@"
  printf '|'
  for cell in "$@"; do printf -- '---|'; done
  printf '\n'
}

# reckon EXPRESSION [FORMAT]: what awk makes of it
reckon() { awk "BEGIN { printf \"${2:-%.2f}\", $1 }"; }

# median NUMBER...
median() { printf '%s\n' "$@" | sort -g | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

# p99 < NUMBERS
p99() { sort -g | awk '{ all[NR] = $1 } END { print all[int(NR * 0.99 + 0.999)] }'; }

# ticks PID: processor time of a process, user and system, in 1/100 s
ticks() {
  local stat fields
  stat=$(<"/proc/$1/stat")
  # The name in parentheses may hold blanks.
  read -r -a fields <<<"${stat##*) }"
  echo $((fields[11] + fields[12]))
}

now() { date +%s.%N; }

# java_main CLASS [ARGUMENT...]: a program of the modules' tests, as they are built
java_main() {
  local classes='' one
  for one in vl3-core vl3-linux vl3-vpp vl3-registry vl3-cli; do
    classes+=$root/$one/target/classes:$root/$one/target/test-classes:
  done
  # Unquoted on purpose: several options in one variable.
  # shellcheck disable=SC2086
  "${JAVA_HOME:+$JAVA_HOME/bin/}java" ${BENCHMARK_JAVA_OPTS:-} -cp "$classes$(<"$(libraries)"):$root/vl3-cli/target/lib/*" "$@"
}

# The file with the libraries of vl3-core's tests, JMH among them, as a class path.
libraries() {
  local file=$root/vl3-core/target/benchmarks.cp
  if [[ ! -e $file || $root/vl3-core/pom.xml -nt $file ]]; then
    mvn -o -q -f "$root/vl3-core/pom.xml" dependency:build-classpath -Dmdep.outputFile="$file" >&2
  fi
  echo "$file"
}

# needs PROGRAM...: ends, and names what is not there
needs() {
  local program missing=()
  for program in "$@"; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  [[ ${#missing[@]} -eq 0 ]] && return
  echo "benchmarks: missing: ${missing[*]}" >&2
  exit 1
}

# alone PROGRAM [ARGUMENT...]: begins the part anew in namespaces of its own, in which nothing else runs
alone() {
  [[ -z ${BENCHMARK_ALONE:-} ]] || return 0
  # What is built or fetched comes first: there is no network later.
  "${VL3:-$root/vl3-cli/bin/vl3}" --version >/dev/null
  [[ $1 != */links ]] || libraries >/dev/null
  [[ $1 != */names ]] || peer_program >/dev/null
  BENCHMARK_ALONE=1 exec unshare --mount --net --pid --fork --kill-child --mount-proc bash -c \
    'mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir /run/netns && ip link set lo up && exec "$@"' alone "$@"
}

# The program made of NSM's SDK; its path.
peer_program() {
  local made=$root/vl3-registry/target/nsmpeer
  go build -C "$root/vl3-registry/src/it/go" -o "$made" . >&2
  echo "$made"
}

# peer ARGUMENT...: runs it in its own directory
peer() {
  local made
  made=$root/vl3-registry/target/nsmpeer
  (cd "$root/vl3-registry/src/it/go" && "$made" "$@" </dev/null | grep -v '^{"event"')
}
