package io.vl3.vpp.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A waiter for what answers a request. Called by the reading task, one call at a time. */
interface Waiting {

  /** A message arrived; answers whether it was the last. */
  boolean answered(ApiMessage message);

  /** There is no answer any more. */
  void failed(ApiException why);

  /** The request is about to be sent under this number. */
  default void asked(int context) {}

  /** Waits for one message. */
  final class Answer implements Waiting {
    private final CompletableFuture<ApiMessage> future = new CompletableFuture<>();

    CompletableFuture<ApiMessage> future() {
      return future;
    }

    @Override
    public boolean answered(ApiMessage message) {
      future.complete(message);
      return true;
    }

    @Override
    public void failed(ApiException why) {
      future.completeExceptionally(why);
    }
  }

  /** Collects what answers one request. */
  final class Entries implements Waiting {
    private final CompletableFuture<List<ApiMessage>> answer = new CompletableFuture<>();
    private final Optional<String> end;
    private final List<ApiMessage> found = new ArrayList<>();
    private volatile int context;

    /** Entries up to a message of that name; without one somebody else says when to finish. */
    Entries(Optional<String> end) {
      this.end = end;
    }

    CompletableFuture<List<ApiMessage>> answer() {
      return answer;
    }

    boolean isEndless() {
      return end.isEmpty();
    }

    @Override
    public void asked(int number) {
      context = number;
    }

    @Override
    public boolean answered(ApiMessage message) {
      if (end.filter(message.name()::equals).isEmpty()) {
        found.add(message);
        return false;
      }
      finish();
      return true;
    }

    private void finish() {
      answer.complete(List.copyOf(found));
    }

    @Override
    public void failed(ApiException why) {
      answer.completeExceptionally(why);
    }
  }

  /** Waits for the ping that ends dumps without an end of their own. */
  final class Pong implements Waiting {
    private final List<Entries> dumps;
    private final Map<Integer, Waiting> waiting;

    /**
     * A waiter.
     *
     * @param waiting where the dumps wait
     */
    Pong(List<Entries> dumps, Map<Integer, Waiting> waiting) {
      this.dumps = dumps;
      this.waiting = waiting;
    }

    @Override
    public boolean answered(ApiMessage message) {
      for (Entries dump : dumps) {
        waiting.remove(dump.context, dump);
        dump.finish();
      }
      return true;
    }

    @Override
    public void failed(ApiException why) {
      for (Entries dump : dumps) {
        waiting.remove(dump.context, dump);
        dump.failed(why);
      }
    }
  }
}
