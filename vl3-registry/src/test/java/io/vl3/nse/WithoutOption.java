package io.vl3.nse;

import io.vl3.failure.EndpointException;
import io.vl3.links.KernelInterfaces;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmRuntime;
import io.vl3.time.SystemTimer;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.TransportUrl;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Starts an NSE in this JVM, with files and without, and prints what came of it. */
final class WithoutOption {

  private WithoutOption() {}

  /** The argument is a directory for sockets. */
  public static void main(String[] arguments) throws Exception {
    ExecutorService executor = Executors.newCachedThreadPool();
    NsmRuntime runtime =
        NsmRuntime.of(
            new SystemTimer(new ScheduledThreadPoolExecutor(1)),
            executor,
            TransportOptions.of(new IoThreads(1, Thread::new), executor),
            new Random(1));
    ManagerAccess nobody =
        ManagerAccess.open(
            runtime,
            "unix://" + arguments[0] + "/nobody.sock",
            runtime.tokens("a", Duration.ofMinutes(10)));
    TransportUrl url = TransportUrl.parse("unix://" + arguments[0] + "/a.sock");
    start(runtime, NsmEdge.v1(runtime, nobody, url));
    start(runtime, NsmEdge.v1WithoutFiles(runtime, nobody, url));
    Runtime.getRuntime().halt(0); // nothing here is worth an orderly end
  }

  private static void start(NsmRuntime runtime, NsmEdge edge) {
    try {
      Vl3Nse nse =
          Vl3Nse.builder(runtime, "a", "vl3")
              .nsm(edge)
              .links(new KernelInterfaces("file:///run/netns/a"))
              .prefix(IpPrefix.parse("10.60.1.0/24"))
              .start();
      System.out.println("started " + nse.registration().name());
    } catch (EndpointException refused) {
      System.out.println(refused.reason() + " " + refused.getMessage());
    }
  }
}
