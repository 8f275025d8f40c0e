package io.vl3.linux.internal;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What an interface leaves to its other end or its hardware: checksums, and the cutting of long
 * segments. A packet socket at the other end of a veth gets packets as they were left. Source:
 * linux/ethtool.h, linux/sockios.h.
 */
public final class Offloads {

  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final long SIOCETHTOOL = 0x8946;
  private static final int IFREQ = 40;
  private static final int IFREQ_DATA = 16;
  private static final int VALUE = 8;

  private enum Offload {
    /** Checksums on the way out; without them segments are cut before, too. */
    CHECKSUM("tx-checksum", 0x16, 0x17),
    TCP_SEGMENTATION("tso", 0x1e, 0x1f),
    SEGMENTATION("gso", 0x23, 0x24);

    private final String word;
    private final int get;
    private final int set;

    Offload(String word, int get, int set) {
      this.word = word;
      this.get = get;
      this.set = set;
    }
  }

  private Offloads() {}

  /**
   * Switches them off for what leaves by an interface of the calling thread's network namespace.
   *
   * @return those that were on
   * @throws NetlinkException if the kernel refuses, or leaves one on
   */
  public static List<String> switchOff(String device) throws NetlinkException {
    int descriptor = open(device);
    try {
      List<String> wereOn = new ArrayList<>();
      for (Offload offload : Offload.values()) {
        if (call(descriptor, device, offload.word, offload.get, 0) != 0) {
          wereOn.add(offload.word);
          int unused = call(descriptor, device, offload.word, offload.set, 0);
        }
      }
      for (Offload offload : Offload.values()) {
        if (call(descriptor, device, offload.word, offload.get, 0) != 0) {
          throw new NetlinkException(
              NetlinkException.EOPNOTSUPP,
              "%s of %s: on (expected: off)".formatted(offload.word, device));
        }
      }
      return wereOn;
    } finally {
      int unused = Libc.close(descriptor);
    }
  }

  private static int open(String device) throws NetlinkException {
    try {
      return Libc.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
    } catch (LastErrorException e) {
      throw failure(device, "offloads", e);
    }
  }

  private static int call(int descriptor, String device, String word, int command, int data)
      throws NetlinkException {
    try (Memory value = new Memory(VALUE);
        Memory request = new Memory(IFREQ)) {
      value.setInt(0, command);
      value.setInt(4, data);
      request.clear();
      byte[] name = device.getBytes(StandardCharsets.UTF_8);
      request.write(0, name, 0, Math.min(name.length, IFREQ_DATA - 1));
      request.setPointer(IFREQ_DATA, value);
      int unused = Libc.ioctl(descriptor, SIOCETHTOOL, request);
      return value.getInt(4);
    } catch (LastErrorException e) {
      throw failure(device, word, e);
    }
  }

  private static NetlinkException failure(String device, String word, LastErrorException e) {
    return new NetlinkException(
        e.getErrorCode(),
        "%s of %s: not switched off [%s]".formatted(word, device, Libc.strerror(e.getErrorCode())),
        e);
  }
}
