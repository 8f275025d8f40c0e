package io.vl3.mesh;

import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Where the work of a mesh runs. A dial blocks, and returns whether it dialled: what waits for its
 * turn may not be wanted any more.
 *
 * @param work where links are closed and events are told; both may block, so it must not be bounded
 *     tightly
 * @param dials takes the dials of peers, which may take turns
 * @param redials takes the dials of peers that did not answer the last time: so many that are dead
 *     keep nobody else waiting
 */
public record MeshThreads(
    Executor work, Consumer<BooleanSupplier> dials, Consumer<BooleanSupplier> redials) {

  /** Everything at once, by the same executor. */
  public static MeshThreads of(Executor executor) {
    Consumer<BooleanSupplier> atOnce =
        dial ->
            executor.execute(
                () -> {
                  boolean unused = dial.getAsBoolean();
                });
    return new MeshThreads(executor, atOnce, atOnce);
  }
}
