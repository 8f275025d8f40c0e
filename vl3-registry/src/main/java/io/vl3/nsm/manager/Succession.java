package io.vl3.nsm.manager;

import io.vl3.internal.process.ProcessLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who is to own the machine's manager next: the process that has locked a file beside the socket.
 * The owner steps down for it, and nobody else stands for election meanwhile. Its death frees the
 * way. Used by one thread at a time.
 */
final class Succession implements AutoCloseable {

  private final Path file;
  private Optional<ProcessLock> claim = Optional.empty();

  Succession(Path file) {
    this.file = file;
  }

  /** Asks to be the next owner; in vain while another process does. */
  void claim() throws IOException {
    if (claim.isEmpty()) {
      claim = ProcessLock.tryAcquire(file);
    }
  }

  /** Whether it is we who are to be the next owner. */
  boolean isOurs() {
    return claim.isPresent();
  }

  /** Whether another process is to be the next owner. */
  boolean isAnothers() throws IOException {
    return claim.isEmpty() && ProcessLock.isHeld(file);
  }

  /** Asks no more; idempotent. */
  @Override
  public void close() {
    claim.ifPresent(ProcessLock::close);
    claim = Optional.empty();
  }
}
