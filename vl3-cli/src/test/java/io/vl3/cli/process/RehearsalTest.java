package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.linux.testing.RequiresNetns;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a rehearsal loads is what the JVM archives. */
@RequiresNetns
class RehearsalTest {

  @TempDir private Path directory;

  @Test
  void whatRunsLater_isLoaded_theTracesOfAProcessToo() throws Exception {
    Path loaded = directory.resolve("loaded");
    int code =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load:file=" + loaded,
                "-cp",
                System.getProperty("java.class.path"),
                "io.vl3.cli.Main",
                "rehearse",
                "--connections",
                "2")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start()
            .waitFor();
    assertThat(code).as(Files.readString(directory.resolve("log"))).isZero();
    assertThat(Files.readString(loaded))
        .contains(
            "io.vl3.nse.Vl3Nse ",
            "io.vl3.linux.KernelDataPlane ",
            "io.opentelemetry.sdk.trace.SdkTracerProvider ",
            "io.opentelemetry.sdk.trace.export.BatchSpanProcessor ",
            "io.vl3.cli.tracing.Sender ");
  }
}
