package io.vl3.cli.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.assembly.SelfCommand;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.interop.RequiresGo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * An NSE, the names server, or the central IPAM in what its pod has: a root file system that nobody
 * can write to, the pod's volumes, its capabilities, its variables. An NSE comes as far as it can
 * without NSM: it asks to be registered.
 */
@RequiresGo
@RequiresNetns
class PodRunTest {

  /** The pod's mounts, then its capabilities; what follows is the program. */
  private static final String CONTAINER =
      """
      set -e
      mount -t tmpfs tmpfs /run
      for volume in %s; do
        mkdir -p $volume
        case $PWD in
          $volume/*) mount --bind $volume $volume ;; # the program itself is there
          *) mount -t tmpfs tmpfs $volume ;;
        esac
      done
      mount -o remount,ro,bind /
      mount -o remount,ro /run
      ip link set lo up
      if touch /run/written /written 2>/dev/null; then echo 'the root can be written to'; exit 1; fi
      exec %s "$@"
      """;

  private static final String NO_CAPABILITIES =
      "setpriv --bounding-set=-all --inh-caps=-all --no-new-privs";

  @Test
  void withVpp_itNeedsNoCapability() throws Exception {
    assertThat(asFarAsNsm("nsm-v1-vpp"))
        .contains("VPP at /run/vpp/api.sock: DOWN, No such file or directory");
  }

  @Test
  void withKernelInterfaces_itMakesItsNamespace() throws Exception {
    assertThat(asFarAsNsm("nsm-v1-kernel"))
        .contains("namespaces: [vl3-vl3-nse-vl3-service-130]")
        .doesNotContain("Exception");
  }

  @Test
  void namesServer_serves() throws Exception {
    Pod pod = Pod.ofNames(rendered("names"));
    assertThat(until(pod, said -> said.contains("workload registry on tcp://")))
        .doesNotContain("Exception");
  }

  @Test
  void centralIpam_servesWithItsJournal() throws Exception {
    Pod pod = Pod.ofIpam(rendered("central-ipam", "--set", "ipam.persistence.enabled=false"));
    assertThat(pod.writable()).contains("/var/lib/vl3");
    assertThat(until(pod, said -> said.contains("central IPAM on tcp://0.0.0.0:5006: ")))
        .contains("10.60.0.0/16 in /24, 0 given")
        .doesNotContain("Exception");
  }

  private static String asFarAsNsm(String values) throws Exception {
    return until(
        Pod.of(rendered(values)),
        said -> said.contains("not registered: ") && said.contains("/nsm.io.sock"));
  }

  /** Without SPIRE: they would end after half a minute without it. */
  private static String rendered(String values, String... settings) {
    Path file = Chart.KUBERNETES.resolve("values/" + values + ".yaml");
    List<String> all = new ArrayList<>(List.of("--set", "spiffe.enabled=false"));
    all.addAll(List.of(settings));
    return Chart.render(file, all.toArray(String[]::new));
  }

  /** What the pod's program says until that is true, and the namespaces that it has pinned. */
  private static String until(Pod pod, Predicate<String> enough) throws Exception {
    // Not below /tmp, which is a volume of the pod.
    Path directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "pod");
    Path log = directory.resolve("log");
    Process process = start(pod, directory, log);
    try {
      Eventually.until(
          "it says so: " + log,
          () -> {
            String said = Files.readString(log);
            assertThat(process.isAlive()).as(said).isTrue();
            return enough.test(said);
          });
      return Files.readString(log) + "namespaces: " + namespaces(process);
    } finally {
      process.destroy();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  /** Those that are pinned in the pod. */
  private static List<String> namespaces(Process process) {
    Path pinned = Path.of("/proc/" + process.pid() + "/root/run/netns");
    return List.of(Optional.ofNullable(pinned.toFile().list()).orElse(new String[0]));
  }

  private static Process start(Pod pod, Path directory, Path log) throws IOException {
    String script =
        CONTAINER.formatted(
            String.join(" ", pod.writable()), pod.isPrivileged() ? "" : NO_CAPABILITIES);
    List<String> line = new ArrayList<>(List.of("unshare", "--mount", "--net"));
    line.addAll(List.of("--propagation", "private", "sh", "-c", script, "pod"));
    line.addAll(SelfCommand.line(pod.arguments(pod.write(directory))));
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().clear();
    builder.environment().putAll(pod.variables());
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    return builder.start();
  }
}
