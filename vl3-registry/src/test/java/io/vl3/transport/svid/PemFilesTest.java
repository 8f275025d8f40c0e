package io.vl3.transport.svid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.spiffe.exception.BundleNotFoundException;
import io.spiffe.spiffeid.TrustDomain;
import io.spiffe.svid.x509svid.X509Svid;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.time.FakeTimer;
import io.vl3.transport.identity.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class PemFilesTest {

  private final FakeTimer timer = new FakeTimer();

  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path directory;

  private final TestAuthority authority = new TestAuthority("test");
  private Path certificate;
  private Path key;
  private Path trust;

  @BeforeEach
  void files() throws Exception {
    certificate = directory.resolve("svid.pem");
    key = directory.resolve("key.pem");
    trust = directory.resolve("trust.pem");
    Files.writeString(trust, TestAuthority.pem(authority.root()));
  }

  @Test
  void whatTheFilesHold_isRead_andReadAgainWhenTheyChange() throws Exception {
    X509Svid first = write(authority.issue("/nse", HOUR));
    PemFiles files = open();
    assertThat(files.getX509Svid().getLeaf()).isEqualTo(first.getLeaf());
    assertThat(files.getBundleForTrustDomain(TrustDomain.parse("test")).getX509Authorities())
        .containsExactly(authority.root());
    X509Svid second = write(authority.issue("/nse", HOUR));
    assertThat(files.getX509Svid().getLeaf()).isEqualTo(second.getLeaf());
  }

  @Test
  void halfAChange_leavesWhatWasRead() throws Exception {
    X509Svid first = write(authority.issue("/nse", HOUR));
    PemFiles files = open();
    X509Svid second = authority.issue("/nse", HOUR);
    replace(certificate, TestAuthority.pem(second.getLeaf()));
    assertThat(files.getX509Svid().getLeaf()).isEqualTo(first.getLeaf());
    Files.delete(key);
    assertThat(files.getX509Svid().getLeaf()).isEqualTo(first.getLeaf());
    Files.writeString(key, TestAuthority.keyPem(second));
    assertThat(files.getX509Svid().getLeaf()).isEqualTo(second.getLeaf());
  }

  @Test
  void keyThatOthersCanRead_isWarnedOfOnce_andItsEndIsReported() throws Exception {
    Logger log = (Logger) LoggerFactory.getLogger(PemFiles.class);
    ListAppender<ILoggingEvent> seen = new ListAppender<>();
    seen.start();
    log.addAppender(seen);
    Level before = log.getLevel();
    log.setLevel(Level.INFO);
    write(authority.issue("/nse", HOUR));
    mode("rw-r--r--");
    PemFiles files = open();
    renewed(files, "rw-r-----");
    renewed(files, "rw-rw-r--");
    renewed(files, "rw----r--");
    renewed(files, "rw-------");
    log.setLevel(before);
    log.detachAppender(seen);
    assertThat(seen.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(line -> line.startsWith(key.toString()))
        .containsExactly(
            key
                + ": mode rw-r--r-- (expected: no right for others, as in rw-------) [everybody on"
                + " this machine can read the private key]",
            key + ": no longer readable by others after 60 s",
            key
                + ": mode rw-rw-r-- (expected: no right for others, as in rw-------) [everybody on"
                + " this machine can read the private key]",
            key
                + ": mode rw----r-- (expected: no right for others, as in rw-------) [everybody on"
                + " this machine can read the private key]",
            key + ": no longer readable by others after 120 s");
  }

  private void renewed(PemFiles files, String mode) throws Exception {
    X509Svid next = write(authority.issue("/nse", HOUR));
    mode(mode);
    timer.advance(Duration.ofMinutes(1));
    assertThat(files.getX509Svid().getLeaf()).isEqualTo(next.getLeaf());
  }

  private void mode(String mode) throws Exception {
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
  }

  @Test
  void whatIsNoWorkloadsCertificate_isNoSvidOfOurs() throws Exception {
    write(authority.forge("", false));
    assertThat(catchThrowableOfType(EndpointException.class, this::open))
        .hasMessageContaining("path");
    write(authority.forge("/nse", true));
    assertThat(catchThrowableOfType(EndpointException.class, this::open)).isNotNull();
  }

  @Test
  void anotherTrustDomain_isUnknown() throws Exception {
    write(authority.issue("/nse", HOUR));
    PemFiles files = open();
    assertThat(
            catchThrowableOfType(
                BundleNotFoundException.class,
                () -> files.getBundleForTrustDomain(TrustDomain.parse("other"))))
        .hasMessageContaining("other");
  }

  @Test
  void missingFiles_andForeignKeys_areInvalid_andNamed() throws Exception {
    EndpointException missing = catchThrowableOfType(EndpointException.class, this::open);
    assertThat(missing.reason()).isEqualTo(Reason.INVALID);
    assertThat(missing).hasMessageContaining(certificate.toString());
    write(authority.issue("/nse", HOUR, "RSA"));
    assertThat(catchThrowableOfType(EndpointException.class, this::open))
        .hasMessageContaining("EC P-256");
    write(authority.issue("/nse", HOUR));
    replace(key, TestAuthority.keyPem(authority.issue("/nse", HOUR)));
    assertThat(catchThrowableOfType(EndpointException.class, this::open)).isNotNull();
  }

  private PemFiles open() throws EndpointException {
    return PemFiles.open(certificate, key, trust, timer);
  }

  private X509Svid write(X509Svid svid) throws Exception {
    replace(certificate, TestAuthority.pem(svid.getLeaf()));
    replace(key, TestAuthority.keyPem(svid));
    return svid;
  }

  /** As it should be done: the change has another inode, however fast it comes. */
  private void replace(Path file, String text) throws Exception {
    Path fresh = Files.writeString(directory.resolve("fresh"), text);
    Files.move(fresh, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }
}
