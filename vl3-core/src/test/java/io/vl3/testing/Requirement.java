package io.vl3.testing;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Something of the machine that a test needs. Where it is missing the test is skipped, with one
 * printed line per test class that says why; with the system property {@code vl3.strict=true} the
 * test fails instead.
 */
public abstract class Requirement
    implements ExecutionCondition, BeforeAllCallback, BeforeEachCallback {

  private static final Set<String> PRINTED = ConcurrentHashMap.newKeySet();

  /** Why the test in this context cannot run here; empty if it can. */
  protected abstract Optional<String> missing(ExtensionContext context);

  @Override
  public final ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Optional<String> missing = missing(context);
    if (missing.isEmpty() || Boolean.getBoolean("vl3.strict")) {
      return ConditionEvaluationResult.enabled("nothing is missing, or the test fails for it");
    }
    String line =
        "SKIPPED %s: %s"
            .formatted(context.getTestClass().map(Class::getSimpleName).orElse("?"), missing.get());
    if (PRINTED.add(line)) {
      System.out.println(line);
    }
    return ConditionEvaluationResult.disabled(missing.get());
  }

  @Override
  public final void beforeAll(ExtensionContext context) {
    failIfMissing(context);
  }

  @Override
  public final void beforeEach(ExtensionContext context) {
    failIfMissing(context);
  }

  private void failIfMissing(ExtensionContext context) {
    missing(context)
        .ifPresent(
            reason -> {
              throw new AssertionError("vl3.strict: " + reason);
            });
  }
}
