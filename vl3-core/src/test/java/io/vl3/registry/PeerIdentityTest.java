package io.vl3.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PeerIdentityTest {

  private static final Optional<PathSegment> SEGMENT = Optional.of(PathSegment.of("nse-1", "id"));

  private final PeerIdentity proven = segment -> Optional.of("spiffe://test/nse-1");

  @Test
  void theHolderOfTheRegistration_isBelieved() {
    assertThatCode(() -> proven.check(SEGMENT, owned("spiffe://test/nse-1", "spiffe://test/m")))
        .doesNotThrowAnyException();
  }

  @Test
  void another_isDenied_andBothNamed() {
    EndpointException failure =
        catchThrowableOfType(
            EndpointException.class, () -> proven.check(SEGMENT, owned("spiffe://test/nse-2")));
    assertThat(failure.reason()).isEqualTo(Reason.DENIED);
    assertThat(failure).hasMessageContaining("nse-1").hasMessageContaining("nse-2");
  }

  @Test
  void whoPassedTheRegistrationOn_isNoHolderOfIt() {
    assertThat(
            catchThrowableOfType(
                EndpointException.class,
                () -> proven.check(SEGMENT, owned("spiffe://test/m", "spiffe://test/nse-1"))))
        .isNotNull();
  }

  @Test
  void aCallThatDoesNotComeByWhoPassedTheRegistrationOn_isRefused() {
    PeerIdentity byName = segment -> segment.map(component -> "spiffe://test/" + component.name());
    EndpointRecord registered = owned("spiffe://test/nse-1", "spiffe://test/m");
    assertThatCode(() -> byName.checkCaller(path("nse-1", "m", "us"), registered))
        .doesNotThrowAnyException();
    assertThatCode(() -> byName.checkCaller(path("nse-1", "us"), registered))
        .doesNotThrowAnyException();
    EndpointException failure =
        catchThrowableOfType(
            EndpointException.class,
            () -> byName.checkCaller(path("nse-1", "mallory", "m", "us"), registered));
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure)
        .hasMessage(
            "peer nse-1: through spiffe://test/mallory (expected: through who registered it, spiffe://test/m)");
  }

  private static Path path(String... names) {
    return new Path(
        names.length - 1, Stream.of(names).map(name -> PathSegment.of(name, name)).toList());
  }

  @Test
  void withoutProof_orWithoutOwner_theNameHasToDo() {
    assertThatCode(() -> proven.check(SEGMENT, owned())).doesNotThrowAnyException();
    assertThatCode(() -> PeerIdentity.BY_NAME.check(SEGMENT, owned("spiffe://test/nse-2")))
        .doesNotThrowAnyException();
  }

  private static EndpointRecord owned(String... owners) {
    return EndpointRecord.of("nse-1", "vl3", Map.of(), "unix:///n").withOwners(List.of(owners));
  }
}
