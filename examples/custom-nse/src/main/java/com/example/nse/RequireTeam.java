package com.example.nse;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.failure.EndpointException;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.failure.Reason;
import io.vl3.endpoint.Session;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Refuses workloads without a {@code team} label and counts the others by team. */
public final class RequireTeam implements Endpoint {

  static final String LABEL = "team";

  /** The team that the connection is counted for: in the session, so it goes with the connection. */
  private static final Key<String> TEAM = Key.named("team");

  private final Map<String, Integer> workloads = new TreeMap<>();

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    String team = request.connection().labels().getOrDefault(LABEL, "");
    if (team.isBlank()) {
      throw new EndpointException(
          Reason.DENIED, "connection.labels: no %s (expected: the team's name)".formatted(LABEL));
    }
    Optional<String> counted = session.get(TEAM);
    if (!counted.equals(Optional.of(team))) {
      session.put(TEAM, team);
      add(team, 1);
      session.onFailure("forget a workload of " + team, () -> add(team, -1));
      counted.ifPresent(old -> session.onCommit("move it from " + old, () -> add(old, -1)));
    }
    return next.request(request);
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    session.get(TEAM).ifPresent(team -> session.onCommit("count it out", () -> add(team, -1)));
    next.close(connection);
  }

  @Override
  public Description description() {
    return Description.of(this).doing("refuses workloads without a team, counts the others");
  }

  /** How many workloads each team has now. */
  public synchronized Map<String, Integer> workloads() {
    return Map.copyOf(workloads);
  }

  private synchronized void add(String team, int difference) {
    workloads.merge(team, difference, (before, more) -> before + more == 0 ? null : before + more);
  }
}
