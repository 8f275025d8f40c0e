package io.vl3.cli.demo;

import io.vl3.cli.demo.Children.Child;
import io.vl3.cli.demo.DemoPlan.Domain;
import io.vl3.cli.demo.DemoPlan.Nse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A VPP for each NSE, in its node: two NSEs with one VPP between them could not link, because one
 * VPP has only one end of a memif.
 */
final class DemoVpp {

  /** No worker threads and few buffers: many of them share one machine. */
  private static final String CONFIG =
      """
      unix { nodaemon nobanner cli-listen %1$s/cli.sock runtime-dir %1$s poll-sleep-usec 100 }
      api-segment { prefix %2$s }
      socksvr { socket-name %1$s/api.sock }
      statseg { socket-name %1$s/stats.sock size 16m page-size 4k }
      memory { main-heap-size 200m main-heap-page-size 4k }
      buffers { buffers-per-numa 8192 page-size 4k }
      plugins {
        path %3$s
        plugin default { disable }
        plugin memif_plugin.so { enable }
        plugin af_packet_plugin.so { enable }
        plugin ping_plugin.so { enable }
      }
      """;

  private final VppPrograms programs;
  private final Path directory;

  /**
   * VPPs that are not started.
   *
   * @param directory where each has a directory of its own
   */
  DemoVpp(VppPrograms programs, Path directory) {
    this.programs = programs;
    this.directory = directory;
  }

  /** Starts one. */
  Child start(Children children, Domain domain, Nse nse) throws IOException {
    Path place = Files.createDirectories(place(nse));
    Files.deleteIfExists(place.resolve("api.sock"));
    Path config = place.resolve("startup.conf");
    Files.writeString(config, CONFIG.formatted(place, nse.name(), programs.plugins()));
    return children.start(nse.name() + "-vpp", domain.node(), programs.command(config), Map.of());
  }

  /** What the NSE's configuration says of it. */
  String dataplane(Nse nse) {
    return "dataplane: {type: vpp, socket: %s, apiDirectory: %s}\n"
        .formatted(place(nse).resolve("api.sock"), programs.api());
  }

  private Path place(Nse nse) {
    return directory.resolve("vpp-" + nse.name());
  }
}
