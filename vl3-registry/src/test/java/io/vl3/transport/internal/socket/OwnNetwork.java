package io.vl3.transport.internal.socket;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Assumptions;

/** Threads in a network namespace of their own, whose loopback may be taken away. */
public final class OwnNetwork implements AutoCloseable {

  private static final int CLONE_NEWNET = 0x4000_0000;

  private final ExecutorService first;
  private final int namespace;

  private OwnNetwork(ExecutorService first, int namespace) {
    this.first = first;
    this.namespace = namespace;
  }

  /** A namespace whose loopback is up; without the right to make one the test is skipped. */
  public static OwnNetwork open() throws Exception {
    ExecutorService first = Executors.newSingleThreadExecutor(OwnNetwork::daemon);
    try {
      OwnNetwork opened = new OwnNetwork(first, first.submit(OwnNetwork::unshare).get());
      opened.loopback("up");
      return opened;
    } catch (java.util.concurrent.ExecutionException failure) {
      first.shutdownNow();
      System.out.println("SKIPPED: no network namespace can be made: " + failure.getCause());
      Assumptions.abort("network namespace: " + failure.getCause());
      throw failure;
    }
  }

  /** Makes threads inside. */
  public ThreadFactory threads() {
    return task -> daemon(() -> enterAndRun(task));
  }

  /** Runs something inside. */
  public <T> T call(Callable<T> work) throws Exception {
    return first.submit(work).get();
  }

  /** Lets packets through ({@code up}), or swallows them all ({@code down}). */
  public void loopback(String state) throws Exception {
    ip("link set lo " + state);
  }

  /** A wire that swallows every packet to an address without a word. */
  public void swallow(String address) throws Exception {
    ip("link add wire type veth peer name end");
    ip("link set end up");
    ip("link set wire up");
    ip("route add " + address + "/32 dev wire");
    ip("neighbor add " + address + " dev wire lladdr 02:00:00:00:00:01");
    ip("address add 192.0.2.1/32 dev wire");
  }

  /** The address is this network's own: packets to it arrive. */
  public void deliver(String address) throws Exception {
    ip("address add " + address + "/32 dev lo");
  }

  private void ip(String arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments.split(" ")));
    int exit = call(() -> new ProcessBuilder(command).inheritIO().start().waitFor());
    if (exit != 0) {
      throw new IOException("ip " + arguments + ": exit " + exit);
    }
  }

  @Override
  public void close() {
    first.shutdownNow();
    Calls.close(namespace);
  }

  private void enterAndRun(Runnable task) {
    Calls.setns(namespace, CLONE_NEWNET);
    task.run();
  }

  private static int unshare() {
    Calls.unshare(CLONE_NEWNET);
    return Calls.open("/proc/thread-self/ns/net", 0);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "own-network");
    thread.setDaemon(true);
    return thread;
  }

  private static final class Calls {

    static {
      Native.register(Calls.class, "c");
    }

    private Calls() {}

    static native int unshare(int flags) throws LastErrorException;

    static native int setns(int descriptor, int type) throws LastErrorException;

    static native int open(String path, int flags) throws LastErrorException;

    static native int close(int descriptor) throws LastErrorException;
  }
}
