package io.vl3.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A real file system that fails when told to: at its n-th operation from now on, or when it is
 * full. A write that fails has written the first half of its bytes. It does not wait for the
 * hardware: readers of the same machine see what was written.
 */
final class FaultyDisk extends Disk {

  private int operationsLeft = Integer.MAX_VALUE;
  private long room = Long.MAX_VALUE;
  private int forces;

  /** Fails every operation after so many that succeed. */
  void failAfter(int operations) {
    operationsLeft = operations;
  }

  /** Fails writes that need more than so many bytes. */
  void leaveRoom(long bytes) {
    room = bytes;
  }

  /** Works for ever. */
  void repair() {
    operationsLeft = Integer.MAX_VALUE;
    room = Long.MAX_VALUE;
  }

  int forces() {
    return forces;
  }

  @Override
  Appender append(Path file, long behind) throws IOException {
    step("open");
    return new Faulty(super.append(file, behind));
  }

  @Override
  void replace(Path fresh, Path file) throws IOException {
    step("rename");
    super.replace(fresh, file);
  }

  @Override
  void forceDirectory(Path file) throws IOException {
    step("force directory");
  }

  private void step(String what) throws IOException {
    if (operationsLeft <= 0) {
      throw new IOException(what + ": Input/output error");
    }
    operationsLeft--;
  }

  private final class Faulty implements Appender {

    private final Appender real;

    Faulty(Appender real) {
      this.real = real;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      if (operationsLeft <= 0 || bytes.remaining() > room) {
        String why = operationsLeft <= 0 ? "Input/output error" : "No space left on device";
        real.write(bytes.limit((bytes.position() + bytes.limit()) / 2));
        throw new IOException(why);
      }
      operationsLeft--;
      room -= bytes.remaining();
      real.write(bytes);
    }

    @Override
    public void force() throws IOException {
      step("force");
      forces++;
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }
}
