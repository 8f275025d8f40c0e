package io.vl3.ipam;

import io.vl3.endpoint.ConnectionHandle;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.IpPrefix;
import io.vl3.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The right of one request to change one binding. Used by one thread. */
final class Claim {

  private final Bindings bindings;
  private final BindingKey key;
  private final ConnectionHandle holder;
  private final Binding before;
  private final List<IpPrefix> acquired = new ArrayList<>();
  private Binding after;
  private CompletionStage<Void> durable;

  Claim(Bindings bindings, BindingKey key, ConnectionHandle holder, Binding before) {
    this(bindings, key, holder, before, CompletableFuture.completedFuture(null));
  }

  /**
   * A claim.
   *
   * @param durable completes when what the workload has is on the disk
   */
  Claim(
      Bindings bindings,
      BindingKey key,
      ConnectionHandle holder,
      Binding before,
      CompletionStage<Void> durable) {
    this.bindings = bindings;
    this.key = key;
    this.holder = holder;
    this.before = before;
    this.after = before;
    this.durable = durable;
  }

  /** The binding that the workload has. */
  Binding before() {
    return before;
  }

  /** Notes a part that was taken for the request. */
  void acquired(IpPrefix block) {
    acquired.add(block);
  }

  /** Gives the workload a binding, which goes to the disk while the rest of the chain works. */
  void bind(Binding binding) {
    after = binding;
    if (!after.equals(before)) {
      durable = bindings.bind(key, after);
    }
  }

  /**
   * Waits until the binding is on the disk, as an answer must not promise what a crash takes back.
   *
   * @throws EndpointException UNAVAILABLE if the disk fails, DEADLINE if it takes too long
   */
  void awaitDurable(Deadline deadline) throws EndpointException {
    try {
      var unused =
          durable.toCompletableFuture().get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failure) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "journal: the binding of %s was not written (expected: a disk that takes it) [%s]"
              .formatted(key.client(), cause.getMessage()),
          cause);
    } catch (TimeoutException late) {
      throw new EndpointException(
          Reason.DEADLINE,
          "journal: the binding of %s was not written (expected: before the deadline)"
              .formatted(key.client()),
          late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new EndpointException(Reason.CANCELLED, "journal: interrupted", interrupted);
    }
  }

  /** The request succeeded. */
  void commit() {
    List<IpPrefix> replaced = List.of();
    if (!after.equals(before)) {
      List<IpPrefix> kept = after.all();
      replaced = before.all().stream().filter(block -> !kept.contains(block)).toList();
    }
    bindings.committed(key, holder, replaced);
  }

  /** The request failed: all is as it was. */
  void undo() {
    bindings.undone(key, before, acquired);
  }
}
