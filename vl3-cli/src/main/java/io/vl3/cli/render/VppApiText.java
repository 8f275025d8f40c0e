package io.vl3.cli.render;

import io.vl3.vpp.VppApiReport;
import io.vl3.vpp.VppApiReport.Plugin;
import io.vl3.vpp.VppApiReport.Use;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The API of a VPP, for people. */
public final class VppApiText {

  private VppApiText() {}

  /** Everything, a row for each message that is used. */
  public static String of(Path socket, VppApiReport report) {
    TextTable table = new TextTable();
    table.row(List.of("MESSAGE", "CRC", "STATE", "OTHER VERSIONS"));
    for (Use use : report.uses()) {
      table.row(
          List.of(
              use.name(),
              use.crc().isEmpty() ? "-" : use.crc(),
              use.verdict().name().toLowerCase(Locale.ROOT),
              use.others().isEmpty() ? "-" : String.join(", ", use.others())));
    }
    return "VPP at %s: %s, %d messages\n"
            .formatted(
                socket,
                report.version().isEmpty() ? "version unknown" : report.version(),
                report.messages())
        + "  plugins: %s\n".formatted(plugins(report))
        + table.indented("");
  }

  private static String plugins(VppApiReport report) {
    return report.plugins().isEmpty()
        ? "not told"
        : report.plugins().stream().map(Plugin::name).sorted().collect(Collectors.joining(", "));
  }
}
