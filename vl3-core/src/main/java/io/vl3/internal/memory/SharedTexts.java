package io.vl3.internal.memory;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Texts that come in message after message, kept once for all who keep them: names, keys, what the
 * tokens of one component have in common. Each has one place, which it leaves to the next text that
 * has the same one; so there are never more than so many, however many texts come.
 *
 * <p>Thread-safe, without a lock: a text that two bring at once may be kept twice.
 */
public final class SharedTexts {

  private static final int LONGEST = 1024;
  private static final int MOST = 4096;
  private static final SharedTexts OF_PROCESS = new SharedTexts(MOST);

  private final AtomicReferenceArray<String> texts;

  /**
   * None yet.
   *
   * @param most how many at most, a power of two
   */
  SharedTexts(int most) {
    this.texts = new AtomicReferenceArray<>(most);
  }

  /**
   * Those of this process: 4 MiB at most, 8 if none is in Latin letters, as a longer text than of
   * 1,024 characters is not kept.
   */
  public static SharedTexts ofProcess() {
    return OF_PROCESS;
  }

  /** The text, as it was brought by the first who keeps it. */
  public String shared(String text) {
    return shared(text, text.length());
  }

  /** The first characters of a text, likewise. */
  public String shared(String text, int length) {
    if (length > LONGEST) {
      return text.substring(0, length);
    }
    int place = hash(text, length) & texts.length() - 1;
    String known = texts.get(place);
    if (known != null && known.length() == length && text.startsWith(known)) {
      return known;
    }
    String fresh = text.substring(0, length);
    texts.set(place, fresh);
    return fresh;
  }

  /** Of a part of the characters: two long texts that differ do so in many of them. */
  private static int hash(String text, int length) {
    int step = length < 64 ? 1 : 5;
    int hash = length;
    for (int i = 0; i < length; i += step) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash ^ hash >>> 12;
  }
}
