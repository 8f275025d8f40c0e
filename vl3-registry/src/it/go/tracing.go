package main

import (
	"context"
	"os"

	"google.golang.org/grpc"

	"github.com/networkservicemesh/sdk/pkg/tools/opentelemetry"
	"github.com/networkservicemesh/sdk/pkg/tools/tracing"
)

// records sends the spans of this process to an OTLP receiver, as NSM's programs do.
func records(ctx context.Context, receiver, name string) error {
	if err := os.Setenv("TELEMETRY", "true"); err != nil { // what the SDK asks
		return err
	}
	opentelemetry.Init(ctx, opentelemetry.InitSpanExporter(ctx, receiver), nil, name)
	return nil
}

func tracedDials() []grpc.DialOption {
	return tracing.WithTracingDial()
}

func tracedServers() []grpc.ServerOption {
	return tracing.WithTracing()
}
