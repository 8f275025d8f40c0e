package io.vl3.linux.testing;

import io.vl3.linux.Netns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Named network namespaces that vanish with the test; names carry the process id. */
public final class TestNetns implements AutoCloseable {

  private final String begin;
  private final List<String> names = new ArrayList<>();

  /** Fixtures whose namespaces' names begin with the given text. */
  public TestNetns(String begin) {
    this.begin = begin + "-" + ProcessHandle.current().pid() + "-";
  }

  /** Creates a namespace. */
  public Netns add(String name) throws IOException {
    return addAll(List.of(name)).get(0);
  }

  /** Creates namespaces in one go. */
  public List<Netns> addAll(List<String> more) throws IOException {
    List<String> full = more.stream().map(name -> begin + name).toList();
    Netns.createAll(full);
    names.addAll(full);
    return full.stream().map(Netns::named).toList();
  }

  @Override
  public void close() throws IOException {
    Netns.deleteAll(names);
    names.clear();
  }
}
