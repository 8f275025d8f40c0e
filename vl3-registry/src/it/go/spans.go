package main

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"

	"google.golang.org/grpc"

	trace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
)

// spans is an OTLP receiver that counts what it is sent.
type spans struct {
	trace.UnimplementedTraceServiceServer
	server *grpc.Server
	count  atomic.Int64
}

func takeSpans(address string) (*spans, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &spans{server: grpc.NewServer()}
	trace.RegisterTraceServiceServer(s.server, s)
	go func() { _ = s.server.Serve(listener) }()
	return s, nil
}

// Export counts.
func (s *spans) Export(
	_ context.Context, request *trace.ExportTraceServiceRequest,
) (*trace.ExportTraceServiceResponse, error) {
	for _, resource := range request.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			s.count.Add(int64(len(scope.Spans)))
		}
	}
	return &trace.ExportTraceServiceResponse{}, nil
}

func (s *spans) end() {
	s.server.Stop()
	fmt.Printf("\n%d spans were received\n", s.count.Load())
}
