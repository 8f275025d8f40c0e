package io.vl3.cli.verify;

import io.vl3.linux.Netns;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What programs in a namespace have as {@code resolv.conf}.
 *
 * @param file where it is
 * @param servers the name servers in their order; those with a zone are left out
 */
record ResolvConf(Path file, List<IpAddress> servers) {

  /** The C library asks no more of them (resolv.conf(5), MAXNS). */
  private static final int MOST_SERVERS = 3;

  private static final Path OF_MACHINE = Path.of("/etc/resolv.conf");
  private static final Path PINNED = Path.of("/run/netns");
  private static final Path OF_NAMED = Path.of("/etc/netns");

  /**
   * That of a namespace: of a named one as {@code ip netns exec} gives it to programs, of a
   * process's as that process sees it, else the machine's.
   */
  static ResolvConf of(Netns netns) throws IOException {
    Path file = file(netns.path());
    return new ResolvConf(file, servers(Files.readString(file)));
  }

  static Path file(Path namespace) {
    if (PINNED.equals(namespace.getParent())) {
      Path own = OF_NAMED.resolve(namespace.getFileName()).resolve(OF_MACHINE.getFileName());
      return Files.exists(own) ? own : OF_MACHINE;
    }
    boolean ofProcess = namespace.getNameCount() == 4 && namespace.startsWith("/proc");
    return ofProcess
        ? Path.of("/proc", namespace.getName(1).toString(), "root", OF_MACHINE.toString())
        : OF_MACHINE;
  }

  static List<IpAddress> servers(String text) {
    return text.lines()
        .map(line -> line.strip().split("\\s+", -1))
        .filter(words -> words.length > 1 && words[0].equals("nameserver"))
        .flatMap(words -> IpAddress.tryParse(words[1]).stream())
        .limit(MOST_SERVERS)
        .toList();
  }
}
