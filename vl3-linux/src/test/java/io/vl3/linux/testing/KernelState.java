package io.vl3.linux.testing;

import io.vl3.linux.Netns;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code ip} shows, as text to compare; written by a tool that is not ours. */
public final class KernelState {

  private KernelState() {}

  /** Output of {@code ip} with the arguments, inside a named namespace. */
  public static String ip(Netns netns, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("ip", "-n", String.valueOf(netns.path().getFileName())));
    command.addAll(List.of(arguments));
    return run(command);
  }

  /** Output of {@code ip} with the arguments, here. */
  public static String ip(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    return run(command);
  }

  /**
   * Interfaces, addresses, routes and permanent neighbours of a namespace, without what the kernel
   * makes by itself and late: operational state, link-local addresses and their routes, the local
   * route of an IPv6 address.
   */
  public static String all(Netns netns) throws IOException {
    return batch(netns, "link", "address", "route show table all", "neighbour show nud permanent")
        .lines()
        .filter(line -> !line.contains("fe80::") && !line.contains("ff00::"))
        .filter(line -> !line.startsWith("anycast") && !line.matches("local [0-9a-f]*:.*"))
        .map(line -> line.replaceAll("NO-CARRIER,|,LOWER_UP|,M-DOWN| state [A-Z]+| linkdown", ""))
        .distinct()
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  /** One process for all: starting them is what takes the time. */
  private static String batch(Netns netns, String... commands) throws IOException {
    String name = String.valueOf(netns.path().getFileName());
    Process process =
        new ProcessBuilder("ip", "-n", name, "-o", "-batch", "-").redirectErrorStream(true).start();
    try (OutputStream input = process.getOutputStream()) {
      input.write(String.join("\n", commands).getBytes(StandardCharsets.UTF_8));
    }
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
