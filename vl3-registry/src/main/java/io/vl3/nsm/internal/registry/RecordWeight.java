package io.vl3.nsm.internal.registry;

import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import java.util.Collection;
import java.util.Map;

/** About how many bytes of memory a registry's entries take. */
final class RecordWeight {

  /** A text's two objects, and its place in what holds it. */
  private static final long TEXT_BYTES = 72;

  private static final long RECORD_BYTES = 512;

  private RecordWeight() {}

  static long of(EndpointRecord endpoint) {
    long bytes = RECORD_BYTES + of(endpoint.name()) + of(endpoint.url()) + of(endpoint.owners());
    for (Map.Entry<String, Map<String, String>> service : endpoint.services().entrySet()) {
      bytes += of(service.getKey()) + of(service.getValue());
    }
    return bytes;
  }

  static long of(NetworkServiceRecord service) {
    long bytes = RECORD_BYTES + of(service.name()) + of(service.payload());
    for (NetworkServiceRecord.Match match : service.matches()) {
      bytes += RECORD_BYTES + of(match.sourceSelector());
      for (Map<String, String> selector : match.destinationSelectors()) {
        bytes += RECORD_BYTES + of(selector);
      }
    }
    return bytes;
  }

  private static long of(Map<String, String> texts) {
    return TEXT_BYTES + of(texts.keySet()) + of(texts.values());
  }

  private static long of(Collection<String> texts) {
    return TEXT_BYTES + texts.stream().mapToLong(RecordWeight::of).sum();
  }

  /** In the worst case, of two bytes a character. */
  private static long of(String text) {
    return TEXT_BYTES + 2L * text.length();
  }
}
