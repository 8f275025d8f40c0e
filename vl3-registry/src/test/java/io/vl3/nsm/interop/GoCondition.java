package io.vl3.nsm.interop;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips, or fails when strict, what {@link RequiresGo} marks. */
final class GoCondition implements ExecutionCondition, BeforeAllCallback, BeforeEachCallback {

  private static final Optional<String> MISSING = GoBuild.missing();
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (MISSING.isEmpty() || Boolean.getBoolean("vl3.strict")) {
      return ConditionEvaluationResult.enabled("Go");
    }
    if (SAID.add(MISSING.get())) {
      System.out.println("SKIPPED interop tests: " + MISSING.get());
    }
    return ConditionEvaluationResult.disabled(MISSING.get());
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    failIfMissing();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    failIfMissing();
  }

  private static void failIfMissing() {
    MISSING.ifPresent(
        reason -> {
          throw new AssertionError("vl3.strict: " + reason);
        });
  }
}
