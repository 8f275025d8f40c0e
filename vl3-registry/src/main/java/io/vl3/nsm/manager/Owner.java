package io.vl3.nsm.manager;

import io.vl3.dataplane.DataPlane;
import io.vl3.internal.journal.Journal;
import io.vl3.internal.process.ProcessLock;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the owner of the machine's manager holds.
 *
 * @param lock what makes it the owner
 * @param journal where the manager remembers
 * @param dataPlane joins connections
 * @param manager serves
 */
record Owner(ProcessLock lock, Journal journal, DataPlane dataPlane, EmbeddedManager manager) {

  private static final Logger LOG = LoggerFactory.getLogger(LocalManager.class);

  /** Whether others find the manager, and nobody else can become the owner. */
  boolean isInPlace() {
    try {
      return manager.isInPlace() && lock.isInPlace();
    } catch (IOException failure) {
      LOG.debug("{}: not looked at", lock, failure);
      return true;
    }
  }

  /** Lets go of everything, the lock last. */
  void close() {
    manager.close();
    dataPlane.close();
    journal.close();
    lock.close();
  }
}
