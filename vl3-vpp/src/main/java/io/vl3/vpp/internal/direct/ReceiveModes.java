package io.vl3.vpp.internal.direct;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.vpp.api.ApiMessage;
import io.vl3.vpp.api.VppApi;
import io.vl3.vpp.internal.Item;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How interfaces are to receive, by their names. A memif has queues, of which that can be set, only
 * while somebody is at its other end. Thread-safe; does not block.
 */
final class ReceiveModes {

  private static final Logger LOG = LoggerFactory.getLogger(ReceiveModes.class);

  private static final String SET_MODE = "sw_interface_set_rx_mode";

  private final String subject;
  private final Map<String, String> modes = new ConcurrentHashMap<>();

  /**
   * None yet.
   *
   * @param subject VPP's address, for messages
   */
  ReceiveModes(String subject) {
    this.subject = subject;
  }

  /** Objects are wanted so. */
  void note(Collection<Item> items) {
    for (Item item : items) {
      if (item.message() instanceof Interface face && face.getRxModesCount() > 0) {
        modes.put(item.name(), "RX_MODE_API_" + face.getRxModes(0).getMode().name());
      }
    }
  }

  /** Objects are wanted no more. */
  void forget(Collection<Item> items) {
    items.forEach(item -> modes.remove(item.name()));
  }

  /** Somebody came to an interface's other end. */
  void set(VppApi api, int index, String name) {
    String mode = modes.get(name);
    if (mode != null && api.has(SET_MODE)) {
      var unused =
          api.send(ApiMessage.of(SET_MODE).with("sw_if_index", index).with("mode", mode))
              .whenComplete(
                  (answer, failure) -> {
                    if (failure != null || answer.retval() < 0) {
                      LOG.warn("{}: {}: receive mode {} not set", subject, name, mode);
                    }
                  });
    }
  }
}
