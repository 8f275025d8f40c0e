package io.vl3.linux.internal;

import com.sun.jna.LastErrorException;
import com.sun.jna.StringArray;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The program that this process runs. */
public final class ProcessImage {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final int STANDARD_DESCRIPTORS = 3;
  private static final int F_SETFD = 2;
  private static final int FD_CLOEXEC = 1;

  private ProcessImage() {}

  /**
   * Runs another program in this process, under the same number, with the same environment and
   * standard streams. Nothing else is left: every thread ends, every other file is closed. Does not
   * return.
   *
   * @param line the program's file, then its arguments
   * @throws IOException if the program cannot be run; this one goes on
   */
  public static void replace(List<String> line) throws IOException {
    closeOnExec();
    try {
      var unused = Libc.execv(line.get(0), new StringArray(line.toArray(String[]::new)));
    } catch (LastErrorException failure) {
      throw new IOException(
          "%s: %s".formatted(line.get(0), Libc.strerror(failure.getErrorCode())), failure);
    }
  }

  /** The JVM leaves that to who starts a child. */
  private static void closeOnExec() throws IOException {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path each : descriptors) {
        int descriptor = Integer.parseInt(String.valueOf(each.getFileName()));
        if (descriptor >= STANDARD_DESCRIPTORS) {
          markClosing(descriptor);
        }
      }
    }
  }

  private static void markClosing(int descriptor) throws IOException {
    try {
      var unused = Libc.fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    } catch (LastErrorException failure) {
      if (Files.exists(DESCRIPTORS.resolve(String.valueOf(descriptor)))) {
        throw new IOException(
            "descriptor %d: %s".formatted(descriptor, Libc.strerror(failure.getErrorCode())),
            failure);
      }
    }
  }
}
