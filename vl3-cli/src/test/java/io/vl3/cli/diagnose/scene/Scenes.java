package io.vl3.cli.diagnose.scene;

import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.cli.admin.Member;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Scenes of one process, number 7, that need no process. */
public final class Scenes {

  private Scenes() {}

  /**
   * A process with one NSE.
   *
   * @param kernel the root of the kernel's files
   * @param cpuBefore by file
   */
  public static Scene of(Nse nse, Path kernel, Map<String, CpuPeriods> cpuBefore) {
    Member says =
        new Member(
            ProcessStatus.newBuilder().addNses(nse).build(), List.of(), List.of(), List.of());
    Subject process =
        new Subject(
            "process 7", Optional.of(7L), kernel, Setup.UNKNOWN, Optional.of(says), List.of(), "");
    return new Scene(
        kernel, List.of(process), new KernelFiles(kernel), () -> Instant.EPOCH, cpuBefore);
  }
}
