package io.vl3.endpoint;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Finds what a test left behind: stores that are not empty, and unexpected errors in the log. Use
 * it as {@code @RegisterExtension final LeakCheck leaks = new LeakCheck()}, needs logback on the
 * test class path.
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback {

  private final Map<String, IntSupplier> gauges = new LinkedHashMap<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final Listener listener = new Listener();
  private boolean errorsExpected;

  /** The store must be empty when the test ends; answers this. */
  public LeakCheck empty(String store, IntSupplier size) {
    gauges.put(store, size);
    return this;
  }

  /** Errors in the log are part of this test. */
  public void expectErrors() {
    errorsExpected = true;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    listener.start();
    root().addAppender(listener);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    root().detachAppender(listener);
    listener.stop();
    if (context.getExecutionException().isEmpty()) {
      verify();
    }
  }

  /** Fails if something is left now. */
  public void verify() {
    List<String> left = new ArrayList<>();
    gauges.forEach(
        (store, size) -> {
          if (size.getAsInt() != 0) {
            left.add("%s: %d (expected: 0)".formatted(store, size.getAsInt()));
          }
        });
    if (!errorsExpected) {
      errors.forEach(error -> left.add("log: " + error + " (expected: no error)"));
    }
    if (!left.isEmpty()) {
      throw new AssertionError("left behind: " + String.join("; ", left));
    }
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  /** Keeps the errors that are logged while the test runs. */
  private final class Listener extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
        errors.add(event.getFormattedMessage());
      }
    }
  }
}
