package io.vl3.cli.metrics;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips, or fails when strict, what {@link RequiresPromtool} marks. */
final class PromtoolCondition implements ExecutionCondition, BeforeAllCallback, BeforeEachCallback {

  private static final Optional<String> MISSING = missing();
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (MISSING.isEmpty() || Boolean.getBoolean("vl3.strict")) {
      return ConditionEvaluationResult.enabled("promtool");
    }
    if (SAID.add(MISSING.get())) {
      System.out.println("SKIPPED tests by promtool: " + MISSING.get());
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

  private static Optional<String> missing() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    boolean found =
        Stream.of(path.split(":"))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "promtool")));
    return found
        ? Optional.empty()
        : Optional.of("promtool: not in PATH (expected: Debian's package prometheus)");
  }
}
