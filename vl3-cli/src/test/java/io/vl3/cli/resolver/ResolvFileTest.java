package io.vl3.cli.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.DnsConfig;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolvFileTest {

  private static final String BEFORE =
      """
      # by the machine
      nameserver 192.0.2.1
      search old.example
      search example
      options ndots:5
      """;

  @TempDir private Path directory;

  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("etc/resolv.conf");
  }

  @Test
  void servers_comeBeforeThoseOfBefore_andTheEndRestoresThem() throws Exception {
    before();
    ResolvFile client = client("red");
    client.tell(List.of(dns("10.60.0.2", "vl3.", "not a name")));
    assertThat(effective())
        .containsExactly(
            "nameserver 10.60.0.2",
            "nameserver 192.0.2.1",
            "search vl3 example",
            "options ndots:5");
    client.tell(List.of(dns("10.60.1.2", "vl3.")));
    assertThat(effective()).contains("nameserver 10.60.1.2").doesNotContain("nameserver 10.60.0.2");
    client.end();
    assertThat(file).hasContent(BEFORE);
    client.tell(List.of(dns("10.60.0.2", "vl3.")));
    assertThat(file).as("after the end").hasContent(BEFORE);
    assertThat(names()).containsExactly("resolv.conf");
  }

  @Test
  void severalClients_eachHaveAServer_beforeAnyHasTwo_andTheOldFirstKeepsItsPlace()
      throws Exception {
    before();
    ResolvFile blue = client("blue");
    ResolvFile red = client("red");
    red.tell(List.of(dns("10.70.0.2", "red."), dns("fd70::2", "red.")));
    blue.tell(List.of(dns("10.60.0.2", "blue.")));
    assertThat(effective())
        .startsWith(
            "nameserver 10.60.0.2",
            "nameserver 10.70.0.2",
            "nameserver 192.0.2.1",
            "search blue red example");
    blue.end();
    assertThat(effective())
        .startsWith(
            "nameserver 10.70.0.2",
            "nameserver fd70::2",
            "nameserver 192.0.2.1",
            "search red example");
    red.end();
    assertThat(file).hasContent(BEFORE);
  }

  @Test
  void whereThereWasNone_itIsMade_andRemoved() throws Exception {
    ResolvFile client = client("red");
    client.tell(List.of(dns("10.60.0.2", "vl3."), dns("10.60.0.3", "vl3."), dns("10.60.0.4", "")));
    assertThat(effective())
        .containsExactly(
            "nameserver 10.60.0.2", "nameserver 10.60.0.3", "nameserver 10.60.0.4", "search vl3");
    client.end();
    assertThat(file).doesNotExist();
  }

  @Test
  void whatAKilledClientLeaves_isTakenOverByItsNextRun() throws Exception {
    before();
    client("red").tell(List.of(dns("10.60.0.2", "vl3.")));
    ResolvFile next = client("red");
    next.tell(List.of(dns("10.60.9.2", "vl3.")));
    assertThat(effective()).contains("nameserver 10.60.9.2").doesNotContain("nameserver 10.60.0.2");
    next.end();
    assertThat(file).hasContent(BEFORE);
  }

  /** Every length of what came to the disk of a file that was being written. */
  @Test
  void aWriteThatWasCutOff_isMadeGoodByTheNext() throws Exception {
    before();
    client("red").tell(List.of(dns("10.60.0.2", "vl3.")));
    byte[] whole = Files.readAllBytes(file);
    byte[] old = BEFORE.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    for (int cut = 0; cut <= whole.length; cut++) {
      byte[] torn = java.util.Arrays.copyOf(whole, Math.max(cut, old.length));
      if (cut < old.length) {
        System.arraycopy(old, cut, torn, cut, old.length - cut);
      }
      Files.write(file, torn);
      Files.write(file.resolveSibling("resolv.conf.vl3"), whole);
      ResolvFile next = client("red");
      next.tell(List.of(dns("10.60.0.2", "vl3.")));
      assertThat(file).as("cut at %d", cut).hasBinaryContent(whole);
      next.end();
      assertThat(file).as("cut at %d", cut).hasContent(BEFORE);
    }
  }

  @Test
  void whatSomebodyElseWrites_isKept() throws Exception {
    before();
    ResolvFile client = client("red");
    client.tell(List.of(dns("10.60.0.2", "vl3.")));
    Files.writeString(file, "nameserver 192.0.2.9\n");
    client.end();
    assertThat(file).hasContent("nameserver 192.0.2.9\n");

    ResolvFile other = client("blue");
    other.tell(List.of(dns("10.60.0.2", "vl3.")));
    Files.writeString(file, "nameserver 192.0.2.10\n");
    other.tell(List.of(dns("10.60.0.3", "vl3.")));
    assertThat(effective())
        .containsExactly("nameserver 10.60.0.3", "nameserver 192.0.2.10", "search vl3");
  }

  @Test
  void whoIsToldOfNoServer_changesNothing() throws Exception {
    before();
    client("red").tell(List.of());
    assertThat(file).hasContent(BEFORE);
  }

  /** A program that has the file by a mount of its own sees what is written. */
  @Test
  void theFileStaysTheSame_andSoDoesALink() throws Exception {
    before();
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    Object key = Files.readAttributes(file, "unix:ino").get("ino");
    ResolvFile client = new ResolvFile(link, directory.resolve("run/lock"), "red");
    client.tell(List.of(dns("10.60.0.2", "vl3.")));
    assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isEqualTo(key);
    assertThat(effective()).contains("nameserver 10.60.0.2");
    client.end();
    assertThat(link).isSymbolicLink().hasContent(BEFORE);
  }

  private void before() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, BEFORE);
  }

  private ResolvFile client(String name) {
    return new ResolvFile(file, directory.resolve("run/lock"), name);
  }

  private static DnsConfig dns(String server, String... domains) {
    return new DnsConfig(List.of(IpAddress.parse(server)), List.of(domains));
  }

  private List<String> effective() throws IOException {
    return Files.readString(file).lines().filter(line -> !line.startsWith("#")).toList();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(file.getParent())) {
      return files.map(each -> each.getFileName().toString()).toList();
    }
  }
}
