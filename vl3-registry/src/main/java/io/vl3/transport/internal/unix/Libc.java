package io.vl3.transport.internal.unix;

import com.sun.jna.Native;

/** System calls that Java has no words for. They answer -1 on failure; {@link #errno} says why. */
final class Libc {

  /** Opens what a path names, without the right to read or write it. */
  static final int O_PATH = 0x20_0000;

  static final int O_CLOEXEC = 0x8_0000;
  static final int MSG_DONTWAIT = 0x40;
  static final int MSG_NOSIGNAL = 0x4000;
  static final int MSG_CMSG_CLOEXEC = 0x4000_0000;

  static final int EINTR = 4;
  static final int EAGAIN = 11;

  /** Too many descriptors are on their way. */
  static final int ETOOMANYREFS = 109;

  static {
    Native.register(Libc.class, "c");
  }

  private Libc() {}

  static native int open(String path, int flags);

  static native int close(int descriptor);

  static native long sendmsg(int socket, long header, int flags);

  static native long recvmsg(int socket, long header, int flags);

  static native String strerror(int errno);

  /** Why the last call of this thread failed. */
  static int errno() {
    return Native.getLastError();
  }
}
