package io.vl3.nsm.internal.file;

import io.vl3.transport.internal.unix.PassedFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The files that this process received and still needs, such as network namespaces, by inode URL.
 * Held, a file keeps its inode number to itself, so that no look-up finds another. Thread-safe.
 */
public final class HeldFiles implements AutoCloseable {

  private final Object lock = new Object();
  private final Map<String, Entry> entries = new HashMap<>();

  /** Nothing held. */
  public HeldFiles() {}

  /** Where a file is in this process, {@code /proc/self/fd/N}; empty if it is not held. */
  public Optional<Path> locate(String inodeUrl) {
    synchronized (lock) {
      return Optional.ofNullable(entries.get(inodeUrl)).map(entry -> entry.file.path());
    }
  }

  /** How many different files are held. */
  public int size() {
    synchronized (lock) {
      return entries.size();
    }
  }

  /** Holds a file, which is closed when the last hold of it ends. */
  public Hold hold(PassedFile file) {
    Entry entry;
    boolean known;
    synchronized (lock) {
      entry = entries.computeIfAbsent(file.inodeUrl(), url -> new Entry(file));
      entry.holds++;
      known = entry.file != file;
    }
    if (known) {
      file.close();
    }
    return new Hold(entry);
  }

  /** Closes everything, whoever holds it; idempotent. */
  @Override
  public void close() {
    List<Entry> left;
    synchronized (lock) {
      left = List.copyOf(entries.values());
      entries.clear();
    }
    left.forEach(entry -> entry.file.close());
  }

  private void release(Entry entry) {
    synchronized (lock) {
      entry.holds--;
      if (entry.holds > 0) {
        return;
      }
      entries.remove(entry.file.inodeUrl(), entry);
    }
    entry.file.close();
  }

  private static final class Entry {
    final PassedFile file;
    int holds;

    Entry(PassedFile file) {
      this.file = file;
    }
  }

  /** One user's claim on a file. */
  public final class Hold implements AutoCloseable {

    private final Entry entry;
    private final AtomicBoolean ended = new AtomicBoolean();

    private Hold(Entry entry) {
      this.entry = entry;
    }

    String inodeUrl() {
      return entry.file.inodeUrl();
    }

    /** Where the file is as long as it is held. */
    Path path() {
      return entry.file.path();
    }

    /** Gives the claim up; idempotent. */
    @Override
    public void close() {
      if (ended.compareAndSet(false, true)) {
        release(entry);
      }
    }
  }
}
