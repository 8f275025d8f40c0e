package io.vl3.nsm.interop;

import io.vl3.testing.Requirement;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Asks for Go, once, for {@link RequiresGo}. */
final class GoRequirement extends Requirement {

  private static final Optional<String> MISSING = GoBuild.missing();

  @Override
  protected Optional<String> missing(ExtensionContext context) {
    return MISSING;
  }
}
