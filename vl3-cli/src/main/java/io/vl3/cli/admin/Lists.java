package io.vl3.cli.admin;

import io.vl3.api.admin.v1.Connection;
import io.vl3.api.admin.v1.Event;
import io.vl3.api.admin.v1.Name;
import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.Peer;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.api.admin.v1.Route;
import io.vl3.cli.render.TextTable;
import io.vl3.internal.log.Printable;
import java.time.Instant;
import java.util.List;

/** Long lists of the admin service as tables of 80 columns. */
public final class Lists {

  private Lists() {}

  /** Every NSE's peers. */
  public static String peers(List<ProcessStatus> processes, Paint paint, Instant now) {
    TextTable table =
        new TextTable()
            .row(List.of("NSE", "PEER", "STATE", "SINCE", "DIALLED BY", "PREFIX", "WHY"));
    for (ProcessStatus process : processes) {
      for (Nse nse : process.getNsesList()) {
        nse.getPeersList().forEach(peer -> table.row(row(nse, peer, now)));
      }
    }
    return shown(table, paint);
  }

  private static List<String> row(Nse nse, Peer peer, Instant now) {
    return List.of(
        nse.getName(),
        peer.getName(),
        peer.getState(),
        Ages.since(peer.hasSince(), peer.getSince(), now),
        peer.getDialledBy(),
        String.join(" ", peer.getPrefixesList()),
        peer.getState().equals("up") ? "" : peer.getLastError());
  }

  /** Connections of NSEs. */
  public static String connections(List<Connection> connections, Paint paint) {
    TextTable table =
        new TextTable()
            .row(List.of("NSE", "KIND", "WITH", "STATE", "INTERFACE", "ITS ADDRESS", "MTU"));
    for (Connection each : connections) {
      List<String> addresses =
          each.getKind().equals("dialled")
              ? each.getEndpointAddressesList()
              : each.getClientAddressesList();
      table.row(
          List.of(
              each.getNse(),
              each.getKind(),
              each.getOther(),
              each.getState(),
              each.getInterface().isEmpty() ? each.getMechanism() : each.getInterface(),
              String.join(" ", addresses),
              each.getMtuBytes() == 0 ? "-" : String.valueOf(each.getMtuBytes())));
    }
    return shown(table, paint);
  }

  /** Routes of NSEs and workloads. */
  public static String routes(List<Route> routes, Paint paint) {
    TextTable table =
        new TextTable().row(List.of("AT", "DESTINATION", "VIA", "INTERFACE", "STATE", "TO"));
    for (Route route : routes) {
      table.row(
          List.of(
              route.getComponent(),
              route.getDestination(),
              route.getGateway().isEmpty() ? "-" : route.getGateway(),
              route.getInterface().isEmpty() ? "refused" : route.getInterface(),
              route.getState(),
              route.getTo()));
    }
    return shown(table, paint);
  }

  /** Names that NSEs answer for. */
  public static String names(List<Name> names, Paint paint) {
    TextTable table = new TextTable().row(List.of("NSE", "NAME", "ADDRESS"));
    for (Name each : names) {
      String addresses = String.join(" ", each.getAddressesList());
      each.getNamesList().forEach(name -> table.row(List.of(each.getNse(), name, addresses)));
    }
    return shown(table, paint);
  }

  /** An event in a line. */
  public static String event(Event event, Paint paint) {
    return "%s  %-15s  %s%s%s"
        .formatted(
            Ages.clock(event.getAt()),
            paint.word(event.getKind()),
            Printable.of(event.getComponent()),
            event.getSubject().isEmpty() ? "" : " " + Printable.of(event.getSubject()),
            event.getText().isEmpty() ? "" : ": " + Printable.of(event.getText()));
  }

  private static String shown(TextTable table, Paint paint) {
    return table.fitting("", StatusText.WIDTH, paint::word);
  }
}
