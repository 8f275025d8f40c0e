package io.vl3.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Looks for the program of {@link RequiresCommand} in PATH. */
final class CommandRequirement extends Requirement {

  @Override
  protected Optional<String> missing(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getElement(), RequiresCommand.class)
        .or(() -> AnnotationSupport.findAnnotation(context.getTestClass(), RequiresCommand.class))
        .flatMap(required -> missing(required.value(), required.packages()));
  }

  static Optional<String> missing(String command, String packages) {
    return isInPath(command)
        ? Optional.empty()
        : Optional.of("%s: not in PATH (expected: Debian's %s)".formatted(command, packages));
  }

  private static boolean isInPath(String command) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
  }
}
