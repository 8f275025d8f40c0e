package io.vl3.nsm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.vl3.LogLines;
import io.vl3.net.IpAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a manager for who takes over: whole, or not at all. */
class SettingsFileTest {

  private static final Tenure TENURE =
      new Tenure(
          ManagerSettings.builder()
              .name("nsm-1")
              .listenOn("tcp://10.0.0.1:5000")
              .tunnelAddress(IpAddress.parse("10.0.0.1"))
              .tunnelPort(4789)
              .underlayMtuBytes(1500)
              .insecure(true)
              .build(),
          4711,
          true,
          true);

  @TempDir private Path directory;
  private Path path;
  private SettingsFile file;

  @BeforeEach
  void write() throws Exception {
    path = directory.resolve("manager.json");
    file = new SettingsFile(path);
    file.write(TENURE);
  }

  @Test
  void whatWasWritten_isRead_byTheOwnerAlone_withNothingBeside() throws Exception {
    assertThat(file.read()).isEqualTo(TENURE);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(path);
    }
  }

  @Test
  void everyBitThatIsWrong_isNoticed_orChangesNothing() throws Exception {
    byte[] whole = Files.readAllBytes(path);
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(path, damaged);
      assertThat(file.look()).as("bit %d", bit).isIn(TENURE, Tenure.NONE);
    }
    for (int length = 0; length < whole.length; length++) {
      Files.write(path, Arrays.copyOf(whole, length));
      assertThat(file.look()).as("cut to %d", length).isIn(TENURE, Tenure.NONE);
    }
  }

  @Test
  void aDamagedFile_isWarnedOfByName_andReplaced() throws Exception {
    Files.writeString(path, "{\"version\": 2");
    try (LogLines log = LogLines.of(SettingsFile.class.getName())) {
      assertThat(file.read()).isEqualTo(Tenure.NONE);
      assertThat(log.lines(Level.WARN))
          .singleElement()
          .asString()
          .startsWith(path + ": left out, and written anew: ");
    }
    file.write(TENURE);
    assertThat(file.read()).isEqualTo(TENURE);
  }
}
