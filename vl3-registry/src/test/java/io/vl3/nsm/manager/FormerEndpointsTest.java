package io.vl3.nsm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.ConnectionId;
import io.vl3.internal.journal.Journal;
import io.vl3.time.FakeTimer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who had a connection that was closed, for the client that comes back. */
class FormerEndpointsTest {

  private static final ConnectionId ID = new ConnectionId("w");

  @TempDir private Path directory;
  private final FakeTimer timer = new FakeTimer();

  @Test
  void anotherManagerThatTakesOver_knowsIt_forAsLongAsThisOneWould() throws Exception {
    Path file = directory.resolve("manager.journal");
    try (Journal journal = Journal.open(file, Runnable::run)) {
      EndpointMemory memory = EndpointMemory.in(journal);
      memory.put(ID, "nse 1");
      memory.put(new ConnectionId("stays"), "nse 2");
      new FormerEndpoints(timer, memory).keep(ID, "nse 1");
      assertThat(memory.find(ID)).isEmpty();
    }
    timer.advance(FormerEndpoints.KEPT.minus(Duration.ofSeconds(1)));
    try (Journal journal = Journal.open(file, Runnable::run)) {
      EndpointMemory memory = EndpointMemory.in(journal);
      FormerEndpoints successor = new FormerEndpoints(timer, memory);
      assertThat(successor.find(ID)).contains("nse 1");
      assertThat(memory.find(ID)).as("it does not serve now").isEmpty();
      assertThat(memory.find(new ConnectionId("stays"))).contains("nse 2");
      timer.advance(Duration.ofSeconds(1));
      assertThat(successor.find(ID)).isEmpty();
      assertThat(successor.size()).isZero();
    }
    try (Journal journal = Journal.open(file, Runnable::run)) {
      assertThat(journal.restored()).containsOnlyKeys("stays");
    }
  }

  @Test
  void establishedAgain_isNotForgottenWithItsFormerLife() throws Exception {
    Path file = directory.resolve("manager.journal");
    try (Journal journal = Journal.open(file, Runnable::run)) {
      EndpointMemory memory = EndpointMemory.in(journal);
      FormerEndpoints former = new FormerEndpoints(timer, memory);
      former.keep(ID, "nse 1");
      memory.put(ID, "nse 2");
      timer.advance(FormerEndpoints.KEPT);
      assertThat(former.size()).isZero();
      assertThat(memory.find(ID)).contains("nse 2");
    }
    try (Journal journal = Journal.open(file, Runnable::run)) {
      assertThat(journal.restored()).containsEntry("w", "nse 2");
    }
  }

  @Test
  void whatIsNoFormer_isANameThatServes() {
    for (String text : new String[] {"nse", "", "@", "@ nse", "@x nse", "nse @5 x"}) {
      assertThat(Former.tryParse(text)).as(text).isEmpty();
    }
  }
}
