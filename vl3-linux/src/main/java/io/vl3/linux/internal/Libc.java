package io.vl3.linux.internal;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/** System calls that Java has no words for. A failure throws with its errno. */
final class Libc {

  static final int O_CLOEXEC = 0x80000;

  /** Without it the open of a FIFO, passed off as a namespace, would never return. */
  static final int O_NONBLOCK = 0x800;

  static final int CLONE_NEWNET = 0x40000000;

  static {
    Native.register(Libc.class, "c");
  }

  private Libc() {}

  static native int open(String path, int flags) throws LastErrorException;

  static native int close(int descriptor) throws LastErrorException;

  static native int setns(int descriptor, int type) throws LastErrorException;

  static native int socket(int domain, int type, int protocol) throws LastErrorException;

  static native int setsockopt(int descriptor, int level, int name, byte[] value, int length)
      throws LastErrorException;

  static native int bind(int descriptor, byte[] address, int length) throws LastErrorException;

  static native long send(int descriptor, byte[] buffer, long length, int flags)
      throws LastErrorException;

  static native long recv(int descriptor, ByteBuffer direct, long length, int flags)
      throws LastErrorException;

  static native long sendto(
      int descriptor, byte[] buffer, long length, int flags, byte[] address, int addressLength)
      throws LastErrorException;

  /** The size of {@code address} is given and returned in {@code addressLength}. */
  static native long recvfrom(
      int descriptor,
      ByteBuffer direct,
      long length,
      int flags,
      byte[] address,
      int[] addressLength)
      throws LastErrorException;

  static native int fcntl(int descriptor, int command, int argument) throws LastErrorException;

  static native int ioctl(int descriptor, long request, Pointer argument) throws LastErrorException;

  static native int execv(String program, Pointer arguments) throws LastErrorException;

  /** The message is a {@code struct msghdr}. */
  static native long recvmsg(int descriptor, Pointer message, int flags) throws LastErrorException;

  /** The size of {@code value} is given and returned in {@code length}. */
  static native int getsockopt(int descriptor, int level, int name, byte[] value, int[] length)
      throws LastErrorException;

  static native String strerror(int errno);
}
