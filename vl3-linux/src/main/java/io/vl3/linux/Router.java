package io.vl3.linux;

import io.vl3.linux.internal.LinkInfo;
import io.vl3.linux.internal.RtNetlink;
import io.vl3.net.IpPrefix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/**
 * A network service endpoint's namespace as a router: it forwards both families, and refuses what
 * goes to its own prefixes and no workload has, instead of sending it round in circles. Interfaces
 * and routes of links are not its business.
 *
 * <p>The namespace outlives the process: a successor that prepares it again finds everything in
 * place, and packets pass all the while. Thread-safe; calls take turns and block briefly.
 */
public final class Router implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Path SYSCTL = Path.of("/proc/sys/net");
  private static final String LOOPBACK = "lo";

  private static final String FORWARDING = "ipv4/ip_forward";

  /** The settings of a router: forwarding, and no check of the way back (it differs in a mesh). */
  private static final Map<String, String> SETTINGS =
      Map.of(
          FORWARDING,
          "1",
          "ipv4/conf/all/rp_filter",
          "0",
          "ipv4/conf/default/rp_filter",
          "0",
          "ipv6/conf/all/forwarding",
          "1",
          "ipv6/conf/default/forwarding",
          "1");

  /** The same for each interface, which takes it from above when it is made and may be changed. */
  private static final Map<String, String> INTERFACE_SETTINGS =
      Map.of("ipv4/conf/%s/forwarding", "1", "ipv6/conf/%s/forwarding", "1");

  private final Netns netns;
  private final Map<String, String> before = new LinkedHashMap<>();
  private final Set<IpPrefix> refused = new TreeSet<>();

  private Router(Netns netns) {
    this.netns = netns;
  }

  /**
   * What is in a router's namespace.
   *
   * @param forwarding whether IPv4 packets are forwarded
   * @param interfaces names of the interfaces, without the loopback
   * @param refused prefixes with an unreachable route of ours
   */
  public record Observation(boolean forwarding, List<String> interfaces, List<IpPrefix> refused) {}

  /**
   * Makes the namespace a router. The changes that were begun are undone if it fails.
   *
   * @throws IOException if a setting is refused; the message names it
   */
  public static Router prepare(Netns netns) throws IOException {
    Router router = new Router(netns);
    try {
      router.inside(router::setUp);
      return router;
    } catch (IOException | RuntimeException e) {
      try {
        router.close();
      } catch (UncheckedIOException undo) {
        e.addSuppressed(undo);
      }
      throw e;
    }
  }

  /**
   * Refuses what goes to these prefixes and has no better route; earlier ones are refused no more.
   */
  public synchronized void own(List<IpPrefix> prefixes) throws IOException {
    inside(
        netlink -> {
          Set<IpPrefix> surplus = new TreeSet<>(netlink.routeTable().unreachable());
          for (IpPrefix prefix : prefixes) {
            netlink.routeTable().addUnreachable(prefix);
            refused.add(prefix);
            surplus.remove(prefix);
          }
          for (IpPrefix prefix : surplus) {
            netlink.routeTable().removeUnreachable(prefix);
            refused.remove(prefix);
          }
        });
  }

  /**
   * Makes the namespace a router again where somebody has changed it since: settings, the loopback,
   * routes of {@link #own}.
   *
   * @return what was amiss; empty if nothing was
   */
  public synchronized List<String> mend() throws IOException {
    List<String> amiss = new ArrayList<>();
    inside(
        netlink -> {
          amiss.addAll(settle(netlink));
          amiss.addAll(refuseAgain(netlink));
        });
    return List.copyOf(amiss);
  }

  private List<String> refuseAgain(RtNetlink netlink) throws IOException {
    Set<IpPrefix> missing = new TreeSet<>(refused);
    missing.removeAll(netlink.routeTable().unreachable());
    for (IpPrefix prefix : missing) {
      netlink.routeTable().addUnreachable(prefix);
    }
    return missing.stream().map("route unreachable %s: none (expected: there)"::formatted).toList();
  }

  /** Reads the state of the namespace as it is now. */
  public Observation observe() throws IOException {
    List<Observation> seen = new ArrayList<>();
    inside(
        netlink ->
            seen.add(
                new Observation(
                    read(FORWARDING).filter("1"::equals).isPresent(),
                    netlink.links().stream()
                        .map(LinkInfo::name)
                        .filter(name -> !name.equals(LOOPBACK))
                        .sorted()
                        .toList(),
                    netlink.routeTable().unreachable().stream().sorted().toList())));
    return seen.get(0);
  }

  /**
   * Takes everything back; the namespace stays, its loopback up (others may use it by now). Nothing
   * to do, and no error, if the namespace is gone.
   *
   * @throws UncheckedIOException if something could not be taken back
   */
  @Override
  public synchronized void close() {
    if (!netns.exists()) {
      return;
    }
    try {
      inside(this::tearDown);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void setUp(RtNetlink netlink) throws IOException {
    for (Map.Entry<String, String> setting : SETTINGS.entrySet()) {
      read(setting.getKey())
          .filter(current -> !current.equals(setting.getValue()))
          .ifPresent(current -> before.put(setting.getKey(), current));
    }
    var unused = settle(netlink);
  }

  /** Answers what was otherwise. */
  private List<String> settle(RtNetlink netlink) throws IOException {
    List<String> otherwise = new ArrayList<>();
    for (Map.Entry<String, String> setting : SETTINGS.entrySet()) {
      set(setting.getKey(), setting.getValue()).ifPresent(otherwise::add);
    }
    for (LinkInfo link : netlink.links()) {
      if (link.name().equals(LOOPBACK) && !link.up()) {
        netlink.up(link, true);
        otherwise.add("lo: down (expected: up)");
      }
      if (link.forwards()) {
        continue; // most do: their files are not read at each look
      }
      for (Map.Entry<String, String> setting : INTERFACE_SETTINGS.entrySet()) {
        set(setting.getKey().formatted(link.name()), setting.getValue()).ifPresent(otherwise::add);
      }
    }
    return otherwise;
  }

  private void tearDown(RtNetlink netlink) throws IOException {
    for (IpPrefix prefix : refused) {
      netlink.routeTable().removeUnreachable(prefix);
    }
    refused.clear();
    for (Map.Entry<String, String> setting : before.entrySet()) {
      Files.writeString(SYSCTL.resolve(setting.getKey()), setting.getValue());
    }
    before.clear();
  }

  /**
   * Answers what the setting was if it was another. A kernel without IPv6 lacks its settings, and
   * there is nothing to forward then; an interface may have vanished.
   */
  private Optional<String> set(String setting, String value) throws IOException {
    Optional<String> current = read(setting);
    if (current.isEmpty() || current.get().equals(value)) {
      return Optional.empty();
    }
    String otherwise = "sysctl net/%s: %s (expected: %s)".formatted(setting, current.get(), value);
    try {
      Files.writeString(SYSCTL.resolve(setting), value);
    } catch (IOException e) {
      throw new IOException("%s [%s: %s]".formatted(otherwise, netns.path(), e.getMessage()), e);
    }
    return Optional.of(otherwise);
  }

  private static Optional<String> read(String setting) throws IOException {
    try {
      return Optional.of(Files.readString(SYSCTL.resolve(setting)).strip());
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  private interface Work {
    void run(RtNetlink netlink) throws IOException;
  }

  /** The files of /proc/sys/net, too, are those of the namespace that the thread is in. */
  private void inside(Work work) throws IOException {
    Callable<Boolean> task =
        () -> {
          try (RtNetlink netlink = RtNetlink.open(TIMEOUT)) {
            work.run(netlink);
            return true;
          }
        };
    try {
      netns.call(task);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("router: %s (expected: an outcome)".formatted(netns.path()), e);
    }
  }
}
