package io.vl3.nse;

import io.vl3.admin.AdminServer;
import io.vl3.admin.Observed;
import io.vl3.failure.EndpointException;
import io.vl3.nsm.NsmRuntime;
import java.nio.file.Path;
import java.util.List;

/** The admin service of a process with one NSE. */
final class NseAdmin {

  private NseAdmin() {}

  static AutoCloseable start(NsmRuntime runtime, Path runDirectory, Vl3Nse nse)
      throws EndpointException {
    return AdminServer.start(
        runtime,
        runDirectory,
        Observed.of("nse", "", runtime.timer().instant(), runtime.board())
            .withNses(() -> List.of(nse)));
  }
}
