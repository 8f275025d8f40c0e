package io.vl3.transport.internal.socket;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.nio.channels.NetworkChannel;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the JDK for the descriptor of a socket, which it shows only if its package is opened. */
public final class SocketNumber {

  private static final Logger LOG = LoggerFactory.getLogger(SocketNumber.class);
  private static final Optional<Method> GETTER = getter();

  /** The option that makes it known. */
  public static final String OPTION = "--add-opens java.base/sun.nio.ch=ALL-UNNAMED";

  private SocketNumber() {}

  /** Whether this JVM tells. */
  public static boolean isKnown() {
    return GETTER.isPresent();
  }

  /** The descriptor of an open socket; empty if this JVM does not tell. */
  public static OptionalInt of(NetworkChannel socket) {
    if (GETTER.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of((Integer) GETTER.get().invoke(socket));
    } catch (ReflectiveOperationException | RuntimeException unexpected) {
      LOG.warn("socket: the JVM does not show its descriptor", unexpected);
      return OptionalInt.empty();
    }
  }

  private static Optional<Method> getter() {
    try {
      Method method = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal");
      method.setAccessible(true);
      return Optional.of(method);
    } catch (ReflectiveOperationException | InaccessibleObjectException closed) {
      LOG.info("unix sockets: no files can be passed (expected: JVM option {})", OPTION);
      return Optional.empty();
    }
  }
}
