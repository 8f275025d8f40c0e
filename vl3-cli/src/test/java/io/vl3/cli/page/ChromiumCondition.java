package io.vl3.cli.page;

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

/** Skips, or fails when strict, what {@link RequiresChromium} marks. */
final class ChromiumCondition implements ExecutionCondition, BeforeAllCallback, BeforeEachCallback {

  private static final Optional<String> MISSING = missing();
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (MISSING.isEmpty() || Boolean.getBoolean("vl3.strict")) {
      return ConditionEvaluationResult.enabled("chromium");
    }
    if (SAID.add(MISSING.get())) {
      System.out.println("SKIPPED tests in a browser: " + MISSING.get());
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
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "chromedriver")));
    return found
        ? Optional.empty()
        : Optional.of(
            "chromedriver: not in PATH (expected: Debian's packages chromium and chromium-driver)");
  }
}
