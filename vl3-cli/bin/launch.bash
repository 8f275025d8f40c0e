# shellcheck shell=bash disable=SC2154
# What the launchers share: where Java is, what is missing, the archive of classes, the start. A launcher sets
#   home   the directory of vl3.jar and of lib/
#   cache  where archives are kept
#   stale  what find(1) tests of archives there that can go when another one is made
# and ends with `start "$@"`.

launch=${BASH_SOURCE[0]%/*}
jar=$home/vl3.jar
min_java=17
java=
java_version=
archive=
used=
missing=()
packages=()

say() { printf 'vl3: %s\n' "$*" >&2; }

lacks() {
  missing+=("$1")
  packages+=("$2")
}

# Where java is, links followed; empty if there is none.
find_java() {
  if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
    readlink -f "$JAVA_HOME/bin/java"
  elif command -v java >/dev/null; then
    readlink -f "$(command -v java)"
  fi
}

# The feature version, such as 17. The release file beside it saves a start of the JVM.
find_java_version() {
  local release=${java%/bin/*}/release line
  if [ -r "$release" ]; then
    while IFS= read -r line; do
      case $line in
        'JAVA_VERSION="'*) java_version=${line#*\"} ;;
      esac
    done <"$release"
  fi
  if [ -z "$java_version" ]; then
    java_version=$("$java" -version 2>&1 | sed -n '1s/.*"\([0-9.]*\).*/\1/p')
  fi
  java_version=${java_version#1.}
  java_version=${java_version%%[!0-9]*}
}

# Where java is, if it is new enough.
check_java() {
  java=$(find_java)
  if [ -z "$java" ]; then
    lacks "java $min_java or newer" "$1"
    return
  fi
  find_java_version
  if [ "${java_version:-0}" -lt "$min_java" ]; then
    lacks "java $min_java or newer ($java is $java_version)" "$1"
  fi
}

check_ip() {
  case ${1:-} in
    run | client | demo)
      command -v ip >/dev/null || lacks 'ip (iproute2), to make interfaces' iproute2
      ;;
  esac
}

# Names everything that is missing at once, with the command that installs it.
end_if_missing() {
  [ ${#missing[@]} -gt 0 ] || return 0
  local item sudo=''
  for item in "${missing[@]}"; do say "missing: $item"; done
  [ "$(id -u)" = 0 ] || sudo='sudo '
  say "install with: ${sudo}apt-get install -y ${packages[*]}"
  exit 1
}

# An archive of what a rehearsal loaded makes starts and first requests several times cheaper. It belongs
# to one build and one JVM; without it everything works, later. Since 25 a JVM keeps more in it.
archive_classes() {
  local key made=ArchiveClassesAtExit
  used=SharedArchiveFile
  if [ "${java_version:-0}" -ge 25 ]; then
    made=AOTCacheOutput
    used=AOTCache
  fi
  read -r key _ < <({ stat -c '%n %s %Y' "$java" "$launch/jvm.options" "$jar" "$home"/lib/*.jar || true; } 2>/dev/null | cksum)
  archive=$cache/vl3-$key.jsa
  [ -e "$archive" ] && return
  # A JVM that could not make one is not asked again at each start, nor one that could not keep it.
  if [ -e "$archive.none" ] || ! mkdir -p "$cache" 2>/dev/null || [ ! -w "$cache" ]; then
    archive=
    return
  fi
  # Somebody else may clear up too.
  find "$cache" -maxdepth 1 -name 'vl3-*.jsa*' "${stale[@]}" -delete 2>/dev/null || true
  if command -v flock >/dev/null; then
    { (flock -n 8 && make_archive) 8>"$archive.lock"; } 2>/dev/null || true
  else
    make_archive
  fi
  [ -e "$archive" ] || archive=
}

# Of many that start at once one rehearses; the others do not wait for it.
make_archive() {
  [ ! -e "$archive" ] || return 0
  rehearse "-XX:$made=$archive.$$"
  [ ! -e "$archive.$$" ] || mv -f "$archive.$$" "$archive" 2>/dev/null || true
  [ -e "$archive" ] || : 2>/dev/null >"$archive.none" || true
}

# In namespaces of its own, where these can be had: nothing that runs notices it.
rehearse() {
  local alone=(unshare --user --map-root-user) command
  [ "$(id -u)" != 0 ] || alone=(unshare)
  alone+=(--net --mount sh -c 'mount -t tmpfs tmpfs /run && exec "$@"' sh)
  command=("$java" "$1" "@$launch/jvm.options" -Xlog:disable -jar "$jar" rehearse)
  if ! "${alone[@]}" true >/dev/null 2>&1; then
    "${command[@]}" --connections 0 >/dev/null 2>&1 || true
  else
    "${alone[@]}" "${command[@]}" >/dev/null 2>&1 || true
  fi
}

# What stays is compiled after a tenth of the calls: its first requests are cheaper, and so is what it does now and
# then for the rest of its life (docs/performance.md). A command that answers and ends would only be later.
compiles_early() {
  case ${1:-} in
    run | client) return 0 ;;
    *) return 1 ;;
  esac
}

# One thread compiles, so that a start has the other processors; the second compiler, for whoever asks for it, needs
# a thread of its own.
compiles_by_one_thread() {
  case ${VL3_JAVA_OPTS:-} in
    *TieredStopAtLevel* | *TieredCompilation*) return 1 ;;
    *) return 0 ;;
  esac
}

# More arenas of malloc keep memory that nobody uses.
start() {
  local options=("@$launch/jvm.options" -Xlog:disable -Xlog:all=error:stderr "-Dvl3.launcher=$(readlink -f "$0")")
  export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}
  ! compiles_early "$@" || options+=(-XX:CompileThresholdScaling=0.1)
  ! compiles_by_one_thread || options+=(-XX:CICompilerCount=1)
  archive_classes
  [ -z "$archive" ] || options+=("-XX:$used=$archive" "-Dvl3.archive=-XX:$used=$archive")
  # Unquoted on purpose: several options in one variable.
  # shellcheck disable=SC2086
  exec "$java" "${options[@]}" ${VL3_JAVA_OPTS:-} -jar "$jar" "$@"
}
