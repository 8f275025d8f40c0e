package io.vl3.cli.admin;

import io.vl3.api.admin.v1.Connection;
import io.vl3.api.admin.v1.Interface;
import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.Route;
import io.vl3.api.admin.v1.Workload;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A namespace that packets pass: an NSE's or a workload's. Two processes may have places of one
 * name.
 *
 * @param name the NSE's or workload's
 * @param member whose process has it
 * @param workload what is attached there; empty: it is an NSE's
 */
record Place(String name, Member member, Optional<Workload> workload) {

  /** All that there are. */
  static List<Place> of(List<Member> members) {
    List<Place> places = new ArrayList<>();
    for (Member member : members) {
      for (Nse nse : member.status().getNsesList()) {
        places.add(new Place(nse.getName(), member, Optional.empty()));
      }
      for (Workload workload : member.status().getWorkloadsList()) {
        places.add(new Place(workload.getName(), member, Optional.of(workload)));
      }
    }
    return places;
  }

  boolean isNse() {
    return workload.isEmpty();
  }

  List<Route> routes() {
    return member.routes().stream().filter(route -> route.getComponent().equals(name)).toList();
  }

  Optional<Interface> interfaceOf(String interfaceName) {
    return member.interfaces().stream()
        .filter(each -> each.getComponent().equals(name) && each.getName().equals(interfaceName))
        .findFirst();
  }

  /** The connection over an interface of an NSE. */
  Optional<Connection> connectionOver(String interfaceName) {
    return member.connections().stream()
        .filter(each -> each.getNse().equals(name) && each.getInterface().equals(interfaceName))
        .findFirst();
  }

  /** A workload's own addresses. */
  List<IpAddress> addresses() {
    return workload.stream()
        .flatMap(attached -> attached.getAddressesList().stream())
        .flatMap(text -> InterfaceAddress.tryParse(text).stream())
        .map(InterfaceAddress::address)
        .toList();
  }

  /** Whether an interface there has the address. */
  boolean has(IpAddress address) {
    return addresses().contains(address)
        || member.interfaces().stream()
            .filter(each -> each.getComponent().equals(name))
            .flatMap(each -> each.getAddressesList().stream())
            .flatMap(text -> InterfaceAddress.tryParse(text).stream())
            .anyMatch(each -> each.address().equals(address));
  }
}
