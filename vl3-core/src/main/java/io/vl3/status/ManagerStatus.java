package io.vl3.status;

import java.util.List;

/**
 * How a manager of the machine is doing that runs in this process.
 *
 * @param name its name in connections' paths
 * @param urls where it listens
 * @param endpoints how many are registered
 * @param connections how many connections pass it
 */
public record ManagerStatus(String name, List<String> urls, int endpoints, int connections) {

  /** Copies the list. */
  public ManagerStatus {
    urls = List.copyOf(urls);
  }
}
