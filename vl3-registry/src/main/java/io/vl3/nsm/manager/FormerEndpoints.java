package io.vl3.nsm.manager;

import io.vl3.connection.ConnectionId;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which endpoint a connection had that was closed: a client that is started again asks under the
 * same id, and finds its address there. A hint for some minutes; the oldest are forgotten for new
 * ones. A successor of this manager knows it, too: the client itself may have run the manager.
 * Thread-safe.
 */
final class FormerEndpoints {

  static final Duration KEPT = Duration.ofMinutes(10);

  private static final int MOST = 4096;

  private final Timer timer;
  private final EndpointMemory memory;
  private final Object lock = new Object();

  /** The oldest first. */
  private final Map<ConnectionId, Former> byId = new LinkedHashMap<>();

  /**
   * Those that an earlier life of the manager has left.
   *
   * @param memory outlives this manager
   */
  FormerEndpoints(Timer timer, EndpointMemory memory) {
    this.timer = timer;
    this.memory = memory;
    memory.restoredFormers().entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getValue().until()))
        .forEach(entry -> byId.put(entry.getKey(), entry.getValue()));
  }

  /** The endpoint has closed the connection, for whoever asks again under its id. */
  void keep(ConnectionId id, String endpoint) {
    Former former = new Former(endpoint, timer.instant().plus(KEPT));
    synchronized (lock) {
      byId.remove(id);
      byId.put(id, former);
      memory.putFormer(id, former);
      forgetOld();
    }
  }

  /** The name of the endpoint that had the connection. */
  Optional<String> find(ConnectionId id) {
    synchronized (lock) {
      forgetOld();
      return Optional.ofNullable(byId.get(id)).map(Former::endpoint);
    }
  }

  /** How many are known. */
  int size() {
    synchronized (lock) {
      forgetOld();
      return byId.size();
    }
  }

  private void forgetOld() {
    Instant now = timer.instant();
    Iterator<Map.Entry<ConnectionId, Former>> oldestFirst = byId.entrySet().iterator();
    while (oldestFirst.hasNext()) {
      Map.Entry<ConnectionId, Former> oldest = oldestFirst.next();
      if (byId.size() <= MOST && now.isBefore(oldest.getValue().until())) {
        return;
      }
      oldestFirst.remove();
      memory.removeFormer(oldest.getKey());
    }
  }
}
