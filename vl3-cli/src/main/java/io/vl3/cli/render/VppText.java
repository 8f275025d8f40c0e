package io.vl3.cli.render;

import io.vl3.vpp.AgentModels;
import io.vl3.vpp.VppInspection;
import io.vl3.vpp.VppInspection.Row;
import io.vl3.vpp.VppInspection.Verdict;
import java.util.ArrayList;
import java.util.List;

/** An agent's configuration beside the state that runs, for people. */
public final class VppText {

  private VppText() {}

  /** Everything, a row for each object; the same on both sides is said once. */
  public static String of(VppSubject subject, VppInspection inspection) {
    TextTable table = new TextTable();
    table.row(List.of(" ", "STATE", "KIND", "NAME", "DESIRED", "RUNNING"));
    for (Row row : inspection.rows()) {
      table.row(
          List.of(
              row.verdict().isDifference() ? "!" : " ",
              row.verdict().word(),
              row.kind(),
              row.name(),
              orDash(row.desired()),
              running(row)));
    }
    return "%s: %s\n".formatted(subject.words(), summary(inspection))
        + (subject.direct() ? "" : models(inspection))
        + table.indented("");
  }

  /**
   * Differences one under the other, as a difference of texts is written; empty if there is none.
   */
  public static String differences(VppInspection inspection) {
    StringBuilder out = new StringBuilder();
    for (Row row : inspection.rows()) {
      out.append("%s %s: %s\n".formatted(row.kind(), row.name(), row.verdict().word()));
      line(out, "-", row.desired());
      line(out, "+", row.running());
      line(out, " ", row.why());
    }
    return out.toString();
  }

  private static String models(VppInspection inspection) {
    return inspection.models().map(VppText::words).orElse("  answers, does not list its models\n");
  }

  private static String words(AgentModels models) {
    List<String> missing = models.missing();
    return "  answers, %s; %s\n"
        .formatted(
            models,
            missing.isEmpty()
                ? "knows all of ours"
                : "does not know " + String.join(", ", missing));
  }

  private static String summary(VppInspection inspection) {
    List<String> words = new ArrayList<>();
    for (Verdict verdict : Verdict.values()) {
      long count = inspection.rows().stream().filter(row -> row.verdict() == verdict).count();
      if (count > 0) {
        words.add(count + " " + verdict.word());
      }
    }
    return words.isEmpty() ? "nothing" : String.join(", ", words);
  }

  private static String running(Row row) {
    if (row.verdict() == Verdict.UNSEEN) {
      return "(not shown)";
    }
    boolean same = row.verdict() == Verdict.SAME;
    return same ? "=" : orDash(row.running());
  }

  private static String orDash(String words) {
    return words.isEmpty() ? "-" : words;
  }

  private static void line(StringBuilder out, String sign, String words) {
    if (!words.isEmpty()) {
      out.append("  ").append(sign).append(' ').append(words).append('\n');
    }
  }
}
