package io.vl3.vpp;

/**
 * How MEMIF interfaces are made.
 *
 * @param ringSize descriptors per ring: a power of two up to 2^14
 * @param rxMode how VPP learns of packets
 * @param rxQueues receive queues, 1 to 255
 * @param txQueues transmit queues, 1 to 255
 * @param mtuBytes the MTU in bytes; 0: VPP's own
 */
public record MemifSettings(int ringSize, RxMode rxMode, int rxQueues, int txQueues, int mtuBytes) {

  /** As the original made them: rings of 512, interrupts, one queue, VPP's MTU. */
  public static final MemifSettings DEFAULT = new MemifSettings(512, RxMode.INTERRUPT, 1, 1, 0);

  private static final int LARGEST_RING = 1 << 14;

  /** How VPP learns of packets. */
  public enum RxMode {
    POLLING,
    INTERRUPT,
    ADAPTIVE
  }

  /** Refuses values that VPP would refuse later. */
  public MemifSettings {
    if (Integer.bitCount(ringSize) != 1 || ringSize < 2 || ringSize > LARGEST_RING) {
      throw new IllegalArgumentException(
          "ringSize: %d (expected: a power of two, 2..%d)".formatted(ringSize, LARGEST_RING));
    }
    checkRange("rxQueues", rxQueues, 1, 255);
    checkRange("txQueues", txQueues, 1, 255);
    if (mtuBytes != 0) {
      checkRange("mtuBytes", mtuBytes, 68, 65535);
    }
  }

  /** These settings with other rings. */
  public MemifSettings withRingSize(int changed) {
    return new MemifSettings(changed, rxMode, rxQueues, txQueues, mtuBytes);
  }

  /** These settings with another way of learning of packets. */
  public MemifSettings withRxMode(RxMode changed) {
    return new MemifSettings(ringSize, changed, rxQueues, txQueues, mtuBytes);
  }

  /** These settings with other receive queues. */
  public MemifSettings withRxQueues(int changed) {
    return new MemifSettings(ringSize, rxMode, changed, txQueues, mtuBytes);
  }

  /** These settings with other transmit queues. */
  public MemifSettings withTxQueues(int changed) {
    return new MemifSettings(ringSize, rxMode, rxQueues, changed, mtuBytes);
  }

  /** These settings with another MTU. */
  public MemifSettings withMtuBytes(int changed) {
    return new MemifSettings(ringSize, rxMode, rxQueues, txQueues, changed);
  }

  private static void checkRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s: %d (expected: %d..%d)".formatted(name, value, least, most));
    }
  }
}
