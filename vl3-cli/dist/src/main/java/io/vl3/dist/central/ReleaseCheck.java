package io.vl3.dist.central;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Holds a release that was built against Maven Central's rules; the profile release runs it. */
public final class ReleaseCheck {

  private ReleaseCheck() {}

  /**
   * Says what has to be filled in before the release is published, and fails if a rule is broken.
   *
   * @param arguments the directory of the root's pom
   */
  public static void main(String[] arguments) throws IOException {
    CentralRules rules = CentralRules.of(Path.of(arguments[0]));
    rules.placeholders().forEach(line -> System.out.println("[WARNING] " + line));
    List<String> broken = new ArrayList<>(rules.brokenByPoms());
    broken.addAll(rules.brokenByFiles());
    broken.addAll(rules.unsigned());
    if (!broken.isEmpty()) {
      throw new IllegalStateException("Maven Central's rules:\n  " + String.join("\n  ", broken));
    }
    System.out.println("Maven Central's rules hold for " + String.join(", ", rules.artifacts()));
  }
}
