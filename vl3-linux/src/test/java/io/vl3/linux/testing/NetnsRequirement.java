package io.vl3.linux.testing;

import io.vl3.linux.UserNamespace;
import io.vl3.linux.UserNamespace.Ability;
import io.vl3.testing.Requirement;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Looks whether namespaces can be made, once, for {@link RequiresNetns}. */
final class NetnsRequirement extends Requirement {

  private static final Optional<String> MISSING = missing(UserNamespace.detect());

  @Override
  protected Optional<String> missing(ExtensionContext context) {
    return MISSING;
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
