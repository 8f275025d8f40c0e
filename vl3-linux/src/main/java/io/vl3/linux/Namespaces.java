package io.vl3.linux;

import io.vl3.failure.Reason;
import io.vl3.linux.internal.NetnsHandle;
import io.vl3.linux.internal.RtNetlink;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The namespaces open during one call of the data plane, the least recently used closed first. The
 * thread that uses it wanders from namespace to namespace and must end with it. Nothing stays open
 * afterwards: an open namespace could not vanish.
 */
final class Namespaces implements AutoCloseable {

  private static final int MOST_OPEN = 128;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final NetnsLocator locator;
  private final Map<String, Open> byUrl = new LinkedHashMap<>(16, 0.75f, true);

  /** By way of those that are closed. */
  private long earlierMessages;

  Namespaces(NetnsLocator locator) {
    this.locator = locator;
  }

  /**
   * An open namespace.
   *
   * @param url what it was found by
   * @param handle its descriptor
   * @param netlink its interfaces, addresses and routes
   * @param id its identity
   */
  record Open(String url, NetnsHandle handle, RtNetlink netlink, String id)
      implements AutoCloseable {
    @Override
    public void close() {
      netlink.close();
      handle.close();
    }
  }

  /** Opens a namespace, unless it is open. It stays so while the next hundred are opened. */
  Open open(String url) throws IOException {
    Open known = byUrl.get(url);
    if (known != null) {
      return known;
    }
    if (byUrl.size() >= MOST_OPEN) {
      String oldest = byUrl.keySet().iterator().next();
      Open closing = byUrl.remove(oldest);
      if (closing != null) {
        close(closing);
      }
    }
    Open opened = enter(url);
    byUrl.put(url, opened);
    return opened;
  }

  @Override
  public void close() {
    byUrl.values().forEach(this::close);
    byUrl.clear();
  }

  private void close(Open namespace) {
    earlierMessages += namespace.netlink().messages();
    namespace.close();
  }

  /** How many messages have passed to the kernel and back. */
  long messages() {
    return earlierMessages
        + byUrl.values().stream().mapToLong(open -> open.netlink().messages()).sum();
  }

  private Open enter(String url) throws IOException {
    NetnsHandle handle = NetnsHandle.open(locate(url).path());
    try {
      String id = handle.id().toString();
      handle.enter();
      return new Open(url, handle, RtNetlink.open(TIMEOUT), id);
    } catch (IOException | RuntimeException e) {
      handle.close();
      throw e;
    }
  }

  private Netns locate(String url) throws LinkException {
    try {
      return locator.locate(url);
    } catch (IOException e) {
      throw new LinkException(Reason.NOT_FOUND, String.valueOf(e.getMessage()));
    }
  }
}
