package io.vl3.cli.diagnose;

import io.vl3.cli.admin.Paint;
import io.vl3.cli.admin.Paragraph;
import io.vl3.cli.diagnose.Diagnosis.Cause;
import io.vl3.cli.diagnose.Diagnosis.Look;
import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.render.TextTable;
import io.vl3.health.Severity;
import io.vl3.internal.log.Printable;
import java.util.List;
import java.util.Locale;

/**
 * A diagnosis in 80 columns: the first line is the gravest cause. Such a line is never broken, so
 * that a script finds it whole.
 */
public final class DiagnosisText {

  private static final int WIDTH = 80;
  private static final String WELL = "well";
  private static final String SKIPPED = "skipped";

  private final Diagnosis diagnosis;
  private final Paint paint;
  private final StringBuilder out = new StringBuilder();

  private DiagnosisText(Diagnosis diagnosis, Paint paint) {
    this.diagnosis = diagnosis;
    this.paint = paint;
  }

  /** The text. */
  public static String of(Diagnosis diagnosis, Paint paint) {
    DiagnosisText text = new DiagnosisText(diagnosis, paint);
    text.causes();
    text.looks();
    return text.out.toString();
  }

  private void causes() {
    if (diagnosis.causes().isEmpty()) {
      out.append("nothing is wrong that the checks below see\n");
    }
    boolean first = true;
    for (Cause cause : diagnosis.causes()) {
      out.append(first ? "" : "\n");
      first = false;
      cause(cause);
    }
  }

  private void cause(Cause cause) {
    Finding finding = cause.finding();
    out.append(Printable.of(finding.title())).append('\n');
    out.append("  %s%n".formatted(paint.word(word(cause.severity()))));
    out.append(Paragraph.of("  ", "Tried: " + cause.tries()));
    out.append(Paragraph.of("  ", "Came out: " + finding.found()));
    out.append(Paragraph.of("  ", "Do: " + finding.fault().remedy()));
    if (!cause.effects().isEmpty()) {
      out.append("  It explains:\n");
      cause.effects().forEach(effect -> out.append(Paragraph.of("    ", effect.title())));
    }
  }

  private void looks() {
    TextTable table = new TextTable().row(List.of("CHECK", "RESULT", "CAME OUT"));
    for (Look look : diagnosis.looks()) {
      table.row(List.of(look.name(), result(look.answer()), cameOut(look.answer())));
    }
    out.append('\n').append(table.fitting("", WIDTH, paint::word));
  }

  static String result(Answer answer) {
    if (!answer.possible()) {
      return SKIPPED;
    }
    return answer.findings().stream()
        .map(Finding::severity)
        .max(Severity::compareTo)
        .map(DiagnosisText::word)
        .orElse(WELL);
  }

  private static String cameOut(Answer answer) {
    return answer.findings().isEmpty()
        ? answer.cameOut()
        : String.join(", ", answer.findings().stream().map(Finding::title).toList());
  }

  static String word(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }
}
