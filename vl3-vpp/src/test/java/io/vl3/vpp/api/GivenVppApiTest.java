package io.vl3.vpp.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The client on a real VPP of any version; nothing is changed there. */
@EnabledIfSystemProperty(
    named = "vl3.vpp.api",
    matches = ".+",
    disabledReason = "no VPP given: -Dvl3.vpp.api=/run/vpp/api.sock -Dvl3.vpp.api.json=DIRECTORY")
class GivenVppApiTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private VppApi api;

  @BeforeEach
  void connect() throws Exception {
    ApiSchema schema =
        ApiSchema.read(
            List.of(Path.of(System.getProperty("vl3.vpp.api.json", "/usr/share/vpp/api"))));
    assertThat(schema.unreadable()).isEmpty();
    Path socket = Path.of(System.getProperty("vl3.vpp.api"));
    api = VppApi.connect(VppApi.Settings.of(socket, "given", schema), threads);
  }

  @AfterEach
  void close() throws Exception {
    api.close();
    threads.shutdown();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).as("the reader ends").isTrue();
  }

  @Test
  void everyMessageThatItHas_isDescribed() throws Exception {
    ApiMessage version = api.request(ApiMessage.of("show_version"));
    assertThat(version.text("program")).isEqualTo("vpe");
    assertThat(version.text("version")).startsWith("2");
    assertThat(api.messages()).hasSizeGreaterThan(500).containsEntry("control_ping", "51077d14");
    assertThat(api.messages().keySet()).allMatch(api::has);
  }

  @Test
  void dumpsEnd_withAndWithoutAnEndOfTheirOwn() throws Exception {
    assertThat(api.dump(ApiMessage.of("sw_interface_dump").with("sw_if_index", 0xffffffffL)))
        .extracting(face -> face.text("interface_name"))
        .contains("local0");
    assertThat(api.dump(ApiMessage.of("ip_table_dump"))).hasSizeGreaterThanOrEqualTo(2);
    assertThat(api.request(ApiMessage.of("control_ping")).retval()).isZero();
  }

  @Test
  void manyAreSentAtOnce_andAllAreAnswered() throws Exception {
    List<ApiMessage> pings =
        IntStream.range(0, 5_000).mapToObj(n -> ApiMessage.of("control_ping")).toList();
    assertThat(api.all(pings)).hasSize(5_000);
  }

  @Test
  void aRefusalSaysWhatItMeans() {
    assertThatThrownBy(() -> api.request(ApiMessage.of("delete_loopback").with("sw_if_index", 0)))
        .isInstanceOf(ApiException.class)
        .hasMessage("delete_loopback: no such interface (-2)");
  }
}
