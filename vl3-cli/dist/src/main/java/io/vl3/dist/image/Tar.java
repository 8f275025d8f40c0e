package io.vl3.dist.image;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes a tar of which nothing depends on when, where or by whom it is written. */
final class Tar implements Closeable {

  private final TarArchiveOutputStream out;
  private final Instant time;

  /**
   * Begins a tar.
   *
   * @param time of every entry
   */
  Tar(OutputStream out, Instant time) {
    this.out = new TarArchiveOutputStream(out, "UTF-8");
    this.out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    this.out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    this.time = time;
  }

  /**
   * Adds a file, a directory or a link of root's. Executable files get the mode 0755, all others
   * 0644; a directory that everybody may write in stays one.
   *
   * @param headers of pax, such as extended attributes
   */
  void add(String name, Path file, Map<String, String> headers) throws IOException {
    if (Files.isSymbolicLink(file)) {
      TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      entry.setLinkName(Files.readSymbolicLink(file).toString());
      put(entry, 0777);
    } else if (Files.isDirectory(file)) {
      put(new TarArchiveEntry(name + "/"), openToAll(file) ? 01777 : 0755);
    } else {
      TarArchiveEntry entry = new TarArchiveEntry(name);
      entry.setSize(Files.size(file));
      headers.forEach(entry::addPaxHeader);
      begin(entry, Files.isExecutable(file) ? 0755 : 0644);
      Files.copy(file, out);
      out.closeArchiveEntry();
    }
  }

  private static boolean openToAll(Path directory) throws IOException {
    return ((int) Files.getAttribute(directory, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0002)
        != 0;
  }

  private void put(TarArchiveEntry entry, int mode) throws IOException {
    begin(entry, mode);
    out.closeArchiveEntry();
  }

  private void begin(TarArchiveEntry entry, int mode) throws IOException {
    entry.setMode(mode);
    entry.setIds(0, 0);
    entry.setNames("", "");
    entry.setModTime(time.toEpochMilli());
    out.putArchiveEntry(entry);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
