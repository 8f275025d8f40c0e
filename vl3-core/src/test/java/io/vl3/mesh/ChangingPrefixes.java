package io.vl3.mesh;

import io.vl3.ipam.PrefixSource;
import io.vl3.net.IpPrefix;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Prefixes that a test changes. Thread-safe. */
public final class ChangingPrefixes implements PrefixSource {

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile State state;

  /** The prefixes to begin with; none: "no prefix yet". */
  public ChangingPrefixes(String... prefixes) {
    state = stateOf(prefixes);
  }

  /** Changes them and tells. */
  public void become(String... prefixes) {
    state = stateOf(prefixes);
    listeners.forEach(Runnable::run);
  }

  @Override
  public State current() {
    return state;
  }

  @Override
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  private static State stateOf(String... prefixes) {
    return prefixes.length == 0
        ? new Missing("no prefix yet")
        : new Known(Arrays.stream(prefixes).map(IpPrefix::parse).toList());
  }
}
