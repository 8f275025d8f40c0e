package io.vl3.admin;

import io.vl3.failure.EndpointException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The orders that an administrator may give a process. Thread-safe; calls block. */
public interface Control {

  /** Of a process that reads no configuration and is started anew by hand alone. */
  Control NONE =
      new Control() {
        @Override
        public List<Change> reload(Optional<Path> file) throws EndpointException {
          throw Controls.unable("reload");
        }

        @Override
        public void restart() throws EndpointException {
          throw Controls.unable("restart");
        }
      };

  /**
   * A setting that was changed.
   *
   * @param setting its path in the file
   */
  record Change(String setting, String before, String after) {}

  /**
   * Reads the configuration again and applies what can change while it runs; all or nothing.
   *
   * @param file what to read this once; empty: the file that it was started with
   * @throws EndpointException INVALID if the file has mistakes, CONFLICT if something has changed
   *     that cannot while it runs; both name each
   */
  List<Change> reload(Optional<Path> file) throws EndpointException;

  /**
   * Starts the program anew in this process. Returns before that happens.
   *
   * @throws EndpointException INVALID if it could not start with its configuration as it is now
   */
  void restart() throws EndpointException;
}
