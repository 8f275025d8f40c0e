package io.vl3.cli.config.read;

import io.vl3.cli.config.DataPlaneConfig;
import io.vl3.cli.config.DataPlaneConfig.VppConfig;
import io.vl3.cli.config.NsmChoice;
import io.vl3.cli.config.NsmConfig;
import io.vl3.cli.config.StateConfig;
import io.vl3.cli.config.file.Section;
import io.vl3.cli.config.mistake.Located;
import io.vl3.cli.config.mistake.Mistakes;
import io.vl3.cli.config.text.Parsers;
import io.vl3.cli.config.variables.Environment;
import io.vl3.mesh.LeastMtu;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.vpp.MemifSettings;
import io.vl3.vpp.MemifSettings.RxMode;
import io.vl3.vpp.VppSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the section {@code dataplane}. */
final class DataPlaneReader {

  private static final int LEAST_MTU = 68;
  private static final Duration STANDARD_GRACE = Duration.ofMinutes(10);

  private final Environment environment;
  private final Mistakes mistakes;

  DataPlaneReader(Environment environment, Mistakes mistakes) {
    this.environment = environment;
    this.mistakes = mistakes;
  }

  DataPlaneConfig read(Section section, NsmConfig nsm, StateConfig state) {
    Optional<Located<String>> asked = section.choice("type");
    boolean legacyAlone = nsm.choice().api() == NsmChoice.Api.V0_2;
    String type = asked.map(Located::value).orElse(legacyAlone ? "vpp-agent" : "kernel");
    asked
        .filter(said -> !said.value().equals("kernel") && nsm.legacy().isPresent() && !legacyAlone)
        .ifPresent(
            said ->
                mistakes.add(
                    said.at(), said.path(), said.shown(), "kernel, as nsm.v02 makes it two NSMs"));
    Section memif = section.section("memif");
    Section leftovers = section.section("leftovers");
    return new DataPlaneConfig(
        DataPlaneConfig.Type.of(type),
        integer(section, "leastMtu", LeastMtu.USUAL_FLOOR_BYTES),
        new VppConfig(
            section
                .text("address", Parsers::hostPort)
                .map(Located::value)
                .orElse(DataPlaneConfig.STANDARD_ADDRESS),
            vppSocket(section),
            memif(memif),
            socketDirectory(memif, nsm, state),
            section.bool("kernel").orElse(nsm.choice().api() == NsmChoice.Api.EMBEDDED),
            integer(section, "vrf", 0),
            natAddress(section.section("nat")),
            grace(leftovers, nsm.tokenLifetime()),
            leftovers.bool("keep").orElse(false)));
  }

  private static VppSocket vppSocket(Section section) {
    Path path =
        section
            .text("socket", Parsers::absolutePath)
            .map(file -> Path.of(file.value()))
            .orElse(VppSocket.STANDARD_PATH);
    return section
        .text("apiDirectory", Parsers::absolutePath)
        .map(directory -> new VppSocket(path, List.of(Path.of(directory.value()))))
        .orElse(VppSocket.of(path));
  }

  /** A workload asks again within the life of its token; until then its link is worth keeping. */
  private Duration grace(Section leftovers, Duration tokenLifetime) {
    Optional<Located<Integer>> given = leftovers.integer("graceSeconds");
    Duration usual = STANDARD_GRACE.compareTo(tokenLifetime) > 0 ? STANDARD_GRACE : tokenLifetime;
    Duration grace = given.map(g -> Duration.ofSeconds(g.value())).orElse(usual);
    given
        .filter(g -> grace.compareTo(tokenLifetime) < 0)
        .ifPresent(
            g ->
                mistakes.note(
                    "%s: %s: shorter than nsm.tokenLifetime %s, within which a workload asks again: its link may be removed before"
                        .formatted(g.path(), g.shown(), Parsers.time(tokenLifetime))));
    return grace;
  }

  private MemifSettings memif(Section section) {
    MemifSettings usual = MemifSettings.DEFAULT;
    int ring = usual.ringSize();
    Optional<Located<Integer>> ringSize = section.integer("ringSize");
    if (ringSize.isPresent() && Integer.bitCount(ringSize.get().value()) != 1) {
      refuse(ringSize.get(), "a power of two, as in 512");
    } else if (ringSize.isPresent()) {
      ring = ringSize.get().value();
    }
    int mtu = usual.mtuBytes();
    Optional<Located<Integer>> mtuBytes = section.integer("mtu");
    if (mtuBytes.isPresent() && mtuBytes.get().value() != 0 && mtuBytes.get().value() < LEAST_MTU) {
      refuse(mtuBytes.get(), "0, or at least " + LEAST_MTU);
    } else if (mtuBytes.isPresent()) {
      mtu = mtuBytes.get().value();
    }
    RxMode mode =
        section
            .choice("rxMode")
            .map(word -> RxMode.valueOf(word.value().toUpperCase(Locale.ROOT)))
            .orElse(usual.rxMode());
    return new MemifSettings(
        ring,
        mode,
        integer(section, "rxQueues", usual.rxQueues()),
        integer(section, "txQueues", usual.txQueues()),
        mtu);
  }

  private static Optional<Path> socketDirectory(Section section, NsmConfig nsm, StateConfig state) {
    Optional<Path> file =
        section.text("socketDirectory", Parsers::absolutePath).map(path -> Path.of(path.value()));
    Optional<Path> usual =
        switch (nsm.choice().api()) {
          case EMBEDDED -> Optional.of(state.directory().resolve("memif"));
          case V0_2 ->
              nsm.legacy()
                  .filter(legacy -> legacy.manager().isEmpty())
                  .map(legacy -> legacy.workspace().directory());
          case V1 -> Optional.empty();
        };
    return file.or(() -> usual);
  }

  private Optional<IpAddress> natAddress(Section section) {
    Optional<IpAddress> file = section.text("address", DataPlaneReader::ipv4).map(Located::value);
    Optional<IpAddress> variable =
        environment.text("NSE_NAT_IP", text -> ipv4(text).toString()).map(IpAddress::parse);
    return variable.or(() -> file);
  }

  private static IpAddress ipv4(String text) {
    return IpAddress.tryParse(text)
        .filter(address -> address.family() == IpFamily.IPV4)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    text + " (expected: an IPv4 address, as in 203.0.113.5)"));
  }

  private static int integer(Section section, String key, int standard) {
    return section.integer(key).map(Located::value).orElse(standard);
  }

  private void refuse(Located<Integer> found, String expected) {
    mistakes.add(found.at(), found.path(), found.shown(), expected);
  }
}
