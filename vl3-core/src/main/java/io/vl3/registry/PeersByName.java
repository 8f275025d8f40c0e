package io.vl3.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;

/** A view of a sorted map. */
record PeersByName(SortedMap<String, EndpointRecord> byName, BooleanSupplier whole)
    implements KnownPeers {

  @Override
  public Collection<EndpointRecord> all() {
    return Collections.unmodifiableCollection(byName.values());
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(byName.keySet());
  }

  @Override
  public Optional<EndpointRecord> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  @Override
  public List<EndpointRecord> namesakes(String localName) {
    List<EndpointRecord> found = new ArrayList<>();
    find(localName).ifPresent(found::add);
    // '@' and the character behind it: every name of a domain lies between.
    found.addAll(byName.subMap(localName + '@', localName + 'A').values());
    return found;
  }

  @Override
  public boolean complete() {
    return whole.getAsBoolean();
  }
}
