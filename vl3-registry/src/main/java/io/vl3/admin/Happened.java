package io.vl3.admin;

import io.vl3.api.admin.v1.Event;
import io.vl3.health.HealthBoard;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The events of a board, from a number on. */
final class Happened implements PulledStream.Source<Event> {

  private final HealthBoard board;
  private final boolean follows;
  private final Deque<io.vl3.health.Event> read = new ArrayDeque<>();
  private long last;

  Happened(HealthBoard board, long after, boolean follows) {
    this.board = board;
    this.last = after;
    this.follows = follows;
  }

  @Override
  public Optional<Event> next() {
    if (read.isEmpty()) {
      read.addAll(board.events(last));
    }
    Optional<io.vl3.health.Event> next = Optional.ofNullable(read.poll());
    next.ifPresent(event -> last = event.number());
    return next.map(StatusRecords::event);
  }

  @Override
  public boolean isOver() {
    return !follows;
  }
}
