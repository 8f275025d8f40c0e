package io.vl3.cli.diagnose.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The largest size that passes, wherever packets begin to vanish. */
class MtuCheckTest {

  @Test
  void theSizeThatIsTold_passes_and17BytesMoreVanish() throws IOException {
    for (int hole = 69; hole <= 1_500; hole++) {
      int vanishing = hole;
      int largest = MtuCheck.largest(1_500, bytes -> bytes < vanishing);
      assertThat(largest).isBetween(Math.max(68, hole - 16), hole - 1);
    }
  }

  @Test
  void itIsFoundWithFewPackets() throws IOException {
    List<Integer> tried = new ArrayList<>();
    var unused =
        MtuCheck.largest(
            9_000,
            bytes -> {
              tried.add(bytes);
              return bytes < 1_400;
            });
    assertThat(tried).hasSizeLessThanOrEqualTo(10);
  }
}
