package io.vl3.linux.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What tells one living network namespace from another.
 *
 * @param device the device number of the namespace file system
 * @param inode the namespace's inode number
 */
public record NetnsId(long device, long inode) {

  /** The identity of the file, links followed. */
  public static NetnsId of(Path path) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(path, "unix:dev,ino");
    return new NetnsId(number(attributes, "dev"), number(attributes, "ino"));
  }

  private static long number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Number number ? number.longValue() : 0;
  }

  /** {@code DEVICE/INODE}, decimal. */
  @Override
  public String toString() {
    return device + "/" + inode;
  }
}
