package io.vl3.cli.assembly;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.process.ProcessLock;
import java.io.IOException;
import java.nio.file.Path;

/** Only one live process may be a certain instance: an NSE of a name, the demonstration. */
public final class InstanceLock implements AutoCloseable {

  private final ProcessLock lock;

  private InstanceLock(ProcessLock lock) {
    this.lock = lock;
  }

  /**
   * Takes the lock.
   *
   * @param what what it stands for, for the message
   * @throws EndpointException CONFLICT if a live process holds it
   */
  public static InstanceLock take(Path file, String what) throws IOException, EndpointException {
    return new InstanceLock(
        ProcessLock.tryAcquire(file)
            .orElseThrow(
                () ->
                    new EndpointException(
                        Reason.CONFLICT,
                        "%s: runs already (expected: once on this machine) [lock %s]"
                            .formatted(what, file))));
  }

  @Override
  public void close() {
    lock.close();
  }
}
