package io.vl3.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a process that has no tests on its class path, as a shipped one. */
class LogSetupTest {

  private static final String MAIN = SaysOneLine.class.getName().replace('.', '/') + ".class";

  @TempDir private Path directory;

  @Test
  void logbackFindsIt_andLinesGoToStandardError() throws Exception {
    assertThat(says(List.of())).matches("[0-9:.]+ WARN  Own: away\\R");
    assertThat(directory.resolve("out")).isEmptyFile();
  }

  @Test
  void aFileOfTheUsers_countsInstead() throws Exception {
    Path file = directory.resolve("own.xml");
    Files.writeString(file, "<configuration/>");
    assertThat(says(List.of("-Dlogback.configurationFile=" + file))).isEmpty();
  }

  private String says(List<String> options) throws Exception {
    Path copy = directory.resolve("classes").resolve(MAIN);
    Files.createDirectories(copy.getParent());
    try (var compiled = SaysOneLine.class.getResourceAsStream("/" + MAIN)) {
      Files.write(copy, compiled.readAllBytes());
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", directory.resolve("classes") + File.pathSeparator + shipped()));
    command.add(SaysOneLine.class.getName());
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("err").toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    return Files.readString(directory.resolve("err"), StandardCharsets.UTF_8);
  }

  /** The class path without tests: the modules' own lie beside their tests. */
  private static String shipped() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("test-classes") && !entry.endsWith("-tests.jar"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
