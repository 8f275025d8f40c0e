package io.vl3.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.admin.Observed;
import io.vl3.cli.metrics.StubNse;
import io.vl3.health.HealthBoard;
import io.vl3.health.HealthCode;
import io.vl3.links.LinksStatus;
import io.vl3.status.NseStatus;
import io.vl3.time.FakeTimer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadinessTest {

  private static final Optional<Instant> LONG_AGO = Optional.of(Instant.EPOCH);

  private final HealthBoard board = new HealthBoard(new FakeTimer());
  private final StubNse nse = new StubNse(NseStatus.builder("nse-1", "vl3").build());
  private final Readiness readiness =
      new Readiness(Observed.of("run", "", Instant.EPOCH, board).withNses(() -> List.of(nse)));

  @Test
  void anNse_startsWhenItServesAndIsRegistered() {
    assertThat(started()).containsExactly("[-] nse-1 started: it does not serve yet");
    nse.status(NseStatus.builder("nse-1", "vl3").started(LONG_AGO).build());
    assertThat(started()).containsExactly("[-] nse-1 started: it was not registered yet");
    nse.status(NseStatus.builder("nse-1", "vl3").started(LONG_AGO).registered(LONG_AGO).build());
    assertThat(started()).containsExactly("[+] nse-1 started");
  }

  @Test
  void anNse_isReady_whenNothingIsInTheWay() {
    nse.status(serving().links(Optional.of(new LinksStatus(true, 3, 1))).build());
    assertThat(ready())
        .containsExactly(
            "[+] reachable", "[+] nse-1 registered", "[+] nse-1 prefix", "[+] nse-1 data plane");
  }

  @Test
  void whatIsInTheWay_isNamed() {
    board.reporter().of("nse-1").trouble(HealthCode.NOT_REGISTERED, "", "the manager is away");
    board.reporter().of("other").trouble(HealthCode.PEER_DOWN, "", "no matter");
    board.reporter().trouble(HealthCode.NOT_LISTENING, "a.sock", "a.sock: was deleted");
    nse.status(
        serving()
            .noPrefix(Optional.of("the IPAM is away"))
            .links(Optional.of(new LinksStatus(false, 3, 3)))
            .build());
    assertThat(ready())
        .containsExactly(
            "[-] reachable: a.sock: was deleted",
            "[-] nse-1 registered: the manager is away",
            "[-] nse-1 prefix: the IPAM is away",
            "[-] nse-1 data plane: it does not answer");
    board.reporter().over(HealthCode.NOT_LISTENING, "a.sock", "it is there again");
    board.reporter().of("nse-1").over(HealthCode.NOT_REGISTERED, "", "registered");
    assertThat(ready()).contains("[+] reachable", "[+] nse-1 registered");
  }

  private static NseStatus.Builder serving() {
    return NseStatus.builder("nse-1", "vl3").started(LONG_AGO).registered(LONG_AGO);
  }

  private List<String> started() {
    return readiness.started().stream().map(Check::line).toList();
  }

  private List<String> ready() {
    return readiness.ready().stream().map(Check::line).toList();
  }
}
