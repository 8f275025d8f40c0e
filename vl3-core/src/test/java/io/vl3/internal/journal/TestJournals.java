package io.vl3.internal.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/** Journals that do not wait for the hardware, and fail when told to. */
public final class TestJournals {

  private final FaultyDisk disk = new FaultyDisk();

  /** Opens a journal on this disk. */
  public Journal open(Path file, Executor executor) throws IOException {
    return Journal.open(file, executor, disk);
  }

  /** From now on nothing fits on the disk. */
  public void fill() {
    disk.leaveRoom(0);
  }

  /** From now on all is well. */
  public void repair() {
    disk.repair();
  }
}
