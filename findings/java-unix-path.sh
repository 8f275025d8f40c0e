#!/usr/bin/env bash
# Guess: a JVM binds a unix socket whose path has 107 bytes, as the kernel does: sun_path has 108, one of them for the zero.
# Seen with OpenJDK 17.0.15 (Debian 12, x86_64): 106 bytes are bound, 107 are refused by the JDK itself
# ("Unix domain path too long"). Python binds the same 107 on the same machine, and refuses 108.
# Needs java and python3; fails if any of that changes.
set -euo pipefail

folder=$(mktemp -d /tmp/path.XXXXXX)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > Bind.java <<'JAVA'
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;

public class Bind {
  public static void main(String[] paths) throws Exception {
    System.out.println("java " + System.getProperty("java.version"));
    for (String path : paths) {
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(UnixDomainSocketAddress.of(path));
        System.out.println(path.length() + " bound");
      } catch (java.net.SocketException refused) {
        System.out.println(path.length() + " " + refused.getMessage());
      }
    }
  }
}
JAVA

path() { # BYTES LETTER
  printf '%s/%s' "$folder" "$(printf "%*s" $(($1 - ${#folder} - 1)) '' | tr ' ' "$2")"
}

java Bind.java "$(path 106 j)" "$(path 107 j)" | tee java.out
python3 - "$(path 107 p)" "$(path 108 p)" <<'PY' | tee python.out
import socket, sys
for path in sys.argv[1:]:
    server = socket.socket(socket.AF_UNIX)
    try:
        server.bind(path)
        print(len(path), "bound")
    except OSError as refused:
        print(len(path), refused)
PY

grep -qx '106 bound' java.out
grep -qx '107 Unix domain path too long' java.out
grep -qx '107 bound' python.out
grep -q '^108 .*too long' python.out
echo "as described"
