package io.vl3.vpp.internal.direct;

import io.vl3.vpp.api.ApiMessage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What VPP has to do about the sockets of memifs, which it knows by numbers that we give. */
final class SocketOrders {

  private static final List<String> SOCKET =
      List.of("memif_socket_filename_add_del_v2", "memif_socket_filename_add_del");

  /** The beginning of a socket's name that is no file's. */
  private static final String ABSTRACT = "abstract:";

  /** The file of a number that VPP did not give us: somebody has it. */
  private static final String UNKNOWN = "";

  private final Orders orders;
  private final Image image;

  SocketOrders(Orders orders, Image image) {
    this.orders = orders;
    this.image = image;
  }

  /**
   * Whether VPP can open it: an earlier one makes a file of a name without one; both came in one
   * release.
   */
  boolean opens(String file) {
    return !file.startsWith(ABSTRACT) || orders.newest(SOCKET).equals(SOCKET.get(0));
  }

  /** The number of a socket's file: the one that it has, or a free one. */
  long number(String key, String file) {
    Optional<Long> known = image.sockets().number(file);
    if (known.isPresent()) {
      return known.get();
    }
    long free = image.sockets().free(file);
    image.addSocket(free, file);
    Runnable taken = () -> image.addSocket(free, UNKNOWN);
    orders.add(key, message(true, free, file), Set.of(), taken);
    return free;
  }

  private ApiMessage message(boolean add, long number, String file) {
    return ApiMessage.of(orders.newest(SOCKET))
        .with("is_add", add)
        .with("socket_id", number)
        .with("socket_filename", file);
  }

  /** Takes a socket's name away, unless an interface has it. */
  void release(String file) {
    Optional<Long> number = image.sockets().number(file).filter(id -> id != 0);
    if (number.isPresent() && !image.sockets().isUsed(file)) {
      long id = number.get();
      image.removeSocket(id);
      orders.addQuietly(message(false, id, file), () -> image.addSocket(id, file));
    }
  }
}
