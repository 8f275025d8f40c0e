package io.vl3.grpc.internal;

import io.grpc.Context;

/**
 * What one call makes its server keep in memory, of what its caller may. Thread-safe.
 *
 * <p>A server that counts puts the account of a call into the call's gRPC context.
 */
public interface MemoryAccount {

  /** Where nobody counts. */
  MemoryAccount UNLIMITED =
      new MemoryAccount() {
        @Override
        public boolean take(long bytes) {
          return true;
        }

        @Override
        public void giveBack(long bytes) {}
      };

  /** The account of the call that runs in this thread's gRPC context. */
  static MemoryAccount current() {
    return Key.CONTEXT.get();
  }

  /** A context whose call has an account. */
  static Context contextOf(MemoryAccount account) {
    return Context.current().withValue(Key.CONTEXT, account);
  }

  /**
   * Takes memory; what is not given back is given back at the call's end.
   *
   * @return false if there is none left for the caller: nothing is taken then
   */
  boolean take(long bytes);

  /** Gives back what is not kept any more. */
  void giveBack(long bytes);

  /** Hides the key. */
  final class Key {
    private static final Context.Key<MemoryAccount> CONTEXT =
        Context.keyWithDefault("io.vl3.memory", UNLIMITED);

    private Key() {}
  }
}
