package io.vl3.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

@ExtendWith(CommandRequirementTest.Context.class)
class CommandRequirementTest {

  private final CommandRequirement requirement = new CommandRequirement();

  @Test
  @RequiresCommand(value = "sh", packages = "dash")
  void findsAProgramInPath(ExtensionContext context) {
    assertThat(requirement.missing(context)).isEmpty();
  }

  @Test
  void asksForNothingWithoutTheAnnotation(ExtensionContext context) {
    assertThat(requirement.missing(context)).isEmpty();
  }

  @Test
  void namesProgramAndPackagesThatAreMissing() {
    assertThat(CommandRequirement.missing("no-such-program", "some packages"))
        .hasValue("no-such-program: not in PATH (expected: Debian's some packages)");
  }

  /** Hands a test its own context. */
  static final class Context implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == ExtensionContext.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context;
    }
  }
}
