package io.vl3.cli.assembly;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals of the process, by the only means that the JDK has, {@code sun.misc.Signal}. It is called
 * by name, because the compiler warns of every use.
 */
final class Signals {

  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
  private static final String SIGNAL = "sun.misc.Signal";
  private static final String HANDLER = "sun.misc.SignalHandler";

  private Signals() {}

  /** Gives a signal back to whom it was taken from. */
  @FunctionalInterface
  interface Taken {
    void giveBack();
  }

  /**
   * Takes a signal; where the JVM keeps it to itself, its own way of handling it stays.
   *
   * @param name without SIG, as in TERM
   * @param action called on a thread of its own
   */
  static Taken take(String name, Runnable action) {
    try {
      Object former = handle(name, proxy(action));
      return () -> giveBack(name, former);
    } catch (ReflectiveOperationException | RuntimeException kept) {
      LOG.debug("SIG{}: not taken", name, kept);
      return () -> {};
    }
  }

  private static void giveBack(String name, Object former) {
    try {
      var unused = handle(name, former);
    } catch (ReflectiveOperationException failure) {
      LOG.debug("SIG{}: not given back", name, failure);
    }
  }

  private static Object handle(String name, Object handler) throws ReflectiveOperationException {
    Class<?> signal = Class.forName(SIGNAL);
    try {
      return signal
          .getMethod("handle", signal, Class.forName(HANDLER))
          .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
    } catch (InvocationTargetException refused) {
      throw new ReflectiveOperationException("SIG" + name, refused.getCause());
    }
  }

  private static Object proxy(Runnable action) throws ClassNotFoundException {
    return Proxy.newProxyInstance(
        Signals.class.getClassLoader(),
        new Class<?>[] {Class.forName(HANDLER)},
        (self, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class) {
            return method.invoke(action, arguments);
          }
          action.run();
          return null;
        });
  }
}
