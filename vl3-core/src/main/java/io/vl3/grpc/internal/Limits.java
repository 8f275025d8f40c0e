package io.vl3.grpc.internal;

/** The most that a message may hold: far above what peers send, far below what hurts. */
final class Limits {

  /** Entries of a map: labels, mechanism parameters, metrics. */
  static final int MAP_ENTRIES = 1024;

  /** Characters of all keys and values of a map. */
  static final int MAP_CHARACTERS = 64 * 1024;

  /** Characters of a name, id, URL. */
  static final int TEXT_CHARACTERS = 4 * 1024;

  /** Characters of a token. */
  static final int TOKEN_CHARACTERS = 16 * 1024;

  /** Segments of a path. */
  static final int PATH_SEGMENTS = 64;

  /** Addresses of one side, and granted prefixes. */
  static final int ADDRESSES = 1024;

  /** Routes of one side, and excluded prefixes. */
  static final int ROUTES = 8 * 1024;

  /** Mechanisms offered, DNS configurations and their entries, kinds of extra prefixes. */
  static final int CHOICES = 256;

  /** Extra prefixes asked for in one go. */
  static final int EXTRA_PREFIXES = 1024;

  /** An IP packet with the largest link header that a kernel link can have. */
  static final int MTU_BYTES = 65_536;

  /** Services, owners and matches of a registry entry. */
  static final int REGISTRY_ENTRIES = 1024;

  private Limits() {}
}
