package io.vl3.vpp;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a VPP listens for its API.
 *
 * @param path the socket
 * @param descriptions directories with the {@code .api.json} files that came with this VPP; those
 *     of them that there are. VPP 24.06 and later can do without
 */
public record VppSocket(Path path, List<Path> descriptions) {

  /** Where VPP listens unless its startup.conf says otherwise. */
  public static final Path STANDARD_PATH = Path.of("/run/vpp/api.sock");

  /** Where VPP's packages put them. */
  public static final List<Path> STANDARD_DESCRIPTIONS =
      List.of(Path.of("/usr/share/vpp/api"), Path.of("/usr/local/share/vpp/api"));

  /** Copies the list. */
  public VppSocket {
    descriptions = List.copyOf(descriptions);
  }

  /** A VPP whose package put its files where they belong. */
  public static VppSocket of(Path path) {
    return new VppSocket(path, STANDARD_DESCRIPTIONS);
  }
}
