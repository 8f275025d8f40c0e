package io.vl3.vpp.direct;

import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSocket;
import io.vl3.vpp.api.Recording;
import io.vl3.vpp.api.RecordingVpp;
import io.vl3.vpp.direct.GivenVppTest.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records for {@link RecordedTalksTest} what is said to a VPP that is given, with nothing in it.
 */
@EnabledIfSystemProperty(
    named = "vl3.vpp.record",
    matches = ".+",
    disabledReason = "not asked for: -Dvl3.vpp.record=FILE, with -Dvl3.vpp.api of a new VPP")
class GivenVppRecordTest {

  @TempDir Path directory;

  @Test
  void record() throws Exception {
    Recording recording = new Recording();
    Path real = Path.of(System.getProperty(GivenVpp.SOCKET));
    Path descriptions = Path.of(System.getProperty(GivenVpp.DESCRIPTIONS, "/usr/share/vpp/api"));
    ExecutorService io = Executors.newCachedThreadPool();
    String version;
    try (GivenVpp vpp = GivenVpp.byProperties()) {
      version = vpp.version();
    }
    for (Scenario scenario : RecordedTalksTest.RECORDED) {
      Path socket = directory.resolve("between.sock");
      try (RecordingVpp between = new RecordingVpp(socket, real, recording, scenario.name());
          VppDataPlane plane =
              RecordedTalksTest.open(
                  new VppSocket(between.socket(), List.of(descriptions)), scenario, io)) {
        RecordedTalksTest.play(scenario.of(version), plane);
      }
    }
    io.shutdown();
    Files.writeString(Path.of(System.getProperty("vl3.vpp.record")), recording.text());
  }
}
