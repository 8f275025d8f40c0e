package io.vl3.dataplane;

import io.vl3.net.IpAddress;

/** Where one end of a link is attached. */
public sealed interface Attachment {

  /**
   * An interface of the Linux kernel.
   *
   * @param netns the network namespace as {@code file://PATH} or {@code inode://DEV/INO}
   * @param name the interface's name, 1 to 15 characters
   */
  record KernelInterface(String netns, String name) implements Attachment {}

  /**
   * The other node's side of a VXLAN tunnel (RFC 7348).
   *
   * @param local the underlay address of this node
   * @param remote the underlay address of the other node
   * @param port the UDP port of the other node
   * @param vni the virtual network identifier, 1 to 2^24 - 1
   */
  record VxlanTunnel(IpAddress local, IpAddress remote, int port, int vni) implements Attachment {}

  /**
   * A shared memory interface of our own user space data plane.
   *
   * @param socket the socket's file, or {@code abstract:NAME}
   * @param master whether we listen
   * @param ethernet frames (true) or IP packets (false)
   */
  record Memif(String socket, boolean master, boolean ethernet) implements Attachment {}

  /**
   * The kernel's end of a pair of interfaces that our own user space data plane takes for itself:
   * behind its other end stand all kernel interfaces of an endpoint.
   *
   * @param device the interface's name in the data plane's network namespace
   */
  record HostInterface(String device) implements Attachment {}

  /** Out of this programmer's reach: the end is made by who stands at the other side. */
  record Elsewhere() implements Attachment {}
}
