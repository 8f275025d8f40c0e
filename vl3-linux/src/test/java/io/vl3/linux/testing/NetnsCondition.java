package io.vl3.linux.testing;

import io.vl3.linux.UserNamespace;
import io.vl3.linux.UserNamespace.Ability;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips, or fails when strict, what {@link RequiresNetns} marks. */
final class NetnsCondition implements ExecutionCondition, BeforeAllCallback, BeforeEachCallback {

  private static final Optional<String> MISSING = missing(UserNamespace.detect());
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (MISSING.isEmpty() || strict()) {
      return ConditionEvaluationResult.enabled("network namespaces");
    }
    String line =
        "SKIPPED %s: %s"
            .formatted(context.getTestClass().map(Class::getSimpleName).orElse("?"), MISSING.get());
    if (SAID.add(line)) {
      System.out.println(line);
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

  private static boolean strict() {
    return Boolean.getBoolean("vl3.strict");
  }

  private static Optional<String> missing(Ability ability) {
    if (ability instanceof Ability.None none) {
      return Optional.of("%s; try: %s".formatted(none.reason(), none.remedy()));
    }
    return ability instanceof Ability.ByReexec
        ? Optional.of("user: not root; try: unshare -Urnm mvn verify")
        : Optional.empty();
  }
}
