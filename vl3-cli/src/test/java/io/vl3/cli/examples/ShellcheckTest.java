package io.vl3.cli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.testing.RequiresCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every shell script of the tree, and what it reads in, is clean. */
@RequiresCommand(value = "shellcheck", packages = "shellcheck")
class ShellcheckTest {

  private static final Path ROOT = Path.of("..");
  private static final Set<String> NOT_OURS = Set.of(".git", "target");
  private static final Pattern SHELL = Pattern.compile("#!.*\\b(ba|da)?sh( .*)?");

  @Test
  void everyScriptIsClean() throws Exception {
    List<String> scripts = scripts();
    assertThat(scripts)
        .contains("../.ci/run", "../vl3-cli/bin/vl3", "../examples/mysql-replication/run");
    List<String> line =
        new ArrayList<>(List.of("shellcheck", "-x", "-a", "-P", "SCRIPTDIR", "--format=gcc"));
    line.addAll(scripts);
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).isEmpty();
    assertThat(process.waitFor()).isZero();
  }

  private static List<String> scripts() throws IOException {
    List<String> scripts = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return NOT_OURS.contains(directory.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile() && SHELL.matcher(firstLine(file)).matches()) {
              scripts.add(file.toString());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return scripts;
  }

  private static String firstLine(Path file) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      String line = reader.readLine();
      return line == null ? "" : line;
    }
  }
}
