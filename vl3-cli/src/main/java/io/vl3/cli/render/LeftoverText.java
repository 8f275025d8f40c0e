package io.vl3.cli.render;

import io.vl3.vpp.VppLeftovers.Leftover;
import java.util.List;
import java.util.Map;

/** Leftovers of NSEs and what became of them, for people. */
public final class LeftoverText {

  private LeftoverText() {}

  /** The leftovers by NSE. */
  public static String of(Map<String, List<Leftover>> left, boolean dryRun) {
    StringBuilder out = new StringBuilder();
    left.forEach(
        (nse, leftovers) -> {
          out.append(nse).append(": ").append(summary(leftovers, dryRun)).append('\n');
          TextTable table = new TextTable();
          leftovers.forEach(
              one -> table.row(List.of(sign(one, dryRun), one.kind(), one.name(), words(one))));
          out.append(table.indented("  "));
        });
    return out.toString();
  }

  private static String summary(List<Leftover> leftovers, boolean dryRun) {
    if (leftovers.isEmpty()) {
      return "nothing left over";
    }
    if (dryRun) {
      return leftovers.size() + " left over (dry run: they stay)";
    }
    long failed = leftovers.stream().filter(one -> one.failure().isPresent()).count();
    long removed = leftovers.size() - failed;
    return removed + " removed" + (failed == 0 ? "" : ", " + failed + " not");
  }

  private static String sign(Leftover one, boolean dryRun) {
    return one.failure().isPresent() ? "!" : dryRun ? " " : "-";
  }

  private static String words(Leftover one) {
    return one.words() + one.failure().map(why -> ": " + why).orElse("");
  }
}
