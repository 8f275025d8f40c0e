package io.vl3.linux.internal;

import java.io.IOException;

/** A system call or an rtnetlink request that the kernel refused. */
public final class NetlinkException extends IOException {

  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EEXIST = 17;
  public static final int ENODEV = 19;
  public static final int EINVAL = 22;
  public static final int EMSGSIZE = 90;
  public static final int EOPNOTSUPP = 95;
  public static final int EAFNOSUPPORT = 97;
  public static final int EADDRNOTAVAIL = 99;
  public static final int ENETDOWN = 100;
  public static final int ENETUNREACH = 101;
  public static final int ENOBUFS = 105;
  public static final int EHOSTUNREACH = 113;

  private final int errno;

  NetlinkException(int errno, String message) {
    super(message);
    this.errno = errno;
  }

  NetlinkException(int errno, String message, Throwable cause) {
    super(message, cause);
    this.errno = errno;
  }

  /** The error number. */
  public int errno() {
    return errno;
  }

  /** Whether the error number is among those given. */
  public boolean is(int... errnos) {
    for (int candidate : errnos) {
      if (candidate == errno) {
        return true;
      }
    }
    return false;
  }
}
