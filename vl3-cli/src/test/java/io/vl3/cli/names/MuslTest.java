package io.vl3.cli.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.ConnectionId;
import io.vl3.dns.DnsName;
import io.vl3.dns.NameTable;
import io.vl3.dns.PeerServers;
import io.vl3.links.SocketPlace;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import io.vl3.measure.Meter;
import io.vl3.nameserver.NameServerSettings;
import io.vl3.nameserver.NameServerSettings.ForeignNames;
import io.vl3.nameserver.internal.NameServer;
import io.vl3.nameserver.internal.Zone;
import io.vl3.net.IpAddress;
import io.vl3.testing.RequiresCommand;
import io.vl3.time.SystemTimer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Names as a program on Alpine finds them: by musl's own resolver, which asks all of its servers at
 * once and takes the first answer that is NOERROR or NXDOMAIN. The tests tell by what failed
 * whether it waited: EAI_AGAIN is what is left after its time.
 */
@RequiresNetns
@RequiresCommand(value = "musl-gcc", packages = "musl-tools")
class MuslTest {

  private static final String OURS = "127.0.0.1";
  private static final String OTHER = "127.0.0.2";

  @TempDir private Path directory;

  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
  private final TestNetns fixtures = new TestNetns("vl3-musl");
  private final List<NameServer> opened = new ArrayList<>();
  private Netns netns;
  private Resolver musl;

  @BeforeEach
  void build() throws Exception {
    netns = fixtures.add("w");
    assertThat(
            new ProcessBuilder("nsenter", "--net=" + netns.path(), "ip", "link", "set", "lo", "up")
                .start()
                .waitFor())
        .isZero();
    musl = Resolver.builtBy("musl-gcc", directory, netns);
  }

  @AfterEach
  void stop() throws IOException {
    for (NameServer server : opened) {
      server.close();
    }
    executor.shutdownNow();
    scheduler.shutdownNow();
    fixtures.close();
  }

  @Test
  void namesOfWorkloads_areFound_withAndWithoutTheirDomain() throws Exception {
    serveOurs(ForeignNames.REFUSED);
    assertThat(musl.look(only("search vl3"), "one.vl3", "one", "both", "ONE.vl3"))
        .containsExactly("one.vl3 OK 1", "one OK 1", "both OK 2", "ONE.vl3 OK 1");
    assertThat(musl.look(only(""), "nobody.vl3")).containsExactly("nobody.vl3 EAI_NONAME");
  }

  /** Before 1.2.4 musl asks by packets alone, and takes what was cut off. */
  @Test
  void aNameOfFortyWorkloads_hasAsManyAddressesAsFit() throws Exception {
    serveOurs(ForeignNames.REFUSED);
    assertThat(musl.look(only(""), "forty.vl3"))
        .singleElement()
        .asString()
        .matches("forty.vl3 OK (30|40)");
  }

  /** The price of REFUSED: without another server musl waits for one till its time is over. */
  @Test
  void refused_aForeignNameIsWaitedFor() throws Exception {
    serveOurs(ForeignNames.REFUSED);
    assertThat(musl.look(only("options timeout:1"), "www.example.com"))
        .containsExactly("www.example.com EAI_AGAIN");
  }

  @Test
  void whereThereAreNoForeignNames_nobodyWaits() throws Exception {
    serveOurs(ForeignNames.NXDOMAIN);
    assertThat(musl.look(only("search vl3"), "www.example.com", "nobody"))
        .containsExactly("www.example.com EAI_NONAME", "nobody EAI_NONAME");
  }

  /** What REFUSED is for. */
  @Test
  void besideAnotherServer_theNamesOfBothAreFound() throws Exception {
    serveOurs(ForeignNames.REFUSED);
    serve(OTHER, "com", named("www.com", 1), ForeignNames.REFUSED);
    String both = "nameserver %s\nnameserver %s\nsearch vl3\n".formatted(OURS, OTHER);
    for (int i = 0; i < 5; i++) {
      assertThat(musl.look(both, "www.com", "one")).containsExactly("www.com OK 1", "one OK 1");
    }
  }

  private void serveOurs(ForeignNames foreign) throws IOException {
    NameTable names = named("forty.vl3", 40);
    put(names, "one.vl3", List.of("10.0.0.1"));
    put(names, "both.vl3", List.of("10.0.0.2", "2001:db8::2"));
    serve(OURS, "vl3", names, foreign);
  }

  private void serve(String address, String domain, NameTable names, ForeignNames foreign)
      throws IOException {
    Zone zone = new Zone(names, List.of(DnsName.parse(domain)), List::of);
    opened.add(
        NameServer.open(
            zone,
            new PeerServers(),
            NameServerSettings.DEFAULT
                .withAddress(IpAddress.parse(address))
                .withForeignNames(foreign),
            place(),
            executor,
            new SystemTimer(scheduler),
            new Random(2),
            Meter.NONE));
  }

  private SocketPlace place() {
    return new SocketPlace() {
      @Override
      public <T> T call(Callable<T> opening) throws Exception {
        return netns.call(opening);
      }
    };
  }

  private static NameTable named(String name, int count) {
    NameTable names = new NameTable();
    put(names, name, IntStream.range(0, count).mapToObj(i -> "10.0.1." + i).toList());
    return names;
  }

  private static void put(NameTable names, String name, List<String> addresses) {
    names.put(
        new ConnectionId(name),
        List.of(DnsName.parse(name)),
        addresses.stream().map(IpAddress::parse).toList());
  }

  private static String only(String line) {
    return "nameserver %s\n%s\n".formatted(OURS, line);
  }
}
