package io.vl3.cli.diagnose.scene;

import io.vl3.api.admin.v1.Nse;
import io.vl3.cli.assembly.Nses;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.NsmConfig;
import io.vl3.cli.config.TlsConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.failure.EndpointException;
import io.vl3.health.HealthCode;
import io.vl3.linux.Netns;
import io.vl3.net.DomainName;
import io.vl3.nsm.manager.LocalManager;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All that there is to look at. Processes are asked once, at the start; what is asked later is
 * remembered. Thread-safe.
 */
public final class Scene {

  private final Path runDirectory;
  private final List<Subject> subjects;
  private final KernelFiles kernel;
  private final InstantSource clock;
  private final Map<String, CpuPeriods> cpuBefore;
  private final Map<Target, RegistryReply> replies = new ConcurrentHashMap<>();

  /** A manager, and as whom it is talked to. */
  private record Target(TransportUrl url, TlsConfig tls) {

    static Target of(ManagerView view) {
      return new Target(view.url(), view.nsm().tls());
    }
  }

  /** As {@link #open}, of what was seen already. */
  Scene(
      Path runDirectory,
      List<Subject> subjects,
      KernelFiles kernel,
      InstantSource clock,
      Map<String, CpuPeriods> cpuBefore) {
    this.cpuBefore = cpuBefore;
    this.runDirectory = runDirectory;
    this.subjects = List.copyOf(subjects);
    this.kernel = kernel;
    this.clock = clock;
  }

  /**
   * Asks the processes of a run directory and below it. Blocks for some seconds at most.
   *
   * @param setup what a process would be given that does not run
   */
  public static Scene open(
      Path runDirectory, Optional<Setup> setup, KernelFiles kernel, InstantSource clock)
      throws EndpointException {
    Gathering.Gathered gathered = Gathering.of(runDirectory, kernel);
    List<Subject> subjects = new ArrayList<>(gathered.subjects());
    setup.ifPresent(
        given ->
            subjects.add(
                new Subject(
                    given.name(),
                    Optional.empty(),
                    runDirectory,
                    given,
                    Optional.empty(),
                    List.of(),
                    "")));
    return new Scene(runDirectory, subjects, kernel, clock, gathered.cpuBefore());
  }

  /** Where processes were looked for. */
  public Path runDirectory() {
    return runDirectory;
  }

  /** Processes, then the configuration that was named. */
  public List<Subject> subjects() {
    return subjects;
  }

  /** The processes among them. */
  public List<Subject> processes() {
    return subjects.stream().filter(Subject::runs).toList();
  }

  /** The kernel's files. */
  public KernelFiles kernel() {
    return kernel;
  }

  /** The counts of a cgroup's file before its processes were asked. */
  public Optional<CpuPeriods> cpuBefore(String file) {
    return Optional.ofNullable(cpuBefore.get(file));
  }

  /** This machine's clock. */
  public InstantSource clock() {
    return clock;
  }

  /** The troubles of a kind that the processes report. */
  public List<Trouble> troubles(HealthCode code) {
    return troubles().stream()
        .filter(trouble -> trouble.item().getCode().equals(code.text()))
        .toList();
  }

  /** All that the processes report. */
  public List<Trouble> troubles() {
    return subjects.stream()
        .flatMap(subject -> subject.troubles().stream().map(item -> new Trouble(subject, item)))
        .toList();
  }

  /** All NSEs' configurations, each with whose it is. */
  public Map<EndpointConfig, Subject> configured() {
    Map<EndpointConfig, Subject> all = new LinkedHashMap<>();
    for (Subject subject : subjects) {
      subject
          .setup()
          .nses()
          .map(Vl3Config::endpoints)
          .orElse(List.of())
          .forEach(nse -> all.putIfAbsent(nse, subject));
    }
    return all;
  }

  /** The namespaces of NSEs whose data plane is the kernel, if they are on this machine. */
  public List<Site> sites() {
    List<Site> sites = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Subject subject : subjects) {
      for (String nse : subject.nseNames()) {
        namespace(subject, nse)
            .filter(found -> seen.add(nse))
            .ifPresent(found -> sites.add(new Site(nse, found, subject)));
      }
    }
    return sites;
  }

  /** The namespace that the NSE reports, else that of its name. */
  private static Optional<Netns> namespace(Subject subject, String nse) {
    Optional<Nse> status =
        subject.nses().stream()
            .filter(each -> DomainName.withoutDomain(each.getName()).equals(nse))
            .findFirst();
    if (status.isPresent()) {
      return status
          .map(Nse::getNamespace)
          .filter(file -> !file.isEmpty())
          .map(file -> new Netns(Path.of(file)))
          .filter(Netns::exists);
    }
    boolean vpp =
        subject.setup().nses().filter(config -> config.dataplane().type().isVpp()).isPresent();
    return vpp ? Optional.empty() : named(nse);
  }

  private static Optional<Netns> named(String nse) {
    try {
      return Optional.of(Netns.named(Nses.NETNS + nse)).filter(Netns::exists);
    } catch (IllegalArgumentException noName) {
      return Optional.empty();
    }
  }

  /** The managers that somebody talks to, or would; one for each identity that does. */
  public List<ManagerView> managers() {
    Map<Target, ManagerView> managers = new LinkedHashMap<>();
    for (Subject subject : subjects) {
      subject
          .setup()
          .nsm()
          .flatMap(nsm -> manager(subject, nsm))
          .ifPresent(view -> managers.merge(Target.of(view), view, Scene::both));
    }
    return List.copyOf(managers.values());
  }

  private static Optional<ManagerView> manager(Subject subject, NsmConfig nsm) {
    Set<String> services = new TreeSet<>();
    subject.nses().forEach(nse -> services.add(nse.getService()));
    subject
        .setup()
        .nses()
        .ifPresent(config -> config.endpoints().forEach(nse -> services.add(nse.service())));
    return url(subject, nsm)
        .map(
            url ->
                new ManagerView(
                    url, nsm, subject.netns(), services, subject.nseNames(), subject.runs()));
  }

  private static Optional<TransportUrl> url(Subject subject, NsmConfig nsm) {
    try {
      return Optional.of(
          switch (nsm.choice().api()) {
            case EMBEDDED -> LocalManager.socket(subject.runDirectory());
            case V0_2 -> nsm.legacy().orElseThrow().socket();
            default -> TransportUrl.parse(nsm.choice().address());
          });
    } catch (EndpointException | IllegalArgumentException unusable) {
      return Optional.empty();
    }
  }

  private static ManagerView both(ManagerView one, ManagerView other) {
    Set<String> services = new TreeSet<>(one.services());
    services.addAll(other.services());
    Set<String> nses = new TreeSet<>(one.nses());
    nses.addAll(other.nses());
    return new ManagerView(
        one.url(), one.nsm(), one.from(), services, nses, one.used() || other.used());
  }

  /** The reply of the registry behind a manager; it is asked once. */
  public RegistryReply registry(ManagerView manager) {
    return replies.computeIfAbsent(Target.of(manager), any -> RegistryQuestion.ask(manager));
  }

  /**
   * The certificates that a manager shows; it is asked each time.
   *
   * @throws IOException if it shows none, or cannot be asked from here
   */
  public List<X509Certificate> certificates(ManagerView manager) throws IOException {
    if (!manager.isHere()) {
      throw new IOException("not reached from here");
    }
    return ServerCertificates.at(manager.url());
  }
}
