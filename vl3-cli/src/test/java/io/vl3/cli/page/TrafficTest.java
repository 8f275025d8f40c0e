package io.vl3.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.admin.v1.Connection;
import io.vl3.api.admin.v1.Interface;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.cli.admin.Member;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficTest {

  private final Traffic traffic = new Traffic();

  @Test
  void aLink_tellsItsRateFromTheSecondTimeOn_andItsRoundTrip() {
    assertThat(at(0, 1_000))
        .isEqualTo(
            "{\"links\":[{\"from\":\"nse:a\",\"to\":\"nse:b\",\"seconds\":0.002},"
                + "{\"from\":\"workload:id\",\"to\":\"nse:a\"}]}");
    assertThat(at(2, 251_000)).contains("\"to\":\"nse:b\",\"bits\":1000000,");
    assertThat(at(4, 251_000)).contains("\"to\":\"nse:b\",\"bits\":0,");
  }

  @Test
  void anInterfaceThatWasMadeAnew_tellsNoRate() {
    assertThat(at(0, 5_000)).doesNotContain("bits");
    assertThat(at(1, 4_000)).doesNotContain("\"bits\"");
  }

  private String at(int seconds, double bytes) {
    Member member =
        new Member(
            ProcessStatus.getDefaultInstance(),
            List.of(
                Connection.newBuilder()
                    .setNse("a")
                    .setKind("dialled")
                    .setOther("b@far:5001")
                    .setInterface("vl3-1")
                    .setRoundTripSeconds(0.002)
                    .build(),
                Connection.newBuilder()
                    .setNse("a")
                    .setKind("workload")
                    .setFirstId("id")
                    .setInterface("vl3-2")
                    .build()),
            List.of(),
            List.of(
                Interface.newBuilder()
                    .setComponent("a")
                    .setName("vl3-1")
                    .setBytesIn(bytes)
                    .build()));
    return traffic.of(List.of(member), Duration.ofSeconds(seconds).toNanos());
  }
}
