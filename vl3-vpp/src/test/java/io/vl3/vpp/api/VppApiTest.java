package io.vl3.vpp.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.vpp.api.ApiException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A connection to a VPP of every version that a table is kept of. */
class VppApiTest {

  static final List<String> VERSIONS = SchemaTable.VERSIONS;

  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).as("every task ends").isTrue();
  }

  @ParameterizedTest
  @FieldSource("VERSIONS")
  void aRequestIsAnswered_byTheFieldsOfThatVersion(String version) throws Exception {
    FakeVppServer vpp = vpp(version, FakeVersion::handle);
    VppApi api = connect(vpp, version);
    ApiMessage told = api.request(ApiMessage.of("show_version"));
    assertThat(told.text("version")).isEqualTo("of the test");
    assertThat(api.messages()).containsEntry("control_ping", "51077d14");
  }

  @Test
  void aNewVppTellsItsFieldsByItself() throws Exception {
    FakeVppServer vpp = vpp("26.06", FakeVersion::handle);
    VppApi api = open(VppApi.connect(settings(vpp, ApiSchema.EMPTY), threads));
    assertThat(api.request(ApiMessage.of("show_version")).text("program")).isEqualTo("vpe");
    assertThat(vpp.count("show_version")).isEqualTo(1);
    assertThat(api.request(ApiMessage.of("control_ping")).retval())
        .as("which it does not tell")
        .isZero();
  }

  @Test
  void anOlderVppDoesNot_andTheMessageIsNamed() throws Exception {
    FakeVppServer vpp = vpp("23.06", FakeVersion::handle);
    VppApi api = open(VppApi.connect(settings(vpp, ApiSchema.EMPTY), threads));
    assertThat(api.has("show_version")).isFalse();
    assertThatThrownBy(() -> api.request(ApiMessage.of("show_version")))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNKNOWN_MESSAGE))
        .hasMessageContaining("show_version_51077d14");
  }

  @Test
  void aDescriptionOfAnotherVersionServesForMessagesOfTheSameCrcOnly() throws Exception {
    FakeVppServer vpp = vpp("22.10", FakeVersion::handle);
    VppApi api = connect(vpp, "23.06");
    assertThat(api.has("memif_create")).isTrue();
    assertThat(api.has("memif_create_v2")).as("VPP 22.10 has none").isFalse();
    assertThat(api.first(List.of("memif_create_v2", "memif_create"))).contains("memif_create");
  }

  @Test
  void aRefusalSaysWhatItMeans() throws Exception {
    FakeVppServer vpp = vpp("23.06", FakeVersion::handle);
    vpp.refuse("memif_delete", request -> Optional.of(-2));
    VppApi api = connect(vpp, "23.06");
    assertThatThrownBy(() -> api.request(ApiMessage.of("memif_delete").with("sw_if_index", 3)))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.retval()).hasValue(-2))
        .hasMessage("memif_delete: no such interface (-2)");
  }

  @Test
  void manyAreSentAtOnce_andEachHasItsAnswer() throws Exception {
    FakeVppServer vpp = vpp("23.06", VppApiTest::echoed);
    VppApi api = connect(vpp, "23.06");
    List<ApiMessage> answers =
        api.all(
            IntStream.range(0, 5_000)
                .mapToObj(
                    n ->
                        ApiMessage.of("sw_interface_get_table")
                            .with("sw_if_index", n)
                            .with("is_ipv6", n % 2 == 1))
                .toList());
    assertThat(answers.stream().map(answer -> answer.number("vrf_id")))
        .containsExactlyElementsOf(LongStream.range(0, 5_000).boxed().toList());
  }

  @Test
  void aDumpEndsWithItsPing() throws Exception {
    FakeVppServer vpp =
        vpp(
            "23.06",
            request ->
                IntStream.range(0, 3)
                    .mapToObj(n -> ApiMessage.of("memif_details").with("sw_if_index", n))
                    .toList());
    VppApi api = connect(vpp, "23.06");
    assertThat(api.dump(ApiMessage.of("memif_dump")))
        .extracting(entry -> entry.number("sw_if_index"))
        .containsExactly(0L, 1L, 2L);
    assertThat(api.dumps(List.of(ApiMessage.of("memif_dump"), ApiMessage.of("memif_dump"))))
        .allSatisfy(dump -> assertThat(dump).hasSize(3));
    assertThat(vpp.pings()).as("one for the first dump, one for the two").isEqualTo(2);
  }

  @Test
  void eventsReachWhoListens() throws Exception {
    FakeVppServer vpp = vpp("23.06", FakeVersion::handle);
    VppApi api = connect(vpp, "23.06");
    BlockingQueue<ApiMessage> events = new LinkedBlockingQueue<>();
    api.onEvent(events::add);
    vpp.event(ApiMessage.of("sw_interface_event").with("sw_if_index", 5).with("deleted", true));
    ApiMessage event = events.poll(10, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    assertThat(event.number("sw_if_index")).isEqualTo(5);
    assertThat(event.is("deleted")).isTrue();
  }

  @Test
  void aVppThatHangs_isLate_andAnswersOthers() throws Exception {
    FakeVppServer vpp = vpp("23.06", FakeVersion::handle);
    vpp.hang("memif_delete");
    VppApi.Settings settings = settings(vpp, schema("23.06")).withTimeout(Duration.ofMillis(200));
    VppApi api = open(VppApi.connect(settings, threads));
    assertThatThrownBy(() -> api.request(ApiMessage.of("memif_delete")))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LATE));
    assertThat(api.request(ApiMessage.of("show_version")).retval()).isZero();
  }

  @Test
  void aVppThatDies_failsWhoWaits_andSaysSoOnce() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    FakeVppServer vpp =
        vpp(
            "23.06",
            request -> {
              asked.countDown();
              return List.of();
            });
    VppApi api = connect(vpp, "23.06");
    var answer = api.send(ApiMessage.of("show_version"));
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    vpp.kill();
    assertThatThrownBy(answer::get)
        .cause()
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.kind()).isEqualTo(Kind.AWAY));
    assertThat(api.end().get(10, TimeUnit.SECONDS).kind()).isEqualTo(Kind.AWAY);
    assertThatThrownBy(() -> api.request(ApiMessage.of("show_version")))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.kind()).isEqualTo(Kind.AWAY));
  }

  @Test
  void nobodyThere_isAway() {
    Path nowhere = directory.resolve("nowhere.sock");
    assertThatThrownBy(
            () -> VppApi.connect(VppApi.Settings.of(nowhere, "t", ApiSchema.EMPTY), threads))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.kind()).isEqualTo(Kind.AWAY))
        .hasMessageContaining(nowhere.toString());
  }

  @Test
  void aConnectionThatEndsAtAnyOctet_failsAndLeavesNobodyWaiting() throws Exception {
    FakeVppServer vpp = vpp("23.06", FakeVersion::handle);
    long whole = 16 + 70 + 16 + 20 + 66L * vpp.messages().size();
    for (long octets = 0; octets < whole; octets += 1 + octets / 40) {
      vpp.cutAfter(octets);
      assertThatThrownBy(() -> VppApi.connect(settings(vpp, schema("23.06")), threads))
          .as("cut after %d", octets)
          .isInstanceOfSatisfying(
              ApiException.class, e -> assertThat(e.kind()).isEqualTo(Kind.AWAY));
    }
    vpp.heal();
    assertThat(connect(vpp, "23.06").has("show_version")).isTrue();
  }

  /** Answers a get-table request with its own interface, so that an answer shows its request. */
  private static List<ApiMessage> echoed(ApiMessage request) {
    return List.of(
        ApiMessage.of("sw_interface_get_table_reply")
            .with("vrf_id", request.number("sw_if_index")));
  }

  /** What every VPP says of itself. */
  private static final class FakeVersion {
    static List<ApiMessage> handle(ApiMessage request) {
      return List.of(
          ApiMessage.of(request.name() + "_reply")
              .with("program", "vpe")
              .with("version", "of the test"));
    }
  }

  private FakeVppServer vpp(String version, FakeVppServer.Handler handler) {
    return open(FakeVppServer.start(directory.resolve("api.sock"), version, handler));
  }

  private VppApi connect(FakeVppServer vpp, String version) throws Exception {
    return open(VppApi.connect(settings(vpp, schema(version)), threads));
  }

  private ApiSchema schema(String version) throws IOException {
    return ApiSchema.read(List.of(FakeVppServer.describe(directory.resolve(version), version)));
  }

  private static VppApi.Settings settings(FakeVppServer vpp, ApiSchema schema) {
    return VppApi.Settings.of(vpp.socket(), "test", schema);
  }

  private <T extends AutoCloseable> T open(T one) {
    open.add(0, one);
    return one;
  }
}
