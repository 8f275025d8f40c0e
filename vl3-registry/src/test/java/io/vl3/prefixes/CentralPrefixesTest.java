package io.vl3.prefixes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.vl3.grpc.CentralIpam;
import io.vl3.grpc.PrefixServer;
import io.vl3.health.Reporter;
import io.vl3.ipam.PrefixSource;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import io.vl3.time.FakeTimer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server with the clients that NSEs have. */
class CentralPrefixesTest {

  private final FakeTimer timer = new FakeTimer();
  @TempDir private Path directory;

  @Test
  void anNseOfNsm_keepsItsPrefix_whenTheServerStartsAnew() throws IOException {
    Path journal = directory.resolve("ipam.journal");
    PrefixServing before = PrefixServing.in(journal, timer);
    AtomicReference<PrefixServing> now = new AtomicReference<>(before);
    try (PrefixServer first = client(new Switched(now), Optional.empty());
        PrefixServer second = client(new Switched(now), Optional.empty())) {
      assertThat(prefixes(second)).containsExactly("10.60.1.0/24");
      before.close();
      try (PrefixServing after = PrefixServing.in(journal, timer)) {
        now.set(after);
        assertThat(after.streamed("")).as("a stranger").hasValue("10.60.2.0/24");
        timer.advance(Duration.ofMinutes(1));
        assertThat(prefixes(first)).containsExactly("10.60.0.0/24");
        assertThat(prefixes(second)).containsExactly("10.60.1.0/24");
        assertThat(after.size()).isEqualTo(3);
      }
    }
  }

  @Test
  void anNseOfTheOriginals_leasesRenewsAndGivesBack() throws IOException {
    try (PrefixServing server = PrefixServing.of(PrefixServing.SETTINGS, timer)) {
      CentralIpam.Settings settings =
          new CentralIpam.Settings("test", "fqdn", "c1_a", "domain", IpFamily.IPV4, 24);
      try (CentralIpam nse = CentralIpam.start(server.channel(), settings, timer, new Random(1))) {
        assertThat(prefixes(nse)).containsExactly("10.60.0.0/24");
        timer.advance(Duration.ofHours(36));
        assertThat(prefixes(nse)).containsExactly("10.60.0.0/24");
      }
      assertThat(server.size()).isZero();
    }
  }

  @Test
  void diskThatFails_givesNothing() throws IOException {
    Path journal = Files.createDirectory(directory.resolve("state")).resolve("ipam.journal");
    AtomicBoolean ended = new AtomicBoolean();
    CentralPrefixes prefixes =
        CentralPrefixes.open(PrefixServing.SETTINGS, journal, Runnable::run, timer);
    prefixes.close(); // a journal that is closed takes nothing, as one whose disk fails
    prefixes
        .ledger()
        .give(Optional.empty(), PrefixSet.EMPTY)
        .whenComplete((prefix, failure) -> ended.set(failure != null));
    assertThat(ended).isTrue();
    assertThat(prefixes.size()).isZero();
  }

  @Test
  void settings_areChecked() {
    IpPrefix pool = IpPrefix.parse("10.0.0.0/8");
    Duration day = Duration.ofDays(1);
    assertThatThrownBy(() -> new CentralPrefixes.Settings(pool, 25, day, day))
        .hasMessage("prefix length: 25 (expected: 8..24 for the pool 10.0.0.0/8)");
    assertThatThrownBy(() -> new CentralPrefixes.Settings(pool, 24, Duration.ofMinutes(90), day))
        .hasMessage("lease: PT1H30M (expected: whole hours, 1..8760)");
    assertThatThrownBy(() -> new CentralPrefixes.Settings(pool, 24, day, day.negated()))
        .hasMessageContaining("grace");
  }

  private PrefixServer client(io.grpc.Channel channel, Optional<IpPrefix> former) {
    return PrefixServer.start(
        channel, "test", List.of(), former, timer, new Random(1), Reporter.NONE);
  }

  private static List<String> prefixes(PrefixSource source) {
    return source.current() instanceof PrefixSource.Known known
        ? known.prefixes().stream().map(IpPrefix::toString).toList()
        : List.of();
  }

  /** A channel to whichever server there is now, as a service's address is. */
  private static final class Switched extends io.grpc.Channel {

    private final AtomicReference<PrefixServing> server;

    Switched(AtomicReference<PrefixServing> server) {
      this.server = server;
    }

    @Override
    public <A, B> io.grpc.ClientCall<A, B> newCall(
        io.grpc.MethodDescriptor<A, B> method, io.grpc.CallOptions options) {
      ManagedChannel current = server.get().channel();
      return current.newCall(method, options);
    }

    @Override
    public String authority() {
      return "test";
    }
  }
}
