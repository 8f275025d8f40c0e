package io.vl3.linux;

import io.vl3.failure.Reason;
import io.vl3.linux.internal.NetlinkException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** A link that cannot be made, with the reason coded. */
final class LinkException extends IOException {

  private final Reason reason;

  LinkException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** The reason behind any failure of a change. */
  static Reason reason(Throwable failure) {
    if (failure instanceof LinkException known) {
      return known.reason;
    }
    if (failure instanceof NetlinkException refused) {
      return reason(refused);
    }
    if (failure instanceof NoSuchFileException) {
      return Reason.NOT_FOUND;
    }
    return Reason.INTERNAL;
  }

  private static Reason reason(NetlinkException refused) {
    return switch (refused.errno()) {
      case NetlinkException.EPERM, NetlinkException.EACCES -> Reason.DENIED;
      case NetlinkException.ENOENT, NetlinkException.ENODEV -> Reason.NOT_FOUND;
      case NetlinkException.EEXIST -> Reason.CONFLICT;
      case NetlinkException.EINVAL -> Reason.INVALID;
      case NetlinkException.ENOMEM, NetlinkException.ENOBUFS -> Reason.EXHAUSTED;
      case NetlinkException.EAGAIN -> Reason.UNAVAILABLE;
      default -> Reason.INTERNAL;
    };
  }
}
