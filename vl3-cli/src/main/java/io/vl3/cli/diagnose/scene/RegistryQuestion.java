package io.vl3.cli.diagnose.scene;

import io.spiffe.workloadapi.X509Source;
import io.vl3.cli.assembly.Threads;
import io.vl3.cli.config.LegacyNsmConfig;
import io.vl3.cli.config.NsmChoice;
import io.vl3.cli.config.TlsConfig;
import io.vl3.failure.EndpointException;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.legacy.LegacyManager;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.Registry;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.identity.Tls;
import io.vl3.transport.svid.PemFiles;
import io.vl3.transport.svid.WorkloadApi;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks up endpoints as an NSE does, by the same manager and with the same identity. */
final class RegistryQuestion {

  private static final Logger LOG = LoggerFactory.getLogger(RegistryQuestion.class);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration CONNECT = Duration.ofSeconds(2);

  private RegistryQuestion() {}

  /** Asks; blocks for some seconds at most. */
  static RegistryReply ask(ManagerView manager) {
    if (!manager.isHere() || wouldTakeWorkspace(manager)) {
      return RegistryReply.NOT_ASKED;
    }
    try (Threads threads = new Threads();
        IoThreads io = new IoThreads(1, Threads.daemons("vl3-io"))) {
      TransportOptions plain =
          TransportOptions.of(io, threads.blocking())
              .withInsecure(true)
              .withConnectTimeout(CONNECT);
      Optional<X509Source> identity = identity(manager.nsm().tls(), plain, threads);
      try {
        TransportOptions options =
            identity
                .map(
                    source ->
                        plain.withTls(
                            new Tls(source, threads.timer(), manager.nsm().tokenLifetime())))
                .orElse(plain);
        return ask(manager, options, threads);
      } finally {
        identity.ifPresent(RegistryQuestion::close);
      }
    } catch (EndpointException failure) {
      return RegistryReply.failed(failure);
    }
  }

  private static RegistryReply ask(ManagerView manager, TransportOptions options, Threads threads)
      throws EndpointException {
    NsmRuntime runtime =
        NsmRuntime.builder(
                threads.timer(), threads.blocking(), options, RandomGenerator.getDefault())
            .requestTimeout(PATIENCE)
            .build();
    return new RegistryReply(
        true,
        Optional.empty(),
        manager.nsm().choice().api() == NsmChoice.Api.V0_2
            ? legacyRecords(manager, runtime)
            : records(manager, runtime));
  }

  private static List<EndpointRecord> records(ManagerView manager, NsmRuntime runtime)
      throws EndpointException {
    try (ManagerAccess access =
        ManagerAccess.open(
            runtime,
            manager.url().toString(),
            runtime.tokens("vl3-diagnose", manager.nsm().tokenLifetime()))) {
      return records(manager, access.registry());
    }
  }

  private static List<EndpointRecord> legacyRecords(ManagerView manager, NsmRuntime runtime)
      throws EndpointException {
    LegacyNsmConfig nsm = manager.nsm().legacy().orElseThrow();
    try (LegacyManager access =
        LegacyManager.open(runtime, nsm.workspace(), nsm.registry(), LegacyManager.INTERVAL)) {
      return records(manager, access.registry());
    }
  }

  private static List<EndpointRecord> records(ManagerView manager, Registry registry)
      throws EndpointException {
    List<EndpointRecord> records = new ArrayList<>();
    for (String service : manager.services()) {
      records.addAll(registry.find(EndpointQuery.ofService(service)));
    }
    return records;
  }

  /** A manager of NSM 0.2 that is asked for a workspace empties the one that is in use. */
  private static boolean wouldTakeWorkspace(ManagerView manager) {
    return manager.nsm().choice().api() == NsmChoice.Api.V0_2
        && manager.nsm().legacy().flatMap(LegacyNsmConfig::manager).isPresent();
  }

  private static Optional<X509Source> identity(
      TlsConfig tls, TransportOptions plain, Threads threads) throws EndpointException {
    if (tls instanceof TlsConfig.Files files) {
      return Optional.of(
          PemFiles.open(files.certificate(), files.key(), files.trust(), threads.timer()));
    }
    if (tls instanceof TlsConfig.Spiffe spiffe) {
      return Optional.of(
          WorkloadApi.open(
              spiffe.address(), plain, threads.timer(), RandomGenerator.getDefault(), CONNECT));
    }
    return Optional.empty();
  }

  private static void close(X509Source source) {
    try {
      source.close();
    } catch (IOException failure) {
      LOG.debug("identity: {}", failure.toString());
    }
  }
}
