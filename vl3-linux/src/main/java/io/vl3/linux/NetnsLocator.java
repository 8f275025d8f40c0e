package io.vl3.linux;

import java.io.IOException;

/**
 * Finds network namespaces by URL. {@link Netns#locate} is the usual one; who receives descriptors
 * looks among them first.
 */
@FunctionalInterface
public interface NetnsLocator {

  /**
   * The namespace of a {@code file://} or {@code inode://} URL.
   *
   * @throws IOException if there is none; the message shows the URL
   */
  Netns locate(String url) throws IOException;
}
