package io.vl3.cli.capture;

import io.vl3.api.admin.v1.Connection;
import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.Workload;
import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.admin.Member;
import io.vl3.linux.Netns;
import io.vl3.net.DomainName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The place whose packets are wanted: an NSE or a workload.
 *
 * @param netns its namespace
 * @param others who is at the other side of each interface that a connection is over
 * @param only the interface that is wanted; empty: all but the loopback
 */
public record Tapped(Netns netns, Map<String, String> others, Optional<String> only)
    implements Capture.Links {

  private static final String LOOPBACK = "lo";

  /**
   * Finds it.
   *
   * @param name an NSE's or a workload's
   * @param link an interface, or the name of who is at its other side; empty: all
   * @throws CliException NOT_FOUND if there is none, FAILED if it has no namespace here
   */
  public static Tapped find(List<Member> members, String name, Optional<String> link) {
    for (Member member : members.stream().filter(Member::isLocal).toList()) {
      for (Nse nse : member.status().getNsesList()) {
        if (nse.getName().equals(name)) {
          return of(name, nse.getNamespace(), links(member, name), link);
        }
      }
      for (Workload workload : member.status().getWorkloadsList()) {
        if (workload.getName().equals(name)) {
          return of(
              name,
              workload.getNamespace(),
              Map.of(workload.getInterface(), workload.getEndpoint()),
              link);
        }
      }
    }
    throw new CliException(
        ExitCode.NOT_FOUND,
        "%s (expected: an NSE or a workload of this machine)".formatted(name),
        "`vl3 status` lists them.");
  }

  private static Map<String, String> links(Member member, String nse) {
    Map<String, String> links = new TreeMap<>();
    for (Connection each : member.connections()) {
      if (each.getNse().equals(nse)) {
        links.put(each.getInterface(), each.getOther());
      }
    }
    return links;
  }

  private static Tapped of(
      String name, String namespace, Map<String, String> others, Optional<String> link) {
    if (namespace.isEmpty()) {
      throw new CliException(
          ExitCode.FAILED,
          "%s: its links are in no network namespace".formatted(name),
          "VPP has its own: `vppctl pcap trace rx tx`.");
    }
    Netns netns = new Netns(Path.of(namespace));
    if (!netns.exists()) {
      throw new CliException(
          ExitCode.FAILED,
          "%s: namespace %s (expected: one that can be entered from here)"
              .formatted(name, namespace),
          "Run this where the process runs.");
    }
    return new Tapped(netns, others, link.map(text -> interfaceOf(name, text, others)));
  }

  /** A name that is no peer's may be an interface without a connection, or one to come. */
  private static String interfaceOf(String name, String link, Map<String, String> others) {
    if (others.containsKey(link)) {
      return link;
    }
    List<String> matching =
        others.entrySet().stream()
            .filter(
                each ->
                    DomainName.withoutDomain(each.getValue())
                        .equals(DomainName.withoutDomain(link)))
            .map(Map.Entry::getKey)
            .toList();
    if (matching.size() == 1) {
      return matching.get(0);
    }
    throw new CliException(
        ExitCode.NOT_FOUND,
        "link of %s: %s (expected: one of %s)".formatted(name, link, others),
        "`vl3 connections` lists links.");
  }

  @Override
  public boolean isWanted(String interfaceName) {
    return only.map(interfaceName::equals).orElseGet(() -> !interfaceName.equals(LOOPBACK));
  }

  @Override
  public String description(String interfaceName) {
    String other = others.get(interfaceName);
    return other == null ? "" : "to " + other;
  }
}
