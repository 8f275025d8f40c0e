package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * Workloads of two endpoints, one point-to-point and one unnumbered, find each other by name: with
 * real packets, each from its own namespace, at the server that it was told.
 */
@RequiresNetns
class NamesTest {

  private static final Pattern SERVER = Pattern.compile("names from (\\S+) search (.*)");

  @TempDir private Path directory;

  private final String run = Long.toString(ProcessHandle.current().pid());
  private final List<Vl3Process> processes = new ArrayList<>();
  private final Map<String, String> servers = new HashMap<>();

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (Vl3Process process : processes) {
      process.kill();
    }
    for (String nse : List.of("a", "b")) {
      Netns.delete("vl3-names-" + nse + run);
    }
  }

  @Test
  void workloadsOfTwoEndpoints_findEachOtherByName() throws Exception {
    Files.writeString(directory.resolve("vl3.yaml"), config());
    try (TestNetns fixtures = new TestNetns("vl3-names")) {
      Netns one = fixtures.add("one");
      Netns two = fixtures.add("two");
      // Owns the manager, so that the endpoints' process can be killed alone.
      client(fixtures.add("idle"), "nobody", "nobody");
      Vl3Process nses = run("run");
      for (String nse : List.of("a", "b")) {
        nses.awaitOutput("names-" + nse + run + ": registered for ");
      }
      Vl3Process ones = attach(one, "one", "names-a" + run);
      Vl3Process twos = attach(two, "two", "names-b" + run);
      assertThat(servers).containsEntry("one", "10.94.0.2").containsEntry("two", "10.94.1.0");

      assertThat(resolvConf("one")).content().contains("\nnameserver 10.94.0.2\nsearch names\n");
      assertThat(resolvConf("two")).content().contains("\nnameserver 10.94.1.0\nsearch names\n");
      awaitAddress(one, "two", "10.94.1.1");
      awaitAddress(two, "one", "10.94.0.1");
      awaitAddress(one, "one", "10.94.0.1");
      awaitAddress(one, "nse-b", "10.94.1.0");
      awaitAddress(two, "nse-b", "10.94.1.0");
      assertThat(rdata(ask(one, "1.1.94.10.in-addr.arpa.", Type.PTR, false)))
          .containsExactly("two.names.");
      assertThat(rdata(ask(one, "two.names.", Type.A, true))).containsExactly("10.94.1.1");
      assertThat(ask(one, "two.names.", Type.AAAA, false).getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(ask(one, "three.names.", Type.A, false).getRcode()).isEqualTo(Rcode.NXDOMAIN);
      assertThat(ask(one, "example.com.", Type.A, false).getRcode()).isEqualTo(Rcode.REFUSED);

      nses.kill();
      nses = run("again");
      awaitAddress(one, "two", "10.94.1.1");

      twos.stop();
      assertThat(resolvConf("two")).doesNotExist();
      Wait.until(
          () -> "the name of who left is gone",
          () -> ask(one, "two.names.", Type.A, false).getRcode() == Rcode.NXDOMAIN);
      ones.stop();
      nses.stop();
    }
  }

  private String config() {
    return """
    endpoints:
    - name: names
      nseName: names-a%1$s
      vl3:
        ipam: {defaultPrefixPool: 10.94.0.0/16, prefixIndex: 0}
        dns: {templates: ['{{ index .Labels "podName" }}.{{ .NetworkService }}.']}
    - name: names
      nseName: names-b%1$s
      labels: {podName: nse-b}
      vl3:
        ipam: {defaultPrefixPool: 10.94.0.0/16, prefixIndex: 1, addressing: unnumbered}
        dns: {templates: ['{{ index .Labels "podName" }}.{{ .NetworkService }}.']}
    """
        .formatted(run);
  }

  private Vl3Process run(String name) throws IOException {
    return start(name, "run", "--config", directory.resolve("vl3.yaml").toString());
  }

  /** Tries until the manager's round robin gives it the wanted endpoint. */
  private Vl3Process attach(Netns netns, String pod, String nse) throws Exception {
    for (int i = 0; ; i++) {
      Vl3Process client = client(netns, pod, "names");
      client.awaitOutput("served by ");
      Matcher told = SERVER.matcher(client.output());
      assertThat(told.find()).as(client.output()).isTrue();
      assertThat(told.group(2).strip()).isEqualTo("names");
      servers.put(pod, told.group(1));
      if (client.output().contains("served by " + nse)) {
        return client;
      }
      assertThat(i).isLessThan(4);
      client.stop();
    }
  }

  private Vl3Process client(Netns netns, String pod, String service) throws IOException {
    return start(
        "client-" + pod,
        "client",
        "--service",
        service,
        "--label",
        "podName=" + pod,
        "--netns",
        netns.path().toString(),
        "--resolv-conf",
        resolvConf(pod).toString());
  }

  private Path resolvConf(String pod) {
    return directory.resolve("netns").resolve(pod).resolve("resolv.conf");
  }

  private Vl3Process start(String name, String... line) throws IOException {
    List<String> all = new ArrayList<>(List.of(line));
    all.addAll(List.of("--run-dir", directory.resolve("vl3").toString()));
    Vl3Process process =
        Vl3Process.start(directory.resolve(name + ".log"), all.toArray(String[]::new));
    processes.add(process);
    return process;
  }

  private void awaitAddress(Netns from, String pod, String address) throws Exception {
    Wait.until(
        () -> "%s is found at %s from %s".formatted(pod, address, from),
        () -> rdata(ask(from, pod + ".names.", Type.A, false)).equals(List.of(address)));
  }

  /** Asks the namespace's server from inside; no answer reads as SERVFAIL. */
  private Message ask(Netns from, String name, int type, boolean tcp) throws Exception {
    String pod = from.path().toString().endsWith("one") ? "one" : "two";
    return from.call(
        () -> {
          SimpleResolver resolver = new SimpleResolver(servers.get(pod));
          resolver.setTimeout(Duration.ofSeconds(3));
          resolver.setTCP(tcp);
          try {
            return resolver.send(
                Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN)));
          } catch (IOException noAnswer) {
            Message none = new Message();
            none.getHeader().setRcode(Rcode.SERVFAIL);
            return none;
          }
        });
  }

  private static List<String> rdata(Message answer) {
    return answer.getSection(Section.ANSWER).stream().map(Record::rdataToString).toList();
  }
}
