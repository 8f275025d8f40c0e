package io.vl3.cli.diagnose.control;

import io.vl3.cli.config.NsmConfig;
import io.vl3.cli.config.TlsConfig;
import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Door;
import io.vl3.cli.diagnose.scene.ManagerView;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Subject;
import io.vl3.health.HealthCode;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Whether certificates are valid, of the right trust domain, and signed by who is trusted. */
public final class IdentityCheck implements Check<Scene> {

  private static final Duration TOLERANCE = Duration.ofMinutes(1);

  /** A check. */
  public IdentityCheck() {}

  @Override
  public String name() {
    return "certificates";
  }

  @Override
  public String tries() {
    return "Read the certificate and the authorities of nsm.tls, knock at the SPIFFE Workload API,"
        + " and see the certificate that the manager shows.";
  }

  @Override
  public Answer look(Scene scene) throws IOException {
    Map<TlsConfig, Set<String>> used = used(scene);
    if (used.isEmpty()) {
      return Answer.skipped("nobody uses TLS");
    }
    List<Finding> findings = new ArrayList<>();
    for (Map.Entry<TlsConfig, Set<String>> each : used.entrySet()) {
      Look look = new Look(scene, each.getValue(), scene.clock().instant());
      if (each.getKey() instanceof TlsConfig.Files files) {
        findings.addAll(look.files(files));
      } else if (each.getKey() instanceof TlsConfig.Spiffe spiffe) {
        findings.addAll(look.agent(spiffe));
      }
    }
    if (findings.isEmpty()) {
      findings.addAll(managers(scene));
    }
    return Answer.of("%d identities looked at".formatted(used.size()), findings);
  }

  private static Map<TlsConfig, Set<String>> used(Scene scene) {
    Map<TlsConfig, Set<String>> used = new LinkedHashMap<>();
    for (Subject subject : scene.subjects()) {
      subject
          .setup()
          .nsm()
          .map(NsmConfig::tls)
          .filter(TlsConfig::on)
          .ifPresent(
              tls -> used.computeIfAbsent(tls, any -> new TreeSet<>()).addAll(subject.nseNames()));
    }
    return used;
  }

  /** The managers' certificates, against the authorities that are trusted here. */
  private static List<Finding> managers(Scene scene) throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (ManagerView manager : scene.managers()) {
      if (manager.nsm().tls().on() && Door.knock(manager.url(), manager.from()).open()) {
        List<X509Certificate> chain;
        try {
          chain = scene.certificates(manager);
        } catch (IOException showsNone) {
          findings.add(
              Finding.error(
                  Fault.TRUST_DOMAIN_WRONG,
                  manager.nses(),
                  manager.url().toString(),
                  "TLS is asked for, and the manager shows no certificate: %s."
                      .formatted(showsNone.getMessage())));
          continue;
        }
        Look look = new Look(scene, manager.nses(), scene.clock().instant());
        findings.addAll(look.shown(manager, chain));
      }
    }
    return findings;
  }

  /** Looks at what belongs to some NSEs. */
  private record Look(Scene scene, Set<String> nses, Instant now) {

    List<Finding> files(TlsConfig.Files files) {
      try {
        List<X509Certificate> chain = Certificates.read(files.certificate());
        String name = files.certificate().toString();
        Optional<Finding> time = time(chain.get(0), name);
        if (time.isPresent()) {
          return List.of(time.get());
        }
        return Certificates.leadsTo(chain, Certificates.read(files.trust()))
            ? List.of()
            : List.of(
                untrusted(
                    name,
                    "%s is of %s, and no authority in %s has signed it."
                        .formatted(name, id(chain.get(0)), files.trust())));
      } catch (IOException unreadable) {
        return List.of(missing(files.certificate().toString(), unreadable.toString()));
      }
    }

    List<Finding> agent(TlsConfig.Spiffe spiffe) {
      String address = spiffe.address().replaceFirst("^unix:/(?!/)", "unix:///");
      Door door = Door.knock(TransportUrl.parse(address), io.vl3.linux.Netns.ofProcess());
      List<Finding> findings = new ArrayList<>();
      if (!door.open()) {
        findings.add(
            missing(
                "SPIFFE Workload API " + spiffe.address(), spiffe.address() + " " + door.text()));
      }
      scene
          .troubles(HealthCode.IDENTITY_EXPIRED)
          .forEach(
              trouble ->
                  findings.add(
                      Finding.error(
                          Fault.CERTIFICATE_EXPIRED,
                          nses,
                          trouble.subject().name(),
                          trouble.item().getText() + ".")));
      return findings;
    }

    List<Finding> shown(ManagerView manager, List<X509Certificate> chain) throws IOException {
      String name = "manager " + manager.url();
      Optional<Finding> time = time(chain.get(0), name);
      if (time.isPresent()) {
        return List.of(time.get());
      }
      if (!(manager.nsm().tls() instanceof TlsConfig.Files files)) {
        return List.of();
      }
      Optional<String> ours =
          Certificates.trustDomain(Certificates.read(files.certificate()).get(0));
      Optional<String> theirs = Certificates.trustDomain(chain.get(0));
      boolean trusted =
          ours.equals(theirs) && Certificates.leadsTo(chain, Certificates.read(files.trust()));
      return trusted
          ? List.of()
          : List.of(
              untrusted(
                  name,
                  "It is %s, which no authority of ours has signed (ours: trust domain %s, by %s)."
                      .formatted(id(chain.get(0)), ours.orElse("none"), files.trust())));
    }

    private Optional<Finding> time(X509Certificate certificate, String name) {
      Instant begin = certificate.getNotBefore().toInstant();
      Instant end = certificate.getNotAfter().toInstant();
      if (now.isAfter(end)) {
        return Optional.of(
            Finding.error(
                Fault.CERTIFICATE_EXPIRED,
                nses,
                name,
                "%s ended at %s; it is %s now."
                    .formatted(
                        id(certificate),
                        end,
                        now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS))));
      }
      return now.plus(TOLERANCE).isBefore(begin)
          ? Optional.of(
              Finding.error(
                  Fault.CLOCK_OFF,
                  nses,
                  "this machine's or that of who issued " + name,
                  "%s begins at %s only.".formatted(id(certificate), begin)))
          : Optional.empty();
    }

    private Finding untrusted(String where, String found) {
      return Finding.error(Fault.TRUST_DOMAIN_WRONG, nses, where, found);
    }

    private Finding missing(String where, String found) {
      return Finding.error(Fault.IDENTITY_MISSING, nses, where, found + ".");
    }

    private static String id(X509Certificate certificate) {
      return Certificates.spiffeId(certificate)
          .orElse(certificate.getSubjectX500Principal().getName());
    }
  }
}
