package io.vl3.nsm.manager;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of a run directory, which is ours alone: what does not belong there makes room. */
public final class RunFiles {

  private static final Logger LOG = LoggerFactory.getLogger(RunFiles.class);

  private RunFiles() {}

  /**
   * Removes an ordinary file that stands where a socket of the run directory is to be, and warns of
   * it. A socket is left alone: a server may be alive there.
   *
   * @throws EndpointException UNAVAILABLE if it cannot be removed
   */
  public static void clearSocket(Path socket) throws EndpointException {
    if (!Files.isRegularFile(socket, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    LOG.warn("{}: an ordinary file, and removed (expected: a socket)", socket);
    try {
      Files.deleteIfExists(socket);
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE, "%s: stays (expected: a socket) [%s]".formatted(socket, failure));
    }
  }
}
