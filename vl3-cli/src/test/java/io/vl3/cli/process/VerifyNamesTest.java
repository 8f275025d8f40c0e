package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vl3.cli.Vl3;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * {@code vl3 verify} in a network of both families with names: one workload is a process with a
 * {@code resolv.conf} of its own, as a container, the other a named namespace without.
 */
@RequiresNetns
class VerifyNamesTest {

  @TempDir private Path directory;

  private final String nse = Machine.unique("verify-names");

  @Test
  void namesAreAskedFor_byTheOwnResolvConf_andBothFamiliesArePinged() throws Exception {
    Path resolver = Files.writeString(directory.resolve("resolv.conf"), "nameserver 10.95.0.2\n");
    Process container = container(resolver);
    try (Machine machine = new Machine(directory)) {
      Netns inside = new Netns(Path.of("/proc/" + container.pid() + "/ns/net"));
      Wait.until(() -> "a namespace of its own", () -> !inside.inodeUrl().equals(here()));
      Netns named = machine.workload("named");
      machine.run(nse, config());
      machine
          .labelledClient("verify", List.of(inside), Map.of("podName", "one"))
          .awaitOutput("served by");
      machine
          .labelledClient("verify", List.of(named), Map.of("podName", "two"))
          .awaitOutput("served by");

      Files.writeString(resolver, "nameserver " + server(machine) + "\n");
      JsonNode found = verify(machine, 0);
      assertThat(found.get("pairs")).hasSize(4);
      assertThat(found.get("pairs").findValuesAsText("address").stream())
          .filteredOn(address -> address.startsWith("fd95:"))
          .hasSize(2);
      assertThat(found.get("names").findValuesAsText("name"))
          .containsExactlyInAnyOrder("one.verify", "two.verify");
      assertThat(found.get("names").findValuesAsText("from")).containsOnly("net");
      assertThat(found.get("names").get(0).get("addresses")).hasSize(2);
      assertThat(found.get("skipped").findValuesAsText("why"))
          .containsExactly("/etc/resolv.conf names no server of the network");

      Files.writeString(resolver, "nameserver 10.95.77.77\n");
      found = verify(machine, 1);
      assertThat(found.get("names").findValuesAsText("error"))
          .containsOnly("none of [10.95.77.77] answers");
    } finally {
      container.destroyForcibly();
    }
  }

  /** The first workload's own NSE, as it is told. */
  private static String server(Machine machine) throws Exception {
    JsonNode status = ask(machine, "status").get("processes");
    for (JsonNode process : status) {
      for (JsonNode workload : process.get("workloads")) {
        if (workload.get("name").asText().equals("net")) {
          return workload.get("endpointAddresses").get(0).asText().replaceAll("/.*", "");
        }
      }
    }
    throw new AssertionError(status);
  }

  private String config() {
    return """
    endpoints:
    - name: verify
      nseName: %s
      vl3:
        ipam: {defaultPrefixPool: [10.95.0.0/16, 'fd95::/48'], prefixIndex: 0}
        dns: {templates: ['{{ index .Labels "podName" }}.{{ .NetworkService }}.']}
    """
        .formatted(nse);
  }

  private static Process container(Path resolver) throws Exception {
    Process process =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--net",
                "sh",
                "-ec",
                "mount --bind \"$0\" \"$(readlink -f /etc/resolv.conf)\"; ip link set lo up;"
                    + " echo ready; exec sleep 1000000",
                resolver.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(process.inputReader().readLine()).isEqualTo("ready");
    return process;
  }

  private static String here() throws Exception {
    return Netns.ofProcess().inodeUrl();
  }

  private static JsonNode verify(Machine machine, int code) throws Exception {
    StringWriter out = new StringWriter();
    assertThat(execute(machine, out, "verify", "--timeout", "2s"))
        .as(out.toString())
        .isEqualTo(code);
    return new ObjectMapper().readTree(out.toString());
  }

  private static JsonNode ask(Machine machine, String command) throws Exception {
    StringWriter out = new StringWriter();
    execute(machine, out, command);
    return new ObjectMapper().readTree(out.toString());
  }

  private static int execute(Machine machine, StringWriter out, String... arguments) {
    CommandLine line = Vl3.commandLine();
    line.setOut(new PrintWriter(out));
    String[] all =
        Stream.concat(
                Stream.of(arguments),
                Stream.of("--output", "json", "--run-dir", machine.runDirectory().toString()))
            .toArray(String[]::new);
    return line.execute(all);
  }
}
