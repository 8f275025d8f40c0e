package io.vl3.vpp.internal.direct;

import io.vl3.vpp.api.ApiException;
import io.vl3.vpp.api.ApiMessage;
import io.vl3.vpp.api.VppApi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What VPP is to do, sent all at once: VPP does it in its order, past what it refuses. Used for one
 * batch, whose refusals it collects by the key of the object concerned. Not thread-safe.
 */
final class Orders {

  private record Order(
      String key,
      ApiMessage message,
      Set<Integer> fine,
      Consumer<ApiMessage> done,
      Runnable refused) {}

  private static final String NOBODY = "";

  private final VppApi api;
  private final List<Order> queue = new ArrayList<>();
  private final Map<String, String> refusals = new LinkedHashMap<>();

  Orders(VppApi api) {
    this.api = api;
  }

  /** The first of several names that this VPP has; the last if it has none. */
  String newest(List<String> names) {
    return api.first(names).orElse(names.get(names.size() - 1));
  }

  /**
   * Something to do whose answer is needed.
   *
   * @param key the object concerned
   * @param done what to note once VPP has done it
   */
  void ask(String key, ApiMessage message, Consumer<ApiMessage> done) {
    queue.add(new Order(key, message, Set.of(), done, () -> {}));
  }

  /**
   * Something to do that is noted already.
   *
   * @param fine refusals that say that it is so
   * @param revert takes the note back if VPP refuses
   */
  void add(String key, ApiMessage message, Set<Integer> fine, Runnable revert) {
    queue.add(new Order(key, message, fine, reply -> {}, revert));
  }

  /**
   * Something to do that is noted already, and of no object: it may as well not be done.
   *
   * @param revert takes the note back if VPP refuses
   */
  void addQuietly(ApiMessage message, Runnable revert) {
    queue.add(new Order(NOBODY, message, Set.of(), reply -> {}, revert));
  }

  /**
   * Has it done, and waits for it; nothing is sent if there is nothing to do.
   *
   * @throws ApiException if VPP was lost on the way
   */
  void run() throws ApiException {
    List<Order> sent = List.copyOf(queue);
    queue.clear();
    List<CompletableFuture<ApiMessage>> answers =
        api.send(sent.stream().map(Order::message).toList());
    for (int i = 0; i < sent.size(); i++) {
      Order order = sent.get(i);
      try {
        ApiMessage answer = api.await(answers.get(i), order.message().name());
        if (!order.fine().contains(answer.retval())) {
          answer.orRefusal();
        }
        order.done().accept(answer);
      } catch (ApiException failure) {
        refused(order, failure);
      }
    }
  }

  private void refused(Order order, ApiException failure) throws ApiException {
    switch (failure.kind()) {
      case REFUSED, UNFIT_VALUE, UNKNOWN_MESSAGE -> {
        order.refused().run();
        if (!order.key().equals(NOBODY)) {
          refusals.putIfAbsent(order.key(), failure.getMessage());
        }
      }
      case AWAY, LATE, UNREADABLE -> throw failure;
    }
  }

  /** VPP's refusals by key: the first of each. */
  Map<String, String> refusals() {
    return Map.copyOf(refusals);
  }

  /** Something is refused before it is sent. */
  void refuse(String key, String why) {
    refusals.putIfAbsent(key, why);
  }

  boolean isRefused(String key) {
    return refusals.containsKey(key);
  }
}
