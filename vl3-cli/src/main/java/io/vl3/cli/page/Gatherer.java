package io.vl3.cli.page;

import io.vl3.admin.AdminClient;
import io.vl3.admin.AdminSockets;
import io.vl3.api.admin.v1.Event;
import io.vl3.cli.admin.Member;
import io.vl3.failure.EndpointException;
import io.vl3.transport.TransportOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the processes of a machine again and again, those that come and go included. Not
 * thread-safe.
 */
final class Gatherer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Gatherer.class);
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Path runDirectory;
  private final TransportOptions options;
  private final Map<Path, AdminClient> clients = new HashMap<>();

  /** The newest event that was seen of each. */
  private final Map<Path, Integer> seen = new HashMap<>();

  Gatherer(Path runDirectory, TransportOptions options) {
    this.runDirectory = runDirectory;
    this.options = options;
  }

  /**
   * What was found.
   *
   * @param members who answered
   * @param events what happened since the last time
   */
  record Found(List<Member> members, List<Event> events) {}

  /** Asks all. */
  Found look() throws EndpointException {
    List<Path> sockets = AdminSockets.in(runDirectory);
    forgetOthers(sockets);
    List<Member> members = new ArrayList<>();
    List<Event> events = new ArrayList<>();
    for (Path socket : sockets) {
      try {
        AdminClient client = client(socket);
        members.add(
            new Member(client.status(), client.connections(), List.of(), client.interfaces()));
        events.addAll(news(socket, client));
      } catch (EndpointException silent) {
        LOG.debug("{}: {}", socket, silent.getMessage());
      }
    }
    return new Found(members, events);
  }

  /** Everything that a way is worked out from. */
  List<Member> whole() throws EndpointException {
    List<Member> members = new ArrayList<>();
    for (Path socket : AdminSockets.in(runDirectory)) {
      members.add(Member.of(client(socket)));
    }
    return members;
  }

  private List<Event> news(Path socket, AdminClient client) throws EndpointException {
    List<Event> events = client.events(seen.getOrDefault(socket, 0));
    if (!events.isEmpty()) {
      seen.put(socket, events.get(events.size() - 1).getNumber());
    }
    return events;
  }

  private AdminClient client(Path socket) throws EndpointException {
    AdminClient known = clients.get(socket);
    if (known != null) {
      return known;
    }
    AdminClient opened = AdminClient.open(socket, options, PATIENCE);
    clients.put(socket, opened);
    return opened;
  }

  private void forgetOthers(List<Path> sockets) {
    Set<Path> gone = new HashSet<>(clients.keySet());
    sockets.forEach(gone::remove);
    for (Path socket : gone) {
      seen.remove(socket);
      AdminClient client = clients.remove(socket);
      if (client != null) {
        client.close();
      }
    }
  }

  @Override
  public void close() {
    clients.values().forEach(AdminClient::close);
    clients.clear();
  }
}
