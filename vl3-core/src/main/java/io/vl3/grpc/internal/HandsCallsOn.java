package io.vl3.grpc.internal;

import io.grpc.BindableService;

/**
 * A service that blocks no thread by which it is called: what may block it hands on itself, once.
 * Its calls begin on the threads of sockets, those of other services on threads that may block.
 */
public interface HandsCallsOn extends BindableService {}
