package com.example.nse;

import io.vl3.linux.Netns;
import io.vl3.linux.links.KernelLinks;
import io.vl3.net.IpPrefix;
import io.vl3.nse.NsmEdge;
import io.vl3.nse.Vl3Nse;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmRuntime;
import io.vl3.time.SystemTimer;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.TransportUrl;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.random.RandomGenerator;

/** Runs one: {@code Main MANAGER-URL NAME PREFIX NETNS}, until the process is asked to end. */
public final class Main {

  private Main() {}

  /** Joins the manager, as {@code unix:///run/vl3/nsm.io.sock}, from an existing namespace. */
  public static void main(String[] arguments) throws Exception {
    String manager = arguments[0];
    String name = arguments[1];
    ExecutorService threads = Executors.newCachedThreadPool();
    SystemTimer timer = new SystemTimer(new ScheduledThreadPoolExecutor(1));
    NsmRuntime runtime =
        NsmRuntime.of(
            timer,
            threads,
            TransportOptions.of(new IoThreads(1, Thread::new), threads),
            RandomGenerator.getDefault());
    ManagerAccess access =
        ManagerAccess.open(runtime, manager, runtime.tokens(name, Duration.ofMinutes(10)));
    TransportUrl url = TransportUrl.parse("unix:///run/" + name + ".sock");
    Vl3Nse nse =
        TeamNse.builder(
                runtime,
                NsmEdge.v1(runtime, access, url),
                name,
                IpPrefix.parse(arguments[2]),
                new KernelLinks(name, Netns.named(arguments[3]), timer, threads),
                new RequireTeam())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(nse::close));
    System.out.println(nse.registered().toCompletableFuture().join().name() + ": registered");
  }
}
