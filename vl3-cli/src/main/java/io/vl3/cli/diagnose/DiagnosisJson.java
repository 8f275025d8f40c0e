package io.vl3.cli.diagnose;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.cli.diagnose.Diagnosis.Cause;
import io.vl3.cli.diagnose.Diagnosis.Look;
import io.vl3.cli.diagnose.model.Finding;

/** A diagnosis as a record; docs/diagnose.md documents it. */
public final class DiagnosisJson {

  /** It changes when a field goes or changes its meaning. */
  private static final int VERSION = 1;

  private DiagnosisJson() {}

  /** The document, in lines. */
  public static String of(Diagnosis diagnosis) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", VERSION);
    ArrayNode causes = root.putArray("causes");
    for (Cause cause : diagnosis.causes()) {
      ObjectNode node = finding(causes.addObject(), cause.finding());
      node.put("severity", DiagnosisText.word(cause.severity()));
      node.put("tried", cause.tries());
      ArrayNode effects = node.putArray("effects");
      cause.effects().forEach(effect -> finding(effects.addObject(), effect));
    }
    ArrayNode checks = root.putArray("checks");
    for (Look look : diagnosis.looks()) {
      ObjectNode node = checks.addObject();
      node.put("name", look.name());
      node.put("result", DiagnosisText.result(look.answer()));
      node.put("tried", look.tries());
      node.put("cameOut", look.answer().cameOut());
    }
    return root.toPrettyString() + "\n";
  }

  private static ObjectNode finding(ObjectNode node, Finding finding) {
    node.put("code", finding.fault().code());
    node.put("title", finding.title());
    node.put("severity", DiagnosisText.word(finding.severity()));
    node.put("where", finding.where());
    node.put("found", finding.found());
    node.put("remedy", finding.fault().remedy());
    ArrayNode concerns = node.putArray("concerns");
    finding.concerns().stream().sorted().forEach(concerns::add);
    return node;
  }
}
