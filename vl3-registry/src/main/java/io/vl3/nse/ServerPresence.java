package io.vl3.nse;

import io.vl3.nsm.NseServer;
import io.vl3.registry.EndpointRecord;
import java.util.concurrent.CompletionStage;

/** The presence of an NSE where one server does all of it. */
record ServerPresence(NseServer server) implements NsePresence {

  /** Starts a server of what an NSE offers; its builder has everything else. */
  static NseServer.Builder offering(NseServer.Builder server, NseOffer offer) {
    server
        .service(offer.service(), offer.labels())
        .monitor(offer.connections())
        .stayRegistered(offer.stays())
        .onRegistration(offer.onRegistration());
    offer.records().forEach(server::register);
    return server;
  }

  @Override
  public CompletionStage<EndpointRecord> registered() {
    return server.registered();
  }

  @Override
  public EndpointRecord registration() {
    return server.registration();
  }

  @Override
  public void withdraw() {
    server.unregister();
  }

  @Override
  public void leave() {
    server.leave();
  }

  @Override
  public void close() {
    server.close();
  }
}
