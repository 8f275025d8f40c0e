package io.vl3.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuPressureTest {

  @TempDir private Path directory;

  @Test
  void isWhatTheKernelCounted() throws Exception {
    assertThat(
            of(
                """
                some avg10=96.73 avg60=96.65 avg300=82.82 total=4289105220
                full avg10=0.00 avg60=0.00 avg300=0.00 total=7
                """))
        .isEqualTo(TimeUnit.MICROSECONDS.toNanos(4_289_105_220L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "full avg10=0.00 total=7\n", "some avg10=0.00\n", "some total=x\n"})
  void isZero_whereItIsNotCounted(String content) throws Exception {
    assertThat(of(content)).isZero();
  }

  @Test
  void isZero_whereThereIsNoFile() {
    assertThat(new CpuPressure(directory.resolve("none")).getAsLong()).isZero();
  }

  private long of(String content) throws IOException {
    Path file = directory.resolve("cpu");
    Files.writeString(file, content);
    return new CpuPressure(file).getAsLong();
  }
}
