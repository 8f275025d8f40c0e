package io.vl3.nsm.manager;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the machine's manager is handed over to the process that brings settings for it: that one
 * asks the owner, which brought none, to step down. Used by one thread at a time.
 */
final class HandOver implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LocalManager.class);

  /** So many looks a file may be that of an owner which is gone. */
  private static final int STALE_LOOKS = 10;

  private final Succession succession;
  private final SettingsFile file;
  private final ManagerSettings asked;

  /** How often in a row the file has said what is perhaps no more, or what we do not ask for. */
  private int looks;

  /**
   * The settings that we brought cannot be served: the manager is left to the process that has it.
   */
  private boolean declined;

  /**
   * Nothing is asked for yet.
   *
   * @param asked what this process brings
   */
  HandOver(Succession succession, SettingsFile file, ManagerSettings asked) {
    this.succession = succession;
    this.file = file;
    this.asked = asked;
  }

  /** Whether another process is to be the next owner. */
  boolean isAnothersTurn() {
    try {
      return succession.isAnothers();
    } catch (IOException failure) {
      LOG.debug("{}: not looked at", LocalManager.SUCCESSOR, failure);
      return false;
    }
  }

  /** Whether it is we who are to be the next owner. */
  boolean isOurs() {
    return succession.isOurs();
  }

  /** Whether this process may ask for the manager, and has to see how its owner is doing. */
  boolean mayAsk() {
    return asked.any() && !declined;
  }

  /** Asks for the manager no more, for what we brought cannot be served. */
  void decline() {
    declined = true;
  }

  /** A process that brings settings which the owner lacks asks it to step down. */
  void askForTurn() {
    if (!mayAsk()) {
      return;
    }
    Tenure tenure = file.look();
    if (tenure.serves(asked)) {
      succession.close();
      looks = 0;
      return;
    }
    if (tenure.brought() || tenure.equals(Tenure.NONE)) {
      wait(tenure);
      return;
    }
    claim();
  }

  /** The file may be that of an owner which is gone, or not be written yet. */
  private void wait(Tenure tenure) {
    looks++;
    if (looks < STALE_LOOKS) {
      return;
    }
    if (!tenure.brought()) {
      claim();
    } else if (looks == STALE_LOOKS) {
      succession.close();
      LOG.warn(
          "nsm.manager: {} (expected: as the machine's manager runs, {}) [process {} brought that]",
          asked,
          tenure.settings(),
          tenure.process());
    }
  }

  private void claim() {
    try {
      succession.claim();
    } catch (IOException failure) {
      LOG.debug("{}: not locked", LocalManager.SUCCESSOR, failure);
    }
  }

  /** Asks no more for now; idempotent. */
  @Override
  public void close() {
    succession.close();
  }
}
