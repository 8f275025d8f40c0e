package io.vl3.cli.report;

import io.vl3.linux.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/** Links, addresses, routes, rules and settings of network namespaces. */
final class NamespaceParts {

  /** Files by name, each with the program that writes it. */
  private static final Map<String, List<String>> PROGRAMS =
      new TreeMap<>(
          Map.of(
              "links.txt", List.of("ip", "-s", "-d", "link"),
              "addresses.txt", List.of("ip", "address"),
              "routes.txt", List.of("ip", "-4", "route", "show", "table", "all"),
              "routes6.txt", List.of("ip", "-6", "route", "show", "table", "all"),
              "rules.txt", List.of("ip", "-4", "rule"),
              "rules6.txt", List.of("ip", "-6", "rule"),
              "neighbours.txt", List.of("ip", "-s", "neighbour"),
              "firewall.txt", List.of("nft", "-s", "list", "ruleset")));

  private static final List<String> SETTINGS =
      List.of(
          "ipv4/ip_forward",
          "ipv4/conf/all/rp_filter",
          "ipv4/conf/default/rp_filter",
          "ipv4/ip_no_pmtu_disc",
          "ipv6/conf/all/forwarding",
          "ipv6/conf/all/disable_ipv6");

  private final Parts parts;
  private final Executor executor;

  NamespaceParts(Parts parts, Executor executor) {
    this.parts = parts;
    this.executor = executor;
  }

  /** Looks at a namespace; blocks for some seconds at most for each program that hangs. */
  void look(String name, Netns netns) {
    String directory = "namespaces/" + name;
    if (!netns.exists()) {
      parts.missing(directory, netns.path() + ": no namespace that can be entered from here");
      return;
    }
    PROGRAMS.forEach((file, line) -> run(directory + "/" + file, netns, line));
    settings(directory, netns);
  }

  private void run(String file, Netns netns, List<String> line) {
    try {
      parts.text(file, netns.call(() -> Commands.output(line, executor)));
    } catch (Exception failure) {
      parts.missing(file, String.valueOf(failure.getMessage()));
    }
  }

  private void settings(String directory, Netns netns) {
    StringBuilder text = new StringBuilder();
    try {
      netns.call(
          () -> {
            SETTINGS.forEach(name -> text.append("%s = %s%n".formatted(name, read(name))));
            return netns;
          });
      parts.text(directory + "/settings.txt", text.toString());
    } catch (Exception failure) {
      parts.missing(directory + "/settings.txt", String.valueOf(failure.getMessage()));
    }
  }

  private static String read(String setting) {
    try {
      return Files.readString(Path.of("/proc/sys/net").resolve(setting)).strip();
    } catch (IOException unreadable) {
      return "unknown";
    }
  }
}
