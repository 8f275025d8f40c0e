package io.vl3.transport.identity;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets what was not used for longest. Its user locks it. */
final class LruMap {

  private LruMap() {}

  static <K, V> Map<K, V> of(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }
}
